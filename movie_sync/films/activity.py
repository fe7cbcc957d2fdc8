"""What happened to all films, newest last: the stories of all, in one file that stays small.

`stories/activity.jsonl`, one event a line. Past a megabyte it becomes `activity.jsonl~`, in place
of the one before. For people, as stories are: nothing is decided by it.
"""

import os
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct

NAME = "activity.jsonl"
MOST_BYTES = 1_000_000


class Happened(Struct, frozen=True, kw_only=True):
    """One event of one film."""

    at: datetime
    id: str  # of the item
    what: str  # a word of `story.What`
    text: str


def tell(folder: Path, event: Happened) -> None:
    """Add an event. Raises OSError."""
    path = folder / NAME
    out = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        os.write(out, msgspec.json.encode(event) + b"\n")
        full = os.fstat(out).st_size > MOST_BYTES
    finally:
        os.close(out)
    if full:
        path.replace(path.with_name(f"{NAME}~"))


def read(folder: Path, kinds: Collection[str] = ()) -> list[Happened]:
    """Newest first, of these kinds or of all. What a crash broke off is passed over.

    Raises:
        OSError: a file is there, and cannot be read.
    """
    lines: list[bytes] = []
    for name in (f"{NAME}~", NAME):
        with suppress(FileNotFoundError):
            lines += (folder / name).read_bytes().splitlines()
    events = []
    for line in reversed(lines):
        with suppress(msgspec.MsgspecError, UnicodeDecodeError):
            event = msgspec.json.decode(line, type=Happened)
            if not kinds or event.what in kinds:
                events.append(event)
    return events
