"""The journal under the queues: what was promised, in order, safe against a power cut.

One line for each batch of changes, `crc32 {"s": seq, "t": [[id, state, item], ...]}`, so that a
batch is on disk as a whole or not at all. The first line names the journal's epoch, a random
number that every checksum is begun with: bytes left over from an earlier journal never verify.
The file is filled with zeros ahead of the writing, so that a sync need not change its length; the
first zero ends the reading, and so does the first line that is cut short or fails its checksum.

A change is promised only after `wait`. Appending is for one thread at a time (the queues' lock);
waiting is for many, and one sync serves all who wait.
"""

import os
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from movie_sync import atomic
from movie_sync.errors import QueueError
from movie_sync.models import Item, State

STEP_BYTES = 64 * 1024
AHEAD_BYTES = 256 * 1024
RESERVE_BYTES = 64 * 1024  # of the zeros ahead: on a full disk, what is under way may still finish

Change = tuple[str, State | None, Item | None]  # id, its state now, the item; None: it is gone


class Record(msgspec.Struct, omit_defaults=True):
    """One line: the changes that got number `s`."""

    s: int
    t: list[Change] = []
    f: int = 0  # if set: the queue files hold everything up to this number


class Header(msgspec.Struct):
    """The first line. `seq` is the number of the last change before this journal."""

    epoch: str
    seq: int


class Syncs(NamedTuple):
    """How often the disk was waited for since the start, and for how long."""

    times: int = 0
    total_s: float = 0.0
    last_s: float = 0.0


class Journal:
    """The journal of the one process that owns the queues, open for appending.

    Args:
        sync: makes what was written to a descriptor outlive a power cut.
    """

    def __init__(self, path: Path, sync: Callable[[int], object] = os.fdatasync) -> None:
        self.path = path
        self._sync = sync
        self._fd = -1
        self._seed = 0
        self._end = 0  # where the zeros end
        self._synced = 0
        self._failure: OSError | None = None
        self._sync_lock = threading.Lock()
        self.ticket = 0  # of the last line
        self.used_bytes = 0
        self.syncs = Syncs()

    @property
    def in_place(self) -> bool:
        """Whether the file that we write to is still the one of this name. Raises OSError."""
        try:
            return os.path.samestat(self.path.stat(), os.fstat(self._fd))
        except FileNotFoundError:
            return False

    def begin(self, seq: int, records: Iterable[Record] = ()) -> None:
        """Start a new file in place of the old one, holding `records`, all of them durable.

        Raises:
            OSError: the old file is in use as before, if it is still there.
        """
        epoch = os.urandom(8).hex()
        seed = zlib.crc32(epoch.encode())
        lines = [_line(msgspec.json.encode(Header(epoch, seq)), 0)]
        lines += [_line(msgspec.json.encode(record), seed) for record in records]
        text = b"".join(lines)
        with self._sync_lock:
            try:
                atomic.write(self.path, [text, bytes(AHEAD_BYTES)])
                descriptor = os.open(self.path, os.O_WRONLY | os.O_CLOEXEC)
            except OSError as error:
                self._distrust_unless_in_place(error)
                raise
            if self._fd >= 0:
                os.close(self._fd)
            self._fd, self._seed, self._failure = descriptor, seed, None
            self.used_bytes, self._end = len(text), len(text) + AHEAD_BYTES
            self._synced = self.ticket

    def append(self, record: Record, *, finishing: bool) -> int:
        """Write one line and return a ticket to `wait` with. Needs the queues' lock.

        Args:
            finishing: may use the reserve, because it ends something under way.

        Raises:
            OSError: the disk is full or broken; the line does not count.
        """
        self._raise_failure()
        line = _line(msgspec.json.encode(record), self._seed)
        self._make_room(len(line), finishing=finishing)
        # A line written in part counts for nothing: the next one is written over it.
        self._write(line, self.used_bytes)
        self.used_bytes += len(line)
        self.ticket += 1
        return self.ticket

    def wait(self, ticket: int) -> None:
        """Return when the line of this ticket would outlive a power cut.

        Raises:
            OSError: it may or may not; nothing can be promised until a new file is begun.
        """
        if self._synced >= ticket:
            return
        with self._sync_lock:
            if self._synced >= ticket:  # somebody else's sync took ours along
                return
            self._raise_failure()
            reached, began_s = self.ticket, time.perf_counter()
            try:
                self._sync(self._fd)
            except OSError as error:
                # The pages are marked clean now, so that a second sync would say that all is well.
                self._failure = error
                raise
            self._synced = reached
            took_s = time.perf_counter() - began_s
            self.syncs = Syncs(self.syncs.times + 1, self.syncs.total_s + took_s, took_s)

    def close(self) -> None:
        with self._sync_lock:
            if self._fd >= 0:
                os.close(self._fd)
            self._fd = -1

    def _make_room(self, size_bytes: int, *, finishing: bool) -> None:
        needed = self.used_bytes + size_bytes + (0 if finishing else RESERVE_BYTES)
        while needed > self._end:
            self._end += self._write(bytes(STEP_BYTES), self._end)

    def _write(self, text: bytes, at: int) -> int:
        """Write it all; what a full disk takes in part is followed by the disk's own error."""
        done = 0
        while done < len(text):
            done += os.pwrite(self._fd, memoryview(text)[done:], at + done)
        return done

    def _raise_failure(self) -> None:
        if self._failure:
            raise OSError(self._failure.errno, self._failure.strerror or str(self._failure))

    def _distrust_unless_in_place(self, error: OSError) -> None:
        """The new file may have its name already, so that the old one would be written in vain."""
        try:
            lost = self._fd >= 0 and not self.in_place
        except OSError:
            lost = True
        if lost:
            self._failure = error


def read(path: Path) -> tuple[Header | None, Sequence[Record]]:
    """The header and all whole records; None and nothing when there is no journal yet.

    Raises:
        QueueError: the file cannot be read, or does not begin as a journal does.
    """
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        return None, ()
    except OSError as error:
        raise QueueError(f"{path} cannot be read ({error.strerror}); nothing was started") from None
    lines = text.split(b"\0", 1)[0].split(b"\n")[:-1]  # what follows the last line end was torn
    header_text = _payload(lines[0], 0) if lines else None
    if header_text is None:
        raise QueueError(
            f"{path} does not begin as a journal does; nothing was started; "
            "if its last changes may go, move it away: the queue files hold the rest"
        )
    try:
        header = _HEADER.decode(header_text)
        return header, [_RECORD.decode(payload) for payload in _payloads(lines[1:], header)]
    except msgspec.ValidationError as error:
        raise QueueError(
            f"{path} is whole, but of a form that this version does not know ({error}); "
            "nothing was started; use the version that wrote it"
        ) from None


_HEADER = msgspec.json.Decoder(Header)
_RECORD = msgspec.json.Decoder(Record)


def _line(payload: bytes, seed: int) -> bytes:
    return b"%08x %s\n" % (zlib.crc32(payload, seed), payload)


def _payloads(lines: Iterable[bytes], header: Header) -> Iterator[bytes]:
    """What the lines say, up to the first that is not whole or of another epoch."""
    seed = zlib.crc32(header.epoch.encode())
    for line in lines:
        payload = _payload(line, seed)
        if payload is None:
            return
        yield payload


def _payload(line: bytes, seed: int) -> bytes | None:
    checksum, _, payload = line.partition(b" ")
    return payload if checksum == b"%08x" % zlib.crc32(payload, seed) else None
