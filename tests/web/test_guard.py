import http.client
import json
import time

import pytest

from movie_sync.access import Access
from movie_sync.errors import ConfigError
from movie_sync.web.guard import guarded, refuse_if_open
from movie_sync.web.guard_answers import CONTENT_SECURITY
from movie_sync.web_settings import Web
from tests.web.guarded_site import PASSWORD, access_of, ask, ask_in_memory, guard, served

pytestmark = pytest.mark.slow  # each starts a server of its own

HTML = "text/html,application/xhtml+xml"


class Site:
    """A server with what one can show to it."""

    def __init__(self, port, access, host="127.0.0.1"):
        self.port, self.access, self.host = port, access, host
        self.keys = {key.scope: secret for key, secret in KEYS.get(port, ())}

    def ask(self, *words, shows="nothing", token=True, **headers):
        return ask(self.port, *words, at=self.host, **self.shown(shows, token), **headers)

    def shown(self, shows, token=True):
        if shows == "nothing":
            csrf = self.access.token_against_forgery("here")
            return {"x_csrf_token": csrf} if token else {}
        if shows == "session":
            cookie = self.access.sign_in(1.0)
            session = self.access.session(cookie)
            csrf = self.access.token_against_forgery(f"session:{session.hash}")
            return {"cookie": f"movie_sync_5000={cookie}"} | (
                {"x_csrf_token": csrf} if token else {}
            )
        if shows == "wrong key":
            return {"authorization": "Bearer ms_wrong"}
        if shows == "wrong session":
            return {"cookie": "movie_sync_5000=wrong"}
        return {"x_api_key": self.keys[shows]}


KEYS = {}


def site_of(home, *, password, bound="127.0.0.1"):
    home.mkdir()
    access = access_of(home)
    if password:
        access.set_password(PASSWORD)
    keys = [access.add_key(scope, scope) for scope in ("read", "act", "admin")]
    return access, keys


@pytest.fixture(scope="module")
def sites(tmp_path_factory):
    home = tmp_path_factory.mktemp("homes")
    access, keys = site_of(home / "open", password=False)
    locked, others = site_of(home / "closed", password=True)
    with (
        served(guard(home / "open")) as open_port,
        served(guard(home / "closed")) as closed_port,
        served(guard(home / "open", bound_host="::1"), "::1") as six_port,
    ):
        KEYS.update({open_port: keys, six_port: keys, closed_port: others})
        yield {
            "open": Site(open_port, access),
            "closed": Site(closed_port, locked),
            "six": Site(six_port, access, "::1"),
        }


