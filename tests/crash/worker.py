"""A process that works on the queues, and says what it was promised as `promises.py` tells.

`python -m tests.crash.worker HOME SEED --steps N`. It says `ready` once the queues are open, and
`closed` in the end. Each thread has items of its own, and claims some that belong to all.
"""

import argparse
import os
import random
import resource
import signal
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from movie_sync.errors import QueueError
from movie_sync.journal import AHEAD_BYTES, STEP_BYTES
from movie_sync.models import Item, State
from movie_sync.queues import QueueManager
from movie_sync.retries import Retries
from tests import make
from tests.crash.promises import GONE, SOMEWHERE, standing
from tests.queue_home import NEVER_S

KINDS = 8
SHARED = "shared"  # the kind of items that every thread may claim
LATER = make.NOON + timedelta(hours=1)
BOB = "letterboxd:bob"


class Work:
    """What one thread does to the queues."""

    def __init__(self, queue: QueueManager, number: int, options: argparse.Namespace) -> None:
        self.queue, self.number = queue, number
        self.options = options
        self.random = random.Random(options.seed * KINDS + number)
        self.mine = [kind for kind in range(KINDS) if kind % options.threads == number]
        self.ids = [item.id for s in State for item in queue.iter(s) if _kind(item.id) in self.mine]
        self.next = options.seed * 100_000
        self.begun = 0

    def step(self) -> None:
        choice = self.random.random()
        full = len(self.ids) >= self.options.items // self.options.threads
        if not self.ids or choice < (0.02 if full else 0.3):
            self.add()
        elif choice < 0.6:
            self.take_one()
        elif choice < 0.98 - self.options.merges:
            self.change_one()
        elif choice < 0.98:
            self.merge_two()
        else:
            self.unwant_some()

    def add(self) -> None:
        items = [self.new_item() for _ in range(self.random.choice((1, 1, 1, 5, 30)))]
        ids = [item.id for item in items]
        self.ids += ids
        self.do(ids, lambda: self.queue.put_many(items))

    def new_item(self) -> Item:
        self.next += 1
        number = self.next * KINDS + self.random.choice(self.mine)
        kind = SHARED if self.next % 10 == 9 else f"kind{number % KINDS}"
        wanted_by = ("letterboxd:alice", BOB) if self.random.random() < 0.5 else (BOB,)
        return make.item(number, id=f"film:{number}", kind=kind, wanted_by=wanted_by)

    def take_one(self) -> None:
        """A claim, which is not promised, and what comes of it, which is."""
        kind = self.random.choice((SHARED, *(f"kind{kind}" for kind in self.mine)))
        try:
            item = self.queue.take(kind)
        except QueueError:
            return
        if item is None:
            return
        outcome = self.random.random()
        if outcome < 0.4:
            handle = f"{self.random.randrange(16**40):040x}"
            self.do([item.id], lambda: self.queue.update(item.id, handle=handle))
            self.queue.show_progress(item.id, 0.5, "downloading")
            if outcome < 0.3:
                self.do([item.id], lambda: self.queue.complete(item.id, data=self.data()))
        elif outcome < 0.8:
            counted = self.random.random() < 0.5
            self.do([item.id], lambda: self.queue.fail(item.id, "no", LATER, counted=counted))
        elif outcome < 0.98:
            self.do([item.id], lambda: self.queue.release(item.id, "not now"))

    def change_one(self) -> None:
        id_ = self.random.choice(self.ids)
        found = self.queue.get(id_)
        if found:
            change = self.random.choice(self.changes_of(found[0]))
            self.do([id_], lambda: change(id_))

    def changes_of(self, state: State) -> list[Callable[[str], object]]:
        queue = self.queue
        changes = {
            State.PENDING: [queue.remove, queue.skip, queue.settle],
            State.ACTIVE: [queue.complete, lambda id_: queue.fail(id_, "no", None)],
            State.FAILED: [queue.retry, queue.retry, queue.skip, queue.remove, queue.settle],
            State.COMPLETED: [queue.reopen, queue.remove],
            State.REMOVED: [queue.restore],
        }
        return [*changes[state], lambda id_: queue.note(id_, **self.data())]

    def data(self) -> dict[str, object]:
        size = self.random.choice((10, 10, 200, self.random.randrange(self.options.bulk_bytes)))
        return {"path": f"/films/{self.random.random()}/" + "x" * size}

    def unwant_some(self) -> None:
        ids = list({self.random.choice(self.ids) for _ in range(4)})
        wanted = [id_ for id_ in ids if BOB in self.wants(id_)]
        if wanted:
            self.do(wanted, lambda: self.queue.unwant(wanted, BOB))

    def merge_two(self) -> None:
        gone, kept = self.random.choice(self.ids), self.random.choice(self.ids)
        if gone == kept or not (self.wants(gone) and self.wants(kept)):
            return
        if self.do([gone, kept], lambda: self.queue.merge(gone, kept)):
            self.ids.remove(gone)

    def wants(self, id_: str) -> tuple[str, ...]:
        """None for what another thread may claim at this moment."""
        found = self.queue.get(id_)
        return found[1].wanted_by if found and found[1].kind != SHARED else ()

    def do(self, ids: Sequence[str], change: Callable[[], object]) -> bool:
        """Tell it, do it, and tell what came of it; whether it was done."""
        self.begun += 1
        operation = f"{self.number}.{self.begun}"
        tell("?", operation, *ids)
        try:
            result = change()
        except QueueError as error:
            tell("~" if "was made" in str(error) else "-", operation)
            time.sleep(0.005)  # as a worker does: the disk is asked again in a while
            return False
        if len(ids) == 1 and result is None:  # another thread was faster
            tell("-", operation)
            return False
        tell("!", operation, *self.outcomes(ids, result))
        return True

    def outcomes(self, ids: Sequence[str], result: object) -> list[str]:
        """Where they are now; and of what another thread has had since, that it is there."""
        found = {id_: self.queue.get(id_) for id_ in ids}
        told = []
        for id_, known in found.items():
            if known is None:
                told.append(f"{id_}={GONE}:{max(f[1].seq for f in found.values() if f)}")
            elif isinstance(result, Item) and result != known[1]:
                told.append(f"{id_}={standing(known[0], result)._replace(state=SOMEWHERE)}")
            elif not isinstance(result, Item) and _may_be_touched(known[1]):
                told.append(f"{id_}={SOMEWHERE}:0")
            else:
                told.append(f"{id_}={standing(*known)}")
        return told


