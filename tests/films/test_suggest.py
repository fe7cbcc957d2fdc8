import pytest

from movie_sync.films.suggest import suggest
from tests import make

FILMS = [
    make.film(number, title=title, year=year)
    for number, (title, year) in enumerate(
        [
            ("Memento", 2000),
            ("Ratatouille", 2007),
            ("The Matrix", 1999),
            ("Rocky III", 1982),
            ("Before Sunset", 2004),
            ("Her", 2013),
            ("Spider-Man", 2002),
            ("Predator", 1987),
            ("Predators", 2010),
            ("The Grand Budapest Hotel", 2014),
        ]
    )
]


def titles(asked, year=None):
    return [film.title for film in suggest(asked, year, FILMS)]


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("Mememto", ["Memento"]),
        ("Ratatoille", ["Ratatouille"]),
        ("ratatuoille", ["Ratatouille"]),
        ("Spider Man", ["Spider-Man"]),
        ("Grand Budapst Hotel", ["The Grand Budapest Hotel"]),
        ("Predatr", ["Predator", "Predators"]),
    ],
)
def test_a_slip_of_the_pen_suggests_what_was_meant(asked, meant):
    assert titles(asked) == meant


@pytest.mark.parametrize(
    "asked", ["Rocky II", "Rocky 4", "Before Sunrise", "Hex", "", "The", "Alien"]
)
def test_another_number_another_word_and_a_short_title_suggest_nothing(asked):
    assert titles(asked) == []


def test_only_films_of_the_very_year_are_suggested_where_one_is_given():
    assert titles("Predatorr", 2010) == ["Predators"]
    assert titles("Memnto", 2001) == []


def test_a_film_is_suggested_by_its_other_titles_too():
    film = make.film(title="Spirited Away", original_title="Sen to Chihiro no kamikakushi")
    assert suggest("Sen to Chihiro no kamikakusi", None, [film]) == (film,)


def test_no_more_than_three_are_suggested():
    films = [make.film(n, title=f"Predator{end}") for n, end in enumerate("abcde")]
    assert len(suggest("Predator", None, films)) == 3
