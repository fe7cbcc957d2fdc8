import json
import time
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup

from movie_sync.views.settings_groups import GROUPS
from tests.web.site import Site

pytestmark = pytest.mark.slow  # each asks a whole program with its page

SECRET = "0123456789abcdef"


def page_of(answer):
    return BeautifulSoup(answer.text, "html.parser")


def form_of(page, action):
    """What a browser would send of a form that nobody touched."""
    form = page.find("form", method="post", action=lambda there: there and there.endswith(action))
    sent = []
    for field in form.find_all(["input", "select", "textarea"]):
        name, kind = field.get("name"), field.get("type")
        if not name or field.has_attr("disabled"):
            continue
        if kind in {"checkbox", "radio"} and not field.has_attr("checked"):
            continue
        if field.name == "select":
            sent.append((name, field.find("option", selected=True)["value"]))
        else:
            text = field.text.removeprefix("\n") if field.name == "textarea" else field["value"]
            sent.append((name, text))
    return sent


def left(site, group):
    return form_of(page_of(site.get(f"/settings/{group}")), f"/settings/{group}")


def changed(form, **values):
    """The form with other values; a name has __ for its dot."""
    new = {name.replace("__", "."): value for name, value in values.items()}
    return [pair for pair in form if pair[0] not in new] + list(new.items())


def save(site, group, **values):
    return site.post(f"/settings/{group}", data=changed(left(site, group), **values))


def written(site):
    return json.loads((site.home / "config.json").read_text())


def write(site, **settings):
    (site.home / "config.json").write_text(json.dumps(written(site) | settings))


def said(answer):
    assert answer.status_code == 303, answer.text
    return unquote(answer.cookies["said"])


def field_of(page, key):
    return page.find(attrs={"name": key, "type": lambda kind: kind != "hidden"})


def errors_at(page, key):
    field = field_of(page, key)
    assert field["aria-invalid"] == "true"
    described = [page.find(id=name) for name in field["aria-describedby"].split()]
    assert None not in described
    return " ".join(described[-1].text.split())


def test_a_setting_is_saved_and_in_force(site):
    write(site, more={"of": "yours"})
    answer = save(site, "downloads", max_active_downloads="7", seeding__ratio="")
    assert said(answer) == "1 setting is saved and in force"
    assert answer.headers["location"] == "/settings/downloads"
    assert site.running.loaded.config.max_active_downloads == 7
    assert site.running.app.parts.most_loading == 7
    assert written(site)["max_active_downloads"] == 7
    assert written(site)["more"] == {"of": "yours"}


def test_only_what_was_changed_is_written(site):
    before = written(site)
    assert said(save(site, "quality", profile__hdr="never")) == "1 setting is saved and in force"
    assert written(site) == {**before, "profile": {"hdr": "never"}}
    assert said(save(site, "quality")) == "Nothing was changed"
    assert json.loads((site.home / "config.json~").read_text()) == written(site)


def test_lists_tables_choices_and_switches_are_saved_as_they_are_meant(site):
    form = [pair for pair in left(site, "notices") if pair[0] != "notifications.events"]
    form += [("notifications.events", "arrived"), ("notifications.events", "trouble")]
    site.post("/settings/notices", data=form)
    save(
        site, "quality", profile__preset="best", profile__three_d="true",
        profile__preferred="x265=10\r\na=b=-5", profile__languages="German\r\n\r\noriginal",
    )  # fmt: skip
    now = written(site)
    assert now["notifications"] == {"events": ["arrived", "trouble"]}
    assert now["profile"] == {
        "preset": "best",
        "three_d": True,
        "preferred": {"x265": 10, "a=b": -5},
        "languages": ["German", "original"],
    }


def test_a_wrong_value_is_told_at_its_field_and_nothing_is_saved(site):
    before = written(site)
    answer = save(site, "library", library_directory="films", recycle_days="12")
    page = page_of(answer)
    assert answer.status_code == 422
    assert written(site) == before
    sentence = "This must be a whole path, from / or ~/ on."
    assert errors_at(page, "library_directory") == sentence
    assert field_of(page, "library_directory")["value"] == "films"
    assert field_of(page, "recycle_days")["value"] == "12"
    assert "aria-invalid" not in field_of(page, "recycle_days").attrs
    summary = page.find(role="alert")
    assert summary.has_attr("autofocus")
    links = {link["href"]: link.parent.text.strip() for link in summary.find_all("a")}
    assert links == {"#library_directory": f"Library directory: {sentence}"}
    assert page.find(id="library_directory")


def test_a_wrong_value_is_mended_where_it_is_told(site):
    page = page_of(save(site, "library", library_directory="films", recycle_days="12"))
    form = changed(form_of(page, "/settings/library"), library_directory=str(site.home))
    assert said(site.post("/settings/library", data=form)) == "2 settings are saved and in force"
    assert written(site)["recycle_days"] == 12


