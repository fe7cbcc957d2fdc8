"""Where films come from, and who is asked for them: how each is, and what a person may do there."""

import shutil
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from movie_sync import import_files, import_queues
from movie_sync.config import folder
from movie_sync.errors import ConfigError, FilesError, MovieSyncError
from movie_sync.films.space import GB, held_bytes
from movie_sync.import_queues import Outcome
from movie_sync.views import asked, services, sources
from movie_sync.web import uploads
from movie_sync.web.desk import AtDesk, Desk

ABSENT_A_PAGE = 100
ABSENT_IN_CARD = 12
LONGEST_SAID = 600  # a cookie carries it

router = APIRouter(include_in_schema=False)


@router.get("/sources")
def overview(request: Request, desk: AtDesk) -> HTMLResponse:
    return desk.pages.page(request, "sources.html", **_overview(desk))


@router.get("/sources/absent")
def absent(
    request: Request, desk: AtDesk, source: str, page: Annotated[int, Query(ge=1)] = 1
) -> HTMLResponse:
    """Which films a list lacks, before a person says that they may go."""
    found = sources.absent(dict(desk.app.memory.sources), desk.queue, source)
    pages = max(1, -(-len(found) // ABSENT_A_PAGE))
    page = min(page, pages)
    return desk.pages.page(
        request, "sources_absent.html", source=_one(desk, source), total=len(found),
        films=found[(page - 1) * ABSENT_A_PAGE : page * ABSENT_A_PAGE], page=page, pages=pages,
    )  # fmt: skip


@router.post("/sources/confirm")
def confirm(desk: AtDesk, source: Annotated[str, Form()]) -> Response:
    answer = desk.perform("confirm", source=source)
    return _back(desk, f"{answer['films']} films may leave {source} at its next readings")


@router.post("/sources/read")
def read_now(desk: AtDesk, source: Annotated[str | None, Form()] = None) -> Response:
    """Have one list read, or all of them."""
    names = desk.perform("read", source=source)["sources"]
    which = names[0] if len(names) == 1 else f"{len(names)} watchlists"
    return _back(desk, f"{which} is being read" if len(names) == 1 else f"{which} are being read")


@router.post("/sources/ask")
def ask(request: Request, desk: AtDesk, name: Annotated[str, Form()]) -> Response:
    """Whether a service answers at this moment."""
    shown: dict[str, Any]
    try:
        shown = {"well": True, "sentence": f"{name}: {asked.ask(desk.running, name)}"}
    except MovieSyncError as error:
        shown = {"well": False, "sentence": str(error)}
    if "hx-request" in request.headers:
        return desk.pages.page(request, "_sources_asked.html", **shown)
    return desk.pages.page(request, "sources.html", **_overview(desk) | {"answered": shown})


@router.get("/sources/client")
def client(request: Request, desk: AtDesk) -> HTMLResponse:
    """What only the torrent client and its disk can tell, which may take a moment."""
    if "hx-request" in request.headers:
        return desk.pages.page(request, "_sources_client.html", **_client(desk))
    return desk.pages.page(request, "sources.html", **{**_overview(desk), **_client(desk)})


@router.post("/sources/import")
async def import_(request: Request, desk: AtDesk) -> Response:
    """Want the films of a file that a person sends; or only say what that would add."""
    form = await uploads.form_with_file(request)
    try:
        file, look = form.get("file"), form.get("do") == "look"
        if not isinstance(file, UploadFile) or not file.filename:
            raise HTTPException(422, "no file was chosen; nothing was added")
        done = await to_thread.run_sync(partial(_import, desk, file, look=look))
    finally:
        await form.close()
    if look:
        return desk.pages.page(request, "sources_import.html", done=done)
    return _back(desk, "; ".join((done.sentence, *done.notes)))


def _import(desk: Desk, file: UploadFile, *, look: bool) -> Outcome:
    home = desk.running.home
    with tempfile.TemporaryDirectory(prefix="movie_sync-import-") as place:
        path = uploads.keep(file, Path(place) / "file")  # by its name, which tells what it is
        try:
            reading = import_files.read_file(path)
        except FilesError as error:  # less the folder that it lies in for a moment
            raise ConfigError(str(error).replace(f"{path.parent}/", "")) from None
    return import_queues.rehearse(home, reading) if look else import_queues.take(home, reading)


def _overview(desk: Desk) -> dict[str, Any]:
    now, app, running = desk.now(), desk.app, desk.running
    listed = dict(app.memory.sources)
    followed = [source.name for source in app.sources]
    found = sources.told(listed, followed)
    lacking = {
        one.name: sources.absent(listed, desk.queue, one.name)[:ABSENT_IN_CARD]
        for one in found
        if one.held
    }
    return {
        "now": now,
        "sources": found,
        "lacking": lacking,
        "services": services.of(app, running.home, running.loaded.config, now),
        "reading": any(one.followed and (one.next_at is None or one.next_at <= now)
                       for one in found),
        "answered": None,
    }  # fmt: skip


def _one(desk: Desk, name: str) -> sources.Source:
    found: Sequence[sources.Source] = sources.told(
        dict(desk.app.memory.sources), [source.name for source in desk.app.sources]
    )
    return next(one for one in found if one.name == name)


def _client(desk: Desk) -> dict[str, Any]:
    config = desk.running.loaded.config
    try:
        well, sentence = True, desk.app.parts.client.check()
    except MovieSyncError as error:
        well, sentence = False, str(error)
    downloads = folder(config.download_directory)
    limit_bytes = round(config.max_download_space_gb * GB)
    try:
        usage = shutil.disk_usage(downloads)
        held = held_bytes(downloads) if limit_bytes else 0
    except (OSError, FilesError) as error:
        return {"well": well, "sentence": sentence, "disk": None, "fault": str(error)}
    return {
        "well": well, "sentence": sentence, "disk": usage, "fault": None,
        "downloads": downloads, "held_bytes": held, "limit_bytes": limit_bytes,
    }  # fmt: skip


def _back(desk: Desk, sentence: str) -> Response:
    answer = RedirectResponse(f"{desk.pages.base}/sources", 303)
    desk.pages.say(answer, sentence[:LONGEST_SAID])
    return answer
