"""Whether there is room for one more download.

The person's limit and the disk both count what lies in the download folder now and what running
downloads will still write, so that several films started at once cannot fill the disk together.
"""

import os
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path

from movie_sync.errors import FilesError

GB = 1000**3
KEEP_FREE_BYTES = GB // 2  # for queue files, logs and everything else that lives on the disk
MEASURE_EVERY_S = 60.0  # walking a large download folder takes seconds


class DownloadSpace:
    """The room in one download folder; `limit_gb` of 0 leaves only the disk to limit it."""

    def __init__(
        self,
        folder: Path,
        limit_gb: float = 0.0,
        *,
        keep_free_bytes: int = KEEP_FREE_BYTES,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folder, self._limit_bytes = folder, round(limit_gb * GB)
        self._keep_free_bytes, self._clock = keep_free_bytes, clock
        self._lock = threading.Lock()
        self._measured: tuple[float, int, int] | None = None  # when, bytes held, bytes loading

    def room_for(self, size_bytes: int, still_loading_bytes: int) -> None:
        """Return if a download of that size fits beside those that still load.

        Raises:
            FilesError: it does not fit, or the folder cannot be measured.
        """
        if self._limit_bytes:
            self._fits_the_limit(size_bytes, still_loading_bytes)
        self._fits_the_disk(size_bytes, still_loading_bytes)

    def _fits_the_limit(self, size_bytes: int, still_loading_bytes: int) -> None:
        would_hold = self._committed(still_loading_bytes) + size_bytes
        if would_hold > self._limit_bytes:
            raise FilesError(
                f"download folder would hold {_of(would_hold, self._limit_bytes)};"
                " the film waits; remove finished downloads or raise max_download_space_gb"
            )

    def _fits_the_disk(self, size_bytes: int, still_loading_bytes: int) -> None:
        try:
            free_bytes = shutil.disk_usage(_nearest(self._folder)).free
        except OSError as error:
            raise _unmeasured(self._folder, error) from error
        needed_bytes = size_bytes + still_loading_bytes + self._keep_free_bytes
        if needed_bytes > free_bytes:
            raise FilesError(
                f"the disk of {self._folder} is too full: {sized(size_bytes)} for this film,"
                f" {sized(still_loading_bytes)} for running downloads and"
                f" {sized(self._keep_free_bytes)} to spare are needed, {sized(free_bytes)} are"
                " free; the film waits; make room there"
            )

    def _committed(self, still_loading_bytes: int) -> int:
        """What the folder will hold when all running downloads are done."""
        with self._lock:
            now = self._clock()
            if self._measured is None or now - self._measured[0] >= MEASURE_EVERY_S:
                self._measured = now, held_bytes(self._folder), still_loading_bytes
            _, held, loading_then = self._measured
        # What has arrived since the measurement is no longer loading and not yet in `held`.
        return held + max(loading_then, still_loading_bytes)


def held_bytes(folder: Path) -> int:
    """Disk space a folder takes: allocated blocks, files with several names counted once.

    A folder that is not there holds nothing. Files that vanish meanwhile are left out.

    Raises:
        FilesError: some of it cannot be read, so that the sum would be too small.
    """
    total, seen, waiting = 0, set[tuple[int, int]](), [str(folder)]
    while waiting:
        try:
            entries = _entries(waiting.pop())
        except OSError as error:
            raise _unmeasured(folder, error) from error
        for status, below in entries:
            if (status.st_dev, status.st_ino) not in seen:
                seen.add((status.st_dev, status.st_ino))
                total += status.st_blocks * 512
                waiting += [below] if below else []
    return total


def sized(size_bytes: int) -> str:
    """A size as a person reads it: "8.6 GB", "700 MB", "12 kB"."""
    for unit, name, digits in ((GB, "GB", 1), (1000**2, "MB", 0), (1000, "kB", 0)):
        if size_bytes >= unit:
            return f"{size_bytes / unit:.{digits}f} {name}"
    return f"{size_bytes} bytes"


def _of(part_bytes: int, whole_bytes: int) -> str:
    """ "12.3 of 10.0 GB", with more digits where these would look alike."""
    for digits in (1, 2, 3):
        part, whole = f"{part_bytes / GB:.{digits}f}", f"{whole_bytes / GB:.{digits}f}"
        if part != whole and float(whole):
            return f"{part} of {whole} GB"
    return f"{part_bytes} of {whole_bytes} bytes"


def _entries(folder: str) -> list[tuple[os.stat_result, str | None]]:
    """Each name in a folder: its status, and its path if it is a folder itself."""
    found: list[tuple[os.stat_result, str | None]] = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                try:
                    status = entry.stat(follow_symlinks=False)
                except FileNotFoundError:
                    continue
                below = entry.path if entry.is_dir(follow_symlinks=False) else None
                found.append((status, below))
    except FileNotFoundError:
        return []
    return found


def _nearest(folder: Path) -> Path:
    """The folder itself, or what exists above it."""
    return next(place for place in (folder, *folder.absolute().parents) if place.exists())


def _unmeasured(folder: Path, error: OSError) -> FilesError:
    where = error.filename or folder
    return FilesError(
        f"{where} cannot be measured ({error.strerror}); no download is started until it can"
    )
