"""Where the library finds films and shows: how each source was found, looked at now, and set up."""

from contextlib import suppress
from typing import Annotated, Any

import anyio.to_thread
from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from movie_sync import settings_change
from movie_sync.errors import ConfigError, MovieSyncError, NotQueued
from movie_sync.views import library_setup, library_sources
from movie_sync.views.library_setup import Typed
from movie_sync.web import library_wishes
from movie_sync.web.desk import AtDesk, Desk

SCANS = 30

router = APIRouter(include_in_schema=False)


@router.get("/library/sources")
def sources(request: Request, desk: AtDesk) -> HTMLResponse:
    """Each with its last whole look, what it came to, and how far the one in hand is."""
    library = desk.library
    found = library_sources.listed(library, desk.running.loaded.config)
    return desk.pages.page(
        request, "library_sources.html", sources=found, now=desk.now(), here="sources",
        scans=library.store.scans(limit=SCANS), problems=library.problems,
    )  # fmt: skip


@router.post("/library/scan")
def scan(
    desk: AtDesk,
    source: Annotated[str | None, Form(max_length=100)] = None,
    accept: Annotated[bool, Form()] = False,
) -> Response:
    """Look at one source now, or at all; with `accept`, what is not found is gone."""
    done = desk.wish("scan", source=source, accept=accept or None)
    return library_wishes.done(desk, "/library/sources", done)


@router.get("/library/setup/{name}")
def edit(request: Request, desk: AtDesk, name: str) -> HTMLResponse:
    """The form of a source; "new" is one that is not there yet."""
    config = desk.running.loaded.config
    if name == "new":
        return _form(request, desk, library_setup.empty())
    if name not in config.library.sources:
        raise HTTPException(404)
    return _form(request, desk, library_setup.typed(name, config.library.sources[name]))


@router.post("/library/setup/{name}")
async def save(request: Request, desk: AtDesk, name: str) -> Response:
    """Write it to the settings, or show the form as it was left with what is wrong."""
    async with request.form() as form:
        return await anyio.to_thread.run_sync(_save, request, desk, name, form)


@router.post("/library/setup/{name}/remove")
def remove(desk: AtDesk, name: str) -> Response:
    """Take it out of the settings; its files stay, and the library forgets who showed them."""
    if name not in desk.running.loaded.config.library.sources:
        raise ConfigError(f"there is no source {name}; nothing was changed")
    said = settings_change.change(desk.running, {}, [f"library.sources.{name}"]).sentence
    with suppress(NotQueued):  # it was never looked at
        desk.wish("forget", source=name)
    return _gone_well(desk, f'"{name}" is removed; no file was touched ({said})')


@router.post("/library/setup/{name}/watched")
def watch(desk: AtDesk, name: str, on: Annotated[bool, Form()] = False) -> Response:
    """Notice changes of its folder at once, or at the next look only."""
    if name not in desk.running.loaded.config.library.sources:
        raise ConfigError(f"there is no source {name}; nothing was changed")
    said = settings_change.change(desk.running, {f"library.sources.{name}.watched": on}).sentence
    what = "Changes are noticed at once" if on else "Changes are noticed at the next look"
    return _gone_well(desk, f"{what} ({said})")


def _save(request: Request, desk: Desk, name: str, form: FormData) -> Response:
    config, is_new = desk.running.loaded.config, name == "new"
    if not is_new and name not in config.library.sources:
        raise HTTPException(404)
    given = {key: str(value) for key, value in form.items()}
    typed = library_setup.read(given, config, None if is_new else name)
    if typed.errors:
        return _form(request, desk, typed, status=422)
    try:
        done = settings_change.change(desk.running, typed.changes, typed.without)
    except MovieSyncError as error:
        wrong = {"name" if is_new else "path": str(error)}
        return _form(request, desk, typed.with_errors(wrong), status=422)
    what = "is added, and looked at now" if is_new else "is changed"
    return _gone_well(desk, f'"{typed.name}" {what} ({done.sentence})')


def _form(request: Request, desk: Desk, typed: Typed, *, status: int = 200) -> HTMLResponse:
    config = desk.running.loaded.config
    context: dict[str, Any] = {
        "typed": typed, "fields": library_setup.fields(typed),
        "servers": {"plex": bool(config.plex.url), "jellyfin": bool(config.jellyfin.url)},
    }  # fmt: skip
    return desk.pages.page(request, "library_setup.html", status=status, here="sources", **context)


def _gone_well(desk: Desk, sentence: str) -> Response:
    answer = RedirectResponse(f"{desk.pages.base}/library/sources", 303)
    desk.pages.say(answer, sentence)
    return answer
