import threading
from datetime import UTC, datetime, timedelta

import pytest

from movie_sync.demo.trakt_site import CLOUDFLARE, TraktSite, slow_down, status
from movie_sync.errors import (
    BadAnswer,
    Blocked,
    ConfigError,
    Full,
    NotAuthorised,
    NotFound,
    Refused,
    Unavailable,
    Unsure,
)
from movie_sync.history_models import Play, Rating, Work
from movie_sync.http import USER_AGENT
from movie_sync.library_models import Kind
from movie_sync.services.trakt_api import connect
from movie_sync.services.trakt_titles import escaped
from movie_sync.trakt_models import OtherTitle, Place, Removed, Told
from tests.services.trakt_account import NOW, Clock, HeldTokens, fill, opened

FILM = Work(kind=Kind.FILM, title="Heat", year=1995, ids={"trakt": "28", "imdb": "tt0113277"})
EPISODE = Work(
    kind=Kind.SHOW, title="Dark", ids={"trakt": "7"}, season=1, episode=2,
    episode_ids={"trakt": "701002"},
)  # fmt: skip
BY_NUMBER = Work(kind=Kind.SHOW, title="Dark", ids={"trakt": "7"}, season=1, episode=3)


def play(work=FILM, at=NOW - timedelta(days=1)):
    return Play(key=f"hand:{work}:{at}", source="hand", work=work, watched_at=at)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def site(clock):
    with TraktSite(clock=clock) as started:
        started.world.film(28, "Heat", 1995, imdb="tt0113277", tmdb=949)
        started.world.show(7, "Dark", 2017, {0: 1, 1: 10, 2: 8}, tmdb=70523, tvdb=334824)
        yield started


@pytest.fixture
def trakt(site, clock):
    with opened(site, clock) as connected:
        yield connected


def ids(pages):
    return [one.history_id for page in pages for one in page.plays]


def test_every_call_says_who_asks(site, trakt):
    trakt.settings()
    headers = site.requests[-1].headers
    assert headers["User-Agent"] == USER_AGENT
    assert headers["trakt-api-version"] == "2"
    assert headers["trakt-api-key"] == site.gate.client_id
    assert headers["Authorization"].startswith("Bearer ")


def test_an_account_has_a_zone_and_limits(trakt):
    who = trakt.settings()
    assert (who.username, who.vip, who.zone) == ("ann", True, "Europe/Berlin")
    assert who.limits["watchlist.item_count"] == 250
    assert trakt.check() == "ann is logged in (VIP); its days are those of Europe/Berlin"


def test_searching_needs_no_login(site, clock):
    with opened(site, clock) as trakt:
        trakt.search(Kind.SHOW, "Dark")
    assert "Authorization" not in site.requests[-1].headers


def test_a_play_has_all_that_trakt_says_of_it(site, trakt):
    site.world.play(("episode", 701002), "2025-12-31T23:30:00+01:00")
    [page] = list(trakt.history(Kind.SHOW))
    told = page.plays[0].play
    assert told.key == f"trakt:{page.plays[0].history_id}"
    assert told.watched_at == datetime(2025, 12, 31, 22, 30, tzinfo=UTC)
    assert str(told.work) == "Dark (2017) 1x02"
    assert told.work.ids == {"trakt": "7", "tmdb": "70523", "tvdb": "334824"}
    assert told.work.episode_ids["trakt"] == "701002"
    assert page.plays[0].history_id > 2**31


@pytest.mark.parametrize("at", [None, "1970-01-01T00:00:01.000Z"])
def test_a_play_without_a_date_is_no_play_of_1970(site, trakt, at):
    site.world.play(("movie", 28), at)
    [page] = list(trakt.history())
    assert page.plays[0].play.watched_at is None


