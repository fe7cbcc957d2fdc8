from datetime import timedelta
from types import SimpleNamespace

import msgspec
import pytest

from movie_sync.breaker import Breaker
from movie_sync.errands import EVERY_S, Errands, Target, waiting
from movie_sync.errors import ConfigError, NotAuthorised, Refused, Stopping, Unavailable
from movie_sync.films.placing import INSTEAD_OF
from movie_sync.films.undo import CLEANED
from movie_sync.messages import NOTICE, REFRESH
from movie_sync.models import State
from movie_sync.notice_settings import NEEDS_YOU, Notifications
from movie_sync.notices import FILE, Notices
from movie_sync.queue_moves import CLEANUP
from movie_sync.queues import QueueManager
from movie_sync.retries import Retries
from tests import make

NOON = make.NOON
ALL = (*NEEDS_YOU, "downloading", "arrived", "upgraded", "removed")


class Ear:
    """Hears, or raises what it is given."""

    def __init__(self, name="webhook", kind=NOTICE):
        self.name, self.kind = name, kind
        self.heard = []
        self.error = None

    def tell(self, about):
        if self.error:
            raise self.error
        self.heard.append(about)


class Clock:
    def __init__(self):
        self.now = NOON

    def __call__(self):
        return self.now

    def timestamp(self):
        return self.now.timestamp()


class House:
    """A home with queues, and whoever is told."""

    def __init__(self, home, *ears, events=ALL, **settings):
        self.home, self.ears, self.clock = home, ears, Clock()
        self.section = Notifications(events=events, **settings)
        self.queue = QueueManager(home, idle_s=60, sync=lambda _: None, now=self.clock)
        self.begin()

    def begin(self):
        """As at a start of the program."""
        targets = [
            Target(ear.name, ear.kind, ear.tell,
                   Breaker(self.home, ear.name, clock=self.clock.timestamp))
            for ear in self.ears
        ]  # fmt: skip
        self.errands = Errands(
            self.home, self.queue, SimpleNamespace(sources={}), targets,
            notices=Notices(self.home, self.section, NOON.tzinfo), trouble=tuple,
            retries=Retries(chance=lambda: 0.0),
        )  # fmt: skip

    def again(self):
        """The program ends as at a crash, and another begins."""
        self.queue.close()
        self.queue = QueueManager(self.home, idle_s=60, sync=lambda _: None, now=self.clock)
        self.begin()

    def run(self, **later):
        """All that there is to do, after so much time."""
        self.clock.now += timedelta(**later)
        for _ in range(100):
            if self.errands.run(self.clock.now):
                return
        raise AssertionError("it never ends")

    def place(self, number=1, **data):
        item = make.item(number)
        self.queue.put_many([item])
        self.queue.take("film")
        path = f"/films/Film {number} (1999)/Film {number} (1999).mkv"
        release = {"name": f"Film.{number}.1080p"}
        known = {"path": path, "how": "linked", "release": release, **item.data, **data}
        self.queue.complete(item.id, data=known)
        return item.id

    def give_up(self, number=1, why="it is a series"):
        item = make.item(number)
        self.queue.put_many([item])
        self.queue.take("film")
        self.queue.fail(item.id, why, None, permanent=True)
        return item.id

    def errand(self, kind=NOTICE):
        return [
            (str(state), item)
            for state in State
            for item in self.queue.iter(state)
            if item.kind == kind
        ]


@pytest.fixture
def make_house(tmp_path):
    houses = []

    def made(*ears, **settings):
        houses.append(House(tmp_path, *ears, **settings))
        houses[-1].run()
        return houses[-1]

    yield made
    for house in houses:
        house.queue.close()


def titles(ear):
    return [notice.title for notice in ear.heard]


