"""The history as files for others: CSV for a spreadsheet, JSON for a script, Letterboxd's import.

What `reading` reads back as it was, each play with its key: an export that is imported again adds
nothing. Texts come in pieces, so that a long history need not lie in memory.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import tzinfo

import msgspec

from movie_sync.history.days import day_of
from movie_sync.history_models import Play, Rating, Wish, Work
from movie_sync.table_cells import safe

COLUMNS = (
    "what", "kind", "title", "year", "season", "episode", "episode_title", "watched_at", "zone",
    "rating", "rated_at", "listed_at", "imdb", "tmdb", "tvdb", "trakt", "ids", "episode_ids",
    "source", "told_id", "key",
)  # fmt: skip

_OWN_COLUMNS = ("imdb", "tmdb", "tvdb", "trakt")  # of ids; those of others share a cell

Entry = Play | Rating | Wish
Row = dict[str, object]


def as_csv(entries: Iterable[Entry], zone: tzinfo | None) -> Iterator[str]:
    """Args: zone: where the person lives, for plays of which only the day is known."""
    yield _line(COLUMNS)
    for entry in entries:
        told = row(entry, zone)
        ids, episode_ids = _ids(told, "ids"), _ids(told, "episode_ids")
        told |= {name: ids[name] for name in _OWN_COLUMNS if name in ids}
        told["ids"] = _cell_of(ids, _OWN_COLUMNS)
        told["episode_ids"] = _cell_of(episode_ids, ())
        yield _line([told.get(name, "") for name in COLUMNS])


def as_json(entries: Iterable[Entry], zone: tzinfo | None) -> Iterator[str]:
    """An array with one entry on a line."""
    before = "[\n"
    for entry in entries:
        yield before + msgspec.json.encode(row(entry, zone)).decode()
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def row(entry: Entry, zone: tzinfo | None) -> Row:
    """An entry, flat; without what it does not say."""
    said: Row = {"what": type(entry).__name__.lower(), **_work(entry.work), "source": entry.source}
    if isinstance(entry, Play):
        day = day_of(entry, zone) if entry.day_only else None
        at = entry.watched_at and entry.watched_at.isoformat().replace("+00:00", "Z")
        said |= {
            "watched_at": day.isoformat() if day else at,
            "zone": entry.zone,
            "told_id": entry.told_id,
            "key": entry.key,
        }
    elif isinstance(entry, Rating):
        said |= {"rating": entry.tenths, "rated_at": entry.rated_at}
    else:
        said["listed_at"] = entry.listed_at
    return {name: value for name, value in said.items() if value is not None}


def _work(work: Work) -> Row:
    said = msgspec.to_builtins(work)
    return {**said, "kind": str(work.kind)}


def _ids(told: Row, name: str) -> Mapping[str, str]:
    ids = told.get(name)
    return ids if isinstance(ids, dict) else {}


def _cell_of(ids: Mapping[str, str], but: tuple[str, ...]) -> str:
    """Several ids in one cell: "plex:5d77 tvmaze:82"."""
    return " ".join(f"{name}:{ids[name]}" for name in sorted(ids) if name not in but)


def _line(cells: Iterable[object]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([safe(_text(cell)) for cell in cells])
    return out.getvalue()


def _text(value: object) -> str:
    return value if isinstance(value, str) else str(msgspec.to_builtins(value))
