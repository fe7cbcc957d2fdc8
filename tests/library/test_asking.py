import pytest

from movie_sync.errors import NotFound, Unavailable
from movie_sync.library import asking
from movie_sync.library.catalogue import Answers, Shelf
from movie_sync.library.verdicts import Known, Reason, Sure, Unsure
from movie_sync.library_models import (
    EpisodeFacts,
    Facts,
    Kind,
    SeasonFacts,
    Suggestion,
    Teller,
    Told,
)


class Tmdb:
    """Answers from memory, and counts what it is asked."""

    def __init__(self, *films: Facts, shows: tuple[Facts, ...] = (), down: bool = False) -> None:
        self.titles = [*films, *shows]
        self.asked: list[tuple[object, ...]] = []
        self.down = down

    def film(self, tmdb_id):
        return self._of(Kind.FILM, tmdb_id)

    def show(self, tmdb_id, seasons=()):
        return self._of(Kind.SHOW, tmdb_id)

    def search(self, kind, title, year=None):
        self._count("search", kind, title, year)
        return [
            Suggestion(kind=one.kind, tmdb_id=int(one.ids["tmdb"]), title=one.title, year=one.year,
                       original_title=one.original_title, votes=one.votes or 0)
            for one in self.titles
            if one.kind is kind and title.split()[0] in one.title and year in (None, one.year)
        ]  # fmt: skip

    def find(self, provider, id_, kind=None):
        self._count("find", provider, id_)
        found = [one for one in self.titles if one.ids.get(provider) == id_]
        return (found[0].kind, int(found[0].ids["tmdb"])) if found else None

    def _of(self, kind, tmdb_id):
        self._count("facts", kind, tmdb_id)
        for one in self.titles:
            if one.kind is kind and one.ids["tmdb"] == str(tmdb_id):
                return one
        raise NotFound("tmdb", "there is no such title")

    def _count(self, *question):
        if self.down:
            raise Unavailable("tmdb", "no answer in 15 s")
        self.asked.append(question)


HEAT = Facts(kind=Kind.FILM, title="Heat", year=1995, ids={"tmdb": "949", "imdb": "tt0113277"})
OLD_HEAT = Facts(kind=Kind.FILM, title="Heat", year=1986, ids={"tmdb": "950"})
WIRE = Facts(
    kind=Kind.SHOW,
    title="The Wire",
    year=2002,
    ids={"tmdb": "1438", "tvdb": "79126"},
    seasons=(SeasonFacts(number=1, episodes=(EpisodeFacts(number=1, name="The Target"),)),),
)


def file(title="Heat", year: int | None = 1995, **changes) -> Told:
    return Told(by=Teller.FILE, kind=Kind.FILM, titles=(title,), year=year, **changes)


def identify(told: Told, tmdb: Tmdb, answers: Answers | None = None):
    return asking.identify([told], Shelf(), tmdb, answers or Answers())


def test_a_film_is_found_by_one_question():
    tmdb = Tmdb(HEAT, OLD_HEAT)
    said = identify(file(), tmdb)
    assert isinstance(said, Sure)
    assert said.known.ids == {"tmdb": "949"}
    assert tmdb.asked == [("search", Kind.FILM, "Heat", 1995)]


def test_the_same_is_not_asked_twice_in_a_pass():
    tmdb, answers = Tmdb(HEAT), Answers()
    for _ in range(3):
        identify(file(), tmdb, answers)
    assert len(tmdb.asked) == 1


def test_a_bare_title_with_a_namesake_is_left_to_a_person():
    said = identify(file(year=None), Tmdb(HEAT, OLD_HEAT))
    assert isinstance(said, Unsure)
    assert said.reason is Reason.NAMESAKES
    assert {guess.known.ids["tmdb"] for guess in said.guesses} == {"949", "950"}


def test_an_id_of_imdb_is_looked_up():
    said = identify(file("Hitze", None, ids={"imdb": "tt0113277"}), Tmdb(HEAT))
    assert isinstance(said, Sure)
    assert said.known.title == "Heat"


def test_an_id_that_is_not_there_leaves_the_names():
    said = identify(file(ids={"tmdb": "1"}), Tmdb(HEAT))
    assert isinstance(said, Sure)
    assert said.match.by == "name"


def test_the_episode_of_a_show_is_found_by_its_own_title():
    told = Told(by=Teller.FILE, kind=Kind.SHOW, titles=("The Wire",), episode_title="The Target")
    said = identify(told, Tmdb(shows=(WIRE,)))
    assert isinstance(said, Sure)
    assert (said.season, said.episodes) == (1, (1,))


def test_an_outage_is_no_answer():
    with pytest.raises(Unavailable):
        identify(file(), Tmdb(HEAT, down=True))


def test_a_title_that_we_have_by_its_name_gets_its_ids_and_stays_ours():
    own = Known(kind=Kind.FILM, title="Heat", year=1995, title_id=7)
    found = asking.confirm(own, Tmdb(HEAT, OLD_HEAT), Answers())
    assert found
    assert (found.title_id, found.ids) == (7, {"tmdb": "949"})


def test_a_title_that_may_be_two_stays_as_it_is():
    own = Known(kind=Kind.FILM, title="Heat", title_id=7)
    assert asking.confirm(own, Tmdb(HEAT, OLD_HEAT), Answers()) is None
