"""The log of syncs: what each came to, what went wrong, and to take one back."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from movie_sync.views import history, history_words
from movie_sync.web import history_wishes
from movie_sync.web.desk import AtDesk

UNDOABLE = ("done", "cancelled", "failed", "interrupted")

router = APIRouter(include_in_schema=False)


@router.get("/watched/syncs")
def log(
    request: Request, desk: AtDesk, before: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0
) -> HTMLResponse:
    """The newest first."""
    there = desk.history
    return desk.pages.page(
        request, "history_syncs.html", here="syncs", now=desk.now(), words=history_words,
        listed=history.syncs(there.store, before=before or None), troubles=there.troubles(),
        pushes=there.pushes, outbox=there.store.counts().outbox, asked=there.passes.names,
    )  # fmt: skip


@router.get("/watched/syncs/{sync_id}")
def sync(
    request: Request,
    desk: AtDesk,
    sync_id: int,
    before: Annotated[str, Query(max_length=60)] = "",
) -> HTMLResponse:
    """One of them, with the plays that it brought."""
    store = desk.history.store
    row = history.sync(store, sync_id)
    return desk.pages.page(
        request, "history_sync.html", here="syncs", now=desk.now(), words=history_words, row=row,
        listed=history.plays(store, sync_id=row.id, before=before or None),
        undoable=row.state in UNDOABLE and not row.undoes,
    )  # fmt: skip


@router.post("/watched/syncs/now")
def sync_now(desk: AtDesk) -> Response:
    """Ask everybody who is asked."""
    return history_wishes.done(desk, "/watched/syncs", desk.tell_history("sync"))


@router.post("/watched/syncs/{sync_id}/undo")
def undo(desk: AtDesk, sync_id: int) -> Response:
    answer = desk.tell_history("undo", sync=sync_id)
    return history_wishes.done(desk, "/watched/syncs", answer)
