import json
import os
import subprocess
import sys
from datetime import timedelta

import pytest

from movie_sync.db import FILE, Database
from movie_sync.errors import ConfigError, NotQueued, QueueError
from movie_sync.models import SHOW, Item
from movie_sync.queues import QueueManager
from movie_sync.settings import Config
from movie_sync.shows.selection import judge, rules
from movie_sync.shows.store import ShowStore
from movie_sync.shows_settings import Selection, Shows
from tests import make
from tests.cli import call

SOURCE = "Data from TVmaze: https://www.tvmaze.com, licensed CC BY-SA"
WRITTEN = {
    "shows": {
        "enabled": True,
        "selections": [
            {"name": "crime", "genres": ["Crime"], "rating": {"min": 7}},
            {"name": "space", "genres": ["Science-Fiction"], "review": True},
        ],
    },
    "sonarr": {"main": {"url": "http://127.0.0.1:1"}},
}
NOW = make.NOON


@pytest.fixture
def home(tmp_path):
    """A catalogue of five shows: two pass, one waits for a word, one for an id, one is refused."""
    (tmp_path / "config.json").write_text(json.dumps(WRITTEN))
    made = rules(Shows(selections=(
        Selection(name="crime", genres=("Crime",)),
        Selection(name="space", genres=("Science-Fiction",), review=True),
    )))  # fmt: skip
    found = [
        make.show(1),
        make.show(2, title="Cold Lane"),
        make.show(3, genres=("Science-Fiction",)),
        make.show(4, tvdb_id=None),
        make.show(5, genres=("Food",), title="1883"),
    ]
    db = Database(tmp_path / FILE, backup=None)
    store = ShowStore(db)
    store.save(found, {one.tvmaze_id: judge(one, made) for one in found}, NOW)
    store.set_meta({"shows.complete": NOW.isoformat(), "shows.updates_at": NOW.isoformat()})
    db.close()
    return tmp_path


def told(home, *words, code=0):
    result = call(home, *words)
    assert result.exit_code == code, result.exception
    return result.stdout.splitlines()


def data(home, *words):
    return json.loads(call(home, *words, "--json").stdout)


def test_status_says_plainly_what_a_dry_run_would_add_and_by_which_rule(home):
    lines = told(home, "shows", "status")
    assert lines[0].startswith("dry run, 2 shows would be added; 1 waits for your word; 5 known")
    assert "dry run: 2 shows would be added; none is, until shows.dry_run is false" in lines
    assert "crime: 2: Cold Lane (2024), Show 1 (2024)" in lines
    assert lines[-1] == SOURCE
    found = data(home, "shows", "status")
    assert found["proposal"]["by_rule"] == {"crime": 2}
    assert found["counts"] == {"pending": 2, "review": 1, "pending_tvdb": 1, "filtered": 1}
    assert found["dry_run"]


def test_status_of_everything_has_a_line_for_shows(home):
    line = next(one for one in told(home, "status") if one.startswith("shows: "))
    assert line.startswith("shows: dry run, 2 shows would be added; 1 waits for your word")
    assert data(home, "status")["shows"]["to_be_added"] == 2


def test_status_of_everything_has_none_while_shows_are_off(tmp_path):
    (tmp_path / "config.json").write_text("{}")
    assert not [line for line in told(tmp_path, "status") if line.startswith("shows")]
    assert data(tmp_path, "status")["shows"] is None


def test_a_list_is_of_a_state_or_a_text(home):
    assert told(home, "shows", "list", "--state", "review") == [
        "     3  review        Show 3 (2024): space: it fits, and waits for your word", SOURCE,
    ]  # fmt: skip
    assert [one["tvmaze_id"] for one in data(home, "shows", "list", "--text", "cold")] == [2]
    assert told(home, "shows", "list", "--limit", "1")[1].startswith("and 4 more")


def test_why_tells_what_each_selection_says(home):
    lines = told(home, "shows", "why", "1883")
    assert lines[0].startswith("1883 (2024): filtered: ")
    assert "  crime: its genre is Food, not Crime" in lines
    assert "https://www.tvmaze.com/shows/5/show-5" in lines
    found = data(home, "shows", "why", "1")
    assert [each["takes"] for each in found["answers"]] == [True, True, False]
    assert isinstance(call(home, "shows", "why", "99").exception, NotQueued)


def test_preview_tries_rules_of_a_file_and_changes_nothing(home):
    rules_file = home / "try.json"
    rules_file.write_text('{"selections": [{"name": "food", "genres": ["Food"]}]}')
    lines = told(home, "shows", "preview", "--file", str(rules_file))
    assert "  food: 1, newly 1883" in lines
    assert "against now: 1 newly pass, 4 no longer" in lines
    assert 'this is a dry run: nothing is added until "shows.dry_run" is false' in lines
    assert data(home, "shows", "preview")["selections"] == {"crime": 3, "space": 1}
    rules_file.write_text('{"selections": {"name": 1}}')
    result = call(home, "shows", "preview", "--file", str(rules_file))
    assert isinstance(result.exception, ConfigError)


def test_what_a_person_decides_is_done_here_where_no_program_runs(home):
    assert told(home, "shows", "approve", "Show 3") == [
        "Show 3 (2024) is pending: a person approved it"
    ]
    assert told(home, "shows", "skip", "1883", "2") == [
        "1883 (2024) is skipped: a person rejected it",
        "Cold Lane (2024) is skipped: a person rejected it",
    ]
    assert data(home, "shows", "reject", "1")[0]["state"] == "skipped"
    rejected = told(home, "shows", "reject", "--always", "4")
    assert rejected[1].startswith("needs you: sonarr.main: Show 4 (2024) is rejected here")


