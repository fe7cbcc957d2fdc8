import threading

import msgspec
import pytest

from movie_sync import actions, control
from movie_sync.actions import ask, find, perform
from movie_sync.errors import Busy, FilesError, QueueError
from movie_sync.films.story import Stories
from movie_sync.films.watchlists import Memory
from movie_sync.instance import owned
from movie_sync.models import State
from movie_sync.queues import QueueManager
from tests import make

ONE = "film:letterboxd:1"


@pytest.fixture
def do(queue, tmp_path):
    """Have a wish fulfilled as over the socket, where all is JSON."""
    memory, stories = Memory(tmp_path / "watchlist.json"), Stories(tmp_path / "stories")

    def wish(**request):
        return perform(queue, memory, stories, msgspec.json.decode(msgspec.json.encode(request)))

    wish.memory = memory
    return wish


def fail(queue, number=1, **options):
    queue.put_many([make.item(number)])
    queue.take("film")
    queue.fail(f"film:letterboxd:{number}", "no", make.NOON, **options)


def state_of(queue, id_=ONE):
    return queue.get(id_)[0]


def test_a_film_is_added_by_title_and_year(queue, do):
    answer = do(do="add", title="Parasite", year=2019, imdb_id=None)
    assert answer == {
        "id": "film:title:parasite:2019",
        "title": "Parasite (2019)",
        "state": "pending",
        "new": True,
    }
    assert queue.get(answer["id"])[1].wanted_by == ("hand",)


def test_a_film_is_added_by_its_imdb_id(do):
    assert do(do="add", title="Parasite", imdb_id="tt6751668")["id"] == "film:imdb:tt6751668"


def test_a_film_that_a_watchlist_brought_already_is_not_added_twice(queue, do):
    queue.put_many([make.item(1)])
    answer = do(do="add", title="film 1", year=1999)
    assert (answer["id"], answer["new"]) == (ONE, False)
    assert queue.get(ONE)[1].wanted_by == ("letterboxd:alice", "hand")
    assert sum(queue.counts().values()) == 1


def test_adding_by_hand_brings_back_what_was_removed(queue, do):
    queue.put_many([make.item(1)])
    do(do="remove", id=ONE)
    assert do(do="add", title="Film 1", year=1999)["state"] == "pending"


@pytest.mark.parametrize("wrong", [{"year": "soon"}, {"year": [1]}, {"imdb_id": 5}])
def test_a_wish_of_a_wrong_form_changes_nothing(queue, do, wrong):
    with pytest.raises(msgspec.ValidationError):
        do(do="add", title="Parasite", **wrong)
    assert sum(queue.counts().values()) == 0


def test_retrying_forgets_the_failures(queue, do):
    fail(queue, permanent=True)
    assert do(do="retry", id=ONE) == {"id": ONE, "title": "Film 1 (1999)", "state": "pending"}
    item = queue.get(ONE)[1]
    assert (item.attempts, item.permanent, item.last_error) == (0, False, None)


def test_everything_that_failed_is_retried_at_once(queue, do):
    fail(queue, 1)
    fail(queue, 2, permanent=True)
    assert do(do="retry", all=True) == {"titles": ["Film 1 (1999)", "Film 2 (1999)"]}
    assert queue.counts()[State.PENDING] == 2


@pytest.mark.parametrize(("wish", "state"), [("skip", State.FAILED), ("remove", State.REMOVED)])
def test_what_waits_can_be_skipped_and_removed(queue, do, wish, state):
    queue.put_many([make.item(1)])
    assert do(do=wish, id=ONE)["state"] == state
    assert state_of(queue) is state


def test_what_was_removed_comes_back_to_where_it_was(queue, do):
    queue.put_many([make.item(1), make.item(2)])
    queue.complete(ONE)
    for number in (1, 2):
        do(do="remove", id=f"film:letterboxd:{number}")
    assert do(do="restore", id=ONE)["state"] == "completed"
    assert do(do="restore", id="film:letterboxd:2")["state"] == "pending"


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        ("retry", "Film 1 (1999) is pending; only what failed can be retried"),
        ("restore", "Film 1 (1999) is pending; only what was removed can be restored"),
    ],
)
def test_a_wish_that_does_not_fit_says_why_and_changes_nothing(queue, do, wish, sentence):
    queue.put_many([make.item(1)])
    with pytest.raises(QueueError) as raised:
        do(do=wish, id=ONE)
    assert str(raised.value) == f"{sentence}; nothing was changed"
    assert state_of(queue) is State.PENDING


