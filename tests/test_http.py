import logging
import socket
import threading
from base64 import b64encode
from pathlib import Path

import pytest

from movie_sync.budgets import Budget
from movie_sync.errors import BadAnswer, Blocked, NotAuthorised, NotFound, Refused, Unavailable
from movie_sync.http import Http, Pacer
from tests.wire import BROKEN_OFF, HASTY, HUNG_UP, Server, answer, drip, endless, silence, stuck

PASSKEY = "5ec2e7f00dcafe115ec2e7f00dcafe11"
NOON = "Mon, 05 Jan 2026 12:00:00 GMT"
PAGE = answer(200, b"<html>maintenance", "text/html; charset=utf-8")


def no_wait(seconds: float) -> None:
    pass


@pytest.fixture
def serve():
    """Start a server with these answers, and give an Http for it."""
    opened = []

    def start(*answers, **options):
        server = Server(*answers).__enter__()
        http = Http("tracker", server.url, **({"pacer": Pacer(no_wait)} | options))
        opened.append((http, server))
        return http, server

    yield start
    for http, server in opened:
        http.close()
        server.__exit__()


@pytest.mark.parametrize(
    ("status", "error", "message"),
    [
        (400, Refused, "tracker: /api was refused with 400"),
        (401, NotAuthorised, "tracker: /api refused our login; renew it"),
        (403, NotAuthorised, "tracker: /api refused our login; renew it"),
        (404, NotFound, "tracker: /api is not there"),
        (410, NotFound, "tracker: /api is not there"),
        (408, Unavailable, "tracker: /api answered 408"),
        (429, Unavailable, "tracker: asks us to slow down"),
        (500, Unavailable, "tracker: /api answered 500"),
        (304, BadAnswer, "tracker: /api answered 304 and nothing more"),
    ],
)
def test_each_failure_has_its_name(serve, status, error, message):
    http, _ = serve(answer(status, b""))
    with pytest.raises(error) as caught:
        http.get_json("/api")
    assert (type(caught.value), str(caught.value)) == (error, message)


def test_an_accepted_status_is_left_to_the_caller(serve):
    http, _ = serve(answer(403, b"why"))
    assert http.get("/api", accept=(403,)).content == b"why"


@pytest.mark.parametrize("hiccup", [answer(502), answer(503), answer(504), HUNG_UP, BROKEN_OFF])
def test_a_hiccup_is_ridden_out(serve, hiccup):
    http, server = serve(hiccup, hiccup, answer(200, b"[7]"))
    assert http.get_json("/api") == [7]
    assert len(server.heads) == 3


def test_three_failures_are_an_outage(serve):
    http, server = serve(answer(502))
    with pytest.raises(Unavailable, match=r"^tracker: /api answered 502$"):
        http.get_json("/api")
    assert len(server.heads) == 3


def test_where_every_call_counts_it_asks_once(serve):
    http, server = serve(answer(502), tries=1)
    with pytest.raises(Unavailable):
        http.get_json("/api")
    assert len(server.heads) == 1


def test_each_retry_waits_longer(serve):
    slept = []
    http, _ = serve(answer(502), pacer=Pacer(slept.append, lambda: 0.0), gap_s=0.0)
    with pytest.raises(Unavailable):
        http.get_json("/api")
    first, second = slept
    assert 0.25 <= first <= 0.5 <= second <= 1.0


def test_who_says_how_long_to_wait_is_not_asked_again_at_once(serve):
    http, server = serve(answer(503, Retry_After="120"))
    with pytest.raises(Unavailable) as caught:
        http.get_json("/api")
    assert (caught.value.retry_after_s, len(server.heads)) == (120, 1)


@pytest.mark.parametrize(
    ("headers", "wait_s"),
    [
        ({"Retry_After": "1800"}, 1800),
        ({"Retry_After": "Mon, 05 Jan 2026 12:10:00 GMT", "Date": NOON}, 600),
        ({"Retry_After": "Mon Jan  5 12:10:00 2026", "Date": NOON}, 600),
        ({"Retry_After": "Mon, 05 Jan 2026 12:10:00 GMT"}, 0),  # long ago by our clock
        ({"Retry_After": "99999999"}, 86_400),
        ({"Retry_After": "Fri, 05 Jan 9999 12:00:00 GMT"}, 86_400),
        ({"Retry_After": "Fri, 05 Jan 99999 12:00:00 GMT"}, None),
        ({"Retry_After": "soon"}, None),
        ({"Retry_After": "-5"}, None),
        ({"Retry_After": "²"}, None),
        ({}, None),
    ],
)
def test_a_wish_to_slow_down_is_passed_on_and_not_slept_through(serve, headers, wait_s):
    slept = []
    http, _ = serve(answer(429, **headers), pacer=Pacer(slept.append))
    with pytest.raises(Unavailable) as caught:
        http.get_json("/api")
    assert (caught.value.retry_after_s, slept) == (wait_s, [])


