"""What Trakt and TMDB have that a container may be, and what TheTVDB and MyDramaList add to it.

Any of the four may be missing, as long as Trakt or TMDB is there. The one thing to know: when one
of these two fails the error goes on to the caller, for what was not asked is not unknown; the two
others only help, and where they fail the answer says so.
"""

from collections.abc import Callable
from typing import TypeVar

from msgspec import Struct, structs

from movie_sync.errors import ConfigError, NotFound, ServiceError
from movie_sync.history.alike import known
from movie_sync.history.catalogues import (
    BY_ID,
    Drama,
    Dramas,
    Sources,
    TraktTitles,
    TvdbShows,
    of_hit,
    of_suggestion,
    of_trakt,
    of_tvdb,
    with_details,
)
from movie_sync.history.evidence import weigh
from movie_sync.history.match_models import (
    Candidate,
    Evidence,
    State,
    Verdict,
    Viewed,
    YearHint,
    candidate_of,
    season_of,
)
from movie_sync.history.matching import Standing, judge, merged, moved
from movie_sync.history.names import Name, name
from movie_sync.history.season_splits import season_of_title
from movie_sync.library_models import Kind
from movie_sync.services.tvdb_shapes import COUNTRIES

MOST, MOST_DETAILED, MOST_QUERIES, MOST_BROAD = 30, 5, 8, 3
IN_WORDS = {
    "kr": "south korea", "cn": "china", "jp": "japan", "tw": "taiwan", "th": "thailand",
    "hk": "hong kong", "ph": "philippines", "vn": "vietnam", "sg": "singapore",
}  # fmt: skip

T = TypeVar("T")


class Asked(Struct, frozen=True):
    """What a container is, and what could not be asked on the way, as sentences."""

    verdict: Verdict
    viewed: Viewed  # with what was learnt of it
    problems: tuple[str, ...] = ()


def decide(viewed: Viewed, sources: Sources, standing: Standing | None = None) -> Asked:
    """Ask, and judge.

    Raises:
        ConfigError: neither Trakt nor TMDB is there to be asked.
        ServiceError: Trakt or TMDB failed; nothing is known of the container, and it is no miss.
    """
    if sources.trakt is None and sources.tmdb is None:
        raise ConfigError("neither Trakt nor TMDB is set up, so nothing can be matched")
    search = _Search(viewed, sources)
    search.learn()
    search.collect()
    refused, cleared = (standing.refused, standing.cleared) if standing else ((), False)
    candidates = search.detailed()
    verdict = judge(search.viewed, candidates, refused=refused, cleared=cleared)
    if verdict.state is not State.NONE and sources.trakt:
        best = verdict.choices[0].candidate
        counted = search.as_trakt_counts(best)
        if counted != best:
            rest = [one for one in candidates if not one.is_same(best)]
            judged = [counted, *rest]
            verdict = judge(search.viewed, judged, refused=refused, cleared=cleared)
    return Asked(verdict, search.viewed, tuple(search.problems))


def still_there(trakt: TraktTitles, kind: Kind, standing: Standing) -> Standing:
    """With the ids that Trakt has for the work now: it merges works, and deletes one of the ids.

    Raises NotFound: it has the work under none of them any more; who matched it stays known.
    """
    if trakt_id := standing.ids.get("trakt"):
        try:
            return moved(standing, dict(trakt.work(kind, trakt_id).ids))
        except NotFound:
            pass
    for provider in BY_ID[1:]:
        if provider in standing.ids:
            hits = trakt.by_id(provider, standing.ids[provider], kind)
            if len(hits) == 1:
                return moved(standing, hits[0].ids)
    raise NotFound("trakt", "has the work under none of its ids any more; its match is kept")


