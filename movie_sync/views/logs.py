"""The program's log file as a person reads it: newest first, by level, searched, page by page.

A page begins where the one before it ended, at a place in a file; so it stays the same while the
program writes on, and also when the file is renamed for a new one to be begun. Lines were freed
of secrets before they were written.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from movie_sync.log import FILE, FILES_KEPT

ENTRIES = 100  # on a page
LONGEST_ENTRY = 4000  # characters of one, with its traceback
LEVELS = ("debug", "info", "warning", "error")
_BEGINS = re.compile(rb"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) ([A-Z]+) +")
_RANK = {b"DEBUG": 0, b"INFO": 1, b"WARNING": 2, b"ERROR": 3, b"CRITICAL": 3}


class Entry(Struct, frozen=True):
    """One line, with the traceback below it if there is one."""

    at: str  # as written, in the time of this machine
    level: str
    text: str


class Page(Struct, frozen=True):
    """Some of the log, newest first."""

    entries: tuple[Entry, ...]
    older: str | None  # where the next page begins; None at the log's end


def files(home: Path) -> list[Path]:
    """Those that there are, the newest first."""
    paths = [home / FILE, *(home / f"{FILE}.{number}" for number in range(1, FILES_KEPT + 1))]
    return [path for path in paths if path.is_file()]


def page(home: Path, *, level: str = "info", text: str = "", before: str = "") -> Page:
    """One page of it.

    Args:
        level: the least one that is shown, a word of `LEVELS`.
        text: that a line has, in any case.
        before: the `older` of the page before; empty for the newest.
    """
    found: list[Entry] = []
    place = None
    for at, entry in _entries(home, LEVELS.index(level), text.casefold().strip(), before):
        if len(found) == ENTRIES:
            return Page(tuple(found), place)
        found.append(entry)
        place = at
    return Page(tuple(found), None)


def _entries(home: Path, least: int, text: str, before: str) -> Iterator[tuple[str, Entry]]:
    """Each entry that fits, and its place: the file's number on its disk, and how far in it."""
    inode, _, offset = before.partition("-")
    waiting = bool(before)
    needle = text.encode() if text.isascii() else b""  # is looked for before anything is decoded
    for path in files(home):
        try:
            number, written = path.stat().st_ino, path.read_bytes()
        except OSError:
            continue
        if waiting and str(number) == inode and offset.isdecimal():
            written, waiting = written[: int(offset)], False
        elif waiting:
            continue
        if needle and needle not in written.lower():
            continue
        for start, begins, line in _backwards(written):
            if _RANK.get(begins[2], 1) < least or (needle and needle not in line.lower()):
                continue
            entry = _entry(begins, line)
            if not text or needle or text in entry.text.casefold():
                yield f"{number}-{start}", entry


def _backwards(written: bytes) -> Iterator[tuple[int, re.Match[bytes], bytes]]:
    """Where each entry starts, its head and the rest of it, the last one first."""
    start = end = len(written)
    while start > 0:
        start = written.rfind(b"\n", 0, start - 1) + 1
        if begins := _BEGINS.match(written, start):
            yield start, begins, written[begins.end() : end]
            end = start


def _entry(begins: re.Match[bytes], line: bytes) -> Entry:
    text = line.decode(errors="replace").rstrip("\n")
    if len(text) > LONGEST_ENTRY:
        text = f"{text[:LONGEST_ENTRY]} …"
    return Entry(begins[1].decode(), begins[2].decode().lower(), text)
