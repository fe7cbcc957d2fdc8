"""What was watched as plain data: a calendar, lists, a title's own history, and the log of syncs.

Every list goes on by its `next`, a text that its next page is asked for with; None is its end.
What is large is imported where it is used: this module is there also while the history is off.
"""

import re
from calendar import Calendar
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Generic, TypeVar

from msgspec import Struct

from movie_sync.errors import NotFound
from movie_sync.history.rows import (
    Counts,
    PlayRow,
    ProgressRow,
    SyncRow,
    TellingRow,
    TitleHistory,
)
from movie_sync.library_models import Kind
from movie_sync.views.library import MOST_ID

if TYPE_CHECKING:
    from movie_sync.history.shelf_rows import ShelfRow
    from movie_sync.history.store import HistoryStore
    from movie_sync.library.page_rows import TitleRow
    from movie_sync.library.store import LibraryStore

PER_PAGE = 50
MOST_FOUND = 300  # titles that a search by words names
SHADES = 4  # of a day in the calendar
FIRST_YEAR, LAST_YEAR = 1900, 2200
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TOKEN = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,10}){1,2}")

Row = TypeVar("Row")


class Listed(Struct, Generic[Row], frozen=True, kw_only=True):
    """Some rows, and where the next ones begin."""

    rows: tuple[Row, ...]
    next: str | None


class Cell(Struct, frozen=True):
    """A day of the calendar."""

    day: date
    plays: int
    shade: int  # 0: nothing was watched, to 4: the most of this month


class Month(Struct, frozen=True, kw_only=True):
    """A month as a calendar has it. Weeks begin on Monday."""

    first: date
    weeks: tuple[tuple[Cell | None, ...], ...]
    plays: int
    before: date | None  # the month before; None: there was nothing yet
    after: date | None  # None: it is still to come


class Years(Struct, frozen=True, kw_only=True):
    """How much was watched in each year, and in each month of one."""

    years: dict[int, int]
    months: tuple[tuple[date, int], ...]


class WatchedTitle(Struct, frozen=True, kw_only=True):
    """All that the history has of one title."""

    title_id: int
    kind: Kind
    title: str
    year: int | None
    plays: Listed[PlayRow]
    history: TitleHistory  # all but its plays
    tellings: dict[int, tuple[TellingRow, ...]]  # who tells of each play
    owned: bool  # a file of it is there


def month(store: "HistoryStore", first: date, today: date) -> Month:
    """The one that begins on this day."""
    found = store.month(first.year, first.month)
    counts = {one.day: one.plays for one in found}
    most = max(counts.values(), default=0)
    weeks = Calendar().monthdatescalendar(first.year, first.month)
    later, earlier = _step(first, 1), _step(first, -1)
    return Month(
        first=first,
        weeks=tuple(
            tuple(_cell(day, counts, most) if day.month == first.month else None for day in week)
            for week in weeks
        ),
        plays=sum(counts.values()),
        before=earlier if earlier.year >= FIRST_YEAR else None,
        after=later if later <= today else None,
    )


def years(store: "HistoryStore", year: int) -> Years:
    """Of all years, and of the months of this one."""
    starts = [date(year, number, 1) for number in range(1, 13)]
    plays = [sum(one.plays for one in store.month(year, first.month)) for first in starts]
    return Years(years=store.years(), months=tuple(zip(starts, plays, strict=True)))


def newest_month(store: "HistoryStore", today: date) -> date:
    """The month of the newest play that is not of the future; this one where there is none."""
    newest = store.plays(last_day=today, limit=1)
    day = (newest[0].local_day if newest else None) or today
    return day.replace(day=1)


def plays(
    store: "HistoryStore",
    *,
    kind: Kind | None = None,
    source: str | None = None,
    first_day: date | None = None,
    last_day: date | None = None,
    title_id: int | None = None,
    sync_id: int | None = None,
    deleted: bool = False,
    before: str | None = None,
    limit: int = PER_PAGE,
) -> Listed[PlayRow]:
    """The newest first."""
    found = store.plays(
        kind=kind, source=source, first_day=first_day, last_day=last_day, title_id=title_id,
        sync_id=sync_id, deleted=deleted, before=_two(before), limit=limit + 1,
    )  # fmt: skip
    return _listed(found, limit, lambda row: f"{row.at_s}.{row.id}")


def undated(
    store: "HistoryStore", before: str | None = None, limit: int = PER_PAGE
) -> Listed[PlayRow]:
    """What was watched nobody knows when; in the order of time it stands at 0."""
    found = store.plays(before=_two(before) or (1, 0), limit=limit + 1)
    rows = [row for row in found if row.watched_at is None]
    return _listed(rows, limit, lambda row: f"{row.at_s}.{row.id}")


