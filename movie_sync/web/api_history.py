"""The history for programs, to read: plays, titles, what is in progress and unsure, and the log.

A list goes on by its `next`, which is given as `before` or `after`; null is its end.
"""

import re
from datetime import date
from itertools import chain
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response
from msgspec import Struct
from pydantic import BeforeValidator

from movie_sync.history.rows import (
    Counts,
    PlayRow,
    ProgressRow,
    RatingRow,
    SeenRow,
    SyncRow,
    TellingRow,
    WishRow,
)
from movie_sync.history.shelf_rows import ShelfRow
from movie_sync.history_models import Day
from movie_sync.library_models import Kind
from movie_sync.views import history, history_imports, history_inbox
from movie_sync.web import api_history_examples as examples
from movie_sync.web.api_base import MOST_PER_PAGE, PER_PAGE, answer, gives
from movie_sync.web.api_library import MOST_NUMBER, Name, TitleId, number
from movie_sync.web.desk import AtDesk


class HistoryPlays(Struct, frozen=True, kw_only=True):
    """Some plays, the newest first; those of which it is not known when, last."""

    plays: tuple[PlayRow, ...]
    next: str | None


class HistoryPlay(Struct, frozen=True, kw_only=True):
    """A play, and who tells of it."""

    play: PlayRow
    tellings: tuple[TellingRow, ...]


class HistoryDays(Struct, frozen=True, kw_only=True):
    """The days of a month on which anything was watched."""

    year: int
    month: int
    days: tuple[Day, ...]


class HistoryTitles(Struct, frozen=True, kw_only=True):
    """Some titles, what was watched last first."""

    titles: tuple[ShelfRow, ...]
    next: str | None


class HistoryTitle(Struct, frozen=True, kw_only=True):
    """All that the history has of one title."""

    title_id: int
    kind: Kind
    title: str
    year: int | None
    owned: bool  # a file of it is there
    plays: tuple[PlayRow, ...]  # the newest
    tellings: tuple[TellingRow, ...]  # of these plays
    seen: tuple[SeenRow, ...]
    ratings: tuple[RatingRow, ...]
    wishes: tuple[WishRow, ...]
    progress: tuple[ProgressRow, ...]


class HistoryProgress(Struct, frozen=True, kw_only=True):
    """What is begun and was not watched since, the newest first."""

    progress: tuple[ProgressRow, ...]
    next: str | None


class HistorySyncs(Struct, frozen=True, kw_only=True):
    """The log, the newest first."""

    syncs: tuple[SyncRow, ...]
    next: str | None
    trouble: list[str]  # what a person should know, as sentences


class HistoryStats(Counts, frozen=True, kw_only=True):
    """The history in figures."""


def _day(text: object) -> object:
    """Raises ValueError: it is a number, say, which might be taken for a day."""
    if isinstance(text, str) and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError("a day is written as 2026-11-20")
    return text


SHAPES = (
    HistoryPlays, HistoryPlay, HistoryDays, HistoryTitles, HistoryTitle, HistoryProgress,
    HistorySyncs, SyncRow, HistoryStats, history_inbox.HistoryInbox, history_inbox.Matched,
    history_imports.ImportStanding,
)  # fmt: skip

PlayId = Annotated[int, number("The number of the play.", "play")]
SyncId = Annotated[int, number("The number of the sync.", "sync")]
VikiId = Annotated[
    str,
    Path(
        alias="id", min_length=1, max_length=40, description="Viki's own: 36951c.",
        json_schema_extra={"format": "viki"},
    ),
]  # fmt: skip
Limit = Annotated[int, Query(ge=1, le=MOST_PER_PAGE, description="How many at most.")]
Token = Annotated[
    str | None, Query(max_length=60, description="Where it goes on: the `next` of the last one.")
]
AKind = Annotated[Kind | None, Query(description="Only films, or only shows.")]
ADay = Annotated[
    date | None,
    BeforeValidator(_day),
    Query(description="As 2026-11-20."),
]

router = APIRouter(tags=["history"])


class Asked:
    """Which plays are wanted."""

    def __init__(  # noqa: PLR0917 - one for each part of the query
        self,
        kind: AKind = None,
        source: Annotated[
            Name, Query(description='Only those that it told of first: "viki".')
        ] = None,
        first_day: ADay = None,
        last_day: ADay = None,
        title_id: Annotated[int | None, Query(ge=0, le=MOST_NUMBER)] = None,
        sync_id: Annotated[int | None, Query(ge=0, le=MOST_NUMBER)] = None,
        deleted: Annotated[bool, Query(description="Those that were taken away.")] = False,
        before: Token = None,
        limit: Limit = PER_PAGE,
    ) -> None:
        self.narrowed: dict[str, Any] = {
            "kind": kind, "source": source, "title_id": title_id, "sync_id": sync_id,
            "deleted": deleted, "before": before, "limit": limit, "first_day": first_day,
            "last_day": last_day,
        }  # fmt: skip


