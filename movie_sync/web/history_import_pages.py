"""Taking over a history: a file or Trakt is chosen, looked at in numbers, and begun; and the whole
history as a file again.

A file that a person sends lies in the home until another one is sent: an import that was broken off
goes on with it.
"""

import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from movie_sync.errors import Busy, FilesError
from movie_sync.history_models import Play
from movie_sync.views import history_imports, history_words
from movie_sync.web import history_wishes, uploads
from movie_sync.web.desk import AtDesk, Desk

if TYPE_CHECKING:
    from movie_sync.history.import_models import Options

FILE, TRAKT = "file", "trakt"  # what can be read
FOLDER = "history-import"
MOST_BYTES = 256 * 1024**2
EXPORT_AT_ONCE = 1000
EXPORTS = {"csv": "text/csv; charset=utf-8", "json": "application/json"}

router = APIRouter(include_in_schema=False)


@router.get("/watched/import")
def begin(request: Request, desk: AtDesk) -> HTMLResponse:
    """What can be taken over, and how far the import is that goes on."""
    store = desk.history.store
    return desk.pages.page(
        request, "history_import.html", here="import", words=history_words, counts=store.counts(),
        standing=history_imports.standing(desk.history), trakt=desk.history.trakt is not None,
    )  # fmt: skip


@router.get("/watched/import/progress")
def progress(request: Request, desk: AtDesk) -> HTMLResponse:
    """A part of the page above, while an import goes on."""
    return desk.pages.page(
        request, "_history_progress.html", words=history_words,
        standing=history_imports.standing(desk.history),
    )  # fmt: skip


@router.post("/watched/import/file")
async def send(request: Request, desk: AtDesk) -> Response:
    """Keep a file, and look at it."""
    desk.history  # noqa: B018 - says why there is none, before anything is read
    form = await uploads.form_with_file(request, MOST_BYTES)
    try:
        file = form.get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            raise HTTPException(422, "no file was chosen; nothing was read")
        await to_thread.run_sync(partial(_keep, desk, file))
    finally:
        await form.close()
    return RedirectResponse(f"{desk.pages.base}/watched/import/preview?source=file", 303)


@router.get("/watched/import/preview")
def preview(
    request: Request, desk: AtDesk, source: Annotated[str, Query(max_length=20)] = FILE
) -> HTMLResponse:
    """What an import would bring, in numbers, and how it is to be done."""
    options = _options(desk, source)
    try:
        found = desk.history.preview(options, desk.now())
    except FilesError as error:  # less the folder that it lies in, which nobody chose
        raise HTTPException(422, str(error).replace(f"{desk.running.home / FOLDER}/", "")) from None
    name = Path(options.path).name if options.path else ""
    return desk.pages.page(
        request, "history_preview.html", here="import", found=found, source=source, file_name=name,
        usual=desk.running.loaded.config.history, words=history_words,
        standing=history_imports.standing(desk.history),
    )  # fmt: skip


@router.post("/watched/import/start")
def start(  # noqa: PLR0917 - one for each field of a form
    desk: AtDesk,
    source: Annotated[str, Form(max_length=20)] = FILE,
    history: Annotated[str, Form(max_length=5)] = "",
    watchlist: Annotated[str, Form(max_length=5)] = "",
    rate: Annotated[str, Form(max_length=20)] = "none",
    most_a_day: Annotated[int, Form(ge=0, le=1000)] = 4,
    specials: Annotated[str, Form(max_length=5)] = "",
) -> Response:
    asked: dict[str, Any] = {
        "source": source, "path": _options(desk, source).path, "history": bool(history),
        "watchlist": bool(watchlist), "rate": rate, "most_a_day": most_a_day,
        "specials": bool(specials),
    }  # fmt: skip
    desk.tell_history("import", **asked)
    sentence = {"sentence": "the import has begun; it goes on without this page"}
    return history_wishes.done(desk, "/watched/import", sentence)


@router.post("/watched/import/cancel")
def cancel(desk: AtDesk) -> Response:
    return history_wishes.done(desk, "/watched/import", desk.tell_history("import-cancel"))


@router.get("/watched/export/{name}")
def export(desk: AtDesk, name: str) -> StreamingResponse:
    """All plays, as a file that can be imported again: "history.csv", "history.json"."""
    form = name.removeprefix("history.")
    if form not in EXPORTS:
        raise HTTPException(404)
    from movie_sync.history import exports

    write = exports.as_csv if form == "csv" else exports.as_json
    told = {"Content-Disposition": f'attachment; filename="history.{form}"'}
    lines = write(_plays(desk), desk.history.store.zone)
    return StreamingResponse(lines, media_type=EXPORTS[form], headers=told)


def _plays(desk: Desk) -> Iterator[Play]:
    store, after = desk.history.store, 0
    while rows := store.export(after, EXPORT_AT_ONCE):
        yield from (play for _, play in rows)
        after = rows[-1][0]


def _options(desk: Desk, source: str) -> "Options":
    """Of what is to be read, as a page knows it.

    Raises:
        HTTPException: there is nothing to read.
    """
    desk.history  # noqa: B018 - says why there is none
    from movie_sync.history.import_models import Options

    if source == TRAKT:
        return Options(source="trakt")
    if source != FILE:
        raise HTTPException(404)
    kept = _kept(desk)
    if kept is None:
        raise HTTPException(409, "no file was sent yet; nothing was read")
    return Options(source="file", path=str(kept))


def _kept(desk: Desk) -> Path | None:
    """The file that was sent last."""
    try:
        return next((one for one in (desk.running.home / FOLDER).iterdir() if one.is_file()), None)
    except OSError:
        return None


def _keep(desk: Desk, file: UploadFile) -> None:
    """In place of the one before. Raises Busy: that one is still read."""
    if desk.history.waiting_import():
        raise Busy("an import is not at its end, and needs its file; cancel it first")
    folder = desk.running.home / FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    uploads.keep(file, folder)
