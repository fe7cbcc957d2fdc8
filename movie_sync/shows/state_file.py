"""`state.json`: how far the shows are, for people and scripts that look at it.

It is written from the database and never read into it: a database that is gone is filled anew,
whatever this file says. After each whole cycle a copy stays as `state.json.bak`, and stands in
where the file was damaged.
"""

import logging
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from movie_sync import atomic
from movie_sync.errors import FilesError
from movie_sync.models import Moment

log = logging.getLogger(__name__)

FILE, COPY = "state.json", "state.json.bak"
Count = Annotated[int, Meta(ge=0)]


class SyncState(Struct, frozen=True, kw_only=True):
    """What the file holds; null is not yet."""

    last_full_sync: Moment | None = None
    last_incremental_sync: Moment | None = None
    last_tvmaze_page: Count | None = None
    highest_tvmaze_id: Count | None = None
    last_filter_hash: str | None = None
    last_updates_check: Moment | None = None


def of_meta(meta: Mapping[str, str]) -> SyncState:
    """From the marks of the database."""
    page, highest = meta.get("shows.page"), meta.get("shows.highest_id")
    return SyncState(
        last_full_sync=_moment(meta.get("shows.full_at") or meta.get("shows.complete")),
        last_incremental_sync=_moment(meta.get("shows.updates_at")),
        last_tvmaze_page=int(page) if page is not None else None,
        highest_tvmaze_id=int(highest) if highest is not None else None,
        last_filter_hash=meta.get("shows.rules_hash"),
        last_updates_check=_moment(meta.get("shows.updates_at")),
    )


def write(home: Path, state: SyncState, *, cycle_done: bool = False) -> None:
    """Replace the file; with `cycle_done` its copy too. Whole at any moment.

    Raises:
        FilesError: it cannot be written; it is as it was.
    """
    text = msgspec.json.format(msgspec.json.encode(state), indent=2) + b"\n"
    for name in (FILE, COPY) if cycle_done else (FILE,):
        try:
            atomic.write(home / name, [text])
        except OSError as error:
            message = f"{home / name} cannot be written ({error.strerror}); it is as it was"
            raise FilesError(message) from error


def read(home: Path) -> SyncState | None:
    """What the file says; where it is damaged, what its copy says, which then takes its place.

    None where there is neither.
    """
    for name in (FILE, COPY):
        path = home / name
        try:
            state = msgspec.json.decode(path.read_bytes(), type=SyncState)
        except FileNotFoundError:
            continue
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
            log.warning("%s cannot be read (%s)", path, error)
            continue
        if name == COPY:
            write(home, state)
            log.warning("%s was brought back from its copy", home / FILE)
        return state
    return None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
