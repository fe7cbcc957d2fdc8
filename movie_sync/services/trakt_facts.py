"""What Trakt tells of a film or a show with `extended=full`, and of its seasons. Pure."""

from datetime import date, datetime

from msgspec import Struct, field

from movie_sync.library_models import EpisodeFacts, Facts, Kind, SeasonFacts
from movie_sync.services.trakt_shapes import Ids, Odd, ids, moment, title_of
from movie_sync.trakt_models import OtherTitle


class Full(Struct, kw_only=True):
    """A film or a show with `extended=full`."""

    ids: Ids
    title: str | None = None
    year: int | None = None
    original_title: str | None = None
    overview: str | None = None
    tagline: str | None = None
    first_aired: str | None = None
    released: str | None = None
    runtime: float | None = None
    country: str | None = None
    status: str | None = None
    language: str | None = None
    genres: list[str] | None = None
    rating: float | None = None
    votes: int | None = None


class FullEpisode(Struct, kw_only=True):
    number: int
    title: str | None = None
    overview: str | None = None
    first_aired: str | None = None
    runtime: float | None = None
    number_abs: int | None = None
    ids: Ids = field(default_factory=dict)


class FullSeason(Struct, kw_only=True):
    number: int
    title: str | None = None
    overview: str | None = None
    first_aired: str | None = None
    ids: Ids = field(default_factory=dict)
    episodes: list[FullEpisode] | None = None


class Alias(Struct):
    title: str | None = None
    country: str | None = None
    language: str | None = None


def facts(full: Full, kind: Kind, told_at: datetime) -> Facts:
    return Facts(
        kind=kind,
        title=title_of(full.title, full.ids),
        year=full.year or None,
        ids=ids(full.ids),
        original_title=full.original_title or None,
        original_language=full.language or None,
        overview=full.overview or None,
        tagline=full.tagline or None,
        genres=tuple(full.genres or ()),
        runtime_min=round(full.runtime) if full.runtime else None,
        premiered_on=_day(full.released or full.first_aired),
        status=full.status or None,
        countries=(full.country.upper(),) if full.country else (),
        rating=full.rating or None,
        votes=full.votes,
        told_at=told_at,
    )


def season(told: FullSeason) -> SeasonFacts:
    """Days are those of UTC: Trakt tells when an episode was aired, and not where."""
    return SeasonFacts(
        number=told.number,
        name=told.title or None,
        overview=told.overview or None,
        aired_on=_day(told.first_aired),
        episodes=tuple(map(_episode, told.episodes or ())),
        ids=ids(told.ids),
    )


def other_title(told: Alias) -> OtherTitle | None:
    if not told.title:
        return None
    return OtherTitle(told.title, told.country.upper() if told.country else None, told.language)


def _episode(told: FullEpisode) -> EpisodeFacts:
    return EpisodeFacts(
        number=told.number,
        name=told.title or None,
        overview=told.overview or None,
        aired_on=_day(told.first_aired),
        runtime_min=round(told.runtime) if told.runtime else None,
        absolute=told.number_abs,
        ids=ids(told.ids),
    )


def _day(text: str | None) -> date | None:
    try:
        at = moment(text)
    except Odd:
        return None
    return at.date() if at else None
