"""The queues and the films in them, to read."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response
from msgspec import Struct

from movie_sync.films.activity import Happened
from movie_sync.films.items import KIND
from movie_sync.films.story import Event, What
from movie_sync.models import State
from movie_sync.views import film as film_view
from movie_sync.views import listing
from movie_sync.web import api_examples as examples
from movie_sync.web.api_base import (
    Part,
    answer,
    gives,
    is_known,
    links,
    tag_of,
    unchanged,
)
from movie_sync.web.desk import AtDesk, Desk

MINUTE_S = 60  # how old a sentence as "tried again in 5 min" may be

Order = Literal["changed", "title", "year", "added", "done", "next"]


class Queues(Struct, frozen=True, kw_only=True):
    """How many films are in each state, and how long they have waited."""

    pending: int
    active: int
    failed: int
    completed: int
    removed: int
    permanent_failures: int  # of those that failed: given up
    revision: int  # the number of the last change; the same number, the same queues
    oldest_pending_at: datetime | None  # when the film that waits longest was wanted
    next_retry_at: datetime | None
    started_at: datetime
    trouble: list[str]  # what a person should know of the queue files


class Films(Struct, frozen=True, kw_only=True):
    """One page of a list of films. Past the last page there are none."""

    films: tuple[listing.Row, ...]
    total: int
    page: int
    pages: int
    per_page: int


class Why(Struct, frozen=True, kw_only=True):
    """What happened to a film, in order, with the releases that the last searches found."""

    id: str
    title: str
    state: State
    standing: str
    events: list[Event]


class Activity(Struct, frozen=True, kw_only=True):
    """What happened to all films, newest first, as far back as is kept."""

    events: list[Happened]
    total: int
    page: int
    pages: int
    per_page: int


SHAPES = (Queues, Films, film_view.Whole, Why, Activity)
FilmId = Annotated[
    str,
    Path(
        alias="id",
        description="Id of a film, or its title where only one is called so.",
        examples=["film:letterboxd:240344"],
        json_schema_extra={"format": "film"},  # any text that can be seen
    ),
]

router = APIRouter(tags=["films"])


class Asked:
    """What the list of films is narrowed to."""

    def __init__(
        self,
        state: Annotated[list[State] | None, Query(description="Only in these; else all.")] = None,
        text: Annotated[
            str, Query(max_length=200, description="Part of the title, or of an id.")
        ] = "",
        wanted_by: Annotated[
            str, Query(max_length=200, description='Only of this list: "letterboxd:alice", "hand".')
        ] = "",
        order: Annotated[
            Order, Query(description='"next" is the order in which they are searched.')
        ] = "changed",
        turned: Annotated[bool, Query(description="The other way round.")] = False,
    ) -> None:
        self.states = tuple(dict.fromkeys(state or State))
        self.text, self.wanted_by, self.order, self.turned = text, wanted_by, order, turned


@router.get("/queues", responses=gives(Queues, examples.QUEUES))
def queues(request: Request, desk: AtDesk) -> Response:
    """How many films are in each state."""
    queue = desk.queue
    waiting = (item.added_at for item in queue.iter(State.PENDING) if item.kind == KIND)
    found = Queues(
        **queue.get_statistics(),
        revision=queue.revision,
        oldest_pending_at=min(waiting, default=None),
        next_retry_at=queue.next_retry_at(KIND),
        started_at=desk.running.started_at,
        trouble=queue.trouble,
    )
    return answer(request, found)


@router.get("/films", responses=gives(Films, examples.FILMS, listed=True))
def films(
    request: Request,
    desk: AtDesk,
    asked: Annotated[Asked, Depends()],
    part: Annotated[Part, Depends()],
) -> Response:
    """Films, page by page: filtered, searched and sorted."""
    tag = _tag(request, desk)
    if is_known(request, tag):
        return unchanged(tag)
    found = listing.films(
        desk.queue, asked.states, desk.now(), text=asked.text, wanted_by=asked.wanted_by,
        order=asked.order, turned=asked.turned, page=part.page, per_page=part.per_page,
    )  # fmt: skip
    beyond = found.page != part.page
    body = Films(
        films=() if beyond else found.rows, total=found.total, page=part.page, pages=found.pages,
        per_page=part.per_page,
    )  # fmt: skip
    return answer(request, body, tag=tag, headers=links(request, part.page, found.pages))


@router.get("/films/{id:path}/why", responses=gives(Why, examples.WHY))
def why(request: Request, desk: AtDesk, id_: FilmId) -> Response:
    """What happened to a film, in order: who wanted it, what searches found, why nothing fits."""
    one = film_view.whole(desk.queue, desk.stories, id_, desk.now())
    found = Why(
        id=one.id, title=one.title, state=one.state, standing=one.standing, events=one.events
    )
    return answer(request, found)


@router.get("/films/{id:path}", responses=gives(film_view.Whole, examples.FILM))
def film(request: Request, desk: AtDesk, id_: FilmId) -> Response:
    """A film with all that is known of it; `wishes` are what may be asked of it now."""
    return answer(request, film_view.whole(desk.queue, desk.stories, id_, desk.now()))


@router.get("/activity", responses=gives(Activity, examples.ACTIVITY, listed=True))
def activity(
    request: Request,
    desk: AtDesk,
    part: Annotated[Part, Depends()],
    what: Annotated[list[What] | None, Query(description="Only of these kinds.")] = None,
) -> Response:
    """What happened to all films, newest first."""
    events = desk.stories.happened([str(kind) for kind in what or ()])
    pages = max(1, -(-len(events) // part.per_page))
    first = (part.page - 1) * part.per_page
    body = Activity(
        events=events[first : first + part.per_page], total=len(events), page=part.page,
        pages=pages, per_page=part.per_page,
    )  # fmt: skip
    return answer(request, body, headers=links(request, part.page, pages))


def _tag(request: Request, desk: Desk) -> str:
    """Of a list of films: the same queues, the same question, the same minute."""
    active: list[Any] = [
        (item.id, item.progress, item.step) for item in desk.queue.iter(State.ACTIVE)
    ]
    minute = int(desk.now().astimezone(UTC).timestamp()) // MINUTE_S
    return tag_of(desk.running.started_at, desk.queue.revision, active, minute, request.url.query)
