import logging
import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from msgspec.structs import replace as replace_struct

from movie_sync.errors import (
    BadAnswer,
    Blocked,
    ConfigError,
    FilesError,
    NotAuthorised,
    NotFound,
    QueueError,
    Refused,
    Stopping,
    Unavailable,
)
from movie_sync.films.follow import Patience, follow_downloads, left_over
from movie_sync.films.items import film_of
from movie_sync.films.search import search_next
from movie_sync.films.space import DownloadSpace
from movie_sync.films.sync import ADDING, DOWNLOADING, PLACING, STALLED
from movie_sync.films.wanted import want_films
from movie_sync.models import State
from movie_sync.torrents import read
from tests import make
from tests.fakes import FakeFacts, FakeIndexer

DOWN = Unavailable("fake", "did not answer within 15 s")
CLIENT_DOWN = Unavailable("fakeclient", "could not be reached")
PAGE = BadAnswer("fake", "came back as a page of the site")
GOOD = make.torrent()
FAKE = make.torrent("Film.1.exe")
HANDLE = read(GOOD, "fake").handle
ID = "film:letterboxd:1"
UHD_FIRST = ("2160p", "1080p")


@pytest.fixture
def film(queue):
    """Film 1 waits."""
    queue.put_many([make.item(1)])
    return ID


def search(parts, at=make.NOON, **changes):
    return search_next(replace(parts, **changes), at)


def now_is(queue, id_=ID):
    state, item = queue.get(id_)
    return state, item


def waiting(queue):
    return [item.title for item in sorted(queue.iter(State.PENDING), key=lambda item: item.pos)]


def offering(*torrents, **changes):
    """An indexer with one release for each of these torrents, the best first."""
    releases = [make.release(id=str(n), seeders=10 ** (6 - n)) for n in range(len(torrents))]
    given = {str(n): torrent for n, torrent in enumerate(torrents)}
    return [FakeIndexer(*releases, torrents=given, **changes)]


def test_with_nothing_waiting_there_is_nothing_to_do(parts):
    assert search(parts) is False
    assert parts.client.asked == []


def test_the_best_release_is_given_to_the_client(parts, queue, film):
    assert search(parts) is True
    state, item = now_is(queue)
    assert (state, item.handle, item.step) == (State.ACTIVE, HANDLE, DOWNLOADING)
    assert item.data["release"] == {
        "indexer": "fake",
        "id": "7",
        "name": "Film.1.1999.1080p.BluRay.x264-GRP",
        "size_bytes": 5,
    }
    assert list(parts.client.had) == [HANDLE]
    assert parts.torrents.load(HANDLE) == GOOD


@pytest.mark.parametrize("error", [DOWN, Blocked("fake", "403"), NotAuthorised("fake", "no")])
def test_an_outage_puts_the_film_back_and_uses_no_attempt(parts, queue, film, error):
    with pytest.raises(type(error)):
        search(parts, indexers=[FakeIndexer(error=error)])
    state, item = now_is(queue)
    assert state is State.PENDING
    assert (item.attempts, item.searches, item.claims) == (0, 0, 0)
    assert item.last_error == str(error)


def test_the_client_is_asked_before_the_indexer(parts, queue, film):
    parts.client.error = CLIENT_DOWN
    with pytest.raises(Unavailable):
        search(parts)
    assert parts.indexers[0].asked == []
    assert now_is(queue)[0] is State.PENDING


@pytest.mark.parametrize(
    "error", [BadAnswer("fakeclient", "is no torrent client"), NotFound("fakeclient", "404")]
)
def test_something_else_in_the_place_of_the_client_is_an_outage(parts, queue, film, error):
    parts.client.error = error
    with pytest.raises(Unavailable):
        search(parts)
    assert now_is(queue)[1].attempts == 0
    assert parts.indexers[0].asked == []


def test_a_refused_login_of_the_client_leaves_the_film_in_its_place(parts, queue, film):
    queue.put_many([make.item(2)])
    parts.client.error = NotAuthorised("fakeclient", "login refused")
    for _ in range(2):
        with pytest.raises(NotAuthorised):
            search(parts)
    assert waiting(queue) == ["Film 1 (1999)", "Film 2 (1999)"]
    assert now_is(queue)[1].attempts == 0


