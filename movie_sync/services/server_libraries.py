"""How any media server is looked through: library by library, and no more than needed.

The one thing to know: what is not told is taken for gone. So a library that fails is `Unread`, and
one of which the server says that nothing changed is told as it is known, for a day at most.
"""

import threading
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from movie_sync.errors import BadAnswer, NotAuthorised, ServiceError, Stopping, Unavailable
from movie_sync.library_models import Discovered, Found, Seen, Unread

ASK_AGAIN = timedelta(days=1)  # not every change is one that the server counts
ODD_ITEMS = 20  # where more are of an unknown form, the form has changed

Known = Mapping[str, str]  # fingerprints by uri


class Library(Struct, frozen=True, kw_only=True):
    """One of a server's."""

    key: str
    name: str
    prefix: str  # of the uris in it: "plex:2:"
    films: bool = False
    shows: bool = False


Told = Iterator[Discovered]
Stand = Callable[[Library, str], str | None]
Read = Callable[[Library, Known], Told]


class Looks:
    """Looks at the libraries of one server, one look at a time.

    Args:
        sections: names of the libraries that are read; all, where there are none.
        holds: what a person says is in it: "films", "shows" or "both".
        marks: as `marks` was after an earlier look; {} if that is not known.
    """

    def __init__(
        self,
        service: str,
        sections: Collection[str] = (),
        holds: str = "both",
        marks: Mapping[str, str] | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.marks: dict[str, str] = dict(marks or {})  # to be kept, and given again
        self._service, self._sections, self._holds = service, tuple(sections), holds
        self._clock = clock

    def look(
        self,
        libraries: Sequence[Library],
        stand: Stand,
        read: Read,
        known: Known,
        stop: threading.Event,
    ) -> Told:
        """What `read` tells of each chosen library, given what is known of it.

        Args:
            stand: how a library stands, by its server; it is given what it said the last time,
                or "", and says the same while nothing changes. None: the server cannot say.

        Raises:
            NotAuthorised, Stopping.
            Unavailable: none of them could be read.
        """
        before, chosen = _parted(known), [one for one in libraries if self._is_chosen(one)]
        yield from self._missing(libraries, chosen, before)
        failures: list[ServiceError] = []
        for one in chosen:
            require_time(stop)
            try:
                yield from self._tell(one, stand, read, before.get(one.prefix, {}))
            except NotAuthorised:
                raise
            except ServiceError as error:
                failures.append(error)
                sentence = f'{self._service}: the library "{one.name}" was not read'
                yield Unread(one.prefix, f"{sentence} ({error.message})")
        if failures and len(failures) == len(chosen) and isinstance(failures[0], Unavailable):
            raise failures[0]

    def _is_chosen(self, library: Library) -> bool:
        wanted = (library.films and self._holds != "shows") or (
            library.shows and self._holds != "films"
        )
        return wanted and (not self._sections or library.name in self._sections)

    def _tell(self, library: Library, stand: Stand, read: Read, known: Known) -> Told:
        asked_at, digest, mark = self._noted(library)
        now, mark_now = self._clock().timestamp(), stand(library, mark)
        # A program that was killed has stored less than it was told.
        same = mark_now is not None and (digest, mark) == (_digest(known), mark_now)
        if same and 0 <= now - asked_at < ASK_AGAIN.total_seconds():
            yield from map(Seen, known)
            return
        self.marks.pop(library.prefix, None)
        told: dict[str, str] = {}
        odd = 0
        for one in read(library, known):
            if isinstance(one, Unread):
                odd += 1
                if odd > ODD_ITEMS:
                    raise BadAnswer(self._service, f"too many items are odd: {one.sentence}")
            elif one.uri in told:
                continue
            else:
                told[one.uri] = one.fingerprint if isinstance(one, Found) else known[one.uri]
            yield one
        if mark_now is not None and not odd:
            self.marks[library.prefix] = f"{now:.0f} {_digest(told)} {mark_now}"

    def _noted(self, library: Library) -> tuple[float, str, str]:
        """When it was read, what was told, and how it stood."""
        parts = self.marks.get(library.prefix, "").split(" ", 2)
        return (float(parts[0]), parts[1], parts[2]) if len(parts) == 3 else (0.0, "", "")

    def _missing(
        self, libraries: Sequence[Library], chosen: Sequence[Library], before: Mapping[str, Known]
    ) -> Iterator[Unread]:
        """A library that a person names and the server does not may be called otherwise now; and
        a server that has none at all has lost its memory."""
        there = {one.name for one in libraries}
        lost = [name for name in self._sections if name not in there]
        if chosen and not lost:
            return
        sentence = f"{self._service} has no library of films or shows that is to be read"
        if lost:
            has = ", ".join(f'"{one.name}"' for one in libraries) or "none"
            sentence = f'{self._service} has no library "{lost[0]}", but {has}'
        read = {one.prefix for one in chosen}
        yield Unread(f"{self._service}:{lost[0] if lost else ''}:", sentence)
        yield from (Unread(prefix, sentence) for prefix in before if prefix not in read)


def require_time(stop: threading.Event) -> None:
    if stop.is_set():
        raise Stopping("the program ends; what was read of the media server is kept")


def _parted(known: Known) -> dict[str, dict[str, str]]:
    """By library: a uri is "plex:2:401:9010"."""
    found: dict[str, dict[str, str]] = {}
    for uri, fingerprint in known.items():
        service, key, _ = uri.split(":", 2)
        found.setdefault(f"{service}:{key}:", {})[uri] = fingerprint
    return found


def _digest(known: Known) -> str:
    """Whatever their order."""
    sums = (zlib.crc32(f"{uri} {fingerprint}".encode()) for uri, fingerprint in known.items())
    return f"{len(known)}-{sum(sums):x}"
