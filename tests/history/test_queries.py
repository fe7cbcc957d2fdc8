from datetime import UTC, timedelta

import pytest

from movie_sync.errors import NotAuthorised, Unavailable
from movie_sync.history import queries
from movie_sync.history.adopting import Adopting
from movie_sync.history.catalogues import Sources
from movie_sync.history.match_desk import MatchDesk
from movie_sync.history.rows import Outcome, Sending
from movie_sync.history.store import HistoryStore
from movie_sync.library_models import Kind
from tests.history.viki_things import (
    CREDITS_S,
    NOW,
    SEEN_AT,
    FakeViki,
    film,
    later,
    show,
    syncing,
    video,
)


@pytest.fixture
def store(db):
    return HistoryStore(db, UTC)


@pytest.fixture
def viki():
    return FakeViki(show(1), show(2, planned_episodes=None), film(9))


def test_how_much_of_a_show_is_seen_is_told_by_all_of_its_episodes(store, viki):
    viki.watch("1c", 1)
    viki.watch("1c", 2, 600)
    viki.episodes["1c"].append(video(show(1), 0, id="1900v"))
    syncing(store, viki).refresh(NOW)
    (line,) = queries.all_shows(store)
    assert (line.watched.watched, line.watched.begun, line.watched.total) == (1, 1, 16)
    assert (line.kind, line.state, line.match) == (Kind.SHOW, "new", None)


def test_shows_in_progress_are_begun_and_not_done(store, viki):
    for number in (1, 2, 3, 4):
        viki.watch("2c", number)
    viki.watch("1c", 1)
    viki.watch("9c", 1, 60)
    syncing(store, viki).refresh(NOW)
    assert [line.id for line in queries.in_progress(store)] == ["1c", "9c"]
    assert [line.id for line in queries.in_progress(store, limit=1)] == ["1c"]


def test_a_show_in_detail_says_each_episode_and_where_it_stands(store, viki):
    viki.watch("1c", 2, CREDITS_S)
    syncing(store, viki).refresh(NOW)
    MatchDesk(Adopting(store), Sources).choose("1c", Kind.SHOW, {"tmdb": "7"}, NOW, season=2)
    told = queries.show_detail(store, "1c")
    assert told
    assert [(one.number, one.watched, one.place) for one in told.episodes] == [
        (1, False, "2x01"), (2, True, "2x02"), (3, False, "2x03"), (4, False, "2x04"),
    ]  # fmt: skip
    assert told.episodes[1].watched_at == SEEN_AT
    assert told.mapping == "episodes 1 on are season 2"
    assert [row.made_by for row in told.matches] == ["hand"]
    assert queries.show_detail(store, "nothere") is None


def test_what_is_not_told_yet_is_pending(store, viki):
    viki.watch("1c", 1)
    viki.watch("1c", 2, at=SEEN_AT + timedelta(hours=1))
    syncing(store, viki).refresh(NOW)
    store.enqueue("trakt", "ann", NOW)
    first, second = queries.pending_sync(store, "trakt", "ann")
    store.mark_sent([Outcome(id=first.id, state=Sending.DONE, remote_ids=("5",))], NOW)
    assert queries.pending_sync(store, "trakt", "ann") == [second]
    told = queries.stats(store)
    assert (told.sent, told.pending, told.sync_percent) == (1, 1, 50.0)


def test_matches_are_counted_by_all_shows(store, viki):
    assert queries.stats(store).match_percent is None
    viki.watch("1c")
    viki.watch("2c")
    syncing(store, viki).refresh(NOW)
    MatchDesk(Adopting(store), Sources).choose("1c", Kind.SHOW, {"tmdb": "7"}, NOW)
    told = queries.stats(store)
    assert (told.shows, told.matched, told.match_percent) == (2, 1, 50.0)
    (unmatched,) = queries.list_unmatched(store)
    assert (unmatched.show.id, unmatched.sentence) == ("2c", "nobody was asked yet")
    matched = queries.get_match(store, "1c")
    assert matched
    assert (matched.ids, matched.confidence) == ({"tmdb": "7"}, 1.0)
    assert queries.get_match(store, "nothere") is None


def test_an_empty_history_is_well(store):
    assert queries.health_check(store).sentence == "all is well"


def test_a_session_that_is_over_is_a_serious_issue_until_it_works_again(store, viki):
    viki.fails["markers"] = NotAuthorised("viki", "the session is over")
    sync = syncing(store, viki)
    sync.refresh(NOW)
    health = queries.health_check(store)
    assert not health.well
    assert health.sentence == "1 to look at, 1 of them serious"
    assert "history viki login" in health.issues[0].sentence
    viki.fails.clear()
    sync.refresh(later(hours=1))
    assert queries.health_check(store).well


def test_issues_name_what_failed_and_what_waits_for_a_person(store, viki):
    viki.watch("1c")
    sync = syncing(store, viki)
    sync.refresh(NOW)
    viki.fails["markers"] = Unavailable("viki", "no answer in 30 s")
    sync.refresh(later(hours=1))
    store.enqueue("trakt", "ann", NOW)
    (row,) = queries.pending_sync(store, "trakt", "ann")
    store.mark_sent([Outcome(id=row.id, state=Sending.NOT_FOUND, why="unknown")], NOW)
    assert [one.sentence for one in queries.issues(store)] == [
        "the last look at Viki failed: viki: no answer in 30 s",
        "1 play could not be told, for Trakt does not know the title",
        "1 show of Viki without a title",
    ]
