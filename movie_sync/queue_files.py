"""The queue files: `queue_pending.json` and its four siblings, for people, jq and editors.

Each is a JSON array with one item on a line. A file that cannot be read is never an empty queue:
reading says where it is broken, and nothing goes on until a person has mended it.
"""

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from movie_sync import atomic
from movie_sync.errors import QueueError
from movie_sync.models import Item, State

CHUNK = 2000  # items encoded at once; other threads get their turn between two chunks

_ENCODER = msgspec.json.Encoder()
_ITEMS = msgspec.json.Decoder(list[Item])

Stamp = tuple[int, int, int]  # inode, size, time of the last change: tells whether a file changed


def path_of(folder: Path, state: State) -> Path:
    return folder / f"queue_{state}.json"


def encode(item: Item) -> bytes:
    return _ENCODER.encode(item)


def write(folder: Path, state: State, lines: Iterable[bytes]) -> Stamp:
    """Replace one file by these encoded items; the file as it was stays as `...json~`."""
    return _stamp(atomic.write(path_of(folder, state), _array(lines), keep_previous=True))


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
        text = file.read()
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
        text = path.read_bytes()
    except FileNotFoundError:
        if path.is_symlink():
            raise QueueError(
                f"{path.name} is a link to {path.readlink()}, and that is not there; nothing was "
                "started; is its disk mounted?"
            ) from None
        if not previous.exists():
            return []
        raise QueueError(
            f"{path.name} is gone, but {previous.name} is there; nothing was started; copy that "
            "over it to go back, or delete it too to begin with an empty queue"
        ) from None
    except OSError as error:
        raise QueueError(
            f"{path.name} cannot be read ({error.strerror}); nothing was started"
        ) from error
    try:
        return parse(text)
    except ValueError as error:
        way_back = f" or copy {previous.name} over it to go back" if previous.exists() else ""
        raise QueueError(
            f"{path.name}: {error}; nothing was started and nothing changed; mend it{way_back}"
        ) from error


def parse(text: bytes) -> list[Item]:
    """The items in the text of a queue file.

    Raises:
        ValueError: says line and column, or which item, and what is wrong with it.
    """
    try:
        items = _decode(text)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    seen: set[str] = set()
    for item in items:
        if item.id in seen:
            raise ValueError(f"{item.id} is there twice")
        seen.add(item.id)
    return items


def _decode(text: bytes) -> list[Item]:
    try:
        return _ITEMS.decode(text)
    except msgspec.ValidationError as error:
        raise ValueError(_which_item(text, error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ValueError(_where(text, error)) from None


def _array(lines: Iterable[bytes]) -> Iterator[bytes]:
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


def _where(text: bytes, error: Exception) -> str:
    if not text.strip():
        return "it is empty, where at least [] should be"
    if not text.strip(b"\0"):
        return "it holds nothing but zeros, as after a power cut"
    try:
        json.loads(text.decode())
    except UnicodeDecodeError as found:
        line = text.count(b"\n", 0, found.start) + 1
        return f"line {line} is not UTF-8 text"
    except json.JSONDecodeError as found:
        return f"line {found.lineno}, column {found.colno}: {found.msg}"
    return f"it is not the JSON of a queue: {error}"


def _which_item(text: bytes, error: msgspec.ValidationError) -> str:
    """ "Expected `int`, got `str` - at `$[2].attempts`" in words that name the item."""
    what, _, place = str(error).partition(" - at `$")
    number = place.partition("[")[2].partition("]")[0]
    if not number.isdigit():
        return f"{what}, where a list of items should be"
    try:
        entry = json.loads(text)[int(number)]
    except ValueError as broken:  # further on in the file
        return _where(text, broken)
    name = entry.get("id") if isinstance(entry, dict) else None
    key = place.partition("]")[2].strip("`.")
    of_key = f" in {key!r}" if key else ""
    return f"item {int(number) + 1} ({name or 'without an id'}){of_key}: {what}"


def put_aside(path: Path, text: bytes, why: str, stamp: str) -> Path:
    """Keep a person's edit that was not taken over, as `<name>.<why>-<stamp>`."""
    aside = path.with_name(f"{path.name}.{why}-{stamp}")
    with atomic.open_private(aside) as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    atomic.sync_folder(path.parent)
    return aside
