"""Reads what may never answer, as a drive in a network may, in a thread that may be left behind.

A system call that hangs cannot be ended from within. So what reads does it in a thread of its
own, and whoever waits for it gives up after a while.
"""

import queue
import threading
import time
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from movie_sync.errors import Away, MovieSyncError, Stopping

T = TypeVar("T")

BATCH, BATCHES = 100, 10
FLUSH_S, LOOK_S = 0.2, 0.2


class Pulse:
    """Told by the reader that it goes on, and asked by it whether it should."""

    def __init__(self) -> None:
        self.left = threading.Event()
        self.at = time.monotonic()

    def beat(self) -> None:
        """Raises Stopping: nobody waits any more."""
        self.at = time.monotonic()
        if self.left.is_set():
            raise Stopping("nobody waits for the folder to be read")


def read(
    make: Callable[[Pulse], Iterator[T]], stop: threading.Event, patience_s: float, what: str
) -> Iterator[T]:
    """What `make` yields.

    Raises:
        Away: `what` has not answered for so long.
        Stopping: `stop` was set.
    """
    reader = _Reader(make)
    reader.start()
    try:
        while True:
            batch = reader.next(stop, patience_s, what)
            yield from batch.items
            if batch.error:
                raise batch.error
            if batch.last:
                return
    finally:
        reader.pulse.left.set()


class _Batch(Generic[T]):
    def __init__(
        self, items: list[T], *, last: bool = False, error: BaseException | None = None
    ) -> None:
        self.items, self.last, self.error = items, last, error


class _Reader(threading.Thread, Generic[T]):
    def __init__(self, make: Callable[[Pulse], Iterator[T]]) -> None:
        super().__init__(name="folder", daemon=True)
        self._make, self.pulse = make, Pulse()
        self._batches: queue.Queue[_Batch[T]] = queue.Queue(BATCHES)

    def next(self, stop: threading.Event, patience_s: float, what: str) -> _Batch[T]:
        self.pulse.at = max(self.pulse.at, time.monotonic() - patience_s / 2)
        while True:
            if stop.is_set():
                raise Stopping(f"{what} was being read; nothing in it was marked as gone")
            try:
                return self._batches.get(timeout=LOOK_S)
            except queue.Empty:
                if time.monotonic() - self.pulse.at > patience_s:
                    raise Away(
                        f"{what} has not answered for {patience_s:g} s; nothing in it was marked "
                        "as gone; is its drive or server on?"
                    ) from None

    def run(self) -> None:
        items: list[T] = []
        since = time.monotonic()
        error: MovieSyncError | OSError | None = None
        try:
            for item in self._make(self.pulse):
                items.append(item)
                if len(items) >= BATCH or time.monotonic() - since > FLUSH_S:
                    self._put(_Batch(items))
                    items, since = [], time.monotonic()
        except (MovieSyncError, OSError) as raised:
            error = raised
        except BaseException as raised:  # a fault of ours, which whoever waits must hear of
            self._put(_Batch(items, last=True, error=raised))
            raise
        self._put(_Batch(items, last=True, error=error))

    def _put(self, batch: _Batch[T]) -> None:
        while not self.pulse.left.is_set():
            try:
                self._batches.put(batch, timeout=LOOK_S)
            except queue.Full:
                continue
            return
