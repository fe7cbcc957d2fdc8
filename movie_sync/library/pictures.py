"""Pictures of TMDB, kept in one folder of bounded size once they were fetched.

What was not looked at for longest goes first when room is needed; that is when a file was touched
last, so that nothing else has to be kept of them. A file's name is made of its path and size, and
tells nothing. A picture that cannot be had is not asked for again for a while: a page must not
wait for it twice.
"""

import logging
import os
import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from pathlib import Path

from msgspec import Struct

from movie_sync import atomic
from movie_sync.errors import FilesError, ServiceError
from movie_sync.library.flights import Flights

log = logging.getLogger(__name__)

# As they are promised; TMDB has some more.
SIZES = {
    "poster": ("w185", "w342", "w500", "original"),
    "backdrop": ("w300", "w780", "w1280", "original"),
    "profile": ("w45", "w185", "h632", "original"),
    "still": ("w92", "w185", "w300", "original"),
}
AGAIN_S = 600.0  # after a picture could not be had
MOST_FAILED = 1000
AT_ONCE = 4  # pictures fetched at the same time
TOUCHED_S = 3600.0  # so exact is what we know of when one was looked at
ROOM = 0.9  # of the space, after something had to go
HALF_WRITTEN_S = 3600.0
MB = 1_000_000

_KEPT = re.compile(r"[0-9a-f]{24}-(w\d+|h\d+|original)\.(jpg|png)")

Fetch = Callable[[str, str], bytes]


class Stats(Struct, frozen=True):
    """What is kept, and how much there may be."""

    pictures: int
    size_bytes: int
    most_bytes: int


class Pictures:
    """For any number of threads.

    Args:
        fetch: a picture by TMDB's path of it and a size; raises ServiceError.
        most_bytes: of all pictures together.
    """

    def __init__(
        self,
        folder: Path,
        fetch: Fetch,
        most_bytes: int,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folder, self._fetch, self._most_bytes = folder, fetch, most_bytes
        self._clock = clock
        self._failed_at: dict[Path, float] = {}
        self._size_bytes: int | None = None  # of all, once it was counted
        self._flights: Flights[Path] = Flights()
        self._fetching = threading.Semaphore(AT_ONCE)
        self._lock = threading.Lock()

    def path(self, kind: str, size: str, tmdb_path: str) -> Path | None:
        """Where the picture is; None where it is not kept. It counts as looked at.

        Raises:
            ValueError: pictures of this kind do not come in this size.
        """
        kept = self._place(kind, size, tmdb_path)
        return kept if _touched(kept) else None

    def fetch(self, kind: str, size: str, tmdb_path: str) -> Path:
        """Where the picture is, fetched if need be: once, whoever else asks for it meanwhile.

        Raises:
            ServiceError: it cannot be had.
            FilesError: it cannot be kept.
            ValueError: as `path`.
        """
        kept = self._place(kind, size, tmdb_path)
        if _touched(kept):
            return kept
        return self._flights.share(kept, lambda: self._fetched(kept, size, tmdb_path))

    def file(self, kind: str, size: str, tmdb_path: str) -> Path | None:
        """As `fetch`, for a page: None where it cannot be had now, or could not a while ago."""
        kept = self._place(kind, size, tmdb_path)
        if _touched(kept):
            return kept
        with self._lock:
            if self._clock() - self._failed_at.get(kept, -AGAIN_S) < AGAIN_S:
                return None
        try:
            return self.fetch(kind, size, tmdb_path)
        except (ServiceError, FilesError) as error:
            log.debug("a picture cannot be had: %s", error)
        with self._lock:
            self._failed_at[kept] = self._clock()
            while len(self._failed_at) > MOST_FAILED:
                self._failed_at.pop(next(iter(self._failed_at)))
        return None

    def stats(self) -> Stats:
        found = list(self._kept())
        return Stats(len(found), sum(size for _, size, _ in found), self._most_bytes)

    def keep_only(self, tmdb_paths: Iterable[str]) -> int:
        """Remove the pictures of other paths, in whatever size, and what was half written; says
        how many pictures went."""
        wanted = {_digest(path) for path in tmdb_paths}
        orphans = [path for path, _, _ in self._kept() if path.name.partition("-")[0] not in wanted]
        self._remove_half_written()
        with self._lock:
            self._size_bytes = None
            return sum(_removed(path) for path in orphans)

    def clear(self) -> int:
        """Remove all pictures; says how many."""
        return self.keep_only(())

    def _place(self, kind: str, size: str, tmdb_path: str) -> Path:
        if size not in SIZES[kind]:
            raise ValueError(f"a {kind} comes as {', '.join(SIZES[kind])}, not as {size}")
        suffix = ".png" if tmdb_path.endswith(".png") else ".jpg"
        return self._folder / f"{_digest(tmdb_path)}-{size}{suffix}"

    def _fetched(self, kept: Path, size: str, tmdb_path: str) -> Path:
        if kept.exists():  # it came just now
            return kept
        with self._fetching:
            picture = self._fetch(tmdb_path, size)
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            atomic.write(kept, [picture])
        except OSError as error:
            raise FilesError(f"{self._folder}: {error.strerror}; a picture was not kept") from error
        self._make_room(kept, len(picture))
        return kept

    def _make_room(self, newest: Path, size_bytes: int) -> None:
        """Remove what was not looked at for longest, until there is room for some more."""
        with self._lock:
            if self._size_bytes is None:
                self._size_bytes = sum(size for _, size, _ in self._kept())
            else:
                self._size_bytes += size_bytes
            if self._size_bytes <= self._most_bytes:
                return
            found = sorted(self._kept(), key=lambda one: one[2])
            left = sum(size for _, size, _ in found)
            for path, size, _ in found:
                if left <= self._most_bytes * ROOM:
                    break
                if path != newest and _removed(path):
                    left -= size
            self._size_bytes = left

    def _kept(self) -> Iterator[tuple[Path, int, float]]:
        """Each picture with its size and when it was looked at."""
        for path, found in self._files():
            if _KEPT.fullmatch(path.name):
                yield path, found.st_size, found.st_mtime

    def _remove_half_written(self) -> None:
        before = time.time() - HALF_WRITTEN_S
        for path, found in self._files():
            if path.suffix == ".tmp" and found.st_mtime < before:
                _removed(path)

    def _files(self) -> Iterator[tuple[Path, os.stat_result]]:
        try:
            with os.scandir(self._folder) as entries:
                for entry in entries:
                    try:
                        yield Path(entry.path), entry.stat(follow_symlinks=False)
                    except FileNotFoundError:  # another program has removed it
                        continue
        except FileNotFoundError:
            return
        except OSError as error:
            raise FilesError(f"{self._folder}: {error.strerror}; nothing was removed") from error


def _digest(tmdb_path: str) -> str:
    return sha256(tmdb_path.encode(errors="surrogatepass")).hexdigest()[:24]


def _touched(path: Path) -> bool:
    """Whether it is there; it then counts as looked at."""
    try:
        if time.time() - path.stat().st_mtime > TOUCHED_S:
            os.utime(path)
    except OSError:
        return False
    return True


def _removed(path: Path) -> bool:
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        log.warning("%s cannot be removed: %s", path, error.strerror)
        return False
    return True
