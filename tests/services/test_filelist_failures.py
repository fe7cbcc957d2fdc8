import logging

import pytest

from movie_sync.budgets import Budget
from movie_sync.demo import tracker_site
from movie_sync.demo.server import Reply
from movie_sync.demo.tracker_site import complaint
from movie_sync.errors import (
    BadAnswer,
    Blocked,
    NotAuthorised,
    NotFound,
    Refused,
    ServiceError,
    Unavailable,
)
from tests import make
from tests.services.conftest import PASSKEY, add, parasite
from tests.wire import HASTY

WRONG = "0" * 32
SLOW_DOWN = "filelist: asked us to slow down; no call for 60 min"
REFUSED = "filelist: user name or passkey was refused; nothing is asked until they change"
LOCKED = "filelist: locked the login after too many failed ones; check user name and passkey"


@pytest.mark.parametrize(
    ("reply", "error", "message"),
    [
        (tracker_site.SLOW_DOWN, Unavailable, SLOW_DOWN),
        (complaint("Rate limit reached"), Unavailable, SLOW_DOWN),
        (Reply(429, b"<html>"), Unavailable, SLOW_DOWN),
        (tracker_site.WRONG_LOGIN, NotAuthorised, REFUSED),
        (complaint("Invalid passkey/username"), NotAuthorised, REFUSED),
        (tracker_site.NO_LOGIN, NotAuthorised, REFUSED),
        (Reply(401, b""), NotAuthorised, REFUSED),
        (tracker_site.LOCKED, NotAuthorised, LOCKED),
        (complaint("Too many failed authentications"), NotAuthorised, LOCKED),
        (complaint("Numarul maxim de incercari a fost depasit", 403), NotAuthorised, LOCKED),
        (
            Reply(403, b"<html>Just a moment..."),
            Blocked,
            "filelist: latest-torrents: kept out with a page (403) that is not the API's",
        ),
        (
            tracker_site.BAD_SEARCH,
            Refused,
            "filelist: latest-torrents was refused: Invalid search/filter",
        ),
        (
            complaint("Invalid search/filter"),
            Refused,
            "filelist: latest-torrents was refused: Invalid search/filter",
        ),
        (
            tracker_site.OUT_OF_SERVICE,
            Unavailable,
            "filelist: latest-torrents: out of service (503)",
        ),
        (
            complaint("Service unavailable"),
            Unavailable,
            "filelist: latest-torrents: out of service (503)",
        ),
        (Reply(502, b""), Unavailable, "filelist: /api.php answered 502"),
        (tracker_site.GONE, NotFound, "filelist: latest-torrents is not there"),
        (
            tracker_site.PAGE,
            BadAnswer,
            "filelist: latest-torrents answered text/html, not JSON",
        ),
        (
            Reply(200, b'[{"id": 7', tracker_site.JSON),
            BadAnswer,
            "filelist: latest-torrents answered broken JSON",
        ),
        (
            Reply(204, b"", tracker_site.JSON),
            BadAnswer,
            "filelist: latest-torrents answered broken JSON",
        ),
        (
            Reply(200, b"", tracker_site.JSON),
            BadAnswer,
            "filelist: latest-torrents answered broken JSON",
        ),
        (
            complaint("Mercury is retrograde"),
            BadAnswer,
            "filelist: latest-torrents answered with an error we do not know: "
            "Mercury is retrograde",
        ),
    ],
)
def test_each_failure_has_its_name_and_its_sentence(tracker, filelist, reply, error, message):
    tracker.trouble = reply
    with pytest.raises(error) as caught:
        filelist.latest()
    assert (type(caught.value), str(caught.value)) == (error, message)


def test_no_results_in_words_is_an_empty_answer(tracker, filelist):
    tracker.trouble = complaint("No results", 404)
    assert filelist.search(parasite()) == []


def test_who_asks_to_slow_down_is_left_alone_also_after_a_restart(tracker, connect):
    tracker.trouble = complaint("Rate limit reached", 429, Retry_After="1800")
    with pytest.raises(Unavailable) as caught:
        connect().latest()
    assert caught.value.retry_after_s == 1800
    tracker.trouble = None
    with pytest.raises(Unavailable, match="filelist: asked us to slow down") as caught:
        connect().latest()
    assert caught.value.retry_after_s == pytest.approx(1800, abs=10)
    assert tracker.requests == {"latest-torrents": 1}


def test_the_151st_call_is_not_made(tracker, filelist, tmp_path):
    budget = Budget(tmp_path, "filelist", 150, 3600)
    for _ in range(149):
        budget.spend()
    filelist.latest()
    with pytest.raises(Unavailable, match="150 calls this hour are used up"):
        filelist.latest()
    assert tracker.requests == {"latest-torrents": 1}