class _Search:
    """One container's."""

    def __init__(self, viewed: Viewed, sources: Sources) -> None:
        self.viewed, self.sources = viewed, sources
        self.problems: list[str] = []
        self._found: list[Candidate] = []
        self._by_id: list[Candidate] = []  # of an id that was told of the container
        self._by_name: set[str] = set()  # ids at Trakt of what bears one of its names

    def learn(self) -> None:
        """What MyDramaList calls the work besides; nothing where it is not sure which that is."""
        dramas = self.sources.dramas
        if dramas is None:
            return
        told = self._helped(lambda: self._drama(dramas))
        if told is not None:
            viewed = self.viewed
            names = dict.fromkeys((*viewed.also, told.title, *told.other_titles))
            self.viewed = structs.replace(
                viewed,
                also=tuple(names),
                year=YearHint(told.year, at_most=False) if told.year else viewed.year,
                planned_episodes=viewed.planned_episodes or told.episodes,
            )

    def collect(self) -> None:
        """All that may be it, without details."""
        trakt, tmdb, tvdb = self.sources.trakt, self.sources.tmdb, self.sources.tvdb
        for provider in BY_ID:
            if id_ := self.viewed.ids.get(provider):
                self._by_id += self._of_id(provider, id_)
        queries = queries_of(self.viewed)
        for at, query in enumerate(queries):
            if trakt:
                self._ask_trakt(trakt, query, broad=at < MOST_BROAD)
            if tmdb and at < MOST_BROAD:
                some = tmdb.search(self.viewed.kind, query, other_titles=False)
                self._found += [of_suggestion(one) for one in some]
        if tvdb and queries and self.viewed.kind is Kind.SHOW:
            self._helped(lambda: self._ask_tvdb(tvdb, queries[0]))

    def detailed(self) -> list[Candidate]:
        """The likest with all that is known of them; the others as they were found."""
        found = merged((*self._by_id, *self._found))[:MOST]
        mine, told = known(self.viewed), merged(self._by_id)

        def place(one: Candidate) -> tuple[bool, bool, float]:
            of_id = any(one.is_same(each) for each in told)
            return not of_id, one.ids.get("trakt") not in self._by_name, -_rough(weigh(mine, one))

        ranked = sorted(found, key=place)
        detailed = [self._details(one) for one in ranked[:MOST_DETAILED]]
        return [*filter(None, detailed), *ranked[MOST_DETAILED:]]

    def as_trakt_counts(self, candidate: Candidate) -> Candidate:
        """With Trakt's own seasons, as it is told of episodes by these."""
        trakt, id_ = self.sources.trakt, candidate.ids.get("trakt")
        if trakt is None or id_ is None or candidate.kind is Kind.FILM:
            return candidate
        seasons = tuple(season_of(one) for one in trakt.seasons(id_))
        return structs.replace(candidate, seasons=seasons) if seasons else candidate

    def _of_id(self, provider: str, id_: str) -> list[Candidate]:
        kind = self.viewed.kind
        if self.sources.trakt:
            return [of_hit(one) for one in self.sources.trakt.by_id(provider, id_, kind)]
        if provider == "tmdb":
            return [Candidate(kind=kind, title=self.viewed.title, ids={"tmdb": id_})]
        found = self.sources.tmdb.find(provider, id_, kind) if self.sources.tmdb else None
        ids = {provider: id_, "tmdb": str(found[1])} if found else {}
        return [Candidate(kind=kind, title=self.viewed.title, ids=ids)] if ids else []

    def _ask_trakt(self, trakt: TraktTitles, query: str, *, broad: bool) -> None:
        """By whole titles and aliases first; a search by words helps where these are not known."""
        kind, country = self.viewed.kind, self.viewed.country
        hits = trakt.search(kind, query, exact=True)
        self._by_name |= {one.ids.get("trakt", "") for one in hits}
        if broad:
            hits = [*hits, *trakt.search(kind, query, countries=(country,) if country else ())]
        # It found them by that name, which is one of theirs only where their details say so.
        self._found += [of_hit(one) for one in hits]

    def _ask_tvdb(self, tvdb: TvdbShows, query: str) -> None:
        country = COUNTRIES.get(self.viewed.country or "")
        self._found += [of_tvdb(one) for one in tvdb.search(query, country=country)]

    def _drama(self, dramas: Dramas) -> Drama | None:
        """The one of its very title in its own script, and its country."""
        own = {one.exact for one in map(name, self.viewed.own_titles) if one}
        title = name(self.viewed.title)
        hits = [one for one in dramas.search(self.viewed.title) if _is(one.title, title)]
        told = [dramas.drama(one.slug) for one in hits[:MOST_BROAD]]
        country = IN_WORDS.get(self.viewed.country or "")
        same = [
            one
            for one in told
            if (native := name(one.native_title or "")) and native.exact in own
            if country is None or (one.country or "").lower() in ("", country)
        ]
        return same[0] if len(same) == 1 else None

    def _details(self, one: Candidate) -> Candidate | None:
        """From TMDB, which tells all at once, else from Trakt. None: it is there no more."""
        trakt, tmdb = self.sources.trakt, self.sources.tmdb
        try:
            if tmdb and (id_ := one.ids.get("tmdb")):
                films = one.kind is Kind.FILM
                facts = tmdb.film(int(id_)) if films else tmdb.show(int(id_), "all")
                return with_details(one, candidate_of(facts))
            if trakt and (id_ := one.ids.get("trakt")):
                return with_details(one, of_trakt(trakt, one.kind, id_))
        except NotFound:
            return None
        return one

    def _helped(self, ask: Callable[[], T]) -> T | None:
        """From one who only helps."""
        try:
            return ask()
        except ServiceError as error:
            self.problems.append(str(error))
            return None


def queries_of(viewed: Viewed) -> tuple[str, ...]:
    """What to search for, the likeliest first: its title, its own title, what a show would be
    called of which it is a season, and what else it is called."""
    _, bases = season_of_title(viewed)
    told = (viewed.title, *viewed.own_titles, *bases, *viewed.phonetic, *viewed.also)
    once = {one.exact: one.text for one in reversed([*filter(None, map(name, told))])}
    return tuple(reversed(once.values()))[:MOST_QUERIES]


def _rough(evidence: Evidence | None) -> float:
    return evidence.score if evidence else 0.0


def _is(title: str, wanted: Name | None) -> bool:
    told = name(title)
    return told is not None and wanted is not None and told.exact == wanted.exact
