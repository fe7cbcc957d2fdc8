"""Which films are in the library already, so that none is downloaded twice.

A film is known by its folder `Title (Year)`, else by its file's name; an id in either decides
over both. The one thing to know: "not there" is only ever said after a whole reading. While the
library cannot be read, or has gone, asking raises, for else everything would be downloaded again.
"""

import os
import re
import threading
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from movie_sync import titles
from movie_sync.errors import FilesError
from movie_sync.films import names, owned_names
from movie_sync.films.items import film_of
from movie_sync.films.owned_names import Name, Told
from movie_sync.films.tree import Tree, VideoFile
from movie_sync.media_names import DISC_FOLDERS
from movie_sync.models import Film, Item

FRESH_S = 30.0  # so long an answer is given without looking at the disk again

_PART = re.compile(r"(?<![a-z0-9])(?:cd|dis[ck]|dvd|part|pt)[ ._-]?[1-9](?![a-z0-9])")
_PART_FOLDER = re.compile(r"(?:cd|disc|dvd)[ ._-]?[1-9]")  # a "disk1" is a drive


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
        memory: the file to keep in what names tell, so that a start reads none again.
    """

    def __init__(
        self,
        folder: Path,
        *,
        known: bool = False,
        apart: Collection[Path] = (),
        memory: Path | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folder, self._known, self._memory = folder, known, memory
        self._tree, self._clock = Tree(folder, apart, clock), clock
        self._read_at: float | None = None
        self._index: _Index | None = None
        self._problem: str | None = None
        self._told: dict[str, Told] | None = None  # None: not yet recalled
        self._placed: dict[str, Film | Item] = {}  # an item is held anyway, and a film is not
        self._lock = threading.Lock()
        self._elsewhere: Callable[[Film], Sequence[Path]] = lambda _: ()

    def ask_also(self, elsewhere: Callable[[Film], Sequence[Path]]) -> None:
        """Films may lie in other places too, as one who knows those can say, largest copy first;
        it raises FilesError where it cannot."""
        self._elsewhere = elsewhere

    def refresh(self) -> None:
        """Take in what changed on the disk; cheap where nothing did.

        Raises:
            FilesError: it could not be read as a whole.
        """
        with self._lock:
            self._refresh()

    def find(self, film: Film) -> Path | None:
        """Where the film is, its largest copy, or None if it is neither here nor elsewhere.

        Looks at the disk first if that was not done within half a minute.

        Raises:
            FilesError: that cannot be told, as the last reading failed.
        """
        found = self._copies(film)
        if found:
            return Path(found[0].path)
        return next(iter(self._elsewhere(film)), None)

    def copies(self, film: Film) -> tuple[Path, ...]:
        """All copies of the film, largest first; of one in parts or on a disc its largest file.

        Looks at the disk, and raises, as `find` does.
        """
        whole: dict[str, Path] = {}
        for copy in self._copies(film):
            whole.setdefault(_whole(copy.path), Path(copy.path))
        there = [path for path in self._elsewhere(film) if path not in whole.values()]
        return (*whole.values(), *there)

    def _copies(self, film: Film) -> list[Copy]:
        with self._lock:
            if self._read_at is None or self._clock() - self._read_at >= FRESH_S:
                self._refresh()
            if self._problem:
                raise FilesError(self._problem)
            return (self._index or self._rebuild()).find(film)

    def add(self, film: Film | Item, path: Path | str) -> None:
        """Know a film that was placed, by all its titles and ids."""
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
        if changed:
            self._index = None  # built when it is asked next: many films may be placed before
        if self._index is None and not self._known:
            self._rebuild()  # a folder that loses all films must be known to have had some

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

    def _rebuild(self) -> "_Index":
        index = self._index = _Index()
        there = set()
        for video, told in self._tell():
            placed = self._placed.get(video.path)
            there.add(video.path)
            if placed:
                index.add(_placed(video.path, placed, video.size_bytes))
            elif told.names:
                index.add(Copy(video.path, video.size_bytes, told.names))
            self._known = self._known or bool(placed or told.names)
        self._add_placed(index, there)
        return index

    def _tell(self) -> list[tuple[VideoFile, Told]]:
        """What each file's name tells, read only where that is not known of this very file."""
        before = self._told
        if before is None:
            before = owned_names.recall(self._memory) if self._memory else {}
        found = [(video, _known(before, video)) for video in self._tree.videos]
        self._told = {video.inner: told for video, told in found}
        if self._memory and self._told != before:
            owned_names.remember(self._memory, self._told)
        return found

    def _add_placed(self, index: "_Index", there: Collection[str]) -> None:
        """Keep what was placed after its folder was read, and forget what is gone."""
        for path in self._placed.keys() - there:
            if os.path.lexists(path):
                index.add(_placed(path, self._placed[path]))
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
            for film_id in owned_names.ids(name):
                self._by_id.setdefault(film_id, []).append(copy)
            if name.year:
                for key in name.keys:
                    self._by_title.setdefault((key, name.year), []).append(copy)
        folder = os.path.basename(_folder(copy)).casefold()
        self._by_folder.setdefault(folder, []).append(copy)

    def find(self, film: Film) -> list[Copy]:
        """Its copies, largest first: by id, else by title and the very year, else a year off.

        What lies beside a copy with its id is a copy too, where no id speaks against it: a
        person may have put it there.
        """
        ids = [film_id for film_id in (film.imdb_id, film.tmdb_id) if film_id]
        by_id = [copy for film_id in ids for copy in self._by_id.get(film_id, ())]
        if film.year is None:
            return _by_size(by_id)
        for years in ((film.year,), (film.year - 1, film.year + 1)):
            named = [copy for copy in self._titled(film.titles, years) if copy.fits(film)]
            if by_id:
                folders = set(map(_folder, by_id))
                return _by_size([*by_id, *(c for c in named if _folder(c) in folders)])
            there = self._by_folder.get(names.folder(film).casefold(), ())
            if found := [*named, *(copy for copy in there if copy.fits(film))]:
                return _by_size(found)
        return []

    def _titled(self, known: Sequence[str], years: Iterable[int]) -> list[Copy]:
        keys = {key for title in known for key in titles.keys(title)}
        asked = [(key, year) for year in years for key in keys]
        return [copy for each in asked for copy in self._by_title.get(each, ())]


def _known(before: Mapping[str, Told], video: VideoFile) -> Told:
    told = before.get(video.inner)
    return told if told and told.is_of(video) else owned_names.read(video)


def _placed(path: str, placed: Film | Item, size_bytes: int = 0) -> Copy:
    film = film_of(placed) if isinstance(placed, Item) else placed
    name = owned_names.named(film.titles, film.year, film.imdb_id, film.tmdb_id)
    return Copy(path, size_bytes, (name,))


def _folder(copy: Copy) -> str:
    return os.path.dirname(copy.path)


def _differ(one: str | int | None, other: str | int | None) -> bool:
    return one is not None and other is not None and one != other


def _by_size(copies: Iterable[Copy]) -> list[Copy]:
    found = {copy.path: copy for copy in copies}
    return sorted(found.values(), key=lambda copy: (copy.size_bytes, copy.path), reverse=True)


def _whole(path: str) -> str:
    """What the files of one copy have in common: the folder of a disc, a name but for its "cd1"."""
    *folders, name = path.lower().split(os.sep)
    disc = next((at for at, each in enumerate(folders) if each in DISC_FOLDERS), None)
    if disc is not None:
        return os.sep.join(folders[:disc])
    if _PART_FOLDER.fullmatch(folders[-1]):
        del folders[-1]
    return os.sep.join([*folders, _PART.sub("", name)])
