import json
import threading

import pytest

from movie_sync import actions, config
from movie_sync.credentials import Credentials
from movie_sync.errors import ConfigError
from movie_sync.models import State
from movie_sync.running import Running
from tests.cli import call

SMALL = {"profile": {"preset": "small"}}


def write(home, tmp_path, **changes):
    values = {
        "download_directory": str(tmp_path / "downloads"),
        "library_directory": str(tmp_path / "library"),
        "archive_org": {"enabled": False},
        "libtorrent": {"local_only": True, "listen": "127.0.0.1:0"},
        **changes,
    }
    (home / "config.json").write_text(json.dumps(values))


def command(home, *words, **options):
    done = call(home, *words, **options)
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.fixture
def home(tmp_path):
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    write(home, tmp_path)
    return home


@pytest.fixture
def running(home):
    made = Running(home, lambda: config.load(home, {}, {}), Credentials(home, {}))
    made.open()
    made.start()
    main = threading.Thread(target=made.run)
    main.start()
    yield made
    made.stop()
    main.join()
    assert made.close()


def test_changed_settings_are_used_by_the_program_that_runs(running, home, tmp_path):
    before = running.app
    write(home, tmp_path, **SMALL)
    assert actions.ask(home, do="reload") == {"ok": True, "problems": []}
    assert running.app is not before
    assert running.app.parts.profile.preset == "small"
    assert all(worker.is_alive() for worker in running.app.workers)


def test_what_is_queued_outlives_a_change_of_settings(running, home, tmp_path):
    added = running.perform({"do": "add", "title": "Parasite", "year": 2019})
    write(home, tmp_path, **SMALL)
    running.restart()
    assert running.perform({"do": "remove", "id": added["id"]})["state"] == State.REMOVED


def test_settings_that_cannot_work_leave_the_old_ones_in_force(running, home, tmp_path):
    write(home, tmp_path, library_directory=str(tmp_path / "downloads"))
    with pytest.raises(ConfigError, match="name two folders on one disk; the settings from before"):
        running.restart()
    assert running.app.parts.library_folder == tmp_path / "library"
    assert running.perform({"do": "add", "title": "Parasite", "year": 2019})["new"]


def test_a_wish_made_while_settings_change_waits_and_is_fulfilled(running, home, tmp_path):
    write(home, tmp_path, **SMALL)
    change = threading.Thread(target=running.restart)
    change.start()
    titles = [f"Film {number}" for number in range(20)]
    for title in titles:
        running.perform({"do": "add", "title": title, "year": 2019})
    change.join()
    held = [item.title for state in State for item in running.app.queue.iter(state)]
    assert sorted(held) == sorted(f"{title} (2019)" for title in titles)


def test_a_secret_that_is_stored_is_used_at_once(running, home):
    told = command(home, "credentials", "set", "tmdb.api_key", input="a" * 32)
    assert told.endswith("the running program uses it now\n")
    assert [each.name for each in running.app.parts.facts] == ["letterboxd", "tmdb"]


def test_a_file_that_was_edited_is_used_when_told(running, home, tmp_path):
    write(home, tmp_path, **SMALL)
    assert command(home, "config", "reload") == "the running program uses it now\n"
    assert running.app.parts.profile.preset == "small"


def test_where_nothing_runs_nothing_has_to_be_told(home):
    told = command(home, "config", "reload")
    assert told == "Movie Sync is not running; it reads config.json when it starts\n"
