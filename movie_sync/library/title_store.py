"""The part of the store that keeps titles, and finds them by their ids and names."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Select, exists, or_, select, update

from movie_sync.library import episode_writing, title_writing
from movie_sync.library.rows import Candidate, Conflict
from movie_sync.library.statements import Part, batches
from movie_sync.library.title_writing import OF_SERVERS
from movie_sync.library_models import Facts, Ids, Kind
from movie_sync.library_tables import episodes, provider_refs, seasons, title_keys, titles
from movie_sync.metadata_tables import title_facts
from movie_sync.titles import TitleIndex

_names = msgspec.json.Decoder(tuple[str, ...]).decode


class TitleStore(Part):
    def put_title(self, facts: Facts, now: datetime) -> int | Conflict:
        """The title that these ids name, else a new one.

        Ids that it lacks are added to it; its facts stay (see `save_facts`). Without any id, the
        title of that very name and year is meant. Where the ids name two titles, or differ from
        those of the one that they name, nothing is stored and the conflict is told of.
        """
        with self.db.write() as connection:
            return title_writing.put_title(connection, facts, now)

    def put_titles(self, facts: Iterable[Facts], now: datetime) -> list[int | Conflict]:
        """As `put_title`, for many in one transaction."""
        with self.db.write() as connection:
            return [title_writing.put_title(connection, one, now) for one in facts]

    def save_facts(self, title_id: int, facts: Facts, now: datetime) -> Conflict | None:
        """Store what the world says of it, instead of what it said before.

        Seasons are stored where they are told of. Ids that cannot be its own are not stored, and
        told of; the rest is.
        """
        with self.db.write() as connection:
            return title_writing.save_facts(connection, title_id, facts, now)

    def find_ids(self, kind: Kind, ids: Ids) -> int | Conflict | None:
        """The title that these ids name; None where they name none."""
        with self.db.read() as connection:
            named = title_writing.named_by(connection, kind, ids)
        if len(named) > 1:
            return Conflict(tuple(sorted(named)), "the ids name more than one title")
        return next(iter(named), None)

    def find_keys(
        self, kind: Kind | None, keys: Iterable[str], year: int | None = None
    ) -> list[Candidate]:
        """Titles that bear any of these keys (see `title_keys.keys`), those written so first.

        Args:
            year: of the title, or one off it; those without a year are always among them.
        """
        c = titles.c
        query = (
            select(c.id, c.kind, c.title, c.year, title_keys.c.strict)
            .join(title_keys, title_keys.c.title_id == c.id)
            .where(title_keys.c.key.in_(list(keys)), c.deleted_at.is_(None))
        )
        if kind is not None:
            query = query.where(title_keys.c.kind == str(kind))
        if year is not None:
            query = query.where(or_(c.year.is_(None), c.year.between(year - 1, year + 1)))
        with self.db.read() as connection:
            rows = connection.execute(query.order_by(title_keys.c.strict.desc(), c.id)).all()
            best = {row.id: row for row in reversed(rows)}
            ids: dict[int, dict[str, str]] = {}
            for one in Kind:
                mine = [row.id for row in best.values() if row.kind == one]
                ids |= title_writing.ids_of(connection, str(one), mine)
        ordered = dict.fromkeys(row.id for row in rows)
        return [_candidate(best[title_id], ids[title_id]) for title_id in ordered]

    def index(self, kind: Kind) -> TitleIndex[int]:
        """Every title of the kind under all its names, to find many; ids are IMDb's and TMDB's."""
        index: TitleIndex[int] = TitleIndex()
        c = titles.c
        query = (
            select(c.id, c.title, c.year, title_facts.c.original_title, title_facts.c.other_titles)
            .outerjoin(title_facts, title_facts.c.title_id == c.id)
            .where(c.kind == str(kind), c.deleted_at.is_(None))
            .order_by(c.id)
        )
        with self.db.read() as connection:
            for some in batches(connection.execute(query)):
                ids = title_writing.ids_of(connection, str(kind), [row.id for row in some])
                for row in some:
                    others = _names(row.other_titles) if row.other_titles else ()
                    named = [row.title, row.original_title, *others]
                    known = _index_ids(ids[row.id])
                    index.add([name for name in named if name], row.year, row.id, known)
        return index

    def episode_ids(self, title_id: int, season: int, numbers: Sequence[int]) -> tuple[int, ...]:
        """In the order of the numbers; a season or an episode that is not there yet is made."""
        with self.db.write() as connection:
            return episode_writing.episode_ids(connection, title_id, season, numbers)

    def find_episodes(
        self,
        title_id: int,
        *,
        season: int | None = None,
        numbers: Sequence[int] = (),
        absolute: Sequence[int] = (),
        aired_on: date | None = None,
    ) -> list[tuple[int, int, int]]:
        """(id, season, number) of those that are known and fit what is asked for."""
        c = episodes.c
        query: Select[Any] = (
            select(c.id, seasons.c.number, c.number)
            .join(seasons, seasons.c.id == c.season_id)
            .where(c.title_id == title_id, c.deleted_at.is_(None))
        )
        if season is not None:
            query = query.where(seasons.c.number == season)
        if numbers:
            query = query.where(c.number.in_(numbers))
        if absolute:
            query = query.where(c.absolute.in_(absolute))
        if aired_on is not None:
            query = query.where(c.aired_on == aired_on)
        with self.db.read() as connection:
            rows = connection.execute(query.order_by(seasons.c.number, c.number)).all()
        return [(row[0], row[1], row[2]) for row in rows]

    def waiting_facts(
        self, after_id: int, limit: int, before: datetime | None = None
    ) -> list[tuple[int, str]]:
        """(id, title) of those with an id, of which the world was never asked, or not since."""
        return self._waiting(_has_id(), after_id, limit, before)

    def waiting_ids(
        self, after_id: int, limit: int, before: datetime | None = None
    ) -> list[tuple[int, str]]:
        """(id, title) of those that are known by their names alone, as `waiting_facts`."""
        return self._waiting(~_has_id(), after_id, limit, before)

    def _waiting(
        self, which: ColumnElement[bool], after_id: int, limit: int, before: datetime | None
    ) -> list[tuple[int, str]]:
        c = titles.c
        old = (
            c.facts_at.is_(None)
            if before is None
            else or_(c.facts_at.is_(None), c.facts_at < before)
        )
        query = select(c.id, c.title).where(c.id > after_id, old, which, c.deleted_at.is_(None))
        with self.db.read() as connection:
            rows = connection.execute(query.order_by(c.id).limit(limit)).all()
        return [(row.id, row.title) for row in rows]

    def ids_of_title(self, title_id: int) -> tuple[Kind, dict[str, str]] | None:
        """None: there is no such title any more."""
        query = select(titles.c.kind).where(titles.c.id == title_id, titles.c.deleted_at.is_(None))
        with self.db.read() as connection:
            kind = connection.execute(query).scalar()
            if kind is None:
                return None
            return Kind(kind), title_writing.ids_of(connection, kind, [title_id])[title_id]

    def no_facts(self, title_id: int, now: datetime) -> None:
        """The world was asked, and knows nothing of it."""
        with self.db.write() as connection:
            mine = update(titles).where(titles.c.id == title_id)
            connection.execute(mine.values(facts_at=now))


def _has_id() -> ColumnElement[bool]:
    """Whether anybody in the world has a number for it."""
    r = provider_refs.c
    of_world = r.provider.not_in(OF_SERVERS)
    return exists().where(r.entity == titles.c.kind, r.entity_id == titles.c.id, of_world)


def _candidate(row: Any, ids: dict[str, str]) -> Candidate:
    return Candidate(row.id, Kind(row.kind), row.title, row.year, bool(row.strict), ids)


def _index_ids(ids: Ids) -> tuple[str | int, ...]:
    tmdb = ids.get("tmdb", "")
    numbers = (int(tmdb),) if tmdb.isdecimal() else ()
    return (*numbers, *((ids["imdb"],) if "imdb" in ids else ()))
