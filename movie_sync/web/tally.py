"""What happened to films since the start, counted for graphs.

Read from the activity that is kept for people, and only what has been added since the last look:
nothing in the program has to call back. A film that hears the same again and again counts once.
"""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec

from movie_sync.films import activity
from movie_sync.films.activity import Happened
from movie_sync.films.story import What

BOUNDS_S = (300.0, 900.0, 3600.0, 4 * 3600.0, 12 * 3600.0, 86400.0, 3 * 86400.0)
ARRIVED = {What.PLACED, What.UPGRADED}
CAME_TO_NOTHING = {What.FAILED, What.BROKEN, What.GONE, What.BLOCKED, What.REMOVED}


class Tally:
    """Counts from `since` on. Safe from several threads."""

    def __init__(self, folder: Path, since: datetime) -> None:
        self.events: Counter[str] = Counter()  # by the words of `What`
        self.downloads: Counter[float] = Counter()  # by the least bound that they stayed within
        self.downloads_s = 0.0
        self._folder, self._since = folder, since
        self._lock = threading.Lock()
        self._taken: dict[str, datetime] = {}  # by the film that it is for
        self._read_to: tuple[int, int] | None = None  # inode of the file, and how far

    def look(self) -> None:
        """Count what is new. Raises OSError: a file is there, and cannot be read."""
        with self._lock:
            for event in self._new():
                self._count(event)

    def _count(self, event: Happened) -> None:
        counts = event.at >= self._since
        if counts:
            self.events[event.what] += 1
        if event.what == What.TAKEN:
            self._taken[event.id] = event.at
        elif event.what in ARRIVED:
            taken_at = self._taken.pop(event.id, None)
            if taken_at and counts:
                took_s = max((event.at - taken_at).total_seconds(), 0.0)
                bound = next((each for each in BOUNDS_S if took_s <= each), float("inf"))
                self.downloads[bound] += 1
                self.downloads_s += took_s
        elif event.what in CAME_TO_NOTHING:
            self._taken.pop(event.id, None)

    def _new(self) -> Iterator[Happened]:
        path = self._folder / activity.NAME
        before = path.with_name(f"{activity.NAME}~")
        inode, start = self._read_to or (0, 0)
        if self._inode(path) != inode:  # it has become the one before, or is not known yet
            yield from self._read(before, start if self._inode(before) == inode else 0)
            start = 0
        yield from self._read(path, start)

    def _read(self, path: Path, start: int) -> Iterator[Happened]:
        with suppress(FileNotFoundError), path.open("rb") as file:
            file.seek(start)
            text = file.read()
            whole = text[: text.rfind(b"\n") + 1]
            self._read_to = (self._inode(path), start + len(whole))
            for line in whole.splitlines():
                with suppress(msgspec.MsgspecError, UnicodeDecodeError):
                    yield msgspec.json.decode(line, type=Happened)

    @staticmethod
    def _inode(path: Path) -> int:
        try:
            return path.stat().st_ino
        except FileNotFoundError:
            return -1
