import pytest

from movie_sync.models import State
from movie_sync.queues import QueueManager
from movie_sync.views import listing
from tests import make


@pytest.fixture
def queue(tmp_path):
    made = QueueManager(tmp_path)
    yield made
    made.close()


def titles(found):
    return [row.title for row in found.rows]


@pytest.mark.parametrize("text", ["amelie", "AMÉLIE", "mélie", "tt0211915"])
def test_a_film_is_found_by_its_title_in_any_writing_or_by_an_id(queue, text):
    amelie = make.item(id="film:imdb:tt0211915", title="Amélie (2001)")
    queue.put_many([amelie, make.item(2)])
    found = listing.films(queue, (State.PENDING,), make.NOON, text=text)
    assert titles(found) == ["Amélie (2001)"]


def test_a_page_past_the_end_is_the_last(queue):
    queue.put_many(make.item(number) for number in range(7))
    found = listing.films(queue, (State.PENDING,), make.NOON, page=99, per_page=3, order="title")
    assert (found.page, found.pages, found.total) == (3, 3, 7)
    assert titles(found) == ["Film 6 (1999)"]


def test_an_empty_list_has_one_page(queue):
    found = listing.films(queue, tuple(State), make.NOON)
    assert (found.rows, found.page, found.pages) == ((), 1, 1)


@pytest.mark.parametrize(
    ("order", "turned", "expected"),
    [
        ("title", False, ["A (2001)", "B (1999)", "C (2010)"]),
        ("title", True, ["C (2010)", "B (1999)", "A (2001)"]),
        ("year", False, ["C (2010)", "A (2001)", "B (1999)"]),
        ("changed", False, ["A (2001)", "C (2010)", "B (1999)"]),
    ],
)
def test_a_list_has_the_order_that_is_asked_for(queue, order, turned, expected):
    for number, (title, year) in enumerate((("B", 1999), ("C", 2010), ("A", 2001))):
        queue.put_many([make.item(number, title=f"{title} ({year})", data={"year": year})])
    found = listing.films(queue, (State.PENDING,), make.NOON, order=order, turned=turned)
    assert titles(found) == expected


def test_only_films_of_one_list_are_listed(queue):
    queue.put_many([make.item(1), make.item(2, wanted_by=("letterboxd:bob",))])
    found = listing.films(queue, (State.PENDING,), make.NOON, wanted_by="letterboxd:bob")
    assert titles(found) == ["Film 2 (1999)"]


def test_what_is_no_film_is_not_listed(queue):
    queue.put_many([make.item(1), make.item(2, id="notice:x", kind="notice")])
    assert listing.films(queue, (State.PENDING,), make.NOON).total == 1