def test_what_is_worked_on_cannot_be_skipped(queue, do):
    queue.put_many([make.item(1)])
    queue.take("film")
    with pytest.raises(QueueError, match="is active; only what is pending or failed"):
        do(do="skip", id=ONE)


def test_what_is_removed_cannot_be_removed(queue, do):
    queue.put_many([make.item(1)])
    do(do="remove", id=ONE)
    with pytest.raises(QueueError, match="is removed; it is removed already"):
        do(do="remove", id=ONE)


@pytest.mark.parametrize(
    "name", [ONE, "letterboxd:1", "Film 1 (1999)", "film 1", "FILM 1", "film:letterboxd:77"]
)
def test_a_film_is_found_by_id_by_title_and_by_the_id_it_had(queue, name):
    queue.put_many([make.item(1), make.item(77), make.item(2)])
    queue.merge("film:letterboxd:77", ONE)
    assert find(queue, name)[1].id == ONE


def test_two_of_one_title_have_to_be_told_apart(queue):
    queue.put_many([make.item(1, title="Dune (1999)"), make.item(2, title="Dune (1999)")])
    with pytest.raises(QueueError) as raised:
        find(queue, "Dune")
    assert str(raised.value) == (
        "2 are called Dune; say which: film:letterboxd:1, film:letterboxd:2"
    )


def test_what_is_not_there_is_not_found(queue):
    with pytest.raises(QueueError, match="nothing in the queues is called X; see `queue list`"):
        find(queue, "X")


def test_films_of_an_import_are_wanted(queue, do):
    films = [msgspec.to_builtins(make.film(number)) for number in (1, 2)]
    assert do(do="want", films=films, source="export:x.csv") == {"new": 2, "films": 2}
    assert do(do="want", films=films, source="export:x.csv") == {"new": 0, "films": 2}
    assert queue.get(ONE)[1].wanted_by == ("export:x.csv",)


def test_confirming_is_for_a_list_that_is_known(do):
    with pytest.raises(QueueError, match="there is no watchlist x; known are none yet"):
        do(do="confirm", source="x")
    do.memory.of("letterboxd:alice").absent = {"letterboxd:1": 3}
    assert do(do="confirm", source="letterboxd:alice") == {"source": "letterboxd:alice", "films": 1}
    saved = Memory(do.memory.path).of("letterboxd:alice")
    assert saved.confirmed == ["letterboxd:1"]


@pytest.mark.parametrize("request_", [{}, {"do": "fly"}, {"do": "skip"}, {"do": "add", "title": 5}])
def test_what_is_no_wish_is_refused(do, request_):
    with pytest.raises(QueueError, match="there is no such wish"):
        do(**request_)


def test_with_no_program_running_the_queues_are_changed_right_here(tmp_path):
    assert ask(tmp_path, do="add", title="Parasite", year=2019)["new"]
    queue = QueueManager(tmp_path)
    queue.close()
    assert queue.counts()[State.PENDING] == 1


def test_a_running_program_is_asked_to_do_it(queue, tmp_path):
    memory = Memory(tmp_path / "watchlist.json")
    server = control.Server(
        tmp_path, lambda wish: actions.perform(queue, memory, Stories(tmp_path / "stories"), wish)
    )
    try:
        with owned(tmp_path):
            assert ask(tmp_path, do="add", title="Parasite", year=2019)["new"]
            with pytest.raises(QueueError, match="nothing in the queues is called X"):
                ask(tmp_path, do="skip", id="X")
            with pytest.raises(QueueError, match="not understood"):
                ask(tmp_path, do="add", title="X", year="soon")
    finally:
        server.close()
    assert queue.counts()[State.PENDING] == 1


@pytest.mark.slow
def test_queues_of_a_program_that_cannot_be_asked_are_left_alone(tmp_path):
    with owned(tmp_path), pytest.raises(Busy, match="is in use by process"):
        ask(tmp_path, do="retry", all=True)


def test_after_a_refusal_the_queues_are_free_again(tmp_path):
    for _ in range(2):
        with pytest.raises(QueueError):
            ask(tmp_path, do="skip", id="X")
    assert "queue-files" not in [thread.name for thread in threading.enumerate()]


def test_a_damaged_watchlist_file_is_named_and_the_queues_closed(tmp_path):
    (tmp_path / "watchlist.json").write_text("{")
    with pytest.raises(FilesError, match=r"watchlist.json cannot be read"):
        ask(tmp_path, do="add", title="Parasite", year=2019)
    assert "queue-files" not in [thread.name for thread in threading.enumerate()]
