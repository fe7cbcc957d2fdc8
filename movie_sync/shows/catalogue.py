"""Reading TVmaze's catalogue: all of it once, page by page, and then what has changed.

Whatever was read is stored before the mark moves, so a reading may end anywhere: the next one goes
on from there. Changes are found by comparing what TVmaze says of every show with what is stored,
so that it makes no difference how a show came to be behind.
"""

import logging
import threading
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Protocol

import msgspec
from msgspec import Struct

from movie_sync.errors import BadAnswer, NotFound, Stopping
from movie_sync.models import Show
from movie_sync.shows.statements import UNLISTED
from movie_sync.shows.store import HIGHEST_ID, PAGE, ShowStore
from movie_sync.shows.verdict import ShowState, Verdict

log = logging.getLogger(__name__)

Window = Literal["day", "week", "month"]
PER_PAGE = 250
COMPLETE = "shows.complete"  # when the whole index had been read once
UPDATES_AT = "shows.updates_at"  # when changes were asked for, of those that are all stored
FULL_AT = "shows.full_at"  # the same, of all shows and not of a window
ABSENT = "shows.absent"  # JSON: shows that changes were told of, but that are not there
WINDOWS: dict[Window, timedelta] = {
    "day": timedelta(days=1),
    "week": timedelta(days=7),
    "month": timedelta(days=28),
}
STALE = timedelta(hours=2)  # what changes are told from may be an hour old; and room
FULL_EVERY = timedelta(days=30)
AT_ONCE = 20  # shows that are asked for singly and stored together
MOST_BAD = 3  # of unknown form, then it is not the show that is wrong
LEAST_DOUBTED = 10  # fewer shows than these may be gone at once, however small the catalogue is


class Source(Protocol):
    """TVmaze, or what stands in for it."""

    def page(self, number: int) -> list[Show] | None: ...
    def show(self, tvmaze_id: int) -> Show: ...
    def updates(self, since: Window | None = None) -> dict[int, int]: ...


class Read(Struct):
    """What a reading has come to so far."""

    kind: Literal["first", "changes"]
    requests: int = 0
    page: int | None = None  # the last one of the index
    stored: int = 0  # shows
    new: int = 0  # among them
    judged: int = 0  # states that changed
    unlisted: int = 0  # shows that TVmaze has no more


Judge = Callable[[Show], Verdict]
Tell = Callable[[Read], object]


def read_catalogue(
    source: Source,
    store: ShowStore,
    judge: Judge,
    now: datetime,
    stop: threading.Event,
    *,
    window: Window = "day",
    tell: Tell = lambda read: None,
) -> Read:
    """The first reading where it is not complete yet, else what has changed since the last one.

    Args:
        window: least time that changes are asked for.
        tell: called after each part that was stored.

    Raises:
        Stopping: what was read by then is stored.
        ServiceError: the same; the next reading goes on from there.
        FilesError: nothing of the page in hand was stored.
    """
    reader = _Reader(source, store, judge, now, stop, tell)
    if store.meta(COMPLETE) is None:
        return reader.read_all()
    return reader.read_changes(window)


