"""What TMDB can be asked: each question with its path, what it is kept under, and for how long.

Source: https://developer.themoviedb.org/reference, as of 2026. Pure: `tmdb_api` asks them. The one
thing to know: of a question always the same parts are asked for, for it is kept under its key, and
two askers of one key must find the same in it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from unicodedata import normalize
from urllib.parse import quote

from movie_sync.services.tmdb_shapes import (
    CollectionDetails,
    Configuration,
    Credits,
    ExternalIds,
    Filmography,
    FoundById,
    Hits,
    Movie,
    OtherTitles,
    PersonDetails,
    Said,
    Season,
    Show,
    Translations,
)

DEFAULT_LANGUAGE = "en-US"  # what TMDB answers in where it is not told
HOUR_S, DAY_S, WEEK_S = 3600, 24 * 3600, 7 * 24 * 3600
MOST_PARTS = 20  # in one request; 21 are refused
LAST_PAGE = 500
MOVIE_PARTS = ("alternative_titles", "credits", "external_ids", "translations")
SHOW_PARTS = ("aggregate_credits", "alternative_titles", "external_ids", "translations")
# Ours and theirs; TMDB knows no other ids.
SOURCES = {"imdb": "imdb_id", "tvdb": "tvdb_id", "wikidata": "wikidata_id"}

_IN_WORDS = {"movie": "film", "tv": "show"}
_UNSAFE = re.compile("[%:]")  # in a key they stand between its parts

T = TypeVar("T")


@dataclass(frozen=True)
class Question(Generic[T]):
    """One GET.

    Args:
        key: what the answer in the default language is kept under.
        localised: whether another language gets another answer.
    """

    key: str
    path: str
    form: type[T]
    lasts_s: int
    params: tuple[tuple[str, str | int], ...] = ()
    localised: bool = True

    @property
    def about(self) -> str:
        """In words: "film 550", "season 2 of show 1399"."""
        kind, _, rest = self.key.partition(":")
        number, _, part = rest.partition(":")
        title = f"{_IN_WORDS.get(kind, kind)} {number}".rstrip()
        season_number = part.removeprefix("season:")
        return f"season {season_number} of {title}" if season_number != part else title

    def key_in(self, language: str | None) -> str:
        """What the answer in this language is kept under."""
        other = self.localised and language not in (None, DEFAULT_LANGUAGE)
        return f"{self.key}:{language}" if other else self.key


def cleaned(text: str) -> str:
    """A title as it is searched for: one line, nothing in it that is no text."""
    plain = "".join(char if char.isprintable() else " " for char in normalize("NFKC", text))
    return " ".join(plain.split())


def search_movies(text: str, year: int | None = None, page: int = 1) -> Question[Hits]:
    return _search("movie", text, "primary_release_year", year, page)


def search_shows(text: str, year: int | None = None, page: int = 1) -> Question[Hits]:
    """The year is that of the first season."""
    return _search("tv", text, "first_air_date_year", year, page)


def search_all(text: str, page: int = 1) -> Question[Hits]:
    """Films, shows and persons."""
    return _search("multi", text, "", None, page)


def movie(tmdb_id: int, parts: Sequence[str] = MOVIE_PARTS) -> Question[Movie]:
    return _details("movie", tmdb_id, Movie, parts, MOVIE_PARTS)


def movie_credits(tmdb_id: int) -> Question[Credits]:
    return _of("movie", tmdb_id, "credits", Credits, DAY_S)


def movie_titles(tmdb_id: int) -> Question[OtherTitles]:
    return _of("movie", tmdb_id, "alternative_titles", OtherTitles, DAY_S, localised=False)


def movie_ids(tmdb_id: int) -> Question[ExternalIds]:
    return _of("movie", tmdb_id, "external_ids", ExternalIds, DAY_S, localised=False)


def movie_translations(tmdb_id: int) -> Question[Translations]:
    return _of("movie", tmdb_id, "translations", Translations, DAY_S, localised=False)


def show(tmdb_id: int, parts: Sequence[str] = SHOW_PARTS) -> Question[Show]:
    return _details("tv", tmdb_id, Show, parts, SHOW_PARTS)


def show_credits(tmdb_id: int) -> Question[Credits]:
    """Those of the newest season alone; `all_show_credits` are of the whole."""
    return _of("tv", tmdb_id, "credits", Credits, DAY_S)


def all_show_credits(tmdb_id: int) -> Question[Credits]:
    return _of("tv", tmdb_id, "aggregate_credits", Credits, DAY_S)


def show_titles(tmdb_id: int) -> Question[OtherTitles]:
    return _of("tv", tmdb_id, "alternative_titles", OtherTitles, DAY_S, localised=False)


def show_ids(tmdb_id: int) -> Question[ExternalIds]:
    return _of("tv", tmdb_id, "external_ids", ExternalIds, DAY_S, localised=False)


def show_translations(tmdb_id: int) -> Question[Translations]:
    return _of("tv", tmdb_id, "translations", Translations, DAY_S, localised=False)


def season(tmdb_id: int, number: int) -> Question[Season]:
    """Of a show; 0 are the specials."""
    key = f"tv:{tmdb_id}:season:{number}"
    return Question(key, f"/tv/{tmdb_id}/season/{number}", Season, DAY_S)


def person(tmdb_id: int) -> Question[PersonDetails]:
    return Question(f"person:{tmdb_id}", f"/person/{tmdb_id}", PersonDetails, WEEK_S)


def filmography(tmdb_id: int) -> Question[Filmography]:
    path = f"/person/{tmdb_id}/combined_credits"
    return Question(f"person:{tmdb_id}:credits", path, Filmography, WEEK_S)


def collection(tmdb_id: int) -> Question[CollectionDetails]:
    path = f"/collection/{tmdb_id}"
    return Question(f"collection:{tmdb_id}", path, CollectionDetails, WEEK_S)


def trending_movies() -> Question[Hits]:
    return Question("trending:movie", "/trending/movie/week", Hits, HOUR_S)


def trending_shows() -> Question[Hits]:
    return Question("trending:tv", "/trending/tv/week", Hits, HOUR_S)


def find(provider: str, id_: str) -> Question[FoundById]:
    """Whatever has this id at one of `SOURCES`."""
    id_ = cleaned(id_).lower()
    asked = id_.upper() if provider == "wikidata" else id_
    key, path = f"find:{provider}:{_part(id_)}", f"/find/{quote(asked, safe='')}"
    of_theirs = (("external_source", SOURCES[provider]),)
    return Question(key, path, FoundById, DAY_S, of_theirs, localised=False)


def configuration() -> Question[Configuration]:
    """Where pictures are, and in which sizes."""
    return Question("configuration", "/configuration", Configuration, WEEK_S, localised=False)


def authentication() -> Question[Said]:
    """Whether the key is accepted; not to be kept."""
    return Question("authentication", "/authentication", Said, 0, localised=False)


def _search(kind: str, text: str, named: str, year: int | None, page: int) -> Question[Hits]:
    text = cleaned(text)
    key = f"search:{kind}:{_part(text.lower())}"
    params: tuple[tuple[str, str | int], ...] = (("query", text),)
    if year is not None:
        key, params = f"{key}:{year}", (*params, (named, year))
    if page > 1:
        key, params = f"{key}:page:{page}", (*params, ("page", min(page, LAST_PAGE)))
    return Question(key, f"/search/{kind}", Hits, HOUR_S, params)


def _details(
    kind: str, tmdb_id: int, form: type[T], parts: Sequence[str], usual: Sequence[str]
) -> Question[T]:
    joined, key = ",".join(parts), f"{kind}:{tmdb_id}"
    key = key if tuple(parts) == tuple(usual) else f"{key}:with:{joined}"
    appended = (("append_to_response", joined),) if parts else ()
    return Question(key, f"/{kind}/{tmdb_id}", form, DAY_S, appended)


def _of(
    kind: str, tmdb_id: int, part: str, form: type[T], lasts_s: int, *, localised: bool = True
) -> Question[T]:
    path = f"/{kind}/{tmdb_id}/{part}"
    return Question(f"{kind}:{tmdb_id}:{part}", path, form, lasts_s, localised=localised)


def _part(text: str) -> str:
    """As a part of a key, which no other text can have."""
    return _UNSAFE.sub(lambda char: f"%{ord(char[0]):02x}", text)