def test_without_an_indexer_the_film_waits_and_says_what_to_do(parts, queue, film):
    with pytest.raises(ConfigError, match="no indexer is set up"):
        search(parts, indexers=[])
    assert now_is(queue)[0] is State.PENDING
    assert now_is(queue)[1].last_error == "no indexer is set up"


def test_a_film_that_an_indexer_fails_to_answer_for_goes_behind_the_others(parts, queue, film):
    queue.put_many([make.item(2), make.item(3)])
    with pytest.raises(Unavailable):
        search(parts, indexers=[FakeIndexer(error=DOWN)])
    assert waiting(queue) == ["Film 2 (1999)", "Film 3 (1999)", "Film 1 (1999)"]


def test_an_outage_of_the_client_changes_no_order(parts, queue, film):
    queue.put_many([make.item(2)])
    parts.client.error = CLIENT_DOWN
    with pytest.raises(Unavailable):
        search(parts)
    assert waiting(queue) == ["Film 1 (1999)", "Film 2 (1999)"]


def test_an_outage_does_not_wake_the_worker_that_waits_for_its_end(parts, queue, film):
    woken = threading.Event()
    queue.wake_on_pending(woken)
    with pytest.raises(Unavailable):
        search(parts, indexers=[FakeIndexer(error=DOWN)])
    assert not woken.is_set()


def test_a_night_of_outages_gives_up_nothing(parts, queue, film):
    for hour in range(12):
        with pytest.raises(Unavailable):
            search(parts, make.NOON + timedelta(hours=hour), indexers=[FakeIndexer(error=DOWN)])
    assert search(parts, make.NOON + timedelta(hours=12))
    assert now_is(queue)[1].attempts == 0


def test_an_indexer_whose_format_changed_uses_no_attempt_and_stops_no_other_film(
    parts, queue, film
):
    queue.put_many([make.item(2)])
    changed = [FakeIndexer(error=PAGE)]
    for title in ("Film 1", "Film 2"):
        with pytest.raises(Unavailable):
            search(parts, indexers=changed)
        assert changed[0].asked[-1] == f"search {title} (1999)"
    state, item = now_is(queue)
    assert (state, item.attempts, item.permanent) == (State.FAILED, 0, False)
    assert item.retry_at == make.NOON + timedelta(hours=1)
    assert item.last_error == "fake: came back as a page of the site"


def test_waits_for_an_odd_indexer_grow_and_never_end_it(parts, queue, film):
    at, waits = make.NOON, []
    for _ in range(12):
        with pytest.raises(Unavailable):
            search(parts, at, indexers=[FakeIndexer(error=PAGE)])
        item = now_is(queue)[1]
        waits.append((item.retry_at - at) / timedelta(hours=1))
        at = item.retry_at
    assert waits == [1, 2, 4, 8, 16, 24, 24, 24, 24, 24, 24, 24]
    assert (item.attempts, item.permanent) == (0, False)


def test_of_two_silent_indexers_the_hopeful_one_decides(parts, film):
    refused = FakeIndexer(error=NotAuthorised("a", "login refused"))
    with pytest.raises(Unavailable):
        search(parts, indexers=[refused, FakeIndexer(error=DOWN)])


def test_one_silent_indexer_does_not_hide_the_other(parts, queue, film):
    assert search(parts, indexers=[FakeIndexer(error=DOWN, name="dead"), *parts.indexers])
    assert now_is(queue)[1].handle == HANDLE


def test_nothing_found_by_one_of_two_is_no_news_of_the_film(parts, queue, film):
    search(parts, indexers=[FakeIndexer(error=DOWN, name="dead"), FakeIndexer()])
    state, item = now_is(queue)
    assert state is State.FAILED
    assert (item.attempts, item.searches) == (0, 0)
    assert item.last_error == "no indexer lists it; fake: did not answer within 15 s"
    assert item.retry_at == make.NOON + timedelta(hours=6)


def test_nothing_found_is_asked_again_ever_more_rarely_and_never_given_up(parts, queue, film):
    at, waits = make.NOON, []
    for _ in range(9):
        search(parts, at, indexers=[FakeIndexer()])
        item = now_is(queue)[1]
        waits.append((item.retry_at - at) / timedelta(hours=1))
        at = item.retry_at
    assert waits == [6, 12, 24, 48, 72, 168, 168, 168, 168]
    assert (item.attempts, item.permanent) == (0, False)


