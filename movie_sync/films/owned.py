"""Which films are in the library already, so that none is downloaded twice.

A film is known by its folder `Title (Year)`, else by its file's name; an id in either decides
over both. The one thing to know: "not there" is only ever said after a whole reading. While the
library cannot be read, or has gone, asking raises, for else everything would be downloaded again.
"""

import os
import re
import threading
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path, PurePath

from msgspec import Struct

from movie_sync import releases, titles
from movie_sync.errors import FilesError
from movie_sync.films import contents, names
from movie_sync.films.tree import Tree, VideoFile
from movie_sync.models import Film

FRESH_S = 30.0  # so long an answer is given without looking at the disk again

_TITLE_AND_YEAR = re.compile(r"(?P<title>.+?) \((?P<year>(?:18|19|20)\d\d)\)")
_ID = re.compile(r"tt\d{7}|tmdb", re.IGNORECASE)
_EPISODE = re.compile(
    r"(?<![a-z0-9])(?:s\d{1,2}[ ._-]?e\d{1,3}|season[ ._-]?\d+)(?![a-z0-9])", re.IGNORECASE
)


class Name(Struct, frozen=True):
    """What the name of a folder or file tells of the film in it."""

    titles: tuple[str, ...]
    year: int | None
    imdb_id: str | None = None
    tmdb_id: int | None = None


class Copy(Struct, frozen=True):
    """A film's file, with every name it goes by."""

    path: str
    size_bytes: int
    names: tuple[Name, ...]

    def fits(self, film: Film) -> bool:
        """Whether no id says that it is another film."""
        return not any(
            _differ(name.imdb_id, film.imdb_id) or _differ(name.tmdb_id, film.tmdb_id)
            for name in self.names
        )


