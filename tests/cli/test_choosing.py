from datetime import timedelta

import pytest

from movie_sync.models import State
from movie_sync.queue_load import load
from movie_sync.queues import QueueManager
from tests import make
from tests.cli import call

ID = "film:letterboxd:1"


@pytest.fixture
def home(tmp_path):
    """Film 1 was searched for in vain."""
    queue = QueueManager(tmp_path, idle_s=60)
    queue.put_many([make.item(1)])
    queue.take("film")
    queue.fail(ID, "no indexer lists it", make.NOON + timedelta(days=9999), counted=False)
    queue.close()
    return tmp_path


def told(home, *words):
    result = call(home, *words)
    assert result.exception is None, result.exception
    return result.stdout.strip()


def now_is(home):
    items, _ = load(home)
    ((state, item),) = [(state, item) for state in State for item in items[state].values()]
    return state, item


def test_a_release_is_grabbed(home):
    said = told(home, "grab", "Film 1", "fake:7")
    assert said == "Film 1 (1999) is pending; fake:7 is taken next"
    state, item = now_is(home)
    assert (state, item.data["chosen"]["id"]) == (State.PENDING, "7")


def test_a_release_is_blocked_and_unblocked(home):
    said = told(home, "block", ID, "fake:7", "--why", "wrong cut")
    assert said == "Film 1 (1999) is pending; fake:7 is blocked"
    assert now_is(home)[1].data["blocked"][0]["why"] == "a person blocked it: wrong cut"
    assert told(home, "unblock", ID) == "Film 1 (1999): 1 release may be taken again"


def test_a_film_gets_another_name_and_loses_it(home):
    assert told(home, "alias", ID, "Movie One") == 'Film 1 (1999) is also called "Movie One"'
    assert told(home, "why", "Movie One").startswith("Film 1 (1999): is pending")
    said = told(home, "alias", ID, "Movie One", "--forget")
    assert said == "Film 1 (1999) is also called nothing else"


@pytest.mark.parametrize("words", [("grab", "No Film", "fake:7"), ("block", ID)])
def test_what_cannot_be_done_changes_nothing(home, words):
    before = now_is(home)
    assert call(home, *words).exception
    assert now_is(home) == before
