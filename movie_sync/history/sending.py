"""One batch of plays told to Trakt, each once.

    waiting -> sending -> done | not_found | refused
                  \\----> unknown, as the answer was lost -> looked for -> done | waiting

That a play is being sent is stored before the request goes out. So whatever ends this program, or
the answer, the play is looked for at Trakt before it is sent once more.
"""

import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from movie_sync.errors import Refused, ServiceError, Stopping, Unsure
from movie_sync.history import push_models as models
from movie_sync.history.push_models import Trakt, play_of
from movie_sync.history.rows import OutboxRow, Outcome, Sending
from movie_sync.history.sifting import Sieve, Times, unfit
from movie_sync.history.store import HistoryStore
from movie_sync.history.verifying import LOST, find
from movie_sync.trakt_models import Told

log = logging.getLogger(__name__)

UNFOUND = "Trakt does not know it"
DROPPED = "Trakt says that it added fewer than it was told, and does not show this one"


class Sender:
    """Tells one account, in one sync."""

    def __init__(self, store: HistoryStore, trakt: Trakt, sieve: Sieve, sync_id: int) -> None:
        self._store, self._trakt, self._sieve, self._sync_id = store, trakt, sieve, sync_id
        self.counts = Counter[str]()  # of the batch in hand

    def send(self, rows: Sequence[OutboxRow], now: datetime) -> None:
        """All of them; those that were lost have settled.

        Raises:
            Unsure: an answer was lost; those plays are looked for when this is called again.
            ServiceError: the rest waits.
            FilesError: nothing can be stored.
        """
        self.counts.clear()
        lost = [row for row in rows if row.state in LOST]
        waiting = [row for row in rows if row.state not in LOST]
        if lost:
            waiting += self._look_for(lost, now)
        self._post(self._sift(waiting, now), now)

    def _look_for(self, lost: Sequence[OutboxRow], now: datetime) -> list[OutboxRow]:
        """Those that did not arrive."""
        found = find(self._trakt, lost)
        arrived = [row for row in lost if row.id in found]
        absent = [row for row in lost if row.id not in found]
        self._note(
            [*_outcomes(arrived, Sending.DONE, found), *_outcomes(absent, Sending.WAITING)],
            now,
            {models.TOLD: len(arrived), models.VERIFIED: len(arrived)},
        )
        self._sieve.known.add(arrived)
        return absent

    def _sift(self, rows: Sequence[OutboxRow], now: datetime) -> list[OutboxRow]:
        """Those that are to go."""
        go: list[OutboxRow] = []
        outcomes, problems = [], []
        going: dict[object, Times] = defaultdict(tuple)
        for row in rows:
            work = (row.title_id, row.work.season, row.work.episode)
            if why := unfit(row, now):
                outcomes.append(Outcome(id=row.id, state=Sending.REFUSED, why=why))
                problems.append(f"{row.work}: {why}")
            elif why := self._sieve.there_already(row, going[work]):
                outcomes.append(Outcome(id=row.id, state=Sending.SKIPPED, why=why))
            else:
                go.append(row)
                going[work] += (row.watched_at,) if row.watched_at else ()
        there = len(outcomes) - len(problems)
        counts = {models.THERE: there, models.REFUSED: len(problems)}
        self._note(outcomes, now, counts, problems)
        return go

    def _post(self, rows: Sequence[OutboxRow], now: datetime) -> None:
        for start in range(0, len(rows), models.BATCH):
            self._post_some(rows[start : start + models.BATCH], now)

    def _post_some(self, rows: Sequence[OutboxRow], now: datetime) -> None:
        """One request; where it is refused as a whole, two halves, until it is plain which of
        them is meant."""
        self._note(_outcomes(rows, Sending.SENDING), now)
        try:
            told = self._trakt.add([play_of(row) for row in rows])
        except Unsure as error:
            self._note(_outcomes(rows, Sending.UNKNOWN, why=str(error)), now)
            raise
        except (ServiceError, Stopping) as error:
            if not _is_of_one_play(error):
                self._note(_outcomes(rows, Sending.WAITING, why=str(error)), now)
                raise
            self._refused(rows, str(error), now)
        else:
            self._take(rows, told, now)

    def _refused(self, rows: Sequence[OutboxRow], why: str, now: datetime) -> None:
        if len(rows) == 1:
            self._note(
                _outcomes(rows, Sending.REFUSED, why=why), now, {models.REFUSED: 1},
                [f"{rows[0].work}: {why}"],
            )  # fmt: skip
            return
        self._note(_outcomes(rows, Sending.WAITING), now)
        half = len(rows) // 2
        self._post_some(rows[:half], now)
        self._post_some(rows[half:], now)

    def _take(self, rows: Sequence[OutboxRow], told: Told, now: datetime) -> None:
        done = [rows[place] for place in told.done]
        missing = [rows[place] for place in told.not_found]
        unsure = [rows[place] for place in told.unsure]
        self._note(
            [
                *_outcomes(done, Sending.DONE),
                *_outcomes(missing, Sending.NOT_FOUND, why=UNFOUND),
                *_outcomes(unsure, Sending.UNKNOWN, why=DROPPED),
            ],
            now,
            {models.TOLD: len(done), models.NOT_FOUND: len(missing)},
            [f"{row.work}: {UNFOUND}" for row in missing],
        )
        self._sieve.known.add(done)
        if unsure:
            self._settle(unsure, now)
        self._name_remote(done, now)

    def _settle(self, rows: Sequence[OutboxRow], now: datetime) -> None:
        """There was an answer, and it names fewer: which of them are there?"""
        found = find(self._trakt, rows)
        arrived = [row for row in rows if row.id in found]
        dropped = [row for row in rows if row.id not in found]
        self._sieve.known.add(arrived)
        self._note(
            [
                *_outcomes(arrived, Sending.DONE, found),
                *_outcomes(dropped, Sending.NOT_FOUND, why=DROPPED),
            ],
            now,
            {models.TOLD: len(arrived), models.NOT_FOUND: len(dropped)},
            [f"{row.work}: {DROPPED}" for row in dropped],
        )

    def _name_remote(self, rows: Sequence[OutboxRow], now: datetime) -> None:
        """Note by which number each can be taken back, where that costs little; an undo asks for
        what is not known then."""
        try:
            found = find(self._trakt, rows, cheaply=True)
        except ServiceError as error:
            log.debug("%s; the numbers of what was told are asked for when they are needed", error)
            return
        named = [row for row in rows if row.id in found]
        self._note(_outcomes(named, Sending.DONE, found), now)

    def _note(
        self,
        outcomes: Sequence[Outcome],
        now: datetime,
        counts: Mapping[str, int] | None = None,
        problems: Iterable[str] = (),
    ) -> None:
        if outcomes:
            self._store.mark_sent(outcomes, now, self._sync_id)
        some = {name: count for name, count in (counts or {}).items() if count}
        if some:
            self.counts.update(some)
            self._store.note_sync(self._sync_id, some, problems)


def _outcomes(
    rows: Iterable[OutboxRow],
    state: Sending,
    found: Mapping[int, int] | None = None,
    why: str | None = None,
) -> list[Outcome]:
    return [
        Outcome(
            id=row.id, state=state, why=why,
            remote_ids=(str(found[row.id]),) if found else None,
        )
        for row in rows
    ]  # fmt: skip


def _is_of_one_play(error: Exception) -> bool:
    """Whether it was refused for what one of the plays says, and not for who asks."""
    return type(error) is Refused
