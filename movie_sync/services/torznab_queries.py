"""What a Torznab indexer is asked for a film, by what it says that it can be asked."""

from collections.abc import Iterator

from movie_sync.models import Film
from movie_sync.services.title_queries import with_year
from movie_sync.services.torznab_xml import Caps

BY_ID = {"imdbid": "IMDb id", "tmdbid": "TMDB id"}

Query = dict[str, str | int]


def by_id(film: Film, caps: Caps) -> Iterator[Query]:
    known = caps.movie or frozenset()
    if film.imdb_id and "imdbid" in known:
        yield {"t": "movie", "imdbid": film.imdb_id.removeprefix("tt")}
    if film.tmdb_id and "tmdbid" in known:
        yield {"t": "movie", "tmdbid": film.tmdb_id}


def by_title(title: str, film: Film, caps: Caps) -> Query:
    if caps.movie is None or "q" not in caps.movie:
        return {"t": "search", "q": with_year(title, film)}
    if film.year and "year" in caps.movie:
        return {"t": "movie", "q": title, "year": film.year}
    return {"t": "movie", "q": with_year(title, film)}


def offers_titles(caps: Caps) -> bool:
    return any(mode is not None and "q" in mode for mode in (caps.movie, caps.search))


def offer(caps: Caps) -> str:
    """What a sentence about it goes on with."""
    ways = [words for name, words in BY_ID.items() if name in (caps.movie or ())]
    ways += ["title"] if offers_titles(caps) else []
    if not ways:
        return "offers no search for films"
    *first, last = ways
    return f"is searched by {', '.join(first)}{' and ' if first else ''}{last}"


def category(numbers: tuple[int, ...], caps: Caps) -> str | None:
    """The name of the narrowest one: "Movies/HD" rather than "Movies"."""
    names = [caps.categories[number] for number in numbers if caps.categories.get(number)]
    return max(names, key=lambda name: name.count("/"), default=None)