def test_refilter_judges_by_the_settings_as_they_stand(home):
    changed = json.loads(json.dumps(WRITTEN))
    changed["shows"]["selections"][0]["rating"]["min"] = 9
    (home / "config.json").write_text(json.dumps(changed))
    assert "the rules are others" in "\n".join(told(home, "shows", "status"))
    assert told(home, "shows", "refilter")[0].startswith("5 shows judged; ")
    assert data(home, "shows", "status")["counts"]["filtered"] == 4


def test_a_selection_is_printed_as_a_custom_list(home):
    told(home, "shows", "refilter")
    assert json.loads(call(home, "shows", "lists", "crime").stdout) == [
        {"title": "Cold Lane", "tvdbId": 100002}, {"title": "Show 1", "tvdbId": 100001},
    ]  # fmt: skip
    assert json.loads(call(home, "shows", "lists").stdout) == ["crime", "space"]


def test_it_says_what_to_do_while_shows_are_off_or_were_never_read(tmp_path):
    (tmp_path / "config.json").write_text("{}")
    assert 'set "enabled": true' in str(call(tmp_path, "shows", "status").exception)
    (tmp_path / "config.json").write_text('{"shows": {"enabled": true}}')
    result = call(tmp_path, "shows", "status")
    assert isinstance(result.exception, QueueError)
    assert str(result.exception) == ("no show was read yet; start the program, or run `shows sync`")
    assert not (tmp_path / FILE).exists()


def test_shows_in_the_queues_are_no_films(home):
    queue = QueueManager(home, idle_s=60)
    wanted = {"wanted_by": ("shows:crime",), "added_at": NOW}
    queue.put_many([
        Item(id="show:tvmaze:1", kind=SHOW, title="Show 1 (2024)", data={"tvmaze_id": 1}, **wanted),
        Item(id="show:tvmaze:2", kind=SHOW, title="Cold Lane", data={"tvmaze_id": 2}, **wanted),
        make.item(7),
    ])  # fmt: skip
    queue.take(SHOW)
    queue.fail("show:tvmaze:1", "it was refused", None, permanent=True)
    queue.close()
    assert [one["id"] for one in data(home, "queue", "list")] == ["film:letterboxd:7"]
    assert told(home, "status", "--stats")[0].startswith("1 pending, 0 active, 0 failed")
    assert "; 2 shows; " in told(home, "queue", "check")[0]
    assert told(home, "queue", "retry", "--all") == ["0 are pending again"]
    assert isinstance(call(home, "queue", "skip", "Cold Lane").exception, NotQueued)
    refused = call(home, "queue", "retry", "show:tvmaze:1").exception
    assert str(refused) == "Show 1 (2024) is a show: `shows approve 1` has it tried again"
    assert call(home, "export", "-").stdout.count("\n") == 2
    assert "Show 1" not in "\n".join(told(home, "status"))


def offered(home, *words):
    line = " ".join(("movie-sync", "--home", str(home), *words))
    told = {"_MOVIE_SYNC_COMPLETE": "bash_complete", "COMP_WORDS": line, "COMP_CWORD": "5"}
    done = subprocess.run(
        [sys.executable, "-m", "movie_sync"], env=os.environ | told, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    return [each.partition(",")[2] for each in done.stdout.splitlines()]


@pytest.mark.slow
def test_titles_and_selections_are_completed(home):
    assert offered(home, "shows", "approve", "Sho") == [r"Show\ 3"]
    assert offered(home, "shows", "lists", "s") == ["space"]


def test_the_next_look_is_told_by_the_interval(home):
    assert Config().shows.poll_interval_s == timedelta(hours=6).total_seconds()


def dry(home):
    result = call(home, "--dry-run")
    assert result.exit_code == 0, result.exception
    return [line for line in result.stdout.splitlines() if line.startswith("shows: ")][1:]


def test_a_dry_run_of_the_program_says_which_shows_would_go_where_and_by_which_rule(home):
    assert dry(home) == [
        'shows: would add 2 to Sonarr "main" by crime: Cold Lane (2024), Show 1 (2024)',
        "shows: none of them is added before shows.dry_run is false",
    ]


def test_a_dry_run_goes_by_the_rules_as_they_are_written_now(home):
    selections = [{"name": "food", "genres": ["Food"], "sonarr": "kitchen"}]
    shows = {"enabled": True, "dry_run": False, "selections": selections}
    (home / "config.json").write_text(json.dumps(WRITTEN | {"shows": shows}))
    assert dry(home) == [
        "shows: 1 pass by food, and no Sonarr is set up for them: 1883 (2024)",
        "shows: at most 20 after one look, 50 in a day",
    ]


def test_a_dry_run_before_the_first_reading_says_what_reads(tmp_path):
    (tmp_path / "config.json").write_text(json.dumps(WRITTEN))
    result = call(tmp_path, "--dry-run")
    assert "shows: no show was read yet; start the program, or run `shows sync`" in result.stdout
    assert result.exit_code == 0


def test_checking_the_settings_tells_of_words_that_no_show_has(home):
    selections = [{"name": "crime", "networks": ["HBOO"]}]
    shows = {"enabled": True, "selections": selections}
    (home / "config.json").write_text(json.dumps(WRITTEN | {"shows": shows}))
    assert told(home, "config", "check")[0] == (
        'shows.selections[0].networks: no show of the catalogue has the network "HBOO"; did you '
        'mean "HBO"?'
    )
