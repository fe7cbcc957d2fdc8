"""The page of one title: all that is known of it, in as few questions as that takes."""

from typing import Any

from sqlalchemy import Connection, func, select

from movie_sync.library import questions
from movie_sync.library.file_reading import files
from movie_sync.library.listing import COLUMNS, names, title_row
from movie_sync.library.match_store import assignment_of
from movie_sync.library.page_rows import SeasonRow, TitlePage, TitleRow
from movie_sync.library.rows import AssignmentRow, EpisodeRow
from movie_sync.library.title_writing import ids_of
from movie_sync.library_models import Collection, Credit, Kind
from movie_sync.library_tables import asset_episodes, assets, episodes, seasons, titles
from movie_sync.metadata_tables import (
    assignments,
    collections,
    people,
    title_credits,
    title_facts,
)

HISTORY = 50  # the newest answers of a title that its page shows


def title_page(connection: Connection, title_id: int) -> TitlePage | None:
    """See `ReadingStore.title`."""
    found = connection.execute(select(titles).where(titles.c.id == title_id)).first()
    while found is not None and found.merged_into is not None:
        found = connection.execute(select(titles).where(titles.c.id == found.merged_into)).first()
    if found is None or found.deleted_at is not None:
        return None
    row = _title(connection, found.id)
    held = files(connection, (assets.c.title_id == row.id) & assets.c.merged_into.is_(None))
    credits = _credits(connection, row.id)
    return TitlePage(
        row=row,
        ids=ids_of(connection, str(row.kind), [row.id])[row.id],
        **_facts(connection, row.id),
        collection=_collection(connection, found.collection_id),
        beside=_beside(connection, row.id, found.collection_id),
        files=tuple(one for one in held if one.extra is None),
        extras=tuple(one for one in held if one.extra is not None),
        seasons=_seasons(connection, row.id) if row.kind is Kind.SHOW else (),
        cast=tuple(credit for credit, is_cast in credits if is_cast),
        crew=tuple(credit for credit, is_cast in credits if not is_cast),
        history=_history(connection, row.id),
        reviews=tuple(questions.reviews_of(connection, row.id)),
    )


def _title(connection: Connection, title_id: int) -> TitleRow:
    return title_row(connection.execute(select(*COLUMNS).where(titles.c.id == title_id)).one())


def _facts(connection: Connection, title_id: int) -> dict[str, Any]:
    query = select(title_facts).where(title_facts.c.title_id == title_id)
    values = dict(connection.execute(query).one()._mapping)
    del values["title_id"]
    lists = {name: names(values[name]) for name in ("other_titles", "countries")}
    return values | lists


def _collection(connection: Connection, tmdb_id: int | None) -> Collection | None:
    if tmdb_id is None:
        return None
    row = connection.execute(select(collections).where(collections.c.tmdb_id == tmdb_id)).one()
    return Collection(**row._mapping)


def _beside(
    connection: Connection, title_id: int, collection_id: int | None
) -> tuple[TitleRow, ...]:
    if collection_id is None:
        return ()
    c = titles.c
    query = select(*COLUMNS).where(
        c.collection_id == collection_id, c.id != title_id, c.deleted_at.is_(None)
    )
    ordered = query.order_by(c.year.nulls_last(), c.premiered_on.nulls_last(), c.id)
    return tuple(title_row(row) for row in connection.execute(ordered))


def _credits(connection: Connection, title_id: int) -> list[tuple[Credit, bool]]:
    c = title_credits.c
    query = (
        select(c.person_id, people.c.name, people.c.profile, c.role, c.department, c.cast)
        .add_columns(c.position)
        .join(people, people.c.tmdb_id == c.person_id)
        .where(c.title_id == title_id)
        .order_by(c.position)
    )
    return [
        (
            Credit(
                person_tmdb_id=row.person_id,
                name=row.name,
                role=row.role,
                department=row.department,
                order=row.position,
                profile=row.profile,
            ),
            bool(row.cast),
        )
        for row in connection.execute(query)
    ]


def _seasons(connection: Connection, title_id: int) -> tuple[SeasonRow, ...]:
    by_season: dict[int, list[EpisodeRow]] = {}
    for season_id, episode in episode_rows(connection, title_id):
        by_season.setdefault(season_id, []).append(episode)
    c = seasons.c
    query = select(seasons).where(c.title_id == title_id, c.deleted_at.is_(None))
    return tuple(
        SeasonRow(
            number=row.number,
            name=row.name,
            overview=row.overview,
            aired_on=row.aired_on,
            poster=row.poster,
            episodes=tuple(by_season.get(row.id, ())),
        )
        for row in connection.execute(query.order_by(c.number))
    )


def episode_rows(connection: Connection, title_id: int) -> list[tuple[int, EpisodeRow]]:
    """Each with the number of its season's row; with how many files hold it."""
    c = episodes.c
    held = (
        select(asset_episodes.c.episode_id, func.count().label("files"))
        .join(assets, assets.c.id == asset_episodes.c.asset_id)
        .where(assets.c.title_id == title_id, assets.c.deleted_at.is_(None))
        .group_by(asset_episodes.c.episode_id)
        .subquery()
    )
    query = (
        select(episodes, seasons.c.number.label("season"), func.coalesce(held.c.files, 0))
        .join(seasons, seasons.c.id == c.season_id)
        .outerjoin(held, held.c.episode_id == c.id)
        .where(c.title_id == title_id, c.deleted_at.is_(None))
        .order_by(seasons.c.number, c.number)
    )
    wanted = [name for name in EpisodeRow.__struct_fields__ if name in episodes.c]
    return [
        (
            row.season_id,
            EpisodeRow(
                **{name: row._mapping[name] for name in wanted}, season=row.season, files=row[-1]
            ),
        )
        for row in connection.execute(query)
    ]


def _history(connection: Connection, title_id: int) -> tuple[AssignmentRow, ...]:
    c = assignments.c
    query = select(assignments).where(c.title_id == title_id).order_by(c.id.desc()).limit(HISTORY)
    return tuple(assignment_of(row) for row in connection.execute(query))
