"""The inbox of the history: which title a show of Viki's is, chosen in one step, and why."""

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, Response
from starlette.exceptions import HTTPException

from movie_sync.library_models import Kind
from movie_sync.views import history_inbox
from movie_sync.web import history_wishes
from movie_sync.web.desk import AtDesk, Desk

if TYPE_CHECKING:
    from movie_sync.history.catalogues import Sources

PROVIDERS = ("trakt", "tmdb", "imdb", "tvdb")
HERE = "/watched/inbox"

router = APIRouter(include_in_schema=False)

Text = Annotated[str, Query(max_length=200)]


@router.get("/watched/inbox")
def inbox(
    request: Request,
    desk: AtDesk,
    state: Text = "",
    after: Annotated[str, Query(max_length=40)] = "",
) -> HTMLResponse:
    state = state if state in history_inbox.STATES else "review"
    return desk.pages.page(
        request, "history_inbox.html", here="inbox", state=state, after=after, now=desk.now(),
        found=history_inbox.inbox(desk.history.store, state, after),
        names=history_inbox.STATES,
    )  # fmt: skip


@router.get("/watched/inbox/{viki_id}")
def one(
    request: Request, desk: AtDesk, viki_id: str, q: Text = "", kind: Text = ""
) -> HTMLResponse:
    """One show with all that was ever said of it, and a search for what it is."""
    there = desk.history
    wanted = Kind(kind) if kind in set(Kind) else None
    return desk.pages.page(
        request, "history_match.html", here="inbox", now=desk.now(), q=q, kind=kind,
        one=history_inbox.container(there.store, viki_id), providers=PROVIDERS,
        found=history_inbox.search(_sources(desk), q, wanted) if q.strip() else None,
    )  # fmt: skip


@router.post("/watched/inbox/{viki_id}/choose")
def choose(
    desk: AtDesk,
    viki_id: str,
    key: Annotated[str, Form(max_length=300)] = "",
    back: Annotated[str, Form(max_length=300)] = HERE,
) -> Response:
    """It is this one of what was proposed."""
    answer = desk.tell_history("match-choose", viki=viki_id, key=key)
    return history_wishes.done(desk, back, answer)


@router.post("/watched/inbox/{viki_id}/set")
def set_(  # noqa: PLR0917 - one for each field of a form
    desk: AtDesk,
    viki_id: str,
    provider: Annotated[str, Form(max_length=20)] = "",
    number: Annotated[str, Form(max_length=40)] = "",
    kind: Annotated[str, Form(max_length=20)] = "",
    season: Annotated[str, Form(max_length=6)] = "",
    offset: Annotated[str, Form(max_length=6)] = "",
) -> Response:
    """It is what this id names, and its episodes stand so many further on."""
    if provider not in PROVIDERS or not number.strip():
        raise HTTPException(422, "no id was named; nothing was changed")
    asked: dict[str, Any] = {provider: number.strip(), "kind": kind or None}
    asked |= {"season": _whole(season, "season"), "offset": _whole(offset, "offset")}
    answer = desk.tell_history("match-set", viki=viki_id, **asked)
    return history_wishes.done(desk, f"{HERE}/{viki_id}", answer)


@router.post("/watched/inbox/{viki_id}/clear")
def clear(desk: AtDesk, viki_id: str) -> Response:
    """It is not what it is taken for."""
    answer = desk.tell_history("match-clear", viki=viki_id)
    return history_wishes.done(desk, f"{HERE}/{viki_id}", answer)


@router.post("/watched/questions/{question_id}")
def settle(desk: AtDesk, question_id: int, title: Annotated[int, Form()]) -> Response:
    """Which of two titles a work is; the plays that waited are stored."""
    answer = desk.tell_history("settle", question=question_id, title=title)
    return history_wishes.done(desk, HERE, answer)


def _sources(desk: Desk) -> "Sources":
    """Who can be asked for a title; neither needs a login."""
    from movie_sync.history.catalogues import Sources

    library = desk.app.library
    return Sources(trakt=desk.history.trakt, tmdb=library.metadata if library else None)


def _whole(text: str, what: str) -> int | None:
    """Raises HTTPException: it is no number."""
    if not text.strip():
        return None
    try:
        return int(text)
    except ValueError:
        raise HTTPException(422, f"the {what} is a number; nothing was changed") from None
