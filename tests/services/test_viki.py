import logging
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from movie_sync.demo import viki_site, viki_titles
from movie_sync.demo.server import Reply
from movie_sync.demo.viki_site import VikiSite
from movie_sync.demo.viki_titles import MadeVideo
from movie_sync.errors import (
    BadAnswer,
    Blocked,
    ConfigError,
    NotAuthorised,
    NotFound,
    Refused,
    Unavailable,
)
from movie_sync.http import Http, Pacer
from movie_sync.library_models import Kind
from movie_sync.services import viki as service
from movie_sync.services import viki_reading as reading
from movie_sync.services.viki import Viki
from movie_sync.services.viki_shapes import Container, Marker, VikiLogin

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
LETTERS, LANTERN, WINTER = "90001c", "90002c", "90003c"


@pytest.fixture
def now():
    return [1_768_046_400.0]


@pytest.fixture
def site(now):
    with VikiSite(viki_titles.some(), clock=lambda: now[0]) as running:
        yield running


@pytest.fixture
def connect(site):
    opened = []

    def start(login=None, **options):
        calm = {"pacer": Pacer(lambda seconds: None), "gap_s": 0, "tries": 1}
        viki = Viki(
            Http("viki", site.url, **calm),
            Http("viki", site.api_url, **calm),
            signed_in(site) if login is None else login,
            **options,
        )
        opened.append(viki)
        return viki

    yield start
    for each in opened:
        each.close()


@pytest.fixture
def viki(connect):
    return connect()


def signed_in(site):
    cookies = site.sign_in()
    return VikiLogin(
        session_id=cookies["session__id"], viki_session=cookies["_viki_session"],
        token=site.give_token(), user_id=site.user_id,
    )  # fmt: skip


def all_markers(viki, since_s=1):
    return [one for told in viki.markers(since_s) for one in told.markers]


def test_the_session_is_checked_by_whose_it_is(site, connect):
    both = signed_in(site)
    assert connect(both).check() == (
        "signed in as ann; the list of what is being watched is open too"
    )
    assert connect(msgspec.structs.replace(both, token=None)).check() == "signed in as ann"
    wrong = connect(msgspec.structs.replace(both, token="ex1-wrong")).check()
    assert wrong.startswith("signed in as ann; the token is refused; the rest goes on without")


def test_a_marker_is_told_with_all_that_is_known_of_it(site, viki):
    site.watch("90001001v", 3890, NOON)
    (told,) = viki.markers()
    assert told.markers == (
        Marker(
            video_id="90001001v", container_id=LETTERS, episode=1, seconds=3890,
            duration_s=3900, credits_s=3780, at=NOON,
        ),
    )  # fmt: skip
    assert not told.more


def test_only_what_is_new_since_the_mark_is_told(site, viki, now):
    site.watch("90001001v", 3890)
    (first,) = viki.markers()
    now[0] += 60
    site.watch("90001002v", 60)
    assert [each.video_id for each in all_markers(viki, first.updated_till_s)] == ["90001002v"]
    assert len(all_markers(viki)) == 2


def test_nothing_new_is_an_answer_without_markers_and_the_mark_goes_on(site, viki, now):
    site.watch("90001001v", 3890)
    (first,) = viki.markers()
    now[0] += 600
    (second,) = viki.markers(first.updated_till_s)
    assert second.markers == ()
    assert second.updated_till_s == first.updated_till_s + 600


def test_where_there_is_more_it_is_read_to_its_end(site, viki):
    site.markers_per_page = 2
    for container_id in (LETTERS, LANTERN, WINTER):
        site.watch_all(container_id)
    answers = list(viki.markers())
    assert [len(each.markers) for each in answers] == [2, 2, 2, 2]
    assert [each.more for each in answers] == [True, True, True, False]
    marks = [each.updated_till_s for each in answers]
    assert marks == sorted(set(marks))
    assert f"/api/vw_watch_markers?from={marks[0]}" in site.requests


def test_a_reading_that_breaks_off_gives_what_it_had_and_goes_on_from_its_mark(site, viki, connect):
    site.markers_per_page = 2
    site.watch_all(LETTERS)
    site.troubles.extend([None, viki_site.SIGNED_OUT])
    reading_it = viki.markers()
    first = next(reading_it)
    with pytest.raises(NotAuthorised):
        next(reading_it)
    rest = all_markers(connect(), first.updated_till_s)
    assert {each.video_id for each in (*first.markers, *rest)} == {
        f"90001{n:03}v" for n in range(1, 5)
    }


