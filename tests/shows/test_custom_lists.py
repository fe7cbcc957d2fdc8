import json

import pytest

from movie_sync.errors import NotFound, Unavailable
from movie_sync.shows.custom_lists import custom_list
from movie_sync.shows.selection import judge, rules
from movie_sync.shows.verdict import ShowState
from movie_sync.shows_settings import Selection
from tests import make
from tests.shows.world import settings, show

RULES = rules(
    settings(selections=(Selection(name="drama", genres=("Drama",)), Selection(name="rest")))
)
READY = {"shows.complete": "2026-01-05T12:00:00+00:00", "shows.rules_hash": RULES.hash}


@pytest.fixture
def known(store):
    shows = [show(1), show(2), show(3, genres=()), show(4, tvdb_id=None), show(5), show(6)]
    store.save(shows, {each.tvmaze_id: judge(each, RULES) for each in shows}, make.NOON, READY)
    store.set_state(2, ShowState.ADDED)
    store.set_state(5, ShowState.SKIPPED)
    store.set_state(6, ShowState.GONE)
    return store


def test_a_list_holds_every_show_that_its_selection_takes(known):
    listed = json.loads(custom_list(known, RULES, "drama"))
    assert sorted(listed, key=lambda each: each["tvdbId"]) == [
        {"title": "Show 1", "tvdbId": 1001},
        {"title": "Show 2", "tvdbId": 1002},
    ]
    assert json.loads(custom_list(known, RULES, "rest")) == [{"title": "Show 3", "tvdbId": 1003}]


@pytest.mark.parametrize("mark", [{"shows.complete": None}, {"shows.rules_hash": "others"}])
def test_a_list_that_could_be_short_is_not_served(known, mark):
    known.set_meta(mark)
    with pytest.raises(Unavailable) as caught:
        custom_list(known, RULES, "drama")
    assert caught.value.retry_after_s == 600


def test_a_selection_that_is_not_there_is_told_with_those_that_are(known):
    with pytest.raises(NotFound, match='no selection "dram"; there are: drama, rest'):
        custom_list(known, RULES, "dram")
