"""All items as they are now, each in exactly one state, and whose turn it is. In memory only.

Whose turn: a heap for each kind. What left the queue, or changed its place there, stays in its
heap until it comes to the top, and is dropped then: nothing has to be searched for.
"""

import heapq
import threading
from collections.abc import Callable, Iterable

from msgspec.structs import replace

from movie_sync.journal import Change
from movie_sync.models import Item, State
from movie_sync.queue_load import Items
from movie_sync.queue_resting import Resting

AT_REST = (State.FAILED, State.COMPLETED, State.REMOVED)

Turn = tuple[int, int, str]  # priority turned round, place in the order, id


class QueueItems:
    """For one thread at a time: whoever holds the queues' lock."""

    def __init__(self, loaded: Items) -> None:
        self.dirty = set(State)  # whose files do not show what is here
        self.on_pending: list[threading.Event] = []  # set when something new waits
        self.on_loading: list[threading.Event] = []  # set when something new is downloaded
        self._items = loaded
        self._last_pos = max((item.pos for state in State for item in self.of(state)), default=0)
        self._turns: dict[str, list[Turn]] = {}
        self._has_turn: dict[str, set[Turn]] = {}  # so that what is put back often is there once
        for item in self.of(State.PENDING):
            self._give_turn(item)

    def of(self, state: State) -> list[Item]:
        return list(self._items[state].values())

    def view(self, state: State) -> dict[str, Item]:
        """By id, as they are now; later changes do not show in it."""
        return self._items[state].copy()

    def count(self, state: State) -> int:
        return len(self._items[state])

    def find(self, id_: str) -> tuple[State, Item] | None:
        for state, items in self._items.items():
            if id_ in items:
                return state, items[id_]
        return None

    def everything(self) -> dict[str, tuple[State, Item]]:
        every = self._items.items()
        return {id_: (state, item) for state, items in every for id_, item in items.items()}

    def first_pending(self, kind: str, wanted: Callable[[Item], bool] | None = None) -> Item | None:
        """Whose turn it is: highest priority, then longest in the queue; it keeps its turn until
        it is pending no more. With `wanted`, of those it holds for."""
        if wanted:
            some = (item for item in self._items[State.PENDING].values() if item.kind == kind)
            return min(filter(wanted, some), key=_turn, default=None)
        turns, pending = self._turns.get(kind, []), self._items[State.PENDING]
        while turns:
            item = pending.get(turns[0][2])
            if item and item.kind == kind and _turn(item) == turns[0]:
                return item
            self._has_turn[kind].discard(heapq.heappop(turns))
        return None

    def numbered(self, change: Change, seq: int) -> Change:
        """The change as it will be made: under this number, and with a place in the order."""
        id_, state, item = change
        if item is None:
            return id_, None, None
        if not item.pos:
            self._last_pos += 1
        return id_, state, replace(item, seq=seq, pos=item.pos or self._last_pos)

    def put(self, id_: str, state: State | None, item: Item | None) -> None:
        """Make one change."""
        was, had = None, None
        for was_in, items in self._items.items():
            if id_ in items:
                was, had = was_in, items.pop(id_)
                self.dirty.add(was_in)
        if state and item:
            self._items[state][id_] = Resting.of(item) if state in AT_REST else item
            self.dirty.add(state)
            if state is State.PENDING:
                self._give_turn(item)
                if was is not State.ACTIVE:
                    _set_all(self.on_pending)
            if item.handle and not (had and had.handle):
                _set_all(self.on_loading)

    def show(self, item: Item) -> None:
        """Change what a crash may forget of an active item, as its progress is."""
        self._items[State.ACTIVE][item.id] = item
        self.dirty.add(State.ACTIVE)

    def _give_turn(self, item: Item) -> None:
        turn, have = _turn(item), self._has_turn.setdefault(item.kind, set())
        if turn not in have:
            have.add(turn)
            heapq.heappush(self._turns.setdefault(item.kind, []), turn)


def _set_all(events: Iterable[threading.Event]) -> None:
    for event in events:
        event.set()


def _turn(item: Item) -> Turn:
    return -item.priority, item.pos, item.id
