"""From TMDB's answers to facts of ours. Pure. An empty text is None, and so is a rating by nobody.

A text that TMDB lacks in the language asked for is taken in English, as it has none of its own.
"""

from collections.abc import Iterable
from datetime import date
from statistics import median
from typing import TypeVar
from unicodedata import name

from msgspec.structs import replace

from movie_sync import titles
from movie_sync.library_models import (
    Collection,
    EpisodeFacts,
    Facts,
    Kind,
    SeasonFacts,
    Suggestion,
)
from movie_sync.services.tmdb_credits import cast, credit, crew, leading
from movie_sync.services.tmdb_shapes import (
    CollectionName,
    Country,
    Episode,
    Genre,
    Hit,
    Movie,
    Season,
    Show,
    Titled,
    Translations,
)

T = TypeVar("T")

LANGUAGES = {"cn": "zh", "xx": None}  # its own code for Cantonese, and for a film without words
MOST_TITLES = 60
OVER = {"Ended", "Canceled"}


def film(told: Movie) -> Facts:
    """What it tells of a film."""
    english = _english(told.translations)
    premiered_on = day(told.release_date)
    countries = _codes(told.production_countries) or tuple(filter(None, told.origin_country))
    others = [each.title for each in told.alternative_titles.titles]
    others += [each.data.title for each in told.translations.translations]
    return Facts(
        kind=Kind.FILM,
        title=told.title or told.original_title or f"film {told.id}",
        year=premiered_on.year if premiered_on else None,
        ids=_ids(tmdb=told.id, imdb=told.imdb_id or told.external_ids.imdb_id),
        original_title=told.original_title or None,
        other_titles=_others(told.title, told.original_title, others),
        original_language=language_of(told.original_language),
        overview=told.overview or english.overview or None,
        tagline=told.tagline or english.tagline or None,
        genres=_names(told.genres),
        runtime_min=told.runtime or None,
        premiered_on=premiered_on,
        status=told.status or None,
        countries=countries,
        rating=told.vote_average if told.vote_count else None,
        votes=told.vote_count or None,
        poster=told.poster_path or None,
        backdrop=told.backdrop_path or None,
        collection=_collection(told.belongs_to_collection),
        cast=cast(told.credits),
        crew=crew(told.credits),
    )


def show(told: Show, seasons: Iterable[Season] = ()) -> Facts:
    """What it tells of a show, with these of its seasons."""
    english = _english(told.translations)
    premiered_on, seasons = day(told.first_air_date), tuple(seasons)
    others = [each.title for each in told.alternative_titles.results]
    others += [each.data.name for each in told.translations.translations]
    creators = [credit(each, "Creator", "Creating", 0) for each in told.created_by]
    ids = told.external_ids
    return Facts(
        kind=Kind.SHOW,
        title=told.name or told.original_name or f"show {told.id}",
        year=premiered_on.year if premiered_on else None,
        ids=_ids(tmdb=told.id, imdb=ids.imdb_id, tvdb=ids.tvdb_id),
        original_title=told.original_name or None,
        other_titles=_others(told.name, told.original_name, others),
        original_language=language_of(told.original_language),
        overview=told.overview or english.overview or None,
        tagline=told.tagline or english.tagline or None,
        genres=_names(told.genres),
        runtime_min=_runtime(told, seasons),
        premiered_on=premiered_on,
        ended_on=day(told.last_air_date) if told.status in OVER else None,
        status=told.status or None,
        countries=tuple(filter(None, told.origin_country)),
        rating=told.vote_average if told.vote_count else None,
        votes=told.vote_count or None,
        poster=told.poster_path or None,
        backdrop=told.backdrop_path or None,
        cast=cast(told.aggregate_credits),
        crew=crew(told.aggregate_credits, creators),
        seasons=tuple(map(season, seasons)),
    )


def slim(told: T) -> T:
    """Without what no fact is made of: texts in other languages, and the many of a cast and crew
    who are named last. Of a large film a fifth is left."""
    if isinstance(told, Movie):
        credits, translations = leading(told.credits), _named_alone(told.translations)
        return replace(told, credits=credits, translations=translations)
    if isinstance(told, Show):
        credits, translations = leading(told.aggregate_credits), _named_alone(told.translations)
        return replace(told, aggregate_credits=credits, translations=translations)
    return told


