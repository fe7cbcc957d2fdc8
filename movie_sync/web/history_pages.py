"""What was watched: a calendar, what is in progress, titles, and each title's own history.

While the history is off there is one page, which tells what it would be and switches it on.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from movie_sync import settings_change
from movie_sync.library_models import Kind
from movie_sync.views import history, history_words
from movie_sync.web import history_wishes
from movie_sync.web.desk import AtDesk, Desk
from movie_sync.web.posters import poster

AN_HOUR_S, A_WEEK_S = 3600, 7 * 86400
SIZE = "w342"
LONGEST = 100  # of what an address names

router = APIRouter(include_in_schema=False)

Token = Annotated[str, Query(max_length=60)]


class Asked:
    """What the calendar is narrowed to, from the address; what makes no sense is left out."""

    def __init__(
        self,
        month: Annotated[str, Query(max_length=LONGEST)] = "",
        day: Annotated[str, Query(max_length=LONGEST)] = "",
        kind: Annotated[str, Query(max_length=LONGEST)] = "",
        source: Annotated[str, Query(max_length=LONGEST)] = "",
        before: Token = "",
    ) -> None:
        self.day = history.day_of(day)
        self.month = self.day.replace(day=1) if self.day else history.day_of(f"{month}-01")
        self.kind = kind if kind in set(Kind) else ""
        self.source, self.before = source, before

    def fields(self, **others: Any) -> dict[str, str]:
        """Of an address that is narrowed in the same way, but for these."""
        every = {"kind": self.kind, "source": self.source, **others}
        return {name: str(value) for name, value in every.items() if value}


AsAsked = Annotated[Asked, Depends()]


@router.get("/watched")
def calendar(request: Request, desk: AtDesk, asked: AsAsked) -> HTMLResponse:
    """A month, and what was watched in it, or on one of its days."""
    if not desk.running.loaded.config.history.enabled:
        return desk.pages.page(request, "history_off.html")
    store, today = desk.history.store, desk.now().astimezone().date()
    first = asked.month or history.newest_month(store, today)
    month = history.month(store, first, today)
    last = asked.day or max(day.day for week in month.weeks for day in week if day)
    listed = history.plays(
        store, kind=Kind(asked.kind) if asked.kind else None, source=asked.source or None,
        first_day=asked.day or first, last_day=last, before=asked.before or None,
    )  # fmt: skip
    return desk.pages.page(
        request, "history_calendar.html", here="calendar", asked=asked, month=month, listed=listed,
        years=history.years(store, first.year), counts=history.counts(store), today=today,
        words=history_words,
    )  # fmt: skip


@router.post("/watched/on")
def switch_on(desk: AtDesk) -> Response:
    """Keep a history from now on."""
    said = settings_change.change(desk.running, {"history.enabled": True}).sentence
    answer = RedirectResponse(f"{desk.pages.base}/watched/import", 303)
    desk.pages.say(answer, f"The history is on; begin with what you have already ({said})")
    return answer


@router.get("/watched/undated")
def undated(request: Request, desk: AtDesk, before: Token = "") -> HTMLResponse:
    """What was watched, and nobody knows when."""
    listed = history.undated(desk.history.store, before or None)
    return _list(request, desk, "undated", listed)


@router.get("/watched/removed")
def removed(request: Request, desk: AtDesk, before: Token = "") -> HTMLResponse:
    """What was taken away, to be put back."""
    listed = history.plays(desk.history.store, deleted=True, before=before or None)
    return _list(request, desk, "removed", listed)


@router.get("/watched/progress")
def progress(request: Request, desk: AtDesk, before: Token = "") -> HTMLResponse:
    """What is begun, and was not watched since."""
    return desk.pages.page(
        request, "history_progress.html", here="progress", now=desk.now(), words=history_words,
        listed=history.in_progress(desk.history.store, before or None),
    )  # fmt: skip


@router.get("/watched/titles")
def titles(
    request: Request,
    desk: AtDesk,
    q: Annotated[str, Query(max_length=200)] = "",
    kind: Annotated[str, Query(max_length=LONGEST)] = "",
    before: Token = "",
) -> HTMLResponse:
    """Titles, what was watched last first."""
    kind = kind if kind in set(Kind) else ""
    listed = history.shelf(
        desk.history.store, text=q, kind=Kind(kind) if kind else None, before=before or None
    )
    part = "hx-request" in request.headers
    return desk.pages.page(
        request, "_history_titles.html" if part else "history_titles.html", here="titles",
        listed=listed, q=q, kind=kind, now=desk.now(),
    )  # fmt: skip


@router.get("/watched/titles/{title_id}")
def title(request: Request, desk: AtDesk, title_id: int, before: Token = "") -> HTMLResponse:
    """All that the history has of one title."""
    return desk.pages.page(
        request, "history_title.html", here="titles", now=desk.now(), words=history_words,
        one=history.title(desk.history.store, title_id, before or None),
        library=desk.running.loaded.config.library.enabled,
    )  # fmt: skip


@router.get("/watched/titles/{title_id}/poster")
def poster_of(desk: AtDesk, title_id: int) -> Response:
    """TMDB's where the library has it, or one that is made up of its title."""
    row = history.title_row(desk.history.store, title_id)
    pictures = desk.app.library.pictures if desk.app.library else None
    if pictures and row.poster and (file := pictures.file("poster", SIZE, row.poster)):
        kept = f"private, max-age={A_WEEK_S}"
        return FileResponse(file, headers={"Cache-Control": kept})
    kept_s = AN_HOUR_S if row.poster else A_WEEK_S
    return Response(
        poster(row.title, row.year), media_type="image/svg+xml",
        headers={"Cache-Control": f"private, max-age={kept_s}"},
    )  # fmt: skip


@router.post("/watched/plays/{play_id}/{what}")
def change(
    desk: AtDesk,
    play_id: int,
    what: str,
    day: Annotated[str, Form(max_length=LONGEST)] = "",
    back: Annotated[str, Form(max_length=300)] = "/watched",
) -> Response:
    """Take a play away, put it back, or say on which day it was."""
    if what not in ("remove", "restore", "date"):
        raise HTTPException(404)
    history.play(desk.history.store, play_id)
    wanted = history.day_of(day)
    if what == "date" and wanted is None:
        raise HTTPException(422, "a day is written as 2026-11-20; nothing was changed")
    named = wanted.isoformat() if what == "date" and wanted else None
    answer = desk.tell_history(f"play-{what}", play=play_id, day=named)
    return history_wishes.done(desk, back, answer)


def _list(request: Request, desk: Desk, which: str, listed: Any) -> HTMLResponse:
    return desk.pages.page(
        request, "history_list.html", here="calendar", which=which, listed=listed,
        words=history_words,
    )  # fmt: skip