def test_a_film_that_arrives_is_told_once_to_everyone_however_often_one_looks(make_house):
    webhook, ntfy, plex = Ear(), Ear("ntfy"), Ear("plex", REFRESH)
    house = make_house(webhook, ntfy, plex)
    house.place()
    house.run()
    house.run(hours=1)
    house.again()
    house.run(hours=1)
    assert titles(webhook) == titles(ntfy) == ["Film 1 (1999) is in the library"]
    [notice] = webhook.heard
    assert (notice.event, notice.text, notice.urgent) == ("arrived", "Film.1.1080p", False)
    assert notice.film == {
        "id": "film:letterboxd:1", "title": "Film 1", "year": 1999, "release": "Film.1.1080p",
        "path": "/films/Film 1 (1999)/Film 1 (1999).mkv",
    }  # fmt: skip
    assert msgspec.to_builtins(plex.heard) == [
        {"folder": "/films/Film 1 (1999)", "what": "created"}
    ]


def test_what_was_before_anyone_listened_is_no_news(tmp_path):
    ear = Ear()
    house = House(tmp_path, ear)
    house.place()
    house.run()
    house.run(hours=1)
    assert ear.heard == []
    house.queue.close()


def test_an_outage_loses_no_notice_and_uses_up_no_attempt(make_house):
    ear = Ear()
    house = make_house(ear)
    ear.error = Unavailable("webhook", "could not be reached")
    house.place(1)
    house.place(2)
    for _ in range(20):
        house.run(hours=1)
    assert {(state, item.attempts) for state, item in house.errand()} == {("failed", 0)}
    assert waiting(item for _, item in house.errand()) == "2 notices wait"
    ear.error = None
    house.run(hours=1)
    assert sorted(titles(ear)) == [f"Film {n} (1999) is in the library" for n in (1, 2)]


def test_one_that_is_down_has_it_told_twice_to_no_other(make_house):
    webhook, ntfy = Ear(), Ear("ntfy")
    house = make_house(webhook, ntfy)
    ntfy.error = Unavailable("ntfy", "could not be reached")
    house.place()
    house.run()
    house.again()
    house.run(hours=1)
    ntfy.error = None
    house.run(hours=1)
    assert (len(webhook.heard), len(ntfy.heard)) == (1, 1)


def test_what_answers_no_is_asked_some_times_and_then_given_up(make_house):
    ear = Ear()
    house = make_house(ear)
    ear.error = Refused("webhook", "its address was refused with 400")
    house.place()
    for _ in range(10):
        house.run(days=1)
    [(state, item)] = house.errand()
    assert (state, item.permanent, item.attempts) == ("failed", True, 5)


@pytest.mark.slow
@pytest.mark.parametrize(
    "error", [ConfigError("plex needs its token"), NotAuthorised("plex", "refused our login")]
)
def test_what_a_person_must_mend_waits_for_them_and_goes_on_at_the_next_start(make_house, error):
    ear = Ear("plex", REFRESH)
    house = make_house(ear)
    ear.error = error
    house.place()
    for _ in range(10):
        house.run(days=1)
    [(state, item)] = house.errand(REFRESH)
    assert (state, item.permanent, item.attempts) == ("failed", False, 0)
    ear.error = None
    (house.home / "breaker_plex.json").unlink(missing_ok=True)  # as with another login
    house.again()
    house.run()
    assert len(ear.heard) == 1


def test_a_stop_while_it_is_told_leaves_it_as_it_was(make_house):
    ear = Ear()
    house = make_house(ear)
    ear.error = Stopping("the program is stopping")
    house.place()
    with pytest.raises(Stopping):
        house.run()
    [(state, _)] = house.errand()
    assert state == "pending"


def test_what_a_crash_left_claimed_is_told_under_the_same_id(make_house):
    ear = Ear()
    house = make_house(ear)
    ear.error = Stopping("the power is gone")
    house.place()
    with pytest.raises(Stopping):
        house.run()
    claimed = house.queue.take(NOTICE)
    ear.error = None
    house.again()
    house.run()
    assert [notice.id for notice in ear.heard] == [claimed.id]


