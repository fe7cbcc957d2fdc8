import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from movie_sync.films.items import film_of, id_of, item_of, with_facts
from movie_sync.models import Film, Item
from tests import make

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=30)
FILMS = st.builds(
    Film,
    key=TEXT,
    title=TEXT | st.sampled_from(["2012", "Se7en (1995)", "(1999)", " (1999)", "X (1999) (1999)"]),
    year=st.none() | st.integers(1890, 2100) | st.just(1999),
    imdb_id=st.none() | st.from_regex(r"tt\d{7}", fullmatch=True),
    tmdb_id=st.none() | st.integers(1, 10**7),
    original_title=st.none() | TEXT,
    alternative_titles=st.lists(TEXT, max_size=3).map(tuple),
    runtime_min=st.none() | st.integers(1, 900),
    slug=st.none() | TEXT,
)


@given(FILMS)
def test_a_film_comes_back_from_its_item_as_it_was(film):
    assert film_of(item_of(film, "hand", make.NOON)) == film


@given(FILMS)
def test_a_film_comes_back_from_a_queue_file_as_it_was(film):
    line = msgspec.json.encode(item_of(film, "hand", make.NOON))
    assert film_of(msgspec.json.decode(line, type=Item)) == film


def test_an_item_is_readable_by_a_person():
    item = item_of(make.film(7, imdb_id="tt0000007"), "letterboxd:alice", make.NOON)
    assert msgspec.to_builtins(item) == {
        "id": "film:letterboxd:7",
        "kind": "film",
        "title": "Film 7 (1999)",
        "wanted_by": ("letterboxd:alice",),
        "added_at": "2026-01-05T12:00:00Z",
        "data": {"year": 1999, "imdb_id": "tt0000007"},
    }
    assert item.id == id_of(make.film(7))


def test_what_is_learnt_of_a_film_goes_beside_what_else_its_item_holds():
    item = make.item(data={"year": 1999, "tried": ["fake:7"], "release": {"id": "7"}})
    data = with_facts(item, make.film(imdb_id="tt0000001"), release=None)
    assert data == {"year": 1999, "tried": ["fake:7"], "imdb_id": "tt0000001"}


def test_a_number_that_a_person_wrote_as_text_is_one():
    assert film_of(make.item(data={"year": "1999"})) == make.film()


@pytest.mark.parametrize("data", [{"year": "soon"}, {"imdb_id": 5}, {"alternative_titles": 7}])
def test_facts_that_a_person_broke_are_as_if_unknown(data):
    assert film_of(make.item(data=data)) == make.film(title="Film 1 (1999)", year=None)
