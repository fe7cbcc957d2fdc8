import logging
import re
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import pytest

from movie_sync.web.access_limit import Limit
from movie_sync.web_settings import Web
from tests.web.guarded_site import FORM, PASSWORD, access_of, ask, ask_in_memory, guard, served

pytestmark = pytest.mark.slow  # each starts a server of its own

OUT_THERE = {"host": "films.example.com"}


@pytest.fixture
def access(tmp_path):
    made = access_of(tmp_path)
    made.set_password(PASSWORD)
    return made


def sign_in(access, port, password=PASSWORD, then="/", path="/login", **headers):
    csrf = access.token_against_forgery("nobody")
    body = f"csrf={csrf}&username=movie-sync&password={quote(password)}&next={quote(then)}"
    return ask(port, "POST", path, body=body, content_type=FORM, **headers)


def test_a_person_signs_in_with_the_form_alone_and_out_again(access, tmp_path):
    with served(guard(tmp_path)) as port:
        shown = ask(port, path="/login?next=%2Fwanted")
        hidden = dict(re.findall(r'name="(\w+)" value="([^"]*)"', shown.text))
        body = "&".join(f"{name}={quote(value)}" for name, value in hidden.items())
        came = ask(port, "POST", "/login", body=f"{body}&password={quote(PASSWORD)}",
                   content_type=FORM, origin="http://127.0.0.1:{port}")  # fmt: skip
        assert (came.status, came.headers["location"]) == (303, "/wanted")
        marks = came.headers["set-cookie"].partition(";")[2]
        assert marks == " HttpOnly; Max-Age=2592000; Path=/; SameSite=lax"
        inside = ask(port, path="/wanted", cookie=f'other=1; {came.cookie}; x="a,b;')
        assert '"who":"session"' in inside.text
        csrf = re.search(r'"csrf":"(\w+)"', inside.text)[1]
        assert ask(port, path="/login", cookie=came.cookie).headers["location"] == "/"
        gone = ask(port, "POST", "/logout", cookie=came.cookie, x_csrf_token=csrf)
        assert (gone.status, gone.headers["location"]) == (303, "/login")
        assert "Max-Age=0" in gone.headers["set-cookie"]
        assert ask(port, path="/wanted", cookie=came.cookie).status == 401


def test_a_session_outlives_a_restart_and_ends_everywhere_at_once(access, tmp_path):
    with served(guard(tmp_path)) as port:
        cookies = [sign_in(access, port).cookie for _ in range(2)]
    with served(guard(tmp_path)) as port:
        inside = ask(port, cookie=cookies[0])
        csrf = re.search(r'"csrf":"(\w+)"', inside.text)[1]
        ended = ask(port, "POST", "/logout/everywhere", cookie=cookies[0], x_csrf_token=csrf)
        assert ended.status == 303
        assert {ask(port, cookie=cookie).status for cookie in cookies} == {401}


def test_signing_in_again_ends_the_session_before(access, tmp_path):
    with served(guard(tmp_path)) as port:
        first = sign_in(access, port).cookie
        csrf = re.search(r'"csrf":"(\w+)"', ask(port, cookie=first).text)[1]
        second = sign_in(access, port, cookie=first, x_csrf_token=csrf).cookie
        assert first != second
        assert (ask(port, cookie=first).status, ask(port, cookie=second).status) == (401, 200)


def test_the_token_of_one_session_is_none_in_another(access, tmp_path):
    with served(guard(tmp_path)) as port:
        mine, other = (sign_in(access, port).cookie for _ in range(2))
        csrf = re.search(r'"csrf":"(\w+)"', ask(port, cookie=other).text)[1]
        assert ask(port, "POST", cookie=mine, x_csrf_token=csrf).status == 403
        nobodys = access.token_against_forgery("nobody")
        assert ask(port, "POST", cookie=mine, x_csrf_token=nobodys).status == 403


