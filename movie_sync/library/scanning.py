"""One scan from its beginning to its end, for a command: what a running program does bit by bit.

It looks at the sources that are named, says of every file what it is, and, where that is wished,
has everything told that is lacking. What it has come to is told in figures.
"""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from msgspec import Struct

from movie_sync.errors import Stopping
from movie_sync.library.ingest import Look
from movie_sync.library.rounds import Turn
from movie_sync.library.rows import Saved
from movie_sync.library.running import Library


class Outcome(Struct, frozen=True, kw_only=True):
    """What a scan has come to, in files unless said otherwise."""

    sources: tuple[str, ...]
    discovered: int
    new: int
    changed: int
    moved: int
    back: int  # found again after they were gone
    gone: int
    held: int  # not found, and not believed to be gone
    matched: int  # of which it was said here what they are
    needs_review: int  # of which a person has to say so, now as before
    waiting: int  # for the world to be asked what they are
    unprobed: int  # that were not looked into yet
    enriched: int  # files and titles of which more was told
    failed: int  # of these, what could not be told now; it is tried again
    broken: int  # that cannot be used
    films: int  # in all, as are these
    shows: int
    episodes: int
    files: int
    problems: dict[str, str]  # of sources that could not be read whole


def scan(
    library: Library,
    stop: threading.Event,
    *,
    source: str | None = None,
    accept: bool = False,
    tell_all: bool = False,
    at_once: int = 1,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Outcome:
    """Look at one source, or at all of them.

    Args:
        accept: what is not found is gone.
        tell_all: have everything told that is lacking, too: by TMDB, and of what is in each file.
        at_once: how many things are told at once.

    Raises:
        NotQueued: there is no such source.
        FilesError, ServiceError: the database's; what was found before is stored.
        Stopping: `stop` was set.
    """
    names = library.named(source)
    library.begin()
    told_before = library.enriching.told
    said: Counter[str] = Counter()
    looks = []
    for name in names:
        look = library.look_at(Turn(library.places[name], accept=accept), clock())
        looks += [look] if look else []
        said += library.recognise(clock())  # with what a kill left
        _go_on(stop)
    if tell_all:
        _tell_all(library, stop, at_once, clock)
    _go_on(stop)
    return _outcome(library, names, looks, said, library.enriching.told - told_before)


def _tell_all(
    library: Library, stop: threading.Event, at_once: int, clock: Callable[[], datetime]
) -> None:
    """Until nobody finds anything to do: what one tells may be what another waits for."""

    def work(_: int) -> bool:
        did = False
        while not stop.is_set() and library.asset_pass(clock()) == 0.0:
            did = True
        return did

    with ThreadPoolExecutor(at_once) as workers:
        try:
            while any(list(workers.map(work, range(at_once)))) and not stop.is_set():
                pass
        except BaseException:  # also Ctrl+C, which reaches this thread alone
            stop.set()
            raise


def _outcome(
    library: Library, names: Sequence[str], looks: Sequence[Look], said: Counter[str], told: int
) -> Outcome:
    saved = sum((look.saved for look in looks), Saved())
    counts = library.store.counts()
    same = ("films", "shows", "episodes", "files", "unprobed", "waiting", "broken")
    return Outcome(
        sources=tuple(names),
        discovered=sum(look.discovered for look in looks),
        held=sum(look.held for look in looks),
        matched=said["matched"],
        needs_review=counts.review,
        enriched=told,
        failed=library.enriching.failed(),
        problems={name: why for name, why in library.problems.items() if name in names},
        **{name: getattr(saved, name) for name in ("new", "changed", "moved", "back", "gone")},
        **{name: getattr(counts, name) for name in same},
    )


def _go_on(stop: threading.Event) -> None:
    if stop.is_set():
        raise Stopping("the scan was ended; what was found until then is stored")