def test_more_without_an_end_is_noticed(site, viki):
    site.trouble = viki_site.reply({"updated_till": 1, "count": 0, "more": True, "markers": {}})
    with pytest.raises(BadAnswer, match="there is more, but updated_till does not go on"):
        list(viki.markers())
    assert len(site.requests) == 1


def test_bare_seconds_and_missing_marks_are_told_as_they_are(site, viki):
    site.watch_all(LETTERS, NOON)
    site.bare.add("90001001v")
    site.without_position.add("90001002v")
    site.without_credits.add("90001003v")
    found = {each.video_id: each for each in all_markers(viki)}
    bare = found["90001001v"]
    assert (bare.seconds, bare.duration_s, bare.credits_s, bare.at) == (3890, None, None, None)
    assert found["90001002v"].seconds is None
    assert found["90001003v"].credits_s is None


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("2026-01-14T23:30:00+09:00", datetime(2026, 1, 14, 14, 30, tzinfo=UTC)),
        ("2026-01-14T23:30:00.250Z", datetime(2026, 1, 14, 23, 30, 0, 250000, tzinfo=UTC)),
        ("2026-01-14T23:30:00", datetime(2026, 1, 14, 23, 30, tzinfo=UTC)),
        (1768433400, datetime(2026, 1, 14, 23, 30, tzinfo=UTC)),
        (0, None),
        (None, None),
        ("soon", None),
        (10**15, None),
    ],
)
def test_a_time_is_in_utc_or_not_told(written, at):
    assert reading.moment(written) == at


def told_of(marker):
    return msgspec.json.encode({"updated_till": 5, "markers": {"1c": {"2v": marker}}})


@pytest.mark.parametrize(
    ("marker", "field"),
    [
        ({"watch_marker": "3890"}, "$.watch_marker"),
        ({"credits_marker": []}, "$.credits_marker"),
        ({"duration": {}}, "$.duration"),
        ({"timestamp": True}, "$.timestamp"),
        ({"episode": "one"}, "$.episode"),
        ("3890", ""),
    ],
)
def test_a_marker_in_an_unknown_form_is_named_by_its_field(marker, field):
    with pytest.raises(BadAnswer) as caught:
        reading.markers(told_of(marker), "/api/vw_watch_markers")
    assert "the marker of 1c/2v has an unknown form, and none of it was used" in str(caught.value)
    assert field in str(caught.value)


@pytest.mark.parametrize("seconds", [-5, 1e12, None])
def test_seconds_that_cannot_be_are_not_taken(seconds):
    (found,) = reading.markers(told_of({"watch_marker": seconds}), "it").markers
    assert found.seconds in (0, None)


@pytest.mark.parametrize(
    "content",
    [b'{"markers": {}}', b'{"updated_till": 1}', b'{"updated_till": -1, "markers": {}}',
     b'{"updated_till": "now", "markers": {}}', b'{"updated_till": 1, "markers": []}'],
)  # fmt: skip
def test_an_answer_without_a_mark_or_markers_is_none(content):
    with pytest.raises(BadAnswer, match=r"updated_till|markers"):
        reading.markers(content, "it")


@pytest.mark.parametrize(
    "answer",
    [
        viki_site.SIGNED_OUT,
        Reply(400, b"User not signed in", "text/plain"),
        Reply(400, b"", "text/plain"),
        viki_site.reply({}, 400),
        viki_site.reply({"error": {"message": "You must be logged in"}}, 400),
        viki_site.reply({"errors": ["Session expired"]}, 400),
        viki_site.reply({"message": "unauthorized"}, 403),
        viki_site.reply({}, 401),
        Reply(401, b"<html>Please sign in</html>"),
    ],
)
def test_a_session_that_is_over_says_what_to_do_and_is_not_shown_again(site, viki, answer):
    site.trouble = answer
    for _ in range(3):
        with pytest.raises(NotAuthorised) as caught:
            list(viki.markers())
    assert caught.value.message == (
        "the session is over, as Viki ends it soon; what was read is kept; sign in at "
        'www.viki.com, then paste its cookies by "history viki login", or import its watch '
        "markers as a file"
    )
    with pytest.raises(NotAuthorised):
        viki.user()
    assert len(site.requests) == 1


@pytest.mark.parametrize("nobody", [None, {"user": None}])
def test_nobody_is_signed_in_where_no_user_is_told(site, viki, nobody):
    site.trouble = viki_site.reply(nobody)
    with pytest.raises(NotAuthorised, match="the session is over"):
        viki.check()


