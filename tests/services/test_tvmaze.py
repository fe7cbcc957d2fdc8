import threading
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from movie_sync.demo import tvmaze_site
from movie_sync.demo.shows_made_up import made_up
from movie_sync.demo.tvmaze_site import TvMazeSite, slow_down
from movie_sync.errors import BadAnswer, Blocked, NotFound, Unavailable
from movie_sync.http import USER_AGENT, Http
from movie_sync.rates import Rate
from movie_sync.services.tvmaze import ATTRIBUTION, TvMaze


class Clock:
    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def site():
    with TvMazeSite([made_up(1), made_up(2), made_up(600)]) as started:
        yield started


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def tvmaze(site, clock):
    rate = Rate(18, 10.0, sleep=clock.sleep, monotonic=lambda: clock.now)
    http = Http("tvmaze", site.url, pacer=rate, gap_s=0.0, tries=2)
    yield TvMaze(http, rate)
    http.close()


def test_pages_are_read_by_id_and_only_404_ends_them(site, tvmaze):
    assert [show.tvmaze_id for show in tvmaze.page(0)] == [1, 2]
    assert tvmaze.page(1) == []  # all of its shows were deleted
    assert [show.tvmaze_id for show in tvmaze.page(2)] == [600]
    assert tvmaze.page(3) is None
    assert tvmaze.answers == {("index", 200): 3, ("index", 404): 1}


@pytest.mark.parametrize("trouble", [tvmaze_site.PROXY_404, tvmaze_site.PAGE])
def test_what_a_proxy_says_is_neither_a_page_nor_the_end_of_them(site, tvmaze, trouble):
    site.trouble = trouble
    with pytest.raises(BadAnswer):
        tvmaze.page(3)


def test_a_show_has_its_facts(site, tvmaze):
    site.put(
        5,
        name="The Bridge",
        type="Scripted",
        language="Danish",
        genres=["Crime"],
        status="Ended",
        runtime=60,
        premiered="2011-09-21",
        ended="2018-02-18",
        rating={"average": 8.7},
        network={"id": 1, "name": "SVT1", "country": {"name": "Sweden", "code": "SE"}},
        webChannel=None,
        externals={"tvrage": None, "thetvdb": 252019, "imdb": "tt1733785"},
    )
    show = tvmaze.show(5)
    assert (show.title, show.country, show.network, show.web_channel) == (
        "The Bridge", "SE", "SVT1", None
    )  # fmt: skip
    assert (show.premiered_on, show.ended_on) == (date(2011, 9, 21), date(2018, 2, 18))
    assert (show.tvdb_id, show.imdb_id, show.rating) == (252019, "tt1733785", 8.7)
    assert show.url.startswith("https://www.tvmaze.com/shows/5/")
    assert "CC BY-SA" in ATTRIBUTION


def test_a_global_streamer_has_no_country_and_the_average_runtime_stands_in(site, tvmaze):
    web = {"id": 1, "name": "Netflix", "country": None}
    site.put(5, network=None, webChannel=web, runtime=None, averageRuntime=52.4)
    show = tvmaze.show(5)
    assert (show.web_channel, show.country, show.runtime_min) == ("Netflix", None, 52)


@pytest.mark.parametrize("missing", [None, "left out"])
def test_all_but_id_and_name_may_be_unknown(site, tvmaze, missing):
    facts = {name: None for name in made_up(5) if name not in ("id", "name")}
    site.put(5, **facts)
    if missing:
        for name in facts:
            del site._shows[5][name]
    show = tvmaze.show(5)
    assert (show.title, show.genres, show.tvdb_id, show.updated_s) == (
        made_up(5)["name"],
        (),
        None,
        0,
    )
    assert [one.tvmaze_id for one in tvmaze.page(0)] == [1, 2, 5]


def test_a_fact_of_an_unknown_form_costs_neither_the_other_facts_nor_the_page(site, tvmaze):
    site.put(5, runtime="an hour", premiered="0000-00-00", externals={"thetvdb": 2**40}, genres=7)
    five = next(show for show in tvmaze.page(0) if show.tvmaze_id == 5)
    assert (five.runtime_min, five.premiered_on, five.tvdb_id, five.genres) == (
        made_up(5)["averageRuntime"], None, None, ()
    )  # fmt: skip
    assert five.url == made_up(5)["url"]


