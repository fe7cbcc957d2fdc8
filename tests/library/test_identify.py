import time
from datetime import date

import pytest

from movie_sync.library.catalogue import Answers, Both, Shelf
from movie_sync.library.identify import Identifier, decide
from movie_sync.library.verdicts import (
    Ask,
    Known,
    OfTitle,
    Reason,
    Rule,
    Sure,
    Unsure,
)
from movie_sync.library_models import EpisodeFacts, Kind, SeasonFacts, Teller, Told


def film(title="Heat", year=1995, tmdb: int | None = 1, **changes) -> Known:
    ids = {"tmdb": str(tmdb)} if tmdb else {}
    return Known(kind=Kind.FILM, title=title, year=year, ids=ids, **changes)


def show(title="The Wire", year=2002, tmdb=1, **changes) -> Known:
    return Known(kind=Kind.SHOW, title=title, year=year, ids={"tmdb": str(tmdb)}, **changes)


def named(title="Heat", year: int | None = 1995, by=Teller.FILE, **changes) -> Told:
    return Told(by=by, titles=(title,) if title else (), year=year, **changes)


def episode(title="The Wire", season: int | None = 1, number=1, **changes) -> Told:
    numbers = (number,) if number else ()
    return Told(
        by=Teller.FILE, kind=Kind.SHOW, titles=(title,), season=season, episodes=numbers, **changes
    )


class World(Shelf):
    """Knows all there is."""

    asks = True


def seasons(*counts: int) -> list[SeasonFacts]:
    return [
        SeasonFacts(
            number=season,
            episodes=tuple(
                EpisodeFacts(
                    number=n, name=f"Chapter {season}.{n}", aired_on=date(2000 + season, 1, n)
                )
                for n in range(1, count + 1)
            ),
        )
        for season, count in enumerate(counts, 1)
    ]


def sure(told, world, **how) -> Sure:
    said = decide(told, world, **how)
    assert isinstance(said, Sure), said
    return said


def unsure(told, world, **how) -> Unsure:
    said = decide(told, world, **how)
    assert isinstance(said, Unsure), said
    return said


def test_the_very_year_goes_before_a_year_off():
    world = World([film(year=1995, tmdb=1), film(year=1996, tmdb=2)])
    assert sure([named(year=1996)], world).known.year == 1996


def test_two_titles_a_year_off_are_a_question():
    world = World([film(year=1994, tmdb=1), film(year=1996, tmdb=2)])
    said = unsure([named(year=1995)], world)
    assert said.reason is Reason.NAMESAKES
    assert [guess.known.year for guess in said.guesses] == [1994, 1996]


def test_an_id_beats_a_name_that_merely_differs():
    said = sure([named("Hitze", 1996, ids={"tmdb": "1"})], World([film()]))
    assert said.match.by == "id"
    assert said.match.confidence == 1.0
    assert said.match.sentence == 'the file\'s name gives TMDB 1, "Heat" (1995)'


def test_an_id_of_another_year_and_title_is_a_question():
    world = World([film(), film("Alien", 1979, 2)])
    said = unsure([named("Alien", 1979, ids={"tmdb": "1"})], world)
    assert said.reason is Reason.WRONG_ID
    assert said.sentence == (
        'the file\'s name gives TMDB 1, "Heat" (1995); but the file\'s name says "Alien" (1979)'
    )


def test_of_two_ids_the_names_choose():
    world = World([film(), film("Alien", 1979, 2)])
    told = [
        named(by=Teller.FOLDER, ids={"tmdb": "1"}),
        Told(by=Teller.NFO, kind=Kind.FILM, ids={"tmdb": "2"}),
    ]
    said = sure(told, world)
    assert said.known.title == "Heat"
    assert said.match.confidence < 1.0


def test_an_id_of_imdb_that_is_a_shows_is_a_question_for_a_film():
    world = World([show("Fargo", 2014)])
    world.add(Known(kind=Kind.SHOW, title="Fargo", year=2014, ids={"imdb": "tt2802850"}))
    told = [named("Fargo", 2014, kind=Kind.FILM, ids={"imdb": "tt2802850"})]
    assert unsure(told, world).reason is Reason.WRONG_KIND


def test_what_the_world_was_not_asked_yet_is_asked():
    asked = decide([named()], Both(Shelf(), Answers()))
    assert asked == Ask(OfTitle(Kind.FILM, "Heat", 1995))


def test_what_we_own_is_not_asked_for_again():
    own = Shelf([film(title_id=7)])
    assert sure([named()], Both(own, Answers())).known.title_id == 7


def test_without_anybody_to_ask_a_title_and_its_year_are_believed():
    said = sure([named("Granny's Birthday", 2004)], Shelf())
    assert (said.known.title, said.known.year, said.known.ids) == ("Granny's Birthday", 2004, {})
    assert said.match.by == "name"
    assert said.match.confidence == 0.8


def test_without_anybody_to_ask_an_episode_is_believed():
    said = sure([episode("The Wire", 3, 4)], Shelf())
    assert (said.known.title, said.season, said.episodes) == ("The Wire", 3, (4,))


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ([named(year=None)], Reason.NO_YEAR),
        ([named("movie", None)], Reason.NO_NAME),
        ([named(by=Teller.FOLDER), named("Alien", 1979)], Reason.DISAGREE),
        ([named(ids={"tmdb": "1"}, by=Teller.NFO), named("Alien", 1979)], Reason.WRONG_ID),
    ],
)
def test_without_anybody_to_ask_what_is_bare_or_contradicts_itself_is_a_question(told, reason):
    assert unsure(told, Shelf()).reason is reason