def test_why_nothing_was_taken_is_kept_with_the_film(parts, queue, film):
    releases = [make.release(id="1", seeders=0), make.release(id="2", seeders=0)]
    search(parts, indexers=[FakeIndexer(*releases)])
    item = now_is(queue)[1]
    assert item.last_error == "2 found, none accepted: 2 too_few_seeders"
    (event,) = parts.stories.read(ID)
    assert event.text == "asked fake: 2 found, none accepted: 2 too_few_seeders"
    assert event.releases[0]["refused"] == [
        ["too_few_seeders", "0 seeders, at least 1 wanted", "profile.min_seeders"]
    ]


def test_a_failed_film_is_searched_again_when_its_time_has_come(parts, queue, film):
    search(parts, indexers=[FakeIndexer()])
    assert search(parts, make.NOON + timedelta(hours=5)) is False
    assert search(parts, make.NOON + timedelta(hours=6)) is True
    assert now_is(queue)[0] is State.ACTIVE


@pytest.mark.parametrize("bad", [PAGE, NotFound("fake", "torrent 0 is not there"), b"<html>", FAKE])
def test_the_next_release_is_taken_where_the_best_ones_torrent_is_bad(parts, queue, film, bad):
    search(parts, indexers=offering(bad, GOOD))
    assert now_is(queue)[1].data["release"]["id"] == "1"


def test_a_torrent_with_a_program_in_it_is_never_asked_for_again(parts, queue, film):
    indexers = offering(FAKE, FAKE, FAKE, GOOD)
    search(parts, indexers=indexers)
    state, item = now_is(queue)
    assert (state, item.attempts) == (State.FAILED, 1)
    assert item.last_error.startswith("no release could be taken: Film.1.1999.1080p.BluRay.x264-GR")
    assert 'holds a program ("Film.1.exe"), as fakes do' in item.last_error
    assert [each["release"] for each in item.data["blocked"]] == ["fake:0", "fake:1", "fake:2"]
    search(parts, item.retry_at, indexers=indexers)
    assert now_is(queue)[1].data["release"]["id"] == "3"
    assert indexers[0].asked.count("fetch 0") == 1


def test_a_torrent_that_came_as_a_page_may_be_whole_another_time(parts, queue, film):
    indexers = offering(PAGE)
    search(parts, indexers=indexers)
    item = now_is(queue)[1]
    assert (item.attempts, item.data.get("blocked")) == (1, None)
    indexers[0].torrents["0"] = GOOD
    search(parts, item.retry_at, indexers=indexers)
    assert now_is(queue)[1].handle == HANDLE


def test_an_outage_at_the_torrent_file_uses_no_attempt(parts, queue, film):
    queue.put_many([make.item(2)])
    with pytest.raises(Unavailable):
        search(parts, indexers=offering(DOWN, GOOD))
    state, item = now_is(queue)
    assert (state, item.attempts, item.handle) == (State.PENDING, 0, None)
    assert waiting(queue) == ["Film 2 (1999)", "Film 1 (1999)"]


def test_five_bad_answers_about_one_film_are_enough(parts, queue, film):
    at = make.NOON
    for _ in range(5):
        search(parts, at, indexers=offering(PAGE))
        at = now_is(queue)[1].retry_at
    assert (at, now_is(queue)[1].permanent) == (None, True)


def test_a_series_is_never_downloaded_and_says_why(parts, queue, film):
    series = Refused("letterboxd", "Film 1 (1999) is a series and not a film")
    search(parts, facts=[FakeFacts(error=series)])
    state, item = now_is(queue)
    assert (state, item.permanent) == (State.FAILED, True)
    assert item.last_error == "Film 1 (1999) is a series and not a film"
    assert parts.indexers[0].asked == []


@pytest.mark.parametrize(
    "error", [DOWN, Blocked("x", "no"), BadAnswer("x", "new"), NotFound("x", "no page any more")]
)
def test_who_cannot_tell_the_ids_now_does_not_stop_the_search(parts, queue, film, error):
    search(parts, facts=[FakeFacts(error=error)])
    assert now_is(queue)[1].handle == HANDLE


