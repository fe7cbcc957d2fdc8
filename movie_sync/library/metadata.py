"""What the world says of films, shows and people: TMDB's answers as facts of ours.

The one thing to know: nothing here decides which title a file is. `search` and `find` say what
there is; facts that are older than they should be say so in `late`.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, Literal

from msgspec.structs import replace

from movie_sync import titles
from movie_sync.errors import NotFound
from movie_sync.library.metadata_answers import Answer, Answers
from movie_sync.library_models import Facts, Kind, SeasonFacts, Suggestion
from movie_sync.services import tmdb_facts as facts
from movie_sync.services import tmdb_questions as questions
from movie_sync.services.tmdb_shapes import (
    CollectionDetails,
    Filmography,
    Hit,
    PersonDetails,
)

MOST_ASKED = 5  # suggestions whose other titles are asked for, where none has the name itself

Seasons = Collection[int] | Literal["all"]


class Metadata:
    """For any number of threads. Raises as `Answers.answer` does."""

    def __init__(self, answers: Answers) -> None:
        self.answers = answers

    def film(self, tmdb_id: int) -> Facts:
        """With cast, crew, ids and other titles."""
        told = self.answers.answer(questions.movie(tmdb_id))
        return _dated(facts.film(told.value), [told])

    def show(self, tmdb_id: int, seasons: Seasons = ()) -> Facts:
        """With cast and crew of all its seasons, and these seasons with their episodes; those
        that it has not are left out."""
        told = self.answers.answer(questions.show(tmdb_id))
        has = {season.season_number for season in told.value.seasons}
        found = self.answers.seasons(tmdb_id, has if seasons == "all" else [*map(int, seasons)])
        whole = facts.show(told.value, (one.value for one in found.values()))
        return _dated(whole, [told, *found.values()])

    def season(self, tmdb_id: int, number: int) -> SeasonFacts:
        """Of a show. Raises NotFound: it has no such season."""
        return facts.season(self.answers.answer(questions.season(tmdb_id, number)).value)

    def search(
        self, kind: Kind | None, title: str, year: int | None = None, *, other_titles: bool = True
    ) -> list[Suggestion]:
        """What TMDB has for a title, best first by its own lights.

        Those of the very year are asked for first; where none of them has that name, those of any
        year; where none of these has, the other titles of the first few, one call for each.

        Args:
            other_titles: whether these are worth it; a person who looks at a list needs none.
        """
        title = questions.cleaned(title)
        if not title:
            return []
        wanted = titles.keys(title)
        found = self._searched(kind, title, year)
        if year is not None and not any(_is_named(one, wanted) for one in found):
            known = {(one.kind, one.tmdb_id) for one in found}
            more = self._searched(kind, title, None)
            found += [one for one in more if (one.kind, one.tmdb_id) not in known]
        if not other_titles or any(_is_named(one, wanted) for one in found):
            return found
        return [self._with_titles(one) for one in found[:MOST_ASKED]] + found[MOST_ASKED:]

    def find(self, provider: str, id_: str, kind: Kind | None = None) -> tuple[Kind, int] | None:
        """The title that has this id at IMDb, TVDB or Wikidata; none where TMDB does not know
        it, or knows a film and a show of that id and no kind is named."""
        if provider not in questions.SOURCES or not questions.cleaned(id_):
            return None
        told = self.answers.answer(questions.find(provider, id_)).value
        of_kind = ((Kind.FILM, told.movie_results), (Kind.SHOW, told.tv_results))
        found = [(one, hit.id) for one, hits in of_kind for hit in hits if kind in (None, one)]
        return found[0] if len(found) == 1 else None

    def find_episode(self, provider: str, id_: str) -> tuple[int, int, int] | None:
        """The show's number at TMDB, season and episode that have this id at IMDb or TVDB."""
        if provider not in questions.SOURCES or not questions.cleaned(id_):
            return None
        told = self.answers.answer(questions.find(provider, id_)).value
        found = [
            (each.show_id, each.season_number, each.episode_number)
            for each in told.tv_episode_results
        ]
        match found:
            case [(int(show), int(season), int(number))]:
                return show, season, number
        return None

    def person(self, tmdb_id: int) -> PersonDetails:
        return self.answers.answer(questions.person(tmdb_id)).value

    def filmography(self, tmdb_id: int) -> Filmography:
        """What a person did; one title may stand there several times."""
        return self.answers.answer(questions.filmography(tmdb_id)).value

    def collection(self, tmdb_id: int) -> CollectionDetails:
        """With its films."""
        return self.answers.answer(questions.collection(tmdb_id)).value

    def trending(self, kind: Kind) -> list[Suggestion]:
        """Of this week."""
        films = kind is Kind.FILM
        asked = questions.trending_movies() if films else questions.trending_shows()
        return _suggestions(self.answers.answer(asked).value.results, kind)

    def tidy(self, now: datetime) -> int:
        """Forget what expired long ago; says how many answers. For once a day or so."""
        return self.answers.tidy(now)

    def _searched(self, kind: Kind | None, title: str, year: int | None) -> list[Suggestion]:
        match kind:
            case Kind.FILM:
                asked = questions.search_movies(title, year)
            case Kind.SHOW:
                asked = questions.search_shows(title, year)
            case _:
                asked = questions.search_all(title)
        found = _suggestions(self.answers.answer(asked).value.results, kind)
        return found if kind or year is None else [one for one in found if one.year == year]

    def _with_titles(self, one: Suggestion) -> Suggestion:
        """With the titles by which it goes elsewhere."""
        try:
            film = one.kind is Kind.FILM
            told = self.film(one.tmdb_id) if film else self.show(one.tmdb_id)
        except NotFound:  # since the search
            return one
        return replace(one, other_titles=told.other_titles)


def _is_named(one: Suggestion, wanted: Collection[str]) -> bool:
    return any(not set(titles.keys(title)).isdisjoint(wanted) for title in one.titles)


def _suggestions(hits: Iterable[Hit], kind: Kind | None) -> list[Suggestion]:
    """Persons are left out."""
    kinds = {"movie": Kind.FILM, "tv": Kind.SHOW}
    found = (
        facts.suggestion(hit, of)
        for hit in hits
        if (of := kind or kinds.get(hit.media_type or "")) is not None
    )
    return [one for one in found if one is not None]


def _dated(told: Facts, answers: Collection[Answer[Any]]) -> Facts:
    late = next((one.late for one in answers if one.late), None)
    return replace(told, told_at=min(one.told_at for one in answers), late=late)