def test_a_play_that_cannot_be_read_is_named_and_costs_no_other(site, trakt):
    odd = [{"id": 5, "type": "movie", "watched_at": "yesterday", "movie": {"ids": {"trakt": 1}}},
           {"id": 6, "type": "movie", "watched_at": None, "movie": None},
           {"id": 7, "type": "movie", "movie": {"title": None, "ids": {"slug": "heat-1995"}}},
           {"id": 8, "type": "hologram", "movie": "x"}]  # fmt: skip
    site.troubles.append(status(200, odd, X_Pagination_Page_Count="1", X_Pagination_Item_Count="4"))
    [page] = list(trakt.history())
    assert [(one.history_id, one.play.work.title) for one in page.plays] == [(7, "heat 1995")]
    assert page.problems[:2] == (
        "item 5: 'yesterday' is no time",
        "item 6: a 'movie' says nothing of what it is",
    )
    assert len(page.problems) == 3


def test_all_pages_are_read_though_only_250_items_come_at_once(site, trakt):
    fill(site, 1001)
    pages = list(trakt.history())
    assert len(ids(pages)) == len(set(ids(pages))) == 1001
    assert [page.number for page in pages] == [1, 2, 3, 4, 5]
    assert (pages[0].of, pages[0].items) == (5, 1001)


def test_without_headers_pages_are_read_until_an_empty_one(site, trakt):
    fill(site, 500)
    site.counted = False
    assert len(ids(trakt.history())) == 500
    assert len(site.asked("/sync/history")) == 3


def test_a_list_in_one_piece_without_headers_ends(site, trakt):
    site.world.play(("movie", 28), NOW.timestamp())
    told = status(200, [site.world.listed(site.world.plays[0][0])])
    site.trouble["GET /sync/history"] = told
    assert len(ids(trakt.history())) == 1


def test_a_play_that_comes_while_pages_are_read_is_neither_missed_nor_doubled(site, trakt):
    fill(site, 600)
    added = []

    def add(number):
        if number == 2 and not added:
            added.append(site.world.play(("movie", 28), site.world.clock()))

    site.after_page = add
    found = ids(trakt.history())
    assert len(found) == len(set(found)) == 601
    assert added[0] in found


def test_plays_taken_away_while_pages_are_read_hide_no_other(site, trakt):
    fill(site, 600)
    newest = site.world.history()[:5]
    gone = []

    def remove(number):
        if number == 1 and not gone:
            gone.extend(number for number in newest if site.world.remove(number))

    site.after_page = remove
    found = ids(trakt.history())
    assert len(found) == len(set(found))
    assert set(site.world.history()) <= set(found)


def test_a_list_that_never_stands_still_is_not_taken_for_whole(site, trakt):
    fill(site, 600)
    site.after_page = lambda number: site.world.remove(site.world.history()[0])
    with pytest.raises(Unavailable, match="changes faster"):
        list(trakt.history())


def test_a_list_far_shorter_than_it_says_is_not_taken_for_whole(site, trakt):
    few = status(200, [], X_Pagination_Page_Count="1", X_Pagination_Item_Count="500")
    site.trouble["GET /sync/watchlist"] = few
    with pytest.raises(BadAnswer, match="announces 500 items and gives 0"):
        trakt.watchlist()


def test_history_between_two_times_and_of_one_work(site, trakt):
    first = site.world.play(("movie", 28), "2025-12-01T20:00:00.000Z")
    second = site.world.play(("movie", 28), "2025-12-03T20:00:00.000Z")
    other = site.world.play(("episode", 701003), "2025-12-03T20:00:30.000Z")
    start, end = datetime(2025, 12, 2, tzinfo=UTC), datetime(2025, 12, 4, tzinfo=UTC)
    assert ids(trakt.history(start_at=start, end_at=end)) == [other, second]
    assert [one.history_id for one in trakt.plays_of(FILM, start, end)] == [second]
    assert [one.history_id for one in trakt.plays_of(BY_NUMBER, start, end)] == [other]
    by_imdb = Work(kind=Kind.FILM, title="Heat", ids={"imdb": "tt0113277"})
    assert [one.history_id for one in trakt.plays_of(by_imdb, start, end)] == [second]
    assert first not in ids(trakt.history(start_at=start, end_at=end))
    assert "start_at=2025-12-02T00%3A00%3A00.000Z" in site.asked("/sync/history")[0].raw_query


