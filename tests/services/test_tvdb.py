import logging
import threading
from datetime import date

import msgspec
import pytest

from movie_sync.demo import tvdb_site
from movie_sync.demo.tvdb_site import KEY, PIN, MadeSeries, TvdbSite
from movie_sync.errors import BadAnswer, NotAuthorised, NotFound, Unavailable
from movie_sync.http import Http, Pacer
from movie_sync.services import tvdb_shapes
from movie_sync.services.tvdb import Tvdb

LETTERS = MadeSeries(
    900001, "화성으로 보낸 편지", date(2025, 3, 8),
    translations={"kor": "화성으로 보낸 편지", "eng": "Letters to Hwaseong"},
    aliases=(("eng", "Hwaseong Letters"), ("zho", "华城来信")),
    ids={"imdb": "tt9000001", "tmdb": "990001"}, seasons={0: 2, 1: 16},
)  # fmt: skip
LANTERN = MadeSeries(
    900002, "纸灯笼", date(2023, 6, 1), country="chn", language="zho",
    translations={"eng": "The Paper Lantern"}, seasons={1: 3, 2: 3},
)  # fmt: skip
OTHER = MadeSeries(900003, "Letters", date(2011, 1, 1), country="usa", language="eng")


@pytest.fixture
def site():
    with TvdbSite([LETTERS, LANTERN, OTHER]) as running:
        yield running


@pytest.fixture
def connect(site):
    opened = []

    def start(key=KEY, pin=None):
        http = Http("tvdb", f"{site.url}/v4", pacer=Pacer(lambda seconds: None), gap_s=0, tries=1)
        opened.append(http)
        return Tvdb(http, key, pin)

    yield start
    for each in opened:
        each.close()


@pytest.fixture
def tvdb(connect):
    return connect()


def logins(site):
    return site.requests.count("POST /v4/login")


def test_one_login_serves_every_call(site, tvdb):
    assert tvdb.check() == "the key is accepted"
    tvdb.series(900001)
    tvdb.search("letters")
    assert logins(site) == 1


