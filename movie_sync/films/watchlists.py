"""What every watchlist said last, kept in `watchlist.json`, and what may be concluded from it.

A reading that failed, broke off or came back empty takes nothing away. A film is gone from a list
only when three complete readings in a row lack it; if that would be more than ten films and a
fifth of the list, or all of it, a person is asked first. A film stays in `films` until the queues
know that it is gone, so that a crash in between only tells them again.
"""

import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

import msgspec

from movie_sync import atomic
from movie_sync.errors import Blocked, FilesError, NotAuthorised, ServiceError, Unavailable
from movie_sync.models import Moment, Watchlist
from movie_sync.queue_upgrade import is_earlier
from movie_sync.retries import LONGEST_WAIT, after_block

GONE_AFTER = 3  # complete readings in a row
MANY, MANY_SHARE = 10, 0.2
SOON = timedelta(minutes=5)
LOGIN_PAUSE = timedelta(hours=6)


class Cause(StrEnum):
    """What it takes to end the problem of a source."""

    BLOCKED = "blocked"  # it answers others, but not us
    LOGIN = "login"
    CONFIRM = "confirm"  # a person has to say that so many films may go
    OTHER = "other"  # mostly time


class Listed(msgspec.Struct, omit_defaults=True):
    """One source as it was last seen."""

    films: dict[str, str] = {}  # the film's key there -> the id of its item
    absent: dict[str, int] = {}  # key -> complete readings in a row that lack it
    confirmed: list[str] = []  # keys whose going a person has confirmed
    read_at: Moment | None = None  # of the last complete reading
    problem: str | None = None  # why the last reading was not, as a sentence
    problem_since: Moment | None = None
    cause: Cause | None = None  # of the problem
    failures: int = 0
    next_at: Moment | None = None

    def due(self, every: timedelta, now: datetime) -> bool:
        """Whether to read it now. No longer wait is believed than one that we would set: the
        interval may have been shortened since, or the clock put right."""
        if self.next_at is None:
            return True
        longest = max(every, LONGEST_WAIT) if self.failures else every
        return not now < self.next_at <= now + longest

    @property
    def in_doubt(self) -> bool:
        """Whether it may list more than is known. A feed is never whole, and that is no doubt."""
        if self.failures:
            return True
        return self.read_at is not None and self.problem is not None


class _File(msgspec.Struct):
    sources: dict[str, Listed]


class Memory:
    """`watchlist.json`, for the monitor, and for a person who confirms what it doubts."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.sources = read(path)
        self._lock = threading.Lock()

    def of(self, source: str) -> Listed:
        return self.sources.setdefault(source, Listed())

    def doubt(self, sources: Collection[str]) -> str | None:
        """Why it cannot be told what these sources list now, as a sentence; None where it can."""
        if not sources:
            return "no watchlist is followed"
        for source in sources:
            listed = self.sources.get(source)
            if listed is None or listed.next_at is None:
                return f"{source} was not read yet"
            if listed.in_doubt:
                return f"{source} could not be relied on when it was last read"
        return None

    def save(self) -> None:
        try:
            with self._lock:
                text = msgspec.json.format(msgspec.json.encode(_File(self.sources)), indent=1)
                atomic.write(self.path, [text, b"\n"], keep_previous=True)
        except OSError as error:
            raise FilesError(f"{self.path} cannot be written ({error.strerror})") from error

    def failed(
        self, source: str, error: ServiceError | FilesError, now: datetime, every: timedelta
    ) -> bool:
        """Note a reading that could not begin. True when a person has not been told of it yet."""
        with self._lock:
            listed = self.of(source)
            listed.failures += 1
            listed.next_at = now + _wait(error, listed.failures, every)
            listed.cause = _cause(error)
            return _note(listed, _sentence(error, len(listed.films)), now)

    def succeeded(
        self, seen: Watchlist, ids: Mapping[str, str], now: datetime, every: timedelta
    ) -> tuple[list[str], bool]:
        """Note a reading, complete or not.

        Args:
            ids: of the item of each film seen, by the film's key.

        Returns:
            The keys of films that are gone from this list for good, to be given to `forget` once
            the queues know; and whether a person has not been told of its problem yet.
        """
        with self._lock:
            listed = self.of(seen.source)
            listed.failures, listed.next_at = 0, now + every
            listed.absent = {k: times for k, times in listed.absent.items() if k not in ids}
            problem, gone = _doubt(seen), list[str]()
            listed.cause = Cause.OTHER if problem else None
            if seen.complete:
                listed.read_at = now
                problem, gone = _take_away(seen, listed, ids)
            listed.films.update(ids)
            listed.confirmed = [key for key in listed.confirmed if key in listed.absent]
            return gone, _note(listed, problem, now)

    def forget(self, source: str, keys: Iterable[str]) -> None:
        """These films are no longer wanted by this list, and the queues know."""
        with self._lock:
            listed = self.of(source)
            for key in keys:
                listed.films.pop(key, None)
                listed.absent.pop(key, None)
            listed.confirmed = [key for key in listed.confirmed if key in listed.absent]

    def confirm(self, source: str) -> int:
        """A person says that what is absent now may go; returns how many films that are."""
        with self._lock:
            listed = self.of(source)
            listed.confirmed = list(listed.absent)
            listed.next_at = None
            return len(listed.confirmed)

    def hasten(self, source: str) -> None:
        """A person wants it read at the next pass, whatever it waits for."""
        with self._lock:
            self.of(source).next_at = None


def read(path: Path) -> dict[str, Listed]:
    """What `watchlist.json` holds; nothing where there is none yet.

    Raises:
        FilesError: it is damaged.
    """
    try:
        text = path.read_bytes()
        if is_earlier(path):  # the next reading tells all that it held
            return {}
        return msgspec.json.decode(text, type=_File).sources
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, msgspec.MsgspecError) as error:
        raise FilesError(
            f"{path} cannot be read ({error}); no watchlist was read; copy {path.name}~ over it, "
            "or move it away: what is wanted is in the queues"
        ) from error


def _sentence(error: ServiceError | FilesError, kept: int) -> str:
    """Without the source's name, which stands before it wherever it is shown."""
    said = error.message if isinstance(error, ServiceError) else str(error)
    return f"{said}; {kept} films kept" if kept else f"{said}; nothing was added"


