"""The passes of the history, made of those who know how: an import, Trakt, Viki, and matching."""

from collections.abc import Callable
from datetime import datetime, timedelta

from movie_sync.history.import_models import COMPARE, IMPORT, NEWS
from movie_sync.history.importing import Importing
from movie_sync.history.match_pass import MatchPass
from movie_sync.history.passes import Pass, Ran
from movie_sync.history.rows import SyncRow
from movie_sync.history.store import HistoryStore
from movie_sync.history.trakt_sync import TraktSync
from movie_sync.history.viki_sync import VikiSync
from movie_sync.history.wording import sync_sentence

VIKI, MATCHING = "viki", "matching"
READ = (NEWS, VIKI)  # what a person's "refresh" runs
SYNCED = (*READ, MATCHING)
FRUITLESS = timedelta(minutes=5)  # after a pass that could ask nothing


def of_import(importing: Importing, is_waiting: Callable[[], bool]) -> Pass:
    def due_at(now: datetime) -> datetime | None:
        return now if is_waiting() else None

    return Pass(name=IMPORT, due_at=due_at, run=lambda now: _ran(importing.run(now)))


def of_trakt(sync: TraktSync) -> list[Pass]:
    """News, and now and then a comparison of all."""

    def forced(now: datetime) -> Ran:
        news = sync.run(now)
        if sync.compare_due_at(now) is None:
            return _ran(news)
        return _ran(sync.compare(now))

    return [
        Pass(name=NEWS, due_at=sync.due_at, run=lambda now: _ran(sync.run(now)), forced=forced),
        Pass(
            name=COMPARE, due_at=sync.compare_due_at, run=lambda now: _ran(sync.compare(now)),
            forced=lambda now: _ran(sync.compare(now, accept=True)),
        ),
    ]  # fmt: skip


def of_viki(sync: VikiSync) -> Pass:
    def run(now: datetime, *, force: bool = False) -> Ran:
        done = sync.refresh(now, force=force)
        return Ran(sentence=done.sentence, sync_id=done.sync_id, problem=done.problem)

    return Pass(name=VIKI, due_at=sync.due_at, run=run, forced=lambda now: run(now, force=True))


def of_matching(matching: MatchPass, store: HistoryStore) -> Pass:
    """Due as soon as there is anything that nobody has asked about, or that is to be asked again.

    What cannot be asked yet, as Viki has not told what it is, is due too: so it has a pace.
    """
    rests_until: list[datetime] = []

    def due_at(now: datetime) -> datetime | None:
        if not store.due_matches(now, 1):
            return None
        return max([now, *(at for at in rests_until if at <= now + FRUITLESS)])

    def run(now: datetime) -> Ran:
        done = matching.run_pass(now)
        rests_until[:] = [] if done.asked else [now + FRUITLESS]
        return Ran(sentence=done.sentence, problem=done.problem)

    return Pass(name=MATCHING, due_at=due_at, run=run)


def _ran(sync: SyncRow | None) -> Ran:
    """A sync that was done with a doubt says so, and is no failure."""
    if sync is None:
        return Ran()
    return Ran(sentence=sync_sentence(sync), sync_id=sync.id)