@pytest.mark.parametrize(
    ("told", "name"),
    [({"id": "7u", "username": "ann"}, "ann"), ({"user": {"id": 7, "name": "Ann"}}, "Ann"),
     ({"id": "7u"}, "7u")],
)  # fmt: skip
def test_the_user_is_found_however_it_is_told(site, viki, told, name):
    site.trouble = viki_site.reply(told)
    assert viki.user().name == name


@pytest.mark.parametrize(
    ("answer", "error", "sentence"),
    [
        (viki_site.reply({"error": "from is invalid"}, 400), Refused,
         "/api/vw_watch_markers was refused with 400: from is invalid"),
        (viki_site.FAR_AWAY, Blocked, "is closed to this region: Sorry, this content is not "
         "available in your region."),
        (viki_site.CLOSED_COUNTRY, Blocked, "is closed to this region: 403 ERROR The distribution "
         "is configured to block access from your country"),
        (Reply(403, b"<html>Request blocked.</html>"), Blocked,
         "/api/vw_watch_markers is closed to us by a page: Request blocked."),
        (viki_site.SIGN_IN_PAGE, BadAnswer, "/api/vw_watch_markers is not JSON"),
        (viki_site.PROXY_404, BadAnswer,
         "/api/vw_watch_markers answered 404 in a form that is not its own"),
        (viki_site.GONE, NotFound, "/api/vw_watch_markers is not there"),
        (Reply(503, b""), Unavailable, "/api/vw_watch_markers answered 503"),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_named_for_what_to_do(site, viki, answer, error, sentence):
    site.trouble = answer
    with pytest.raises(error) as caught:
        list(viki.markers())
    assert type(caught.value) is error
    assert caught.value.message == sentence
    site.trouble = None
    assert viki.user().name == "ann"  # for the session was not taken for over


def test_a_session_ends_when_it_is_not_used(site, viki, now):
    now[0] += site.idle_s - 1
    viki.check()
    now[0] += site.idle_s - 1
    viki.check()
    now[0] += site.idle_s + 1
    with pytest.raises(NotAuthorised):
        viki.check()


def test_cookies_that_viki_renews_are_used_and_can_be_stored(site, connect):
    site.rolling = True
    viki = connect()
    before = viki.login
    for _ in range(3):
        viki.check()
    after = viki.login
    assert after.viki_session != before.viki_session
    assert (after.session_id, after.token) == (before.session_id, before.token)
    assert connect(after).user().name == "ann"


def test_a_refusal_renews_no_cookie(site, viki):
    before = viki.login
    renewing = {"Set-Cookie": "_viki_session=anonymous; path=/"}
    site.troubles.extend([
        Reply(400, viki_site.SIGNED_OUT.body, viki_site.JSON, renewing),
    ])  # fmt: skip
    with pytest.raises(NotAuthorised):
        viki.check()
    assert viki.login == before


def test_a_page_in_place_of_an_answer_renews_no_cookie(site, viki):
    before = viki.login
    renewing = {"Set-Cookie": "_viki_session=anonymous; path=/"}
    site.troubles.append(Reply(200, viki_site.SIGN_IN_PAGE.body, headers=renewing))
    with pytest.raises(BadAnswer):
        list(viki.markers())
    site.troubles.append(Reply(200, b"null", viki_site.JSON, renewing))
    with pytest.raises(NotAuthorised):
        viki.user()
    assert viki.login == before


@pytest.mark.parametrize("value", ["", '"quoted, and odd"', "x" * 5000])
def test_a_cookie_that_could_not_be_stored_is_not_taken(site, viki, value):
    before = viki.login
    renewing = {"Set-Cookie": f"_viki_session={value}; path=/"}
    site.troubles.append(Reply(200, b'{"id": "7u"}', viki_site.JSON, renewing))
    viki.user()
    assert viki.login == before


def test_without_cookies_the_site_is_not_asked(site, connect):
    viki = connect(VikiLogin(session_id="abcdefgh"))
    with pytest.raises(NotAuthorised, match="no cookies are stored"):
        list(viki.markers())
    assert site.requests == []


def test_the_list_tells_what_was_watched_last_of_each(site, viki):
    site.keep(WINTER)
    site.watch("90002001v", 60, NOON)
    site.watch("90001004v", 600, NOON + timedelta(hours=1))
    shown = viki.billboard()
    assert [each.container.id for each in shown] == [LETTERS, LANTERN, WINTER]
    first, _, never = shown
    assert (first.last_video_id, first.last_watched_at, first.last_number) == (
        "90001004v", "2026-01-10T13:00:00Z", 4,
    )  # fmt: skip
    assert (never.last_video_id, never.last_watched_at) == (None, None)
    assert never.container.kind is Kind.FILM


@pytest.mark.parametrize("says_more", [True, False])
def test_a_list_is_read_to_its_end_whether_or_not_it_says_that_there_is_more(site, viki, says_more):
    site.most_per_page, site.says_more = 7, says_more
    for number in range(100, 121):
        made = viki_titles.series(number, f"Show {number}", first_on=date(2020, 1, 1))
        site.put(made)
        site.keep(made.id)
    assert len(viki.billboard()) == 21
    assert len(viki.kept_for_later()) == 21


def test_every_episode_is_told_however_small_the_pages_are(site, viki):
    site.most_per_page = 3
    found = viki.videos(LETTERS)
    assert [(each.type, each.number) for each in found] == [
        ("episode", 1), ("episode", 2), ("episode", 3), ("episode", 4),
        ("episode", 0), ("clip", None), ("trailer", 1), ("episode", 5),
    ]  # fmt: skip
    assert sum("per_page=100" in each for each in site.requests) == 3
    first, last = found[0], found[-1]
    assert (first.duration_s, first.credits_s, first.container_id) == (3900, 3780, LETTERS)
    assert first.air_at == datetime(2025, 3, 8, 12, tzinfo=UTC)
    assert (last.duration_s, last.kept_back) == (0, ("upcoming",))


def test_clips_trailers_specials_and_second_parts_do_not_count(site, viki):
    assert [each.number for each in viki.videos(LETTERS) if each.counts] == [1, 2, 3, 4, 5]
    assert [each.counts for each in viki.videos(WINTER)] == [True]
    parts = (MadeVideo("1v"), MadeVideo("2v", part=2))
    site.put(viki_titles.series(90009, "Old", first_on=date(2010, 1, 1), videos=parts))
    assert [each.counts for each in viki.videos("90009c")] == [True, False]


def test_a_list_without_an_end_is_noticed(site, viki):
    page = {"response": [{"id": "1v"}], "more": True}
    site.trouble = viki_site.reply(page)
    with pytest.raises(BadAnswer, match="there is more, but page 2 has nothing new"):
        viki.videos(LETTERS)


def test_a_page_that_fails_leaves_no_short_list(site, viki):
    site.most_per_page = 3
    site.troubles.extend([None, Reply(503, b"")])
    with pytest.raises(Unavailable):
        viki.videos(LETTERS)


def test_a_video_that_is_told_twice_is_one(site, viki):
    site.troubles.extend([
        viki_site.reply({"response": [{"id": "1v", "number": 1}, {"id": "2v"}], "more": True}),
        viki_site.reply({"response": [{"id": "2v", "number": 2}, {"id": "3v"}], "more": False}),
    ])  # fmt: skip
    assert [each.id for each in viki.videos(LETTERS)] == ["1v", "2v", "3v"]


def test_a_container_has_its_names_in_every_language(site, viki):
    found = viki.container(LETTERS)
    assert found.title == "Letters to Hwaseong"
    assert found.names == (
        "Letters to Hwaseong", "화성으로 보낸 편지", "華城への手紙",
        "Hwaseongeuro Bonaen Pyeonji", "Hwaseong Letters",
    )  # fmt: skip
    assert (found.kind, found.country, found.language) == (Kind.SHOW, "kr", "ko")
    assert (found.planned_episodes, found.not_after) == (16, 2025)
    assert site.requests == ["/v4/containers/90001c.json?app=100000a"]


def test_a_film_without_an_english_title_has_one_in_latin_letters(viki):
    found = viki.container(WINTER)
    assert (found.title, found.kind) == ("Yuki no nai fuyu", Kind.FILM)
    assert found.titles == {"ja": "雪のない冬"}


def test_both_kinds_of_chinese_are_told(viki):
    assert {"纸灯笼2", "紙燈籠2"} <= set(viki.container(LANTERN).names)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"id": "1c"}, Container(id="1c")),
        ({"id": "1c", "type": "artist", "titles": None, "titles_aka": {"en": "One", "ko": None},
          "titles_phonetic": {"en": ""}, "origin": None, "distributors": None, "flags": None},
         Container(id="1c", type="artist", other_titles={"en": ("One",)})),
        ({"id": "1c", "titles": {"en": "", "ko": None, "th": "ที"}, "distributors":
          [{"name": "A", "from": None}, {"from": "2019-05-01"}, {"from": "2017"}, {}],
          "created_at": "2020-02-02T00:00:00Z"},
         Container(id="1c", titles={"th": "ที"}, not_after=2017)),
    ],
)  # fmt: skip
def test_a_container_may_lack_anything_but_its_id(told, expected):
    assert reading.container(msgspec.json.encode(told), "it") == expected


