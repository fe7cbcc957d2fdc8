"""How long a download has got nothing, told by its progress alone. Pure.

The name that a client has for its state says little: qBittorrent calls the same download stalled
and downloading in turn, at 0 bytes a second. Time counts only while somebody looked and it could
have got something: not while it is paused, queued or being checked, nor while the client or this
program did not run.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from movie_sync.models import Phase, Transfer

MOST_BETWEEN_S = 600.0  # that count between two looks; a machine may have slept
NOTED_TIMES = 24  # over the time after which it is replaced: every hour of a day
FIRST_NOTED_S = 600.0


class Stall(Struct, frozen=True, kw_only=True):
    """What is known of one download. Progress is 0.0 to 1.0."""

    progress: float = -1.0  # the most there was
    for_s: float = 0.0
    since: datetime | None = None  # by the clock, for a person
    looked_at: datetime | None = None
    counting: bool = False  # since the last look

    def look(self, transfer: Transfer, now: datetime) -> "Stall":
        """What is known after one more look."""
        if not _could_load(transfer):
            return self.rest()
        if transfer.progress > self.progress:
            return Stall(progress=transfer.progress, looked_at=now, counting=True)
        if not self.counting:  # a check, or another run, may have found less than there was
            since = self.since or now
            changes = {"progress": transfer.progress, "since": since, "looked_at": now}
            return replace(self, counting=True, **changes)
        assert self.looked_at is not None
        passed_s = (now - self.looked_at).total_seconds()
        for_s = self.for_s + min(max(passed_s, 0.0), MOST_BETWEEN_S)
        return replace(self, for_s=for_s, since=self.since or self.looked_at, looked_at=now)

    def rest(self) -> "Stall":
        """What is known when the time until the next look does not count."""
        return replace(self, counting=False)


def restored(data: Mapping[str, Any]) -> Stall:
    """As an earlier run left it in an item's data; what it noted in no known form is forgotten."""
    noted = data.get("stalled") or {}
    try:
        return Stall(
            progress=float(noted["progress"]),
            for_s=float(noted["for_s"]),
            since=datetime.fromisoformat(noted["since"]),
        )
    except (KeyError, TypeError, ValueError):
        return Stall()


def to_note(stall: Stall, data: Mapping[str, Any], after: timedelta) -> dict[str, Any]:
    """What an item's data should say now, so that a restart goes on from there; None takes it
    out. Nothing while they are good enough as they are, which is nearly always."""
    noted = "stalled" in data
    if stall.since is None:
        return {"stalled": None} if noted else {}
    every_s = after.total_seconds() / NOTED_TIMES
    due_s = restored(data).for_s + every_s if noted else min(every_s, FIRST_NOTED_S)
    if stall.for_s < due_s:
        return {}
    since, for_s = stall.since.isoformat(timespec="seconds"), round(stall.for_s, 1)
    return {"stalled": {"since": since, "for_s": for_s, "progress": stall.progress}}


def _could_load(transfer: Transfer) -> bool:
    waits = transfer.phase in (Phase.LOADING, Phase.STALLED)
    return waits and transfer.progress < 1
