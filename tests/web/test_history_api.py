import msgspec
import pytest

from movie_sync.web import api_history, api_history_examples, api_history_wishes
from tests.web.history_site import TODAY, history_site
from tests.web.site import Site

ROOT = "/api/v1/history"


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """One site for the tests that only read."""
    with history_site(tmp_path_factory.mktemp("kept")) as site:
        yield site


@pytest.fixture
def site(tmp_path):
    with history_site(tmp_path) as made:
        yield made


def got(site, path, **options):
    answer = site.get(f"{ROOT}{path}", **options)
    assert answer.status_code == 200, answer.text
    return answer.json()


def done(site, path, body=None, status=200):
    answer = site.post(f"{ROOT}{path}", json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


def test_plays_are_read_page_by_page_and_none_is_left_out(kept):
    seen, token = [], {}
    while True:
        part = got(kept, "/plays", params={"limit": 3, **token})
        seen += [one["id"] for one in part["plays"]]
        if part["next"] is None:
            break
        token = {"before": part["next"]}
    assert len(seen) == len(set(seen)) == 8


def test_plays_are_narrowed(kept):
    def titles(**asked):
        return [one["title"] for one in got(kept, "/plays", params=asked)["plays"]]

    day = f"{TODAY:%Y-%m-%d}"
    assert titles(kind="film", first_day=day) == ["Parasite", "Brazil"]
    assert titles(source="viki", limit=1) == ["Signal"]
    assert titles(deleted=True) == []
    assert len(titles(sync_id=1)) == 8


def test_a_play_says_who_tells_of_it(kept):
    row = got(kept, "/plays")["plays"][0]
    assert [one["key"] for one in got(kept, f"/plays/{row['id']}")["tellings"]] == ["trakt:2"]


def test_days_titles_progress_and_figures_are_read(kept):
    assert got(kept, "/days", params={"year": TODAY.year, "month": TODAY.month})["days"] == [
        {"day": f"{TODAY:%Y-%m-%d}", "plays": 6}
    ]
    assert [one["title"] for one in got(kept, "/titles", params={"text": "ete"})["titles"]] == [
        "L'Été"
    ]
    title = got(kept, "/titles", params={"kind": "show"})["titles"][0]
    assert len(got(kept, f"/titles/{title['title_id']}")["seen"]) == 4
    assert got(kept, "/progress")["progress"][0]["position_s"] == 1800
    assert got(kept, "/stats")["films"] == 3


def test_the_inbox_and_the_log_are_read(kept):
    inbox = got(kept, "/inbox")
    assert [one["key"] for one in inbox["unmatched"][0]["choices"]] == ["trakt:109557", "trakt:777"]
    assert inbox["states"] == {"review": 1, "none": 1, "matched": 1}
    assert got(kept, "/inbox/36951c")["answers"][0]["made_by"] == "auto"
    assert [one["kind"] for one in got(kept, "/syncs")["syncs"]] == ["push", "import"]
    assert got(kept, "/syncs/1")["problems"] == ["Nameless (1999): it has no TMDB id; left out"]
    assert got(kept, "/import")["waits"] is False


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/plays/999", 404), ("/titles/999", 404), ("/syncs/999", 404), ("/inbox/999c", 404),
        ("/days?year=2026&month=13", 422), ("/plays?first_day=2026-02-30", 422),
        ("/plays?limit=0", 422), ("/inbox?state=opera", 422),
    ],
)  # fmt: skip
def test_what_is_not_there_or_makes_no_sense_is_told_as_a_problem(kept, path, status):
    answer = kept.get(f"{ROOT}{path}")
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.slow
def test_while_the_history_is_off_every_route_says_how_to_have_it(tmp_path):
    with Site(tmp_path) as site:
        for path in ("/plays", "/inbox", "/stats", "/import"):
            answer = site.get(f"{ROOT}{path}")
            assert answer.status_code == 404
            assert "set history.enabled to true" in answer.json()["detail"]


@pytest.mark.slow
def test_a_play_is_told_given_a_day_taken_away_and_put_back(site):
    told = {"title": "Stalker", "year": 1979, "ids": {"tmdb": "1398"}}
    assert done(site, "/plays", told)["said"] == "Stalker (1979): is in the history"
    row = next(one for one in got(site, "/plays")["plays"] if one["title"] == "Stalker")
    done(site, f"/plays/{row['id']}/date", {"day": "2020-02-29"})
    assert got(site, f"/plays/{row['id']}")["play"]["local_day"] == "2020-02-29"
    done(site, f"/plays/{row['id']}/remove")
    assert got(site, "/plays", params={"deleted": True})["plays"][0]["id"] == row["id"]
    done(site, f"/plays/{row['id']}/restore")
    assert got(site, "/plays", params={"deleted": True})["plays"] == []


@pytest.mark.parametrize(
    "told",
    [
        {"title": "Signal", "season": 1}, {"title": "X", "episode": 1}, {"title": " "},
        {"title": "X", "day": "2026-02-30"}, {"title": "X", "kind": "film"},
    ],
)  # fmt: skip
def test_a_play_of_nothing_in_particular_is_never_stored(kept, told):
    done(kept, "/plays", told, status=422)
    assert got(kept, "/stats")["plays"] == 8


@pytest.mark.slow
def test_a_show_is_chosen_named_and_let_go(site):
    assert done(site, "/inbox/36951c/choose", {"key": "trakt:109557"})["title_id"]
    assert got(site, "/inbox/36951c")["container"]["state"] == "manual"
    done(site, "/inbox/36951c/clear")
    named = {"provider": "tmdb", "id": "777", "season": 2}
    assert done(site, "/inbox/37000c/set", named)["title_id"]
    done(site, "/inbox/36951c/choose", {"key": "trakt:1"}, status=404)


@pytest.mark.slow
def test_an_import_of_a_file_needs_a_key_that_may_do_all(site, tmp_path):
    answer = site.post(f"{ROOT}/import", json={"source": "trakt"}, key=None)
    assert answer.status_code in {401, 403}
    done(site, "/import", {"source": "file", "path": str(tmp_path / "nothing")}, status=409)
    assert not done(site, "/import/cancel")["sync_id"]


@pytest.mark.slow
def test_what_is_not_on_is_asked_of_nobody(site):
    assert done(site, "/sync", status=202)["said"].startswith("nobody is to be asked")


@pytest.mark.parametrize("route", [*api_history.router.routes, *api_history_wishes.router.routes])
def test_an_example_is_as_its_shape_has_it(route):
    media = route.responses[200]["content"]["application/json"]
    name = media["schema"]["$ref"].rpartition("/")[2]
    shapes = {one.__name__: one for one in (*api_history.SHAPES, *api_history_wishes.SHAPES)}
    msgspec.convert(media["example"], shapes[name])


def test_examples_of_bodies_are_as_their_shapes_have_them():
    for shape, example in (
        (api_history_wishes.ToldFilm, api_history_examples.TOLD),
        (api_history_wishes.ToldEpisode, api_history_examples.TOLD_EPISODE),
        (api_history_wishes.Named, api_history_examples.NAMED),
        (api_history_wishes.TakeOver, api_history_examples.TAKE_OVER),
        (api_history_wishes.Choice, api_history_examples.CHOICE),
    ):
        msgspec.convert(example, shape)
