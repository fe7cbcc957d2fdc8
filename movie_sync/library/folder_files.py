"""The videos of one folder as they are found: unchanged, new or changed, or still being written."""

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Any

from msgspec import Struct

from movie_sync.library import (
    folder_discs,
    folder_episodes,
    folder_names,
    folder_rules,
    nfo,
    plexmatch,
)
from movie_sync.library import folder_tables as tables
from movie_sync.library.folder_around import Around, Inside
from movie_sync.library.folder_discs import Disc
from movie_sync.library.folder_episodes import Context
from movie_sync.library.folder_sidecars import Beside, belongings
from movie_sync.library.folder_walk import File, Folder, Unwanted
from movie_sync.library_models import Discovered, Found, Seen, Sidecar, Teller, Told, Unread
from movie_sync.media_names import shown, storable

FRESH_NS = 5_000_000_000  # so new, and a file may still be growing
_KEPT = 64  # NFOs of shows that are kept as read, while their folders are gone through


class Spot(Struct, frozen=True):
    """Where a folder is, and what holds for all that is in it."""

    path: str
    around: Around
    unwanted: Unwanted
    device: int = 0
    shows: tuple[File, ...] = ()  # tvshow.nfo, the innermost last
    hints: tuple[File, ...] = ()  # .plexmatch

    @property
    def mark(self) -> str:
        return "\n".join((self.around.mark, *(file.mark for file in self.shows + self.hints)))


class Videos(Struct, frozen=True):
    """The videos of a folder, sorted."""

    films: tuple[File, ...]  # the work itself, and not extras
    extras: tuple[File, ...]
    parted: frozenset[str]  # names that differ from others' in the number of a part alone
    one: bool  # it is one film, in parts or versions too, or one disc
    disc: str | None = None  # the name of the disc's folder, "" where its files lie loose


class Unsettled(Struct):
    """A file that was written to a moment ago, and what it is if it stays as it is."""

    file: File
    at: float  # when it was looked at
    make: Callable[[], Discovered]


def videos_of(folder: Folder, unwanted: Unwanted) -> Videos:
    kept = [video for video in folder.videos if not unwanted.has(video.path)]
    disc = folder_discs.name_of(folder)
    if disc == "":
        kept = [video for video in kept if not video.name.lower().endswith(".vob")]
    where = Context(titles=(os.path.basename(folder.path),))
    films = tuple(video for video in kept if not folder_names.is_extra(video.stem, where))
    extras = tuple(video for video in kept if video not in films) if len(films) < len(kept) else ()
    if not films and disc is None:  # "Trailer (2016).mkv" alone in its folder
        return Videos(extras, (), frozenset(), one=False)
    shared = {video.name: folder_names.without_part(video.stem) for video in films}
    counts = Counter(each for each in shared.values() if each)
    parted = frozenset(name for name, each in shared.items() if each and counts[each] > 1)
    names = {shared[video.name] if video.name in parted else video.name for video in films}
    named = os.path.basename(folder.path).lower()
    versions = len(named) > 2 and all(video.name.lower().startswith(named) for video in films)
    one = len(names) == 1 or (versions and bool(films))
    if disc is not None:
        one = not films
    return Videos(films, extras, parted, one=one, disc=disc)


def inside(folder: Folder, videos: Videos) -> Inside:
    """What tells what the folder is."""
    return Inside(
        seasons=any(tables.PLAIN_SEASON.fullmatch(name) for name in folder.folders + folder.links),
        episodes=any(folder_episodes.is_episode(video.stem) for video in videos.films),
        show_file=folder.hints is not None or _show_nfo(folder) is not None,
        videos=bool(videos.films),
        alone=videos.one,
    )


def _show_nfo(folder: Folder) -> File | None:
    return next((file for file in folder.beside if file.name.lower() == "tvshow.nfo"), None)


def spot(folder: Folder, around: Around, above: Spot | None, unwanted: Unwanted) -> Spot:
    show, hints = _show_nfo(folder), folder.hints
    return Spot(
        folder.path,
        around,
        unwanted,
        folder.device,
        (*(above.shows if above else ()), *((show,) if show else ())),
        (*(above.hints if above else ()), *((hints,) if hints else ())),
    )