US, OTHER = "http://127.0.0.1:{port}", "http://evil.example"
MATRIX = [
    # site, shows, method, path, other headers, status
    ("open", "nothing", "GET", "/wanted", {}, 200),
    ("open", "nothing", "GET", "/settings", {}, 200),
    ("open", "nothing", "POST", "/settings", {}, 200),
    ("open", "nothing", "POST", "/settings", {"origin": US}, 200),
    ("open", "nothing", "POST", "/settings", {"origin": US, "sec_fetch_site": "same-origin"}, 200),
    ("open", "nothing", "POST", "/settings", {"sec_fetch_site": "none"}, 200),
    ("open", "nothing", "POST", "/settings", {"origin": OTHER}, 403),
    ("open", "nothing", "POST", "/settings", {"origin": "null"}, 403),
    ("open", "nothing", "POST", "/settings", {"origin": "http://127.0.0.1"}, 403),
    ("open", "nothing", "POST", "/settings", {"origin": "http://127.0.0.1:1"}, 403),
    ("open", "nothing", "POST", "/settings", {"origin": "http://localhost:{port}"}, 403),
    ("open", "nothing", "POST", "/settings", {"sec_fetch_site": "cross-site"}, 403),
    ("open", "nothing", "POST", "/settings", {"sec_fetch_site": "same-site"}, 403),
    ("open", "nothing", "DELETE", "/x", {"sec_fetch_site": "cross-site"}, 403),
    ("open", "nothing", "POST", "/x", {"x_csrf_token": None}, 403),
    ("open", "nothing", "POST", "/x", {"x_csrf_token": "0" * 64}, 403),
    ("open", "nothing", "POST", "/x", {"x_csrf_token": "ä"}, 403),
    ("open", "nothing", "GET", "/x", {"host": "localhost:{port}"}, 200),
    ("open", "nothing", "GET", "/x", {"host": "LOCALHOST."}, 200),
    ("open", "nothing", "GET", "/x", {"host": "films.localhost"}, 200),
    ("open", "nothing", "GET", "/x", {"host": "[::1]:{port}"}, 200),
    ("open", "nothing", "GET", "/x", {"host": "127.1.2.3"}, 200),
    ("open", "nothing", "GET", "/x", {"host": "evil.example:{port}"}, 421),
    ("open", "nothing", "GET", "/x", {"host": "127.0.0.1.evil.example"}, 421),
    ("open", "nothing", "GET", "/x", {"host": "localhost.evil.example"}, 421),
    ("open", "nothing", "GET", "/x", {"host": "192.168.1.5"}, 421),
    ("open", "admin", "GET", "/x", {"host": "evil.example"}, 421),
    ("open", "nothing", "GET", "/health", {"host": "evil.example"}, 200),
    ("open", "nothing", "GET", "/ready", {"host": "evil.example"}, 200),
    ("open", "nothing", "POST", "/health", {"x_csrf_token": None}, 200),
    ("open", "nothing", "GET", "/metrics", {}, 200),
    ("open", "nothing", "GET", "/x", {"x_forwarded_for": "192.0.2.7"}, 401),
    ("open", "nothing", "GET", "/x", {"x_forwarded_for": "127.0.0.1"}, 401),
    ("open", "nothing", "GET", "/x", {"forwarded": "for=127.0.0.1"}, 401),
    ("open", "read", "GET", "/x", {"x_forwarded_for": "192.0.2.7"}, 200),
    ("open", "nothing", "GET", "/x", {"source": "127.0.0.2"}, 200),
    ("open", "wrong key", "GET", "/x", {}, 401),
    ("open", "wrong session", "GET", "/x", {}, 200),
    ("open", "read", "GET", "/x", {}, 200),
    ("open", "read", "POST", "/x", {}, 403),
    ("open", "read", "GET", "/settings", {}, 403),
    ("six", "nothing", "GET", "/settings", {}, 200),
    ("six", "nothing", "POST", "/x", {"origin": "http://[::1]:{port}"}, 200),
    ("six", "nothing", "POST", "/x", {"origin": US}, 403),
    ("closed", "nothing", "GET", "/x", {}, 401),
    ("closed", "nothing", "POST", "/x", {}, 401),
    ("closed", "nothing", "GET", "/nothing/there", {}, 401),
    ("closed", "nothing", "GET", "/metrics", {}, 401),
    ("closed", "nothing", "GET", "/api/v1/films", {}, 401),
    ("closed", "nothing", "GET", "/x", {"source": "127.0.0.2"}, 401),
    ("closed", "nothing", "GET", "/health", {}, 200),
    ("closed", "nothing", "GET", "/ready", {}, 200),
    ("closed", "nothing", "GET", "/health/../x", {}, 400),
    ("closed", "nothing", "GET", "/health/x", {}, 401),
    ("closed", "nothing", "GET", "/static/../settings", {}, 400),
    ("closed", "nothing", "GET", "/static/%2e%2e/settings", {}, 400),
    ("closed", "nothing", "GET", "/login/x", {}, 401),
    ("closed", "nothing", "GET", "/static", {}, 200),
    ("closed", "nothing", "GET", "/statics", {}, 401),
    ("closed", "nothing", "POST", "/static", {}, 401),
    ("closed", "nothing", "GET", "/login", {}, 200),
    ("closed", "nothing", "GET", "/loginx", {}, 401),
    ("closed", "nothing", "POST", "/theme", {}, 403),
    ("closed", "session", "POST", "/theme", {}, 200),
    ("closed", "read", "POST", "/theme", {}, 200),
    ("closed", "wrong key", "GET", "/x", {}, 401),
    ("closed", "wrong session", "GET", "/x", {}, 401),
    ("closed", "session", "GET", "/x", {}, 200),
    ("closed", "session", "GET", "/settings", {}, 200),
    ("closed", "session", "POST", "/settings", {}, 200),
    ("closed", "session", "POST", "/settings", {"origin": US}, 200),
    ("closed", "session", "POST", "/settings", {"origin": OTHER}, 403),
    ("closed", "session", "POST", "/settings", {"sec_fetch_site": "cross-site"}, 403),
    ("closed", "session", "POST", "/settings", {"x_csrf_token": None}, 403),
    ("closed", "session", "PUT", "/x", {"x_csrf_token": None}, 403),
    ("closed", "session", "DELETE", "/x", {"x_csrf_token": None}, 403),
    ("closed", "read", "GET", "/x", {}, 200),
    ("closed", "read", "HEAD", "/stream", {}, 405),
    ("closed", "read", "GET", "/metrics", {}, 200),
    ("closed", "read", "POST", "/x", {}, 403),
    ("closed", "read", "DELETE", "/x", {}, 403),
    ("closed", "read", "GET", "/settings", {}, 403),
    ("closed", "act", "POST", "/x", {}, 200),
    ("closed", "act", "POST", "/x", {"origin": OTHER}, 403),
    ("closed", "act", "POST", "/settings", {}, 403),
    ("closed", "act", "GET", "/api/v1/settings/web", {}, 403),
    ("closed", "act", "GET", "/system/backup", {}, 403),
    ("closed", "act", "GET", "/system", {}, 200),
    ("closed", "act", "GET", "/%73ettings", {}, 403),
    ("closed", "act", "GET", "/api/v1/keys", {}, 403),
    ("closed", "admin", "GET", "/settings", {}, 200),
    ("closed", "admin", "POST", "/api/v1/keys", {}, 200),
]


