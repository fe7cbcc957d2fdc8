"""Our own titles as a shelf to identify files against, read from the store once for many files."""

from typing import Any

import msgspec
from sqlalchemy import select

from movie_sync.db import Database
from movie_sync.library import title_writing
from movie_sync.library.catalogue import Shelf
from movie_sync.library.statements import batches
from movie_sync.library.title_writing import OF_SERVERS
from movie_sync.library.verdicts import Known
from movie_sync.library_models import EpisodeFacts, Kind, SeasonFacts
from movie_sync.library_tables import episodes, seasons, titles
from movie_sync.metadata_tables import title_facts

_texts = msgspec.json.Decoder(tuple[str, ...]).decode


_c, _f = titles.c, title_facts.c
_TITLES = (
    select(_c.id, _c.kind, _c.title, _c.year, _c.poster, _f.original_title, _f.other_titles)
    .add_columns(_f.countries, _f.votes)
    .outerjoin(title_facts, _f.title_id == _c.id)
    .where(_c.deleted_at.is_(None))
    .order_by(_c.kind, _c.id)
)


def shelf(db: Database) -> Shelf:
    """All that is kept now; whoever makes a title meanwhile adds it."""
    found = Shelf()
    with db.read() as connection:
        for some in batches(connection.execute(_TITLES)):
            ids: dict[int, dict[str, str]] = {}
            for kind in Kind:
                mine = [row.id for row in some if row.kind == kind]
                ids |= title_writing.ids_of(connection, str(kind), mine)
            for row in some:
                found.add(_known(row, ids[row.id]))
    return found


def known(db: Database, title_id: int) -> Known | None:
    """One of them; None: it is not there any more."""
    with db.read() as connection:
        row = connection.execute(_TITLES.where(titles.c.id == title_id)).first()
        ids = title_writing.ids_of(connection, row.kind, [title_id]) if row else {}
    return _known(row, ids[title_id]) if row else None


def _known(row: Any, ids: dict[str, str]) -> Known:
    told = row._mapping
    others = _texts(told["other_titles"]) if told["other_titles"] else ()
    named = (told["original_title"], *others)
    return Known(
        kind=Kind(told["kind"]),
        title=told["title"],
        year=told["year"],
        ids={provider: key for provider, key in ids.items() if provider not in OF_SERVERS},
        others=tuple(dict.fromkeys(name for name in named if name and name != told["title"])),
        title_id=told["id"],
        countries=_texts(told["countries"]) if told["countries"] else (),
        poster=told["poster"],
        votes=told["votes"],
    )


def season_lists(db: Database, title_id: int) -> list[SeasonFacts]:
    """The episodes of a show as they are kept, for placing a file of it."""
    s, e = seasons.c, episodes.c
    query = (
        select(s.number, s.aired_on, e.number, e.name, e.aired_on, e.absolute)
        .join(episodes, e.season_id == s.id)
        .where(s.title_id == title_id, e.deleted_at.is_(None))
        .order_by(s.number, e.number)
    )
    found: dict[int, list[EpisodeFacts]] = {}
    began = {}
    with db.read() as connection:
        for season, began_on, number, name, aired_on, absolute in connection.execute(query):
            one = EpisodeFacts(number=number, name=name, aired_on=aired_on, absolute=absolute)
            found.setdefault(season, []).append(one)
            began[season] = began_on
    return [
        SeasonFacts(number=number, aired_on=began[number], episodes=tuple(some))
        for number, some in found.items()
    ]
