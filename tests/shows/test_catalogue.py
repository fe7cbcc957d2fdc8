import shutil
import threading
from datetime import timedelta

import pytest
from sqlalchemy import text

from movie_sync.db import Database
from movie_sync.demo import tvmaze_site
from movie_sync.demo.shows_made_up import made_up
from movie_sync.demo.tvmaze_site import TvMazeSite
from movie_sync.errors import BadAnswer, FilesError, Stopping, Unavailable
from movie_sync.http import Http
from movie_sync.rates import Rate
from movie_sync.services.tvmaze import TvMaze
from movie_sync.shows.catalogue import COMPLETE, UPDATES_AT, read_catalogue
from movie_sync.shows.store import ShowStore
from movie_sync.shows.verdict import ShowState, Verdict
from tests import make

NOON = make.NOON
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def judge(show):
    """English shows pass, once they have an id."""
    if show.language != "English":
        return Verdict(ShowState.FILTERED, "mine", "language", f"it is {show.language}")
    if show.tvdb_id is None:
        return Verdict(ShowState.PENDING_TVDB, "mine", "no_tvdb_id", "it has no TVDB id")
    return Verdict(ShowState.PENDING, "mine", "passes", "fits mine")


class World:
    """A site of made-up shows, and what reads it."""

    def __init__(self, site: TvMazeSite, path) -> None:
        self.site, self.now, self.stop = site, NOON, threading.Event()
        self.db = Database(path, backup=None)
        self.store = ShowStore(self.db)
        rate = Rate(100_000, 10.0, sleep=lambda seconds: None)
        self.http = Http("tvmaze", site.url, pacer=rate, gap_s=0.0, tries=1)
        self.source = TvMaze(self.http, rate)

    def read(self, **options):
        self.site.requests.clear()
        return read_catalogue(self.source, self.store, judge, self.now, self.stop, **options)

    def ids(self):
        return [show.tvmaze_id for show in self.store.all_shows()]

    def state(self, tvmaze_id):
        return self.store.get(tvmaze_id)[1].state

    def close(self):
        self.db.close()
        self.http.close()


SHOWS = [made_up(tvmaze_id) for tvmaze_id in range(5, 705, 12)]  # on three pages


@pytest.fixture
def site():
    with TvMazeSite(SHOWS, clock=NOON.timestamp) as started:
        yield started


@pytest.fixture
def world(site, tmp_path, empty_library):
    shutil.copy(empty_library, tmp_path / "library.db")
    made = World(site, tmp_path / "library.db")
    yield made
    made.close()


@pytest.fixture(scope="module")
def whole_library(tmp_path_factory):
    """With the first reading done, and all that changed since."""
    path = tmp_path_factory.mktemp("whole") / "library.db"
    with TvMazeSite(SHOWS, clock=NOON.timestamp) as site:
        made = World(site, path)
        made.read()
        made.read()
        made.close()
    return path


@pytest.fixture
def whole(site, tmp_path, whole_library):
    shutil.copy(whole_library, tmp_path / "library.db")
    made = World(site, tmp_path / "library.db")
    yield made
    made.close()


def test_the_first_reading_asks_for_each_page_once_and_for_the_end(world, site):
    read = world.read()
    assert site.requests == [f"/shows?page={n}" for n in range(site.pages + 1)]
    assert (read.kind, read.stored, read.requests) == ("first", 59, 4)
    assert world.ids() == site.ids
    assert world.store.meta("shows.highest_id") == str(site.ids[-1])


def test_a_page_whose_shows_were_all_deleted_is_not_the_end(world, site):
    for tvmaze_id in site.ids:
        if 250 <= tvmaze_id < 500:
            site.remove(tvmaze_id)
    world.read()
    assert world.ids() == site.ids
    assert max(world.ids()) > 500


def test_an_address_without_an_index_is_no_catalogue_without_shows(world, site):
    site.trouble = tvmaze_site.GONE
    with pytest.raises(BadAnswer, match="no first page"):
        world.read()
    assert world.store.meta(COMPLETE) is None


