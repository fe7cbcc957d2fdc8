"""A container of Viki's gets a title, or leaves it: the answer is stored, and then what follows.

What has been decided is noted before it is begun, so that a kill between two steps is made up for
by `finish`. The one thing to know: nothing may tell of plays before that, for their works
bear the ids of the answer.
"""

import threading
from datetime import datetime

import msgspec
from sqlalchemy import Connection, delete, update

from movie_sync.history import moving
from movie_sync.history.match_models import Mapping, State, Verdict
from movie_sync.history.matching import Standing
from movie_sync.history.rows import Batch
from movie_sync.history.store import HistoryStore
from movie_sync.history.viki_plays import SOURCE, shown_of, told_of
from movie_sync.history.viki_rows import ContainerRow, VideoRow
from movie_sync.history.viki_watching import play_key
from movie_sync.history.works import Place, place
from movie_sync.history_models import Work
from movie_sync.history_tables import progress, viki_containers
from movie_sync.library.rows import Conflict
from movie_sync.library.statements import as_json
from movie_sync.library_models import Facts, Kind
from movie_sync.library_tables import provider_refs

PROVIDER = "match"  # of the marks of what is begun, by container
LEAVES = "leaves "  # with its mapping until then

_facts_of = msgspec.json.Decoder(Facts).decode
_mapping_of = msgspec.json.Decoder(Mapping).decode


class Adopting:
    """For any number of threads, one container at a time; all share one of these."""

    def __init__(self, store: HistoryStore) -> None:
        self.store = store
        self._lock = threading.Lock()

    def settle(
        self,
        container_id: str,
        standing: Standing,
        facts: Facts,
        now: datetime,
        *,
        by_hand: bool = False,
        verdict: Verdict | None = None,
    ) -> int | Conflict | None:
        """The title that it is now; None where a person said otherwise, or there is no such
        container. Where the ids name two titles a person is asked, with the sentence of that.

        Args:
            facts: of the work, with its ids elsewhere.
        """
        store = self.store
        with self._lock:
            before = store.standing(container_id)
            if before and before.state is State.MANUAL and not by_hand:
                return None
            store.set_marks([(PROVIDER, container_id, as_json(facts))], now)
            if not store.save_match(container_id, standing, now, by_hand=by_hand, verdict=verdict):
                store.set_marks([(PROVIDER, container_id, None)], now)
                return None
            return _adopt(store, container_id, facts, now)

    def leave(self, container_id: str, standing: Standing, now: datetime) -> None:
        """A person took its match away: its plays are of a title of its own again."""
        with self._lock:
            old = self.store.standing(container_id)
            told = as_json(old.mapping if old else Mapping())
            self.store.set_marks([(PROVIDER, container_id, LEAVES + told)], now)
            self.store.save_match(container_id, standing, now, by_hand=True)
            _leave(self.store, container_id, _mapping_of(told), now)

    def finish(self, now: datetime) -> int:
        """What a kill broke off; how many that were."""
        with self._lock:
            begun = self.store.marks(PROVIDER)
            for container_id, told in begun.items():
                if told.startswith(LEAVES):
                    mapping = _mapping_of(told.removeprefix(LEAVES))
                    _leave(self.store, container_id, mapping, now)
                else:
                    _adopt(self.store, container_id, _facts_of(told), now)
            return len(begun)


def retell(store: HistoryStore, container_id: str, now: datetime) -> None:
    """Plays that had to wait, for it was not known what they are of."""
    row = store.container(container_id)
    if row is None:
        return
    told = told_of(shown_of(row.container, row), store.videos(container_id))
    store.save(Batch(plays=told.plays, progress=told.progress), now)


def _adopt(
    store: HistoryStore, container_id: str, facts: Facts, now: datetime
) -> int | Conflict | None:
    standing = store.standing(container_id)
    if standing is None or standing.state not in (State.AUTO, State.MANUAL):
        store.set_marks([(PROVIDER, container_id, None)], now)  # killed before it was stored
        return None
    title = store.adopt(container_id, facts, now)
    if isinstance(title, Conflict):
        asked = msgspec.structs.replace(standing, state=State.REVIEW, sentence=title.sentence)
        store.save_match(container_id, asked, now, by_hand=standing.state is State.MANUAL)
    else:
        store.mark_gone(_pieces(store.videos(container_id), standing.mapping), now)
        retell(store, container_id, now)
    store.set_marks([(PROVIDER, container_id, None)], now)
    return title


def _pieces(videos: list[VideoRow], mapping: Mapping) -> list[str]:
    """Plays of a part of an episode, which are no plays of it."""
    return [
        play_key(one.id, number)
        for one in videos
        if one.number is not None and (at := mapping.place(one.number)) and not at.whole
        for number in range(1, one.viewing.plays + 1)
    ]


def _leave(store: HistoryStore, container_id: str, mapping: Mapping, now: datetime) -> None:
    row = store.container(container_id)
    if row is not None and row.title_id is not None:
        videos = store.videos(container_id)
        with store.db.write() as connection:
            _take_out(connection, row, videos, mapping, now)
        retell(store, container_id, now)
    store.set_marks([(PROVIDER, container_id, None)], now)


def _take_out(
    connection: Connection,
    row: ContainerRow,
    videos: list[VideoRow],
    mapping: Mapping,
    now: datetime,
) -> None:
    """Viki's number names its old title no more, so its plays make or find one of their own."""
    id_ = row.container.id
    seen = [one for one in videos if one.viewing.furthest_s is not None]
    of_old = [_own_work(row, one) for one in seen]
    r, g, c = provider_refs.c, progress.c, viki_containers.c
    for at in place(connection, _old_works(of_old, mapping), now).places:
        if isinstance(at, Place):
            mine = (g.title_id == at.title_id) & (g.episode_id == at.episode_id)
            connection.execute(delete(progress).where(mine, g.source == SOURCE))
    connection.execute(delete(provider_refs).where(
        r.provider == SOURCE, r.key == id_, r.entity.in_(list(map(str, Kind)))
    ))  # fmt: skip
    connection.execute(update(viki_containers).where(c.id == id_).values(title_id=None))
    works = {
        play_key(one.id, number): work
        for one, work in zip(seen, of_old, strict=True)
        for number in range(1, one.viewing.plays + 1)
    }
    moving.replace_works(connection, works, now)


def _own_work(row: ContainerRow, one: VideoRow) -> Work:
    container = row.container
    kind = container.kind or row.kind or Kind.SHOW
    named = Work(kind=kind, title=container.title, ids={SOURCE: container.id})
    if kind is Kind.FILM:
        return named
    return msgspec.structs.replace(named, season=1, episode=one.number or 0)


def _old_works(works: list[Work], mapping: Mapping) -> list[Work]:
    """Where they stood under the match."""
    placed = [(work, mapping.place(work.episode or 0)) for work in works]
    return [
        msgspec.structs.replace(work, season=at.season, episode=at.number) if at else work
        for work, at in placed
        if at or work.kind is Kind.FILM
    ]
