import time

import pytest

from movie_sync.titles import TitleIndex, other_title, other_year
from tests import make


def test_any_of_a_films_titles_is_its_title():
    film = make.film(title="Spirited Away", alternative_titles=("千と千尋の神隠し",))
    assert other_title(film, ["千と千尋の神隠し"]) is None
    assert other_title(film, ["Sen to Chihiro", "Spirited Away"]) is None


def test_another_title_is_told_with_both():
    why = other_title(make.film(title="Predator"), ["Predators", "The Predators"])
    assert why == 'is called "Predators", wanted "Predator"'


@pytest.mark.parametrize("year", [1998, 1999, 2000])
def test_a_year_may_be_off_by_one(year):
    assert other_year(make.film(year=1999), year) is None


@pytest.mark.parametrize(
    ("wanted", "year", "why"),
    [
        (1999, 2001, "is from 2001, wanted 1999"),
        (1999, None, "does not say its year, wanted 1999"),
        (None, 1999, 'the year of "Film 1" is not known here, so that a remake may be meant'),
    ],
)
def test_a_year_that_is_another_or_not_known_is_not_let_pass(wanted, year, why):
    assert other_year(make.film(year=wanted), year) == why


def test_a_year_off_is_not_let_pass_where_a_namesake_is_of_it():
    film = make.film(title="Beauty and the Beast", year=1991)
    assert other_year(film, 1992, {1946, 2017}) is None
    why = "is from 1992, as another film of that title is, wanted 1991"
    assert other_year(film, 1992, {1992, 2017}) == why
    assert other_year(film, 1991, {1991}) is None


def test_no_year_is_let_pass_where_the_film_is_known_to_have_no_namesake():
    film = make.film(year=2014)
    assert other_year(film, None, namesakes=()) is None
    assert other_year(film, None, namesakes=(1950,)) == "does not say its year, wanted 2014"
    assert other_year(make.film(year=None), 2014, namesakes=()) is None
    assert other_year(make.film(year=None), 2014, namesakes=(1950,))


def test_the_index_finds_an_entry_by_any_title_and_year():
    index = TitleIndex([(("Spirited Away", "Sen to Chihiro"), 2001, "film")])
    assert index.find(["SEN TO CHIHIRO"], 2001) == "film"
    assert index.find(["Unknown", "Spirited.Away"], 2001) == "film"
    assert index.find(["Spirited"], 2001) is None


def test_a_remake_is_told_from_the_first_film_by_its_year():
    index = TitleIndex([(("Dune",), 1984, "first"), (("Dune",), 2021, "remake")])
    assert index.find(["Dune"], 2021) == "remake"
    assert index.find(["Dune"], 2000) is None


def test_a_year_off_by_one_counts_only_where_none_has_the_very_year():
    index = TitleIndex([(("Titanic",), 1996, "for television"), (("Titanic",), 1997, "film")])
    assert index.find(["Titanic"], 1997) == "film"
    assert index.find(["Titanic"], 1998) == "film"
    assert index.find(["Titanic"], 1995) == "for television"


def test_an_exact_year_under_a_later_title_goes_before_a_near_one_under_the_first():
    index = TitleIndex([(("The Good German",), 2005, "near"), (("The Good",), 2006, "exact")])
    assert index.find(["The Good German", "The Good"], 2006) == "exact"


@pytest.mark.parametrize(("years", "asked"), [((2000, 2000), 2000), ((1999, 2001), 2000)])
def test_two_answers_are_none(years, asked):
    index = TitleIndex((("Same",), year, number) for number, year in enumerate(years))
    assert index.find(["Same"], asked) is None


def test_one_thing_entered_twice_is_one_answer():
    index = TitleIndex([(("Film",), 2000, "same"), (("The Film",), 2000, "same")])
    assert index.find(["Film"], 2000) == "same"


def test_without_a_year_nothing_is_found_unless_asked_for():
    index = TitleIndex([(("Film",), None, "undated"), (("Other",), 2000, "dated")])
    assert index.find(["Film"], 2000) is None
    assert index.find(["Film"], None) is None
    assert index.find(["Other"], None) is None


def test_without_a_year_the_only_film_of_that_title_may_be_asked_for():
    index = TitleIndex([(("Film",), 2000, "film"), (("Heat",), 1995, 1), (("The Heat",), 2013, 2)])
    assert index.find(["Film"], None, undated=True) == "film"
    assert index.find(["Heat"], None, undated=True) is None


def test_an_entry_without_a_year_may_be_asked_for_while_no_other_has_that_title():
    index = TitleIndex([(("Film",), None, "undated")])
    assert index.find(["Film"], 2000, undated=True) == "undated"
    assert index.find(["Film"], None, undated=True) == "undated"
    index.add(["The Film"], 1950, "dated")
    assert index.find(["Film"], 2000, undated=True) is None
    assert index.find(["Film"], 1951, undated=True) == "dated"
    assert index.find(["Film"], None, undated=True) is None


def test_a_title_as_it_is_written_goes_before_one_as_it_may_be_written():
    index = TitleIndex([(("The Heat",), 2013, "comedy"), (("Heat",), 2013, "drama")])
    assert index.find(["Heat"], 2013) == "drama"
    assert index.find(["The.Heat"], 2013) == "comedy"
    assert index.find(["Heat, The"], 2013) is None


def test_a_very_year_goes_before_a_title_as_it_is_written():
    index = TitleIndex([(("The Heat",), 2013, "that year"), (("Heat",), 2012, "that title")])
    assert index.find(["Heat"], 2013) == "that year"


def test_an_id_decides_over_every_name():
    index = TitleIndex()
    index.add(["Pinocchio"], 2022, "one", ids=("tt1488589", 555604))
    index.add(["Pinocchio"], 2022, "other", ids=("tt8593824",))
    assert index.find(["Pinocchio"], 2022) is None
    assert index.find(["Pinocchio"], 2022, ids=("tt8593824",)) == "other"
    assert index.find(["Whatever"], 1950, ids=(555604,)) == "one"
    assert index.find(["Pinocchio"], 2022, ids=("tt0000001",)) is None


def test_ids_of_other_sites_say_nothing_against_a_name():
    index = TitleIndex()
    index.add(["Pinocchio"], 2022, "film", ids=("tt1488589",))
    assert index.find(["Pinocchio"], 2022, ids=(555604,)) == "film"


def test_the_years_of_namesakes_are_told():
    index = TitleIndex([(("Dune",), 1984, 1), (("Dune: Part One", "Dune"), 2021, 2)])
    index.add(["Dune"], None, 3)
    assert index.years(["DUNE"]) == {1984, 2021}
    assert index.years(["Arrakis"]) == frozenset()


@pytest.mark.slow
def test_a_thousand_films_are_looked_up_among_ten_thousand_at_once():
    index = TitleIndex(((f"The Film No. {n}",), 1950 + n % 70, n) for n in range(10_000))
    wanted = [([f"Film No {n}"], 1950 + n % 70) for n in range(0, 20_000, 20)]
    start = time.process_time()
    found = [index.find(titles, year) for titles, year in wanted]
    assert time.process_time() - start < 0.2  # 0.02 s on an idle machine
    assert found == [*range(0, 10_000, 20), *[None] * 500]
