"""Which of the plays that were sent are at Trakt: by reading its history of just these works, in
a few minutes around each time.

Where many lie close together, one reading of their whole time is cheaper than one for each.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from movie_sync.errors import Unavailable
from movie_sync.history.push_models import Trakt
from movie_sync.history.rows import OutboxRow, Sending
from movie_sync.history.sifting import CLOSE
from movie_sync.history_models import Work
from movie_sync.library_models import Kind
from movie_sync.trakt_models import TraktPlay

SETTLES = timedelta(seconds=60)  # a request that we gave up may still be under way for so long
FEW_PAGES = 2
LOST = (Sending.SENDING, Sending.UNKNOWN)  # sent, and no answer is known


def require_settled(rows: Iterable[OutboxRow], now: datetime, service: str) -> None:
    """Raises Unavailable: some of them may still be on their way; says for how long. Where the
    clock was set back, nobody knows, and they are not waited for."""
    lost = [row for row in rows if row.state in LOST]
    sent_at = max((row.tried_at or row.made_at for row in lost), default=now - SETTLES)
    wait = SETTLES - (now - sent_at)
    if timedelta() < wait <= SETTLES:
        count = "a play" if len(lost) == 1 else f"{len(lost)} plays"
        what = f"{count} may have arrived without an answer; it is looked for once that is settled"
        raise Unavailable(service, what, wait.total_seconds())


def find(trakt: Trakt, rows: Sequence[OutboxRow], *, cheaply: bool = False) -> dict[int, int]:
    """The history id of each that is there, by the number of its row.

    Args:
        cheaply: rather leave them all unfound than ask much.

    Raises:
        ServiceError: it cannot be said.
    """
    dated = [row for row in rows if row.watched_at is not None]
    plays = _read_together(trakt, dated, FEW_PAGES if cheaply else len(dated)) if dated else []
    if cheaply:
        return pair(dated, plays or [])
    if plays is None:
        plays = [one for row in dated for one in _around(trakt, row)]
    undated = [row for row in rows if row.watched_at is None]
    plays += [one for row in undated for one in trakt.plays_of(row.work, None, None)]
    return pair(rows, plays)


def pair(rows: Iterable[OutboxRow], plays: Iterable[TraktPlay]) -> dict[int, int]:
    """Which play is which row; each is the play of one row at most, the closest first. Pure."""
    by_key = defaultdict(list)
    for one in plays:
        for key in _keys(one.play.work):
            by_key[key].append(one)
    close = [
        (gap, row.id, one.history_id)
        for row in rows
        for key in _keys(row.work)
        for one in by_key[key]
        if (gap := _gap(row.watched_at, one.play.watched_at)) is not None
    ]
    found: dict[int, int] = {}
    used: set[int] = set()
    for _, row_id, history_id in sorted(close):
        if row_id not in found and history_id not in used:
            found[row_id] = history_id
            used.add(history_id)
    return found


def _read_together(
    trakt: Trakt, rows: Sequence[OutboxRow], most_pages: int
) -> list[TraktPlay] | None:
    """None where that would take more pages."""
    times = [row.watched_at for row in rows if row.watched_at]
    kinds = {row.work.kind for row in rows}
    kind = kinds.pop() if len(kinds) == 1 else None
    found: list[TraktPlay] = []
    for page in trakt.history(kind, min(times) - CLOSE, max(times) + CLOSE):
        if page.number == 1 and (page.of is None or page.of > most_pages):
            return None
        found += page.plays
    return found


def _around(trakt: Trakt, row: OutboxRow) -> list[TraktPlay]:
    assert row.watched_at
    return trakt.plays_of(row.work, row.watched_at - CLOSE, row.watched_at + CLOSE)


def _keys(work: Work) -> Iterator[Hashable]:
    """By any of which the same work is known: an id, or its number in a show with the same id."""
    for one in work.episode_ids.items():
        yield Kind.SHOW, *one
    for one in work.ids.items():
        yield work.kind, *one, work.season, work.episode


def _gap(at: datetime | None, other: datetime | None) -> float | None:
    """Seconds between two times that may be of one play."""
    if at is None or other is None:
        return 0.0 if at is other else None
    gap = abs(at - other)
    return gap.total_seconds() if gap <= CLOSE else None
