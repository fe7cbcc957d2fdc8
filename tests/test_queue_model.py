"""The queues against a model of a few lines: nothing is lost, doubled or taken out of turn,
whatever a person, the workers, crashes and restarts do in whatever order."""

import shutil
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.strategies import integers, lists, sampled_from

from movie_sync.journal import read
from movie_sync.models import State
from movie_sync.queue_moves import MOST_CLAIMS, fitted
from movie_sync.queues import QueueManager
from movie_sync.retries import Retries
from tests import make
from tests.queue_home import NEVER_S, as_crashed, in_files, on_disk, quick_folder, states

LATER = make.NOON + timedelta(hours=1)
MOST_FAILURES = 3
ALICE = "letterboxd:alice"


@dataclass
class Known:
    """What the model knows of one item."""

    state: State
    place: int
    claims: int = 0
    failures: int = 0
    handle: bool = False
    done: bool = False
    by_hand: bool = False
    wants: set[str] = field(default_factory=lambda: {ALICE})


class Queues(RuleBasedStateMachine):
    @initialize()
    def begin(self):
        self.stack = ExitStack()
        self.folder = self.stack.enter_context(quick_folder()) / "0"
        self.folder.mkdir()
        self.crashes = 0
        self.known: dict[str, Known] = {}
        self.place = 0
        self.open()

    def open(self):
        self.queue = QueueManager(
            self.folder,
            retries=Retries(max_retries=MOST_FAILURES, chance=lambda: 0.0),
            now=lambda: make.NOON,
            idle_s=NEVER_S,
        )
        self.stack.callback(self.queue.close)

    def teardown(self):
        if hasattr(self, "stack"):
            self.stack.close()

    def last(self) -> int:
        self.place += 1
        return self.place

    def one(self, number: int, *wanted: State) -> tuple[str, Known | None]:
        """An item in one of these states, if there is one."""
        fitting = sorted(id_ for id_, known in self.known.items() if known.state in wanted)
        id_ = fitting[number % len(fitting)] if fitting else "film:none"
        return id_, self.known.get(id_)

    @rule(numbers=lists(integers(0, 9), max_size=4))
    def add(self, numbers):
        new = self.queue.put_many(make.item(number) for number in numbers)
        count = len(self.known)
        for number in numbers:
            known = self.known.get(make.item(number).id)
            if known is None:
                self.known[make.item(number).id] = Known(State.PENDING, self.last())
            else:
                self.want(known, {ALICE})
        assert new == len(self.known) - count

    def want(self, known: Known, wants: set[str]):
        if wants and known.state is State.REMOVED and not known.by_hand:
            known.state, known.failures = State.PENDING, 0
        known.wants |= wants

    @rule(number=integers(0, 9))
    def unwant(self, number):
        id_, known = self.one(number, *State)
        self.queue.unwant([id_], ALICE)
        if known and ALICE in known.wants:
            known.wants.remove(ALICE)
            if known.state in (State.PENDING, State.FAILED):
                self.leave(known, known.state)

    @rule()
    def take(self):
        item = self.queue.take("film")
        pending = [(known.place, id_) for id_, known in self.known.items()
                   if known.state is State.PENDING]  # fmt: skip
        assert (item.id if item else None) == (min(pending)[1] if pending else None)
        if item:
            known = self.known[item.id]
            known.state, known.claims = State.ACTIVE, known.claims + 1
            assert item.claims == known.claims

    @rule(number=integers(0, 9))
    def give_to_the_torrent_client(self, number):
        id_, known = self.one(number, State.ACTIVE)
        assert bool(self.queue.update(id_, handle="a" * 40)) == bool(known)
        if known:
            known.handle = True

    @rule(number=integers(0, 9))
    def show_progress(self, number):
        id_, _ = self.one(number, State.ACTIVE, State.PENDING)
        self.queue.show_progress(id_, number / 10, "downloading")

    def leave(self, known: Known, state: State):
        """It comes to rest there, or is removed if nobody wants it any more."""
        if not known.wants and state in (State.PENDING, State.FAILED):
            state, known.by_hand = State.REMOVED, False
        if known.state is State.ACTIVE or state is State.REMOVED:
            known.claims = 0
        known.state, known.handle = state, False

    @rule(number=integers(0, 9))
    def complete(self, number):
        id_, known = self.one(number, State.ACTIVE, State.PENDING)
        assert bool(self.queue.complete(id_)) == bool(known)
        if known:
            self.leave(known, State.COMPLETED)

    @rule(number=integers(0, 9))
    def fail(self, number):
        id_, known = self.one(number, State.ACTIVE)
        failed = self.queue.fail(id_, "no", LATER)
        assert bool(failed) == bool(known)
        if known:
            self.leave(known, State.FAILED)
            known.failures += 1
            assert failed.permanent == (known.failures >= MOST_FAILURES)

    @rule(number=integers(0, 9))
    def release(self, number):
        id_, known = self.one(number, State.ACTIVE)
        assert bool(self.queue.release(id_)) == bool(known)
        if known:
            self.leave(known, State.PENDING)

    @rule(number=integers(0, 9))
    def retry(self, number):
        id_, known = self.one(number, State.FAILED)
        assert bool(self.queue.retry(id_)) == bool(known)
        if known:
            known.state, known.place = State.PENDING, self.last()

    @rule(number=integers(0, 9))
    def remove(self, number):
        id_, known = self.one(number, *(state for state in State if state is not State.REMOVED))
        assert bool(self.queue.remove(id_)) == bool(known)
        if known:
            known.done = known.state is State.COMPLETED
            self.leave(known, State.REMOVED)
            known.by_hand = True

    @rule(number=integers(0, 9))
    def restore(self, number):
        id_, known = self.one(number, State.REMOVED)
        assert bool(self.queue.restore(id_)) == bool(known)
        if known:
            known.state = State.COMPLETED if known.done else State.PENDING
            known.failures, known.done = 0, False
            known.wants = known.wants or {"hand"}

    @rule(number=integers(0, 9), other=integers(0, 9))
    def merge(self, number, other):
        (gone, _), (kept, known) = self.one(number, *State), self.one(other, *State)
        self.queue.merge(gone, kept)
        if known and gone != kept:
            self.want(known, self.known.pop(gone).wants)

    @rule()
    def write_the_files(self):
        assert self.queue._store.snapshot()
        assert in_files(self.folder) == states(self.queue)

    @rule(cut=sampled_from([True, False]))
    def crash(self, cut):
        if cut:
            self.queue._store.snapshot(cut=True)
        self.go_on_in(self.copy())

    def copy(self):
        self.crashes += 1
        return as_crashed(self.folder, self.folder.with_name(str(self.crashes)))

    @precondition(lambda self: any(k.state is State.PENDING for k in self.known.values()))
    @rule(lost=integers(1, 40))
    def crash_that_tears_a_claim_off_the_journal(self, lost):
        """A claim is not waited for, so that a power cut may take it, or a part of its line."""
        before = {id_: known.claims for id_, known in self.known.items()}
        self.take()
        used = self.queue._store._journal.used_bytes
        folder = self.copy()
        with (folder / "queue.journal").open("r+b") as journal:
            journal.seek(used - lost)
            journal.write(bytes(lost))
        for id_, claims in before.items():
            known = self.known[id_]
            if known.claims != claims:
                known.state, known.claims = State.PENDING, claims
        self.go_on_in(folder)

    def go_on_in(self, folder):
        old = self.folder
        self.queue.close()
        shutil.rmtree(old)
        self.folder = folder
        for known in self.known.values():
            if known.state is State.ACTIVE and not known.handle:
                if known.claims < MOST_CLAIMS:
                    claims = known.claims
                    self.leave(known, State.PENDING)
                    known.claims = claims if known.state is State.PENDING else 0
                else:
                    self.leave(known, State.FAILED)
                    known.failures += 1
        self.open()

    @rule()
    def stop_and_start(self):
        self.queue.close()
        for known in self.known.values():
            if known.state is State.ACTIVE and not known.handle:
                self.leave(known, State.PENDING)
        expected = {id_: known.state for id_, known in self.known.items()}
        assert in_files(self.folder) == expected
        assert list(read(self.folder / "queue.journal")[1]) == []
        self.open()

    @invariant()
    def nothing_is_lost_or_doubled_or_in_the_wrong_place(self):
        if hasattr(self, "queue"):
            expected = {id_: known.state for id_, known in self.known.items()}
            assert states(self.queue) == expected
            assert on_disk(self.folder) == on_disk(self.folder, reader=True) == expected

    @invariant()
    def every_item_fits_its_state(self):
        if hasattr(self, "queue"):
            for state in State:
                for item in self.queue.iter(state):
                    assert fitted(state, item) is item
                    assert bool(item.handle) <= (state is State.ACTIVE)


TestQueues = pytest.mark.slow(Queues.TestCase)
TestQueues.settings = settings(
    max_examples=25, stateful_step_count=25, deadline=None, database=None
)