@dataclass
class _Reader:
    source: Source
    store: ShowStore
    judge: Judge
    now: datetime
    stop: threading.Event
    tell: Tell
    read: Read = field(default_factory=lambda: Read("first"))

    def read_all(self) -> Read:
        done = self.store.meta(PAGE)
        number = int(done) + 1 if done is not None else 0
        if number:
            log.info("tvmaze: the first reading goes on from page %d", number)
        while (found := self._page(number)) is not None:
            verdicts = {show.tvmaze_id: self.judge(show) for show in found}
            self.read.judged += self.store.save_page(number, found, verdicts, self.now)
            self.read.stored += len(found)
            self.read.new += len(found)
            self.read.page = number
            self.tell(self.read)
            number += 1
        if number == 0:
            raise BadAnswer("tvmaze", "the index has no first page; look at shows.base_url")
        self.store.set_meta({COMPLETE: self.now.isoformat()})
        return self.read

    def read_changes(self, least: Window) -> Read:
        self.read.kind = "changes"
        since = _window(self.store, least, self.now)
        self._ask()
        told = self.source.updates(since)
        known = self.store.updated_map()
        absent = self._absent()
        wanted = {
            tvmaze_id: at
            for tvmaze_id, at in told.items()
            if known.get(tvmaze_id, -1) < at and absent.get(tvmaze_id) != at
        }
        if since is None:
            wanted |= self._compare_all(told, known)
        missing = self._fetch(wanted, known)
        at = self.now.isoformat()
        marks = {UPDATES_AT: at, ABSENT: msgspec.json.encode(absent | missing).decode()}
        self.store.set_meta(marks | ({FULL_AT: at} if since is None else {}))
        return self.read

    def _compare_all(self, told: Mapping[int, int], known: Mapping[int, int]) -> dict[int, int]:
        """Shows that are gone are marked, those that are back are wanted again."""
        gone = known.keys() - told.keys()
        if len(gone) > max(LEAST_DOUBTED, len(known) // 100):
            message = "tvmaze: %d of %d shows are missing from all changes; none is taken for gone"
            log.warning(message, len(gone), len(known))
        elif gone:
            self.read.unlisted += self.store.unlist(gone, self.now)
        away = {
            known_id
            for known_id, row in self.store.states(ShowState.GONE).items()
            if row.code == UNLISTED
        }
        return {known_id: told[known_id] for known_id in away & told.keys()}

    def _fetch(self, wanted: Mapping[int, int], known: Mapping[int, int]) -> dict[int, int]:
        """Read and store these; singly, or whole pages where that is fewer requests.

        Returns those that are not there.
        """
        left = dict(wanted)
        highest = int(self.store.meta(HIGHEST_ID) or 0)
        if len(wanted) > highest // PER_PAGE + 1:
            self._fetch_pages(left, known)
        missing: dict[int, int] = {}
        found: list[Show] = []
        bad: list[BadAnswer] = []
        try:
            for tvmaze_id, at in sorted(left.items()):
                try:
                    found.append(self._single(tvmaze_id))
                except NotFound:
                    missing[tvmaze_id] = at
                except BadAnswer as error:
                    bad.append(error)
                    if len(bad) == MOST_BAD:
                        break
                else:
                    if found[-1].tvmaze_id != tvmaze_id:  # two were merged into one
                        missing[tvmaze_id] = at
                if len(found) == AT_ONCE:
                    self._save(found, known)
                    found = []
        finally:
            self._save(found, known)
        self.read.unlisted += self.store.unlist(missing.keys() & known.keys(), self.now)
        if bad:
            raise bad[0]
        return missing

    def _fetch_pages(self, left: dict[int, int], known: Mapping[int, int]) -> None:
        """Take from `left` what pages of the index have as new as it should be."""
        by_page: dict[int, list[int]] = defaultdict(list)
        for tvmaze_id in left:
            by_page[tvmaze_id // PER_PAGE].append(tvmaze_id)
        for number, ids in sorted(by_page.items()):
            if len(ids) == 1:
                continue
            found = self._page(number)
            if found is None:  # the index is older than the newest shows
                return
            fresh = [show for show in found if show.updated_s >= left.get(show.tvmaze_id, 2**63)]
            self._save(fresh, known)
            for show in fresh:
                del left[show.tvmaze_id]

    def _save(self, found: Collection[Show], known: Mapping[int, int]) -> None:
        if not found:
            return
        verdicts = {show.tvmaze_id: self.judge(show) for show in found}
        highest = max(verdicts)
        judged = self.store.save(found, verdicts, self.now, highest_id=highest)
        self.read.judged += judged
        self.read.stored += len(found)
        self.read.new += len(verdicts.keys() - known.keys())
        self.tell(self.read)

    def _page(self, number: int) -> list[Show] | None:
        self._ask()
        return self.source.page(number)

    def _single(self, tvmaze_id: int) -> Show:
        self._ask()
        return self.source.show(tvmaze_id)

    def _ask(self) -> None:
        if self.stop.is_set():
            raise Stopping("the program is stopping; what was read of the catalogue is stored")
        self.read.requests += 1

    def _absent(self) -> dict[int, int]:
        text = self.store.meta(ABSENT) or "{}"
        return {int(key): at for key, at in msgspec.json.decode(text, type=dict[str, int]).items()}


def _window(store: ShowStore, least: Window, now: datetime) -> Window | None:
    """The shortest that reaches back to the last reading; None is all shows there are."""
    last, full = store.meta(UPDATES_AT), store.meta(FULL_AT)
    if last is None or full is None or not timedelta() <= now - _moment(full) < FULL_EVERY:
        return None
    away = now - _moment(last) + STALE
    long_enough = list(WINDOWS)[list(WINDOWS).index(least) :]
    if away < STALE:  # the clock was set back
        return None
    return next((name for name in long_enough if WINDOWS[name] >= away), None)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
