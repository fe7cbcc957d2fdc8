import pytest
from msgspec import Struct

from movie_sync.errors import ConfigError, NotFound, Unavailable
from movie_sync.history.candidates import decide, queries_of, still_there
from movie_sync.history.catalogues import Sources
from movie_sync.history.match_models import Mapping, State, Stretch, Viewed, YearHint
from movie_sync.history.matching import Standing, chosen, taken_away
from movie_sync.history.viewing import viewed_of
from movie_sync.library_models import EpisodeFacts, Facts, Kind, SeasonFacts, Suggestion
from movie_sync.services.kuryana import Drama
from movie_sync.services.tvdb_shapes import TvdbSeries
from movie_sync.services.viki_shapes import Container, Video
from movie_sync.trakt_models import Hit, OtherTitle
from tests.history.things_to_match import viewed

DOWN = Unavailable("tmdb", "no answer in 15 s")


class Work(Struct, kw_only=True):
    """What a catalogue has."""

    trakt: str
    title: str
    own: str | None = None
    year: int = 2018
    country: str = "KR"
    aliases: tuple[str, ...] = ()
    episodes: tuple[int, ...] = (16,)
    tmdb: str | None = None
    kind: Kind = Kind.SHOW

    @property
    def ids(self) -> dict[str, str]:
        return {"trakt": self.trakt} | ({"tmdb": self.tmdb} if self.tmdb else {})

    def facts(self) -> Facts:
        return Facts(kind=self.kind, title=self.title, year=self.year, ids=self.ids,
                     original_title=self.own, countries=(self.country,))  # fmt: skip

    def seasons(self) -> tuple[SeasonFacts, ...]:
        return tuple(
            SeasonFacts(
                number=at, episodes=tuple(EpisodeFacts(number=n) for n in range(1, many + 1))
            )
            for at, many in enumerate(self.episodes, 1)
        )


class FakeTrakt:
    def __init__(self, *works: Work) -> None:
        self.works, self.asked = works, []

    def search(self, kind, query, *, exact=False, countries=()):
        self.asked.append((query, exact, countries))
        wanted = query.casefold()
        found = [
            one
            for one in self.works
            if one.kind is kind
            for names in [[one.title, one.own or "", *one.aliases]]
            if (any(name.casefold() == wanted for name in names) if exact
                else any(set(wanted.split()) & set(name.casefold().split()) for name in names))
        ]  # fmt: skip
        return [Hit(kind=kind, title=one.title, year=one.year, ids=one.ids) for one in found]

    def by_id(self, provider, id, kind):
        found = [one for one in self.works if one.ids.get(provider) == id and one.kind is kind]
        return [Hit(kind=kind, title=one.title, ids=one.ids) for one in found]

    def work(self, kind, trakt_id):
        return self._one(trakt_id).facts()

    def seasons(self, trakt_id):
        return self._one(trakt_id).seasons()

    def aliases(self, kind, trakt_id):
        return tuple(OtherTitle(title) for title in self._one(trakt_id).aliases)

    def _one(self, trakt_id):
        for one in self.works:
            if one.trakt == trakt_id:
                return one
        raise NotFound("trakt", f"there is no {trakt_id}")


class FakeTmdb:
    def __init__(self, *works: Work, fails=None) -> None:
        self.works, self.fails = works, fails

    def search(self, kind, title, year=None, *, other_titles=True):
        if self.fails:
            raise self.fails
        return [
            Suggestion(kind=one.kind, tmdb_id=int(one.tmdb), title=one.title, year=one.year)
            for one in self.works
            if title in (one.title, one.own, *one.aliases)
        ]

    def film(self, tmdb_id):
        return self.show(tmdb_id, "all")

    def show(self, tmdb_id, seasons):
        one = next(one for one in self.works if one.tmdb == str(tmdb_id))
        return Facts(kind=one.kind, title=one.title, year=one.year, ids={"tmdb": one.tmdb},
                     original_title=one.own, other_titles=one.aliases, countries=(one.country,),
                     seasons=one.seasons())  # fmt: skip

    def find(self, provider, id_, kind=None):
        return None