def test_ids_are_asked_once_and_kept(parts, queue, film):
    facts = FakeFacts(make.film(1, imdb_id="tt0000001", title="Film 1", year=1998, runtime_min=90))
    search(parts, facts=[facts], indexers=[FakeIndexer()])
    item = now_is(queue)[1]
    assert item.title == "Film 1 (1998)"
    assert film_of(item) == facts.films["letterboxd:1"]
    search(parts, item.retry_at, facts=[facts], indexers=[FakeIndexer()])
    assert facts.asked == ["letterboxd:1"]


def test_what_is_in_the_library_already_is_done_without_a_call(parts, queue, film):
    there = parts.library_folder / "Film 1 (1999)" / "Film 1 (1999).mkv"
    there.parent.mkdir()
    there.write_bytes(bytes(100))
    assert search(parts) is True
    state, item = now_is(queue)
    assert state is State.COMPLETED
    assert (item.data["path"], item.data["how"]) == (str(there), "already there")
    assert (parts.indexers[0].asked, parts.client.asked, parts.facts[0].asked) == ([], [], [])


def test_a_library_that_cannot_be_read_stops_the_search_and_costs_nothing(parts, queue, film):
    parts.library.add(make.film(5), parts.library_folder / "x.mkv")
    with pytest.raises(FilesError, match="though films were in it"):
        search(parts)
    assert now_is(queue)[0] is State.PENDING
    assert parts.indexers[0].asked == []


def known_as(*keys, imdb_id="tt0000001"):
    films = [make.film(key=key, title=f"Called {key}", imdb_id=imdb_id) for key in keys]
    return FakeFacts(*films)


def want(queue, *keys):
    films = [make.film(key=key, title=f"Called {key}") for key in keys]
    want_films(queue, films, f"list:{keys[0]}", make.NOON)


def test_two_items_that_turn_out_to_be_one_film_become_one(parts, queue):
    want(queue, "letterboxd:1")
    want(queue, "letterboxd:2")
    facts = [known_as("letterboxd:1", "letterboxd:2")]
    search(parts, facts=facts, indexers=[FakeIndexer()])
    search(parts, facts=facts, indexers=[FakeIndexer()])
    assert queue.get("film:letterboxd:2") is None
    item = queue.get("film:letterboxd:1")[1]
    assert item.wanted_by == ("list:letterboxd:1", "list:letterboxd:2")
    assert item.data["aliases"] == ["film:letterboxd:2"]


def test_a_film_that_left_one_list_and_is_on_another_comes_back(parts, queue):
    want(queue, "letterboxd:1")
    facts = [known_as("letterboxd:1", "letterboxd:2")]
    search(parts, facts=facts, indexers=[FakeIndexer()])
    queue.unwant(["film:letterboxd:1"], "list:letterboxd:1")
    want(queue, "letterboxd:2")
    search(parts, facts=facts)
    state, item = queue.get("film:letterboxd:1")
    assert (state, item.wanted_by) == (State.PENDING, ("list:letterboxd:2",))


def test_a_film_that_a_person_removed_stays_so_under_another_name(parts, queue):
    want(queue, "letterboxd:1")
    facts = [known_as("letterboxd:1", "letterboxd:2")]
    search(parts, facts=facts, indexers=[FakeIndexer()])
    queue.remove("film:letterboxd:1")
    want(queue, "letterboxd:2")
    search(parts, facts=facts)
    assert queue.get("film:letterboxd:1")[0] is State.REMOVED
    assert parts.client.had == {}


def test_an_item_of_another_kind_is_no_film(parts, queue, film):
    show = make.item(5, id="show:tvmaze:5", kind="show", data={"imdb_id": "tt0000001"})
    queue.put_many([show])
    search(parts, facts=[known_as("letterboxd:1")], indexers=[FakeIndexer()])
    assert now_is(queue)[0] is State.FAILED


