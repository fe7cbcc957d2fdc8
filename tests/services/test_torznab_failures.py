import logging

import pytest

from movie_sync.budgets import Budget
from movie_sync.demo.server import Reply
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
from tests.services.conftest import parasite
from tests.services.torznab_site import KEY, XML, error, item, rss
from tests.wire import HASTY

PAGE = Reply(200, b"<!DOCTYPE html><html><body>Hello")
DO = "run `credentials set torznab.nas.api_key`"
BOMB = b"""<?xml version="1.0"?>
<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>
<rss><channel><item><title>&c;</title></item></channel></rss>"""
FILE = b"""<!DOCTYPE rss [<!ENTITY file SYSTEM "file:///etc/passwd">]>
<rss><channel><item><title>&file;</title></item></channel></rss>"""
ELSEWHERE = b'<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/torznab.dtd"><rss><channel/></rss>'


def xml(body: bytes) -> Reply:
    return Reply(200, body, XML)


@pytest.mark.parametrize(
    ("reply", "kind", "message"),
    [
        (
            error(100, "Invalid API Key", 401),
            NotAuthorised,
            f"the API key was refused (Invalid API Key); {DO}",
        ),
        (error(100), NotAuthorised, f"the API key was refused; {DO}"),
        (
            error(101, "Account suspended"),
            NotAuthorised,
            f"the API key was refused (Account suspended); {DO}",
        ),
        (Reply(401), NotAuthorised, f"the API key was refused; {DO}"),
        (Reply(403, PAGE.body), Blocked, "its answer to a search: kept out (403)"),
        (
            error(201, "Incorrect parameter (imdbid)", 400),
            Refused,
            "its answer to a search was refused (201): Incorrect parameter (imdbid)",
        ),
        (
            error(203, "Function not available"),
            Refused,
            "its answer to a search was refused (203): Function not available",
        ),
        (Reply(404), NotFound, "its answer to a search is not there"),
        (
            error(410, "Indexer is disabled", 410),
            NotFound,
            "its answer to a search is not there: Indexer is disabled",
        ),
        (
            error(500, "Request limit reached"),
            Unavailable,
            "its limit is reached (Request limit reached); no call for 60 min",
        ),
        (
            error(429, "Indexer Query Limit of 10 reached", 429, Retry_After="1800"),
            Unavailable,
            "its limit is reached (Indexer Query Limit of 10 reached); no call for 30 min",
        ),
        (Reply(429), Unavailable, "its limit is reached; no call for 60 min"),
        (
            error(910, "API Disabled"),
            Unavailable,
            "its limit is reached (API Disabled); no call for 60 min",
        ),
        (
            error(500, "Object reference not set", 500),
            Unavailable,
            "its answer to a search did not come (500): Object reference not set",
        ),
        (
            error(900, "Exception (tracker): GET https://t.example/?passkey=abc failed", 500),
            Unavailable,
            "its answer to a search did not come (900): Exception (tracker): GET ... failed",
        ),
        (
            error("none", "Mercury is retrograde"),
            Unavailable,
            "its answer to a search did not come (900): Mercury is retrograde",
        ),
        (Reply(503), Unavailable, "its answer to a search did not come (503)"),
        (Reply(502), Unavailable, "/1/api answered 502"),
        (
            PAGE,
            BadAnswer,
            "its answer to a search is a web page, not XML; none of it was used",
        ),
        (
            xml(b""),
            BadAnswer,
            "its answer to a search is no sound XML in line 1; none of it was used",
        ),
        (
            Reply(200, b"{}", "application/json"),
            BadAnswer,
            "its answer to a search is no sound XML in line 1; none of it was used",
        ),
        (
            xml(b"<rss>\n<channel><item>"),
            BadAnswer,
            "its answer to a search is no sound XML in line 2; none of it was used",
        ),
        (
            xml(b"<caps/>"),
            BadAnswer,
            "its answer to a search is XML, but begins with <caps>, not with <rss> and <channel>; "
            "none of it was used",
        ),
        *(
            (
                xml(hostile),
                BadAnswer,
                "its answer to a search declares a document type, which is refused; none of it "
                "was used",
            )
            for hostile in (BOMB, FILE, ELSEWHERE)
        ),
        (
            xml(b'<?xml version="1.0" encoding="hex"?><rss/>'),
            BadAnswer,
            "its answer to a search is in an encoding that is not known; none of it was used",
        ),
        (
            xml(b"<a>" * 50_000),
            BadAnswer,
            "its answer to a search is no sound XML in line 1; none of it was used",
        ),
    ],
)
def test_each_failure_has_its_name_and_its_sentence(nas, indexer, reply, kind, message):
    indexer.latest()
    nas.trouble = reply
    with pytest.raises(kind) as caught:
        indexer.latest()
    assert (type(caught.value), str(caught.value)) == (kind, f"nas: {message}")