def play(store: "HistoryStore", play_id: int) -> PlayRow:
    """Raises NotFound: there is none."""
    found = store.play(play_id) if play_id <= MOST_ID else None
    if found is None:
        raise NotFound("history", f"there is no play {play_id}")
    return found


def in_progress(
    store: "HistoryStore", before: str | None = None, limit: int = PER_PAGE
) -> Listed[ProgressRow]:
    """What is begun and was not watched since, the newest first."""
    found = store.in_progress(before=_three(before), limit=limit + 1)
    return _listed(found, limit, lambda row: f"{row.at_s}.{row.title_id}.{row.episode_id or 0}")


def shelf(
    store: "HistoryStore",
    *,
    text: str = "",
    kind: Kind | None = None,
    before: str | None = None,
    limit: int = PER_PAGE,
) -> "Listed[ShelfRow]":
    """Titles, what was watched last first; with words, those that are called so."""
    from movie_sync.history.shelf import shelf as shelf_of
    from movie_sync.library.page_rows import Filters

    only = None
    if text.strip():
        every = Filters(having="all")
        named = library_of(store).titles(kind, text, every, limit=MOST_FOUND).rows
        only = [row.id for row in named]
    found = shelf_of(store.db, kind=kind, only=only, before=_two(before), limit=limit + 1)
    return _listed(found, limit, lambda row: f"{row.last_s}.{row.title_id}")


def title(
    store: "HistoryStore", title_id: int, before: str | None = None, limit: int = PER_PAGE
) -> WatchedTitle:
    """Raises NotFound: there is no such title."""
    row = title_row(store, title_id)
    listed = plays(store, title_id=row.id, before=before, limit=limit)
    return WatchedTitle(
        title_id=row.id, kind=row.kind, title=row.title, year=row.year, plays=listed,
        history=store.title_history(row.id, 1), owned=row.files > 0,
        tellings=store.tellings([one.id for one in listed.rows]),
    )  # fmt: skip


def title_row(store: "HistoryStore", title_id: int) -> "TitleRow":
    """Raises NotFound: there is no such title."""
    row = library_of(store).row(title_id) if title_id <= MOST_ID else None
    if row is None:
        raise NotFound("history", f"there is no title {title_id}")
    return row


def syncs(
    store: "HistoryStore", kind: str | None = None, before: int | None = None, limit: int = PER_PAGE
) -> Listed[SyncRow]:
    """The log, the newest first."""
    found = store.syncs(kind=kind, before_id=before, limit=limit + 1)
    return _listed(found, limit, lambda row: str(row.id))


def sync(store: "HistoryStore", sync_id: int) -> SyncRow:
    """Raises NotFound: there is none."""
    found = store.sync(sync_id) if sync_id <= MOST_ID else None
    if found is None:
        raise NotFound("history", f"there is no sync {sync_id}")
    return found


def counts(store: "HistoryStore") -> Counts:
    return store.counts()


def day_of(text: str | None) -> date | None:
    """ "2026-11-20"; None where it is none, or lies centuries away."""
    if not text or not _DAY.fullmatch(text):
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def library_of(store: "HistoryStore") -> "LibraryStore":
    """Titles are the library's, whether it is on or off."""
    from movie_sync.library.store import LibraryStore

    return LibraryStore(store.db)


def _cell(day: date, counts: dict[date, int], most: int) -> Cell:
    number = counts.get(day, 0)
    return Cell(day, number, -(-number * SHADES // most) if number else 0)


def _step(first: date, months: int) -> date:
    number = first.year * 12 + first.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def _two(token: str | None) -> tuple[int, int] | None:
    """What makes no sense is the beginning."""
    first, second, *_ = (*_numbers(token), None, None)
    return None if first is None or second is None else (first, second)


def _three(token: str | None) -> tuple[int, int, int] | None:
    first, second, third, *_ = (*_numbers(token), None, None, None)
    return None if first is None or second is None or third is None else (first, second, third)


def _numbers(token: str | None) -> tuple[int, ...]:
    if not token or not _TOKEN.fullmatch(token):
        return ()
    return tuple(map(int, token.split(".")))


def _listed(found: list[Row], limit: int, token: Callable[[Row], str]) -> Listed[Row]:
    rows = tuple(found[:limit])
    more = token(rows[-1]) if len(found) > limit else None
    return Listed(rows=rows, next=more)
