import json
import re
from pathlib import Path

import msgspec
import pytest

from movie_sync.films.story import What
from movie_sync.models import State
from movie_sync.web.api import AREAS, Document
from tests import make
from tests.fakes import FakeIndexer
from tests.queue_home import until
from tests.web.site import Site

pytestmark = pytest.mark.slow  # each asks a whole program with its page

FILMS = "/api/v1/films"
ONE = f"{FILMS}/film:letterboxd:1"
WANTED = "/api/v1/wanted"


def gave_up(number=1, **changes):
    facts = {"last_error": "the disk was full", "permanent": True, "attempts": 5}
    return make.item(number, **(facts | changes))


@pytest.fixture
def failed(tmp_path):
    """A site where three films have failed for good."""
    with Site(tmp_path, {State.FAILED: [gave_up(n) for n in (1, 2, 3)]}) as made:
        yield made


def titles(answer):
    return [film["title"] for film in answer.json()["films"]]


def test_queues_are_counted(failed):
    counts = failed.get("/api/v1/queues").json()
    assert (counts["failed"], counts["permanent_failures"], counts["pending"]) == (3, 3, 0)
    assert counts["revision"] == failed.queue.revision


def test_films_come_page_by_page_with_links_to_the_others(failed):
    answer = failed.get(f"{FILMS}?order=title&per_page=2")
    assert titles(answer) == ["Film 1 (1999)", "Film 2 (1999)"]
    assert (answer.json()["total"], answer.json()["pages"]) == (3, 2)
    assert answer.links["next"]["url"] == f"{FILMS}?order=title&per_page=2&page=2"
    assert "prev" not in answer.links
    last = failed.get(answer.links["next"]["url"])
    assert titles(last) == ["Film 3 (1999)"]
    assert "next" not in last.links
    assert failed.get(last.links["prev"]["url"]).json() == answer.json()


def test_past_the_last_page_there_are_no_films(failed):
    answer = failed.get(f"{FILMS}?page=9")
    assert (titles(answer), answer.json()["total"]) == ([], 3)
    assert "next" not in answer.links


def test_films_are_narrowed_and_turned(failed):
    assert titles(failed.get(f"{FILMS}?text=film%202")) == ["Film 2 (1999)"]
    assert titles(failed.get(f"{FILMS}?state=pending&state=active")) == []
    assert titles(failed.get(f"{FILMS}?wanted_by=hand")) == []
    assert titles(failed.get(f"{FILMS}?order=title&turned=true"))[0] == "Film 3 (1999)"


def test_what_is_known_is_not_sent_again_until_it_changes(failed):
    for path in (FILMS, ONE, "/api/v1/queues", "/api/v1/settings", "/api/v1/openapi.json"):
        tag = failed.get(path).headers["ETag"]
        again = failed.get(path, headers={"If-None-Match": f'"other", {tag}'})
        assert (again.status_code, again.content) == (304, b""), path
        assert again.headers["ETag"] == tag
    before = failed.get(FILMS).headers["ETag"]
    failed.post(f"{ONE}/remove")
    assert failed.get(FILMS, headers={"If-None-Match": before}).status_code == 200


def test_another_question_has_another_tag(failed):
    assert len({failed.get(f"{FILMS}?page={n}").headers["ETag"] for n in (1, 2, 3)}) == 3


def test_a_film_is_told_whole_by_id_and_by_title(failed):
    told = failed.get(ONE).json()
    assert told["standing"] == "the disk was full; given up"
    assert told["wishes"] == ["retry", "grab", "alias", "remove"]
    assert failed.get(f"{FILMS}/Film%201").json() == told


def test_why_tells_what_happened(failed):
    stories = failed.running.app.parts.stories
    stories.tell("film:letterboxd:1", What.SEARCHED, "1 found", make.NOON, [{"name": "F"}])
    (event,) = failed.get(f"{ONE}/why").json()["events"]
    assert (event["what"], event["releases"]) == ("searched", [{"name": "F"}])
    told = failed.get("/api/v1/activity?what=searched").json()
    assert [each["id"] for each in told["events"]] == ["film:letterboxd:1"]
    assert failed.get("/api/v1/activity?what=placed").json()["total"] == 0