def test_a_container_without_any_title_is_called_by_its_id_and_has_no_names():
    found = Container(id="1c")
    assert (found.title, found.names, found.kind) == ("1c", (), None)


@pytest.mark.parametrize(
    ("told", "field"),
    [({"type": "series"}, "id"), ({"id": "1c", "titles": ["A"]}, "$.titles"),
     ({"id": "1c", "origin": {"country": 7}}, "$.origin.country")],
)  # fmt: skip
def test_a_container_in_an_unknown_form_is_named_by_its_field(site, viki, told, field):
    site.trouble = viki_site.reply(told)
    with pytest.raises(BadAnswer) as caught:
        viki.container(LETTERS)
    assert caught.value.message.startswith("/containers/90001c.json has an unknown form")
    assert field in caught.value.message


def test_a_container_that_is_gone_is_said(site, viki):
    site.remove(LANTERN)
    for ask in (viki.container, viki.videos):
        with pytest.raises(NotFound) as caught:
            ask(LANTERN)
        assert str(caught.value) == "viki: there is no container 90002c"


@pytest.mark.parametrize("id_", ["", "../users/1u", "1c?token=x", "1c/2", "x" * 65])
def test_what_is_no_id_is_not_asked_for(site, viki, id_):
    with pytest.raises(NotFound, match="is no id of Viki"):
        viki.container(id_)
    assert site.requests == []


