"""Lists of titles: which, in what order, and how many there are in all."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, func, or_, select

from movie_sync.library import doubles, episode_counts
from movie_sync.library.folding import like, search_words
from movie_sync.library.page_rows import Facets, Filters, TitleList, TitleRow
from movie_sync.library.statements import as_json
from movie_sync.library_models import Kind
from movie_sync.library_tables import sources, titles
from movie_sync.metadata_tables import title_credits

# By name: the column, and whether the largest goes first.
SORTS: dict[str, tuple[Any, bool]] = {
    "name": (titles.c.sort_key, False),
    "added": (titles.c.added_at, True),
    "year": (titles.c.year, True),
    "rating": (titles.c.rating, True),
    "size": (titles.c.size_bytes, True),
    "runtime": (titles.c.runtime_min, True),
}

COLUMNS = [titles.c[name] for name in TitleRow.__struct_fields__]

names = msgspec.json.Decoder(tuple[str, ...]).decode


def listed(
    connection: Connection,
    kind: Kind | None,
    text: str,
    filters: Filters,
    *,
    sort: str,
    descending: bool | None,
    offset: int,
    limit: int,
) -> TitleList:
    """See `ReadingStore.titles`."""
    which = _which(connection, kind, text, filters)
    column, largest_first = SORTS[sort]
    down = largest_first if descending is None else descending
    order = column.desc().nulls_last() if down else column.asc().nulls_last()
    last = titles.c.id.desc() if down else titles.c.id
    # What is sorted is the numbers alone, which takes half as long at the end of a long list.
    page = select(titles.c.id).where(*which).order_by(order, last).offset(offset).limit(limit)
    rows = _in_order(connection, list(connection.execute(page).scalars()))
    total = offset + len(rows)
    if len(rows) == limit or (offset and not rows):
        total = connection.execute(select(func.count()).where(*which)).scalar_one()
    return TitleList(rows, total)


def _in_order(connection: Connection, ids: Sequence[int]) -> list[TitleRow]:
    query = select(*COLUMNS).where(titles.c.id.in_(ids))
    found = {row.id: row for row in connection.execute(query)} if ids else {}
    return [title_row(found[one]) for one in ids]


def title_row(row: Any) -> TitleRow:
    values = dict(row._mapping)
    values["kind"] = Kind(values["kind"])
    values["genres"] = names(values["genres"])
    values["audio_languages"] = languages(values["audio_languages"])
    return TitleRow(**values)


def languages(joined: str) -> tuple[str, ...]:
    return tuple(filter(None, joined.split(",")))


def _which(
    connection: Connection, kind: Kind | None, text: str, filters: Filters
) -> list[ColumnElement[bool]]:
    c = titles.c
    which: list[ColumnElement[bool]] = [c.deleted_at.is_(None), *_having(filters.having)]
    if kind is not None:
        which.append(c.kind == str(kind))
    which += [c.search.like(like(word), escape="\\") for word in search_words(text)]
    if filters.genre is not None:
        which.append(c.genres.like(like(as_json(filters.genre)), escape="\\"))
    if filters.language is not None:
        which.append(_speaks(filters.language))
    if filters.languages:
        which.append(or_(*map(_speaks, filters.languages)))
    if filters.source is not None:
        known = select(sources.c.id).where(sources.c.name == filters.source)
        source_id = connection.execute(known).scalar()
        which.append(c.source_ids.like(f"%,{source_id},%"))
    if filters.person_id is not None:
        in_it = select(title_credits.c.title_id)
        which.append(c.id.in_(in_it.where(title_credits.c.person_id == filters.person_id)))
    return [*which, *_plain(filters)]


def _speaks(code: str) -> ColumnElement[bool]:
    return titles.c.audio_languages.like(like(f",{code},"), escape="\\")


def _having(having: str) -> list[ColumnElement[bool]]:
    c = titles.c
    return {
        "files": [c.files > 0],
        "gone": [c.files == 0, c.gone_files > 0],
        "none": [c.files == 0, c.gone_files == 0],
        "all": [],
    }[having]


def _plain(filters: Filters) -> list[ColumnElement[bool]]:
    c, found = titles.c, []
    if filters.year_from is not None:
        found.append(c.year >= filters.year_from)
    if filters.year_to is not None:
        found.append(c.year <= filters.year_to)
    if filters.lines is not None:
        found.append(c.lines == filters.lines)
    if filters.hdr is not None:
        found.append(c.hdr.is_not(None) if filters.hdr else c.hdr.is_(None))
    if filters.collection_id is not None:
        found.append(c.collection_id == filters.collection_id)
    if filters.played is not None:
        found.append(c.plays > 0 if filters.played else c.plays == 0)
    if filters.broken is not None:
        found.append(c.broken_files > 0 if filters.broken else c.broken_files == 0)
    if filters.doubled is not None:
        some = doubles.title_ids()
        found.append(c.id.in_(some) if filters.doubled else c.id.not_in(some))
    if filters.missing_by is not None:
        found.append(c.id.in_(episode_counts.lacking(filters.missing_by)))
    if filters.whole_by is not None:
        lacking = episode_counts.lacking(filters.whole_by)
        found += [c.kind == str(Kind.SHOW), c.id.not_in(lacking)]
    return found


def facets(connection: Connection, kind: Kind | None) -> Facets:
    c = titles.c
    owned = [c.deleted_at.is_(None), c.files > 0]
    if kind is not None:
        owned.append(c.kind == str(kind))

    def counted(column: Any) -> list[tuple[Any, int]]:
        query: Select[Any] = select(column, func.count()).where(*owned).group_by(column)
        return [(row[0], row[1]) for row in connection.execute(query)]

    genres: dict[Any, int] = {}
    spoken: dict[Any, int] = {}
    decades: dict[Any, int] = {}
    _add(genres, ((names(text), count) for text, count in counted(c.genres)))
    _add(spoken, ((languages(text), count) for text, count in counted(c.audio_languages)))
    _add(decades, (((year // 10 * 10,), n) for year, n in counted(c.year) if year is not None))
    lines = {one: count for one, count in counted(c.lines) if one is not None}
    return Facets(
        genres=_most_first(genres),
        languages=_most_first(spoken),
        lines=dict(sorted(lines.items(), reverse=True)),
        decades=dict(sorted(decades.items(), reverse=True)),
    )


def _add(counts: dict[Any, int], told: Any) -> None:
    for values, count in told:
        for value in values:
            counts[value] = counts.get(value, 0) + count


def _most_first(counts: dict[Any, int]) -> dict[Any, int]:
    return dict(sorted(counts.items(), key=lambda one: (-one[1], one[0])))
