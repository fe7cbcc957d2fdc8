"""Shows for programs: how they are, lists of them, why each is where it is, and a person's word."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response
from msgspec import Struct
from msgspec.structs import replace

from movie_sync.shows.verdict import ShowState
from movie_sync.shows_settings import Exclude, Selection
from movie_sync.views import show_wishes
from movie_sync.views import shows as shows_view
from movie_sync.web import api_shows_examples as examples
from movie_sync.web import shows_design
from movie_sync.web.api_base import Body, Part, answer, gives, links, takes
from movie_sync.web.desk import AtDesk

Order = Literal["newest", "title", "rating", "premiered", "changed"]


class Shows(Struct, frozen=True, kw_only=True):
    """One page of a list of shows. Past the last page there are none."""

    shows: tuple[shows_view.ShowRow, ...]
    total: int
    page: int
    pages: int
    per_page: int
    attribution: str = shows_view.CREDIT


class ShowWhy(Struct, frozen=True, kw_only=True):
    """Why a show is where it is, and what every selection says of it today."""

    tvmaze_id: int
    title: str
    state: ShowState
    rule: str
    code: str
    sentence: str
    compared: dict[str, Any]  # what it has, by "is", and what was asked
    now: str  # what the rules say today
    answers: tuple[shows_view.Says, ...]


class ShowDone(Struct, frozen=True, kw_only=True):
    """The show as it is now."""

    tvmaze_id: int
    title: str
    state: ShowState
    said: str


class Asking(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Rules to try; those in force where one is left out."""

    selections: tuple[Selection, ...] | None = None
    exclude: Exclude | None = None


class Tried(Struct, frozen=True, kw_only=True):
    """What these rules would do with every show; nothing is changed."""

    shows: int
    counts: dict[str, int]  # by the state that they would give
    reasons: dict[str, int]  # of those that would not pass
    selections: dict[str, int]  # how many each would take
    passing: int  # that would pass, and do not now
    leaving: int  # that pass now, and would not
    examples: dict[str, list[str]]  # titles that would newly pass, by selection
    problems: tuple[str, ...]  # what would not do what is meant


class Begun(Struct, frozen=True, kw_only=True):
    """What was begun."""

    begun: bool  # False: a cycle is in hand
    said: str


class Listed(Struct, frozen=True, kw_only=True):
    """A show as Sonarr's Custom List takes it."""

    title: str
    tvdbId: int  # noqa: N815 - its name there


SHAPES = (
    shows_view.ShowSummary, Shows, shows_view.ShowWhole, ShowWhy, ShowDone, Asking, Tried, Begun,
    Listed,
)  # fmt: skip
DONE = gives(ShowDone, examples.DONE, "The show as it is now.")
ShowName = Annotated[
    str,
    Path(
        alias="id",
        description="Its number at TVmaze, or its title where only one is called so.",
        examples=["82"],
        json_schema_extra={"format": "show"},
    ),
]

router = APIRouter(tags=["shows"])


class Asked:
    """What the list of shows is narrowed to."""

    def __init__(  # noqa: PLR0917 - one for each part of the query
        self,
        state: Annotated[
            list[ShowState] | None, Query(description="Only in these; else all.")
        ] = None,
        text: Annotated[
            str,
            Query(max_length=200, description="Part of the title; or an id, as 82 or tt0944947."),
        ] = "",
        reason: Annotated[
            str, Query(max_length=100, description='Only for this reason: "genre", "language".')
        ] = "",
        rule: Annotated[str, Query(max_length=200, description="Only of this selection.")] = "",
        type: Annotated[
            str, Query(max_length=100, description='Only of this type: "Scripted".')
        ] = "",
        language: Annotated[
            str, Query(max_length=100, description='Only in this language: "Korean".')
        ] = "",
        order: Annotated[Order, Query(description="What comes first.")] = "newest",
    ) -> None:
        self.of = {
            "states": tuple(dict.fromkeys(state or ())), "text": text, "code": reason,
            "rule": rule, "type": type, "language": language, "order": order,
        }  # fmt: skip


@router.get("/shows", responses=gives(Shows, examples.SHOWS, listed=True))
def shows(
    request: Request,
    desk: AtDesk,
    asked: Annotated[Asked, Depends()],
    part: Annotated[Part, Depends()],
) -> Response:
    """Shows, page by page: filtered, searched and sorted."""
    there = desk.shows
    found = shows_view.listed(there, shows_view.sought(**asked.of), part.page, part.per_page)
    beyond = found.page != part.page
    body = Shows(
        shows=() if beyond else found.rows, total=found.total, page=part.page, pages=found.pages,
        per_page=part.per_page,
    )  # fmt: skip
    return answer(request, body, headers=links(request, part.page, found.pages))


