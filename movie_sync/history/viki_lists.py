"""Shows and films of Viki with their videos, read and stored: each at most once in one pass.

What a video's length or credits tell later counts for what was seen of it before. The one thing to
know: nothing of this needs a login, and while it cannot be asked how far somebody is can still be;
so what fails here is told of, and hinders nothing else.
"""

import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Protocol

from msgspec.structs import replace

from movie_sync.errors import BadAnswer, ConfigError, NotFound, ServiceError, Stopping
from movie_sync.history.rows import Batch, Saved
from movie_sync.history.store import HistoryStore
from movie_sync.history.viki_plays import shown_of, told_of
from movie_sync.history.viki_rows import ContainerRow, VideoRow, VikiNews
from movie_sync.history.viki_watching import Glance, Rule, Viewing, learned, play_key
from movie_sync.services.viki_shapes import Container, Markers, OnBillboard, Video, VikiLogin

AT_ONCE = 200  # rows in one question to the store


class VikiSource(Protocol):
    """`services.viki.Viki`."""

    @property
    def login(self) -> VikiLogin: ...

    def markers(self, since_s: int = ...) -> Iterator[Markers]: ...

    def billboard(self) -> list[OnBillboard]: ...

    def container(self, container_id: str) -> Container: ...

    def videos(self, container_id: str) -> list[Video]: ...


class Lists:
    """Of one pass.

    Args:
        source: None: nobody can be asked.
        tell: what is being read, for who waits for it.
    """

    def __init__(
        self,
        source: VikiSource | None,
        store: HistoryStore,
        rule: Rule,
        now: datetime,
        sync_id: int,
        *,
        stop: threading.Event,
        tell: Callable[[str], None],
    ) -> None:
        self._source, self._store, self._rule = source, store, rule
        self._now, self._sync_id, self._stop, self._tell = now, sync_id, stop, tell
        self.asked: set[str] = set()
        self.problems: list[str] = []
        self.failure: ServiceError | ConfigError | None = None  # nobody is asked after it
        self.saved = Saved()
        self.waiting = 0

    def read(
        self, container_id: str, container: Container | None = None, glance: Glance | None = None
    ) -> None:
        """Unless it was in this pass, or there is nobody to ask.

        Args:
            container: where the list of what is being watched told of it already.
            glance: of that list; kept with what was read, so that it is read again otherwise.
        """
        if self._source is None or self.failure is not None or container_id in self.asked:
            return
        if self._stop.is_set():
            raise Stopping("Viki was not read to the end; what was read is kept")
        self.asked.add(container_id)
        try:
            container = container or self._source.container(container_id)
            self._tell(f"reading {container.title}")
            videos = self._source.videos(container_id)
        except NotFound as error:
            self.problems.append(error.message)
            container, videos = container or self._known(container_id), []
        except BadAnswer as error:
            self.problems.append(f"{container_id}: {error.message}")
            return
        except (ServiceError, ConfigError) as error:
            self.failure = error
            return
        self._save(container, videos, glance)

    def read_left(self, limit: int) -> None:
        """What an earlier pass could not read."""
        for row in self.every():
            if limit <= 0 or self.failure is not None:
                return
            if row.read_at is None and row.container.id not in self.asked:
                limit -= 1
                self.read(row.container.id)

    def read_all(self) -> None:
        for row in self.every():
            self.read(row.container.id)

    def every(self) -> Iterator[ContainerRow]:
        """All containers that are known."""
        after_id = ""
        while rows := self._store.containers(after_id=after_id, limit=AT_ONCE):
            yield from rows
            after_id = rows[-1].container.id

    def _known(self, container_id: str) -> Container:
        row = self._store.container(container_id)
        return row.container if row else Container(id=container_id)

    def _save(self, container: Container, videos: list[Video], glance: Glance | None) -> None:
        id_ = container.id
        videos = [replace(one, container_id=id_) for one in videos]
        rows = {row.id: row for row in self._store.videos(id_)}
        times: dict[str, datetime | None] = {}
        viewings: dict[str, tuple[str, Viewing]] = {}
        for one in videos:
            before = rows[one.id].viewing if one.id in rows else Viewing()
            viewing, crossings = learned(before, one, self._rule)
            times |= {play_key(one.id, each.number): each.at for each in crossings}
            if viewing != before:
                viewings[one.id] = id_, viewing
            rows[one.id] = VideoRow(
                id=one.id, container_id=id_, number=one.number, video=one, viewing=viewing
            )
        told = told_of(shown_of(container, self._store.container(id_)), rows.values(), times)
        batch = Batch(plays=told.plays, progress=told.progress, sync_id=self._sync_id)
        news = VikiNews(
            containers=[container], glances={id_: glance} if glance else {}, videos=videos,
            viewings=viewings, read=[id_], batch=batch,
        )  # fmt: skip
        self.saved += self._store.save_viki(news, self._now)
        self.waiting += told.waiting
