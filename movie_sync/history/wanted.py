"""What stands on the watchlists that the history has read: films to get, shows to look at.

The films are a list as any other that films are wanted by; that a film is watched is for whoever
gets them to heed. Shows are for a person to look at, and nothing is got by them.
"""

from collections.abc import Iterator

from movie_sync.history.rows import WishRow
from movie_sync.history.store import HistoryStore
from movie_sync.library_models import Kind
from movie_sync.models import Film

AT_ONCE = 500


def wanted_films(store: HistoryStore, source: str | None = None) -> Iterator[Film]:
    """Each film once, also where several lists have it; of all sources, or of one.

    Those without a number at TMDB or IMDb are left out: a name alone has got the wrong film.
    """
    last = 0
    for wish in _wishes(store, Kind.FILM, source):
        film = _film(wish)
        if film is not None and wish.title_id != last:
            yield film
        last = wish.title_id


def wanted_shows(store: HistoryStore, source: str | None = None) -> Iterator[WishRow]:
    """Each show once, also where only a season or an episode of it stands there."""
    last = 0
    for wish in _wishes(store, Kind.SHOW, source):
        if wish.title_id != last:
            yield wish
        last = wish.title_id


def _wishes(store: HistoryStore, kind: Kind, source: str | None) -> Iterator[WishRow]:
    after: tuple[int, int, int, str] | None = None
    while some := store.wishes(source=source, kind=kind, after_row=after, limit=AT_ONCE):
        yield from some
        last = some[-1]
        season = -1 if last.season is None else last.season
        after = (last.title_id, season, last.episode_id or 0, last.source)


def _film(wish: WishRow) -> Film | None:
    """Under the name by which any other list knows it."""
    tmdb, imdb = wish.ids.get("tmdb", ""), wish.ids.get("imdb")
    if not tmdb.isdecimal() and not imdb:
        return None
    return Film(
        key=f"imdb:{imdb}" if imdb else f"tmdb:{tmdb}",
        title=wish.title,
        year=wish.year,
        imdb_id=imdb,
        tmdb_id=int(tmdb) if tmdb.isdecimal() else None,
    )