class FakeTvdb:
    def __init__(self, *shows, fails=None) -> None:
        self.shows, self.fails = shows, fails

    def search(self, query, *, country=None):
        if self.fails:
            raise self.fails
        return list(self.shows)


class FakeDramas:
    def __init__(self, *dramas: Drama, fails=None) -> None:
        self.dramas, self.fails = dramas, fails

    def search(self, query):
        if self.fails:
            raise self.fails
        return [Drama(slug=one.slug, title=one.title) for one in self.dramas]

    def drama(self, slug):
        return next(one for one in self.dramas if one.slug == slug)


MISTER = Work(trakt="1", title="My Mister", own="나의 아저씨", tmdb="70")


def test_trakt_alone_is_enough():
    asked = decide(viewed(), Sources(trakt=FakeTrakt(MISTER)))
    assert asked.verdict.state is State.AUTO
    assert asked.verdict.candidate
    assert asked.verdict.candidate.ids == {"trakt": "1", "tmdb": "70"}


def test_tmdb_alone_is_enough():
    asked = decide(viewed(), Sources(tmdb=FakeTmdb(MISTER)))
    assert asked.verdict.state is State.AUTO


def test_without_both_a_person_is_told_what_to_set_up():
    with pytest.raises(ConfigError, match="neither Trakt nor TMDB is set up"):
        decide(viewed(), Sources(tvdb=FakeTvdb()))


def test_an_outage_is_no_miss():
    with pytest.raises(Unavailable):
        decide(viewed(), Sources(trakt=FakeTrakt(MISTER), tmdb=FakeTmdb(fails=DOWN)))


def test_what_only_helps_may_fail():
    down = Unavailable("tvdb", "no answer")
    sources = Sources(trakt=FakeTrakt(MISTER), tvdb=FakeTvdb(fails=down),
                      dramas=FakeDramas(fails=down))  # fmt: skip
    asked = decide(viewed(), sources)
    assert asked.verdict.state is State.AUTO
    assert asked.problems == ("tvdb: no answer", "tvdb: no answer")


def test_the_first_result_is_not_taken_for_being_first():
    first = Work(trakt="9", title="My Mister Special")
    asked = decide(viewed("My Mister", None), Sources(trakt=FakeTrakt(first, MISTER)))
    assert asked.verdict.candidate
    assert asked.verdict.candidate.ids["trakt"] == "1"


def test_it_is_searched_by_each_of_its_names_and_by_that_of_the_show():
    seen = viewed("Dr. Romantic 2", "낭만닥터 김사부 2", also=("Teacher Kim",))
    assert queries_of(seen) == (
        "Dr. Romantic 2", "낭만닥터 김사부 2", "Dr. Romantic", "낭만닥터 김사부", "Teacher Kim",
    )  # fmt: skip


def test_whole_titles_are_asked_before_words_and_in_its_country():
    trakt = FakeTrakt(MISTER)
    decide(viewed(own=None), Sources(trakt=trakt))
    assert trakt.asked == [("My Mister", True, ()), ("My Mister", False, ("kr",))]


def test_an_alias_is_found_among_many_that_share_a_word():
    some = [Work(trakt=str(at), title=f"Youth {at}", aliases=()) for at in range(10, 20)]
    right = Work(trakt="2", title="Hello, My Twenties!", aliases=("Age of Youth",))
    asked = decide(viewed("Age of Youth", None), Sources(trakt=FakeTrakt(*some, right)))
    assert asked.verdict.candidate
    assert asked.verdict.candidate.title == "Hello, My Twenties!"


def test_episodes_are_counted_as_trakt_counts_them():
    at_trakt = Work(trakt="1", title="My Mister", own="나의 아저씨", tmdb="70", episodes=(8, 8))
    asked = decide(viewed(), Sources(trakt=FakeTrakt(at_trakt), tmdb=FakeTmdb(MISTER)))
    assert [one.season for one in asked.verdict.mapping.stretches] == [1, 2]


