"""Queue files of the earlier form, from before each film had its state, and their way into ours.

They have the same names and hold a JSON list too, but of films as a dictionary of everything that
had ever been noted: `id` (Letterboxd's number), `title`, `slug`, `year`, `retry_count`,
`retry_after`, `skipped` and so on, with times in seconds since 1970. They are read wherever ours
are; when the program first writes, ours take their place, and the originals stay as
`queue_pending.json.earlier`.

There one film could stand in several files. It is believed to be done before it failed, to have
failed before it waits, and to wait before it was removed, for a film that came back to its list
was put back without being taken out of the removed ones.
"""

import json
import logging
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from movie_sync import atomic, queue_files
from movie_sync.errors import QueueError
from movie_sync.models import Item, State
from movie_sync.queue_moves import BY_HAND
from movie_sync.retries import Retries

log = logging.getLogger(__name__)

EARLIER = ".earlier"
# As the number of the last change of each item: of one that is in several files, the highest wins.
RANK = {State.REMOVED: 1, State.PENDING: 2, State.FAILED: 3, State.COMPLETED: 4}
WATCHLIST = "watchlist.json"

_YEAR = re.compile(r"(18|19|20)\d\d")
_IMDB_ID = re.compile(r"tt\d{7,}")
_MILLISECONDS = 1e11  # a number beyond it is no second of our days

Number = int | float | str | None


class Earlier(Struct):
    """A film as the earlier form has it. What else was noted is of no use, and stays there."""

    title: Annotated[str, Meta(min_length=1)]
    id: int | str | None = None
    slug: str | None = None
    year: Number = None
    imdb_id: str | None = None
    added_at: Number = None
    queued_at: Number = None
    completed_at: Number = None
    removed_at: Number = None
    retry_after: Number = None
    retry_count: int | None = None
    last_error: str | None = None
    failed_reason: str | None = None
    skipped: bool | None = None
    force_download: bool | None = None


class Home(Struct, frozen=True):
    """What the earlier config.json says that its queue files do not."""

    source: str  # "letterboxd:alice", else "hand"
    max_retries: int


def read(folder: Path, state: State) -> list[tuple[State, Item]] | None:
    """The items of a file of the earlier form, with their states; None where it is none.

    Raises:
        QueueError: it is, but one of its films is not.
    """
    entries = _entries(queue_files.path_of(folder, state))
    if entries is None or state not in RANK:
        return None
    home, now = _home(folder), datetime.now(UTC)
    items = []
    for number, entry in enumerate(entries, 1):
        try:
            items.append(
                _item(msgspec.convert(entry, Earlier, strict=False), state, number, home, now)
            )
        except (msgspec.ValidationError, ValueError) as error:
            raise QueueError(
                f"queue_{state}.json is of the earlier form, and its film {number} cannot be taken "
                f"over ({error}); nothing was started and nothing changed; mend it"
            ) from None
    return items


def is_earlier(path: Path) -> bool:
    return _entries(path) is not None


def keep_originals(folder: Path, taken: Mapping[State, int]) -> None:
    """Before the first writing: keep what is of the earlier form under another name.

    Args:
        taken: how many items were read from each file that is of it.

    Raises:
        QueueError: they cannot be kept, so that nothing may be written.
    """
    paths = [queue_files.path_of(folder, state) for state in taken]
    if taken and is_earlier(folder / WATCHLIST):
        paths.append(folder / WATCHLIST)
    try:
        for path in paths:
            _keep(path)
    except OSError as error:
        raise QueueError(
            f"the queue files of the earlier form cannot be kept ({error.strerror}); nothing was "
            "started and nothing changed"
        ) from error


def told(
    folder: Path, taken: Mapping[State, int], items: Mapping[State, Mapping[str, Item]]
) -> str:
    """What became of the earlier files, for a person."""
    counts = ", ".join(f"{len(items[state])} {state}" for state in State if items[state])
    films = sum(map(len, items.values()))
    doubled = sum(taken.values()) - films
    given_up = sum(item.permanent for item in items[State.FAILED].values())
    sentences = [f"{films} films of the earlier queue files were taken over: {counts or 'none'}"]
    if doubled > 0:
        sentences.append(f"{doubled} of their lines named a film again, and are one with it")
    if given_up:
        sentences.append(f'{given_up} given up before, as until "queue retry --all"')
    sentences.append(f"the files as they were are kept as queue_*.json{EARLIER}")
    if (folder / "filelist_config.json").exists():
        sentences.append(
            "filelist_config.json is not read: write what you need of it into config.json, and say "
            '"credentials set filelist.passkey"'
        )
    return "; ".join(sentences)


def _entries(path: Path) -> list[dict[str, Any]] | None:
    """What a file of the earlier form lists; None for any other."""
    try:
        entries = msgspec.json.decode(path.read_bytes())
    except (OSError, UnicodeDecodeError, msgspec.DecodeError, RecursionError):
        return None
    if not isinstance(entries, list) or not entries:
        return None
    return entries if all(map(_is_earlier, entries)) else None