def test_a_film_without_room_waits_and_stands_in_no_ones_way(parts, queue, film, caplog):
    queue.put_many([make.item(2)])
    small = DownloadSpace(parts.download_folder, 4e-9)
    with caplog.at_level(logging.WARNING):
        assert search(parts, space=small) is True
    state, item = now_is(queue)
    assert (state, item.attempts, item.permanent) == (State.FAILED, 0, False)
    assert item.retry_at == make.NOON + timedelta(hours=1)
    assert "download folder would hold 5 of 4 bytes; the film waits" in item.last_error
    assert "tried again in 60 min" in caplog.text
    assert waiting(queue) == ["Film 2 (1999)"]
    assert parts.torrents.load(HANDLE) is None


def test_a_film_without_room_asks_no_indexer_again_until_there_is_some(parts, queue, film):
    search(parts, space=DownloadSpace(parts.download_folder, 4e-9))
    asked = len(parts.indexers[0].asked)
    search(parts, make.NOON + timedelta(hours=1), space=DownloadSpace(parts.download_folder, 4e-9))
    assert len(parts.indexers[0].asked) == asked
    item = now_is(queue)[1]
    assert item.retry_at == make.NOON + timedelta(hours=3)
    search(parts, item.retry_at)
    state, item = now_is(queue)
    assert (state, item.attempts) == (State.ACTIVE, 0)
    assert "needed_bytes" not in item.data


def test_a_person_who_retries_has_it_searched_anew_though_there_was_no_room(parts, queue, film):
    tight = DownloadSpace(parts.download_folder, 4e-9)
    search(parts, space=tight)
    asked = len(parts.indexers[0].asked)
    queue.retry(ID, afresh=True)
    search(parts, space=tight)
    assert len(parts.indexers[0].asked) > asked


def test_where_not_even_what_loads_has_room_nobody_is_asked(parts, queue, film):
    (parts.download_folder / "held").write_bytes(bytes(100))
    with pytest.raises(FilesError, match="download folder would hold"):
        search(parts, space=DownloadSpace(parts.download_folder, 50e-9))
    assert now_is(queue)[0] is State.PENDING
    assert parts.indexers[0].asked == []


def test_what_still_loads_counts_as_held(parts, queue, film):
    loading = make.item(2, data={"release": {"size_bytes": 10**15}})
    queue.put_many([loading])
    queue.take("film")
    queue.release(ID)
    queue.take("film")
    queue.update(ID, handle="a" * 40, step=DOWNLOADING, data=loading.data)
    with pytest.raises(FilesError, match=r"for running downloads"):
        search(parts)


def test_a_crash_before_the_client_was_asked_leads_to_the_same_download(parts, queue, film):
    parts.client.add_error = KeyError("as a crash would")
    with pytest.raises(KeyError):
        search(parts)
    state, item = now_is(queue)
    assert (state, item.handle, item.step) == (State.ACTIVE, HANDLE, ADDING)
    parts.client.add_error = None
    assert follow_downloads(parts, Patience(left_over(queue)), make.NOON)
    assert list(parts.client.had) == [HANDLE]
    assert parts.indexers[0].asked.count("fetch 7") == 1


@pytest.mark.parametrize("takes_it", [False, True])
def test_a_client_that_falls_silent_while_it_is_given_a_torrent_keeps_the_item(
    parts, queue, film, takes_it
):
    parts.client.add_error, parts.client.takes_it_first = CLIENT_DOWN, takes_it
    with pytest.raises(Unavailable):
        search(parts)
    state, item = now_is(queue)
    assert (state, item.handle, item.step) == (State.ACTIVE, HANDLE, ADDING)
    parts.client.add_error = None
    patience = Patience()
    follow_downloads(parts, patience, make.NOON)
    follow_downloads(parts, patience, make.NOON + timedelta(seconds=15))
    assert list(parts.client.had) == [HANDLE]
    assert search(parts) is False


@pytest.mark.parametrize("error", [Refused("fakeclient", "Fails."), BadAnswer("fakeclient", "bad")])
def test_a_torrent_that_the_client_refuses_is_not_taken_again(parts, queue, film, error):
    parts.client.add_error = error
    search(parts)
    state, item = now_is(queue)
    assert (state, item.attempts, item.handle) == (State.FAILED, 1, None)
    assert [each["handle"] for each in item.data["blocked"]] == [HANDLE]
    assert item.last_error == str(error)
    assert parts.torrents.load(HANDLE) is None


