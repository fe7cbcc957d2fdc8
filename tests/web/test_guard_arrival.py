import json

import pytest

from movie_sync.errors import ConfigError
from movie_sync.web.guard_arrival import Proxies
from movie_sync.web_settings import Web
from tests.web.guarded_site import PASSWORD, access_of, ask, ask_in_memory, guard, served

pytestmark = pytest.mark.slow  # each starts a server of its own

BEHIND = Web(
    trusted_proxies=("10.0.0.0/8", "127.0.0.1", "fd00::/8"),
    user_header="Remote-User",
    hosts=("films.example.com",),
)
NAMED = "films.example.com"


def seen(tmp_path, web=BEHIND, client="10.0.0.2", bound="0.0.0.0", **headers):
    """What the application is told of a request that an API key lets in."""
    access = access_of(tmp_path)
    secret = access.add_key("k", "admin")[1]
    app = guard(tmp_path, web, bound)
    answer = ask_in_memory(app, client=client, x_api_key=secret, **({"host": NAMED} | headers))
    assert answer.status == 200, answer.text
    return json.loads(answer.text)


@pytest.mark.parametrize(
    ("client", "chain", "address"),
    [
        ("192.0.2.7", "198.51.100.9", "192.0.2.7"),
        ("10.0.0.2", "198.51.100.9", "198.51.100.9"),
        ("10.0.0.2", "127.0.0.1, 198.51.100.9", "198.51.100.9"),
        ("10.0.0.2", "198.51.100.9, 10.0.0.3", "198.51.100.9"),
        ("10.0.0.2", "10.0.0.4, 10.0.0.3", "10.0.0.4"),
        ("10.0.0.2", "198.51.100.9:4711", "198.51.100.9"),
        ("10.0.0.2", "[2001:db8::1]:4711", "2001:db8::1"),
        ("10.0.0.2", "::ffff:198.51.100.9", "198.51.100.9"),
        ("::ffff:10.0.0.2", "198.51.100.9", "198.51.100.9"),
        ("fd00::2", "2001:db8::1", "2001:db8::1"),
        ("10.0.0.2", "", "10.0.0.2"),
        ("10.0.0.2", "<script>", ""),
    ],
)
def test_of_a_chain_of_proxies_the_last_stranger_counts(tmp_path, client, chain, address):
    told = seen(tmp_path, client=client, x_forwarded_for=chain)
    assert told["address"] == address


def test_a_trusted_proxy_says_by_what_name_and_how_it_was_asked(tmp_path):
    told = seen(tmp_path, host="movie-sync:5000", x_forwarded_proto="https", x_forwarded_host=NAMED)
    assert (told["scheme"], told["host"]) == ("https", NAMED)


def test_from_anybody_else_nothing_of_it_is_believed_or_passed_on(tmp_path):
    told = seen(
        tmp_path,
        client="192.0.2.7",
        x_forwarded_proto="https",
        x_forwarded_host="evil.example",
        x_forwarded_for="127.0.0.1",
        forwarded="for=127.0.0.1",
        remote_user="alice",
    )
    assert (told["scheme"], told["host"], told["who"]) == ("http", NAMED, "key")
    assert told["names"] == ["host", "x-api-key"]


def user(tmp_path, client="10.0.0.2", **headers):
    app = guard(tmp_path, BEHIND, "0.0.0.0")
    return ask_in_memory(app, client=client, **({"host": NAMED, "remote_user": "alice"} | headers))


def test_the_user_that_a_trusted_proxy_names_is_let_in(tmp_path):
    told = json.loads(user(tmp_path).text)
    assert (told["who"], told["name"]) == ("user", "alice")


@pytest.mark.parametrize(
    "headers",
    [
        {"client": "192.0.2.7"},
        {"client": None},
        {"remote_user": ""},
        {"remote_user": " "},
        {"remote_user": "x" * 101},
        {"remote_user": "a\x01"},
        {"remote_user": None, "Remote_User": None},
    ],
)
def test_what_is_no_such_user_is_not(tmp_path, headers):
    access_of(tmp_path).set_password(PASSWORD)
    assert user(tmp_path, **headers).status == 401