def test_a_quality_that_is_none_is_told_at_its_field(site):
    answer = save(site, "quality", profile__qualities="1080p\nshiny")
    assert answer.status_code == 422
    page = page_of(answer)
    assert '"shiny" is no word of a quality' in errors_at(page, "profile.qualities")
    assert page.find("details", class_="more").has_attr("open")


def test_settings_that_cannot_work_are_not_left_in_the_file(site):
    before = (site.home / "config.json").read_bytes()
    answer = save(site, "watchlists", username="no name")
    page = page_of(answer)
    assert answer.status_code == 422
    assert (site.home / "config.json").read_bytes() == before
    assert (site.home / "config.json~").read_bytes() == before
    assert site.running.loaded.config.username == ""
    refusal = " ".join(page.find(role="alert").text.split())
    assert '"no name" is no Letterboxd name' in refusal
    assert "the settings from before are used; config.json is as it was." in refusal
    assert field_of(page, "username")["value"] == "no name"


def test_the_library_is_not_the_folder_of_downloads(site):
    same = written(site)["download_directory"]
    page = page_of(save(site, "library", library_directory=same))
    assert "a folder of their own" in errors_at(page, "library_directory")


def test_what_somebody_else_wrote_meanwhile_in_the_same_place_is_shown_beside(site):
    form = changed(left(site, "downloads"), max_active_downloads="7")
    write(site, max_active_downloads=9)
    answer = site.post("/settings/downloads", data=form)
    page = page_of(answer)
    assert answer.status_code == 409
    assert written(site)["max_active_downloads"] == 9
    assert "config.json has now: 9" in errors_at(page, "max_active_downloads")
    assert field_of(page, "max_active_downloads")["value"] == "7"
    again = site.post("/settings/downloads", data=form_of(page, "/settings/downloads"))
    assert said(again) == "1 setting is saved and in force"
    assert written(site)["max_active_downloads"] == 7


def test_what_somebody_else_wrote_meanwhile_in_another_place_stays(site):
    form = changed(left(site, "downloads"), max_active_downloads="7")
    write(site, stalled_hours=5)
    said(site.post("/settings/downloads", data=form))
    assert (written(site)["max_active_downloads"], written(site)["stalled_hours"]) == (7, 5)
    assert site.running.loaded.config.stalled_hours == 5


def test_a_setting_gets_its_default_again(site):
    save(site, "downloads", max_active_downloads="7", stalled_hours="5")
    answer = save(site, "downloads", reset="max_active_downloads")
    assert said(answer) == "1 setting is saved and in force"
    assert "max_active_downloads" not in written(site)
    save(site, "downloads", stalled_hours="")
    assert "stalled_hours" not in written(site)
    assert site.running.loaded.config.stalled_hours == 24


def test_what_is_read_at_the_start_alone_says_so(site):
    answer = save(site, "page", web__session_days="7")
    assert said(answer) == (
        "1 setting is saved, and in force from the next start of the program on"
    )
    form = changed(left(site, "general"), log_level="debug", max_retries="3")
    answer = site.post("/settings/general", data=form)
    assert said(answer) == (
        "2 settings are saved and in force, but log_level from the next start on"
    )


def test_a_file_that_cannot_be_read_is_not_written(site):
    (site.home / "config.json").write_text('{"username": "bob",}')
    page = site.get("/settings/watchlists")
    assert "there is a comma too many" in page.text
    assert not page_of(page).find("p", class_="save")
    answer = site.post("/settings/watchlists", data={"seen": "username=x", "username": "al"})
    assert answer.status_code in {409, 422}
    assert (site.home / "config.json").read_text() == '{"username": "bob",}'


def test_settings_are_found_by_words_and_saved_where_they_are_found(site):
    answer = site.get("/settings?q=calls+hour")
    page = page_of(answer)
    assert field_of(page, "filelist.calls_per_hour")
    assert page.find(id="q")["value"] == "calls hour"
    form = changed(form_of(page, "/settings"), filelist__calls_per_hour="100")
    answer = site.post("/settings", data=form)
    assert answer.headers["location"] == "/settings?q=calls+hour"
    assert written(site)["filelist"] == {"calls_per_hour": 100}
    part = site.get("/settings?q=calls+hour", headers={"HX-Request": "true"}).text
    assert "<html" not in part
    assert "filelist.calls_per_hour" in part
    assert "No setting is about “zzz”" in site.get("/settings?q=zzz").text


