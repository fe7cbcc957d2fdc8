from datetime import UTC, timedelta

import pytest

from movie_sync.errors import BadAnswer, ConfigError, NotAuthorised, Stopping, Unavailable
from movie_sync.history.store import HistoryStore
from movie_sync.history.viki_models import Auth
from movie_sync.services.viki_shapes import VikiLogin
from tests.history.viki_things import (
    COOKIES_ALONE,
    CREDITS_S,
    NOW,
    SEEN_AT,
    FakeViki,
    film,
    later,
    seen,
    show,
    syncing,
    video,
)

OVER = NotAuthorised("viki", "the session is over")
DOWN = Unavailable("viki", "no answer in 30 s")


@pytest.fixture
def store(db):
    return HistoryStore(db, UTC)


def test_what_was_seen_to_its_credits_is_a_play_with_its_key_and_time(store):
    viki = FakeViki(show(1))
    viki.watch("1c", 2)
    result = syncing(store, viki).refresh(NOW)
    (play,) = store.plays()
    assert (play.key, play.watched_at) == ("viki:1002v:1", SEEN_AT)
    assert seen(store) == [("Show 1", 1, 2, "2026-01-10")]
    assert result.ok
    assert result.auth is Auth.SIGNED_IN
    assert result.sentence == "1 position read; 1 show read; 1 new play"


def test_a_film_is_a_film_and_not_an_episode_of_a_show(store):
    viki = FakeViki(film(9))
    viki.watch("9c")
    syncing(store, viki).refresh(NOW)
    assert seen(store) == [("Show 9", None, None, "2026-01-10")]
    assert [play.kind for play in store.plays()] == ["film"]


def test_unchanged_shows_cost_no_request_for_their_episodes(store):
    viki = FakeViki(show(1), show(2))
    viki.watch("1c")
    viki.watch("2c")
    sync = syncing(store, viki)
    sync.refresh(NOW)
    viki.calls.clear()
    assert sync.refresh(later(hours=1)).shows_unchanged == 2
    assert viki.asked_for("videos") == viki.asked_for("container") == []
    viki.watch("2c", 2)
    sync.refresh(later(hours=2))
    assert viki.asked_for("videos") == ["videos 2c"]


def test_shows_whose_hashes_are_the_same_by_chance_are_asked_for_all_the_same(store):
    viki = FakeViki(show(1))
    viki.watch("1c")
    sync = syncing(store, viki)
    sync.refresh(NOW)
    one = viki.listed["1c"]
    text = f"{one.last_video_id}{one.last_watched_at}"
    viki.listed["1c"] = type(one)(container=one.container, last_video_id=text, last_watched_at="")
    viki.calls.clear()
    sync.refresh(later(hours=1))
    assert viki.asked_for("videos") == ["videos 1c"]


def test_force_asks_for_all_shows_and_from_the_start(store):
    viki = FakeViki(show(1), show(2))
    viki.watch("1c")
    viki.watch("2c")
    sync = syncing(store, viki)
    sync.refresh(NOW)
    del viki.listed["2c"]
    viki.calls.clear()
    sync.refresh(later(hours=1), force=True)
    assert viki.asked_for("videos") == ["videos 1c", "videos 2c"]
    assert viki.asked_for("markers") == ["markers 1"]
    assert len(store.plays()) == 2


def test_the_mark_is_what_viki_says_and_is_not_moved_by_an_answer_that_was_not_stored(store):
    viki = FakeViki(show(1), per_answer=2)
    for number in (1, 2, 3, 4):
        viki.watch("1c", number)
    viki.fails["answer 2"] = DOWN
    sync = syncing(store, viki)
    result = sync.refresh(NOW)
    assert result.problem == "viki: no answer in 30 s"
    assert store.mark("viki", "markers_until") == "1768000001"
    assert len(store.plays()) == 2
    del viki.fails["answer 2"]
    viki.calls.clear()
    sync.refresh(later(hours=1))
    assert viki.asked_for("markers") == ["markers 1768000001"]
    assert len(store.plays()) == 4


def test_told_twice_nothing_is_there_twice(store):
    viki = FakeViki(show(1))
    viki.watch("1c")
    sync = syncing(store, viki)
    sync.refresh(NOW)
    for hour in (1, 2):
        sync.refresh(later(hours=hour), force=True)
    assert len(store.plays()) == 1


def test_a_show_seen_again_is_a_second_play_and_is_never_unwatched(store):
    viki = FakeViki(show(1))
    sync = syncing(store, viki)
    for day, seconds in ((0, CREDITS_S), (1, 10), (2, CREDITS_S)):
        viki.watch("1c", 1, seconds, SEEN_AT + timedelta(days=day))
        sync.refresh(NOW + timedelta(days=day))
        assert store.viewings(["1001v"])["1001v"].is_watched
    assert [play.key for play in store.plays()] == ["viki:1001v:2", "viki:1001v:1"]