def test_a_crash_before_the_mark_moved_doubles_nothing(make_house):
    ear = Ear()
    house = make_house(ear)
    before = (house.home / FILE).read_bytes()
    house.place()
    house.run()
    (house.home / FILE).write_bytes(before)
    house.again()
    house.run()
    assert len(ear.heard) == 1


def test_a_better_release_and_a_removal_are_told_in_their_own_words(make_house):
    ear, jellyfin = Ear(), Ear("jellyfin", REFRESH)
    house = make_house(ear, jellyfin)
    film = house.place(**{INSTEAD_OF: "Film.1.720p"})
    house.run()
    house.clock.now += timedelta(hours=1)
    path = house.queue.get(film)[1].data["path"]
    house.queue.remove(film, CLEANUP, path=None, **{CLEANED: {"path": path}})
    house.run()
    assert titles(ear) == [
        "Film 1 (1999) is in the library in a better release",
        "Film 1 (1999) left the library",
    ]
    assert ear.heard[0].text == "Film.1.1080p instead of Film.1.720p"
    assert [change.what for change in jellyfin.heard] == ["modified", "deleted"]


def test_a_film_that_comes_back_is_told_again(make_house):
    ear = Ear("plex", REFRESH)
    house = make_house(ear)
    film = house.place()
    house.run()
    house.clock.now += timedelta(hours=1)
    house.queue.remove(film, CLEANUP)
    house.queue.restore(film)
    house.queue.complete(film)
    house.run()
    assert [change.what for change in ear.heard] == ["created", "created"]


def test_what_was_there_already_or_removed_by_hand_is_no_news(make_house):
    ear, plex = Ear(), Ear("plex", REFRESH)
    house = make_house(ear, plex)
    house.place(1, how="already there")
    house.run()
    house.queue.remove(house.place(2, how="already there"))
    house.run()
    assert (ear.heard, plex.heard) == ([], [])


def test_a_media_server_is_told_whatever_a_person_is(make_house):
    plex = Ear("plex", REFRESH)
    house = make_house(plex)
    house.place()
    house.give_up(2)
    house.run()
    assert len(plex.heard) == 1
    assert house.errand(NOTICE) == []


def test_what_needs_a_person_is_told_once_until_it_was_in_order_for_hours(make_house):
    ear = Ear()
    house = make_house(ear, events=NEEDS_YOU)
    film = house.give_up()
    for _ in range(3):
        house.run(minutes=10)
    house.again()
    house.run(minutes=10)
    assert titles(ear) == ["Film 1 (1999) was given up"]
    assert ear.heard[0].text == ("it is a series. Retry it, choose another release, or skip it.")
    house.queue.retry(film)
    house.run(minutes=10)
    house.give_up()  # at once again: that is no news
    house.run(minutes=10)
    assert len(ear.heard) == 1
    house.queue.retry(film)
    house.run(minutes=10)
    house.run(hours=7)
    house.give_up()
    house.run(minutes=10)
    assert len(ear.heard) == 2


def test_many_at_once_are_one_notice(make_house):
    ear = Ear()
    house = make_house(ear)
    for number in range(30):
        house.give_up(number)
    house.run()
    house.queue.retry("film:letterboxd:3")
    house.run(hours=1)
    [notice] = ear.heard
    assert notice.title == "30 films were given up"
    assert len(notice.text.splitlines()) == 21
    assert notice.text.endswith("and 10 more")


def test_nothing_is_told_that_a_person_does_not_want(make_house):
    ear = Ear()
    house = make_house(ear, events=())
    house.place(1)
    house.give_up(2)
    house.run()
    assert ear.heard == []


def test_texts_may_be_a_persons_own(make_house):
    ear = Ear()
    own = {"arrived.title": "Popcorn!", "arrived": "{title} of {year} {as_it_is}"}
    house = make_house(ear, templates=own, page_url="http://nas:5000/")
    house.place()
    house.run()
    [notice] = ear.heard
    assert (notice.title, notice.text) == ("Popcorn!", "Film 1 of 1999 {as_it_is}")
    assert notice.link == "http://nas:5000/films/film:letterboxd:1"