def test_a_fault_of_ours_leaves_no_film_in_hand(parts, queue, film):
    broken = FakeIndexer(error=KeyError("seeders"))
    with pytest.raises(KeyError):
        search(parts, indexers=[broken])
    state, item = now_is(queue)
    assert (state, item.attempts) == (State.FAILED, 1)
    assert item.last_error == "a fault in the program ended its search; the log has it"


def test_a_search_that_the_end_of_the_program_broke_off_is_as_if_never_begun(parts, queue, film):
    with pytest.raises(Stopping):
        search(parts, indexers=[FakeIndexer(error=Stopping("the program is stopping"))])
    state, item = now_is(queue)
    assert (state, item.claims, item.last_error) == (State.PENDING, 0, None)


def test_queues_that_could_not_be_written_cost_no_attempt(parts, queue, film):
    with pytest.raises(QueueError):
        search(parts, indexers=[FakeIndexer(error=QueueError("the disk is full"))])
    assert (now_is(queue)[0], now_is(queue)[1].attempts) == (State.PENDING, 0)


class Remover(FakeIndexer):
    """A person removes film 1 while it is searched."""

    queue = None

    def fetch(self, release):
        self.queue.remove(ID)
        return super().fetch(release)


def test_a_film_removed_during_its_search_is_not_downloaded(parts, queue, film):
    indexer = Remover(make.release(), torrents={"7": GOOD})
    indexer.queue = queue
    assert search(parts, indexers=[indexer])
    assert now_is(queue)[0] is State.REMOVED
    assert parts.client.had == {}
    assert parts.torrents.load(HANDLE) is None


def active(queue, number, step):
    queue.put_many([make.item(number, priority=1)])
    item = queue.take("film")
    queue.update(item.id, handle=f"{number:040}", step=step)


def test_no_more_films_load_at_once_than_were_asked_for(parts, queue, film):
    active(queue, 2, DOWNLOADING)
    active(queue, 3, ADDING)
    assert search(parts, most_loading=2) is False
    assert now_is(queue)[0] is State.PENDING
    assert search(parts, most_loading=3) is True


@pytest.mark.parametrize("step", [STALLED, PLACING])
def test_a_download_that_waits_for_somebody_holds_up_no_film(parts, queue, film, step):
    active(queue, 2, step)
    assert search(parts, most_loading=1) is True
    assert now_is(queue)[0] is State.ACTIVE


def test_a_failure_says_when_it_is_tried_again_and_when_never(parts, queue, film, caplog):
    at = make.NOON
    with caplog.at_level(logging.WARNING):
        for _ in range(5):
            search(parts, at, indexers=offering(PAGE))
            at = now_is(queue)[1].retry_at
    assert caplog.messages[0] == (
        "Film 1 (1999): no release could be taken: Film.1.1999.1080p.BluRay.x264-GRP: fake: came "
        "back as a page of the site; tried again in 60 min"
    )
    assert caplog.messages[4].endswith("came back as a page of the site; given up")


def test_the_story_tells_what_was_taken_and_why(parts, queue, film):
    poor = make.release(id="8", seeders=1, name="Film.1.1999.720p.BluRay.x264-GRP")
    search(parts, indexers=[FakeIndexer(make.release(), poor, torrents={"7": GOOD})])
    searched, taken = parts.stories.read(ID)
    assert searched.text == "asked fake: 2 found, 2 accepted"
    assert [each["rank"] for each in searched.releases] == [1, 2]
    assert taken.text == (
        "took Film.1.1999.1080p.BluRay.x264-GRP from fake: its 1080p is preferred to 720p"
    )


def test_a_torrent_that_was_blocked_is_not_taken_under_another_name(parts, queue):
    blocked = {"release": "other:1", "handle": HANDLE, "name": "x", "why": "stalled for 24 h"}
    queue.put_many([make.item(1, data={"year": 1999, "blocked": [blocked]})])
    search(parts)
    state, item = now_is(queue)
    assert state is State.FAILED
    assert "stalled for 24 h" in item.last_error


def test_what_the_client_had_before_is_noted_as_not_ours(parts, queue, film):
    parts.client.add(GOOD, parts.download_folder)
    search(parts)
    assert now_is(queue)[1].data["adopted"] is True


