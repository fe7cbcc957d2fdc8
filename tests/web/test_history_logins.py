import html
import json
import re

import pytest

from movie_sync.history import house, viki_credentials
from tests.web.history_site import history_site
from tests.web.site import Site

PAGE = {"Accept": "text/html"}
COOKIES = "session__id=aaaaaaaabbbbbbbb; _viki_session=ccccccccdddddddd"
CODE = {
    "device_code": "d" * 64, "user_code": "5055CC52", "verification_url": "https://trakt.tv/activate",
    "expires_in": 600, "interval": 1,
}  # fmt: skip
TOKENS = {
    "access_token": "access-secret", "refresh_token": "refresh-secret", "expires_in": 86_400,
    "token_type": "bearer", "scope": "public",
}  # fmt: skip
EVENT = {
    "event": "media.scrobble", "user": True, "owner": True, "Account": {"id": 1, "title": "anna"},
    "Server": {"title": "home", "uuid": "s1"},
    "Metadata": {"type": "movie", "title": "Stalker", "year": 1979, "ratingKey": "9",
                 "Guid": [{"id": "tmdb://1398"}]},
}  # fmt: skip


@pytest.fixture
def site(tmp_path):
    with history_site(tmp_path) as made:
        yield made


@pytest.fixture
def trakt(tmp_path, httpserver):
    """With a Trakt that can be logged in at."""
    httpserver.expect_request("/oauth/device/code").respond_with_json(CODE)
    address = httpserver.url_for("")
    section = {
        "enabled": True, "client_id": "c" * 64, "login_url": address, "base_url": address,
        "pull": False,
    }  # fmt: skip
    with history_site(tmp_path, trakt=section) as made:
        yield made


def page(site, path="/watched/logins"):
    answer = site.get(path, headers=PAGE)
    assert answer.status_code == 200, answer.text
    return html.unescape(answer.text)


def said(site, address, **data):
    answer = site.post(address, data=data)
    assert answer.status_code == 303, answer.text
    told = site.get(answer.headers["Location"], headers=PAGE, cookies=answer.cookies).text
    return html.unescape(re.search(r'class="said"[^>]*>.*</svg>\s*(.*)</p>', told)[1])


@pytest.mark.slow
def test_a_code_is_shown_with_a_picture_and_typed_at_trakt(trakt, httpserver):
    assert (
        said(trakt, "/watched/logins/trakt/begin") == "Type 5055CC52 at https://trakt.tv/activate"
    )
    assert 'class="qr"' in page(trakt)
    assert said(trakt, "/watched/logins/trakt/look") == "The code was not typed yet"
    httpserver.expect_request("/oauth/device/token").respond_with_json(TOKENS)
    while (told := said(trakt, "/watched/logins/trakt/look")) == "The code was not typed yet":
        pass
    assert told == "You are logged in at Trakt"
    text = page(trakt)
    assert "logged in" in text
    assert "secret" not in text.replace("client_secret", "").replace("holds a secret", "")
    assert "5055CC52" not in text


@pytest.mark.slow
def test_a_login_that_was_refused_says_so_and_another_may_begin(trakt, httpserver):
    said(trakt, "/watched/logins/trakt/begin")
    httpserver.expect_request("/oauth/device/token").respond_with_data("", 418)
    while (told := said(trakt, "/watched/logins/trakt/look")) == "The code was not typed yet":
        pass
    assert told == "The login was refused at Trakt; nothing was changed"
    assert "Log in at Trakt" in page(trakt)


@pytest.mark.slow
def test_no_login_is_looked_for_that_was_not_begun(site):
    assert said(site, "/watched/logins/trakt/look") == "No login is waiting"


@pytest.mark.slow
def test_cookies_are_stored_and_never_shown(site):
    assert said(site, "/watched/logins/viki", text=COOKIES).startswith("The cookies are stored")
    assert site.running.credentials.get(viki_credentials.CREDENTIAL)
    assert "aaaaaaaabbbbbbbb" not in page(site)
    assert said(site, "/watched/logins/viki/out") == "The cookies are forgotten"


@pytest.mark.slow
def test_a_paste_without_cookies_changes_nothing_and_is_not_repeated(site):
    answer = site.post("/watched/logins/viki", data={"text": "my password is hunter22"})
    assert answer.status_code == 422
    assert "hunter22" not in answer.text
    assert not site.running.credentials.get(viki_credentials.CREDENTIAL)


@pytest.mark.slow
def test_logins_are_for_whoever_may_do_all(site):
    assert site.post("/watched/logins/viki", data={"text": COOKIES}, key=None).status_code == 403


@pytest.mark.slow
def test_a_media_server_tells_of_a_play_at_its_secret_address(site):
    said(site, "/watched/logins/hooks")
    address = re.search(r"http://\S+/hooks/plex/([\w-]+)", page(site))
    event = {"payload": (None, json.dumps(EVENT))}
    answer = site.post(f"/hooks/plex/{address[1]}", files=event, key=None)
    assert answer.status_code == 200, answer.text
    assert site.running.app.history.store.plays(source="plex")[0].title == "Stalker"
    assert site.post(f"/hooks/plex/{address[1]}", data="{", key=None).status_code == 400


@pytest.mark.parametrize("path", ["/hooks/plex/{}x", "/hooks/opera/{}", "/hooks/plex/short"])
@pytest.mark.slow
def test_whoever_does_not_know_the_secret_is_told_nothing(site, path):
    said(site, "/watched/logins/hooks")
    secret = site.running.credentials.get(house.CREDENTIAL)
    answer = site.post(path.format(secret), json=EVENT, key=None)
    assert answer.status_code == 404
    assert site.running.app.history.store.plays(source="plex") == []


@pytest.mark.slow
def test_no_address_answers_before_one_was_made(tmp_path):
    with Site(tmp_path) as site:
        assert site.post("/hooks/plex/x", json=EVENT, key=None).status_code == 404
        assert site.post("/hooks/plex/", json=EVENT, key=None).status_code in {404, 405}
