"""Who can be asked what a container is, and their answers as candidates.

Protocols in place of the services themselves, for these are chosen in the wiring; each may be
missing. The one thing to know: a search of Trakt finds by aliases without saying which, so what it
found is like nothing until its details are known.
"""

from collections.abc import Sequence
from typing import Literal, Protocol

from msgspec import Struct, structs

from movie_sync.history.match_models import Candidate, candidate_of, season_of
from movie_sync.library_models import Facts, Kind, SeasonFacts, Suggestion
from movie_sync.services.tvdb_shapes import COUNTRIES, TvdbSeries
from movie_sync.trakt_models import Hit, OtherTitle

BY_ID = ("trakt", "tmdb", "imdb", "tvdb")


class TraktTitles(Protocol):
    """`services.trakt.Trakt`, without a login."""

    def search(
        self, kind: Kind, query: str, *, exact: bool = False, countries: Sequence[str] = ()
    ) -> list[Hit]: ...

    def by_id(self, provider: str, id: str, kind: Kind) -> list[Hit]: ...

    def work(self, kind: Kind, trakt_id: str) -> Facts: ...

    def seasons(self, trakt_id: str) -> tuple[SeasonFacts, ...]: ...

    def aliases(self, kind: Kind, trakt_id: str) -> tuple[OtherTitle, ...]: ...


class World(Protocol):
    """`library.metadata.Metadata`: TMDB."""

    def search(
        self, kind: Kind | None, title: str, year: int | None = None, *, other_titles: bool = True
    ) -> list[Suggestion]: ...

    def film(self, tmdb_id: int) -> Facts: ...

    def show(self, tmdb_id: int, seasons: Literal["all"]) -> Facts: ...

    def find(
        self, provider: str, id_: str, kind: Kind | None = None
    ) -> tuple[Kind, int] | None: ...


class TvdbShows(Protocol):
    """`services.tvdb.Tvdb`."""

    def search(self, query: str, *, country: str | None = None) -> list[TvdbSeries]: ...


class Drama(Protocol):
    """`services.kuryana.Drama`."""

    @property
    def slug(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def year(self) -> int | None: ...
    @property
    def native_title(self) -> str | None: ...
    @property
    def other_titles(self) -> tuple[str, ...]: ...
    @property
    def country(self) -> str | None: ...
    @property
    def episodes(self) -> int | None: ...


class Dramas(Protocol):
    """`services.kuryana.Kuryana`."""

    def search(self, query: str) -> Sequence[Drama]: ...

    def drama(self, slug: str) -> Drama: ...


class Sources(Struct, frozen=True, kw_only=True):
    """Who is asked."""

    trakt: TraktTitles | None = None
    tmdb: World | None = None
    tvdb: TvdbShows | None = None
    dramas: Dramas | None = None


def of_hit(hit: Hit) -> Candidate:
    return Candidate(kind=hit.kind, title=hit.title, ids=hit.ids, year=hit.year)


def of_suggestion(one: Suggestion) -> Candidate:
    return Candidate(
        kind=one.kind,
        title=one.title,
        ids={"tmdb": str(one.tmdb_id)},
        year=one.year,
        original_title=one.original_title,
        others=one.other_titles,
        language=one.original_language,
    )


def of_tvdb(one: TvdbSeries) -> Candidate:
    countries = {letters: code for code, letters in COUNTRIES.items()}
    ids = {provider: id_ for provider, id_ in one.ids.items() if provider in BY_ID}
    return Candidate(
        kind=Kind.SHOW,
        title=one.translations.get("eng", one.title),
        ids={"tvdb": str(one.tvdb_id), **ids},
        year=one.year,
        original_title=one.title,
        others=one.names,
        countries=tuple(filter(None, [countries.get(one.country or "")])),
    )


def of_trakt(trakt: TraktTitles, kind: Kind, trakt_id: str) -> Candidate:
    facts = trakt.work(kind, trakt_id)
    others = [one.title for one in trakt.aliases(kind, trakt_id)]
    seasons = [season_of(one) for one in trakt.seasons(trakt_id)] if kind is Kind.SHOW else []
    return candidate_of(facts, seasons, others)


def with_details(found: Candidate, told: Candidate) -> Candidate:
    """What is told in detail, under all ids."""
    return structs.replace(
        told,
        ids={**found.ids, **told.ids},
        others=tuple(dict.fromkeys((*told.others, found.title, *found.others))),
    )
