"""Which title a show of Viki's is, said by a person: the answer that stands above all others."""

from collections.abc import Callable
from datetime import datetime

from movie_sync.history import matching
from movie_sync.history.adopting import Adopting
from movie_sync.history.candidates import decide
from movie_sync.history.catalogues import Sources
from movie_sync.history.match_models import Candidate, Choice, Mapping, Stretch, Verdict
from movie_sync.history.match_pass import viewed
from movie_sync.history.season_splits import season_of_title
from movie_sync.history.viki_rows import ContainerRow
from movie_sync.library.rows import Conflict
from movie_sync.library_models import Facts, Kind


class MatchDesk:
    """What a person may say of a match.

    Args:
        sources: who can be asked, now; with nobody, ids are taken as they are told.
    """

    def __init__(self, adopting: Adopting, sources: Callable[[], Sources]) -> None:
        self._adopting, self._store, self._sources = adopting, adopting.store, sources

    def choose(
        self,
        container_id: str,
        kind: Kind,
        ids: dict[str, str],
        now: datetime,
        *,
        mapping: Mapping | None = None,
        season: int | None = None,
        offset: int = 0,
    ) -> int | Conflict | None:
        """It is the film or show of these ids. Gives its title; a Conflict where the ids name two;
        None where there is no such container.

        Args:
            mapping: where its episodes stand; else `season` and `offset` say that. With neither,
                what was proposed for these ids, or the season that its title names, or the first.

        Raises:
            NotFound: Trakt or TMDB has no such work; nothing was changed.
            ServiceError: they could not be asked; nothing was changed.
        """
        row = self._store.container(container_id)
        if row is None:
            return None
        facts = _looked_up(self._sources(), kind, ids, row)
        if mapping is None:
            mapping = self._mapping(row, facts, season, offset)
        said = f"a person said that it is {facts.title}"
        standing = matching.chosen(dict(facts.ids), mapping, said)
        return self._adopting.settle(container_id, standing, facts, now, by_hand=True)

    def accept(self, container_id: str, key: str, now: datetime) -> int | Conflict | None:
        """It is this one of what was proposed, by the key of its candidate. None where that was
        not. Raises as `choose` does."""
        proposed = self.choices(container_id)
        choice = next((one for one in proposed if one.candidate.key == key), None)
        if choice is None:
            return None
        one = choice.candidate
        return self.choose(container_id, one.kind, one.ids, now, mapping=choice.mapping)

    def choices(self, container_id: str) -> tuple[Choice, ...]:
        """What it was last said to be like, the likest first."""
        told = self._store.matches(container_id)
        return next((row.choices for row in told if row.choices), ())

    def clear(self, container_id: str, now: datetime) -> bool:
        """It is not what it is taken for. That is not proposed again, and nothing is taken by
        itself. False where there is no such container, or no answer yet."""
        row = self._store.container(container_id)
        if row is None or row.standing is None:
            return False
        kind, ids = row.kind or row.container.kind or Kind.SHOW, row.standing.ids
        key = Candidate(kind=kind, title=row.title or "", ids=ids).key if ids else None
        self._adopting.leave(container_id, matching.taken_away(row.standing, key), now)
        return True

    def try_out(self, container_id: str) -> Verdict | None:
        """What it would be taken for now; nothing is stored. None where there is no such film or
        show.

        Raises:
            ConfigError: nobody can be asked.
            ServiceError: they did not answer.
        """
        row = self._store.container(container_id)
        shown = viewed(self._store, row) if row else None
        if row is None or shown is None:
            return None
        return decide(shown, self._sources(), row.standing).verdict

    def _mapping(self, row: ContainerRow, facts: Facts, season: int | None, offset: int) -> Mapping:
        if facts.kind is Kind.FILM:
            return Mapping()
        if season is None and not offset:
            for one in self.choices(row.container.id):
                same = one.candidate.kind is facts.kind
                if same and one.candidate.ids.items() & facts.ids.items():
                    return one.mapping
        shown = viewed(self._store, row)
        named = season_of_title(shown)[0] if shown else None
        number = season if season is not None else named or 1
        return Mapping((Stretch(season=number, offset=offset),))


def _looked_up(sources: Sources, kind: Kind, ids: dict[str, str], row: ContainerRow) -> Facts:
    """As Trakt or TMDB knows the work, with all of its ids; else as it was told."""
    found: Facts | None = None
    if sources.trakt and "trakt" in ids:
        found = sources.trakt.work(kind, ids["trakt"])
    elif sources.tmdb and (tmdb_id := _tmdb_id(sources, kind, ids)):
        films = kind is Kind.FILM
        found = sources.tmdb.film(tmdb_id) if films else sources.tmdb.show(tmdb_id, "all")
    if found is None:
        return Facts(kind=kind, title=row.container.title, ids=ids)
    return Facts(kind=kind, title=found.title, year=found.year, ids={**found.ids, **ids})


def _tmdb_id(sources: Sources, kind: Kind, ids: dict[str, str]) -> int | None:
    if ids.get("tmdb", "").isdecimal():
        return int(ids["tmdb"])
    assert sources.tmdb
    asked = (sources.tmdb.find(one, ids[one], kind) for one in ("imdb", "tvdb") if one in ids)
    return next((found[1] for found in asked if found), None)
