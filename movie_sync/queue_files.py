"""The queue files: `queue_pending.json` and its four siblings, for people, jq and editors.

Each is a JSON array with one item on a line. A file that cannot be read is never an empty queue:
reading says where it is broken, and nothing goes on until a person has mended it.
"""

import codecs
import errno
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
from msgspec.structs import force_setattr

from movie_sync import atomic, queue_faults
from movie_sync.errors import QueueError
from movie_sync.models import Item, State
from movie_sync.queue_resting import Resting

CHUNK = 2000  # items encoded at once; other threads get their turn between two chunks
LARGEST_BYTES = 1024**3  # of a queue file: some two million films

_ENCODER = msgspec.json.Encoder()
_ITEMS = msgspec.json.Decoder(list[Item])
_ITEM = msgspec.json.Decoder(Item)
_END = b"\n]\n"
COMMON = ("kind", "wanted_by", "added_at", "step", "last_error")  # alike in many items

Stamp = tuple[int, int, int]  # inode, size, time of the last change: tells whether a file changed


def path_of(folder: Path, state: State) -> Path:
    return folder / f"queue_{state}.json"


def encode(item: Item) -> bytes:
    return _ENCODER.encode(item)


def write(folder: Path, state: State, lines: Iterable[bytes]) -> Stamp:
    """Replace one file by these encoded items; the file as it was stays as `...json~`."""
    return _stamp(atomic.write(path_of(folder, state), array(lines), keep_previous=True))


def previous_of(path: Path) -> Path:
    """The file as it was before the last writing; beside the real file where `path` is a link."""
    real = Path(os.path.realpath(path))
    return real.with_name(real.name + "~")


def stamp_of(path: Path) -> Stamp | None:
    """None when there is no such file."""
    try:
        return _stamp(path.stat())
    except FileNotFoundError:
        return None


def read_settled(path: Path) -> tuple[bytes, Stamp] | None:
    """Text and stamp that belong together; None while somebody is writing. Raises OSError."""
    with path.open("rb") as file:
        before = _stamp(os.fstat(file.fileno()))
        text = _all_of(file)
        return (text, before) if _stamp(os.fstat(file.fileno())) == before else None


def _stamp(found: os.stat_result) -> Stamp:
    return found.st_ino, found.st_size, found.st_mtime_ns


def read(folder: Path, state: State) -> list[Item]:
    """The items of one file. No file at all is an empty queue, unless it had a forerunner.

    Raises:
        QueueError: it is damaged, of an unknown form, or went missing.
    """
    path = path_of(folder, state)
    previous = previous_of(path)
    try:
        text = whole(path)
    except FileNotFoundError:
        if path.is_symlink():
            raise QueueError(
                f"{path.name} is a link to {path.readlink()}, and that is not there; nothing was "
                "started; is its disk mounted?"
            ) from None
        if not previous.exists():
            return []
        raise QueueError(
            f"{path.name} is gone, but {previous.name} is there; nothing was started; go back with "
            f'"queue restore-file {state}", or delete {previous.name} too to begin with an empty '
            "queue"
        ) from None
    except OSError as error:
        raise QueueError(
            f"{path.name} cannot be read ({error.strerror}); nothing was started"
        ) from error
    try:
        return parse(text)
    except ValueError as error:
        way_back = f', or go back with "queue restore-file {state}"' if previous.exists() else ""
        raise QueueError(
            f"{path.name}: {error}; nothing was started and nothing changed; mend it{way_back}"
        ) from error


def whole(path: Path) -> bytes:
    """Raises OSError, also for what is too large for any queue."""
    with path.open("rb") as file:
        return _all_of(file)


def _all_of(file: BinaryIO) -> bytes:
    size_bytes = os.fstat(file.fileno()).st_size
    if size_bytes > LARGEST_BYTES:
        size_gib = size_bytes / 1024**3
        raise OSError(errno.EFBIG, f"it is of {size_gib:.1f} GiB, and no queue is so large")
    return file.read()


def parse(text: bytes) -> list[Item]:
    """The items in the text of a queue file. A mark of UTF-8 before it, as of some editors, is
    no fault.

    Raises:
        ValueError: says line and column, or which item, and what is wrong with it.
    """
    text = text.removeprefix(codecs.BOM_UTF8)
    try:
        items = _decode(text)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    seen: dict[str, int] = {}
    for number, item in enumerate(items):
        if fault := queue_faults.of_value(text, number, item):
            raise ValueError(fault)
        if item.id in seen:
            raise ValueError(queue_faults.of_double(text, seen[item.id], number, item.id))
        seen[item.id] = number
    return items


def _decode(text: bytes) -> list[Item]:
    items = _decode_lines(text)
    if items is not None:
        return items
    try:
        return list(map(Resting.of, _ITEMS.decode(text)))
    except msgspec.ValidationError as error:
        raise ValueError(queue_faults.of_item(text, error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ValueError(queue_faults.of_syntax(text, error)) from None


def _decode_lines(text: bytes) -> list[Item] | None:
    """The items of a file as we write it, one a line; None for any other, with or without fault.

    Read one by one, and none of them copied, equal texts are held once, and no memory is left in
    pieces behind them: a list of 20,000 films takes a third less.
    """
    if not (text.startswith(b"[\n") and text.endswith(_END) and len(text) > len(b"[\n" + _END)):
        return None
    whole, at, end = memoryview(text), len(b"[\n"), len(text) - len(_END)
    items: list[Item] = []
    held: dict[Any, Any] = {}
    try:
        while at < end:
            found = text.find(b",\n", at, end)
            stop = found if found >= 0 else end
            items.append(Resting.of(_sharing(_ITEM.decode(whole[at:stop]), held)))
            at = stop + len(b",\n")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return items if at == end + len(b",\n") else None


def _sharing(item: Item, held: dict[Any, Any]) -> Item:
    """The item with what it has in common with others held once."""
    for name in COMMON:
        value = getattr(item, name)
        if value is not None:
            force_setattr(item, name, held.setdefault(value, value))
    return item


def array(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The text of a queue file with these encoded items."""
    yield b"[\n"
    chunk: list[bytes] = []
    first = True
    for line in lines:
        chunk.append(line)
        if len(chunk) == CHUNK:
            yield (b"" if first else b",\n") + b",\n".join(chunk)
            chunk, first = [], False
    if chunk:
        yield (b"" if first else b",\n") + b",\n".join(chunk)
        first = False
    yield b"]\n" if first else b"\n]\n"


def put_aside(path: Path, text: bytes, why: str, stamp: str) -> Path:
    """Keep a person's edit that was not taken over, as `<name>.<why>-<stamp>`."""
    aside = path.with_name(f"{path.name}.{why}-{stamp}")
    with atomic.open_private(aside) as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    atomic.sync_folder(path.parent)
    return aside
