"""The video files below a folder, read again only where something changed.

A folder whose time of change is the same holds the same names. That is not trusted for a folder
changed within the last seconds, as file systems count time coarsely, and for none for longer
than an hour, as pooled disks may show the time of one of them only.
"""

import errno
import os
import re
import stat
import time
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from msgspec import Struct

from movie_sync.media_names import NOT_THE_PERSONS, VIDEOS

COARSE_NS = 3_000_000_000  # FAT counts by two seconds
TRUSTED_S = 3600.0

_FILE_ENDING = re.compile(r"\.[A-Za-z0-9]{1,4}$")

Mark = tuple[int, int, int]  # device, inode and time of change of a folder


class VideoFile(Struct, frozen=True):
    path: str
    inner: str  # below the folder that was read
    size_bytes: int
    modified_ns: int


class _Listing(Struct, frozen=True):
    mark: Mark
    trusted_until: float
    folders: tuple[str, ...]
    videos: tuple[VideoFile, ...]
    empty: bool


class Tree:
    """Folders `apart` (downloads, say) are passed over, and so are names with a leading dot."""

    def __init__(
        self,
        folder: Path,
        apart: Collection[Path] = (),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folder, self._clock = str(folder), clock
        self._apart = frozenset(str(path) for path in apart)
        self._listings: dict[str, _Listing] = {}

    @property
    def videos(self) -> Iterator[VideoFile]:
        """As of the last reading."""
        return (video for listing in self._listings.values() for video in listing.videos)

    @property
    def empty(self) -> bool:
        """Whether there was nothing at all in the folder: no file, no folder."""
        listing = self._listings.get(self._folder)
        return listing is None or listing.empty

    def read(self) -> bool:
        """Take in what is there now; tells whether that is something else than before.

        Raises:
            FileNotFoundError: the folder itself is not there.
            OSError: some folder cannot be read, or changed too fast; what was known stays known.
        """
        for last_try in (False, False, True):
            try:
                listings = self._walk()
            except FileNotFoundError:  # moved meanwhile, perhaps to where we had been already
                if last_try or not os.path.isdir(self._folder):
                    raise
            else:
                break
        before, self._listings = self._listings, listings
        return before.keys() != listings.keys() or any(
            before[path].videos != listing.videos for path, listing in listings.items()
        )

    def forget(self) -> None:
        self._listings = {}

    def _walk(self) -> dict[str, _Listing]:
        found: dict[str, _Listing] = {}
        seen: set[tuple[int, int]] = set()  # links may lead round in circles
        waiting = [self._folder]
        while waiting:
            path = waiting.pop()
            status = os.stat(path)
            mark = (status.st_dev, status.st_ino, status.st_mtime_ns)
            if mark[:2] not in seen:
                seen.add(mark[:2])
                found[path] = listing = self._known(path, mark) or self._list(path, mark)
                waiting += listing.folders
        return found

    def _known(self, path: str, mark: Mark) -> _Listing | None:
        known = self._listings.get(path)
        return (
            known if known and known.mark == mark and self._clock() < known.trusted_until else None
        )

    def _list(self, path: str, mark: Mark) -> _Listing:
        folders, videos, names, settled = [], [], 0, mark[2] < time.time_ns() - COARSE_NS
        with os.scandir(path) as entries:
            for entry in entries:
                names += 1
                if entry.name.startswith(".") or entry.name.lower() in NOT_THE_PERSONS:
                    continue
                if entry.is_dir():
                    folders += [entry.path] if entry.path not in self._apart else []
                elif os.path.splitext(entry.name)[1].lower() in VIDEOS:
                    video = self._video(entry)
                    settled = settled and video is not None  # an empty file may be filled yet
                    videos += [video] if video else []
                elif _leads_nowhere(entry):
                    raise FileNotFoundError(errno.ENOENT, "it links to nothing", entry.path)
        trusted_until = self._clock() + TRUSTED_S if settled else 0.0
        return _Listing(mark, trusted_until, tuple(folders), tuple(videos), empty=not names)

    def _video(self, entry: os.DirEntry[str]) -> VideoFile | None:
        """The file, also one that a link leads to; None if it is empty or no file."""
        try:
            status = entry.stat()
        except FileNotFoundError:  # a link to a drive that is not mounted: the person has it
            status = entry.stat(follow_symlinks=False)
        linked = stat.S_ISLNK(status.st_mode)
        if not (linked or stat.S_ISREG(status.st_mode)) or not status.st_size:
            return None
        inner = entry.path[len(self._folder) :].lstrip("/")
        return VideoFile(entry.path, inner, status.st_size, status.st_mtime_ns)


def _leads_nowhere(entry: os.DirEntry[str]) -> bool:
    """Whether it links to what may be a folder of films on a drive that is not mounted."""
    linked = entry.is_symlink() and not _FILE_ENDING.search(entry.name)
    return linked and not os.path.exists(entry.path)