def test_many_threads_log_in_once(site, tvdb):
    threads = [threading.Thread(target=tvdb.series, args=(900001,)) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert logins(site) == 1


def test_a_token_that_is_over_is_renewed_once(site, tvdb):
    tvdb.series(900001)
    site.expire()
    assert tvdb.series(900001).tvdb_id == 900001
    assert logins(site) == 2


def test_a_fresh_token_that_is_refused_too_is_an_end(site, tvdb):
    tvdb.check()
    site.troubles.extend([tvdb_site.UNKNOWN, None, tvdb_site.UNKNOWN])
    with pytest.raises(NotAuthorised, match="/series/900001/extended is closed to this key"):
        tvdb.series(900001)
    assert logins(site) == 2


def test_a_refused_key_is_shown_once_and_never_told(site, connect, caplog):
    caplog.set_level(logging.DEBUG)
    tvdb = connect("a-wrong-key-of-somebody")
    for _ in range(3):
        with pytest.raises(NotAuthorised) as caught:
            tvdb.search("letters")
    assert caught.value.message == (
        "the key was refused; set another by `credentials set tvdb.api_key`"
    )
    assert site.requests == ["POST /v4/login"]
    assert "a-wrong-key" not in caplog.text + str(caught.value)


def test_a_key_without_its_pin_says_that_it_needs_one(site, connect):
    site.needs_pin = True
    with pytest.raises(NotAuthorised, match=r"needs the PIN of a subscriber.*tvdb\.pin"):
        connect().check()
    assert connect(KEY, PIN).check() == "the key is accepted"


def test_an_outage_of_the_login_does_not_refuse_the_key(site, tvdb):
    site.troubles.append(tvdb_site.refusal(503, "down"))
    with pytest.raises(Unavailable):
        tvdb.check()
    assert tvdb.check() == "the key is accepted"


def test_neither_key_nor_pin_nor_token_is_written_down(site, connect, caplog):
    caplog.set_level(logging.DEBUG)
    tvdb = connect(KEY, PIN)
    tvdb.search("letters")
    told = "\n".join((caplog.text, *site.requests))
    assert "/v4/search answered 200" in told
    assert not [each for each in (KEY, PIN, "eyJ") if each in told]


def test_other_names_are_found_as_texts_in_a_search_and_as_objects_in_a_show(tvdb):
    (hit, *_) = tvdb.search("Letters to Hwaseong")
    whole = tvdb.series(900001)
    for found in (hit, whole):
        assert found.tvdb_id == 900001
        assert found.title == "화성으로 보낸 편지"
        assert found.aliases == ("Hwaseong Letters", "华城来信")
        assert found.names == (
            "화성으로 보낸 편지", "Letters to Hwaseong", "Hwaseong Letters", "华城来信",
        )  # fmt: skip
        assert (found.year, found.country, found.language) == (2025, "kor", "kor")
        assert found.ids == {"imdb": "tt9000001", "tmdb": "990001"}
        assert found.status == "Ended"


def test_a_search_may_be_of_a_country_a_year_or_a_language(site, tvdb):
    assert {each.tvdb_id for each in tvdb.search("letters")} == {900001, 900003}
    country = tvdb_shapes.COUNTRIES["kr"]
    assert [each.tvdb_id for each in tvdb.search("letters", country=country)] == [900001]
    assert [each.tvdb_id for each in tvdb.search("letters", year=2011)] == [900003]
    assert [each.tvdb_id for each in tvdb.search("letters", language="kor")] == [900001]
    assert site.requests[-1] == "GET /v4/search?query=letters&type=series&limit=25&language=kor"


def test_signs_in_a_title_are_no_part_of_the_address(site, tvdb):
    assert tvdb.search("Hello, My Twenties! & more?#") == []
    assert "query=Hello%2C+My+Twenties%21+%26+more%3F%23" in site.requests[-1]


def test_nothing_found_is_an_empty_list(site, tvdb):
    assert tvdb.search("nothing of this kind") == []
    assert tvdb.by_id_of("tt0000000") == []


def test_a_show_is_found_by_its_id_at_others(tvdb):
    (found,) = tvdb.by_id_of("tt9000001")
    assert (found.tvdb_id, found.year) == (900001, 2025)


def test_what_is_no_show_is_left_out_of_what_has_an_id(site, tvdb):
    tvdb.check()
    some = [{"movie": {"id": 1}}, {"series": {"id": 7, "name": "Seven"}}, {"episode": {"id": 3}}]
    site.troubles.append(tvdb_site.reply(some))
    assert [each.tvdb_id for each in tvdb.by_id_of("7")] == [7]


def test_a_translation_has_its_names_or_is_not_there(tvdb):
    found = tvdb.translation(900001, "eng")
    assert (found.name, found.aliases) == ("Letters to Hwaseong", ("Hwaseong Letters",))
    assert tvdb.translation(900001, "tha") is None
    with pytest.raises(NotFound, match="is no language"):
        tvdb.translation(900001, "../x")


@pytest.mark.parametrize("per_page", [1, 5, 18, 500])
def test_every_episode_is_told_however_small_the_pages_are(site, tvdb, per_page):
    site.per_page = per_page
    found = tvdb.episodes(900001)
    assert [(each.season, each.number) for each in found] == [
        (0, 1), (0, 2), *((1, n) for n in range(1, 17)),
    ]  # fmt: skip
    assert found[0].aired_on == date(2025, 3, 8)
    assert (found[2].runtime_min, found[2].absolute) == (65, None)


def test_episodes_come_in_the_order_that_was_asked_for(tvdb):
    assert [(each.season, each.number) for each in tvdb.episodes(900002, "absolute")] == [
        (1, n) for n in range(1, 7)
    ]
    with pytest.raises(NotFound, match="there is no show 900002 in this order"):
        tvdb.episodes(900002, "regional")


def test_pages_without_an_end_are_noticed(site, tvdb):
    tvdb.check()
    site.trouble = tvdb_site.reply({"episodes": []}, links={"next": "https://elsewhere/?page=1"})
    with pytest.raises(BadAnswer, match="there is more, but page 0 is empty"):
        tvdb.episodes(900001)


def test_a_page_that_fails_leaves_no_short_list(site, tvdb):
    site.per_page = 5
    site.troubles.extend([None, None, tvdb_site.refusal(500, "down")])
    with pytest.raises(Unavailable):
        tvdb.episodes(900001)


def test_what_is_not_there_is_said_by_itself_alone(site, tvdb):
    with pytest.raises(NotFound) as caught:
        tvdb.series(12)
    assert str(caught.value) == "tvdb: there is no show 12"
    site.troubles.append(tvdb_site.PROXY_404)
    with pytest.raises(BadAnswer, match="answered 404 in a form that is not its own"):
        tvdb.series(900001)


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ([{"name": "No id"}], "tvdb_id"),
        ([{"tvdb_id": "many"}], "tvdb_id is 'many'"),
        ([{"tvdb_id": "1", "aliases": [7]}], "$[0].aliases[0]"),
        ([{"tvdb_id": "1", "translations": ["A"]}], "$[0].translations"),
        ({"series": []}, "got `object`"),
    ],
)
def test_a_hit_in_an_unknown_form_is_named_by_its_field(site, tvdb, data, field):
    tvdb.check()
    site.trouble = tvdb_site.reply(data)
    with pytest.raises(BadAnswer) as caught:
        tvdb.search("letters")
    assert caught.value.message.startswith("/search has an unknown form")
    assert field in caught.value.message.replace("[...]", "[0]")


@pytest.mark.parametrize(
    "told",
    [
        {"tvdb_id": "series-5", "name": None, "aliases": None, "translations": {"eng": None},
         "year": "", "remote_ids": None, "country": ""},
        {"tvdb_id": 5, "aliases": [{"name": None}], "remote_ids": [{"id": None}], "year": "20"},
    ],
)  # fmt: skip
def test_a_hit_may_lack_anything_but_its_id(told):
    (found,) = tvdb_shapes.hits(msgspec.Raw(msgspec.json.encode([told])), "it")
    assert found == tvdb_shapes.TvdbSeries(tvdb_id=5, title=found.title)
    assert found.title in ("5", "series-5")
