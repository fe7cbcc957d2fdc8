import json
from contextlib import contextmanager
from datetime import timedelta

import pytest

from movie_sync.films.story import Stories, What
from movie_sync.queues import QueueManager
from tests import make
from tests.cli import call

ID = "film:letterboxd:1"
FOUND = [
    {"indexer": "fake", "id": "7", "name": "Good", "size_bytes": 8_000_000_000, "seeders": 20,
     "rank": 1, "score": 0},
    {"indexer": "fake", "id": "8", "name": "Bad", "size_bytes": 700_000_000, "seeders": 0,
     "refused": [["too_few_seeders", "0 seeders, at least 1 wanted", "profile.min_seeders"]]},
]  # fmt: skip


@contextmanager
def opened(home):
    queue = QueueManager(home, idle_s=60)
    try:
        queue.put_many([make.item(1)])
        yield queue
    finally:
        queue.close()


def why(home, *words):
    result = call(home, "why", *words)
    assert result.exception is None, result.exception
    return result.stdout


def leave_pending(queue):
    pass


def leave_active(queue):
    queue.take("film")
    queue.update(ID, step="downloading", handle="a" * 40, progress=0.4,
                 data={"release": {"name": "Good"}})  # fmt: skip


def leave_failed(queue):
    queue.take("film")
    queue.fail(ID, "no indexer lists it", make.NOON + timedelta(days=9999), counted=False)


def leave_given_up(queue):
    queue.skip(ID)


def leave_completed(queue):
    queue.take("film")
    queue.complete(ID, data={"path": "/films/1.mkv", "release": {"name": "Good"}})


def leave_upgrading(queue):
    leave_completed(queue)
    queue.reopen(ID)


def leave_removed(queue):
    queue.remove(ID)


@pytest.mark.parametrize(
    ("leave", "first_line"),
    [
        (leave_pending, "Film 1 (1999): is pending"),
        (leave_active, "Film 1 (1999): downloading, 40%: Good"),
        (leave_failed, "Film 1 (1999): no indexer lists it; tried again in "),
        (leave_given_up, "Film 1 (1999): skipped by hand; given up"),
        (leave_completed, "Film 1 (1999): in the library as /films/1.mkv"),
        (leave_upgrading, "Film 1 (1999): a better release is looked for next"),
        (leave_removed, "Film 1 (1999): set aside as removed by hand"),
    ],
)
def test_why_answers_in_each_state(tmp_path, leave, first_line):
    with opened(tmp_path) as queue:
        leave(queue)
        shown = why(tmp_path, "Film 1")
    assert shown.startswith(first_line)
    assert "wanted     by letterboxd:alice" in shown or "by nobody any more" in shown


def test_the_story_is_told_in_order_with_every_refusal(tmp_path):
    stories = Stories(tmp_path / "stories")
    stories.tell(ID, What.SEARCHED, "asked fake: 2 found, 1 accepted", make.NOON, FOUND)
    stories.tell(ID, What.TAKEN, "took Good from fake: it is the only one that fits", make.NOON)
    with opened(tmp_path):
        lines = why(tmp_path, ID).splitlines()
    told = [line[18:] for line in lines[4:]]
    assert told == [
        "searched   asked fake: 2 found, 1 accepted",
        "1.  Good (8.0 GB, 20 seeders)",
        "-   Bad (700 MB, 0 seeders): 0 seeders, at least 1 wanted (profile.min_seeders)",
        "taken      took Good from fake: it is the only one that fits",
    ]


def test_what_happened_several_times_is_said_so(tmp_path):
    stories = Stories(tmp_path / "stories")
    for hour in range(3):
        at = make.NOON + timedelta(hours=hour)
        stories.tell(ID, What.SEARCHED, "asked fake: no indexer lists it", at)
    with opened(tmp_path):
        assert "no indexer lists it (3 times, last 2026-01-05 " in why(tmp_path, ID)


def test_releases_that_are_not_taken_again_are_named(tmp_path):
    blocked = {"release": "fake:7", "handle": None, "name": "Good", "why": "stalled for 24 h"}
    with opened(tmp_path) as queue:
        queue.note(ID, blocked=[blocked])
        assert "not taken again: Good (fake:7): stalled for 24 h" in why(tmp_path, ID)


def test_scripts_get_everything(tmp_path):
    Stories(tmp_path / "stories").tell(ID, What.SEARCHED, "2 found", make.NOON, FOUND)
    with opened(tmp_path):
        found = json.loads(why(tmp_path, "Film 1 (1999)", "--json"))
    assert (found["id"], found["state"], found["now"]) == (ID, "pending", "is pending")
    assert found["events"][0]["releases"] == FOUND
    assert found["item"]["data"] == {"year": 1999}


def test_a_film_that_nobody_wants_has_no_answer(tmp_path):
    assert str(call(tmp_path, "why", "Nothing").exception) == (
        "nothing in the queues is called Nothing; see `queue list`"
    )
