"""What changed, told to everyone who has a page open: server-sent events.

One look a second at the running program serves all listeners, and none is made while nobody
listens. An event says only what changed ("films", "moving"); a page then asks for what it shows.
A listener that is slow misses nothing: an event that it has not taken yet is not told twice.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Hashable

LOOK_EVERY_S = 1.0
HEARTBEAT_S = 15.0  # shows both sides, and all between them, that the line is alive
RECONNECT_MS = 3000

Look = Callable[[], dict[str, Hashable]]  # by topic, what is equal while nothing changed


class _Listener:
    """What one page has not been told yet."""

    def __init__(self) -> None:
        self.topics: dict[str, None] = {}  # in order, none twice
        self.woken = asyncio.Event()

    def tell(self, topic: str) -> None:
        self.topics[topic] = None
        self.woken.set()

    async def next(self) -> bytes:
        """All that is new, or that there is nothing."""
        try:
            await asyncio.wait_for(self.woken.wait(), HEARTBEAT_S)
        except TimeoutError:
            return b": alive\n\n"
        topics, self.topics = self.topics, {}
        self.woken.clear()
        return b"".join(_event(topic) for topic in topics)


class Events:
    """Belongs to one event loop; `look` is called in a thread and must be quick."""

    def __init__(self, look: Look, *, every_s: float = LOOK_EVERY_S) -> None:
        self._look, self._every_s = look, every_s
        self._listeners: set[_Listener] = set()
        self._watching: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ended = False

    @property
    def listeners(self) -> int:
        return len(self._listeners)

    async def listen(self) -> AsyncIterator[bytes]:
        """The body of one answer, until the listener or the program goes."""
        mine = _Listener()
        self._loop = asyncio.get_running_loop()
        self._listeners.add(mine)
        if self._watching is None or self._watching.done():
            self._watching = asyncio.create_task(self._watch())
        try:
            yield f"retry: {RECONNECT_MS}\n".encode() + _event("hello")
            while not self._ended:
                yield await mine.next()
            yield _event("bye")
        finally:
            self._listeners.discard(mine)

    def end(self) -> None:
        """From any thread: every listener is let go."""
        self._ended = True
        if self._loop and self._loop.is_running():
            self._loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        for listener in self._listeners:
            listener.woken.set()

    def _tell(self, topic: str) -> None:
        for listener in self._listeners:
            listener.tell(topic)

    async def _watch(self) -> None:
        seen = await asyncio.to_thread(self._look)
        while self._listeners and not self._ended:
            await asyncio.sleep(self._every_s)
            now = await asyncio.to_thread(self._look)
            for topic in now:
                if now[topic] != seen.get(topic):
                    self._tell(topic)
            seen = now


def _event(topic: str) -> bytes:
    return f"event: {topic}\ndata: {{}}\n\n".encode()
