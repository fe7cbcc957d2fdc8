"""The program itself: its health, its checks, its log, and what can be taken away from it."""

import os
import re
import tempfile
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Annotated, Any, BinaryIO

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.exceptions import HTTPException

from movie_sync import backup, cleanup, log, report
from movie_sync.errors import QueueError
from movie_sync.log import Redactor
from movie_sync.views import logs, queue_files, system
from movie_sync.web.desk import AtDesk, Desk
from movie_sync.web.render import FOLDER

FILMS_A_PAGE = 50
CHUNK_BYTES = 64 * 1024
# Where what a check finds wrong is mended, by the check's name.
MENDED_AT = {
    "settings": "settings",
    **dict.fromkeys(("library", "hard links"), "settings/library"),
    **dict.fromkeys(("downloads", "torrent client"), "settings/downloads"),
    "indexers": "settings/indexers",
    "watchlist": "sources",
}

router = APIRouter(include_in_schema=False)


@router.get("/system")
def overview(request: Request, desk: AtDesk) -> HTMLResponse:
    return desk.pages.page(request, "system.html", **_overview(desk), found=None, queues=None)


@router.post("/system/doctor")
def doctor(request: Request, desk: AtDesk) -> HTMLResponse:
    """Check everything; whoever is asked may take a while to answer."""
    found = [(check, system.steps(check.fix), MENDED_AT.get(check.name))
             for check in system.doctor(desk.running)]  # fmt: skip
    if "hx-request" in request.headers:
        return desk.pages.page(request, "_doctor.html", found=found)
    return desk.pages.page(request, "system.html", **_overview(desk), found=found, queues=None)


@router.post("/system/queues")
def check_queues(request: Request, desk: AtDesk) -> HTMLResponse:
    """Read the queue files as a start would, and all that one could go back to."""
    home = desk.running.home
    try:
        well, sentences = True, queue_files.check(home)
    except QueueError as error:
        well, sentences = False, [str(error)]
    queues = {"well": well, "sentences": sentences, "earlier": queue_files.earlier(home)}
    if "hx-request" in request.headers:
        return desk.pages.page(request, "_queues.html", queues=queues)
    return desk.pages.page(request, "system.html", **_overview(desk), found=None, queues=queues)


@router.get("/system/log")
def read_log(  # noqa: PLR0917 - one argument for each field of a form
    request: Request,
    desk: AtDesk,
    level: str = "info",
    q: Annotated[str, Query(max_length=200)] = "",
    before: Annotated[str, Query(max_length=60)] = "",
    still: bool = False,
) -> HTMLResponse:
    """The log file, newest first."""
    home = desk.running.home
    level = level if level in logs.LEVELS else "info"
    template = "_log.html" if "hx-request" in request.headers else "system_log.html"
    return desk.pages.page(
        request, template, level=level, levels=logs.LEVELS, q=q, before=before, still=still,
        page=logs.page(home, level=level, text=q, before=before), written=bool(logs.files(home)),
        path=home / log.FILE,
    )  # fmt: skip


@router.get("/system/log/download")
def download_log(desk: AtDesk) -> Response:
    """All of it, oldest first."""
    return StreamingResponse(
        _lines(logs.files(desk.running.home)[::-1]), media_type="text/plain; charset=utf-8",
        headers=_as_file("movie_sync.log"),
    )  # fmt: skip


@router.post("/system/backup")
def make_backup(desk: AtDesk, secrets: Annotated[str, Form()] = "") -> Response:
    """Everything of this home that counts, as one file."""
    now, home = desk.now(), desk.running.home
    made = partial(backup.backup, home, now=now, with_secrets=bool(secrets))
    return _sent(f"movie_sync-{now:%Y%m%d-%H%M%S}.zip", lambda path: made(to=path))


@router.get("/system/backup/{name}")
def automatic_backup(desk: AtDesk, name: str) -> Response:
    """One that the program made by itself."""
    path = next((one for one in backup.automatic(desk.running.home) if one.name == name), None)
    if path is None:
        raise HTTPException(404)
    return _stream(path.open("rb"), name)


@router.post("/system/report")
def make_report(
    desk: AtDesk, live: Annotated[str, Form()] = "", anonymous: Annotated[str, Form()] = ""
) -> Response:
    """What to send to somebody who helps."""
    now, running, redactor = desk.now(), desk.running, Redactor()
    parts = report.sections(
        running.home, running.loaded, running.credentials.heard_by(redactor.add), redactor, now,
        live=bool(live), anonymous=bool(anonymous),
    )  # fmt: skip
    return _sent(report.default_name(now), lambda path: report.write(path, parts))


@router.get("/system/cleanup")
def unwanted(request: Request, desk: AtDesk, page: Annotated[int, Query(ge=1)] = 1) -> HTMLResponse:
    """Films in the library that nobody wants any more; what would go, and the way back."""
    outlook = cleanup.outlook(desk.app.removal, desk.now())
    pages = max(1, -(-len(outlook.films) // FILMS_A_PAGE))
    page = min(page, pages)
    shown = outlook.films[(page - 1) * FILMS_A_PAGE : page * FILMS_A_PAGE]
    return desk.pages.page(
        request, "system_cleanup.html", outlook=outlook, films=shown, page=page, pages=pages,
        total_bytes=sum(each.size_bytes for each in outlook.films if not each.stays),
        now=desk.now(),
    )  # fmt: skip


@router.post("/system/cleanup/undo")
def undo(desk: AtDesk, id: Annotated[str, Form()]) -> Response:
    done = desk.perform("undo", id=id)
    answer = RedirectResponse(f"{desk.pages.base}/system/cleanup", 303)
    desk.pages.say(answer, f"{done['title']} is back in the library")
    return answer


def _overview(desk: Desk) -> dict[str, Any]:
    now, running = desk.now(), desk.running
    app, home, config = running.app, running.home, running.loaded.config
    return {
        "now": now,
        "workers": system.workers(app, now),
        "troubles": [one.sentence for one in app.troubles() if not one.name],
        "versions": system.versions(),
        "htmx": _htmx(),
        "started_at": running.started_at,
        "memory": system.memory_bytes(),
        "disks": system.disks(home, config),
        "files": queue_files.files(home),
        "backups": [(one, one.stat().st_size) for one in backup.automatic(home)[:5]],
        "home": home,
    }


@cache
def _htmx() -> str:
    """Its version, as it says it itself."""
    text = (FOLDER / "static" / "htmx.min.js").read_text(encoding="utf-8")
    found = re.search(r'version:"([^"]+)"', text)
    return found[1] if found else "?"


def _lines(paths: list[Path]) -> Iterator[bytes]:
    for path in paths:
        with path.open("rb") as file:
            yield from _pieces(file)


def _sent(name: str, write: Callable[[Path], object]) -> Response:
    """A file that is made for this one answer."""
    with tempfile.TemporaryDirectory(prefix="movie_sync-") as place:
        path = Path(place) / name
        write(path)
        file = path.open("rb")
    # It has no name any more: nothing of it stays behind, whatever becomes of the answer.
    return _stream(file, name)


def _stream(file: BinaryIO, name: str) -> Response:
    size_bytes = os.fstat(file.fileno()).st_size
    headers = {**_as_file(name), "Content-Length": str(size_bytes), "Content-Encoding": "identity"}
    return StreamingResponse(_closing(file), media_type="application/zip", headers=headers)


def _closing(file: BinaryIO) -> Iterator[bytes]:
    with file:
        yield from _pieces(file)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(CHUNK_BYTES):
        yield piece


def _as_file(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