def test_a_tracker_whose_budget_others_used_up_is_left_alone_too(tracker, filelist):
    tracker.calls_per_hour = 0
    with pytest.raises(Unavailable, match="asked us to slow down; no call for 60 min"):
        filelist.latest()


def test_a_refused_login_is_tried_once_and_another_one_at_once(tracker, connect):
    for _ in range(2):
        with pytest.raises(NotAuthorised):
            connect(WRONG).search(parasite())
    assert tracker.requests == {"search-torrents": 1}
    add(tracker)
    assert len(connect(PASSKEY).search(parasite())) == 1


def test_spaces_around_a_login_do_not_count(tracker, connect):
    add(tracker)
    assert len(connect(f" {PASSKEY}\n", " ann ").search(parasite())) == 1


def test_a_locked_login_rests_for_an_hour(tracker, connect):
    tracker.trouble = tracker_site.LOCKED
    with pytest.raises(NotAuthorised):
        connect().latest()
    with pytest.raises(Unavailable, match="locked the login") as caught:
        connect().latest()
    assert caught.value.retry_after_s == pytest.approx(3600, abs=10)


def test_silence_is_an_outage(tracker, connect):
    tracker.slow_s = 60.0
    with pytest.raises(Unavailable, match=r"/api\.php: no answer in time"):
        connect(timeout_s=HASTY).latest()


def test_a_page_in_place_of_a_torrent_is_refused_and_the_next_try_works(tracker, filelist):
    torrent_id = add(tracker)
    tracker.spoil(torrent_id, tracker_site.PAGE, times=1)
    with pytest.raises(BadAnswer) as caught:
        filelist.fetch(make.release(id=torrent_id))
    told = "came back as a page of the site; open it in a browser to see what it says"
    assert str(caught.value) == f"filelist: torrent {torrent_id} {told}"
    assert filelist.fetch(make.release(id=torrent_id)) == make.torrent()


@pytest.mark.parametrize(
    ("reply", "error", "message"),
    [
        (tracker_site.GONE, NotFound, "filelist: torrent 665000 is not there"),
        (Reply(410, b""), NotFound, "filelist: torrent 665000 is not there"),
        (complaint("No results", 404), NotFound, "filelist: torrent 665000 is not there"),
        (tracker_site.SLOW_DOWN, Unavailable, SLOW_DOWN),
        (tracker_site.WRONG_LOGIN, NotAuthorised, REFUSED),
        (
            Reply(200, b"d8:announce"),
            BadAnswer,
            "filelist: the torrent file breaks off, at byte 11",
        ),
        (Reply(200, b""), BadAnswer, "filelist: sent something else, not a torrent file"),
    ],
)
def test_each_failure_to_fetch_has_its_name(tracker, filelist, reply, error, message):
    tracker.spoil(add(tracker), reply)
    with pytest.raises(error) as caught:
        filelist.fetch(make.release(id="665000"))
    assert (type(caught.value), str(caught.value)) == (error, message)


def test_a_download_does_not_follow_to_another_host(tracker, filelist):
    torrent_id = add(tracker)
    tracker.spoil(torrent_id, Reply(302, headers={"Location": "http://localhost:9/take"}))
    with pytest.raises(Refused, match=r"leads to another host \(http://localhost\)"):
        filelist.fetch(make.release(id=torrent_id))


def test_a_check_does_not_knock_again_with_a_refused_login(tracker, connect):
    for _ in range(2):
        with pytest.raises(NotAuthorised):
            connect(WRONG).check()
    assert tracker.requests == {"latest-torrents": 1}


@pytest.mark.parametrize(
    "reply",
    [
        None,
        tracker_site.PAGE,
        tracker_site.WRONG_LOGIN,
        tracker_site.OUT_OF_SERVICE,
        complaint(f"Invalid search/filter: passkey={PASSKEY}", 400),
        complaint(f"{'no such thing: ' * 6}{PASSKEY}"),
        Reply(302, headers={"Location": f"http://localhost:9/?passkey={PASSKEY}"}),
        Reply(200, b"", headers={"Content-Length": "7"}),
        Reply(200, f"[{PASSKEY}".encode(), tracker_site.JSON),
    ],
)
def test_no_message_log_line_or_file_shows_the_passkey(tracker, filelist, tmp_path, caplog, reply):
    caplog.set_level(logging.DEBUG)
    torrent_id = add(tracker)
    tracker.trouble = reply
    for call in (filelist.check, lambda: filelist.fetch(make.release(id=torrent_id))):
        try:
            call()
        except ServiceError as error:
            logging.getLogger("test").warning("failed", exc_info=error)
    kept = (tmp_path / "budget_filelist.json").read_text()
    assert PASSKEY not in caplog.text + kept
