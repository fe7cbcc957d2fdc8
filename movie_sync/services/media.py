"""Media files, asked what they are: how long, which streams, which languages, and if all is there.

PyAV reads them, an extra, in processes of their own that read many files each: its libraries are
large, and a file from strangers may be made to break its reader. The one thing to know: `Broken`
is the file's own fault and stays; every error says nothing of the file, and is worth another try.
"""

import errno
import threading
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import NoReturn

from movie_sync.errors import Away, FilesError, Refused, Stopping, Unavailable
from movie_sync.media_models import Broken, Media
from movie_sync.media_probe import Answer
from movie_sync.media_reader import Crashed, Late, Reader
from movie_sync.models import MediaFacts

NAME = "media"
WITHIN_S = 60.0
IDLE_S = 30.0
MOST_HUNG = 4

_LOOK_S = 0.1
_ENDS_WITHIN_S = 0.5
_ENDED = "its reader was ended from outside, twice; memory may be short"
_OF_THE_FILE = {
    errno.ENOENT: "it is not there any more",
    errno.EACCES: "Movie Sync may not read it; give its user the right to",
    errno.EPERM: "Movie Sync may not read it; give its user the right to",
    errno.EISDIR: "it is a folder",
    errno.EINVAL: "it is no file",
    errno.EBUSY: "it is being written at this moment",
}


def installed() -> bool:
    return find_spec("av") is not None


def probe(path: Path, *, within_s: float = WITHIN_S) -> MediaFacts:
    """What one file says of itself; of one that breaks off too.

    Raises:
        Refused: it is no video.
        Unavailable: that could not be found out, through no fault of the file that is known.
    """
    with Readers(1, within_s=within_s) as readers:
        try:
            told = readers.read(path)
        except FilesError as error:
            raise Unavailable(NAME, str(error)) from error
    if isinstance(told, Broken) and told.silent:
        raise Unavailable(NAME, f"{path.name} was not looked into: {told.sentence}")
    media = told.media if isinstance(told, Broken) else told
    if media is None:
        raise Refused(NAME, f"{path.name} is no video, whatever its name says")
    return facts_of(media)


def facts_of(media: Media) -> MediaFacts:
    return MediaFacts(
        duration_s=None if media.duration_ms is None else media.duration_ms / 1000,
        lines=media.picture.height if media.picture else None,
        audio_languages=tuple(sound.language for sound in media.sounds),
    )


