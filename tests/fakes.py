"""Services that answer from memory, or raise what they are given. `asked` tells what they were."""

from collections.abc import Collection, Sequence
from pathlib import Path

from movie_sync.models import Film, Phase, Release, Transfer, Watchlist
from movie_sync.torrents import read


class FakeSource:
    """A watchlist that gives these readings in turn, the last one again and again."""

    def __init__(self, *readings: Watchlist | Exception, name: str = "letterboxd:alice") -> None:
        self.name, self.readings, self.asked = name, list(readings), 0

    def read(self) -> Watchlist:
        self.asked += 1
        given = self.readings.pop(0) if len(self.readings) > 1 else self.readings[0]
        if isinstance(given, Exception):
            raise given
        return given


class FakeFacts:
    """Knows films by their key."""

    name = "fakefacts"
    adds = ("imdb_id",)

    def __init__(self, *films: Film, error: Exception | None = None) -> None:
        self.films = {film.key: film for film in films}
        self.error = error
        self.asked: list[str] = []

    def facts(self, film: Film) -> Film | None:
        self.asked.append(film.key)
        if self.error:
            raise self.error
        return self.films.get(film.key)


class FakeIndexer:
    """Lists the same releases for every film; a torrent may be given for each, by its id."""

    def __init__(
        self,
        *releases: Release,
        torrents: dict[str, bytes | Exception] | None = None,
        error: Exception | None = None,
        name: str = "fake",
    ) -> None:
        self.name, self.error = name, error
        self.releases: Sequence[Release] = releases
        self.torrents = torrents or {}
        self.asked: list[str] = []

    def search(self, film: Film) -> list[Release]:
        return self._listed(f"search {film}")

    def latest(self) -> list[Release]:
        return self._listed("latest")

    def fetch(self, release: Release) -> bytes:
        self.asked.append(f"fetch {release.id}")
        given = self.torrents[release.id]
        if isinstance(given, Exception):
            raise given
        return given

    def check(self) -> str:
        return "well"

    def _listed(self, what: str) -> list[Release]:
        self.asked.append(what)
        if self.error:
            raise self.error
        return list(self.releases)


class FakeClient:
    """Has what was added to it, loading at nothing until a test says otherwise.

    `error` is raised by every call, `add_error` by `add` alone; with `takes_it_first` it has the
    torrent all the same.
    """

    name = "fakeclient"

    def __init__(self, *, shared: bool = True) -> None:
        self.shared = shared
        self.error: Exception | None = None
        self.add_error: Exception | None = None
        self.takes_it_first = False
        self.asked: list[str] = []
        self.had: dict[str, Transfer] = {}
        self.removed: list[tuple[str, bool]] = []  # handle, and whether its files went too
        self.labels: dict[str, str] = {}

    def check(self) -> str:
        self._ask("check")
        return "well"

    def add(self, torrent: bytes, save_to: Path) -> str:
        self._ask("add")
        handle = read(torrent, self.name).handle
        if self.add_error and not self.takes_it_first:
            raise self.add_error
        self.had.setdefault(
            handle, Transfer(handle=handle, name="x", phase=Phase.LOADING, progress=0.0)
        )
        if self.add_error:
            raise self.add_error
        return handle

    def transfers(self, handles: Collection[str]) -> dict[str, Transfer]:
        self._ask("transfers")
        return {handle: self.had[handle] for handle in handles if handle in self.had}

    def remove(self, handle: str, *, with_files: bool) -> None:
        self._ask("remove")
        if self.had.pop(handle, None):
            self.removed.append((handle, with_files))

    def relabel(self, handle: str, label: str) -> None:
        self._ask("relabel")
        if handle in self.had:
            self.labels[handle] = label

    def close(self) -> None:
        self.asked.append("close")

    def _ask(self, what: str) -> None:
        self.asked.append(what)
        if self.error:
            raise self.error