def test_offers_are_asked_for_now_and_one_is_taken(failed):
    indexer = FakeIndexer(make.release())
    failed.have(indexers=[indexer])
    found = failed.post(f"{ONE}/search").json()
    assert [each["id"] for each in found["releases"]] == ["7"]
    taken = failed.post(f"{ONE}/grab", json={"release": "fake:7"})
    assert taken.status_code == 200
    assert failed.queue.get("film:letterboxd:1")[1].data["chosen"]["id"] == "7"


@pytest.mark.parametrize(
    ("wish", "body", "states"),
    [
        ("retry", None, {State.PENDING, State.ACTIVE}),  # it may be searched already
        ("remove", None, {State.REMOVED}),
        ("alias", {"title": "Movie 1"}, {State.FAILED}),
        ("block", {"release": "fake:7"}, {State.FAILED}),
        ("unblock", None, {State.FAILED}),
    ],
)
def test_a_wish_is_fulfilled_and_says_how_the_film_is_now(failed, wish, body, states):
    answer = failed.post(f"{ONE}/{wish}", json=body)
    assert answer.status_code == 200
    assert answer.json()["id"] == "film:letterboxd:1"
    assert answer.json()["state"] in states


def test_what_was_removed_comes_back_and_can_be_skipped(failed):
    failed.post(f"{ONE}/remove")
    assert failed.post(f"{ONE}/restore").json()["state"] != State.REMOVED
    until(lambda: failed.post(f"{ONE}/skip").status_code == 200)  # it may be in hand just then
    assert failed.queue.get("film:letterboxd:1")[0] is State.FAILED


def test_a_wish_that_does_not_fit_is_a_conflict_and_changes_nothing(failed):
    answer = failed.post(f"{ONE}/restore")
    assert answer.status_code == 409
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json() == {
        "type": "about:blank",
        "title": "Conflict",
        "status": 409,
        "detail": "Film 1 (1999) is failed; only what was removed can be restored; "
        "nothing was changed",
        "instance": f"{ONE}/restore",
    }


def test_nobody_is_called_so(failed):
    for answer in (failed.get(f"{FILMS}/Nothing"), failed.post(f"{FILMS}/Nothing/retry")):
        assert answer.status_code == 404
        assert "nothing in the queues is called Nothing" in answer.json()["detail"]


def test_wrong_questions_name_each_field(failed):
    answer = failed.get(f"{FILMS}?per_page=201&page=0&state=lost")
    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert {each["field"] for each in answer.json()["errors"]} == {"per_page", "page", "state.0"}


def test_a_wrong_question_to_a_page_is_told_on_a_page(site):
    answer = site.get("/wanted?page=0")
    assert answer.status_code == 422
    assert answer.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize(
    ("body", "field", "problem"),
    [
        ("{", "", "this is not JSON: Input data was truncated"),
        ("{}", "release", "is missing"),
        ('{"release": 7}', "release", "Expected str, got int"),
        ('{"release": "a:b", "x": 1}', "x", "there is no such field"),
        ("[]", "", "Expected object, got array"),
    ],
)
def test_wrong_bodies_say_what_is_wrong(failed, body, field, problem):
    answer = failed.post(f"{ONE}/grab", data=body)
    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"field": field, "problem": problem}]


def test_another_method_is_told_which_there_are(site):
    assert site.ask("DELETE", "/api/v1/settings").headers["Allow"] == "GET, PATCH"
    assert site.get("/api/v1/nowhere").json()["detail"] == "there is nothing at this address"


def test_a_film_is_wanted_once_however_often_it_is_said(site):
    wish = {"title": "Parasite", "year": 2019, "imdb_id": "tt6751668", "tmdb_id": 496243}
    first = site.post(WANTED, json=wish).json()
    again = site.post(WANTED, json=[wish, {"title": "Parasite (2019)"}]).json()
    assert first["films"][0]["new"]
    assert {film["id"] for film in again["films"]} == {"film:imdb:tt6751668"}
    assert again["said"] == "0 of 2 films are new"
    _, item = site.queue.get("film:imdb:tt6751668")
    assert (item.data["tmdb_id"], item.data["year"], item.title) == (
        496243,
        2019,
        "Parasite (2019)",
    )


