import asyncio

import pytest

from tests.web.guarded_site import FORM, access_of, ask, guard, served

PARTS = "multipart/form-data; boundary=----b"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    with served(guard(home)) as port:
        yield port, access_of(home).token_against_forgery("here")


def parts(*fields):
    return (
        "".join(
            f'------b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in fields
        )
        + "------b--\r\n"
    )


def send(site, body, content_type=FORM, **headers):
    port, _ = site
    return ask(port, "POST", "/length", body=body, content_type=content_type, **headers)


@pytest.mark.parametrize("form", ["csrf={}", "a=1&csrf={}&b=2", "csrf={}&a=" + "x" * 200_000])
def test_a_form_holds_the_token_at_any_place_and_is_passed_on_whole(site, form):
    body = form.format(site[1])
    answer = send(site, body)
    assert (answer.status, answer.text) == (200, str(len(body)))


@pytest.mark.parametrize(
    "form", ["", "a=1", "csrf=", "csrf=wrong", "csrf={0}&csrf={0}", "Csrf={0}"]
)
def test_a_form_without_it_changes_nothing(site, form):
    assert send(site, form.format(site[1])).status == 403


def test_a_form_longer_than_any_is_not_read(site):
    assert send(site, f"csrf={site[1]}&a=" + "x" * 300_000).status == 413
    long = "a=" + "x" * 300_000
    assert send(site, long, x_csrf_token=site[1]).text == str(len(long))


@pytest.mark.parametrize("size", [0, 10, 3_000_000])
def test_a_form_with_a_file_holds_it_in_its_first_field_and_streams_on(site, size):
    body = parts(("csrf", site[1]), ("file", "x" * size))
    answer = send(site, body, PARTS)
    assert (answer.status, answer.text) == (200, str(len(body)))


def test_a_form_with_a_file_that_has_it_elsewhere_or_not_at_all_changes_nothing(site):
    token = site[1]
    for body in (
        parts(("file", "x"), ("csrf", token)),
        parts(("file", "x")),
        parts(("csrf", "wrong")),
        parts(("csrf2", token)),
        token,
        "",
    ):
        assert send(site, body, PARTS).status == 403
    assert send(site, parts(("csrf", token)), "multipart/form-data").status == 403


@pytest.mark.parametrize("kind", ["application/json", "text/plain", ""])
def test_another_body_is_no_form(site, kind):
    assert send(site, f"csrf={site[1]}", kind).status == 403
    assert send(site, f"csrf={site[1]}", kind, x_csrf_token=site[1]).status == 200


def test_who_goes_while_sending_is_let_go(tmp_path):
    sent = []

    async def receive():
        return {"type": "http.disconnect"}

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http", "method": "POST", "path": "/length", "scheme": "http",
        "client": ("127.0.0.1", 1), "query_string": b"",
        "headers": [(b"host", b"localhost"), (b"content-type", FORM.encode())],
    }  # fmt: skip
    asyncio.run(guard(tmp_path)(scope, receive, send))
    assert sent[0]["status"] == 403