@pytest.mark.parametrize(("site", "shows", "method", "path", "headers", "status"), MATRIX)
def test_who_may_what(  # noqa: PLR0917 - one for each column
    sites, site, shows, method, path, headers, status
):
    site = sites[site]
    assert (
        ask(site.port, method, path, at=site.host, **(site.shown(shows) | headers)).status == status
    )


FROM_OUTSIDE = [
    # client, settings, headers, status
    ("192.0.2.7", Web(), {}, 401),
    ("127.0.0.1", Web(), {}, 401),  # bound to all addresses: nobody is let in unasked
    ("192.0.2.7", Web(), {"host": "films.example.com"}, 401),
    ("192.0.2.7", Web(hosts=("films.example.com",)), {"host": "Films.Example.com:443"}, 401),
    ("192.0.2.7", Web(hosts=("films.example.com",)), {"host": "evil.example"}, 421),
    ("192.0.2.7", Web(hosts=("films.example.com",)), {"host": "192.168.1.5:5000"}, 401),
    ("192.0.2.7", Web(), {"host": None}, 421),
    ("192.0.2.7", Web(), {"host": "a b"}, 421),
    ("192.0.2.7", Web(), {"remote_user": "alice"}, 401),
    (None, Web(), {}, 401),
]


@pytest.mark.parametrize("password", [True, False])
@pytest.mark.parametrize(("client", "web", "headers", "status"), FROM_OUTSIDE)
def test_nobody_comes_in_unasked_where_others_reach_it(  # noqa: PLR0917
    tmp_path, client, web, headers, status, password
):
    access = access_of(tmp_path)
    if password:
        access.set_password(PASSWORD)
    secret = access.add_key("k", "read")[1]
    app = guard(tmp_path, web, "0.0.0.0")
    assert ask_in_memory(app, client=client, **headers).status == status
    by_key = ask_in_memory(app, client=client, x_api_key=secret, **headers)
    assert by_key.status == (200 if status == 401 else status)


def test_through_a_proxy_nobody_comes_in_where_nothing_is_set(tmp_path):
    with served(guard(tmp_path)) as port:
        answer = ask(port, x_forwarded_for="192.0.2.7", accept=HTML)
    assert answer.status == 403
    assert "run &quot;movie-sync web password&quot; on the machine" in answer.text


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "films.lan", "0", "::ffff:1.2.3.4"])
def test_an_address_that_others_reach_needs_a_password_or_a_key(tmp_path, host):
    web = Web(host=host)
    with pytest.raises(ConfigError) as refused:
        refuse_if_open(tmp_path, web)
    assert str(refused.value) == (
        f"web.host is {host}, which others can reach, and neither a password nor an API key is "
        'set; nothing was started; run "movie-sync web password" first, or set web.host to '
        "127.0.0.1"
    )
    key, _ = Access(tmp_path).add_key("k", "read")
    refuse_if_open(tmp_path, web)
    Access(tmp_path).remove_key(key.id)
    access_of(tmp_path).set_password(PASSWORD)
    refuse_if_open(tmp_path, web)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "localhost", "::1", "::ffff:127.0.0.1"])
def test_this_machines_own_address_needs_none(tmp_path, host):
    refuse_if_open(tmp_path, Web(host=host))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("path", ["/wanted", "/login", "/health", "/nothing", "/fault", "/stream"])
