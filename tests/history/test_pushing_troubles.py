import json
from collections import Counter
from datetime import timedelta

import pytest

from movie_sync.demo.trakt_site import TraktSite, slow_down, status
from movie_sync.errors import Stopping
from movie_sync.history.pushing import EVERY_S, KNOWN_FOR
from movie_sync.history.rows import Sending
from movie_sync.history_models import Work
from movie_sync.library_models import Kind
from movie_sync.models import State
from tests.history.pushes import DAY, EVENING, RONIN, Household, dark, furnish, play, there
from tests.services.trakt_account import Clock, opened

DONE, WAITING, SKIPPED = Sending.DONE, Sending.WAITING, Sending.SKIPPED
UNKNOWN, NOT_FOUND, REFUSED = Sending.UNKNOWN, Sending.NOT_FOUND, Sending.REFUSED


pytestmark = pytest.mark.slow  # each has a server, a database and a queue


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def site(clock):
    with TraktSite(clock=clock) as started:
        furnish(started.world)
        yield started


@pytest.fixture
def home(tmp_path, db, site, clock):
    with opened(site, clock) as trakt:
        made = Household(tmp_path, db, trakt, clock)
        yield made
        made.queue.close()


def posts(site):
    return [json.loads(one.body) for one in site.asked("/sync/history", "POST")]


@pytest.mark.parametrize("lost", [500, 502, 504])
def test_an_error_after_which_it_is_there_is_no_second_play(site, home, lost):
    def done_and_failed(request):
        site.trouble.clear()
        site._routed(request)
        return status(lost)

    site.trouble["POST /sync/history"] = done_and_failed
    home.watch(play(), play(dark(1), EVENING + DAY))
    home.run()
    assert home.states() == {UNKNOWN: 2}
    home.run_on()
    assert home.states() == {DONE: 2}
    assert max(there(site.world).values()) == 1
    assert len(posts(site)) == 1
    assert home.store.syncs()[0].counts == {"told": 2, "verified": 2}


def test_an_answer_that_breaks_off_is_no_second_play(site, home):
    site.lose()
    home.watch(play())
    home.run_on()
    assert home.states() == {DONE: 1}
    assert len(site.world.plays) == 1


def test_an_error_after_which_it_is_not_there_is_told_again(site, home):
    site.trouble["POST /sync/history"] = status(503)
    home.watch(play())
    home.run()
    assert home.states() == {UNKNOWN: 1}
    site.trouble.clear()
    home.run_on()
    assert home.states() == {DONE: 1}
    assert len(site.world.plays) == 1


def test_what_may_be_under_way_is_not_looked_for_too_early(site, home):
    site.lose()
    home.watch(play())
    home.run()
    asked = len(site.requests)
    home.queue.retry(next(home.queue.iter(State.FAILED)).id)
    home.clock.now += 20
    home.run()
    assert len(site.asked("/sync/history", "GET")) == 0
    assert home.states() == {UNKNOWN: 1}
    assert len(site.requests) == asked


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (status(420), "the account is full (420)"),
        (status(426), "VIP accounts alone (426)"),
        (status(423), "locked or deactivated (423)"),
        (status(403), "not approved (403)"),
    ],
)
def test_a_refusal_of_the_account_stops_the_telling_until_a_person_says_so(
    site, home, answer, words
):
    site.trouble["POST /sync/history"] = answer
    home.watch(play(), play(RONIN))
    home.run()
    assert words in home.pushing.problem()
    assert home.states() == {WAITING: 2}
    asked = len(site.requests)
    home.clock.now += 3 * 24 * 3600
    home.restart()
    home.run()
    assert len(site.requests) == asked
    assert home.store.syncs()[0].state == "failed"
    if "420" in words or "426" in words:
        assert home.trakt.last_activities()  # reading goes on
    site.trouble.clear()
    home.trakt.check()
    home.pushing.go_on(home.now)
    home.run()
    assert home.pushing.problem() is None
    assert home.states() == {DONE: 2}


def test_a_wish_to_slow_down_is_waited_out(site, home):
    site.trouble["POST /sync/history"] = slow_down(120)
    home.watch(play())
    before = home.clock.now
    home.run()
    (item,) = home.queue.iter(State.FAILED)
    assert item.attempts == 0
    assert item.retry_at.timestamp() >= before + 120
    assert home.states() == {WAITING: 1}
    site.trouble.clear()
    home.run_on()
    assert home.states() == {DONE: 1}
    assert len(site.world.plays) == 1


def test_one_play_that_trakt_refuses_holds_up_no_other(site, home):
    def refuse_ronin(request):
        return status(422) if b"8195" in request.body else None

    site.trouble["POST /sync/history"] = refuse_ronin
    plays = [play(dark(number), EVENING + number * DAY) for number in range(1, 8)]
    home.watch(play(RONIN, EVENING), *plays)
    home.run()
    assert home.states() == {DONE: 7, REFUSED: 1}
    assert "(422)" in home.rows(REFUSED)[0].why


