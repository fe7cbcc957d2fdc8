import json
import stat
from datetime import timedelta

import pytest

from movie_sync.errors import FilesError
from movie_sync.films.story import MOST_EVENTS, MOST_SEARCHES, Stories, What
from tests import make

ID = "film:letterboxd:1"


@pytest.fixture
def stories(tmp_path):
    return Stories(tmp_path / "stories")


def at(minute):
    return make.NOON + timedelta(minutes=minute)


def test_what_happened_is_told_in_order(stories):
    stories.tell(ID, What.SEARCHED, "2 found", at(0), [{"name": "a"}])
    stories.tell(ID, What.TAKEN, "took a", at(1))
    told = stories.read(ID)
    assert [(event.what, event.text, event.at) for event in told] == [
        (What.SEARCHED, "2 found", at(0)),
        (What.TAKEN, "took a", at(1)),
    ]
    assert told[0].releases == [{"name": "a"}]


def test_a_film_of_which_nothing_is_told_has_no_story(stories):
    assert stories.read(ID) == []


def test_what_happens_again_is_counted_and_not_repeated(stories):
    for minute in range(3):
        stories.tell(ID, What.SEARCHED, "none found", at(minute), [{"seeders": minute}])
    (event,) = stories.read(ID)
    assert (event.times, event.at, event.last_at) == (3, at(0), at(2))
    assert event.releases == [{"seeders": 2}]


def test_only_the_last_searches_keep_their_releases(stories):
    for number in range(MOST_SEARCHES + 3):
        stories.tell(ID, What.SEARCHED, f"{number} found", at(number), [{"n": number}])
    kept = [event.releases[0]["n"] for event in stories.read(ID) if event.releases]
    assert kept == list(range(3, MOST_SEARCHES + 3))


def test_a_story_stays_bounded_and_keeps_its_beginning(stories):
    for number in range(3 * MOST_EVENTS):
        stories.tell(ID, What.FAILED, f"failure {number}", at(number))
    told = stories.read(ID)
    assert len(told) <= MOST_EVENTS + 1
    assert told[0].text == "failure 0"
    assert told[-1].text == f"failure {3 * MOST_EVENTS - 1}"


def test_a_line_that_a_crash_broke_off_costs_only_itself(stories, tmp_path):
    stories.tell(ID, What.TAKEN, "one", at(0))
    (path,) = (tmp_path / "stories").glob("film-*")
    path.write_bytes(path.read_bytes() + b'{"at":"2026-01')
    stories.tell(ID, What.TAKEN, "two", at(1))
    assert [event.text for event in stories.read(ID)] == ["one", "two"]


def test_each_line_is_json_for_its_owner_alone(stories, tmp_path):
    stories.tell("film:title:wall·e:2008", What.TAKEN, "one", at(0))
    (path,) = (tmp_path / "stories").glob("film-*")
    assert json.loads(path.read_text())["what"] == "taken"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_titles_that_are_written_alike_have_stories_of_their_own(stories):
    stories.tell("film:title:a b:1", What.TAKEN, "one", at(0))
    assert stories.read("film:title:a-b:1") == []


def test_a_story_that_cannot_be_written_stops_nothing(stories, tmp_path):
    (tmp_path / "stories").write_text("in the way")
    stories.tell(ID, What.TAKEN, "one", at(0))
    with pytest.raises(FilesError, match="cannot be read"):
        stories.read(ID)