def test_what_we_have_by_its_name_is_confirmed_once_the_world_can_be_asked():
    own = Shelf([film(tmdb=None, title_id=7)])
    answers = Answers()
    for year in (1995, None):
        answers.learn(OfTitle(Kind.FILM, "Heat", year), [film(tmdb=949)])
    said = sure([named()], Both(own, answers))
    assert (said.known.title_id, said.known.ids) == (7, {"tmdb": "949"})


def test_what_we_have_by_its_name_stays_where_the_world_has_two_of_that_year():
    own = Shelf([film(tmdb=None, title_id=7)])
    answers = Answers()
    answers.learn(OfTitle(Kind.FILM, "Heat", 1995), [film(tmdb=949), film(tmdb=950)])
    assert unsure([named()], Both(own, answers)).reason is Reason.NAMESAKES


def test_a_title_of_the_same_name_and_another_year_is_a_new_one():
    said = sure([named(year=2021)], Shelf([film(year=1984, title_id=7)]))
    assert (said.known.title_id, said.known.year) == (None, 2021)


def test_likeness_is_only_ever_a_suggestion():
    said = unsure([named("Haet", 1995)], World([film("Heat Wave", 1995), film()]))
    assert said.reason is Reason.UNKNOWN


def test_a_number_that_nobody_lists_is_kept_with_a_remark():
    world = World()
    world.add(show(), seasons(13))
    said = sure([episode(season=6, number=1)], world)
    assert (said.season, said.episodes) == (6, (1,))
    assert said.remark == 'TMDB does not list S06E01 of "The Wire" (2002)'


def test_a_number_through_all_seasons_is_counted_out():
    world = World()
    world.add(show("Naruto"), seasons(5, 5))
    told = [episode("Naruto", None, 0, absolute=(7,))]
    said = sure(told, world)
    assert (said.season, said.episodes) == (2, (2,))


@pytest.mark.parametrize(("country", "season", "number"), [("JP", 4, 17), ("US", 1, 1)])
def test_a_bare_101_is_the_hundred_and_first_of_anime_alone(country, season, number):
    world = World()
    world.add(show("Naruto", countries=(country,)), seasons(28, 28, 28, 28))
    said = sure([episode("Naruto", 1, 1, absolute=(101,))], world)
    assert (said.season, said.episodes) == (season, (number,))


@pytest.mark.parametrize(("number", "meant"), [(5, 5), (30, 2), (70, 70)])
def test_a_number_beyond_its_season_counts_through_all_if_it_falls_in_there(number, meant):
    world = World()
    world.add(show("Naruto"), seasons(28, 28))
    folder = named("Naruto", None, Teller.FOLDER, kind=Kind.SHOW, season=2)
    said = sure([folder, episode("Naruto", None, number)], world)
    assert (said.season, said.episodes) == (2, (meant,))


def test_a_day_is_looked_up_and_kept_where_it_is_not_listed():
    world = World()
    world.add(show("Late Show"), seasons(5, 5))
    told = [episode("Late Show", None, 0, aired_on=date(2002, 1, 3))]
    assert (sure(told, world).season, sure(told, world).episodes) == (2, (3,))
    later = [episode("Late Show", None, 0, aired_on=date(2031, 1, 3))]
    assert (sure(later, world).season, sure(later, world).aired_on) == (None, date(2031, 1, 3))


def test_files_of_a_folder_follow_the_one_that_can_be_told():
    world = World()
    world.add(show("Shameless", 2004, 1), seasons(7))
    world.add(show("Shameless", 2011, 2), seasons(12))
    files = [[episode("Shameless", 1, 1)], [episode("Shameless", 1, 12)]]
    said = Identifier(world).decide_together(files)
    assert [one.known.year for one in said if isinstance(one, Sure)] == [2011, 2011]


def test_a_folder_that_a_person_has_settled_is_not_decided_again():
    rule = Rule(sentence="a person said so", known=show("The Office", 2001, 5))
    said = sure([episode("The Office", 2, 3)], World(), rule=rule)
    assert (said.known.year, said.match.by, said.episodes) == (2001, "folder", (3,))


def test_a_trusted_folder_is_taken_at_its_word_and_never_matched_to_one_of_several():
    world = World([film(year=1994, tmdb=1), film(year=1996, tmdb=2)])
    said = sure([named()], world, rule=Rule(sentence="trusted", trusted=True))
    assert (said.known.year, said.known.ids, said.match.by) == (1995, {}, "folder")


def test_an_episode_among_films_is_a_question():
    assert unsure([episode()], World([film()]), holds="films").reason is Reason.WRONG_KIND


@pytest.mark.slow
def test_many_files_are_identified_against_many_titles_in_seconds():
    own = Shelf(
        Known(kind=Kind.FILM, title=f"Film Number {n} of Them", year=1950 + n % 70,
              ids={"tmdb": str(n)}, title_id=n)
        for n in range(20_000)
    )  # fmt: skip
    own.asks = True
    files = [
        [named(f"Film Number {n} of Them", 1950 + n % 70, by=Teller.FOLDER),
         named(f"film number {n} of them", 1950 + n % 70)]
        for n in range(20_000)
    ]  # fmt: skip
    identifier = Identifier(own)
    began = time.process_time()
    found = [identifier.decide(told) for told in files]
    assert time.process_time() - began < 10
    assert all(isinstance(one, Sure) and one.known.title_id == n for n, one in enumerate(found))
