"""The part of the store that people read: lists, counts, and the page of a title."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, select

from movie_sync.library import doubles, episode_counts, listing
from movie_sync.library.file_reading import files, files_of
from movie_sync.library.page_rows import (
    Counts,
    Duplicate,
    Facets,
    FileList,
    FileRow,
    Filters,
    TitleList,
    TitlePage,
    TitleRow,
)
from movie_sync.library.rows import Probe, Standing
from movie_sync.library.statements import Part
from movie_sync.library.title_page import title_page
from movie_sync.library.title_writing import named_by
from movie_sync.library_models import Collection, Ids, Kind
from movie_sync.library_tables import assets, provider_refs, sightings, sources, titles
from movie_sync.metadata_tables import collections, people

_ALL = Filters()


class ReadingStore(Part):
    def titles(
        self,
        kind: Kind | None = None,
        text: str = "",
        filters: Filters = _ALL,
        sort: str = "name",
        *,
        descending: bool | None = None,
        offset: int = 0,
        limit: int = 60,
    ) -> TitleList:
        """Some of the titles, and how many there are in all.

        Args:
            text: words that any of its titles holds, whatever their case and accents.
            sort: one of `listing.SORTS`; what has no such value is last.
            descending: None is as it is usual for the sort.
        """
        with self.db.read() as connection:
            return listing.listed(
                connection, kind, text, filters,
                sort=sort, descending=descending, offset=offset, limit=limit,
            )  # fmt: skip

    def aired(self, title_ids: Sequence[int], day: date) -> dict[int, int]:
        """How many episodes of each of these shows had aired by this day, without specials."""
        with self.db.read() as connection:
            return episode_counts.aired(connection, title_ids, day)

    def facets(self, kind: Kind | None = None) -> Facets:
        with self.db.read() as connection:
            return listing.facets(connection, kind)

    def row(self, title_id: int) -> TitleRow | None:
        """As a list shows it, also of one that is there no more."""
        query = select(*listing.COLUMNS).where(titles.c.id == title_id)
        with self.db.read() as connection:
            found = connection.execute(query).first()
        return listing.title_row(found) if found else None

    def title(self, title_id: int) -> TitlePage | None:
        """All that its page shows; of one that was merged, the page of the other."""
        with self.db.read() as connection:
            return title_page(connection, title_id)

    def file(self, asset_id: int) -> FileRow | None:
        """One file, also where it is gone; of one that has moved, what it is now."""
        c = assets.c
        with self.db.read() as connection:
            query = select(func.coalesce(c.merged_into, c.id)).where(c.id == asset_id)
            known = connection.execute(query).scalar()
            found = files(connection, c.id == known) if known is not None else []
        return found[0] if found else None

    def files(
        self,
        standing: Standing | None = None,
        *,
        source: str | None = None,
        probe: Probe | None = None,
        gone: bool = False,
        offset: int = 0,
        limit: int = 60,
    ) -> FileList:
        """Files by their numbers, whatever their titles are: those of one standing, or source."""
        c = assets.c
        is_there = c.deleted_at.is_not(None) if gone else c.deleted_at.is_(None)
        which: list[ColumnElement[bool]] = [c.merged_into.is_(None), is_there]
        if standing is not None:
            which.append(c.state == str(standing))
        if probe is not None:
            which.append(c.probe == str(probe))
        if source is not None:
            shown = select(sightings.c.asset_id).join(sources).where(sources.c.name == source)
            which.append(c.id.in_(shown.where(sightings.c.deleted_at.is_(None))))
        page = select(c.id).where(*which).order_by(c.id).offset(offset).limit(limit)
        with self.db.read() as connection:
            ids = list(connection.execute(page).scalars())
            total = connection.execute(select(func.count()).where(*which)).scalar_one()
            found = files_of(connection, ids)
        return FileList([found[one] for one in ids], total)

    def owned(self, kind: Kind, ids: Ids) -> list[FileRow]:
        """The files that are there of the title of these ids; none where it is not owned."""
        with self.db.read() as connection:
            named = list(named_by(connection, kind, ids))
            return _held(connection, named)

    def files_of(self, title_id: int) -> list[FileRow]:
        """The files that are there of a title, without its extras."""
        with self.db.read() as connection:
            return _held(connection, [title_id])

    def owned_ids(self, kind: Kind, provider: str) -> dict[str, int]:
        """What the provider calls each title that has files, with our number of it."""
        c = provider_refs.c
        query = (
            select(c.key, c.entity_id)
            .join(titles, titles.c.id == c.entity_id)
            .where(c.entity == str(kind), c.provider == provider)
            .where(titles.c.files > 0, titles.c.deleted_at.is_(None))
        )
        with self.db.read() as connection:
            return {key: title_id for key, title_id in connection.execute(query)}  # noqa: C416 - no mapping

    def duplicates(self, offset: int = 0, limit: int = 50) -> tuple[list[Duplicate], int]:
        """Films and episodes of which there is more than one file, and how many there are.

        A file that two sources show is one; other editions, versions and parts are others.
        """
        with self.db.read() as connection:
            return doubles.duplicates(connection, offset, limit)

    def collections(self) -> list[tuple[Collection, int]]:
        """Those of which something is owned, with how many of their films are."""
        c = collections.c
        query = (
            select(collections, func.count())
            .join(titles, titles.c.collection_id == c.tmdb_id)
            .where(titles.c.files > 0, titles.c.deleted_at.is_(None))
            .group_by(*c)
            .order_by(c.name)
        )
        with self.db.read() as connection:
            return [(_collection(row), row[-1]) for row in connection.execute(query)]

    def by_source(self) -> dict[str, dict[str, int]]:
        """Of the files that each source shows: how many there are of each standing, and how many
        are "broken"."""
        c = assets.c
        broken = _sum(c.probe == str(Probe.BROKEN), 1)
        query = (
            select(sources.c.name, c.state, func.count(), broken)
            .join(sightings, sightings.c.source_id == sources.c.id)
            .join(assets, c.id == sightings.c.asset_id)
            .where(sightings.c.deleted_at.is_(None), sources.c.deleted_at.is_(None))
            .group_by(sources.c.name, c.state)
        )
        found: dict[str, dict[str, int]] = {}
        with self.db.read() as connection:
            for name, state, count, unusable in connection.execute(query):
                of_it = found.setdefault(name, {"broken": 0})
                of_it[state] = count
                of_it["broken"] += int(unusable)
        return found

    def person(self, tmdb_id: int) -> str | None:
        """The name of one who is credited in some title."""
        query = select(people.c.name).where(people.c.tmdb_id == tmdb_id)
        with self.db.read() as connection:
            return connection.execute(query).scalar()

    def counts(self) -> Counts:
        c, t = assets.c, titles.c
        there = c.deleted_at.is_(None)
        of_files = {
            "files": there,
            "gone_files": ~there,
            "waiting": and_(there, c.state == str(Standing.WAITING)),
            "review": and_(there, c.state == str(Standing.REVIEW)),
            "ignored": and_(there, c.state == str(Standing.IGNORED)),
            "unprobed": and_(there, c.probe == str(Probe.WAITING)),
            "broken": and_(there, c.probe == str(Probe.BROKEN)),
        }
        sums: list[Any] = [_sum(condition, 1).label(name) for name, condition in of_files.items()]
        size = _sum(there, c.size_bytes).label("size_bytes")
        by_kind = select(t.kind, func.count(), func.sum(t.episodes_owned))
        owned = by_kind.where(t.files > 0, t.deleted_at.is_(None)).group_by(t.kind)
        with self.db.read() as connection:
            row = connection.execute(select(*sums, size).where(c.merged_into.is_(None))).one()
            kinds = {kind: (count, held) for kind, count, held in connection.execute(owned)}
        return Counts(
            films=kinds.get(Kind.FILM, (0, 0))[0],
            shows=kinds.get(Kind.SHOW, (0, 0))[0],
            episodes=int(kinds.get(Kind.SHOW, (0, 0))[1]),
            **{name: int(value) for name, value in row._mapping.items()},
        )


def _sum(condition: Any, value: Any) -> Any:
    return func.coalesce(func.sum(case((condition, value), else_=0)), 0)


def _collection(row: Any) -> Collection:
    names = Collection.__struct_fields__
    return Collection(**{name: row._mapping[name] for name in names})


def _held(connection: Connection, title_ids: Sequence[int]) -> list[FileRow]:
    held = and_(assets.c.title_id.in_(title_ids), assets.c.extra.is_(None))
    return files(connection, held & assets.c.deleted_at.is_(None)) if title_ids else []