def test_credits_that_are_told_later_are_heeded(store):
    viki = FakeViki(show(1))
    viki.episodes["1c"][0] = video(show(1), 1, credits_s=None)
    viki.watch("1c", 1, 3400)
    sync = syncing(store, viki)
    sync.refresh(NOW)
    assert seen(store) == []
    assert [row.position_s for row in store.in_progress()] == [3400]
    viki.episodes["1c"][0] = video(show(1), 1, credits_s=3300)
    sync.refresh(later(hours=1), force=True)
    assert seen(store) == [("Show 1", 1, 1, "2026-01-10")]
    assert store.in_progress() == []


def test_a_marker_without_a_position_watches_nothing(store):
    viki = FakeViki(show(1))
    viki.watch("1c", 1, None)
    syncing(store, viki).refresh(NOW)
    assert store.plays() == store.in_progress() == []


def test_clips_trailers_and_specials_are_no_plays(store):
    viki = FakeViki(show(1))
    one = show(1)
    viki.episodes["1c"] = [
        video(one, 1, id="7v", type="clip"),
        video(one, 2, id="8v", type="trailer"),
        video(one, 0, id="9v"),
    ]
    for number in (1, 2, 0):
        viki.watch("1c", number)
    syncing(store, viki).refresh(NOW)
    assert store.plays() == []


def test_where_the_list_is_closed_the_shows_with_new_markers_are_asked_for(store):
    viki = FakeViki(show(1), show(2), login=COOKIES_ALONE)
    viki.watch("1c")
    viki.watch("2c")
    sync = syncing(store, viki)
    sync.refresh(NOW)
    viki.watch("2c", 2)
    viki.calls.clear()
    result = sync.refresh(later(hours=1))
    assert viki.asked_for("videos") == ["videos 2c"]
    assert result.ok
    assert len(store.plays()) == 3


def test_a_refused_token_is_told_of_and_hinders_nothing(store):
    viki = FakeViki(show(1))
    viki.watch("1c")
    viki.fails["billboard"] = NotAuthorised("viki", "the token is refused")
    result = syncing(store, viki).refresh(NOW)
    assert result.ok
    assert result.problems == ("the token is refused",)
    assert len(store.plays()) == 1


def test_a_session_that_is_over_is_a_state_told_of_once_a_day(store):
    viki = FakeViki(show(1))
    viki.fails["markers"] = OVER
    sync = syncing(store, viki)
    first = sync.refresh(NOW)
    assert (first.ok, first.auth) == (False, Auth.EXPIRED)
    assert first.notice
    assert "history viki login" in first.notice
    assert store.mark("viki", "auth") == "auth_expired"
    assert sync.refresh(later(hours=1)).notice is None
    assert sync.refresh(later(hours=23, minutes=59)).notice is None
    assert sync.refresh(later(hours=24)).notice == first.notice


def test_a_second_session_that_ends_on_the_same_day_is_not_told_of_again(store):
    viki = FakeViki(show(1))
    viki.fails["markers"] = OVER
    sync = syncing(store, viki)
    sync.refresh(NOW)
    viki.fails.clear()
    assert sync.refresh(later(hours=1)).auth is Auth.SIGNED_IN
    viki.fails["markers"] = OVER
    assert sync.refresh(later(hours=2)).notice is None


def test_while_the_session_is_over_the_list_is_still_read(store):
    viki = FakeViki(show(1))
    viki.watch("1c")
    viki.fails["markers"] = OVER
    syncing(store, viki).refresh(NOW)
    assert [row.container.title for row in store.containers()] == ["Show 1"]


def test_without_cookies_nobody_is_nagged(store):
    viki = FakeViki(show(1), login=VikiLogin())
    result = syncing(store, viki).refresh(NOW)
    assert (result.auth, result.notice, result.ok) == (Auth.NO_COOKIES, None, True)
    assert viki.calls == []


def test_renewed_cookies_are_given_back_before_what_was_read_is_stored(store):
    viki = FakeViki(show(1))
    viki.watch("1c")
    kept = []

    class Renewing(FakeViki):
        def markers(self, since_s=1):
            for one in viki.markers(since_s):
                self.login = COOKIES_ALONE
                yield one

        def videos(self, container_id):
            assert kept == [COOKIES_ALONE]
            return viki.videos(container_id)

    renewing = Renewing(show(1))
    syncing(store, renewing, keep_login=kept.append).refresh(NOW)
    assert kept == [COOKIES_ALONE]


@pytest.mark.parametrize("error", [DOWN, ConfigError("viki: its API does not take the app id")])
def test_plays_of_shows_that_cannot_be_asked_for_wait_and_are_not_lost(store, error):
    viki = FakeViki(show(1), login=COOKIES_ALONE)
    viki.watch("1c")
    viki.fails["container"] = error
    sync = syncing(store, viki)
    result = sync.refresh(NOW)
    assert (result.waiting, result.problem) == (1, str(error))
    assert store.plays() == []
    assert store.mark("viki", "markers_until") == "1768000000"
    viki.fails.clear()
    assert sync.refresh(later(hours=1)).ok
    assert seen(store) == [("Show 1", 1, 1, "2026-01-10")]


