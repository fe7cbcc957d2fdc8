"""What a person may ask of the shows, by the same words from a command and over the socket."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from movie_sync.errors import NotQueued, QueueError, Refused
from movie_sync.models import Show
from movie_sync.shows.rows import StateRow
from movie_sync.shows.running import Shows
from movie_sync.shows.store import ShowStore

Answer = dict[str, Any]
Known = tuple[Show, StateRow]

_ID = re.compile(r"(?:show:)?(?:tvmaze:)?(\d{1,9})(?:@.*)?")
_ADDRESS = re.compile(r"https?://(?:www\.|api\.)?tvmaze\.com/shows/(\d{1,9})\b.*")
_YEAR = re.compile(r" \((\d{4})\)$")
MOST_NAMED = 10  # shows of one title that are told apart


def perform(shows: Shows, request: Mapping[str, Any]) -> Answer:
    """Fulfil one wish of `{"do": "shows", "wish": ...}`.

    Raises:
        QueueError: there is no such wish, or it could not be fulfilled.
        FilesError: nothing was changed.
    """
    match request:
        case {"wish": "status"}:
            return told(shows)
        case {"wish": "sync"}:
            return {"begins": shows.trigger()}
        case {"wish": "refilter"}:
            return {"begins": shows.refilter()}
        case {"wish": "approve" | "reject" | "exclude" as wish, "show": str() | int() as name}:
            show, _ = find(shows.store, str(name))
            row, problem = _decide(shows, wish, show.tvmaze_id)
            return {"id": show.tvmaze_id, "title": str(show), "state": str(row.state),
                    "sentence": row.sentence, "problem": problem}  # fmt: skip
    raise QueueError(f"there is no such wish for shows: {request.get('wish')}; nothing was changed")


def _decide(shows: Shows, wish: str, tvmaze_id: int) -> tuple[StateRow, str | None]:
    """The show as it is now, and what was not done besides."""
    if wish == "approve":
        return shows.approve(tvmaze_id), None
    if wish == "reject":
        return shows.reject(tvmaze_id), None
    try:
        return shows.exclude(tvmaze_id), None
    except Refused as error:
        known = shows.store.get(tvmaze_id)
        assert known
        return known[1], str(error)


def told(shows: Shows) -> Answer:
    """How the running program's shows are at this moment."""
    sync, now = shows.sync, datetime.now(UTC)
    return {
        "running": sync.running,
        "cycle": msgspec.to_builtins(sync.cycle),
        "now": sync.cycle.sentence if sync.cycle else None,
        "problem": str(sync.problem) if sync.problem else None,
        "next_at": sync.next_at(now),
        "proposal": msgspec.to_builtins(shows.proposal),
        "trouble": shows.troubles(),
    }


def find(store: ShowStore, name: str) -> Known:
    """The show with this id or address at TVmaze, or this title, if just one has it.

    Raises:
        NotQueued: there is none, or more than one.
    """
    if match := _ID.fullmatch(name) or _ADDRESS.fullmatch(name):
        if known := store.get(int(match[1])):
            return known
        if not name.isdigit():  # it may be a title, such as "1883"
            raise NotQueued(f"there is no show {match[1]}; nothing was changed")
    title, year = _parted(name)
    found = [
        each for each in store.list(text=title, limit=1000) if _is_called(each[0], name, title)
    ]
    found = [each for each in found if year is None or _year_of(each[0]) in (None, year)] or found
    if len(found) == 1:
        return found[0]
    if not found:
        raise NotQueued(f"no show is called {name}; `shows list --text` finds parts of titles")
    some = ", ".join(f"{show} is {show.tvmaze_id}" for show, _ in found[:MOST_NAMED])
    raise NotQueued(f"{len(found)} shows are called {name}; say which by its id: {some}")


def _parted(name: str) -> tuple[str, int | None]:
    match = _YEAR.search(name)
    return (name[: match.start()], int(match[1])) if match else (name, None)


def _is_called(show: Show, name: str, title: str) -> bool:
    return show.title.casefold() in (name.casefold(), title.casefold())


def _year_of(show: Show) -> int | None:
    return show.premiered_on.year if show.premiered_on else None