def test_tvdb_names_a_show_by_its_plain_aliases():
    told = TvdbSeries(tvdb_id=5, title="나의 아저씨", year=2018, country="kor",
                      aliases=("My Ajusshi",), ids={"tmdb": "70"})  # fmt: skip
    sources = Sources(tmdb=FakeTmdb(MISTER), tvdb=FakeTvdb(told))
    asked = decide(viewed("My Ajusshi", None), sources)
    assert asked.verdict.candidate
    assert asked.verdict.candidate.ids == {"tmdb": "70", "tvdb": "5"}


def test_mydramalist_tells_other_names_and_the_year():
    told = Drama(slug="1-x", title="My Mister", native_title="나의 아저씨", year=2018,
                 other_titles=("My Ajusshi",), country="South Korea")  # fmt: skip
    asked = decide(viewed(), Sources(trakt=FakeTrakt(MISTER), dramas=FakeDramas(told)))
    assert asked.viewed.also == ("My Mister", "My Ajusshi")
    assert asked.viewed.year == YearHint(2018, at_most=False)


def test_mydramalist_tells_nothing_of_a_namesake():
    other = Drama(slug="1-x", title="My Mister", native_title="다른 사람", year=1999)
    asked = decide(viewed(), Sources(trakt=FakeTrakt(MISTER), dramas=FakeDramas(other)))
    assert asked.viewed == viewed()


def test_an_id_that_was_told_is_asked_for():
    other = Work(trakt="3", title="Something Else", tmdb="99")
    seen = viewed("Unlike Anything", None, ids={"tmdb": "99"})
    asked = decide(seen, Sources(trakt=FakeTrakt(MISTER, other)))
    assert (asked.verdict.state, asked.verdict.confidence) == (State.AUTO, 0.99)


def test_a_film_is_searched_among_films():
    film = Work(trakt="7", title="My Mister", own="나의 아저씨", kind=Kind.FILM, episodes=())
    seen = viewed(kind=Kind.FILM, planned_episodes=None)
    asked = decide(seen, Sources(trakt=FakeTrakt(MISTER, film)))
    assert asked.verdict.candidate
    assert asked.verdict.candidate.ids == {"trakt": "7"}
    assert asked.verdict.mapping == Mapping()


def test_what_a_person_cleared_is_asked_of_them():
    standing = taken_away(Standing(state=State.AUTO, ids={"trakt": "9"}), "trakt:9")
    asked = decide(viewed(), Sources(trakt=FakeTrakt(MISTER)), standing)
    assert asked.verdict.state is State.REVIEW


def test_a_name_without_letters_asks_nothing():
    trakt = FakeTrakt(MISTER)
    asked = decide(viewed("???", None), Sources(trakt=trakt, tvdb=FakeTvdb()))
    assert (asked.verdict.state, trakt.asked) == (State.NONE, [])


def test_a_deleted_trakt_id_is_found_again_by_another_and_stays_the_persons_choice():
    mapping = Mapping((Stretch(season=1),))
    manual = chosen({"trakt": "404", "tmdb": "70"}, mapping, "a person said so")
    now = still_there(FakeTrakt(MISTER), Kind.SHOW, manual)
    assert (now.state, now.ids) == (State.MANUAL, {"trakt": "1", "tmdb": "70"})
    with pytest.raises(NotFound, match="its match is kept"):
        still_there(FakeTrakt(), Kind.SHOW, manual)


def test_a_container_is_looked_at_with_all_that_viki_tells():
    videos = [Video(id=f"{n}v", type="episode", number=n) for n in range(17)]
    trailer = Video(id="99v", type="trailer", number=40)
    told = Container(
        id="1c", type="series", titles={"en": "The Witch", "ko": "마녀"}, country="kr",
        language="ko", other_titles={"en": ("Manyeo",)}, not_after=2025, planned_episodes=10,
    )  # fmt: skip
    assert viewed_of(told, [*videos, trailer]) == Viewed(
        id="1c", kind=Kind.SHOW, title="The Witch", titles={"en": "The Witch", "ko": "마녀"},
        also=("Manyeo",), country="kr", language="ko", year=YearHint(2025), planned_episodes=10,
        actual_episodes=16,
    )  # fmt: skip


def test_news_and_artists_are_not_matched():
    assert viewed_of(Container(id="1c", type="artist")) is None