def test_every_answer_has_the_headers_that_protect_it(sites, path):
    if path == "/stream":
        answer = http.client.HTTPConnection("127.0.0.1", sites["open"].port)
        answer.request("GET", path)
        headers = {n.lower(): v for n, v in answer.getresponse().getheaders()}
        answer.close()
    else:
        headers = sites["open"].ask("GET", path).headers
    assert headers["content-security-policy"] == CONTENT_SECURITY
    assert "unsafe" not in CONTENT_SECURITY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert "no-" in headers["cache-control"]
    assert not [name for name in headers if name.startswith("access-control")]
    assert "server" not in headers


def test_a_refusal_has_them_too(sites):
    answer = sites["closed"].ask("GET", "/x")
    assert answer.headers["content-security-policy"] == CONTENT_SECURITY


def test_a_program_is_told_in_problem_details(sites):
    answer = sites["closed"].ask("GET", "/api/v1/films", accept=HTML)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"] == "Bearer"
    assert json.loads(answer.text) == {
        "type": "about:blank",
        "title": "Not signed in",
        "status": 401,
        "detail": 'Sign in, or send an API key as "Authorization: Bearer KEY".',
    }


def test_a_person_is_led_to_the_login_and_back_again(sites):
    answer = sites["closed"].ask("GET", "/history?q=a%26b&page=2", accept=HTML)
    assert answer.status == 303
    assert answer.headers["location"] == "/login?next=%2Fhistory%3Fq%3Da%2526b%26page%3D2"
    sent = sites["closed"].ask("POST", "/retry", accept=HTML)
    assert (sent.status, sent.headers["location"]) == (303, "/login")


def test_htmx_is_told_to_go_to_the_login_as_a_whole(sites):
    answer = sites["closed"].ask("GET", "/part", hx_request="true")
    assert (answer.status, answer.headers["hx-redirect"]) == (401, "/login")


def test_a_person_reads_a_page_and_not_json(sites):
    answer = sites["closed"].ask("GET", "/settings", shows="read", accept=HTML)
    assert answer.status == 403
    assert "<h1>Not allowed</h1><p>This needs the scope &quot;admin&quot;" in answer.text


def test_a_damaged_store_lets_nobody_in_but_says_it_lives(tmp_path, caplog):
    app = guard(tmp_path)
    (tmp_path / "access.json").write_text("{")
    with served(app) as port:
        assert ask(port, path="/api/v1/films").status == 503
        assert ask(port, path="/login").status == 503
        assert ask(port, path="/health").status == 200
    assert len([1 for record in caplog.records if "access.json cannot be" in record.message]) == 1


def test_a_password_set_while_it_runs_holds_at_once(tmp_path):
    with served(guarded(guard(tmp_path), tmp_path, Web(), "127.0.0.1")) as port:
        assert ask(port).status == 200
        access_of(tmp_path).set_password(PASSWORD)
        assert ask(port).status == 401


def test_an_answer_without_end_goes_out_as_it_comes_and_ends_with_the_session(tmp_path):
    clock = [0.0]
    access = access_of(tmp_path)
    access.set_password(PASSWORD)
    token = access.sign_in(1)
    with served(guard(tmp_path, monotonic=lambda: clock[0])) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, 60)
        began = time.monotonic()
        connection.request("GET", "/stream", headers={"Cookie": f"movie_sync_5000={token}"})
        answer = connection.getresponse()
        assert answer.readline() == b"data: tick\n"
        clock[0] += 10
        assert answer.readline() + answer.readline() == b"\ndata: tick\n"
        access.sign_out_everywhere()
        clock[0] += 10
        answer.read()  # comes to an end, long before the 200 s that it has to say
        assert time.monotonic() - began < 60
        connection.close()


def test_a_web_socket_is_refused(tmp_path):
    import asyncio

    sent = []

    async def receive():
        return {"type": "websocket.connect"}

    async def send(message):
        sent.append(message)

    asyncio.run(guard(tmp_path)({"type": "websocket"}, receive, send))
    assert sent == [{"type": "websocket.close", "code": 1008}]


def test_a_key_keeps_the_day_it_was_used_last(tmp_path):
    access = access_of(tmp_path)
    key, secret = access.add_key("k", "read")
    app = guard(tmp_path, bound_host="0.0.0.0")
    ask_in_memory(app, authorization=f"bearer {secret}")
    assert access.keys()[0].last_used_on == key.created_at.date()