def test_a_download_that_begins_is_told_where_that_is_wanted(make_house):
    ear = Ear()
    house = make_house(ear, events=("downloading",))
    house.queue.put_many([make.item()])
    item = house.queue.take("film")
    release = {"release": {"name": "Film.1.1080p"}}
    house.queue.update(item.id, handle="a" * 40, data={**item.data, **release})
    house.run()
    house.queue.note(item.id, stalled="x")
    house.run(hours=1)
    assert titles(ear) == ["Film 1 (1999) is downloading"]


def test_the_day_is_summed_up_at_its_time_once(make_house):
    ear = Ear()
    house = make_house(ear, events=(), digest_at="12:30")
    house.place(1)
    house.place(2, **{INSTEAD_OF: "Film.2.720p"})
    house.give_up(3)
    house.run(minutes=20)
    assert ear.heard == []
    for _ in range(5):
        house.run(minutes=20)
    [notice] = ear.heard
    assert notice.title == "Movie Sync on Monday, 05 January"
    assert notice.text.splitlines() == [
        "in the library: Film 1 (1999)",
        "in a better release: Film 2 (1999)",
        "needs you: Film 3 (1999) was given up: it is a series",
        "0 downloading, 0 looked for",
    ]
    house.run(days=1)
    assert [n.text.splitlines()[0] for n in ear.heard[1:]] == [
        "needs you: Film 3 (1999) was given up: it is a series"
    ]


def test_a_day_without_anything_is_not_summed_up(make_house):
    ear = Ear()
    house = make_house(ear, digest_at="12:30")
    house.run(days=1)
    house.run(days=1)
    assert ear.heard == []


def test_what_was_told_is_forgotten_after_a_month_and_never_told_again(make_house):
    ear = Ear()
    house = make_house(ear)
    film = house.place(1)
    house.give_up(2)
    house.run()
    assert len(house.errand()) == 2
    house.run(days=31)
    [(_, item)] = house.errand()  # what still is so is kept in mind
    assert item.id.startswith("notice:given_up:film:letterboxd:2:")
    house.queue.note(film, anything="new")
    house.run(hours=1)
    assert len(ear.heard) == 2


def test_an_errand_of_no_form_ends_and_holds_up_no_other(make_house):
    ear = Ear()
    house = make_house(ear)
    broken = make.item(9, id="notice:x", kind=NOTICE, data={"about": {"id": 7}})
    house.queue.put_many([broken])
    house.place()
    house.run()
    assert house.queue.get("notice:x")[1].permanent
    assert len(ear.heard) == 1


def test_films_are_counted_without_errands(make_house):
    ear = Ear()
    house = make_house(ear)
    ear.error = Unavailable("webhook", "could not be reached")
    house.place()
    house.run()
    assert house.queue.get_statistics() == {
        "pending": 0, "active": 0, "failed": 0, "completed": 1, "removed": 0,
        "permanent_failures": 0,
    }  # fmt: skip
    assert house.queue.next_retry_at("film") is None
    assert house.queue.ready(house.clock.now + timedelta(days=9), "film") == []
    assert not house.queue.waits("film")


def test_what_waits_is_said_in_words():
    def of(kind, **changes):
        return make.item(1, kind=kind, **changes)

    assert waiting([of("film")]) == ""
    assert waiting([of(NOTICE)]) == "1 notice waits"
    some = [of(NOTICE), of(NOTICE), of(REFRESH), of(REFRESH), of(NOTICE, permanent=True)]
    assert waiting(some) == "2 notices wait, 2 library refreshes wait"


def test_it_looks_again_soon(make_house):
    house = make_house(Ear())
    assert house.errands.run(NOON) == EVERY_S


def test_a_damaged_memory_stops_nothing(make_house, caplog):
    ear = Ear()
    house = make_house(ear)
    (house.home / FILE).write_text("{")
    house.again()
    house.run()
    house.place()
    house.run()
    assert len(ear.heard) == 1
    assert "cannot be read" in caplog.text
