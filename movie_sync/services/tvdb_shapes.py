"""What TheTVDB tells of shows, in our words, and how it is read.

The one thing to know: other names are plain texts where a show is searched for, and objects with a
language where it is shown whole. Both are read at both places. Languages and countries are codes
of three letters there: "kor", "zho".
"""

from collections.abc import Iterable
from datetime import date
from typing import TypeVar

import msgspec
from msgspec import Raw, Struct, field

from movie_sync.errors import BadAnswer

NAME = "tvdb"
# By their names for them. Ids of other kinds are left out.
SOURCES = {"imdb": "imdb", "themoviedb.com": "tmdb", "tv maze": "tvmaze", "wikidata": "wikidata"}
# Of what is shown on Viki, and where it is from: ISO 3166 in two letters and in three.
COUNTRIES = {
    "au": "aus", "cn": "chn", "gb": "gbr", "hk": "hkg", "id": "idn", "in": "ind", "jp": "jpn",
    "kr": "kor", "mx": "mex", "my": "mys", "ph": "phl", "sg": "sgp", "th": "tha", "tr": "tur",
    "tw": "twn", "us": "usa", "vn": "vnm",
}  # fmt: skip

T = TypeVar("T")


class TvdbSeries(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A show; `title` is in its own language, or in whichever it was written."""

    tvdb_id: int
    title: str
    year: int | None = None
    country: str | None = None  # "kor"
    language: str | None = None  # "kor"
    translations: dict[str, str] = field(default_factory=dict)  # titles by language
    aliases: tuple[str, ...] = ()
    ids: dict[str, str] = field(default_factory=dict)  # at others: "imdb", "tmdb"
    slug: str | None = None
    status: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Every title, the usual one first, none twice."""
        return tuple(dict.fromkeys((self.title, *self.translations.values(), *self.aliases)))


class TvdbTranslation(Struct, frozen=True, kw_only=True, omit_defaults=True):
    language: str
    name: str | None = None
    overview: str | None = None
    aliases: tuple[str, ...] = ()


class TvdbEpisode(Struct, frozen=True, kw_only=True, omit_defaults=True):
    tvdb_id: int
    season: int | None  # 0: specials
    number: int | None
    absolute: int | None = None
    name: str | None = None
    aired_on: date | None = None
    runtime_min: int | None = None


class _Name(Struct):
    name: str | None = None
    language: str | None = None
    aliases: "list[str | _Name] | None" = None


class _Translation(_Name):
    overview: str | None = None


class _Remote(Struct):
    id: str | int | None = None
    sourceName: str | None = None  # noqa: N815 - as it is named there


class _Names(Struct):
    nameTranslations: list[_Name] | None = None  # noqa: N815 - as above


class _Hit(Struct):
    """Of a search."""

    tvdb_id: str | int
    name: str | None = None
    aliases: list[str | _Name] | None = None
    translations: dict[str, str | None] | None = None
    year: str | int | None = None
    country: str | None = None
    primary_language: str | None = None
    remote_ids: list[_Remote] | None = None
    slug: str | None = None
    status: str | None = None


class _Status(Struct):
    name: str | None = None


class _Series(Struct):
    """Shown whole, or as the owner of an id at others."""

    id: int
    name: str | None = None
    slug: str | None = None
    aliases: list[str | _Name] | None = None
    year: str | int | None = None
    firstAired: str | None = None  # noqa: N815 - as above
    originalCountry: str | None = None  # noqa: N815 - as above
    originalLanguage: str | None = None  # noqa: N815 - as above
    remoteIds: list[_Remote] | None = None  # noqa: N815 - as above
    translations: _Names | None = None
    status: _Status | str | None = None


class _Found(Struct):
    series: _Series | None = None


class _Episode(Struct):
    id: int
    seasonNumber: int | None = None  # noqa: N815 - as above
    number: int | None = None
    absoluteNumber: int | None = None  # noqa: N815 - as above
    name: str | None = None
    aired: str | None = None
    runtime: float | None = None


class Links(Struct):
    next: str | None = None


class Answer(Struct):
    """What every answer is wrapped in."""

    data: Raw
    links: Links | None = None


class _Episodes(Struct):
    episodes: list[_Episode]


class _Login(Struct):
    token: str


def read(content: bytes | Raw, form: type[T], what: str) -> T:
    """Raises BadAnswer, which names the field that has another form than is known."""
    try:
        return msgspec.json.decode(content, type=form)
    except msgspec.ValidationError as error:
        message = f"{what} has an unknown form, and none of it was used: {error}"
        raise BadAnswer(NAME, message) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadAnswer(NAME, f"{what} answered something that is not JSON") from error


def token(data: Raw, what: str) -> str:
    return read(data, _Login, what).token


def hits(data: Raw, what: str) -> list[TvdbSeries]:
    return [_of_hit(hit, what) for hit in read(data, list[_Hit] | None, what) or ()]  # type: ignore[arg-type]


def found(data: Raw, what: str) -> list[TvdbSeries]:
    """Shows alone; the same id may be that of a film, an episode or a person too."""
    some = read(data, list[_Found] | None, what) or ()  # type: ignore[arg-type]
    return [_of_series(each.series) for each in some if each.series]


def series(data: Raw, what: str) -> TvdbSeries:
    return _of_series(read(data, _Series, what))


def translation(data: Raw, language: str, what: str) -> TvdbTranslation:
    told = read(data, _Translation, what)
    return TvdbTranslation(
        language=told.language or language,
        name=told.name or None,
        overview=told.overview or None,
        aliases=_named(told.aliases),
    )


def episodes(data: Raw, what: str) -> list[TvdbEpisode]:
    return [
        TvdbEpisode(
            tvdb_id=told.id,
            season=told.seasonNumber,
            number=told.number,
            absolute=told.absoluteNumber or None,
            name=told.name or None,
            aired_on=_day(told.aired),
            runtime_min=round(told.runtime) if told.runtime else None,
        )
        for told in read(data, _Episodes, what).episodes
    ]


def _of_hit(hit: _Hit, what: str) -> TvdbSeries:
    number = str(hit.tvdb_id).removeprefix("series-")
    if not (number.isascii() and number.isdigit()):
        raise BadAnswer(NAME, f"{what} has an unknown form: tvdb_id is {number[:40]!r}")
    titles = {language: title for language, title in (hit.translations or {}).items() if title}
    return TvdbSeries(
        tvdb_id=int(number),
        title=hit.name or next(iter(titles.values()), number),
        year=_year(hit.year),
        country=hit.country or None,
        language=hit.primary_language or None,
        translations=titles,
        aliases=_named(hit.aliases),
        ids=_ids(hit.remote_ids),
        slug=hit.slug or None,
        status=hit.status or None,
    )


def _of_series(told: _Series) -> TvdbSeries:
    names = (told.translations and told.translations.nameTranslations) or []
    titles = {each.language: each.name for each in names if each.language and each.name}
    others = (*_named(told.aliases), *(name for each in names for name in _named(each.aliases)))
    return TvdbSeries(
        tvdb_id=told.id,
        title=told.name or next(iter(titles.values()), str(told.id)),
        year=_year(told.year) or _year(told.firstAired),
        country=told.originalCountry or None,
        language=told.originalLanguage or None,
        translations=titles,
        aliases=tuple(dict.fromkeys(others)),
        ids=_ids(told.remoteIds),
        slug=told.slug or None,
        status=told.status.name if isinstance(told.status, _Status) else told.status,
    )


def _named(aliases: Iterable[str | _Name] | None) -> tuple[str, ...]:
    names = (each if isinstance(each, str) else each.name for each in aliases or ())
    return tuple(dict.fromkeys(filter(None, names)))


def _ids(remotes: Iterable[_Remote] | None) -> dict[str, str]:
    pairs = ((SOURCES.get((each.sourceName or "").lower()), each.id) for each in remotes or ())
    return {source: str(id_) for source, id_ in pairs if source and id_}


def _year(told: str | int | None) -> int | None:
    digits = str(told or "")[:4]
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) == 4 else None


def _day(told: str | None) -> date | None:
    try:
        return date.fromisoformat(told or "")
    except ValueError:
        return None