def test_one_wrong_film_of_many_adds_none(site):
    answer = site.post(WANTED, json=[{"title": "M (1931)"}, {"title": "Heat", "year": 19}])
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "[1].year"
    assert site.get(FILMS).json()["total"] == 0


def webhook(kind="MEDIA_APPROVED", media_type="movie", **media):
    """As the default template of Overseerr is filled; ids that are not known are empty."""
    ids = {"tmdbId": "496243", "tvdbId": "", "imdbId": ""} | media
    return {
        "notification_type": kind,
        "event": "Movie Request Approved",
        "subject": "Parasite (2019)",
        "message": "A family of four ...",
        "image": "https://example.org/poster.jpg",
        "media": {"media_type": media_type, "status": "PENDING", **ids},
        "request": {"request_id": "7", "requestedBy_username": "alice"},
        "extra": [],
    }


@pytest.mark.parametrize("kind", ["MEDIA_APPROVED", "MEDIA_AUTO_APPROVED"])
def test_a_request_that_was_approved_is_wanted(site, kind):
    for _ in range(2):
        assert site.post(WANTED, json=webhook(kind)).status_code == 200
    _, item = site.queue.get("film:tmdb:496243")
    assert (item.title, item.wanted_by) == ("Parasite (2019)", ("hand",))
    assert titles(site.get(FILMS)) == ["Parasite (2019)"]


@pytest.mark.parametrize(
    ("hook", "said"),
    [
        (webhook("MEDIA_PENDING"), "nothing to do: MEDIA_PENDING asks for no film"),
        (webhook("TEST_NOTIFICATION"), "the test arrived: approved films will be wanted"),
        (
            webhook(media_type="tv"),
            "nothing to do: Parasite (2019) is a series, and only films are taken",
        ),
    ],
)
def test_other_webhooks_are_heard_and_nothing_is_done(site, hook, said):
    answer = site.post(WANTED, json=hook)
    assert (answer.status_code, answer.json()) == (200, {"films": [], "said": said})
    assert titles(site.get(FILMS)) == []


def test_a_webhook_of_an_unknown_form_is_refused_by_name(site):
    answer = site.post(WANTED, json=webhook(imdbId="{{media_imdbid}}"))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "media.imdbId"


def test_sources_are_told_and_a_doubted_one_is_confirmed(site):
    memory = site.running.app.memory
    memory.of("letterboxd:alice").absent = {"letterboxd:1": 3}
    told = site.get("/api/v1/sources").json()
    assert told["watchlists"][0]["name"] == "letterboxd:alice"
    assert told["services"]["no_indexer"].startswith("no indexer is set up")
    assert site.post("/api/v1/sources/letterboxd:alice/confirm").json() == {
        "source": "letterboxd:alice",
        "films": 1,
    }
    assert memory.of("letterboxd:alice").confirmed == ["letterboxd:1"]
    assert site.post("/api/v1/sources/letterboxd:bob/confirm").status_code == 409


def test_what_needs_a_person_is_told(failed):
    needs = failed.get("/api/v1/needs").json()["needs"]
    assert {each["kind"] for each in needs} >= {"given_up"}
    assert failed.get("/api/v1/moving").json() == {"moving": []}


def test_the_doctor_asks_everybody_at_most_once_a_minute(site):
    first = site.get("/api/v1/doctor").json()
    assert {"library", "torrent client"} <= {check["name"] for check in first["checks"]}
    assert site.get("/api/v1/doctor").json() == first


def test_settings_are_told_with_their_origin_and_no_secret(site):
    site.running.credentials.set("filelist.passkey", "geheim" * 6)
    answer = site.get("/api/v1/settings")
    told = answer.json()
    assert told["settings"]["profile.preset"]["origin"] == "default"
    assert told["settings"]["library_directory"]["origin"].startswith("config.json line ")
    assert told["credentials"]["filelist.passkey"] == "credentials.enc"
    assert "geheim" not in answer.text