@pytest.mark.parametrize(
    ("body", "kind", "message"),
    [
        (b"<html>maintenance", "text/html; charset=utf-8", "answered text/html, not JSON"),
        (b'[{"id": 1', "application/json", "answered broken JSON"),
        (b'["\xff"]', "application/json", "answered broken JSON"),
        (b"", "application/json", "answered broken JSON"),
    ],
)
def test_what_is_not_json_is_a_bad_answer(serve, body, kind, message):
    http, _ = serve(answer(200, body, kind))
    with pytest.raises(BadAnswer, match=f"^tracker: /api {message}$"):
        http.get_json("/api")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("script", "limit", "message"),
    [
        (silence, {"timeout_s": HASTY}, "/api: no answer in time"),
        (stuck, {"timeout_s": HASTY}, "/api: no answer in time"),
        (HUNG_UP, {}, "/api: the answer broke off"),
        (BROKEN_OFF, {}, "/api: the answer broke off"),
        (b"nonsense\r\nConnection: close\r\n\r\n", {}, "/api: the answer broke off"),
        (drip, {"longest_s": 0.1}, "/api: not whole in 0.1 s"),
    ],
)
def test_an_answer_that_does_not_come_is_an_outage(serve, script, limit, message):
    http, _ = serve(script, tries=1, **limit)
    with pytest.raises(Unavailable, match=f"^tracker: {message}$"):
        http.get_json("/api")


def test_nobody_there_is_an_outage():
    with socket.socket() as deaf:  # its port is nobody else's meanwhile
        deaf.bind(("127.0.0.1", 0))
        url = "http://127.0.0.1:{1}".format(*deaf.getsockname())
        http = Http("tracker", url, pacer=Pacer(no_wait))
        with pytest.raises(Unavailable, match=r"^tracker: /api: could not be reached$"):
            http.get_json("/api")


@pytest.mark.slow
def test_an_answer_without_end_is_cut(serve):
    http, server = serve(endless)
    with pytest.raises(BadAnswer, match="more than 32 MiB"):
        http.get("/api")
    assert len(server.heads) == 1


def test_an_address_that_is_none_is_not_asked():
    http = Http("list", "")
    with pytest.raises(Refused, match="its address is not one of the web"):
        http.get("www.example.org/films.csv")


def test_a_redirect_within_the_host_is_followed(serve):
    http, server = serve(answer(302, b"", Location="/new?page=2"), answer(200, b"[7]"))
    assert http.get_json("/old", page=1) == [7]
    assert [head.split()[1] for head in server.heads] == ["/old?page=1", "/new?page=2"]


def test_a_redirect_to_another_host_is_refused_and_not_followed(serve):
    _, other = serve(answer())
    http, _ = serve(answer(302, b"", Location=f"{other.url}/take"), auth=("ann", PASSKEY))
    with pytest.raises(Refused, match=r"/download leads to another host \(http://127.0.0.1\)"):
        http.get("/download", params={"passkey": PASSKEY})
    assert other.heads == []


@pytest.mark.parametrize(
    ("location", "error"),
    [("ftp://127.0.0.1:1/", Refused), ("http://[", BadAnswer), ("/api", BadAnswer)],
)
def test_a_redirect_that_leads_nowhere_ends(serve, location, error):
    http, _ = serve(answer(302, b"", Location=location))
    with pytest.raises(error):
        http.get("/api")


@pytest.mark.slow
@pytest.mark.parametrize(
    "given",
    [
        answer(400),
        answer(403),
        answer(503),
        PAGE,
        BROKEN_OFF,
        HUNG_UP,
        silence,
        answer(302, b"", Location=f"http://[/?passkey={PASSKEY}"),
        answer(302, b"", Location=f"http://elsewhere.test/?passkey={PASSKEY}"),
        answer(200, b"[7]", Bad=" header\r\nno colon here"),
    ],
)
def test_no_message_and_no_log_line_shows_a_passkey(serve, caplog, given):
    caplog.set_level(logging.DEBUG)
    limit = {"timeout_s": HASTY} if given is silence else {}
    http, _ = serve(given, auth=("ann", PASSKEY), **limit)
    said = ""
    try:
        http.get_json("/api", passkey=PASSKEY)
    except (BadAnswer, NotAuthorised, Refused, Unavailable) as error:
        logging.getLogger("test").warning("failed", exc_info=error)
        said = str(error)
    assert PASSKEY not in said + caplog.text
    assert "/api" in said + caplog.text


