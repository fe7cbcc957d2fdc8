"""What a push would do: the same questions as a push asks, and nothing sent."""

from datetime import datetime

from movie_sync.history.batches import OPEN, PAGE
from movie_sync.history.push_models import Proposal, Proposed
from movie_sync.history.rows import OutboxRow, Sending
from movie_sync.history.sifting import Sieve, has_id, unfit
from movie_sync.history.store import HistoryStore

NO_ID = "it has no id that Trakt knows; it goes once it is matched"
LOST = "it was sent, and no answer came; it is looked for first"


def propose(
    store: HistoryStore, provider: str, account: str, sieve: Sieve, now: datetime, *, limit: int
) -> Proposal:
    """Raises ServiceError: it could not be asked which work is meant.

    Args:
        limit: plays that are named; all are counted.
    """
    made = Proposal(account=account)
    after = 0
    while rows := store.outbox(provider, account, OPEN, after_id=after, limit=PAGE):
        for row in rows:
            why_not = _judge(made, row, sieve, now)
            if why_not is None:
                sieve.known.add([row])
            if len(made.first) < limit:
                made.first.append(Proposed(row=row, why_not=why_not))
        after = rows[-1].id
    return made


def _judge(made: Proposal, row: OutboxRow, sieve: Sieve, now: datetime) -> str | None:
    """Why it would not go, as a sentence; counted."""
    if row.state is not Sending.WAITING:
        made.unsure += 1
        return LOST
    if not has_id(row.work):
        made.unmatched += 1
        return NO_ID
    if why := unfit(row, now):
        made.unfit += 1
        return why
    if why := sieve.there_already(row):
        made.there += 1
        return why
    made.go += 1
    return None
