"""The history's facts as a person says them: who told, when it was, and what a sync came to."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from movie_sync.history.rows import PlayRow, ProgressRow, SyncRow
from movie_sync.history.wording import COUNTED, KINDS
from movie_sync.models import Moment

SOURCES = {
    "trakt": "Trakt", "viki": "Viki", "letterboxd": "Letterboxd", "plex": "Plex",
    "jellyfin": "Jellyfin", "hand": "by hand", "file": "a file",
}  # fmt: skip
STATES = {
    "running": "going on", "done": "done", "failed": "failed", "cancelled": "cancelled",
    "interrupted": "broken off", "undone": "undone",
}  # fmt: skip


def source_name(source: str) -> str:
    """ "file:letterboxd" is "a file of Letterboxd"."""
    first, _, rest = source.partition(":")
    if first == "file" and rest:
        return f"a file of {SOURCES.get(rest, rest)}"
    return SOURCES.get(source) or SOURCES.get(first) or source


def time_of(row: PlayRow) -> str:
    """The time of day where it was watched; empty where only the day is known, or not even that."""
    if row.watched_at is None or row.day_only:
        return ""
    return f"{_local(row.watched_at, row.zone):%H:%M}"


def position(row: ProgressRow) -> float | None:
    """From 0 to 100; None: it is not known how long it is."""
    if not row.duration_s or row.position_s is None:
        return None
    return min(100.0, 100.0 * row.position_s / row.duration_s)


def counted(counts: Mapping[str, int]) -> list[str]:
    """ "12 new plays"; those that are none are not said."""
    return [f"{counts[name]:,} {words}" for name, words in COUNTED.items() if counts.get(name)]


def sync_name(row: SyncRow) -> str:
    """ "Import from Trakt"."""
    if row.undoes:
        return f"Undo of {row.undoes}"
    kind = KINDS.get(row.kind, row.kind.replace("_", " "))
    named = f"{kind[:1].upper()}{kind[1:]}"
    whom = source_name(row.provider) if row.provider else ""
    return f"{named} from {whom}" if whom and whom.lower() not in named.lower() else named


def _local(at: Moment, zone: str | None) -> datetime:
    try:
        return at.astimezone(ZoneInfo(zone)) if zone else at.astimezone()
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return at.astimezone()
