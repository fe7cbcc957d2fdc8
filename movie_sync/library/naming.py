"""What a person types for a title or a file: which one is meant."""

import os
import re

from sqlalchemy import select

from movie_sync.errors import NotQueued
from movie_sync.library.page_rows import Filters, TitleRow
from movie_sync.library.store import LibraryStore
from movie_sync.library_models import Kind
from movie_sync.library_tables import assets
from movie_sync.media_names import storable
from movie_sync.title_keys import key

MOST = 200  # titles that are looked through for one of a name
_YEAR = re.compile(r"(.+) \((\d{4})\)")


def title_of(store: LibraryStore, name: str) -> TitleRow:
    """By its number here, or as it is called, with its year behind it where several are.

    Raises:
        NotQueued: there is none, or more than one.
    """
    if name.isdecimal() and (row := store.row(int(name))):
        return row
    whole = titles_called(store, name, None)
    parted = _YEAR.fullmatch(name.strip())
    found = whole or (titles_called(store, parted[1], int(parted[2])) if parted else [])
    owned = [row for row in found if row.files]
    found = owned if len(owned) == 1 else found
    if len(found) == 1:
        return found[0]
    if not found:
        raise NotQueued(f"no title of the library is called {name}; see `library list`")
    several = ", ".join(f"{row.id} ({row.kind}, {row.year or 'no year'})" for row in found)
    raise NotQueued(f"{len(found)} titles are called {name}; say which by its number: {several}")


def titles_called(store: LibraryStore, name: str, year: int | None) -> list[TitleRow]:
    """Whatever its capitals and accents; where none is called so, the only one that has these
    words in any of its names."""
    rows = store.titles(text=name, filters=Filters(having="all"), limit=MOST).rows
    rows = [row for row in rows if year in (None, row.year)]
    return [row for row in rows if key(row.title) == key(name)] or (rows if len(rows) == 1 else [])


def file_of(store: LibraryStore, path: str) -> int | None:
    """The number of the file that lies there, by its path; None: the library knows none."""
    query = select(assets.c.id).where(assets.c.path == storable(os.path.abspath(path)))
    with store.db.read() as connection:
        return connection.execute(query).scalar()


def files_of(store: LibraryStore, name: str) -> tuple[list[int], Kind | None]:
    """The numbers of the files that are meant by a path or by a title, and what they are now.

    Raises:
        NotQueued: none is.
    """
    number = file_of(store, name)
    if number is not None:
        file = store.file(number)
        row = store.row(file.title_id) if file and file.title_id else None
        return [number], row.kind if row else None
    if os.sep in name and not _YEAR.fullmatch(name):
        raise NotQueued(f"the library knows no file {name}; is it scanned?")
    row = title_of(store, name)
    return [file.id for file in store.files_of(row.id)], row.kind
