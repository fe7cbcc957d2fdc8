"""What happened to each film, in order, so that every question beginning with "why" has an answer.

One file a film, `stories/<id>.jsonl`, one event a line, readable with jq. A story is for people:
nothing is decided by it. The one thing to know: it is kept bounded. A repeated event is counted
instead of written again, and only the last few searches keep their lists of releases.
"""

import logging
import os
import re
import threading
from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from movie_sync import atomic
from movie_sync.errors import FilesError
from movie_sync.films import activity

log = logging.getLogger(__name__)

MOST_EVENTS = 80
MOST_SEARCHES = 4  # that keep every release they found


class What(StrEnum):
    """Kinds of events, for scripts; a person reads the sentence."""

    WANTED = "wanted"
    SEARCHED = "searched"
    WAITS = "waits"
    TAKEN = "taken"
    STALLED = "stalled"
    BROKEN = "broken"
    GONE = "gone"
    BLOCKED = "blocked"
    FAILED = "failed"
    PLACED = "placed"
    UPGRADED = "upgraded"
    OWNED = "owned"
    HANDED_OVER = "handed over"
    BY_HAND = "by hand"
    REMOVED = "removed"


class Event(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One thing that happened, once or several times in a row."""

    at: datetime
    what: What
    text: str
    times: int = 1
    last_at: datetime | None = None  # of the last time, where there were several
    releases: list[dict[str, Any]] = []  # of a search: each release with its rank or refusals


class Stories:
    """All stories of one home. Safe from several threads, and beside a running program to read.

    Telling never fails: a disk that is full must not stop a film for the sake of its story.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()

    def tell(
        self,
        item_id: str,
        what: What,
        text: str,
        now: datetime,
        releases: Sequence[dict[str, Any]] = (),
    ) -> None:
        """Add an event; one that says the same as the last is counted there."""
        event = Event(at=now, what=what, text=text, releases=list(releases))
        path = self._path(item_id)
        with self._lock:
            try:
                self._folder.mkdir(mode=0o700, exist_ok=True)
                events = self._read(path)
                if events and (events[-1].what, events[-1].text) == (what, text):
                    again = {"times": events[-1].times + 1, "last_at": now}
                    events[-1] = replace(events[-1], **again, releases=event.releases)
                else:
                    events.append(event)
                    activity.tell(self._folder, activity.Happened(at=now, id=item_id, what=what,
                                                                  text=text))  # fmt: skip
                    if len(events) <= MOST_EVENTS and not releases:
                        _append(path, event)
                        return
                atomic.write(path, map(_line, _bounded(events)))
            except OSError as error:
                log.debug("the story of %s was not written: %s", item_id, error)

    def read(self, item_id: str) -> list[Event]:
        """In order. Lines that a crash broke off or a person spoiled are passed over.

        Raises:
            FilesError: the file is there, and cannot be read.
        """
        try:
            return self._read(self._path(item_id))
        except OSError as error:
            raise FilesError(f"{self._path(item_id)} cannot be read ({error.strerror})") from error

    def happened(self, kinds: Collection[str] = ()) -> list[activity.Happened]:
        """What happened to all films, newest first, as far back as is kept.

        Args:
            kinds: words of `What`; none is all.

        Raises:
            FilesError: it cannot be read.
        """
        try:
            return activity.read(self._folder, kinds)
        except OSError as error:
            raise FilesError(f"{activity.NAME} cannot be read ({error.strerror})") from error

    def _path(self, item_id: str) -> Path:
        """A readable name, and a few digits that keep apart what is written alike."""
        plain = re.sub(r"[^a-z0-9]+", "-", item_id.lower()).strip("-")[:80]
        return self._folder / f"{plain}-{sha256(item_id.encode()).hexdigest()[:8]}.jsonl"

    @staticmethod
    def _read(path: Path) -> list[Event]:
        try:
            lines = path.read_bytes().splitlines()
        except FileNotFoundError:
            return []
        events = []
        for line in lines:
            with suppress(msgspec.MsgspecError, UnicodeDecodeError):
                events.append(msgspec.json.decode(line, type=Event))
        return events


def _append(path: Path, event: Event) -> None:
    out = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        end = os.fstat(out).st_size
        broken_off = end and os.pread(out, 1, end - 1) != b"\n"
        os.write(out, b"\n" * bool(broken_off) + _line(event))
    finally:
        os.close(out)


def _line(event: Event) -> bytes:
    return msgspec.json.encode(event) + b"\n"


def _bounded(events: Sequence[Event]) -> list[Event]:
    """The first event, which tells who wanted it, and the latest; old searches without lists."""
    kept = [*events[:1], *events[-MOST_EVENTS // 2 :]] if len(events) > MOST_EVENTS else events
    searches = [event for event in kept if event.releases]
    old = {id(event) for event in searches[:-MOST_SEARCHES]}
    return [replace(event, releases=[]) if id(event) in old else event for event in kept]
