import json

import pytest
import requests

from movie_sync.demo import tmdb_site
from movie_sync.demo.tmdb_site import LONG_KEY, SHORT_KEY, TmdbSite
from movie_sync.demo.tmdb_titles import MadeFilm, MadeShow
from tests.services import tmdb_document as described

LANTERN = MadeFilm(
    id=4711,
    title="The Lantern Keeper",
    original_title="등대지기",
    language="ko",
    country="KR",
    day="2019-05-30",
    overview="A keeper keeps a light.",
    tagline="Keep it lit.",
    imdb_id="tt0471100",
    words={"de-DE": ("Der Leuchtturmwärter", "Ein Wärter.", "")},
    others=(("US", "Lighthouse Man"),),
    cast=((501, "Ann Lee", "Keeper"),),
    crew=((502, "Kim Roe", "Director"),),
    collection=(9, "Lanterns"),
    home_day="2019-10-11",
)
HARBOUR = MadeShow(
    id=77,
    title="Quiet Harbour",
    day="2020-01-10",
    seasons={0: 2, 1: 6, 2: 8},
    imdb_id="tt0000077",
    tvdb_id=88,
    episode_ids={"tt0000078": (1, 2)},
    cast=((501, "Ann Lee", "Mayor"),),
    crew=((502, "Kim Roe", "Creator"), (503, "Jo Fox", "Director")),
    overview="A harbour.",
)
PATHS = (
    "/authentication", "/configuration", "/search/movie?query=lantern", "/search/tv?query=harbour",
    "/movie/4711", "/movie/4711/credits", "/movie/4711/alternative_titles",
    "/movie/4711/translations", "/movie/4711/external_ids", "/movie/4711/release_dates",
    "/tv/77", "/tv/77/credits", "/tv/77/aggregate_credits", "/tv/77/alternative_titles",
    "/tv/77/translations", "/tv/77/external_ids", "/tv/77/season/1", "/person/501",
    "/trending/movie/week", "/trending/tv/week", "/find/tt0471100?external_source=imdb_id",
)  # fmt: skip


@pytest.fixture
def site():
    with TmdbSite([LANTERN, HARBOUR]) as started:
        yield started


def get(site, path, key=SHORT_KEY, **params):
    return requests.get(f"{site.url}{path}", params={"api_key": key, **params}, timeout=20)


@pytest.mark.slow
@pytest.mark.skipif(not described.DOCUMENT.exists(), reason=described.NO_DOCUMENT)
@pytest.mark.parametrize("path", PATHS)
def test_answers_are_as_tmdb_describes_its_own(site, path):
    answer = get(site, path)
    assert answer.status_code == 200
    assert described.answer_problems(path.partition("?")[0], answer.json()) == []


# What is said of lists in which films and shows are mixed shows one of both alone.
MIXED = {"title", "original_title", "release_date", "video", "order", "name", "original_name"}
MIXED |= {"first_air_date", "origin_country", "episode_count"}


@pytest.mark.slow
@pytest.mark.skipif(not described.DOCUMENT.exists(), reason=described.NO_DOCUMENT)
@pytest.mark.parametrize(
    "path", ["/search/multi?query=lantern", "/person/501/combined_credits", "/collection/9"]
)
def test_mixed_lists_are_as_tmdb_describes_them(site, path):
    answer = get(site, path).json()
    assert described.answer_problems(path.partition("?")[0], answer, ignored=MIXED) == []


@pytest.mark.slow
@pytest.mark.skipif(not described.DOCUMENT.exists(), reason=described.NO_DOCUMENT)
def test_what_is_appended_is_as_it_is_alone(site):
    parts = "credits,alternative_titles,translations,external_ids"
    told = get(site, "/movie/4711", append_to_response=parts).json()
    for part in parts.split(","):
        alone = told.pop(part) | {"id": 4711}
        assert described.answer_problems(f"/movie/4711/{part}", alone) == []
    assert described.answer_problems("/movie/4711", told) == []
    season = get(site, "/tv/77", append_to_response="season/2").json()["season/2"]
    assert described.answer_problems("/tv/77/season/2", season) == []


@pytest.mark.slow
@pytest.mark.skipif(not described.DOCUMENT.exists(), reason=described.NO_DOCUMENT)
def test_a_change_of_an_answer_would_be_noticed():
    told = {"success": True, "status_code": "1", "status_message": "Success."}
    assert len(described.answer_problems("/authentication", told)) == 1
    assert len(described.answer_problems("/authentication", {"success": True})) == 2
    assert described.question_problems("/search/movie", {"year_of_birth"}) == [
        "/search/movie knows no year_of_birth", "/search/movie needs query",
    ]  # fmt: skip


