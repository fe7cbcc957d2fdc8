"""The page and the API: doors to the running program, on when `--web` or web.enabled says so.

FastAPI and all that it brings are imported here, and only then. `serve` is all that others need.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Any

import anyio.to_thread
from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, Response, StreamingResponse
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware

from movie_sync import __version__
from movie_sync.access import Access
from movie_sync.errors import MovieSyncError
from movie_sync.posters import poster_store
from movie_sync.running import Running
from movie_sync.web import (
    access_pages,
    api,
    films_pages,
    history_import_pages,
    history_inbox_pages,
    history_log_pages,
    history_login_pages,
    history_pages,
    library_pages,
    library_review_pages,
    library_sources_pages,
    library_title_pages,
    login,
    now_pages,
    settings_more_pages,
    settings_pages,
    shows_design,
    shows_pages,
    shows_rules_pages,
    sources_pages,
    system_pages,
    welcome_pages,
)
from movie_sync.web.desk import AtDesk, Desk
from movie_sync.web.events import Events
from movie_sync.web.guard import base_path, guarded, refuse_if_open
from movie_sync.web.problems import http_problem, our_problem
from movie_sync.web.render import FOLDER, Renderer
from movie_sync.web.server import WebServer
from movie_sync.web_settings import Web

THREADS = 8  # that answer at the same time; each keeps some memory
PAGES = (
    now_pages, films_pages, sources_pages, system_pages, access_pages, settings_more_pages,
    settings_pages, welcome_pages, shows_rules_pages, shows_pages, shows_design,
    library_pages, library_title_pages, library_review_pages, library_sources_pages,
    history_pages, history_import_pages, history_log_pages, history_inbox_pages,
    history_login_pages,
)  # fmt: skip
STATIC = {
    "app.css": "text/css",
    "app.js": "text/javascript",
    "htmx.min.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}
A_YEAR_S = 365 * 86400


def serve(running: Running, web: Web) -> WebServer:
    """The page of a running program, not started yet.

    Raises:
        ConfigError: the address cannot be had, or would be open to everybody.
    """
    refuse_if_open(running.home, web)
    events = Events(partial(_look, running))
    app = guarded(make_app(running, web, events), running.home, web, web.host)
    return WebServer(web.host, web.port, app, events.end)


def make_app(running: Running, web: Web, events: Events) -> FastAPI:
    """Every route, below the base URL; nobody is kept out here."""
    base = base_path(web)
    posters = poster_store(running.home, running.loaded.config)
    desk = Desk(running, Renderer(base), events, partial(datetime.now, UTC), posters)
    app = FastAPI(
        title="Movie Sync", version=__version__, docs_url=None, redoc_url=None, openapi_url=None,
        lifespan=_life,
    )  # fmt: skip
    app.state.desk = desk
    app.state.history_logins = history_login_pages.Logins()
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    app.include_router(login.router(Access(running.home), web, desk.pages.page), prefix=base)
    for pages in PAGES:
        app.include_router(pages.router, prefix=base)
    app.add_api_route(f"{base}/static/{{name}}", _static, include_in_schema=False)
    app.add_api_route(f"{base}/events", _events, include_in_schema=False)
    api.add_to(app, base)
    app.add_exception_handler(MovieSyncError, our_problem)
    app.add_exception_handler(HTTPException, http_problem)
    return app


@asynccontextmanager
async def _life(_: FastAPI) -> AsyncIterator[None]:
    anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
    yield


def _static(name: str, request: Request) -> Response:
    if name not in STATIC:
        raise HTTPException(404)
    kept = f"public, max-age={A_YEAR_S}, immutable" if request.url.query else "no-cache"
    return FileResponse(
        FOLDER / "static" / name, media_type=STATIC[name], headers={"Cache-Control": kept}
    )


async def _events(desk: AtDesk) -> StreamingResponse:
    quiet = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(desk.events.listen(), media_type="text/event-stream", headers=quiet)


def _look(running: Running) -> dict[str, Any]:
    """What is equal while nothing changed, by the topics of events."""
    app = running.app
    moving = tuple((one.id, one.progress, one.step, one.speed_bytes_s) for one in app.moving.look())
    health = tuple((worker.name, worker.failure) for worker in app.workers)
    library = app.library
    looks = (library.changes, tuple(library.looking())) if library else ()
    return {
        "films": (id(app), app.queue.revision), "moving": moving, "needs": (health,),
        "library": looks,
    }  # fmt: skip