def season(told: Season) -> SeasonFacts:
    return SeasonFacts(
        number=told.season_number,
        name=told.name or None,
        overview=told.overview or None,
        aired_on=day(told.air_date),
        poster=told.poster_path or None,
        episodes=tuple(map(_episode, sorted(told.episodes, key=lambda one: one.episode_number))),
        ids=_ids(tmdb=told.id),
    )


def suggestion(told: Hit, kind: Kind) -> Suggestion | None:
    """None where it has no title at all, as a person has none."""
    title, original = told.title or told.name, told.original_title or told.original_name
    first = day(told.release_date or told.first_air_date)
    title = title or original
    if not title:
        return None
    return Suggestion(
        kind=kind,
        tmdb_id=told.id,
        title=title,
        year=first.year if first else None,
        original_title=original or None,
        original_language=language_of(told.original_language),
        overview=told.overview or None,
        poster=told.poster_path or None,
        popularity=told.popularity or 0.0,
        votes=told.vote_count or 0,
    )


def language_of(code: str | None) -> str | None:
    """ISO 639-1."""
    return LANGUAGES.get(code, code) if code else None


def day(text: str | None) -> date | None:
    """From "1999-11-04", or "1999-11-04T00:00:00.000Z", which is a day too."""
    try:
        return date.fromisoformat((text or "")[:10])
    except ValueError:
        return None


def spelt_as(
    original: str | None, known: Iterable[str | None], found: Iterable[str | None]
) -> tuple[str, ...]:
    """What is found and not known yet; in Latin letters or the letters of the original, as no
    release is named otherwise. A title that is another way of writing one before it is left out."""
    readable = {"LATIN", *_scripts(original or "")}
    seen, kept = {titles.key(title) for title in known if title}, []
    for title in found:
        if title and titles.key(title) not in seen and _scripts(title) <= readable:
            seen.add(titles.key(title))
            kept.append(title)
    return tuple(kept)


def _scripts(text: str) -> set[str]:
    """Of its letters, as Unicode names them: LATIN, CYRILLIC, HANGUL, CJK ..."""
    return {name(char, "").partition(" ")[0] for char in text if char.isalpha()}


def _others(title: str, original: str | None, found: Iterable[str | None]) -> tuple[str, ...]:
    return spelt_as(original, (title, original), found)[:MOST_TITLES]


def _episode(told: Episode) -> EpisodeFacts:
    return EpisodeFacts(
        number=told.episode_number,
        name=told.name or None,
        overview=told.overview or None,
        aired_on=day(told.air_date),
        runtime_min=told.runtime or None,
        still=told.still_path or None,
        ids=_ids(tmdb=told.id),
    )


def _runtime(told: Show, seasons: Iterable[Season]) -> int | None:
    """Of an episode. Where the show itself says none its episodes do, the usual one of them; of
    the last one, which is often the longest, only where no other is known."""
    said = [minutes for minutes in told.episode_run_time if minutes > 0]
    regular = [one for one in seasons if one.season_number] or seasons
    said = said or [each.runtime for one in regular for each in one.episodes if each.runtime]
    last = told.last_episode_to_air
    return round(median(said)) if said else (last.runtime or None) if last else None


def _named_alone(told: Translations) -> Translations:
    """With the texts of the English one alone."""
    return Translations(
        [
            each
            if each.iso_639_1 == "en"
            else replace(each, data=Titled(title=each.data.title, name=each.data.name))
            for each in told.translations
        ]
    )


def _collection(told: CollectionName | None) -> Collection | None:
    if told is None:
        return None
    return Collection(
        tmdb_id=told.id,
        name=told.name or f"collection {told.id}",
        poster=told.poster_path or None,
        backdrop=told.backdrop_path or None,
    )


def _english(told: Translations) -> Titled:
    found = [each.data for each in told.translations if each.iso_639_1 == "en"]
    return next((each for each in found if each.overview), Titled())


def _ids(**found: str | int | None) -> dict[str, str]:
    return {provider: str(id_) for provider, id_ in found.items() if id_}


def _names(genres: Iterable[Genre]) -> tuple[str, ...]:
    return tuple(genre.name for genre in genres if genre.name)


def _codes(countries: Iterable[Country]) -> tuple[str, ...]:
    return tuple(country.iso_3166_1 for country in countries if country.iso_3166_1)
