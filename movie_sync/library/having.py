"""Do we have it? A film's files, wherever a source shows them."""

from collections.abc import Sequence
from pathlib import Path

from movie_sync.library.rows import Candidate
from movie_sync.library.store import LibraryStore
from movie_sync.library_models import Kind
from movie_sync.models import Film
from movie_sync.title_keys import keys


def copies(store: LibraryStore, film: Film) -> Sequence[Path]:
    """Those that are there and whole, the largest first.

    By id, else by a title of that very year which has no id that says otherwise: a file that a
    person still has to be asked about is none of them.

    Raises:
        FilesError, Unavailable: the database's.
    """
    ids = {"imdb": film.imdb_id or "", "tmdb": str(film.tmdb_id or "")}
    known = {provider: key for provider, key in ids.items() if key}
    found = {row.id: row for row in store.owned(Kind.FILM, known)} if known else {}
    if not found and film.year is not None:
        for candidate in _named(store, film, known):
            found |= {row.id: row for row in store.files_of(candidate.title_id)}
    rows = sorted(found.values(), key=lambda row: row.size_bytes, reverse=True)
    return [Path(row.path) for row in rows if row.path and not row.problem]


def _named(store: LibraryStore, film: Film, ids: dict[str, str]) -> list[Candidate]:
    wanted = {key for title in film.titles for key in keys(title)}
    found = store.find_keys(Kind.FILM, wanted, film.year)
    same = [one for one in found if one.year == film.year and not _differ(one.ids, ids)]
    return same if len(same) == 1 else []


def _differ(some: dict[str, str], others: dict[str, str]) -> bool:
    return any(some[one] != others[one] for one in some.keys() & others.keys())