def test_a_trakt_that_suddenly_shows_far_less_is_told_nothing(site, home):
    for day in range(60):
        site.world.play(("movie", 28), (EVENING - (100 + day) * DAY).timestamp())
    home.watch(play(RONIN))
    home.run()
    assert home.states() == {DONE: 1}
    for number, item, _ in site.world.plays:
        if item == ("movie", 28):
            site.world.remove(number)
    home.clock.now += KNOWN_FOR.total_seconds() + 1
    home.watch(play(dark(1)))
    home.run()
    assert home.states() == {DONE: 1, WAITING: 1}
    assert "shows 1 plays of ann, and showed 60 before" in home.pushing.problem()
    home.pushing.go_on(home.now)
    home.run()
    assert home.states() == {DONE: 2}


def test_a_program_that_ends_leaves_the_plays_waiting(site, home):
    class Ending:
        name = "trakt"

        def __getattr__(self, name):
            return getattr(home.trakt, name)

        def add(self, plays):
            raise Stopping("the program ends")

    home.restart(trakt=Ending())
    home.watch(play())
    with pytest.raises(Stopping):
        home.run()
    assert home.states() == {WAITING: 1}
    home.restart()
    home.run()
    assert home.states() == {DONE: 1}


def test_an_item_says_which_plays_it_holds_and_why_it_waits(site, home):
    site.trouble["POST /sync/history"] = status(503)
    home.watch(*(play(dark(number), EVENING + number * DAY) for number in range(1, 9)))
    home.run()
    (item,) = home.queue.iter(State.FAILED)
    assert item.title == "Trakt: 8 plays of 2025-12-02 to 2025-12-09"
    assert item.kind == "watch"
    assert item.last_error == "trakt: /sync/history answered 503"
    assert len(item.data["plays"]) == 8


def test_what_a_person_took_out_of_the_queue_is_not_told_until_they_bring_it_back(site, home):
    site.troubles.append(status(503))  # of the account
    home.watch(play())
    home.clock.now += 1
    home.store.set_marks([("trakt", "push_account", "ann")], home.now)
    home.run()
    (item,) = home.queue.iter(State.FAILED)
    home.queue.remove(item.id)
    home.watch(play(RONIN))
    home.clock.now += 3600
    home.run_on()
    assert home.states() == {DONE: 1, REFUSED: 1}
    home.queue.restore(item.id)
    home.run_on()
    assert home.states() == {DONE: 2}


def test_what_waits_for_one_account_is_not_told_to_another(site, home):
    home.watch(play())
    home.run()
    site.settings["user"]["username"] = "bob"
    home.clock.now += KNOWN_FOR.total_seconds() + 1
    home.watch(play(RONIN))
    home.run()
    home.pushing.expect()
    home.run()
    assert home.store.queued("trakt", "ann") == {DONE: 1, WAITING: 1}
    assert home.store.queued("trakt", "bob") == {DONE: 1}


def test_a_dry_run_says_what_would_go_and_sends_nothing(site, home):
    site.world.play(("movie", 28), EVENING.timestamp())
    nameless = Work(kind=Kind.SHOW, title="Viki", ids={"viki": "1c"}, season=1, episode=1)
    whole = Work(kind=Kind.SHOW, title="Dark", year=2017, ids={"trakt": "7"})
    home.watch(play(), play(RONIN), play(nameless), play(whole))
    made = home.pushing.dry_run(home.now)
    assert made.sentence == (
        "1 would be told; 1 there already; 1 not matched yet; 1 not fit to be told"
    )
    reasons = {str(one.row.work): one.why_not for one in made.first}
    assert reasons["Ronin (1998)"] is None
    assert reasons["Heat (1995)"] == "Trakt has this play, of 2025-12-01 20:00 UTC"
    assert not posts(site)
    assert home.states() == {WAITING: 4}
    assert not home.store.syncs()


def test_a_long_outage_makes_no_long_queue(site, home):
    site.trouble["POST /sync/history"] = status(503)
    home.watch(*(play(dark(n % 10 + 1), EVENING - 2 * n * DAY) for n in range(700)))
    for _ in range(5):
        home.run()
        home.clock.now += 3600
    assert sum(home.queue.counts().values()) == 3
    site.trouble.clear()
    home.run_on()
    assert home.states() == {DONE: 700}
    assert set(there(site.world).values()) == {1}


def test_a_pass_with_nothing_to_do_says_when_to_come_again(home):
    assert home.pass_() == EVERY_S


def test_batches_go_in_order_of_time_and_a_hundred_at_once(site, home):
    plays = [
        play(dark(number % 10 + 1), EVENING - timedelta(days=3 * number)) for number in range(250)
    ]
    home.watch(*plays)
    most = 0
    while home.pass_() == 0:
        most = max(most, sum(home.queue.counts().values()))
    sizes = [
        sum(len(s["episodes"]) for show in body["shows"] for s in show["seasons"])
        for body in posts(site)
    ]
    assert sizes == [100, 100, 50]
    assert most <= 3
    times = [time for _, _, time in site.world.plays]
    assert Counter(there(site.world).values()) == {1: 250}
    assert times[0] < times[100] < times[-1]