def _may_be_touched(item: Item) -> bool:
    return item.kind == SHARED and bool(item.claims or item.last_error)


def _kind(id_: str) -> int:
    return int(id_.rpartition(":")[2]) % KINDS


def tell(*words: str) -> None:
    """One line at once, so that what threads say is never mixed."""
    os.write(1, (" ".join(words) + "\n").encode())


def work(work: Work, steps: int) -> None:
    for _ in range(steps):
        work.step()


def grow_over_old_blocks(work: Work) -> None:
    """An item is put and merged away; then a later journal grows to where, on the disk, the lines
    of the earlier one may still stand: that which puts the item, and not that which ends it."""
    gone, kept = work.new_item(), work.new_item()
    work.do([gone.id, kept.id], lambda: work.queue.put_many([gone, kept]))
    work.do([kept.id], lambda: work.queue.note(kept.id, text="x" * STEP_BYTES))
    work.do([gone.id, kept.id], lambda: work.queue.merge(gone.id, kept.id))
    work.queue._store.snapshot(cut=True)
    for letter in "abc":
        text = letter * (AHEAD_BYTES // 2)
        work.do([kept.id], lambda text=text: work.queue.note(kept.id, text=text))


def begin_journal_anew(work: Work) -> None:
    """As often happens while the files are written; where the disk fails, in vain."""
    work.add()
    with suppress(OSError):
        work.queue._store.snapshot(cut=True)


def keep_files(queue: QueueManager, stop: threading.Event) -> None:
    """As the queues' own thread does, which with `NEVER_S` rests, but without a pause."""
    while not stop.is_set():
        with suppress(OSError, QueueError):
            queue._store._keep_up()


def main(arguments: Sequence[str] | None = None) -> None:
    options = _options().parse_args(arguments)
    if options.largest_file:
        _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (options.largest_file, hard))
    retries = Retries(chance=lambda: 0.0)
    try:
        queue = QueueManager(
            options.home,
            retries=retries,
            now=lambda: make.NOON,
            idle_s=NEVER_S if options.busy_files else options.idle_s,
        )
    except QueueError as error:
        tell("not", "started:", str(error))
        return
    works = [Work(queue, number, options) for number in range(options.threads)]
    tell("ready")
    at_work = threading.Event()
    keeper = threading.Thread(target=keep_files, args=(queue, at_work))
    if options.old_blocks:
        grow_over_old_blocks(works[0])
    if options.begins_anew:
        begin_journal_anew(works[0])
    threads = [threading.Thread(target=work, args=(each, options.steps)) for each in works]
    if options.busy_files:
        threads.append(keeper)
    for thread in threads:
        thread.start()
    for thread in threads:
        if thread is keeper:
            at_work.set()
        thread.join()
    if options.dies:
        os.kill(os.getpid(), signal.SIGKILL)
    try:
        queue.close()
    except QueueError as error:
        tell("not", "closed:", str(error))
    else:
        tell("closed")


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("home", type=Path)
    options.add_argument("seed", type=int)
    options.add_argument("--steps", type=int, default=10**9, help="of each thread")
    options.add_argument("--threads", type=int, default=1, choices=(1, 2, 4, 8))
    options.add_argument("--items", type=int, default=2000, help="about as many, not more")
    options.add_argument("--bulk-bytes", type=int, default=500, help="of the largest items")
    options.add_argument("--merges", type=float, default=0.02, help="share of all that is done")
    options.add_argument("--idle-s", type=float, default=0.01)
    options.add_argument("--busy-files", action="store_true", help="are written all the time")
    options.add_argument("--old-blocks", action="store_true", help="grows over them first")
    options.add_argument("--begins-anew", action="store_true", help="the journal, before all else")
    options.add_argument("--largest-file", type=int, help="a limit in bytes, as of a full disk")
    options.add_argument("--dies", action="store_true", help="is killed in the end, not closed")
    return options


if __name__ == "__main__":
    main()