def test_a_reading_that_broke_off_goes_on_where_it_was(world, site):
    page_0 = world.source.page(0)
    world.store.save_page(0, page_0, {show.tvmaze_id: judge(show) for show in page_0}, NOON)
    site.trouble = tvmaze_site.OUT_OF_SERVICE
    with pytest.raises(Unavailable):
        world.read()
    site.trouble = None
    world.read()
    assert site.requests[0] == "/shows?page=1"
    assert world.ids() == site.ids


def test_a_page_that_could_not_be_stored_is_read_again(world, site):
    with world.db.write() as connection:
        connection.execute(
            text(
                "CREATE TRIGGER full BEFORE INSERT ON shows WHEN NEW.tvmaze_id > 300 "
                "BEGIN SELECT RAISE(FAIL, 'disk full'); END"
            )
        )
    with pytest.raises(FilesError, match="disk full"):
        world.read()
    assert world.store.meta("shows.page") == "0"
    with world.db.write() as connection:
        connection.execute(text("DROP TRIGGER full"))
    world.read()
    assert site.requests[0] == "/shows?page=1"
    assert world.ids() == site.ids


def test_a_database_that_is_gone_is_filled_anew_whatever_else_there_is(whole, site, tmp_path):
    (tmp_path / "state.json").write_text('{"last_tvmaze_page": 2}')
    other = World(site, tmp_path / "other.db")
    assert other.read().kind == "first"
    assert other.ids() == site.ids
    other.close()


def test_who_is_told_to_stop_keeps_what_was_read(world, site):
    def stop(read):
        world.stop.set()

    with pytest.raises(Stopping):
        world.read(tell=stop)
    assert site.requests == ["/shows?page=0"]
    assert world.store.meta("shows.page") == "0"


def test_where_nothing_changed_one_request_is_made(whole, site):
    whole.now += 6 * HOUR
    assert whole.read().requests == 1
    assert site.requests == ["/updates/shows?since=day"]


def test_what_changed_is_read_one_by_one(whole, site):
    one, two = site.ids[10], site.ids[30]
    site.put(one, language="English", name="Renamed", externals={"thetvdb": 7})
    site.put(two, language="Korean")
    whole.now += 6 * HOUR
    read = whole.read()
    assert site.requests[1:] == [f"/shows/{one}", f"/shows/{two}"]
    assert (read.stored, read.new) == (2, 0)
    assert whole.store.get(one)[0].title == "Renamed"
    assert whole.state(two) is ShowState.FILTERED


def test_new_shows_are_found_whatever_gap_lies_before_them(whole, site):
    far = site.ids[-1] + 400
    site.put(far)
    assert whole.read().new == 1
    assert site.requests == ["/updates/shows?since=day", f"/shows/{far}"]
    assert whole.store.meta("shows.highest_id") == str(far)
    assert whole.read().requests == 1


def test_where_much_changed_whole_pages_are_read_instead(whole, site):
    for tvmaze_id in site.ids[:20]:
        site.put(tvmaze_id, name="Renamed")
    lonely = site.ids[-1]
    site.put(lonely, name="Renamed")
    read = whole.read()
    assert site.requests == ["/updates/shows?since=day", "/shows?page=0", f"/shows/{lonely}"]
    assert read.stored == 21


def test_a_page_that_is_older_than_the_changes_is_not_believed(whole, site):
    site.keep_index()
    changed = site.ids[:5]
    for tvmaze_id in changed:
        site.put(tvmaze_id, name="Renamed")
    whole.read()
    assert site.requests[1:] == ["/shows?page=0", *(f"/shows/{one}" for one in changed)]
    assert {whole.store.get(one)[0].title for one in changed} == {"Renamed"}


