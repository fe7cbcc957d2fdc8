import re
from urllib.parse import unquote

import pytest

from movie_sync.access import Access
from tests.web.site import Site

pytestmark = pytest.mark.slow  # each asks a whole program with its page

PASSWORD = "correct horse"


def words(answer):
    return " ".join(re.sub("<[^>]*>", " ", answer.text).split())


def said(answer):
    return unquote(answer.cookies["said"])


def test_a_key_is_shown_once_and_works(site):
    answer = site.post("/system/access/keys", data={"name": "Overseerr", "scope": "act"})
    assert answer.headers["cache-control"] == "no-store"
    key = re.search(r"ms_[\w-]{43}", answer.text)[0]
    page = site.get("/system/access")
    assert "Overseerr may read and act made" in words(page)
    assert key not in page.text
    assert site.get("/sources", key=key).status_code == 200
    assert site.get("/system/access", key=key).status_code == 403


def test_a_key_without_a_name_of_its_own_is_not_made(site):
    answer = site.post("/system/access/keys", data={"name": "tests"})
    assert answer.status_code == 422
    assert "There is a key &#34;tests&#34; already; nothing was changed." in words(answer)
    assert 'value="tests" required' in answer.text


def test_a_key_is_taken_back(site):
    made, key = Access(site.home).add_key("phone", "read")
    answer = site.post(f"/system/access/keys/{made.id}/remove")
    assert said(answer) == 'The key "phone" is removed'
    assert site.get("/sources", key=key).status_code == 401
    again = site.post(f"/system/access/keys/{made.id}/remove")
    assert said(again) == "That key was removed already"


def test_a_password_is_set_and_signs_everybody_out(site):
    Access(site.home).sign_in(1)
    form = {"password": PASSWORD, "again": PASSWORD}
    answer = site.post("/system/access/password", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    assert Access(site.home).is_password(PASSWORD)
    assert Access(site.home).sessions() == ()
    assert "A password is set." in words(site.get("/system/access"))


@pytest.mark.parametrize(
    ("password", "again", "sentence"),
    [
        ("short", "short", "A password has 8 to"),
        (PASSWORD, "correct house", "The two are not the same; nothing was changed."),
    ],
)
def test_a_password_that_cannot_be_one_is_told_at_its_field(site, password, again, sentence):
    answer = site.post("/system/access/password", data={"password": password, "again": again})
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert 'aria-describedby="password-error"' in answer.text
    assert password not in answer.text
    assert not Access(site.home).has_password


def test_a_password_is_removed_where_nobody_else_can_reach_the_page(site):
    Access(site.home).set_password(PASSWORD)
    assert "Remove the password" in words(site.get("/system/access"))
    site.post("/system/access/password/remove")
    assert not Access(site.home).has_password


def test_who_is_signed_in_is_shown_and_can_be_ended(site):
    store = Access(site.home)
    store.set_password(PASSWORD)
    assert "Nobody is signed in." in words(site.get("/system/access"))
    store.sign_in(1)
    page = site.get("/system/access")
    assert "Sign out everywhere" in words(page)
    assert "the password" in words(page)
    site.post("/logout/everywhere")
    assert store.sessions() == ()


def test_below_another_address_everything_is_found_as_well(tmp_path):
    with Site(tmp_path, web={"base_url": "/films"}) as site:
        page = site.get("/system/access")
        assert 'action="/films/system/access/keys"' in page.text
        assert re.search('href="/films/system/access" aria-current="page"', page.text)
        answer = site.post("/sources/read")
        assert answer.headers["location"] == "/films/sources"