def _doubt(seen: Watchlist) -> str | None:
    if seen.complete:
        return None
    return seen.problem or "it was not read as a whole; its films stay as they are"


def _take_away(
    seen: Watchlist, listed: Listed, ids: Mapping[str, str]
) -> tuple[str | None, list[str]]:
    """Count what a complete reading lacks; says what is wrong, or which films are gone."""
    absent = [key for key in listed.films if key not in ids]
    listed.absent = {key: listed.absent.get(key, 0) + 1 for key in absent}
    if held := _held(seen, listed, absent):
        listed.cause = Cause.CONFIRM
        return held, []
    return seen.problem, [key for key, times in listed.absent.items() if times >= GONE_AFTER]


def _held(seen: Watchlist, listed: Listed, absent: Sequence[str]) -> str | None:
    """Why so many missing films are not believed to be gone, or None."""
    asked = [key for key in absent if key not in listed.confirmed]
    total = len(listed.films)
    few = len(asked) <= MANY or len(asked) <= total * MANY_SHARE
    if not asked or (few and len(absent) < total):
        return None
    lists = f"lacks {len(absent)} of {total} films" if seen.films else "lists no films any more"
    return (
        f"it {lists}; all {total} stay as they are; if that is right, say "
        f'"watchlist confirm {seen.source}"'
    )


def _note(listed: Listed, problem: str | None, now: datetime) -> bool:
    """True when this is another problem than before."""
    if problem is None:
        listed.problem, listed.problem_since = None, None
        return False
    new = listed.problem != problem
    listed.problem, listed.problem_since = problem, listed.problem_since or now
    return new


def _cause(error: ServiceError | FilesError) -> Cause:
    match error:
        case Blocked():
            return Cause.BLOCKED
        case NotAuthorised():
            return Cause.LOGIN
    return Cause.OTHER


def _wait(error: ServiceError | FilesError, failures: int, every: timedelta) -> timedelta:
    """When a source that failed is asked again: soon after an outage, late after a block."""
    if isinstance(error, Blocked):
        return after_block(failures - 1)
    if isinstance(error, Unavailable):
        wish = min(timedelta(seconds=error.retry_after_s or 0), LONGEST_WAIT)
        return max(wish, min(every, SOON * (1 << min(failures - 1, 10))))
    if isinstance(error, NotAuthorised):
        return max(every, LOGIN_PAUSE)
    return every