def test_a_show_without_a_name_is_a_form_that_we_do_not_know(site, tvmaze):
    site.put(5, name=None)
    with pytest.raises(BadAnswer, match="show 5 has an unknown form"):
        tvmaze.page(0)


def test_text_never_holds_what_a_database_refuses(site, tvmaze):
    site.put(5, name="The \0Bridge")
    assert tvmaze.show(5).title == "The Bridge"


def test_a_show_that_is_gone_is_not_there_and_a_merged_one_is_the_other(site, tvmaze):
    with pytest.raises(NotFound):
        tvmaze.show(7)
    site.merge(2, into=1)
    assert tvmaze.show(2).tvmaze_id == 1


def test_changes_of_a_window_and_of_all_time(site, tvmaze):
    site.put(2)
    assert set(tvmaze.updates()) == {1, 2, 600}
    assert set(tvmaze.updates("day")) == {2}
    assert site.requests == ["/updates/shows", "/updates/shows?since=day"]


def test_no_change_in_a_window_is_an_answer_but_no_show_at_all_is_none(site, tvmaze):
    for tvmaze_id in site.ids:
        site.remove(tvmaze_id)
    assert tvmaze.updates("day") == {}
    with pytest.raises(BadAnswer, match="names no show at all"):
        tvmaze.updates()


@pytest.mark.parametrize(("as_date", "least_s"), [(False, 7.0), (True, 5.0)])
def test_who_is_told_to_slow_down_waits_as_long_as_was_asked(site, tvmaze, clock, as_date, least_s):
    site.troubles.append(slow_down(7, as_date=as_date))
    assert tvmaze.page(0)
    assert len(site.requests) == 2
    assert least_s <= sum(clock.slept) <= 7.01


def test_who_is_not_told_how_long_waits_longer_each_time(site, tvmaze, clock):
    site.troubles.extend([slow_down(), slow_down(), slow_down()])
    assert tvmaze.page(0)
    first, second, third = clock.slept
    assert (2 <= first <= 2.5, 4 <= second <= 5, 8 <= third <= 10) == (True, True, True)


def test_a_long_pause_ends_the_reading_and_nobody_asks_before_it_is_over(site, tvmaze, clock):
    site.troubles.append(slow_down(600))
    with pytest.raises(Unavailable) as caught:
        tvmaze.page(0)
    assert caught.value.retry_after_s == 600
    clock.now += 500
    with pytest.raises(Unavailable) as caught:
        tvmaze.updates()
    assert caught.value.retry_after_s == 100
    assert len(site.requests) == 1
    clock.now += 100
    assert tvmaze.page(0)


def test_slowing_down_does_not_go_on_for_ever(site, tvmaze):
    site.trouble = slow_down(1)
    with pytest.raises(Unavailable, match="slow down"):
        tvmaze.page(0)
    assert len(site.requests) == 6


def test_an_outage_of_a_moment_is_passed_over(site, tvmaze):
    site.troubles.append(tvmaze_site.OUT_OF_SERVICE)
    assert tvmaze.page(0)
    site.troubles.append(tvmaze_site.BROKEN_OFF)
    assert tvmaze.page(0)


def test_a_refusal_means_that_we_are_blocked_for_it_knows_no_login(site, tvmaze):
    site.trouble = tvmaze_site.reply({}, 403)
    with pytest.raises(Blocked):
        tvmaze.page(0)


def test_all_is_asked_over_one_connection_and_by_our_name():
    seen = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            seen.append((self.client_address, self.headers["User-Agent"]))
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"[]")

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        rate = Rate(18, 10.0)
        http = Http("tvmaze", f"http://127.0.0.1:{server.server_port}", pacer=rate, gap_s=0.0)
        for number in range(5):
            TvMaze(http, rate).page(number)
        http.close()
        server.shutdown()
        thread.join()
    assert len(seen) == 5
    assert {agent for _, agent in seen} == {USER_AGENT}
    assert len({address for address, _ in seen}) == 1