def test_calls_of_many_threads_keep_their_distance():
    slept, lock = [], threading.Lock()

    def sleep(seconds):
        with lock:
            slept.append(seconds)

    pacer = Pacer(sleep, lambda: 100.0)
    threads = [threading.Thread(target=pacer.wait, args=("host", 2.0)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(slept) == [2.0 * turn for turn in range(1, 8)]


def test_hosts_do_not_wait_for_each_other():
    slept = []
    pacer = Pacer(slept.append, lambda: 100.0)
    for host in ("a", "b", "a"):
        pacer.wait(host, 2.0)
    assert slept == [2.0]


def test_every_try_is_counted(serve, tmp_path: Path):
    budget = Budget(tmp_path, "tracker", 10, 3600)
    http, _ = serve(answer(502), budget=budget)
    with pytest.raises(Unavailable):
        http.get_json("/api")
    assert budget.left == 7


def test_without_budget_nothing_is_asked_and_no_turn_is_waited_for(serve, tmp_path: Path):
    slept = []
    budget = Budget(tmp_path, "tracker", 1, 3600)
    http, server = serve(answer(), budget=budget, pacer=Pacer(slept.append))
    http.get_json("/api")
    with pytest.raises(Unavailable, match="1 calls this hour are used up"):
        http.get_json("/api")
    assert (len(server.heads), slept) == (1, [])


def test_a_login_may_have_any_letters(serve):
    http, server = serve(answer(), auth=("ștefan", "x"))
    http.get_json("/api")
    http.get("/api", auth=("ann", "y"))
    sent = [b64encode(text.encode()).decode() for text in ("ștefan:x", "ann:y")]
    assert [word in head for word, head in zip(sent, server.heads, strict=True)] == [True, True]


def test_it_says_who_asks(serve):
    http, server = serve(answer())
    http.get_json("/api")
    assert "User-Agent: movie-sync/" in server.heads[0]


def test_this_machine_is_not_asked_for_by_a_proxy(serve, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "")
    http, _ = serve(answer(200, b"[7]"))
    assert http.get_json("/api") == [7]


def test_one_connection_serves_many_calls(serve):
    http, server = serve(answer(200, b"[7]"))
    for _ in range(3):
        http.get_json("/api")
    assert (len(server.heads), len(server.connections)) == (3, 1)


def test_a_key_in_a_path_stands_in_no_message(serve):
    http, _ = serve(answer(404, b""))
    with pytest.raises(NotFound) as told:
        http.get("/dl/7.0123456789abcdef0123456789abcdef/a.torrent")
    assert str(told.value) == "tracker: /dl/7..../a.torrent is not there"


@pytest.mark.parametrize("status", [200, 403, 503])
@pytest.mark.parametrize(
    "challenge",
    [
        {"body": b"{}", "cf_mitigated": "challenge"},
        {"body": b"<html><TITLE>Just a moment...</TITLE></html>", "content_type": "text/html"},
    ],
)
def test_a_challenge_for_browsers_is_no_answer_and_no_refused_login(serve, status, challenge):
    http, _ = serve(answer(status, **challenge), tries=1)
    with pytest.raises(Blocked, match="answers with a challenge for browsers"):
        http.get("/api")


def test_a_page_that_only_speaks_of_a_moment_is_an_answer(serve):
    page = b"<title>Just a Moment in Time (1975)</title>"
    http, _ = serve(answer(200, page, "text/html"))
    assert http.get("/api").content == page


def test_what_is_posted_is_sent_once_whatever_comes(serve):
    http, server = serve(answer(502))
    with pytest.raises(Unavailable, match=r"^tracker: /hook answered 502$"):
        http.post("/hook", b"{}")
    assert len(server.heads) == 1
    assert server.heads[0].startswith("POST /hook HTTP/1.1")


def test_what_is_posted_follows_no_redirect(serve):
    http, server = serve(answer(307, b"", Location="/other"), answer(200))
    with pytest.raises(Refused, match="/hook sends us to another address; set that one"):
        http.post("/hook", b"{}", headers={"X-Event": "arrived"})
    assert len(server.heads) == 1
    assert "X-Event: arrived" in server.heads[0]


def test_an_address_that_is_a_secret_is_named_nowhere(serve, caplog):
    caplog.set_level("DEBUG")
    http, _ = serve(answer(404), private=True, tries=1)
    with pytest.raises(NotFound, match=r"^tracker: its address is not there$"):
        http.post("/s3cr-et", b"{}")
    with pytest.raises(NotFound, match=r"^tracker: its address is not there$"):
        http.get("/s3cr-et")
    assert "s3cr" not in caplog.text