def test_a_show_that_is_still_told_of_as_it_was_is_asked_for_again(whole, site):
    one = site.ids[0]
    site.put(one)
    site.keep_updates()
    site.put(one, updated=int(NOON.timestamp()) - 60, name="Old")
    whole.read()
    site.put(one, name="New")
    whole.read()
    assert whole.store.get(one)[0].title == "New"
    assert whole.read().requests == 1


@pytest.mark.parametrize(
    ("away", "asked"),
    [
        (6 * HOUR, "?since=day"),
        (23 * HOUR, "?since=week"),
        (6 * DAY, "?since=week"),
        (7 * DAY, "?since=month"),
        (28 * DAY, ""),
        (400 * DAY, ""),
        (-400 * DAY, ""),  # the clock was set back
    ],
)
def test_as_much_is_asked_for_as_may_have_been_missed(whole, site, away, asked):
    whole.now += away
    whole.read()
    assert site.requests == [f"/updates/shows{asked}"]


def test_no_less_is_asked_for_than_the_settings_say(whole, site):
    whole.now += HOUR
    whole.read(window="week")
    assert site.requests == ["/updates/shows?since=week"]


def test_the_mark_stays_where_it_was_until_all_changes_are_stored(whole, site):
    before = whole.store.meta(UPDATES_AT)
    one, two = site.ids[:2]
    site.put(one, name="Renamed")
    site.put(two, name="Renamed")
    whole.now += 6 * HOUR
    told = tvmaze_site.reply(site._changed("day")), tvmaze_site.reply(site._shows[one])
    site.troubles.extend([*told, tvmaze_site.OUT_OF_SERVICE])
    with pytest.raises(Unavailable):
        whole.read()
    assert whole.store.get(one)[0].title == "Renamed"
    assert whole.store.meta(UPDATES_AT) == before
    assert whole.read().stored == 1


def test_a_show_that_is_gone_by_then_is_not_asked_for_again_and_again(whole, site):
    one, new = site.ids[0], site.ids[-1] + 1
    site.put(one)
    site.put(new)
    site.keep_updates()
    site.remove(one)
    site.remove(new)
    assert whole.read().unlisted == 1
    assert whole.state(one) is ShowState.GONE
    assert whole.read().requests == 1


def test_two_shows_that_were_merged_become_the_one(whole, site):
    one, into = site.ids[0], site.ids[1]
    site.put(one)
    site.put(into, name="Both")
    site.keep_updates()
    site.merge(one, into)
    whole.read()
    assert whole.state(one) is ShowState.GONE
    assert whole.store.get(into)[0].title == "Both"
    assert whole.read().requests == 1


def test_shows_that_were_deleted_are_gone_and_come_back(whole, site):
    one = site.ids[0]
    kept = site._shows[one]
    site.remove(one)
    whole.now += 40 * DAY
    assert whole.read().unlisted == 1
    assert whole.state(one) is ShowState.GONE
    site._shows[one] = kept
    whole.now += 40 * DAY
    assert whole.read().stored == 1
    assert whole.state(one) is not ShowState.GONE


def test_when_very_many_are_missing_none_is_taken_for_gone(whole, site, caplog):
    for tvmaze_id in site.ids[10:]:
        site.remove(tvmaze_id)
    whole.now += 40 * DAY
    assert whole.read().unlisted == 0
    assert "49 of 59 shows are missing from all changes; none is taken for gone" in caplog.text


def test_one_odd_show_holds_up_no_other_and_is_told_of(whole, site):
    one, two = site.ids[:2]
    site.put(one, name=None)
    site.put(two, name="Renamed")
    with pytest.raises(BadAnswer, match="unknown form"):
        whole.read()
    assert whole.store.get(two)[0].title == "Renamed"


def test_what_was_decided_outlives_every_change(whole, site):
    one = site.ids[0]
    before = whole.store.set_state(one, ShowState.ADDED, now=NOON, series_id=3, added_at=NOON)
    site.put(one, language="Korean")
    assert whole.read().stored == 1
    assert whole.store.get(one)[1] == before
