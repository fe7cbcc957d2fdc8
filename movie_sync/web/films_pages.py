"""Lists of films, a film's own page, and what a person may do there."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Query, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from movie_sync.errors import ConfigError
from movie_sync.films.offers import offers
from movie_sync.films.story import What
from movie_sync.films.sync import profile_of
from movie_sync.models import State
from movie_sync.views import film as film_view
from movie_sync.views import listing
from movie_sync.web.desk import AtDesk, Desk
from movie_sync.web.posters import poster

AN_HOUR_S, A_WEEK_S = 3600, 7 * 86400
EVENTS_A_PAGE = 50
WANTED = {
    "all": (State.PENDING, State.ACTIVE, State.FAILED),
    "pending": (State.PENDING,),
    "active": (State.ACTIVE,),
    "failed": (State.FAILED,),
}
HISTORY = {
    "all": (State.COMPLETED, State.REMOVED),
    "completed": (State.COMPLETED,),
    "removed": (State.REMOVED,),
}

# What is said when a wish is fulfilled, after the film's title.
DONE = {
    "retry": " is looked for again",
    "skip": " is skipped until you retry it",
    "remove": " is removed from the queues; its files stay",
    "restore": " is back",
    "grab": ": the release you chose is taken next",
    "block": ": that release is not taken again",
    "unblock": ": that release may be taken again",
    "alias": " is known by that title too",
}

router = APIRouter(include_in_schema=False)


class Asked:
    """What a list is narrowed to, from the address."""

    def __init__(
        self,
        q: Annotated[str, Query(max_length=200)] = "",
        show: str = "all",
        by: str = "",
        order: str = "",
        page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
    ) -> None:
        self.q, self.show, self.by, self.order, self.page = q, show, by, order, page


AsAsked = Annotated[Asked, Depends()]


@router.get("/wanted")
def wanted(request: Request, desk: AtDesk, asked: AsAsked) -> HTMLResponse:
    """What is not in the library yet."""
    return _list(request, desk, asked, "wanted", WANTED, "changed")


@router.get("/history")
def history(request: Request, desk: AtDesk, asked: AsAsked) -> HTMLResponse:
    """What has come, and what was set aside."""
    return _list(request, desk, asked, "history", HISTORY, "done")


@router.get("/activity")
def activity(request: Request, desk: AtDesk, asked: AsAsked) -> HTMLResponse:
    """What happened to all films, newest first."""
    kind = asked.show if asked.show in set(What) else "all"
    events = desk.stories.happened(() if kind == "all" else (kind,))
    if wanted := listing.folded(asked.q):
        events = [
            event for event in events
            if wanted in listing.folded(_title(desk, event.id))
            or wanted in listing.folded(event.text)
        ]  # fmt: skip
    pages = max(1, -(-len(events) // EVENTS_A_PAGE))
    page = min(asked.page, pages)
    asked.show = kind
    shown = events[(page - 1) * EVENTS_A_PAGE : page * EVENTS_A_PAGE]
    return desk.pages.page(
        request,
        "_activity.html" if "hx-request" in request.headers else "activity.html",
        now=desk.now(),
        asked=asked,
        kinds=["all", *What],
        events=shown,
        titles={event.id: _title(desk, event.id) for event in shown},
        total=len(events),
        page=page,
        pages=pages,
    )


@router.get("/films/{id_:path}/poster")
def poster_of(desk: AtDesk, id_: str) -> Response:
    found = desk.queue.get(id_)
    title, data = (found[1].title, found[1].data) if found else (id_, {})
    known = data.get("poster")
    if desk.posters and known and (file := desk.posters.file(known)):
        return FileResponse(file, headers={"Cache-Control": f"private, max-age={A_WEEK_S}"})
    kept_s = AN_HOUR_S if known else A_WEEK_S
    return Response(
        poster(title, data.get("year")), media_type="image/svg+xml",
        headers={"Cache-Control": f"private, max-age={kept_s}"},
    )  # fmt: skip


@router.get("/films/{id_:path}")
def film(request: Request, desk: AtDesk, id_: str) -> HTMLResponse:
    one = film_view.whole(desk.queue, desk.stories, id_, desk.now())
    moving = next((each for each in desk.app.moving.look() if each.id == one.id), None)
    return desk.pages.page(request, "film.html", one=one, found=None, move=moving, now=desk.now())


@router.post("/films")
def add(request: Request, desk: AtDesk, title: str = Form(), year: str = Form("")) -> Response:
    """Want a film by hand."""
    number = int(year) if year.strip().isdecimal() else None
    answer = desk.perform("add", title=title.strip(), year=number)
    how = "is wanted now" if answer["new"] else f"is {answer['state']} already"
    return _went_well(desk, answer["id"], f"{answer['title']} {how}")


@router.post("/films/{id_:path}/search")
def search(request: Request, desk: AtDesk, id_: str) -> HTMLResponse:
    """What is offered at this moment; the indexers are asked while the person waits."""
    one = film_view.whole(desk.queue, desk.stories, id_, desk.now())
    parts = desk.app.parts
    if not parts.indexers:
        raise ConfigError(parts.no_indexer)
    found = offers(one.film, one.item, profile_of(parts, one.item), desk.now(),
                   facts=parts.facts, indexers=parts.indexers)  # fmt: skip
    template = "_found.html" if "hx-request" in request.headers else "film.html"
    return desk.pages.page(request, template, one=one, found=found, move=None, now=desk.now())


@router.post("/films/{id_:path}/{wish}")
def wish(  # noqa: PLR0917 - one argument for each field of a form
    request: Request,
    desk: AtDesk,
    id_: str,
    wish: str,
    release: str = Form(""),
    title: str = Form(""),
    why: str = Form(""),
) -> Response:
    """Do one of the wishes that the film's page offers."""
    if wish not in DONE:
        raise HTTPException(404)
    more = {name: value for name, value in
            {"release": release, "title": title, "why": why}.items() if value}  # fmt: skip
    answer = desk.perform(wish, id=id_, **more)
    return _went_well(desk, answer["id"], f"{answer['title']}{DONE[wish]}")


def _list(  # noqa: PLR0917 - a page is all of these
    request: Request,
    desk: Desk,
    asked: Asked,
    name: str,
    shows: Mapping[str, tuple[State, ...]],
    order: str,
) -> HTMLResponse:
    now = desk.now()
    asked.show = asked.show if asked.show in shows else "all"
    asked.order = asked.order if asked.order in listing.ORDERS else order
    found = listing.films(
        desk.queue, shows[asked.show], now, text=asked.q, wanted_by=asked.by, order=asked.order,
        page=asked.page,
    )  # fmt: skip
    template = "_list.html" if "hx-request" in request.headers else f"{name}.html"
    return desk.pages.page(
        request, template, now=now, asked=asked, found=found, shows=list(shows), here=name,
    )  # fmt: skip


def _title(desk: Desk, id_: str) -> str:
    found = desk.queue.get(id_)
    return found[1].title if found else id_


def _went_well(desk: Desk, id_: str, sentence: str) -> Response:
    answer = RedirectResponse(desk.pages.film(id_), 303)
    desk.pages.say(answer, sentence)
    return answer