@router.get("/shows/summary", responses=gives(shows_view.ShowSummary, examples.SUMMARY))
def summary(request: Request, desk: AtDesk) -> Response:
    """How many shows are in each state and why, what would be added, the last and next cycle."""
    return answer(request, shows_view.summary(desk.shows, desk.now()))


@router.post(
    "/shows/preview",
    responses=gives(Tried, examples.TRIED),
    openapi_extra=takes(Asking, required=False, one=examples.ASKING),
)
def preview(
    request: Request, desk: AtDesk, body: Annotated[Asking, Depends(Body(Asking, Asking()))]
) -> Response:
    """What rules would do with every known show, without changing anything."""
    shows, given = desk.shows, {}
    if body.selections is not None:
        given["selections"] = body.selections
    if body.exclude is not None:
        given["exclude"] = body.exclude  # type: ignore[assignment]
    found, problems = shows_view.tried(shows, replace(shows.settings, **given))
    tried = Tried(**{name: getattr(found, name) for name in found.__struct_fields__},
                  problems=problems)  # fmt: skip
    return answer(request, tried)


@router.post("/shows/trigger", status_code=202, responses=gives(Begun, examples.BEGUN))
def trigger(request: Request, desk: AtDesk) -> Response:
    """Read the catalogue now."""
    begun = desk.shows.trigger()
    said = "the catalogue is being read" if begun else "a cycle is in hand already"
    return answer(request, Begun(begun=begun, said=said), status=202)


@router.post("/shows/refilter", status_code=202, responses=gives(Begun, examples.BEGUN))
def refilter(request: Request, desk: AtDesk) -> Response:
    """Judge every known show again by the rules in force; asks nobody."""
    begun = desk.shows.refilter()
    said = "all shows are judged again" if begun else "they are judged again after this cycle"
    return answer(request, Begun(begun=begun, said=said), status=202)


@router.get("/shows/lists/{selection}.json", responses=gives(list[Listed], examples.LISTED))
def custom_list(
    desk: AtDesk,
    selection: Annotated[
        str, Path(description="Name of a selection.", json_schema_extra={"format": "selection"})
    ],
) -> Response:
    """Every show that a selection takes, as Sonarr's Custom List reads it; 503 where it could be
    short. Sonarr, which can send no key in a header, reads `/lists/{selection}.json?key=`."""
    return shows_design.list_of(desk, selection)


@router.get("/shows/{id}", responses=gives(shows_view.ShowWhole, examples.SHOW))
def show(request: Request, desk: AtDesk, id_: ShowName) -> Response:
    """A show with all that is known of it; `wishes` are what may be asked of it now."""
    return answer(request, shows_view.one(desk.shows, shows_view.id_of(desk.shows, id_)))


@router.get("/shows/{id}/why", responses=gives(ShowWhy, examples.WHY))
def why(request: Request, desk: AtDesk, id_: ShowName) -> Response:
    """Why a show is where it is, with the answer of every selection."""
    one = shows_view.one(desk.shows, shows_view.id_of(desk.shows, id_))
    row = one.show
    found = ShowWhy(
        tvmaze_id=row.tvmaze_id, title=row.title, state=row.state, rule=row.rule, code=row.code,
        sentence=row.sentence, compared=one.compared, now=one.now, answers=one.answers,
    )  # fmt: skip
    return answer(request, found)


@router.post("/shows/{id}/approve", responses=DONE)
def approve(request: Request, desk: AtDesk, id_: ShowName) -> Response:
    """Let it be added whatever the rules say, as soon as there is room for it."""
    return _wished(request, desk, "approve", id_)


@router.post("/shows/{id}/add", responses=DONE)
def add(request: Request, desk: AtDesk, id_: ShowName) -> Response:
    """Approve it, and queue it at once however many were added today; not in a dry run."""
    return _wished(request, desk, "add", id_)


@router.post("/shows/{id}/reject", responses=DONE)
def reject(request: Request, desk: AtDesk, id_: ShowName) -> Response:
    """Never add it, whatever rules will say; one that is in Sonarr stays there."""
    return _wished(request, desk, "reject", id_)


@router.post("/shows/{id}/skip", responses=DONE)
def skip(request: Request, desk: AtDesk, id_: ShowName) -> Response:
    """The same as reject."""
    return _wished(request, desk, "reject", id_)


@router.post("/shows/{id}/exclude", responses=DONE)
def exclude(request: Request, desk: AtDesk, id_: ShowName) -> Response:
    """Reject it, and have Sonarr's own lists never add it either."""
    return _wished(request, desk, "exclude", id_)


def _wished(request: Request, desk: AtDesk, do: str, name: str) -> Response:
    number = shows_view.id_of(desk.shows, name)
    said = show_wishes.wish(desk.shows, desk.queue, do, number, desk.now())
    row = shows_view.one(desk.shows, number).show
    done = ShowDone(tvmaze_id=number, title=row.title, state=row.state, said=f"{row.title} {said}")
    return answer(request, done)