class Library:
    """The films in one folder. Safe from several threads.

    Args:
        folder: where the films are.
        known: films are known to be in it, as from an earlier run: then it must not be missing.
        apart: folders in it that are not of the library, as a download folder.
    """

    def __init__(
        self,
        folder: Path,
        *,
        known: bool = False,
        apart: Collection[Path] = (),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folder, self._known = folder, known
        self._tree, self._clock = Tree(folder, apart, clock), clock
        self._read_at: float | None = None
        self._index: _Index | None = None
        self._problem: str | None = None
        self._read_before: dict[str, tuple[VideoFile, Copy | None]] = {}
        self._placed: dict[str, Film] = {}
        self._lock = threading.Lock()

    def refresh(self) -> None:
        """Take in what changed on the disk; cheap where nothing did.

        Raises:
            FilesError: it could not be read as a whole.
        """
        with self._lock:
            self._refresh()

    def find(self, film: Film) -> Path | None:
        """Where the film is, or None if it is not in the library.

        Looks at the disk first if that was not done within half a minute.

        Raises:
            FilesError: that cannot be told, as the last reading failed.
        """
        with self._lock:
            if self._read_at is None or self._clock() - self._read_at >= FRESH_S:
                self._refresh()
            if self._problem:
                raise FilesError(self._problem)
            assert self._index is not None
            found = self._index.find(film)
        return Path(found.path) if found else None

    def add(self, film: Film, path: Path) -> None:
        """Know a film that was just placed, by all its titles and ids."""
        with self._lock:
            self._placed[str(path)] = film
            self._known = True
            if self._index is not None:
                self._index.add(_placed(str(path), film))

    def _refresh(self) -> None:
        self._read_at = self._clock()
        try:
            changed = self._read()
        except OSError as error:
            where = os.fsencode(error.filename or self._folder).decode(errors="replace")
            self._problem = (
                f"{where} could not be read ({error.strerror}); no film is searched until it can"
            )
        if self._problem:
            self._index = None  # built afresh by the next good reading
            raise FilesError(self._problem)
        if changed or self._index is None:
            self._rebuild()

    def _read(self) -> bool:
        self._problem = None
        try:
            changed = self._tree.read()
        except FileNotFoundError:
            if self._folder.is_dir():
                raise
            self._tree.forget()
            changed = True
        if self._known and self._tree.empty:
            there = "is empty, though" if self._folder.is_dir() else "is not there, but"
            self._problem = (
                f"{self._folder} {there} films were in it; no film is searched; is its drive"
                " mounted? if it is, make any folder in it to go on"
            )
        return changed

    def _rebuild(self) -> None:
        self._index = _Index()
        before, self._read_before = self._read_before, {}
        for video in self._tree.videos:
            known, copy = before.get(video.path, (None, None))
            if known is not video:
                copy = read(video)
            self._read_before[video.path] = video, copy
            if film := self._placed.get(video.path):
                copy = _placed(video.path, film, video.size_bytes)
            if copy:
                self._index.add(copy)
                self._known = True
        self._add_placed()

    def _add_placed(self) -> None:
        """Keep what was placed after its folder was read, and forget what is gone."""
        assert self._index is not None
        for path in self._placed.keys() - self._read_before.keys():
            if os.path.lexists(path):
                self._index.add(_placed(path, self._placed[path]))
            else:
                del self._placed[path]


class _Index:
    """Copies by title key and year, by the name of their folder, and by id."""

    def __init__(self) -> None:
        self._by_title: dict[tuple[str, int], list[Copy]] = {}
        self._by_folder: dict[str, list[Copy]] = {}
        self._by_id: dict[str | int, list[Copy]] = {}

    def add(self, copy: Copy) -> None:
        for name in copy.names:
            for film_id in _ids(name):
                self._by_id.setdefault(film_id, []).append(copy)
            if name.year:
                for key in _keys(name.titles):
                    self._by_title.setdefault((key, name.year), []).append(copy)
        folder = os.path.basename(os.path.dirname(copy.path)).casefold()
        self._by_folder.setdefault(folder, []).append(copy)

    def find(self, film: Film) -> Copy | None:
        """The largest copy that is it: by id, else by title and year, else a year off."""
        for film_id in _ids(film):
            if by_id := self._by_id.get(film_id):
                return _largest(by_id)
        if film.year is None:
            return None
        there = self._by_folder.get(names.folder(film).casefold(), ())
        for years in ((film.year,), (film.year - 1, film.year + 1)):
            copies = [*there, *self._titled(film.titles, years)]
            if fitting := [copy for copy in copies if copy.fits(film)]:
                return _largest(fitting)
        return None

    def _titled(self, known: Sequence[str], years: Iterable[int]) -> list[Copy]:
        asked = [(key, year) for year in years for key in _keys(known)]
        return [copy for each in asked for copy in self._by_title.get(each, ())]


def read(video: VideoFile) -> Copy | None:
    """A video file in the library as a copy of a film; None if it is no film or tells none."""
    if _EPISODE.search(video.inner):
        return None
    inner = PurePath(video.inner)
    folders = inner.parts[:-1]
    around = _of_folders(folders)
    title = " ".join(around.titles) if around else ""
    repeats = around and inner.stem.startswith(f"{around.titles[0]} ({around.year})")
    own = None if repeats else _name(inner.stem)
    below = inner.relative_to(folders[0]) if folders else inner
    if contents.is_extra(below, title or " ".join(own.titles if own else ())):
        return None
    told = tuple(name for name in (around, own) if name and (name.year or _ids(name)))
    return Copy(video.path, video.size_bytes, told) if told else None


def _of_folders(folders: Sequence[str]) -> Name | None:
    """What the folder of a film tells: the innermost one that tells anything."""
    for folder in reversed(folders):
        name = _name(folder)
        if name and (name.year or _ids(name)):
            return name
    return None


def _name(text: str) -> Name | None:
    plain = _TITLE_AND_YEAR.match(text)
    if plain and not _ID.search(text):
        return Name((plain["title"],), int(plain["year"]))
    said = releases.read(text)
    if said.kind is releases.Kind.TV:
        return None
    known = (plain["title"], *said.titles) if plain else said.titles
    year = int(plain["year"]) if plain else said.year
    return Name(known, year, said.imdb_id, said.tmdb_id)


def _placed(path: str, film: Film, size_bytes: int = 0) -> Copy:
    return Copy(path, size_bytes, (Name(film.titles, film.year, film.imdb_id, film.tmdb_id),))


def _keys(known: Sequence[str]) -> set[str]:
    return {key for title in known for key in titles.keys(title)}


def _ids(known: Film | Name) -> list[str | int]:
    return [film_id for film_id in (known.imdb_id, known.tmdb_id) if film_id]


def _differ(one: str | int | None, other: str | int | None) -> bool:
    return one is not None and other is not None and one != other


def _largest(copies: Iterable[Copy]) -> Copy:
    return max(copies, key=lambda copy: (copy.size_bytes, copy.path))