class Reader:
    """Reads what is not known; keeps what is being written for the end."""

    def __init__(self, known: Mapping[str, str], beat: Callable[[], None]) -> None:
        self._known, self._beat = known, beat
        self._shows: dict[str, tuple[Told, ...]] = {}
        self._hints: dict[str, plexmatch.Hints] = {}
        self.fresh: list[Unsettled] = []
        self.unsettled: list[str] = []

    def videos(
        self, folder: Folder, spot: Spot, videos: Videos, others: Sequence[tuple[File, str]]
    ) -> Iterator[Discovered]:
        """All of a folder but its disc."""
        whole = videos.films if videos.one else ()
        everything = (*videos.films, *videos.extras)
        beside = belongings(everything, others, whole)
        mark = spot.mark
        for video in everything:
            self._beat()
            parted = video.name in videos.parted
            found = self._video(video, spot, mark, beside[video.name], parted=parted)
            if video.name.lower() in folder.loading:
                yield from self._wait_for(video)
            elif found is not None:
                yield found

    def disc(self, disc: Disc, spot: Spot, others: Sequence[tuple[File, str]]) -> Discovered:
        self._beat()
        film = File(os.path.basename(disc.path), disc.path, disc.size_bytes, disc.mtime_ns)
        beside = belongings((film,), others, (film,))[film.name]
        uri = storable(disc.path)
        fingerprint = self._fingerprint(film, spot.mark, beside, disc.main.mark)
        if self._known.get(uri) == fingerprint:
            return Seen(uri)
        told = self._told(film, spot, beside, ()) or (_by_words(film),)
        return _found(film, uri, fingerprint, told, beside, path=disc.main.path)

    def _video(
        self, video: File, spot: Spot, mark: str, beside: Beside, *, parted: bool
    ) -> Discovered | None:
        uri = storable(video.path)
        fingerprint = self._fingerprint(video, mark, beside, "parted" if parted else "")
        before = self._known.get(uri)
        if before == fingerprint or (before and video.nowhere):
            return Seen(uri)

        def make() -> Found:
            context = spot.around.context(parted=parted)
            own = (folder_names.file_name(video.stem, context),)
            told = self._told(video, spot, beside, own)
            return _found(video, uri, fingerprint, told, beside, path=video.path)

        if time.time_ns() - video.mtime_ns < FRESH_NS:
            self.fresh.append(Unsettled(video, time.monotonic(), make))
            return None
        return make()

    def _wait_for(self, video: File) -> Iterator[Seen]:
        """It is as it was, as far as anyone can know now."""
        self.unsettled.append(video.path)
        if (uri := storable(video.path)) in self._known:
            yield Seen(uri)

    def settle(self, settled_s: float) -> Iterator[Discovered]:
        """What was written to a moment ago, if it has not grown since."""
        for each in self.fresh:
            self._beat()
            time.sleep(max(0.0, min(each.at + settled_s - time.monotonic(), settled_s)))
            try:
                now = os.stat(each.file.path)
            except OSError:
                continue  # gone meanwhile, or moved into its place
            same = (now.st_size, now.st_mtime_ns) == (each.file.size_bytes, each.file.mtime_ns)
            if same and now.st_size:
                yield each.make()
            else:
                yield from self._wait_for(each.file)

    def _fingerprint(self, video: File, mark: str, beside: Beside, more: str) -> str:
        said = f"{folder_rules.number()}\n{mark}\n{video.size_bytes}\n{video.mtime_ns}\n{more}\n"
        marks = "\n".join(beside.marks)
        whole = (said + marks).encode(errors="surrogateescape")
        return blake2b(whole, digest_size=12).hexdigest()

    def _told(
        self, video: File, spot: Spot, beside: Beside, own: tuple[Told, ...]
    ) -> tuple[Told, ...]:
        """By all tellers, the most trusted first."""
        told: list[Told] = []
        extra = spot.around.extra or any(each.extra for each in own)
        if beside.nfo and not extra:
            told += nfo.read(_bytes(beside.nfo, nfo.LARGEST_BYTES))
        for file in reversed(spot.hints):
            hints = self._hint(file)
            told += [hints.files[video.name]] if video.name in hints.files else []
            told += [hints.told] if hints.told != Told(by=Teller.NFO, kind=hints.told.kind) else []
        for file in reversed(spot.shows):
            told += self._show(file)
        return (*told, *spot.around.told(), *own)

    def _show(self, file: File) -> tuple[Told, ...]:
        if file.path not in self._shows:
            _bounded(self._shows)
            self._shows[file.path] = nfo.read(_bytes(file, nfo.LARGEST_BYTES))
        return self._shows[file.path]

    def _hint(self, file: File) -> plexmatch.Hints:
        if file.path not in self._hints:
            _bounded(self._hints)
            self._hints[file.path] = plexmatch.read(_bytes(file, plexmatch.LARGEST_BYTES))
        return self._hints[file.path]


def unread(path: str, error: OSError, *, folder: bool = True) -> Unread:
    why = error.strerror or str(error)
    ending = "/" if folder else ""
    return Unread(storable(path) + ending, f"{shown(path)} could not be read ({why})")


def _bounded(kept: dict[str, Any]) -> None:
    if len(kept) >= _KEPT:
        del kept[next(iter(kept))]


def _bytes(file: File, most: int) -> bytes:
    """What is in it; nothing where that cannot be read: then it tells nothing."""
    try:
        with open(file.path, "rb") as opened:
            return opened.read(most)
    except OSError:
        return b""


def _found(
    film: File,
    uri: str,
    fingerprint: str,
    told: tuple[Told, ...],
    beside: Beside,
    *,
    path: str,
) -> Found:
    sidecars = [sidecar for _, sidecar in beside.files]
    if beside.nfo:
        sidecars.append(Sidecar(path=beside.nfo.path, what="nfo"))
    problem = None
    if film.nowhere:
        problem = f"{shown(film.path)} links to a file that is not there; is its drive mounted?"
    elif not film.size_bytes:
        problem = f"{shown(film.path)} is empty; put the whole file in its place"
    return Found(
        uri=uri,
        fingerprint=fingerprint,
        told=told,
        path=path,
        size_bytes=film.size_bytes,
        mtime_ns=film.mtime_ns,
        sidecars=tuple(sidecars),
        problem=problem,
    )


def _by_words(film: File) -> Told:
    return Told(by=Teller.FILE, titles=(folder_names.legible(film.name),))