@router.get("/history/plays", responses=gives(HistoryPlays, examples.PLAYS))
def plays(request: Request, desk: AtDesk, asked: Annotated[Asked, Depends()]) -> Response:
    """What was watched, narrowed, the newest first."""
    found = history.plays(desk.history.store, **asked.narrowed)
    return answer(request, HistoryPlays(plays=found.rows, next=found.next))


@router.get("/history/plays/{id}", responses=gives(HistoryPlay, examples.PLAY))
def play(request: Request, desk: AtDesk, id_: PlayId) -> Response:
    """One play, also one that was taken away, and who tells of it."""
    store = desk.history.store
    row = history.play(store, id_)
    body = HistoryPlay(play=row, tellings=store.tellings([row.id]).get(row.id, ()))
    return answer(request, body)


@router.get("/history/days", responses=gives(HistoryDays, examples.DAYS))
def days(
    request: Request,
    desk: AtDesk,
    year: Annotated[int, Query(ge=1, le=9999)],
    month: Annotated[int, Query(ge=1, le=12)],
) -> Response:
    """How much was watched on each day of a month."""
    found = desk.history.store.month(year, month)
    return answer(request, HistoryDays(year=year, month=month, days=tuple(found)))


@router.get("/history/titles", responses=gives(HistoryTitles, examples.TITLES))
def titles(  # noqa: PLR0917 - one for each part of the query
    request: Request,
    desk: AtDesk,
    text: Annotated[str, Query(max_length=200, description="Words of any title.")] = "",
    kind: AKind = None,
    before: Token = None,
    limit: Limit = PER_PAGE,
) -> Response:
    """Titles of which anything was watched, what was watched last first."""
    found = history.shelf(desk.history.store, text=text, kind=kind, before=before, limit=limit)
    return answer(request, HistoryTitles(titles=found.rows, next=found.next))


@router.get("/history/titles/{id}", responses=gives(HistoryTitle, examples.TITLE))
def title(request: Request, desk: AtDesk, id_: TitleId) -> Response:
    """All that the history has of one title."""
    one = history.title(desk.history.store, id_, limit=MOST_PER_PAGE)
    whole, tellings = one.history, chain.from_iterable(one.tellings.values())
    body = HistoryTitle(
        title_id=one.title_id, kind=one.kind, title=one.title, year=one.year, owned=one.owned,
        plays=one.plays.rows, tellings=tuple(tellings),
        seen=whole.seen, ratings=whole.ratings, wishes=whole.wishes, progress=whole.progress,
    )  # fmt: skip
    return answer(request, body)


@router.get("/history/progress", responses=gives(HistoryProgress, examples.PROGRESS))
def progress(
    request: Request, desk: AtDesk, before: Token = None, limit: Limit = PER_PAGE
) -> Response:
    """What is begun, and was not watched since."""
    found = history.in_progress(desk.history.store, before, limit)
    return answer(request, HistoryProgress(progress=found.rows, next=found.next))


@router.get("/history/inbox", responses=gives(history_inbox.HistoryInbox, examples.INBOX))
def inbox(
    request: Request,
    desk: AtDesk,
    state: Annotated[
        history_inbox.Stands, Query(description="Of their match; new: nobody asked yet.")
    ] = "review",
    after: Token = None,
    limit: Annotated[int, Query(ge=1, le=50, description="How many at most.")] = 20,
) -> Response:
    """Shows and films of Viki's with what they may be, and works whose ids name two titles."""
    return answer(request, history_inbox.inbox(desk.history.store, state, after or "", limit))


@router.get("/history/inbox/{id}", responses=gives(history_inbox.Matched, examples.MATCHED))
def match(request: Request, desk: AtDesk, id_: VikiId) -> Response:
    """One of them, with all that was ever said of it."""
    return answer(request, history_inbox.container(desk.history.store, id_))


@router.get("/history/syncs", responses=gives(HistorySyncs, examples.SYNCS))
def syncs(
    request: Request,
    desk: AtDesk,
    kind: Annotated[Name, Query(description='Only of this kind: "import", "push".')] = None,
    before: Annotated[int | None, Query(ge=0, le=MOST_NUMBER)] = None,
    limit: Limit = PER_PAGE,
) -> Response:
    """The log of imports, syncs, pushes and undos."""
    there = desk.history
    found = history.syncs(there.store, kind, before, limit)
    body = HistorySyncs(syncs=found.rows, next=found.next, trouble=there.troubles())
    return answer(request, body)


@router.get("/history/syncs/{id}", responses=gives(SyncRow, examples.SYNC))
def sync(request: Request, desk: AtDesk, id_: SyncId) -> Response:
    """One of them."""
    return answer(request, history.sync(desk.history.store, id_))


@router.get("/history/import", responses=gives(history_imports.ImportStanding, examples.IMPORTING))
def importing(request: Request, desk: AtDesk) -> Response:
    """How far the import is that goes on, or what became of the last one."""
    return answer(request, history_imports.standing(desk.history))


@router.get("/history/stats", responses=gives(HistoryStats, examples.STATS))
def stats(request: Request, desk: AtDesk) -> Response:
    """The history in figures."""
    return answer(request, desk.history.store.counts())
