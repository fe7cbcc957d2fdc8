"""What a person says of releases, as the commands and the socket hand it on."""

import msgspec
import pytest

from movie_sync.actions import perform
from movie_sync.errors import QueueError
from movie_sync.films.story import Stories, What
from movie_sync.films.watchlists import Memory
from movie_sync.models import State
from tests import make

ID = "film:letterboxd:1"
NAME = "Film.1.1999.1080p.BluRay.x264-GRP"
RELEASE = {"indexer": "fake", "id": "7", "name": NAME}


@pytest.fixture
def stories(tmp_path):
    return Stories(tmp_path / "stories")


@pytest.fixture
def do(queue, stories, tmp_path):
    memory = Memory(tmp_path / "watchlist.json")

    def wish(**request):
        sent = msgspec.json.decode(msgspec.json.encode(request))
        return perform(queue, memory, stories, sent)

    return wish


@pytest.fixture
def waiting(queue):
    """Film 1 failed to be found."""
    queue.put_many([make.item(1)])
    queue.take("film")
    queue.fail(ID, "nothing fits", make.NOON, counted=False)


@pytest.fixture
def done(queue):
    """Film 1 is in the library."""
    queue.put_many([make.item(1)])
    queue.take("film")
    queue.complete(ID, data={"release": RELEASE, "path": "/films/1.mkv", "handle": "ab" * 20})


def state_and_data(queue):
    state, item = queue.get(ID)
    return state, item.data


def test_a_release_that_a_search_found_is_taken_by_its_name(queue, stories, do, waiting):
    stories.tell(ID, What.SEARCHED, "1 found", make.NOON, [{**RELEASE, "size_bytes": 5}])
    answer = do(do="grab", id="Film 1", release=NAME)
    assert answer["state"] == "pending"
    assert state_and_data(queue) == (State.PENDING, {"year": 1999, "chosen": RELEASE})
    assert stories.read(ID)[-1].text == f"a person chose {NAME}"


def test_a_release_is_taken_by_its_indexer_and_id(queue, do, waiting):
    do(do="grab", id=ID, release="fake:9")
    assert state_and_data(queue)[1]["chosen"] == {"indexer": "fake", "id": "9", "name": "fake:9"}


def test_a_better_one_taken_by_hand_keeps_what_is_there_meanwhile(queue, do, done):
    do(do="grab", id=ID, release="fake:9")
    state, data = state_and_data(queue)
    assert state is State.PENDING
    assert data["have"] == {
        "path": "/films/1.mkv",
        "release": NAME,
        "handle": "ab" * 20,
        "taken": RELEASE,
    }


def test_nothing_is_taken_that_no_search_has_found(queue, do, waiting):
    with pytest.raises(QueueError, match="no search for Film 1"):
        do(do="grab", id=ID, release="Some Release")
    assert "chosen" not in state_and_data(queue)[1]


def test_nothing_is_taken_beside_a_running_download(queue, do):
    queue.put_many([make.item(1)])
    queue.take("film")
    with pytest.raises(QueueError, match="is downloading; `block` ends that"):
        do(do="grab", id=ID, release="fake:9")


def test_a_blocked_release_is_kept_with_its_reason_and_the_film_searched(queue, do, waiting):
    answer = do(do="block", id=ID, release="fake:9", why="wrong cut")
    assert answer["state"] == "pending"
    (entry,) = state_and_data(queue)[1]["blocked"]
    assert (entry["release"], entry["why"]) == ("fake:9", "a person blocked it: wrong cut")


def test_blocking_what_is_in_the_library_looks_for_any_other(queue, do, done):
    do(do="block", id=ID)
    state, data = state_and_data(queue)
    assert state is State.PENDING
    assert data["replace_by_any"] is True
    assert data["blocked"][0]["handle"] == "ab" * 20
    assert data["have"]["path"] == "/films/1.mkv"


def test_a_film_without_a_release_of_ours_has_none_to_block(do, waiting):
    with pytest.raises(QueueError, match="has no release of ours"):
        do(do="block", id=ID)


def test_what_was_blocked_may_be_taken_again(queue, do, waiting):
    do(do="block", id=ID, release="fake:9")
    do(do="block", id=ID, release="fake:8")
    assert do(do="unblock", id=ID, release="fake:9")["count"] == 1
    assert [each["release"] for each in state_and_data(queue)[1]["blocked"]] == ["fake:8"]
    assert do(do="unblock", id=ID)["count"] == 1
    assert "blocked" not in state_and_data(queue)[1]


def test_unblocking_what_is_not_blocked_is_told(do, waiting):
    with pytest.raises(QueueError, match="has no blocked release fake:9"):
        do(do="unblock", id=ID, release="fake:9")


def test_a_film_is_found_and_searched_by_what_a_person_calls_it(queue, do, waiting):
    assert do(do="alias", id=ID, title="Movie One")["called"] == ["Movie One"]
    assert state_and_data(queue)[0] is State.PENDING
    assert do(do="skip", id="movie one")["id"] == ID
    assert do(do="alias", id=ID, title="Movie One", forget=True)["called"] == []
    assert "also_called" not in state_and_data(queue)[1]


def test_who_follows_downloads_gives_up_the_one_that_a_person_blocks(queue, do):
    queue.put_many([make.item(1)])
    queue.take("film")
    queue.update(ID, handle="ab" * 20, data={"release": RELEASE})
    assert do(do="block", id=ID, why="wrong cut")["state"] == "active"
    state, data = state_and_data(queue)
    assert (state, data["given_up"]) == (State.ACTIVE, "a person blocked it: wrong cut")