@pytest.mark.parametrize(
    ("caps", "message"),
    [
        (rss(), "is XML, but begins with <rss>, not with <caps>"),
        (PAGE.body, "is a web page, not XML"),
        (b"<caps><limits", "is no sound XML in line 1"),
    ],
)
def test_an_odd_list_of_what_it_can_do_is_no_reason_to_guess(nas, indexer, caps, message):
    nas.caps = caps
    with pytest.raises(BadAnswer) as caught:
        indexer.search(parasite())
    told = f"nas: its list of capabilities {message}; none of it was used"
    assert str(caught.value) == told
    assert nas.searches == []


def test_no_results_are_an_empty_answer(nas, indexer):
    nas.found = {}
    assert indexer.search(parasite()) == []


def test_a_later_page_that_fails_fails_the_search(nas, indexer):
    nas.like = "newznab"
    nas.found = {
        "Parasite 2019+0": rss(item(1), item(2), total=4),
        "Parasite 2019+2": error(500, "Request limit reached").body,
    }
    with pytest.raises(Unavailable, match="its limit is reached"):
        indexer.search(parasite())


def test_an_indexer_that_asks_for_a_key_says_how_it_is_given(nas, reach):
    nas.trouble = error(200, "Missing parameter (apikey)")
    with pytest.raises(NotAuthorised) as caught:
        reach("").latest()
    told = f"nas: an API key is asked for (Missing parameter (apikey)); {DO}"
    assert str(caught.value) == told
    assert "apikey" not in nas.queries[0]


def test_who_asks_to_slow_down_is_left_alone_also_after_a_restart(nas, reach):
    nas.trouble = error(500, "Request limit reached", Retry_After="1800")
    with pytest.raises(Unavailable) as caught:
        reach(calls_per_hour=10).latest()
    assert caught.value.retry_after_s == 1800
    with pytest.raises(Unavailable, match="its limit is reached") as caught:
        reach(calls_per_hour=10).latest()
    assert caught.value.retry_after_s == pytest.approx(1800, abs=10)
    assert len(nas.queries) == 1


def test_no_more_calls_are_made_than_are_allowed(nas, reach):
    indexer = reach(calls_per_hour=3)
    assert indexer.check().endswith("; 1 of 3 calls left this hour")
    indexer.latest()
    with pytest.raises(Unavailable, match="3 calls this hour are used up"):
        indexer.latest()
    assert len(nas.queries) == 3


def test_a_refused_key_is_tried_once_and_another_one_at_once(nas, reach):
    nas.trouble = error(100)
    for _ in range(2):
        with pytest.raises(NotAuthorised):
            reach(calls_per_hour=10).latest()
    assert len(nas.queries) == 1
    nas.trouble = None
    assert len(reach("another", calls_per_hour=10).latest()) == 1


def test_silence_is_an_outage(nas, reach):
    nas.slow_s = 60.0
    with pytest.raises(Unavailable, match=r"nas: /1/api: no answer in time"):
        reach(timeout_s=HASTY).latest()