def test_of_two_users_the_proxy_wrote_only_one(tmp_path):
    web = Web(trusted_proxies=("10.0.0.0/8",), user_header="Remote-User")
    scope = {
        "client": ("10.0.0.2", 1),
        "scheme": "http",
        "headers": [(b"remote-user", b"alice"), (b"remote-user", b"root")],
    }
    assert Proxies(web).arrival(scope).user == ""


def test_a_user_of_a_proxy_is_safe_from_other_origins_too(tmp_path):
    csrf = json.loads(user(tmp_path).text)["csrf"]
    asked = {"method": "POST", "x_csrf_token": csrf, "x_forwarded_proto": "https"}
    assert user(tmp_path, **asked).status == 200
    assert user(tmp_path, **asked, origin=f"https://{NAMED}").status == 200
    assert user(tmp_path, **asked, origin=f"https://{NAMED}:443").status == 200
    assert user(tmp_path, **asked, origin=f"http://{NAMED}").status == 403
    assert user(tmp_path, **asked, origin=f"https://{NAMED}:8443").status == 403
    assert user(tmp_path, **asked, origin="https://evil.example").status == 403
    assert user(tmp_path, **(asked | {"x_csrf_token": None})).status == 403
    assert user(tmp_path, **asked, sec_fetch_site="cross-site").status == 403


def test_a_bearer_token_of_the_proxys_own_is_no_wrong_key(tmp_path):
    assert user(tmp_path, authorization="Bearer eyJhbGciOi").status == 200
    assert user(tmp_path, authorization="Basic eDp5").status == 200
    assert user(tmp_path, authorization="Bearer ms_wrong").status == 401
    assert user(tmp_path, client="192.0.2.7", authorization="Bearer eyJhbGciOi").status == 401


def test_through_a_trusted_proxy_on_this_machine_one_is_not_at_this_machine(tmp_path):
    with served(guard(tmp_path, BEHIND)) as port:
        assert ask(port).status == 200
        assert ask(port, x_forwarded_for="127.0.0.1").status == 403
        assert ask(port, host=NAMED).status == 403
        assert ask(port, host=NAMED, x_forwarded_for="192.0.2.7", remote_user="al").status == 200
        assert ask(port, x_forwarded_host="evil.example", remote_user="al").status == 421


@pytest.mark.parametrize("network", ["10.0.0.0/33", "1.2.3", "::/129", "1.2.3.4.5/8"])
def test_a_network_that_is_none_is_named(tmp_path, network):
    with pytest.raises(ConfigError, match=f'web.trusted_proxies names "{network}"'):
        guard(tmp_path, Web(trusted_proxies=(network,)))


@pytest.mark.parametrize("base", ["/x", "/x/", "/films/at-home"])
def test_below_a_base_url_it_works_whether_the_proxy_leaves_it_out_or_not(tmp_path, base):
    access = access_of(tmp_path)
    access.set_password(PASSWORD)
    base = base.rstrip("/")
    secret = access.add_key("k", "act")[1]
    with served(guard(tmp_path, Web(base_url=base))) as port:
        for path in ("/wanted", f"{base}/wanted"):
            answer = ask(port, path=path, x_api_key=secret)
            assert json.loads(answer.text)["path"] == f"{base}/wanted"
        for path in ("/settings", f"{base}/settings", f"{base}{base}/settings"):
            asked = ask(port, path=path, accept="text/html")
            assert asked.headers["location"].startswith(f"{base}/login?next=%2F")
            assert ask(port, path=path, x_api_key=secret).status in (403, 200)
        assert ask(port, path=f"{base}/settings", x_api_key=secret).status == 403
        assert ask(port, path="/settings", x_api_key=secret).status == 403
        assert ask(port, path=f"{base}x/settings").status == 401
        assert ask(port, path="/health").status == ask(port, path=f"{base}/health").status == 200