def test_settings_are_changed_and_in_force_at_once(site):
    wished = {"profile.preset": "small", "torznab.nas.url": "http://127.0.0.1:9", "web.port": 5001}
    said = site.ask("PATCH", "/api/v1/settings", json=wished).json()
    assert said["saved"] == list(wished)
    assert said["next_start"] == ["web.port"]
    assert site.running.app.parts.profile.preset == "small"
    written = json.loads((site.home / "config.json").read_text())
    assert written["torznab"] == {"nas": {"url": "http://127.0.0.1:9"}}
    site.ask("PATCH", "/api/v1/settings", json={"profile.preset": None, "torznab.nas": None})
    told = site.get("/api/v1/settings").json()["settings"]
    assert told["profile.preset"]["origin"] == "default"
    assert "torznab.nas.url" not in told


def test_settings_that_are_wrong_are_all_named_and_none_is_saved(site):
    before = (site.home / "config.json").read_text()
    wished = {
        "check_interval": 900,
        "profile.preset": "smal",
        "chek": 1,
        "torznab.nas.enabled": True,
    }
    answer = site.ask("PATCH", "/api/v1/settings", json=wished)
    assert answer.status_code == 422
    named = [each["field"] for each in answer.json()["errors"]]
    assert named == ["profile.preset", "chek", "torznab.nas.url"]
    assert (site.home / "config.json").read_text() == before


def test_settings_that_cannot_work_together_are_not_saved(site, tmp_path):
    before = (site.home / "config.json").read_text()
    wished = {"library_directory": str(tmp_path / "downloads")}
    answer = site.ask("PATCH", "/api/v1/settings", json=wished)
    assert answer.status_code == 422
    assert "name two folders on one disk" in answer.json()["detail"]
    assert (site.home / "config.json").read_text() == before


def test_everything_is_below_the_base_url(tmp_path):
    with Site(tmp_path, web={"base_url": "/films"}) as site:
        assert site.get("/api/v1/queues").status_code == 200
        assert site.get("/api/v1/openapi.json").json()["servers"] == [{"url": "/films"}]
        assert site.get("/api/v1/films").links["last"]["url"].startswith("/films/api/v1/films?")
        assert "/films/api/v1/openapi.json" in site.get("/api/v1/docs").text


def test_the_document_is_told_to_people_too(site):
    page = site.get("/api/v1/docs")
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    for path in site.get("/api/v1/openapi.json").json()["paths"]:
        assert path in page.text


SHAPES = {shape.__name__: shape for area in AREAS for shape in area.SHAPES}
MEDIA = [
    (f"{method} {path}", content["schema"], example)
    for path, methods in Document("").whole()["paths"].items()
    for method, route in methods.items()
    for content in (
        *(route["responses"]["200"]["content"].values()),
        *route.get("requestBody", {}).get("content", {}).values(),
    )
    for example in (
        [content["example"]]
        if "example" in content
        else [one["value"] for one in content.get("examples", {}).values()]
    )
]


@pytest.mark.parametrize(("route", "schema", "example"), MEDIA, ids=[each[0] for each in MEDIA])
def test_every_example_is_of_the_shape_that_it_stands_for(route, schema, example):
    if name := schema.get("$ref", "").rpartition("/")[2]:
        shown = msgspec.convert(example, SHAPES[name])
        assert {*example} <= {*msgspec.to_builtins(shown)} | {*SHAPES[name].__struct_fields__}


def test_every_reference_in_the_document_leads_somewhere():
    document = Document("").whole()
    named = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(document)))
    assert named <= document["components"]["schemas"].keys()


def test_every_route_is_in_the_docs():
    text = Path("docs/api.md").read_text(encoding="utf-8")
    for path, methods in Document("").whole()["paths"].items():
        for method in methods:
            assert f"`{method.upper()} {path.removeprefix('/api/v1')}`" in text
