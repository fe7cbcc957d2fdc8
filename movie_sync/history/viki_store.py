"""The part of the store that keeps what Viki shows, how far it was seen, and what it is taken for.

What a person said a container is stays, whatever is asked later; each answer is kept for ever.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from msgspec import structs
from sqlalchemy import Connection, Integer, Select, cast, func, or_, select, update

from movie_sync.history import plays_store, viki_adopting
from movie_sync.history.match_models import State, Verdict
from movie_sync.history.matching import Standing
from movie_sync.history.rows import Saved
from movie_sync.history.statements import Part, batches
from movie_sync.history.viki_rows import (
    NEW,
    ContainerRow,
    MatchRow,
    VideoRow,
    VikiNews,
    container_row,
    glance_of,
    match_row,
    standing_of,
    video_row,
    viewing_of,
)
from movie_sync.history.viki_watching import Glance, Viewing
from movie_sync.history_tables import matches, viki_containers, viki_videos
from movie_sync.library.rows import Conflict
from movie_sync.library.statements import as_json, upsert
from movie_sync.library_models import Facts
from movie_sync.library_tables import titles
from movie_sync.services.viki_shapes import Container, Video

HAND, AUTO = "hand", "auto"
c, v, m, x = viki_containers.c, viki_videos.c, matches.c, titles.c


class VikiStore(Part):
    def save_viki(self, news: VikiNews, now: datetime) -> Saved:
        """All of it, or nothing."""
        with self.db.write() as connection:
            _put_containers(connection, news, now)
            _put_videos(connection, news.videos, news.viewings)
            return plays_store.write(connection, news.batch, now, self.zone)

    def container(self, container_id: str) -> ContainerRow | None:
        found = self._containers(_containers().where(c.id == container_id))
        return found[0] if found else None

    def containers(
        self,
        states: Collection[str] | None = None,
        *,
        after_id: str = "",
        limit: int = 100,
    ) -> list[ContainerRow]:
        """By number; `states` are those of `match_models.State`, and "new"."""
        query = _containers().where(c.id > after_id).order_by(c.id).limit(limit)
        if states is not None:
            query = query.where(c.state.in_([str(state) for state in states]))
        return self._containers(query)

    def unmatched(self, *, after_id: str = "", limit: int = 60) -> list[ContainerRow]:
        """What nobody knows the title of, or a person has to say."""
        states = (NEW, State.REVIEW, State.NONE)
        return self.containers([str(one) for one in states], after_id=after_id, limit=limit)

    def due_matches(self, now: datetime, limit: int = 100) -> list[ContainerRow]:
        """To be asked what they are: those that never were, and those whose time has come."""
        again = (c.state == str(State.NONE)) & (c.retry_at <= now)
        return self._containers(
            _containers().where(or_(c.state == NEW, again)).order_by(c.id).limit(limit)
        )

    def _containers(self, query: Select[Any]) -> list[ContainerRow]:
        with self.db.read() as connection:
            return [container_row(row) for row in connection.execute(query)]

    def glances(self) -> dict[str, Glance]:
        """What the billboard showed when the videos of each were read last."""
        query = select(c.id, c.billboard).where(c.billboard.is_not(None))
        with self.db.read() as connection:
            return {one: glance_of(told) for one, told in connection.execute(query)}

    def videos(self, container_id: str) -> list[VideoRow]:
        query = select(viki_videos).where(v.container_id == container_id)
        with self.db.read() as connection:
            return [video_row(row) for row in connection.execute(query.order_by(v.number, v.id))]

    def viewings(self, video_ids: Iterable[str]) -> dict[str, Viewing]:
        """Of those that any marker or reading told of."""
        found: dict[str, Viewing] = {}
        with self.db.read() as connection:
            for some in batches(video_ids):
                query = select(viki_videos).where(v.id.in_(some))
                found |= {row.id: viewing_of(row) for row in connection.execute(query)}
        return found

    def standing(self, container_id: str) -> Standing | None:
        query = select(c.standing).where(c.id == container_id)
        with self.db.read() as connection:
            told = connection.execute(query).scalar()
        return standing_of(told) if told else None

    def save_match(
        self,
        container_id: str,
        standing: Standing,
        now: datetime,
        *,
        by_hand: bool = False,
        verdict: Verdict | None = None,
    ) -> bool:
        """What it is taken for from now on. False, and nothing is stored, where a person has said
        what it is and this is not a person."""
        mine = c.id == container_id
        with self.db.write() as connection:
            row = connection.execute(select(c.standing).where(mine)).first()
            if row is None:
                return False
            before = standing_of(row.standing) if row.standing else None
            if before and before.state is State.MANUAL and not by_hand:
                return False
            values = {
                "standing": as_json(standing), "state": str(standing.state),
                "retry_at": standing.retry_at,
            }  # fmt: skip
            connection.execute(update(viki_containers).where(mine).values(values))
            connection.execute(
                matches.insert().values(_match(container_id, standing, verdict, by_hand, now))
            )
        return True

    def matches(self, container_id: str) -> list[MatchRow]:
        """All that was ever said of it, the newest first."""
        query = select(matches).where(m.container_id == container_id).order_by(m.id.desc())
        with self.db.read() as connection:
            return [match_row(row) for row in connection.execute(query)]

    def adopt(self, container_id: str, facts: Facts, now: datetime) -> int | Conflict | None:
        """Its plays are of the title that these ids name, its episodes those that its standing
        maps them to. Gives the title; None where there is no such container.

        The title that it had becomes part of that one, where nothing else is known of it.
        """
        with self.db.write() as connection:
            return viki_adopting.adopt(connection, container_id, facts, now)


def _containers() -> Select[Any]:
    watched = cast(v.plays > 0, Integer)
    begun = cast((v.plays == 0) & (v.furthest_s > 0), Integer)
    counted = (
        select(
            v.container_id, func.sum(watched).label("watched"), func.sum(begun).label("begun")
        )
        .group_by(v.container_id)
        .subquery()
    )  # fmt: skip
    return (
        select(viki_containers, x.kind, x.title.label("named"), counted.c.watched, counted.c.begun)
        .outerjoin(titles, x.id == c.title_id)
        .outerjoin(counted, counted.c.container_id == c.id)
    )


def _put_containers(connection: Connection, news: VikiNews, now: datetime) -> None:
    kept = ("listed_at", "state")
    for some in batches({one.id: one for one in news.containers}.values()):
        upsert(connection, viki_containers, [
            {"id": one.id, "title": one.title, "facts": as_json(one), "listed_at": now,
             "state": NEW}
            for one in some
        ], kept=kept)  # fmt: skip
    told = {container_id for container_id, _ in news.viewings.values()}
    told |= {one.container_id for one in news.videos if one.container_id}
    for names in batches(sorted(told)):
        bare = [_bare(one, now) for one in names]
        upsert(connection, viki_containers, bare, kept=("title", "facts", *kept))
    for container_id, glance in news.glances.items():
        mine = update(viki_containers).where(c.id == container_id)
        connection.execute(mine.values(billboard=as_json(glance)))
    for names in batches(news.read):
        connection.execute(update(viki_containers).where(c.id.in_(names)).values(read_at=now))


def _bare(container_id: str, now: datetime) -> dict[str, Any]:
    """Of one that only a video told of."""
    return {
        "id": container_id, "title": container_id, "facts": as_json(Container(id=container_id)),
        "listed_at": now, "state": NEW,
    }  # fmt: skip


def _put_videos(
    connection: Connection,
    videos: Iterable[Video],
    viewings: Mapping[str, tuple[str, Viewing]],
) -> None:
    empty = structs.asdict(Viewing())
    for some in batches(one for one in videos if one.container_id):
        upsert(connection, viki_videos, [
            {"id": one.id, "container_id": one.container_id, "number": one.number,
             "facts": as_json(one)} | empty
            for one in {each.id: each for each in some}.values()
        ], kept=tuple(empty))  # fmt: skip
    for pairs in batches(viewings.items()):
        upsert(connection, viki_videos, [
            {"id": video_id, "container_id": container_id} | structs.asdict(viewing)
            for video_id, (container_id, viewing) in pairs
        ])  # fmt: skip


def _match(
    container_id: str,
    standing: Standing,
    verdict: Verdict | None,
    by_hand: bool,
    now: datetime,
) -> dict[str, Any]:
    return {
        "container_id": container_id, "state": str(standing.state),
        "confidence": standing.confidence, "sentence": standing.sentence,
        "ids": as_json(standing.ids), "mapping": as_json(standing.mapping),
        "choices": as_json(verdict.choices if verdict else ()),
        "made_by": HAND if by_hand else AUTO, "made_at": now,
    }  # fmt: skip
