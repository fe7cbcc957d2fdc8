import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from movie_sync.titles import TitleIndex, key, keys, other_title, other_year
from tests import make

ONE_FILM = [
    ("Se7en", "SE7EN"),
    ("Amélie", "Amelie"),
    ("Smultronstället", "Smultronstallet"),
    ("Łódź Story", "Lodz Story"),
    ("Æon Flux", "AEon Flux"),
    ("Alien³", "Alien 3"),
    ("8½", "8 1/2"),
    ("10,000 BC", "10000 BC"),
    ("Mr. & Mrs. Smith", "Mr and Mrs Smith"),
    ("Romeo + Juliet", "Romeo and Juliet"),
    ("Rocky IV", "Rocky 4"),
    ("Ocean's Eleven", "Oceans 11"),
    ("Dune: Part Two", "Dune Part 2"),
    ("Kill Bill: Vol. 2", "Kill Bill Volume II"),
    ("The Seventh Seal", "The 7th Seal"),
    ("The Usual Suspects", "Usual Suspects"),
    ("The Usual Suspects", "Usual Suspects, The"),
    ("The Usual Suspects", "Usual Suspects The"),
    ("An Education", "Education"),
    ("Das Boot", "Boot, Das"),
    ("E.T. the Extra-Terrestrial", "ET The Extra Terrestrial"),
    ("A.I. Artificial Intelligence", "AI Artificial Intelligence"),
    ("L.A. Confidential", "LA Confidential"),
    ("WALL·E", "Wall-E"),
    ("Face/Off", "FaceOff"),
    ("M*A*S*H", "MASH"),
    ("What\u2019s Up, Doc?", "Whats Up Doc"),
    ("Kramer vs. Kramer", "Kramer versus Kramer"),
    ("Ёлки", "Елки"),
]
OTHER_FILM = [
    ("Alien", "Aliens"),
    ("Alien", "Alien 3"),
    ("Rocky II", "Rocky III"),
    ("It", "It Comes at Night"),
    ("Up", "Up in the Air"),
    ("Her", "Here"),
    ("Dune: Part One", "Dune: Part Two"),
    ("Dune", "Dune: Part Two"),
    ("Kill Bill: Vol. 1", "Kill Bill: Vol. 2"),
    ("X", "10"),
    ("I, Robot", "1 Robot"),
    ("Mr. Smith", "Mr. & Mrs. Smith"),
    ("V for Vendetta", "5 for Vendetta"),
    ("Plan A", "Plan"),
    ("???", "..."),
    ("かき", "がき"),
    ("बाहुबली", "बहबल"),
]


@pytest.mark.parametrize(("title", "other"), ONE_FILM)
def test_another_way_of_writing_has_the_same_key(title, other):
    assert key(title) == key(other)


@pytest.mark.parametrize(("title", "other"), OTHER_FILM)
def test_another_title_has_another_key(title, other):
    assert key(title) != key(other)


def test_an_umlaut_may_be_spelt_out_or_left_off():
    assert keys("Mädchen in Uniform") == ("madcheninuniform", "maedcheninuniform")


@pytest.mark.parametrize("title", ["もののけ姫", "기생충", "Сталкер", "ไทย", "बाहुबली"])
def test_every_script_has_a_key_of_its_own_letters(title):
    assert key(title) == title.casefold()


@pytest.mark.parametrize("title", ["The", "A", "The The", "!", "… ?", " "])
def test_a_title_of_hardly_anything_still_has_a_key(title):
    assert key(title)


@given(st.text(min_size=1))
def test_no_title_is_without_a_key(title):
    assert key(title)
    assert key(title) in keys(title)


@given(st.text("abcXYZ 0123IV", min_size=1))
def test_case_and_dots_for_spaces_make_no_difference(title):
    assert key(title) == key(title.swapcase())
    if title.strip():
        assert key(title) == key(title.replace(" ", "."))


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


def test_without_a_year_nothing_is_found():
    index = TitleIndex([(("Film",), None, "undated"), (("Other",), 2000, "dated")])
    assert index.find(["Film"], 2000) is None
    assert index.find(["Other"], None) is None


def test_a_thousand_films_are_looked_up_among_ten_thousand_at_once():
    index = TitleIndex(((f"The Film No. {n}",), 1950 + n % 70, n) for n in range(10_000))
    wanted = [([f"Film No {n}"], 1950 + n % 70) for n in range(0, 20_000, 20)]
    start = time.perf_counter()
    found = [index.find(titles, year) for titles, year in wanted]
    assert time.perf_counter() - start < 0.2  # 0.01 s on an idle machine
    assert found == [*range(0, 10_000, 20), *[None] * 500]
