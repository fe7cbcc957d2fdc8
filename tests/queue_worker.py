"""A process that works on the queues until it is killed, and says what it was promised.

`python -m tests.queue_worker HOME SEED MOST`: opens the queues, does up to MOST durable things to
them, and prints a line after each one that was acknowledged: the id, and where it is now. A line
that was printed may not be forgotten. Claims are not printed, as they are not promised.
"""

import random
import sys
import time
from datetime import timedelta
from pathlib import Path

from movie_sync.errors import QueueError
from movie_sync.models import Item, State
from movie_sync.queues import QueueManager
from tests import make

KINDS = ("film", "show", "watch")


class Work:
    def __init__(self, queue: QueueManager, seed: int) -> None:
        self.queue = queue
        self.random = random.Random(seed)

    def step(self) -> None:
        choice = self.random.random()
        if choice < 0.3:
            self.add()
        elif choice < 0.4:
            self.change_one(State.FAILED, self.queue.retry)
        elif choice < 0.45:
            self.change_one(State.PENDING, self.queue.remove)
        elif choice < 0.5:
            self.change_one(State.REMOVED, self.queue.restore)
        else:
            self.work()

    def add(self) -> None:
        numbers = [self.random.randrange(10**6) for _ in range(self.random.choice((1, 1, 5)))]
        items = [make.item(number, kind=KINDS[number % 3]) for number in numbers]
        new = [item for item in items if self.queue.get(item.id) is None]
        self.queue.put_many(items)
        for item in new:
            say(item, State.PENDING)

    def change_one(self, state: State, change) -> None:
        items = list(self.queue.iter(state))
        if items and (changed := change(self.random.choice(items).id)):
            say(changed, self.queue.get(changed.id)[0])

    def work(self) -> None:
        item = self.queue.take(self.random.choice(KINDS))
        if item is None:
            return
        outcome = self.random.random()
        if outcome < 0.5:
            if self.queue.update(item.id, handle="a" * 40):
                say(item, State.ACTIVE)
            done = self.queue.complete(item.id, data={"path": "/films/" + "x" * 200})
            say(done, State.COMPLETED)
        elif outcome < 0.8:
            say(self.queue.fail(item.id, "no " * 50, make.NOON + timedelta(hours=1)), State.FAILED)
        else:
            say(self.queue.release(item.id), State.PENDING)


def say(item: Item, state: State) -> None:
    tell(f"{item.id} {state}")


def tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(home: Path, seed: int, most: int) -> None:
    work = Work(QueueManager(home, idle_s=0.01), seed)
    tell("ready")
    for _ in range(most):
        try:
            work.step()
        except QueueError as error:
            tell(f"refused: {error}")
            time.sleep(0.01)  # as a worker does: the disk is asked again in a while
    try:
        work.queue.close()
    except QueueError as error:
        tell(f"not closed: {error}")
    else:
        tell("closed")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