def _is_earlier(entry: object) -> bool:
    if not isinstance(entry, dict) or "kind" in entry or "wanted_by" in entry:
        return False
    return ":" not in str(entry.get("id", "")) and bool(
        entry.keys() & {"slug", "url", "queued_at", "status", "retry_count"}
    )


def _home(folder: Path) -> Home:
    """Read leniently: whether config.json is right is told elsewhere."""
    try:
        values = json.loads((folder / "config.json").read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        values = {}
    values = values if isinstance(values, dict) else {}
    name, most = values.get("username"), values.get("max_retries")
    return Home(
        f"letterboxd:{name.strip().lower()}" if isinstance(name, str) and name.strip() else BY_HAND,
        most if isinstance(most, int) else Retries().max_retries,
    )


def _item(
    film: Earlier, state: State, number: int, home: Home, now: datetime
) -> tuple[State, Item]:
    if film.skipped and state is State.PENDING:
        state = State.FAILED
    year = _year(film)
    title = film.title.strip()
    item = Item(
        id=_id(film),
        kind="film",
        title=title if year is None or title.endswith(f"({year})") else f"{title} ({year})",
        wanted_by=() if state is State.REMOVED else (home.source,),
        added_at=_time(film.added_at) or _time(film.queued_at) or now,
        priority=1 if film.force_download else 0,
        attempts=max(film.retry_count or 0, 0),
        last_error=film.last_error or None,
        completed_at=_time(film.completed_at),
        data=_facts(film, year),
        seq=RANK[state],
        pos=number,
    )
    return state, msgspec.structs.replace(item, **_of_state(film, item, state, home, now))


def _of_state(film: Earlier, item: Item, state: State, home: Home, now: datetime) -> dict[str, Any]:
    """What an item needs in its state."""
    match state:
        case State.COMPLETED:
            return {"completed_at": item.completed_at or now, "last_error": None, "attempts": 0}
        case State.REMOVED:
            was = {"was": str(State.COMPLETED)} if item.completed_at else {}
            data = {**item.data, **was, "removed_by": home.source}
            return {"removed_at": _time(film.removed_at) or now, "data": data}
        case State.FAILED:
            return _of_failure(film, item, home, now)
    return {}


def _of_failure(film: Earlier, item: Item, home: Home, now: datetime) -> dict[str, Any]:
    if film.skipped:
        return {"permanent": True, "last_error": "skipped by hand"}
    why = {"last_error": item.last_error or "it had failed, and nobody noted why"}
    if film.failed_reason == "space_limit":
        return {**why, "attempts": 0, "retry_at": now}  # a full disk is no fault of the film
    if item.attempts >= home.max_retries:
        return {**why, "permanent": True}
    return {**why, "retry_at": _time(film.retry_after) or now}


def _id(film: Earlier) -> str:
    number = str(film.id or "").strip()
    if number.isdecimal():
        return f"film:letterboxd:{number}"
    if film.slug:
        return f"film:slug:{film.slug}"
    if film.imdb_id and _IMDB_ID.fullmatch(film.imdb_id):
        return f"film:imdb:{film.imdb_id}"
    raise ValueError(f"{film.title} has no id, slug or imdb_id")


def _facts(film: Earlier, year: int | None) -> dict[str, Any]:
    imdb_id = film.imdb_id if film.imdb_id and _IMDB_ID.fullmatch(film.imdb_id) else None
    facts = {"year": year, "imdb_id": imdb_id, "slug": film.slug or None}
    return {name: value for name, value in facts.items() if value is not None}


def _year(film: Earlier) -> int | None:
    """Some have "Unknown" in the place of a year, though the title may end with it."""
    text = str(film.year or "").strip()
    if not _YEAR.fullmatch(text):
        text = film.title.strip().rpartition("(")[2].removesuffix(")")
    return int(text) if _YEAR.fullmatch(text) else None


def _time(value: Number) -> datetime | None:
    """Of seconds since 1970, or of thousandths; None for what cannot be."""
    try:
        seconds = float(value or 0)
        if not 0 < seconds < _MILLISECONDS * 1000:
            return None
        return datetime.fromtimestamp(
            seconds / 1000 if seconds > _MILLISECONDS else seconds, UTC
        ).replace(microsecond=0)
    except (ValueError, OverflowError, OSError):
        return None


def _keep(path: Path) -> None:
    """A copy, unless it is kept already, as when the program was ended in between."""
    text = path.read_bytes()
    number = 1
    kept = path.with_name(path.name + EARLIER)
    while kept.exists():
        if kept.read_bytes() == text:
            return
        number += 1
        kept = path.with_name(f"{path.name}{EARLIER}-{number}")
    atomic.write(kept, [text])
