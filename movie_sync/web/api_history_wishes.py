"""What may be asked of the history: tell of a play or take it away, say what a show is, look for
news, take over a history, and undo."""

from datetime import date
from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from msgspec import Meta, Struct

from movie_sync.errors import ConfigError, FilesError
from movie_sync.library_models import Kind
from movie_sync.views import history
from movie_sync.web import api_history_examples as examples
from movie_sync.web.api_base import Body, Invalid, answer, body_of, decoded, gives, takes
from movie_sync.web.api_history import PlayId, SyncId, VikiId
from movie_sync.web.api_library import MOST_NUMBER, number
from movie_sync.web.desk import AtDesk, Desk

Some = Annotated[int, Meta(ge=0, le=MOST_NUMBER)]
Id = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[0-9A-Za-z_-]+$")]
Part = Annotated[int, Meta(ge=0, le=99_999)]
QuestionId = Annotated[int, number("The number of the question.", "question")]


class Ids(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What others call it."""

    tmdb: Id | None = None
    imdb: Id | None = None
    tvdb: Id | None = None
    trakt: Id | None = None


class ToldFilm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A film that a person watched."""

    title: Annotated[str, Meta(min_length=1, max_length=300, pattern=r"\S")]
    year: Annotated[int, Meta(ge=1800, le=2200)] | None = None
    ids: Ids = Ids()
    day: date | None = None  # None: it is not known when


class ToldEpisode(ToldFilm, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An episode that a person watched; title, year and ids are those of its show."""

    season: Part
    episode: Part


class OneOf:
    """A dependency that reads a film, or an episode where a season or an episode is named."""

    def __init__(self) -> None:
        self._any = msgspec.json.Decoder(dict[str, Any])
        self._film = msgspec.json.Decoder(ToldFilm)
        self._episode = msgspec.json.Decoder(ToldEpisode)

    async def __call__(self, request: Request) -> ToldFilm:
        text = await body_of(request)
        given = decoded(text, self._any)
        if given.keys() & {"season", "episode"}:
            return decoded(text, self._episode)
        return decoded(text, self._film)


class OnDay(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a play was."""

    day: date


class Choice(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of what was proposed, by its key: "trakt:245986"."""

    key: Annotated[str, Meta(min_length=1, max_length=300)]


class Named(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a show is, by an id of others, and where its episodes stand there."""

    provider: Literal["trakt", "tmdb", "imdb", "tvdb"]
    id: Id
    kind: Kind | None = None
    season: Part | None = None
    offset: Annotated[int, Meta(ge=-99_999, le=99_999)] = 0  # added to Viki's number


class WhichTitle(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The title of the library that a work is."""

    title_id: Some


class Look(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Whether nothing is taken for unchanged."""

    force: bool = False


class TakeOver(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is taken over: Trakt's history, or that of a file on the machine of the program."""

    source: Literal["trakt", "file"]
    path: Annotated[str, Meta(max_length=4096)] | None = None
    history: bool = True
    watchlist: bool = True
    rate: Literal["missing", "all", "none"] = "missing"
    most_a_day: Annotated[int, Meta(ge=0, le=1000)] | None = None


class HistoryDone(Struct, frozen=True, kw_only=True):
    """What was done, or begun."""

    said: str
    sync_id: int | None = None  # that does it
    title_id: int | None = None  # what a show is now


SHAPES = (HistoryDone, ToldFilm, ToldEpisode, OnDay, Choice, Named, WhichTitle, Look, TakeOver)
DONE = gives(HistoryDone, examples.DONE, "What was done.")
BEGUN = gives(HistoryDone, examples.BEGUN, "What was begun.")

router = APIRouter(tags=["history"])


@router.post(
    "/history/plays",
    responses=DONE,
    openapi_extra=takes(ToldFilm, ToldEpisode, film=examples.TOLD, episode=examples.TOLD_EPISODE),
)
def tell(request: Request, desk: AtDesk, body: Annotated[ToldFilm, Depends(OneOf())]) -> Response:
    """Have a play in the history that nobody else tells of."""
    work = msgspec.to_builtins(body)
    work.pop("day", None)
    work["kind"] = str(Kind.SHOW if isinstance(body, ToldEpisode) else Kind.FILM)
    return _wished(request, desk, "play-add", work=work, day=_day(body.day))


@router.post("/history/plays/{id}/remove", responses=DONE)
def remove(request: Request, desk: AtDesk, id_: PlayId) -> Response:
    """Take a play away; it stays away, whoever tells of it."""
    return _wished(request, desk, "play-remove", play=id_)


@router.post("/history/plays/{id}/restore", responses=DONE)
def restore(request: Request, desk: AtDesk, id_: PlayId) -> Response:
    """Put a play back that was taken away."""
    return _wished(request, desk, "play-restore", play=id_)


@router.post(
    "/history/plays/{id}/date", responses=DONE, openapi_extra=takes(OnDay, day=examples.ON_DAY)
)
def set_day(
    request: Request, desk: AtDesk, id_: PlayId, body: Annotated[OnDay, Depends(Body[OnDay](OnDay))]
) -> Response:
    """Say on which day a play was."""
    return _wished(request, desk, "play-date", play=id_, day=_day(body.day))


@router.post(
    "/history/inbox/{id}/choose", responses=DONE, openapi_extra=takes(Choice, one=examples.CHOICE)
)
def choose(
    request: Request,
    desk: AtDesk,
    id_: VikiId,
    body: Annotated[Choice, Depends(Body[Choice](Choice))],
) -> Response:
    """A show of Viki's is this one of what was proposed."""
    return _wished(request, desk, "match-choose", viki=id_, key=body.key)


@router.post(
    "/history/inbox/{id}/set", responses=DONE, openapi_extra=takes(Named, one=examples.NAMED)
)
def name(
    request: Request, desk: AtDesk, id_: VikiId, body: Annotated[Named, Depends(Body[Named](Named))]
) -> Response:
    """A show of Viki's is what this id names."""
    asked: dict[str, Any] = {body.provider: body.id, "kind": body.kind and str(body.kind)}
    asked |= {"season": body.season, "offset": body.offset or None}
    return _wished(request, desk, "match-set", viki=id_, **asked)


@router.post("/history/inbox/{id}/clear", responses=DONE)
def clear(request: Request, desk: AtDesk, id_: VikiId) -> Response:
    """A show of Viki's is not what it is taken for."""
    return _wished(request, desk, "match-clear", viki=id_)


@router.post(
    "/history/questions/{id}", responses=DONE, openapi_extra=takes(WhichTitle, one=examples.WHICH)
)
def settle(
    request: Request,
    desk: AtDesk,
    id_: QuestionId,
    body: Annotated[WhichTitle, Depends(Body[WhichTitle](WhichTitle))],
) -> Response:
    """Which of two titles a work is; the plays that waited are stored."""
    return _wished(request, desk, "settle", question=id_, title=body.title_id)


@router.post(
    "/history/sync", status_code=202, responses=gives(HistoryDone, examples.BEGUN, "Begun."),
    openapi_extra=takes(Look, required=False, one=examples.LOOK),
)  # fmt: skip
def sync(
    request: Request, desk: AtDesk, body: Annotated[Look, Depends(Body(Look, Look()))]
) -> Response:
    """Ask everybody who is asked, now."""
    return _wished(request, desk, "sync", status=202, force=body.force or None)


@router.post("/history/syncs/{id}/undo", responses=BEGUN)
def undo(request: Request, desk: AtDesk, id_: SyncId) -> Response:
    """Take back what a sync brought, and what it told others."""
    return _wished(request, desk, "undo", sync=id_)


@router.post(
    "/history/import", responses=BEGUN, openapi_extra=takes(TakeOver, trakt=examples.TAKE_OVER)
)
def begin(
    request: Request, desk: AtDesk, body: Annotated[TakeOver, Depends(Body[TakeOver](TakeOver))]
) -> Response:
    """Take over a whole history; it goes on until it is done or cancelled."""
    asked: dict[str, Any] = {
        "source": body.source, "path": body.path, "history": body.history,
        "watchlist": body.watchlist, "rate": body.rate, "most_a_day": body.most_a_day,
    }  # fmt: skip
    try:
        return _wished(request, desk, "import", **asked)
    except (ConfigError, FilesError) as error:  # there is nothing to be read
        raise Invalid(409, str(error)) from error


@router.post("/history/import/cancel", responses=DONE)
def cancel(request: Request, desk: AtDesk) -> Response:
    """End the import that goes on, or stands still; what it stored stays."""
    return _wished(request, desk, "import-cancel")


def _day(day: date | None) -> str | None:
    """Raises Invalid: nothing was watched then."""
    if day is not None and not history.FIRST_YEAR <= day.year <= history.LAST_YEAR:
        raise Invalid(409, f"nobody watched anything on {day}; nothing was changed")
    return day.isoformat() if day else None


def _wished(
    request: Request, desk: Desk, wish: str, *, status: int = 200, **asked: Any
) -> Response:
    told = desk.tell_history(wish, **asked)
    done = HistoryDone(
        said=str(told["sentence"]), sync_id=told.get("sync"), title_id=told.get("title")
    )
    return answer(request, done, status=status)