def test_a_page_of_another_origin_cannot_sign_anybody_in(access, tmp_path):
    with served(guard(tmp_path)) as port:
        assert sign_in(access, port, origin="http://evil.example").status == 403
        assert ask(port, "POST", "/login", body="password=x", content_type=FORM).status == 403


@pytest.mark.parametrize(
    "then",
    ["//evil.example", "/\\evil.example", "https://evil.example", "\\x", "/ x", "/login", ""],
)
def test_after_signing_in_one_stays_on_this_site(access, tmp_path, then):
    with served(guard(tmp_path)) as port:
        assert sign_in(access, port, then=then).headers["location"] == "/"


def test_below_a_base_url_everything_stays_below_it(access, tmp_path):
    with served(guard(tmp_path, Web(base_url="/x"))) as port:
        shown = ask(port, path="/x/login")
        assert 'action="/x/login"' in shown.text
        came = sign_in(access, port, path="/x/login", then="/wanted")
        assert came.headers["location"] == "/x/wanted"
        assert "Path=/x;" in came.headers["set-cookie"]


@pytest.mark.parametrize(
    "headers", [{"x_forwarded_proto": "https"}, {"origin": "https://films.example.com"}]
)
def test_over_https_the_cookie_stays_with_https(access, tmp_path, headers):
    app = guard(tmp_path, Web(trusted_proxies=("192.0.2.0/24",)), "0.0.0.0")
    csrf = access.token_against_forgery("nobody")
    came = ask_in_memory(
        app, "POST", "/login", body=f"csrf={csrf}&password={quote(PASSWORD)}",
        content_type=FORM, **OUT_THERE, **headers,
    )  # fmt: skip
    assert came.headers["set-cookie"].endswith("; Path=/; SameSite=lax; Secure")


def test_a_key_signs_in_with_its_scope_and_is_gone_with_it(tmp_path):
    access = access_of(tmp_path)
    key, secret = access.add_key("k", "read")
    access.add_key("other", "read")
    with served(guard(tmp_path, bound_host="0.0.0.0")) as port:
        assert "sign in with an API key" in ask(port, path="/login").text
        came = sign_in(access, port, secret)
        assert came.status == 303
        inside = ask(port, cookie=came.cookie)
        csrf = re.search(r'"csrf":"(\w+)"', inside.text)[1]
        assert ask(port, "POST", cookie=came.cookie, x_csrf_token=csrf).status == 403
        access.remove_key(key.id)
        assert ask(port, cookie=came.cookie).status == 401
        assert sign_in(access, port, secret).status == 401


def test_the_eleventh_wrong_password_in_a_minute_is_not_tried(access, tmp_path, caplog):
    clock = [0.0]
    with served(guard(tmp_path, limit=Limit(lambda: clock[0]))) as port:
        for _ in range(10):
            answer = sign_in(access, port, "wrong")
            assert answer.status == 401
            assert "That is not the password." in answer.text
        clock[0] = 20.0
        for password in ("wrong", PASSWORD):
            answer = sign_in(access, port, password)
            assert (answer.status, answer.headers["retry-after"]) == (429, "40")
            assert "Try again in 40 seconds." in answer.text
        clock[0] = 60.0
        assert sign_in(access, port).status == 303
    told = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert told == ["web: a wrong password was tried from 127.0.0.1"]


def test_of_a_hundred_at_once_ten_are_tried(access, tmp_path):
    with served(guard(tmp_path)) as port, ThreadPoolExecutor(25) as many:
        tried = many.map(lambda n: sign_in(access, port, f"wrong {n}").status, range(100))
        assert sorted(tried) == [401] * 10 + [429] * 90


def test_right_passwords_are_not_counted(access, tmp_path):
    with served(guard(tmp_path)) as port:
        assert {sign_in(access, port).status for _ in range(15)} == {303}


def test_a_form_that_is_too_long_is_a_wrong_password(access, tmp_path):
    with served(guard(tmp_path)) as port:
        assert sign_in(access, port, "x" * 20_000).status == 401