def test_a_show_in_an_unknown_form_holds_up_no_other(store):
    viki = FakeViki(show(1), show(2))
    viki.watch("1c")
    viki.watch("2c")
    viki.fails["videos 1c"] = BadAnswer("viki", "a video of 1c has an unknown form")
    result = syncing(store, viki).refresh(NOW)
    assert [one[0] for one in seen(store)] == ["Show 2"]
    assert result.problems == ("1c: a video of 1c has an unknown form",)


def test_a_show_that_viki_has_no_more_keeps_its_plays_and_is_asked_for_once(store):
    viki = FakeViki(show(1), show(2), login=COOKIES_ALONE)
    viki.watch("1c")
    viki.watch("2c")
    del viki.shows["2c"]
    sync = syncing(store, viki)
    assert sync.refresh(NOW).waiting == 1
    viki.calls.clear()
    sync.refresh(later(hours=1))
    assert viki.asked_for("container") == []
    assert [row.viewing.plays for row in store.videos("2c")] == [1]


def test_news_are_no_plays(store):
    viki = FakeViki(show(1, type="news"))
    viki.episodes["1c"] = [video(show(1))]
    viki.watch("1c")
    assert syncing(store, viki).refresh(NOW).waiting == 0
    assert store.plays() == []


def test_a_list_that_suddenly_shows_far_less_changes_nothing(store):
    viki = FakeViki(*(show(number) for number in range(1, 31)))
    for number in range(1, 31):
        viki.watch(f"{number}c")
    sync = syncing(store, viki)
    sync.refresh(NOW)
    viki.listed = dict(list(viki.listed.items())[:2])
    viki.told = []
    result = sync.refresh(later(hours=1), force=False)
    assert "has 2 of 30 shows that it had; none of it was used" in result.problems[0]
    assert len(store.plays(limit=100)) == 30
    assert store.mark("viki", "listed") == "30"
    sync.refresh(later(hours=2), force=True)
    assert len(store.plays(limit=100)) == 30
    assert sync.refresh(later(hours=3)).problems == ()


def test_fewer_episodes_than_before_unwatch_none_of_them(store):
    viki = FakeViki(show(1))
    viki.watch("1c", 4)
    sync = syncing(store, viki)
    sync.refresh(NOW)
    viki.episodes["1c"] = viki.episodes["1c"][:1]
    sync.refresh(later(hours=1), force=True)
    assert len(store.videos("1c")) == 4
    assert seen(store) == [("Show 1", 1, 4, "2026-01-10")]


def test_a_pass_is_due_after_its_interval_and_sooner_after_a_failure(store):
    viki = FakeViki(show(1))
    sync = syncing(store, viki)
    assert sync.run_pass(NOW)
    assert sync.run_pass(later(minutes=59)) is None
    viki.fails["markers"] = DOWN
    assert sync.run_pass(later(minutes=60)).problem
    assert sync.due_at(later(minutes=60)) == later(minutes=75)
    viki.fails["markers"] = OVER
    assert sync.run_pass(later(minutes=75)).auth is Auth.EXPIRED
    assert sync.due_at(later(minutes=75)) == later(minutes=135)


def test_a_clock_that_was_set_back_holds_no_pass_up(store):
    sync = syncing(store, FakeViki(show(1)))
    sync.refresh(later(days=300))
    assert sync.run_pass(NOW)


def test_what_is_asked_to_end_ends_between_two_answers_and_says_so(store):
    viki = FakeViki(show(1), per_answer=1)
    viki.watch("1c", 1)
    viki.watch("1c", 2)
    sync = syncing(store, viki)

    def stop(sentence):
        if sentence == "reading how far you are":
            sync.parts.stop.set()

    object.__setattr__(sync.parts, "tell", stop)
    with pytest.raises(Stopping):
        sync.refresh(NOW)
    assert [row.state for row in store.syncs()] == ["interrupted"]


def test_the_log_says_what_a_pass_came_to(store):
    viki = FakeViki(show(1))
    viki.watch("1c")
    syncing(store, viki).refresh(NOW, force=True)
    (row,) = store.syncs(kind="viki")
    assert (row.state, row.options, row.provider) == ("done", {"force": True}, "viki")
    assert row.counts == {"markers": 1, "new": 1, "progress": 1, "shows_read": 1, "titles": 1}


def test_viki_that_is_off_asks_for_nothing(store):
    sync = syncing(store, None)
    assert sync.run_pass(NOW) is None
    with pytest.raises(ConfigError):
        sync.refresh(NOW)
