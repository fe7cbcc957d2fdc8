import json

import pytest

from movie_sync import config
from movie_sync.credentials import Credentials
from movie_sync.messages import NOTICE
from movie_sync.queues import QueueManager
from tests import make
from tests.cli import call
from tests.hearer import Hearer


@pytest.fixture
def home(tmp_path):
    return config.home_folder(str(tmp_path / "home"), {})


@pytest.fixture
def hearer():
    with Hearer() as server:
        yield server


@pytest.mark.slow
def test_a_test_reaches_everyone_and_says_who_does_not_answer(home, hearer):
    vault = Credentials(home, {})
    vault.set("notify.webhook", f"{hearer.url}/hook-s3cret")
    (home / "config.json").write_text(json.dumps({"kodi": {"url": hearer.url}}))
    result = call(home, "notify", "test")
    assert result.stdout == "webhook: it took the notice\n"
    assert result.stderr == "kodi: its answer is not JSON-RPC; is this its address?\n"
    assert result.exit_code == 1
    assert hearer.told[0]["event"] == "test"
    assert call(home, "notify", "test", "webhook").exit_code == 0
    assert "these are: webhook, kodi" in call(home, "notify", "test", "plex").stderr


def test_where_nobody_is_set_up_it_says_where_to_read(home):
    assert "see docs/notifications.md" in call(home, "notify", "test").stderr
    assert call(home, "notify", "list").stdout.startswith("nobody is told anything: see docs/")


def waiting_notice(home):
    queue = QueueManager(home, idle_s=60)
    about = {"about": {"text": "so it is"}}
    queue.put_many([
        make.item(1),
        make.item(2, id="notice:1", kind=NOTICE, title="notice: hello", data=about),
        make.item(3, id="notice:2", kind=NOTICE, title="notice: done", data={"told": ["ntfy"]}),
    ])  # fmt: skip
    queue.complete("notice:2")
    queue.close()


def test_what_waits_and_what_was_told_is_listed(home):
    waiting_notice(home)
    lines = call(home, "notify", "list").stdout.splitlines()
    assert lines[-2] == "pending    notice: hello: so it is"
    assert lines[-1].startswith("completed  notice: done: told ntfy ")
    rows = json.loads(call(home, "notify", "list", "--json").stdout)
    assert [(row["state"], row["id"]) for row in rows] == [
        ("pending", "notice:1"), ("completed", "notice:2"),
    ]  # fmt: skip


def test_films_are_listed_and_counted_without_notices(home):
    waiting_notice(home)
    assert len(call(home, "queue", "list").stdout.splitlines()) == 1
    assert "1 pending, 0 active, 0 failed, 0 completed, 0 removed; 2 notices" in (
        call(home, "queue", "check").stdout
    )
    assert call(home, "status").stdout.splitlines()[1:] == [
        "1 pending, 0 active, 0 failed, 0 completed, 0 removed",
        "1 notice waits: notify list",
    ]


def test_a_notice_is_found_by_its_id_alone(home):
    waiting_notice(home)
    assert call(home, "queue", "skip", "notice: hello").exit_code == 1
    assert call(home, "queue", "skip", "notice:1").stdout == "notice: hello is failed\n"


def test_a_film_that_was_given_up_is_said_to_need_a_person(home):
    queue = QueueManager(home, idle_s=60)
    queue.put_many([make.item(1)])
    queue.take("film")
    queue.fail("film:letterboxd:1", "it is a series", None, permanent=True)
    queue.close()
    shown = call(home, "status").stdout.splitlines()
    assert shown[-1] == "needs you: 1 film was given up: queue list failed"
    [need] = json.loads(call(home, "status", "--json").stdout)["needs"]
    assert (need["key"], need["action"]) == ("given_up:film:letterboxd:1", "retry")