def test_all_times_of_watching_come_in_one_answer(site, trakt):
    site.world.play(("movie", 28), "2025-12-01T20:00:00.000Z")
    site.world.play(("movie", 28), "2025-12-02T20:00:00.000Z")
    site.world.play(("episode", 702008), "2025-12-03T20:00:00.000Z")
    assert len(trakt.watched_times(Kind.FILM)[Place("28")]) == 2
    assert list(trakt.watched_times(Kind.SHOW)) == [Place("7", 2, 8)]
    assert "extended=min" in site.requests[-1].raw_query


def test_what_changed_is_told_by_one_cheap_question(site, trakt):
    before = trakt.last_activities()
    number = site.world.play(("movie", 28), NOW.timestamp())
    added = trakt.last_activities()
    site.world.remove(number)
    assert before.films_watched_at is None
    assert added.films_watched_at != trakt.last_activities().films_watched_at
    assert added.episodes_watched_at is None


def test_a_search_finds_what_holds_signs_of_its_own_language(site, trakt):
    site.world.show(9, "Hello, My Twenties!", 2016, {1: 12}, aliases=[
        {"title": "Age of Youth", "country": "us"},
    ])  # fmt: skip
    hits = trakt.search(Kind.SHOW, "Hello, My Twenties!", years="2015-2017", countries=["KR"])
    assert [hit.ids["trakt"] for hit in hits] == ["9"]
    assert "Twenties%5C%21" in site.requests[-1].raw_query
    assert "countries=kr" in site.requests[-1].raw_query
    exact = trakt.search(Kind.SHOW, "Age of Youth", exact=True)
    assert [hit.slug for hit in exact] == ["hello,-my-twenties!-2016"]
    assert trakt.search(Kind.SHOW, "Age of", exact=True) == []
    assert trakt.aliases(Kind.SHOW, "9") == (OtherTitle("Age of Youth", "US"),)


@pytest.mark.parametrize(
    ("text", "sent"),
    [("AC/DC: [Live]", r"AC\/DC\: \[Live\]"), ("A && B & C", r"A \&& B & C"),
     ("a\\b", r"a\\b"), ("합성", "합성")],
)  # fmt: skip
def test_signs_of_the_search_stand_for_themselves(text, sent):
    assert escaped(text) == sent


def test_an_id_finds_only_what_has_it_and_is_of_the_right_kind(site, trakt):
    site.world.film(900, "Dark", 2018, tmdb=70523)
    assert [hit.ids["trakt"] for hit in trakt.by_id("tmdb", "70523", Kind.SHOW)] == ["7"]
    assert trakt.by_id("tmdb", "1", Kind.SHOW) == []


def test_a_show_has_facts_and_seasons(site, trakt):
    site.world.full["show", 7] |= {"country": "de", "language": "de", "first_aired": None}
    assert trakt.show("7").countries == ("DE",)
    seasons = trakt.seasons("7")
    assert [(season.number, len(season.episodes)) for season in seasons] == [
        (0, 1),
        (1, 10),
        (2, 8),
    ]
    with pytest.raises(NotFound):
        trakt.film("7777")


def test_ratings_and_wishes_are_read_and_told(site, trakt):
    assert trakt.add_ratings([Rating(work=FILM, source="hand", tenths=8)]) == Told(done=(0,))
    assert trakt.add_wishes([EPISODE, FILM]) == Told(done=(0, 1))
    assert trakt.add_wishes([FILM]) == Told(done=(0,))  # it stands there already
    assert [one.tenths for one in trakt.ratings().ratings] == [8]
    assert {str(one.work) for one in trakt.watchlist().wishes} == {
        "Heat (1995)",
        "Dark (2017) 1x02",
    }
    assert trakt.remove_ratings([FILM]).done == (0,)
    assert trakt.remove_wishes([FILM, EPISODE]).done == (0, 1)
    assert trakt.ratings().ratings == trakt.watchlist().wishes == ()


def test_what_is_paused_says_how_far(site, trakt):
    site.world.paused[3] = {"id": 3, "progress": 65.5, "paused_at": "2026-01-01T00:00:00Z",
                            **site.world.told(("movie", 28))}  # fmt: skip
    assert [(one.playback_id, one.percent) for one in trakt.paused()] == [(3, 65.5)]