class Readers:
    """As many processes as are wanted at once, for any number of threads.

    They start when they are needed, read one file after another, and end after `idle_s` seconds
    without one. To be closed.
    """

    def __init__(
        self,
        count: int = 2,
        *,
        within_s: float = WITHIN_S,
        idle_s: float = IDLE_S,
        stop: threading.Event | None = None,
        start: Callable[[Callable[[], bool]], Reader] = Reader,
    ) -> None:
        """
        Args:
            within_s: for one file.
            stop: set when this program ends, which ends all reading within a second.
            start: gives a new process, as `Reader` does.
        """
        self._start = start
        self._count, self._within_s, self._idle_s, self._stop = count, within_s, idle_s, stop
        self._change = threading.Condition()
        self._rested: list[Reader] = []
        self._hung: list[Reader] = []
        self._busy = 0
        self._closed = False
        self._timer: threading.Timer | None = None

    def __enter__(self) -> "Readers":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def read(self, path: Path) -> Media | Broken:
        """What the file is.

        Raises:
            FilesError: it is not there, may not be read, or is being written; look at the file.
            Away: its drive fails or does not answer.
            Unavailable: no process could be started to read it, or others end them.
            Stopping: the program ends.
        """
        try:
            return self._told(path, self._ask_twice(path))
        except Crashed as error:
            if error.out_of_time:
                return _given_up("its reader worked on it for far too long")
            if error.by_others:
                raise Unavailable(NAME, f"{path} was not looked into: {_ENDED}") from None
            return _given_up("its reader broke down over it, twice")
        except Late as error:
            if error.busy:
                return _given_up(f"its reader was not done after {self._within_s:.0f} s")
            raise Away(
                f"{path} was not looked into: its drive did not answer for {self._within_s:.0f} s"
            ) from None

    def alive(self) -> int:
        """Processes that there are now."""
        with self._change:
            return self._busy + len(self._rested) + len(self._hung)

    def processes(self) -> list[int]:
        """Numbers of those that rest now."""
        with self._change:
            return [reader.pid for reader in self._rested]

    def hung(self) -> int:
        """Of those, the ones that were killed and do not end, as their drive does not answer."""
        with self._change:
            self._hung = [reader for reader in self._hung if not reader.gone()]
            return len(self._hung)

    def close(self) -> None:
        """End them all, within a second; who still reads gets `Stopping`."""
        with self._change:
            self._closed = True
            self._change.notify_all()
            if self._timer is not None:
                self._timer.cancel()
            rested, self._rested = self._rested, []
        self._end(rested)
        with self._change:
            self._change.wait_for(lambda: not self._busy, _ENDS_WITHIN_S)

    def _ask_twice(self, path: Path) -> Answer:
        """A process that ended over a file may have been ended by something else; once."""
        try:
            return self._ask(path)
        except Crashed as error:
            if error.out_of_time:
                raise
            return self._ask(path)

    def _ask(self, path: Path) -> Answer:
        reader = self._take()
        try:
            answer = reader.ask(path, self._within_s)
        except BaseException:
            self._drop(reader)
            raise
        if answer.last:
            self._drop(reader)
        else:
            self._give_back(reader)
        return answer

    def _told(self, path: Path, answer: Answer) -> Media | Broken:
        told = answer.media or answer.broken
        if told is not None:
            return told
        number, why = answer.unread or (errno.EIO, "it said nothing")
        if number in _OF_THE_FILE:
            raise FilesError(f"{path} was not looked into: {_OF_THE_FILE[number]}")
        raise Away(f"{path} was not looked into: its drive says {why}")

    def _take(self) -> Reader:
        with self._change:
            while not self._ending() and not self._rested and self._busy >= self._count:
                self._change.wait(_LOOK_S)
            if self._ending():
                raise Stopping("the program ends; files that were not looked into stay as they are")
            self._busy += 1
            if self._rested:
                return self._rested.pop()
        try:
            return self._started()
        except BaseException:
            with self._change:
                self._leave()
            raise

    def _started(self) -> Reader:
        hung = self.hung()
        if hung >= MOST_HUNG:
            raise Unavailable(
                NAME, f"{hung} readers wait for a drive that does not answer; no more are started"
            )
        try:
            return self._start(self._ending)
        except (Crashed, Late) as error:
            _not_started(str(error))
        except OSError as error:
            _not_started(error.strerror or str(error))

    def _give_back(self, reader: Reader) -> None:
        with self._change:
            self._leave()
            if not self._closed:
                reader.rested_at = time.monotonic()
                self._rested.append(reader)
                self._watch()
                return
        self._end([reader])

    def _drop(self, reader: Reader) -> None:
        self._end([reader])
        with self._change:
            self._leave()

    def _leave(self) -> None:
        self._busy -= 1
        self._change.notify()

    def _end(self, readers: list[Reader]) -> None:
        hung = [reader for reader in readers if not reader.end(_ENDS_WITHIN_S)]
        with self._change:
            self._hung += hung

    def _watch(self) -> None:
        if self._timer is None and self._rested:
            self._timer = threading.Timer(self._idle_s, self._rest)
            self._timer.daemon = True
            self._timer.start()

    def _rest(self) -> None:
        """Ends those that had nothing to read for so long."""
        with self._change:
            before = time.monotonic() - self._idle_s
            idle = [reader for reader in self._rested if reader.rested_at <= before]
            self._rested = [reader for reader in self._rested if reader.rested_at > before]
            self._timer = None
            if not self._closed:
                self._watch()
        self._end(idle)

    def _ending(self) -> bool:
        return self._closed or (self._stop is not None and self._stop.is_set())


def _given_up(why: str) -> Broken:
    return Broken(sentence=f"it could not be looked into: {why}", silent=True)


def _not_started(why: str) -> NoReturn:
    raise Unavailable(NAME, f"its reader could not be started: {why}") from None