@pytest.mark.parametrize(
    ("reply", "kind", "message"),
    [
        (Reply(404), NotFound, "torrent 7 is not there"),
        (
            error(410, "The release is gone", 410),
            NotFound,
            "torrent 7 is not there: The release is gone",
        ),
        (
            Reply(301, headers={"Location": "magnet:?xt=urn:btih:0123456789abcdef"}),
            NotFound,
            "torrent 7 is a magnet link, and a torrent file is needed",
        ),
        (
            Reply(302, headers={"Location": "http://localhost:9/take"}),
            Refused,
            "torrent 7 leads to another host (http://localhost)",
        ),
        (
            error(501, "Download limit reached"),
            Unavailable,
            "its limit is reached (Download limit reached); no call for 60 min",
        ),
        (
            error(500, "No answer of it", 500),
            Unavailable,
            "torrent 7 did not come (500): No answer of it",
        ),
        (Reply(502), Unavailable, "torrent 7 answered 502"),
        (Reply(418), Refused, "torrent 7 was refused with 418"),
        (Reply(401), NotAuthorised, "torrent 7 was not given to us"),
        (Reply(403), Blocked, "torrent 7: kept out (403)"),
        (PAGE, BadAnswer, "torrent 7 came back as a page, not as a torrent file"),
        (
            Reply(200, b"", headers={"Content-Length": "7"}),
            Unavailable,
            "torrent 7: the answer broke off",
        ),
        (Reply(200, b"d8:announce"), BadAnswer, "the torrent file breaks off, at byte 11"),
    ],
)
def test_each_failure_to_fetch_has_its_name_and_shows_no_address(nas, reach, reply, kind, message):
    link = f"{nas.url}/dl/7.{KEY}"
    nas.found, nas.files = {"6751668": rss(item(7, link=link))}, {f"/dl/7.{KEY}": reply}
    indexer = reach(calls_per_hour=10)
    with pytest.raises(kind) as caught:
        indexer.fetch(indexer.search(parasite())[0])
    assert (type(caught.value), str(caught.value)) == (kind, f"nas: {message}")


def test_a_link_that_is_refused_says_nothing_of_the_key_of_the_indexer(nas, reach):
    nas.found = {"6751668": rss(item(7, link=f"{nas.url}/7"))}
    nas.files = {"/7": Reply(401)}
    indexer = reach(calls_per_hour=10)
    with pytest.raises(NotAuthorised):
        indexer.fetch(indexer.search(parasite())[0])
    assert indexer.latest() == []


def test_the_key_goes_to_the_indexer_alone(nas, reach):
    nas.found = {"6751668": rss(item(7, link=f"{nas.url}/7"))}
    nas.files = {"/7": Reply(302, headers={"Location": "/8"}), "/8": Reply(200, make.torrent())}
    indexer = reach()
    assert indexer.fetch(indexer.search(parasite())[0]) == make.torrent()
    assert nas.raw_queries[-2:] == ["", ""]


@pytest.mark.parametrize(
    "reply",
    [
        None,
        PAGE,
        Reply(401),
        Reply(502),
        error(100, f"Invalid API Key: {KEY}"),
        error(900, f"GET http://t.example/?passkey={KEY} and {'long ' * 30}", 500),
        error(500, f"limit of {KEY} reached"),
        Reply(302, headers={"Location": f"http://localhost:9/?apikey={KEY}"}),
        Reply(200, b"", headers={"Content-Length": "7"}),
        xml(f"<{KEY}".encode()),
        xml(rss(item(1, title=" ", more=f"<link>{KEY}</link>"))),
    ],
)
def test_no_message_log_line_file_or_release_shows_the_key(nas, reach, tmp_path, caplog, reply):
    caplog.set_level(logging.DEBUG)
    indexer = reach(calls_per_hour=20)
    found = indexer.search(parasite())
    nas.files["/1/download"] = reply or Reply(200, make.torrent())
    nas.trouble = reply
    for call in (indexer.check, indexer.latest, lambda: indexer.fetch(found[0])):
        try:
            call()
        except ServiceError as failure:
            logging.getLogger("test").warning("failed", exc_info=failure)
    kept = (tmp_path / "budget_nas.json").read_text()
    assert KEY not in f"{caplog.text}{kept}{found}"


def test_the_budget_of_one_indexer_is_its_own(nas, reach, tmp_path):
    reach(calls_per_hour=10).latest()
    assert Budget(tmp_path, "nas", 10, 3600).left == 8
    assert Budget(tmp_path, "other", 10, 3600).left == 10