def test_a_secret_is_stored_used_and_never_shown(site):
    save(site, "indexers", filelist__username="me")
    page = page_of(site.get("/settings/secrets"))
    assert "needed, not set" in page.find(id="filelist--passkey").text
    answer = site.post("/settings/secrets", data={"name": "filelist.passkey", "secret": SECRET})
    assert said(answer) == "filelist.passkey is stored and in use"
    assert [one.name for one in site.running.app.parts.indexers] == ["filelist"]
    page = site.get("/settings/secrets")
    assert "kept in the encrypted vault" in page_of(page).find(id="filelist--passkey").text
    assert SECRET not in page.text
    assert SECRET not in (site.home / "config.json").read_text()
    answer = site.post("/settings/secrets/remove", data={"name": "filelist.passkey"})
    assert said(answer) == "filelist.passkey is removed"
    assert site.running.app.parts.indexers == []


def test_a_secret_that_cannot_be_stored_is_not_sent_back(site):
    answer = site.post("/settings/secrets", data={"name": "plex.token", "secret": "two\nlines"})
    page = page_of(answer)
    assert answer.status_code == 422
    assert "lines" not in page.find("main").text.replace("one line", "")
    form = page.find(id="plex--token")
    assert "must be one line of text; nothing was changed" in form.text
    assert form.find("input", type="password")["aria-invalid"] == "true"
    answer = site.post("/settings/secrets", data={"name": "plex.tokn", "secret": SECRET})
    assert 'did you mean "plex.token"?' in page_of(answer).text


def test_an_indexer_is_added_with_its_key_and_removed_with_it(site):
    form = {"name": "nas", "url": "http://127.0.0.1:9/api", "secret": SECRET}
    answer = site.post("/settings/sections/torznab", data=form)
    assert said(answer) == '"nas" is added; 1 setting is saved and in force'
    assert written(site)["torznab"] == {"nas": {"url": "http://127.0.0.1:9/api"}}
    assert site.running.credentials.get("torznab.nas.api_key") == SECRET
    assert [one.name for one in site.running.app.parts.indexers] == ["nas"]
    assert SECRET not in site.get("/settings/indexers").text
    answer = site.post("/settings/sections/torznab/remove", data={"name": "nas"})
    assert said(answer) == '"nas" and its key are removed'
    assert written(site)["torznab"] == {}
    assert site.running.credentials.get("torznab.nas.api_key") is None


@pytest.mark.parametrize(
    ("form", "at", "sentence"),
    [
        ({"name": "my nas", "url": "http://a/api"}, "name", "A name is of letters and digits"),
        ({"name": "filelist", "url": "http://a/api"}, "name", "Another part of the program"),
        ({"name": "nas", "url": "nas:9696"}, "url", "begins with http://"),
        ({"name": "nas", "url": "http://a/api?apikey=1"}, "url", "Leave the key out"),
    ],
)
def test_an_indexer_that_cannot_be_is_told_at_its_field(site, form, at, sentence):
    answer = site.post("/settings/sections/torznab", data=form)
    assert answer.status_code == 422
    page = page_of(answer)
    assert sentence in errors_at(page, at)
    assert field_of(page, "name")["value"] == form["name"]
    assert "torznab" not in written(site)


def test_a_version_is_added_changed_and_removed(site):
    said(site.post("/settings/sections/versions", data={"name": "2160p", "preset": "best"}))
    said(save(site, "quality", versions__2160p__hdr="only"))
    assert written(site)["versions"] == {"2160p": {"preset": "best", "hdr": "only"}}
    assert list(site.running.app.parts.versions) == ["2160p"]
    again = site.post("/settings/sections/versions", data={"name": "2160p", "preset": "best"})
    assert "There is one of this name already." in again.text
    said(site.post("/settings/sections/versions/remove", data={"name": "2160p"}))
    assert written(site)["versions"] == {}


def test_settings_need_the_right_to_change_all(site):
    from movie_sync.access import Access

    _, key = Access(site.home).add_key("reader", "act")
    for path in ("/settings", "/settings/quality", "/settings/secrets", "/welcome"):
        assert site.get(path, key=key).status_code == 403


def test_every_page_of_the_settings_is_small_and_quick(tmp_path):
    many = {
        "torznab": {f"nas-{n}": {"url": "http://127.0.0.1:9/api"} for n in range(4)},
        "versions": {f"v-{n}": {"preset": "best"} for n in range(3)},
    }
    with Site(tmp_path, **many) as site:
        for slug in (*(group.slug for group in GROUPS), "secrets", "", "?q=a"):
            path = f"/settings/{slug}".replace("/?", "?").rstrip("/")
            answer = site.get(path)
            assert answer.status_code == 200
            assert len(answer.content) < 100_000, slug
            assert any(took_s(site, path) < 0.15 * 4 for _ in range(30)), slug


def took_s(site, path):
    began = time.perf_counter()
    site.get(path)
    return time.perf_counter() - began
