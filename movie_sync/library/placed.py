"""What this program placed itself is known for sure: it says so beside what the names say."""

import threading
from collections.abc import Callable, Collection, Iterator, Mapping

from msgspec.structs import replace

from movie_sync.library.importers import Parted
from movie_sync.library_models import Discovered, Found, Told

MARK = "+"  # behind the fingerprint of such a file: the saying is news, too


class WithPlaced:
    """An importer of a folder into which this program places films.

    Args:
        placed: what lies at which path, as of now.
    """

    def __init__(self, importer: Parted, placed: Callable[[], Mapping[str, Told]]) -> None:
        self.name, self._importer, self._placed = importer.name, importer, placed

    @property
    def unsettled(self) -> tuple[str, ...]:
        return self._importer.unsettled

    @property
    def remembers(self) -> Mapping[str, int | str]:
        return self._importer.remembers

    def scope(self, only: Collection[str]) -> tuple[str, ...]:
        return self._importer.scope(only)

    def discover(
        self,
        known: Mapping[str, str],
        stop: threading.Event,
        only: Collection[str] | None = None,
    ) -> Iterator[Discovered]:
        placed = self._placed()
        # A file whose saying came or went is not as it was.
        before = {
            uri: fingerprint.removesuffix(MARK)
            for uri, fingerprint in known.items()
            if fingerprint.endswith(MARK) == (uri in placed)
        }
        for one in self._importer.discover(before, stop, only):
            said = placed.get(one.path) if isinstance(one, Found) and one.path else None
            if isinstance(one, Found) and said:
                told = (said, *one.told)
                yield replace(one, told=told, fingerprint=one.fingerprint + MARK)
            else:
                yield one
