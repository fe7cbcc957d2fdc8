import pytest

from movie_sync.services.title_queries import latin, titles, with_year
from tests import make

FILM = make.film(
    title="Parasite",
    original_title="기생충",
    alternative_titles=("PARASITE!", "Gisaengchung", "Parasita", "Parasit", "Pasožitei"),
)


def test_the_usual_title_comes_first_and_no_spelling_twice():
    assert titles(FILM, other_letters=False) == (
        ["Parasite", "Gisaengchung", "Parasita", "Parasit"],
        [],
    )


def test_other_letters_are_kept_where_they_are_asked_for():
    usual, _ = titles(FILM, other_letters=True)
    assert usual == ["Parasite", "기생충", "Gisaengchung", "Parasita"]


@pytest.mark.parametrize(
    ("given", "usual", "always"),
    [
        (("Mine",), ["Parasite", "Gisaengchung", "Parasita"], ["Mine"]),
        (("parasite", "Mine"), ["Gisaengchung", "Parasita"], ["parasite", "Mine"]),
        (tuple("ABCDE"), ["Parasite"], ["A", "B", "C"]),
        (("기생충",), ["Parasite", "Gisaengchung", "Parasita", "Parasit"], []),
    ],
)
def test_what_a_person_gave_goes_before_what_else_it_is_called(given, usual, always):
    film = make.film(
        title=FILM.title, alternative_titles=FILM.alternative_titles, also_called=given
    )
    assert titles(film, other_letters=False) == (usual, always)


def test_a_film_without_letters_that_are_asked_for_has_no_titles():
    film = make.film(title="기생충", also_called=("!",))
    assert titles(film, other_letters=False) == ([], [])


@pytest.mark.parametrize(
    ("title", "spelt"),
    [
        ("Mission: Impossible", "Mission Impossible"),
        ("L’Avventura", "LAvventura"),  # noqa: RUF001
        ("Þór & Æsir", "Thor Aesir"),
        ("기생충 2", ""),
        ("기생충 Parasite 2", "Parasite 2"),
        ("1917", "1917"),
    ],
)
def test_a_title_is_spelt_as_releases_are(title, spelt):
    assert latin(title) == spelt


def test_the_year_goes_with_it_where_it_is_known():
    assert with_year("It", make.film(year=2017)) == "It 2017"
    assert with_year("It", make.film(year=None)) == "It"