def test_a_release_that_a_person_chose_is_taken_whatever_is_against_it(parts, queue):
    chosen = {"indexer": "fake", "id": "8", "name": "x"}
    queue.put_many([make.item(1, data={"year": 1999, "chosen": chosen})])
    cam = make.release(id="8", name="Film.1.1999.1080p.HDCAM", seeders=0)
    search(parts, indexers=[FakeIndexer(make.release(), cam, torrents={"8": GOOD})])
    item = now_is(queue)[1]
    assert (item.data["release"]["id"], "chosen" in item.data) == ("8", False)
    assert parts.stories.read(ID)[-1].text.endswith("a person chose it")


def test_a_chosen_release_that_is_gone_leaves_the_choice_to_the_rules(parts, queue):
    chosen = {"indexer": "fake", "id": "9", "name": "x"}
    queue.put_many([make.item(1, data={"year": 1999, "chosen": chosen})])
    search(parts)
    assert now_is(queue)[1].data["release"]["id"] == "7"


def test_a_better_release_is_waited_for_when_asked_for(parts, queue, film):
    profile = replace_struct(parts.profile, wait_hours=8, cutoff="2160p", qualities=UHD_FIRST)
    search(parts, profile=profile)
    state, item = now_is(queue)
    assert (state, item.searches, item.attempts) == (State.FAILED, 1, 0)
    assert item.last_error == (
        "Film.1.1999.1080p.BluRay.x264-GRP fits; a better one is waited for until"
        " 2026-01-05 20:00 UTC"
    )
    search(parts, item.retry_at, profile=profile)
    _, item = now_is(queue)
    assert item.retry_at == make.NOON + timedelta(hours=8)
    search(parts, item.retry_at, profile=profile)
    assert now_is(queue)[0] is State.ACTIVE


def test_a_film_that_is_not_out_yet_is_not_looked_for(parts, queue):
    queue.put_many([make.item(1, title="Film 1 (2027)", data={"year": 2027})])
    search(parts)
    state, item = now_is(queue)
    assert (state, item.retry_at) == (State.FAILED, make.NOON + timedelta(days=7))
    assert item.last_error == "it is a film of 2027; looked for from then on"
    assert parts.indexers[0].asked == []


def bettered(queue, name, **data):
    """Film 1 is in the library as this release, and a better one is looked for."""
    queue.put_many([make.item(1)])
    queue.take("film")
    release = {"indexer": "fake", "id": "1", "name": name}
    held = {"year": 1999, "release": release, "path": "/films/1.mkv", "handle": "h"}
    queue.complete(ID, data=held | data)
    queue.reopen(ID)


def test_a_better_release_is_loaded_while_the_old_one_stays_noted(parts, queue):
    bettered(queue, "Film.1.1999.720p.BluRay.x264-GRP")
    search(parts)
    state, item = now_is(queue)
    assert (state, item.data["release"]["id"]) == (State.ACTIVE, "7")
    assert item.data["have"]["path"] == "/films/1.mkv"


def test_where_nothing_is_better_the_film_is_done_as_before(parts, queue):
    bettered(queue, "Film.1.1999.1080p.BluRay.x264-GRP")
    search(parts)
    state, item = now_is(queue)
    assert (state, item.data["path"], item.data["release"]["id"]) == (
        State.COMPLETED, "/films/1.mkv", "1",
    )  # fmt: skip
    assert parts.stories.read(ID)[-1].text.startswith("keeps what it has: 1 found, none accepted")


def test_what_a_person_does_not_want_is_replaced_by_any_other(parts, queue):
    bettered(queue, "Film.1.1999.1080p.BluRay.x264-GRP", replace_by_any=True)
    other = make.release(id="8", name="Film.1.1999.720p.BluRay.x264-GRP")
    search(parts, indexers=[FakeIndexer(other, torrents={"8": GOOD})])
    assert now_is(queue)[1].data["release"]["id"] == "8"


def test_a_version_that_the_settings_do_not_name_any_more_is_not_looked_for(parts, queue):
    queue.put_many([make.item(1, id=f"{ID}@2160p", data={"year": 1999, "version": "2160p"})])
    search(parts)
    state, item = now_is(queue, f"{ID}@2160p")
    assert (state, item.permanent) == (State.FAILED, True)
    assert item.last_error == 'the settings have no version "2160p" any more'