def test_shows_and_films_are_told_without_a_login(connect):
    assert connect(VikiLogin()).container(LETTERS).title == "Letters to Hwaseong"


def test_an_app_id_that_viki_takes_no_more_names_its_setting(site, connect):
    viki = connect(app_id="65535a")
    with pytest.raises(ConfigError) as caught:
        viki.container(LETTERS)
    assert str(caught.value) == (
        'viki: its API does not take the app id "65535a" (invalid signature); set viki.app_id to '
        "the one that its page sends now"
    )
    assert connect(app_id="100005a").container(LETTERS).id == LETTERS


def test_a_refused_token_ends_the_list_alone(site, connect):
    login = msgspec.structs.replace(signed_in(site), token="ex1wrong-token")
    viki = connect(login)
    for _ in range(2):
        with pytest.raises(NotAuthorised, match="the token is refused; the rest goes on without"):
            viki.billboard()
    assert len(site.requests) == 1
    assert viki.user().name == "ann"
    assert viki.container(LETTERS).id == LETTERS


def test_without_a_token_the_list_is_not_asked_for(site, connect):
    viki = connect(VikiLogin(session_id="a", viki_session="b"))
    with pytest.raises(NotAuthorised, match="no token is stored"):
        viki.billboard()
    assert site.requests == []


def test_no_cookie_and_no_token_is_written_down_anywhere(site, viki, caplog):
    caplog.set_level(logging.DEBUG)
    site.watch_all(LETTERS)
    list(viki.markers())
    viki.billboard()
    viki.kept_for_later()
    told = [caplog.text, repr(viki.login), *site.requests]
    for trouble in (Reply(503, b""), viki_site.SIGN_IN_PAGE, viki_site.FAR_AWAY,
                    Reply(302, b"", headers={"Location": "https://example.com/?a=b"})):  # fmt: skip
        site.trouble = trouble
        for ask in (viki.billboard, viki.check, viki.kept_for_later):
            with pytest.raises((BadAnswer, Unavailable, Blocked, Refused)) as caught:
                ask()
            told.append(str(caught.value))
    text = "\n".join((*told, caplog.text))
    login = viki.login
    assert "/v4/users/4711u/watchlist.json answered 200" in text
    assert not [
        each for each in (login.session_id, login.viki_session, login.token) if each in text
    ]


def test_a_page_that_speaks_of_an_app_is_not_about_the_app_id(site, viki):
    page = b"<html><style>app {}</style><title>Get our app</title><script>signature()</script>"
    site.trouble = Reply(403, page)
    with pytest.raises(Blocked, match=r"is closed to us by a page: Get our app$"):
        viki.container(LETTERS)


def test_words_of_a_refusal_hold_no_secret():
    said = reading.words(b'{"error": "session 0123456789abcdef0123456789 expired\\n\\u0007"}')
    assert said == "session ... expired"


def test_the_list_of_what_is_kept_holds_ids_alone(site, viki):
    site.keep(WINTER)
    site.keep(LETTERS)
    assert viki.kept_for_later() == [WINTER, LETTERS]
    assert service.PER_PAGE == 100