def test_plays_are_told_with_their_time_and_a_film_goes_to_the_films(site, trakt):
    assert trakt.add([play(), play(EPISODE), play(BY_NUMBER)]) == Told(done=(0, 1, 2))
    assert {item for _, item, _ in site.world.plays} == {
        ("movie", 28), ("episode", 701002), ("episode", 701003),
    }  # fmt: skip
    assert {time for _, _, time in site.world.plays} == {"2026-01-04T12:00:00.000Z"}


def test_only_what_trakt_does_not_know_is_not_found(trakt):
    unknown = Work(kind=Kind.FILM, title="Nothing", ids={"imdb": "tt9999999"})
    far = Work(kind=Kind.SHOW, title="Dark", ids={"trakt": "7"}, season=1, episode=99)
    no_show = Work(kind=Kind.SHOW, title="Bright", ids={"trakt": "8"}, season=1, episode=1)
    told = trakt.add([play(), play(unknown), play(BY_NUMBER), play(far), play(no_show)])
    assert told == Told(done=(0, 2), not_found=(1, 3, 4))


def test_fewer_than_were_told_are_never_taken_for_all(site, trakt):
    added = {"added": {"movies": 0, "episodes": 1}, "not_found": {}}
    site.troubles.append(status(201, added))
    assert trakt.add([play(), play(EPISODE)]) == Told(done=(1,), unsure=(0,))


@pytest.mark.parametrize(
    "work",
    [
        Work(kind=Kind.SHOW, title="Dark", ids={"trakt": "7"}),
        Work(kind=Kind.SHOW, title="Dark", ids={"trakt": "7"}, season=1),
        Work(kind=Kind.SHOW, title="Dark", ids={"trakt": "7"}, episode=4),
        Work(kind=Kind.FILM, title="Heat", ids={"tvdb": "5"}),
    ],
)
def test_what_would_mark_a_whole_show_or_has_no_id_is_never_sent(site, trakt, work):
    with pytest.raises(Refused, match="nothing was sent"):
        trakt.add([play(), play(work)])
    assert not site.asked("/", "POST")


@pytest.mark.parametrize("at", [NOW + timedelta(days=2), datetime(1899, 1, 1, tzinfo=UTC)])
def test_a_time_that_cannot_be_is_never_sent(site, trakt, at):
    with pytest.raises(Refused, match="nothing was sent"):
        trakt.add([play(at=at)])
    assert not site.asked("/", "POST")


def test_a_play_of_an_unknown_time_is_not_told_as_one_of_now(site, trakt):
    trakt.add([play(at=None)])
    assert b'"watched_at":"unknown"' in site.requests[-1].body
    assert trakt.watched_times(Kind.FILM) == {}


def test_plays_are_taken_back_one_by_one(site, trakt):
    kept, gone = (site.world.play(("movie", 28), NOW.timestamp()) for _ in range(2))
    assert trakt.remove([gone, 5]) == Removed(1, (5,))
    assert [number for number, _, _ in site.world.plays] == [kept]


def test_a_change_whose_answer_is_lost_is_neither_done_nor_failed(site, trakt):
    site.lose()
    with pytest.raises(Unsure):
        trakt.add([play()])
    assert len(site.world.plays) == 1
    assert len(site.asked("/sync/history", "POST")) == 1


@pytest.mark.parametrize("said", [status(500), status(502), status(504), status(201, {}),
                                  status(200, [1])])  # fmt: skip
def test_a_change_is_sent_once_whatever_is_answered(site, trakt, said):
    site.trouble["POST"] = said
    with pytest.raises(Unsure):
        trakt.add([play()])
    assert len(site.asked("/", "POST")) == 1


STATUSES = [
    (400, Refused, "not valid (400)"),
    (403, NotAuthorised, "VIP accounts alone"),
    (404, NotFound, "is not there"),
    (409, Refused, "has this already (409)"),
    (412, Refused, "(412)"),
    (420, Full, "the account is full (420)"),
    (422, Refused, "(422)"),
    (423, NotAuthorised, "locked or deactivated (423)"),
    (426, Full, "for VIP accounts alone (426)"),
    (429, Unavailable, "slow down"),
]