def test_a_key_is_short_in_the_query_or_long_in_a_header(site):
    assert get(site, "/authentication").json()["success"]
    bearer = {"Authorization": f"Bearer {LONG_KEY}"}
    long = requests.get(f"{site.url}/authentication", headers=bearer, timeout=20)
    wrong = get(site, "/authentication", "f" * 32)
    assert (long.status_code, wrong.status_code) == (200, 401)
    assert wrong.json()["status_code"] == 7
    assert SHORT_KEY not in str(site.requests)


@pytest.mark.parametrize(
    ("path", "params", "status", "code"),
    [
        ("/movie/1", {}, 404, 34),
        ("/tv/77/season/9", {}, 404, 34),
        ("/nothing/here", {}, 404, 34),
        ("/search/movie", {"query": "lantern", "page": "501"}, 400, 22),
        ("/movie/4711", {"append_to_response": ",".join("a" * 21)}, 400, 27),
    ],
)
def test_what_cannot_be_answered_is_refused_as_tmdb_does(site, path, params, status, code):
    answer = get(site, path, **params)
    assert (answer.status_code, answer.json()["status_code"]) == (status, code)


def test_who_asks_too_often_is_told_to_slow_down(site):
    site.limit = 3
    answers = [get(site, "/movie/4711") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[3].headers["Retry-After"] == "1"


def test_trouble_is_said_in_turn_and_then_to_all(site):
    site.troubles.append(tmdb_site.slow_down())
    site.trouble = tmdb_site.MAINTENANCE
    assert [get(site, "/movie/4711").status_code for _ in range(3)] == [429, 503, 503]


def test_a_language_without_words_has_empty_texts(site):
    german = get(site, "/movie/4711", language="de-DE").json()
    french = get(site, "/movie/4711", language="fr-FR").json()
    assert (german["title"], german["tagline"]) == ("Der Leuchtturmwärter", "")
    assert (french["title"], french["overview"]) == ("등대지기", "")


@pytest.mark.parametrize(
    ("path", "params", "found"),
    [
        ("/search/movie", {"query": "keeper LANTERN"}, [4711]),
        ("/search/movie", {"query": "lighthouse man"}, [4711]),
        ("/search/movie", {"query": "lantern", "primary_release_year": "2018"}, []),
        ("/search/movie", {"query": ""}, []),
        ("/search/tv", {"query": "harbour", "first_air_date_year": "2020"}, [77]),
        ("/search/multi", {"query": "quiet"}, [77]),
    ],
)
def test_titles_are_found_by_their_words(site, path, params, found):
    assert [one["id"] for one in get(site, path, **params).json()["results"]] == found


def test_ids_of_others_lead_to_titles_and_episodes(site):
    asked = {"external_source": "imdb_id"}
    assert get(site, "/find/tt0471100", **asked).json()["movie_results"][0]["id"] == 4711
    (episode,) = get(site, "/find/tt0000078", **asked).json()["tv_episode_results"]
    assert (episode["show_id"], episode["season_number"], episode["episode_number"]) == (77, 1, 2)
    tvdb = get(site, "/find/88", external_source="tvdb_id").json()
    assert [one["id"] for one in tvdb["tv_results"]] == [77]


def test_people_and_collections_are_made_of_the_titles(site):
    works = get(site, "/person/501/combined_credits").json()
    assert {(one["media_type"], one["character"]) for one in works["cast"]} == {
        ("tv", "Mayor"), ("movie", "Keeper"),
    }  # fmt: skip
    assert get(site, "/person/501").json()["name"] == "Ann Lee"
    assert [one["id"] for one in get(site, "/collection/9").json()["parts"]] == [4711]
    assert get(site, "/person/9").status_code == get(site, "/collection/1").status_code == 404


def test_pictures_are_real_ones_and_need_no_key(site):
    path = get(site, "/movie/4711").json()["poster_path"]
    small = requests.get(f"{site.image_url}/w185{path}", timeout=20)
    large = requests.get(f"{site.image_url}/original{path}", timeout=20)
    assert small.content.startswith(b"\x89PNG")
    assert len(large.content) > len(small.content)


def test_titles_come_and_go(site):
    site.remove(LANTERN)
    assert get(site, "/movie/4711").status_code == 404
    site.put(MadeFilm(id=4711, title="Another", day=""))
    assert json.loads(get(site, "/movie/4711").content)["title"] == "Another"