@pytest.mark.parametrize(("code", "error", "words"), STATUSES)
def test_each_refusal_says_what_to_do(site, trakt, code, error, words):
    site.trouble[""] = status(code)
    with pytest.raises(error) as caught:
        trakt.add([play()])
    assert type(caught.value) is error
    assert words in str(caught.value)
    with pytest.raises(error):
        trakt.settings()


@pytest.mark.parametrize("code", [500, 502, 503, 504, 520, 521, 522])
def test_an_outage_is_waited_out_and_then_told(site, clock, trakt, code):
    site.troubles.extend([status(code)] * 3)
    if code in (502, 503, 504):
        with pytest.raises(Unavailable) as caught:
            trakt.settings()
        assert caught.value.retry_after_s == 30.0
    else:
        with pytest.raises(Unavailable):
            trakt.settings()
        assert len(site.requests) == 3
    site.troubles.clear()
    assert trakt.settings().username == "ann"


@pytest.mark.parametrize("code", [403, 423])
def test_nothing_more_is_asked_after_a_refusal_of_all(site, trakt, code):
    site.troubles.append(status(code))
    for _ in range(3):
        with pytest.raises(NotAuthorised):
            trakt.ratings()
    assert len(site.requests) == 1
    assert trakt.check().startswith("ann")  # a person wants to know


def test_a_page_of_cloudflare_is_no_refusal_of_the_key(site, trakt):
    site.trouble[""] = CLOUDFLARE
    with pytest.raises(Blocked):
        trakt.settings()
    site.trouble.clear()
    assert trakt.settings().username == "ann"


def test_a_404_of_a_proxy_is_not_taken_for_a_show_that_is_gone(site, trakt):
    site.trouble["GET /shows"] = status(404, None, Content_Type="text/html")
    with pytest.raises(BadAnswer):
        trakt.show("7")


def test_who_is_told_to_slow_down_waits_as_long_as_asked_and_goes_on(site, clock, trakt):
    site.troubles.append(slow_down(7))
    assert trakt.settings().username == "ann"
    assert sum(clock.slept) >= 7


def test_a_long_pause_holds_for_everybody(site, clock, trakt):
    site.troubles.append(slow_down(300))
    with pytest.raises(Unavailable) as caught:
        trakt.ratings()
    assert caught.value.retry_after_s == 300
    for ask in (trakt.settings, lambda: trakt.add([play()])):
        with pytest.raises(Unavailable):
            ask()
    assert len(site.requests) == 1
    clock.now += 301
    assert trakt.settings().username == "ann"


def test_without_a_time_pauses_become_longer(site, clock, trakt):
    site.trouble[""] = slow_down(None)
    waits = []
    for _ in range(6):
        with pytest.raises(Unavailable) as caught:
            trakt.settings()
        waits.append(caught.value.retry_after_s)
        clock.now += 300
    assert waits == sorted(waits)
    assert 8 <= waits[0] <= 20
    assert waits[-1] <= 300


def test_changes_keep_their_distance_over_all_threads(site, clock, trakt):
    began = clock.now
    threads = [threading.Thread(target=trakt.add_wishes, args=([FILM],)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert clock.now - began >= 3 * 1.05


def test_questions_keep_to_their_number_in_five_minutes(site, clock):
    with opened(site, clock, reads_per_5_min=10) as trakt:
        began = clock.now
        for _ in range(21):
            trakt.settings()
    assert clock.now - began >= 600


def test_a_refused_token_is_renewed_once_and_then_a_person_is_asked(site, clock):
    good = site.gate.grant()["access_token"]
    with opened(site, clock, HeldTokens("stale", good)) as trakt:
        assert trakt.settings().username == "ann"
    site.requests.clear()
    stale = opened(site, clock, HeldTokens("stale", "stale too"))
    with stale as trakt, pytest.raises(NotAuthorised, match="log in again"):
        trakt.settings()
    assert len(site.requests) == 2


def test_without_a_client_id_of_ones_own_nothing_is_asked():
    with pytest.raises(ConfigError, match=r"trakt\.client_id is not set"):
        connect("http://127.0.0.1:1", "", None)
