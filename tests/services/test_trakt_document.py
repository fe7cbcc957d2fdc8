"""Extra: what we read of Trakt and send to it, held against recorded and documented answers.

They are not kept here. Where no folder `shared/fixtures/history` lies beside this repository,
nothing is held against anything, and pytest says so.
"""

import json
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from movie_sync.demo.trakt_site import TraktSite
from movie_sync.history_models import Play, Work
from movie_sync.library_models import Kind
from movie_sync.services import trakt_bodies as bodies
from movie_sync.services import trakt_facts as facts
from movie_sync.services import trakt_shapes as shapes
from movie_sync.services.trakt_account import account, activities
from movie_sync.services.trakt_api import decoded
from movie_sync.services.trakt_changes import Said
from movie_sync.services.trakt_pages import Counted
from tests.services.trakt_account import NOW, Clock, HeldTokens, opened

FOLDER = Path(__file__).parents[3] / "shared" / "fixtures" / "history"
RECORDED, DOCUMENTED = FOLDER / "trakt_recorded", FOLDER / "trakt_apiary_examples"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not RECORDED.exists(), reason=f"no answers of Trakt in {FOLDER}; nothing is held to them"
    ),
]


def recorded(pattern: str):
    found = [json.loads(path.read_text()) for path in sorted(RECORDED.glob(pattern))]
    assert found
    return [one["response"] for one in found if one["response"]["status"] in (200, 201)]


def documented(name: str, code: str = "200") -> bytes:
    told = json.loads((DOCUMENTED / f"{name}.json").read_text())
    return json.dumps(told["responses"][code]["response"]).encode()


def read(told, make):
    body = json.dumps(told).encode()
    made, problems = shapes.each(shapes.items(body), make)
    assert problems == []
    assert len({shapes.key(item) for item in shapes.items(body)}) == len(told)
    return made


def test_every_recorded_play_can_be_read():
    for response in recorded("get_sync_history_*.json"):
        plays = read(response["json"], shapes.play)
        assert all(one.play.watched_at and one.play.work.ids["trakt"] for one in plays)
        assert Counted.of({k.title(): v for k, v in response["headers"].items()}).items >= len(
            plays
        )


def test_every_recorded_rating_and_wish_can_be_read():
    for response in recorded("get_users_*_ratings_*.json"):
        assert all(1 <= one.tenths <= 10 for one in read(response["json"], shapes.rating))
    for pattern in ("get_sync_watchlist_*.json", "get_users_*_watchlist_*.json"):
        for response in recorded(pattern):
            read(response["json"], shapes.wish)


def test_every_recorded_search_can_be_read():
    for response in recorded("get_search_*.json"):
        hits, problems = shapes.each(response["json"], shapes.hit)
        assert problems == []
        assert all(hit.ids["trakt"] for hit in hits if hit)


def test_every_recorded_film_show_season_and_title_can_be_read():
    for kind, pattern in ((Kind.FILM, "get_movies_*"), (Kind.SHOW, "get_shows_*")):
        for path in sorted(RECORDED.glob(f"{pattern}.json")):
            told = json.loads(path.read_text())["response"]["json"]
            if "translations" in path.name:
                others = [
                    facts.other_title(one) for one in msgspec.convert(told, list[facts.Alias])
                ]
                assert any(others)
            elif "seasons_q" in path.name:
                assert all(facts.season(s) for s in msgspec.convert(told, list[facts.FullSeason]))
            elif "episodes" not in path.name and "people" not in path.name:
                full = facts.facts(msgspec.convert(told, facts.Full), kind, NOW)
                assert full.ids["trakt"]
                assert full.premiered_on


def test_what_is_documented_of_an_account_can_be_read():
    who = account(documented("get_users_settings"), "/users/settings")
    assert (who.username, who.zone, who.limits["list.count"]) == (
        "justin",
        "America/Los_Angeles",
        5,
    )
    when = activities(documented("get_sync_last_activities"), "/sync/last_activities")
    assert None not in msgspec.structs.astuple(when)


def test_what_is_documented_of_one_title_can_be_read():
    aliases = decoded(documented("get_shows_id_aliases"), list[facts.Alias], "")
    assert facts.other_title(aliases[0]).country == "TW"
    seasons = decoded(documented("get_shows_id_seasons"), list[facts.FullSeason], "")
    assert facts.season(seasons[0]).episodes
    assert all(read(json.loads(documented("get_sync_playback_type")), shapes.paused))


@pytest.mark.parametrize(
    ("name", "code"),
    [("post_sync_history", "201"), ("post_sync_history_remove", "200"),
     ("post_sync_ratings", "201"),
     ("post_sync_ratings_remove", "200"), ("post_sync_watchlist", "201"),
     ("post_sync_watchlist_remove", "200")],
)  # fmt: skip
def test_what_is_documented_of_changes_can_be_read(name, code):
    said = decoded(documented(name, code), Said, "")
    assert said.added or said.deleted
    assert said.not_found["movies"][0]["ids"] == {"imdb": "tt0000111"}


def test_every_recorded_change_can_be_read():
    for response in recorded("post_sync_watchlist*.json"):
        said = msgspec.convert(response["json"], Said)
        assert said.added is not None or said.deleted is not None


def test_the_example_of_plays_is_told_item_by_item():
    nothing = Work(kind=Kind.FILM, title="Nothing", ids={"imdb": "tt0000111"})
    batman = Work(kind=Kind.FILM, title="Batman Begins", ids={"trakt": "1"})
    at = datetime(2025, 10, 15, 13, 52, 14, 391000, tzinfo=UTC)
    plays = [Play(key="a", source="a", work=work, watched_at=at) for work in (batman, nothing)]
    body, placed = bodies.history(plays, NOW)
    example = json.loads((DOCUMENTED / "post_sync_history.json").read_text())["request_example"]
    assert body["movies"][0]["watched_at"] == example["movies"][0]["watched_at"]
    said = decoded(documented("post_sync_history", "201"), Said, "")
    told = bodies.told([said.added], said.not_found, placed)
    assert (told.done, told.not_found) == ((0,), (1,))


def same_shape(ours, theirs, where=""):
    """What theirs names and ours lacks, below lists and objects that both have."""
    if isinstance(ours, list) and isinstance(theirs, list) and ours and theirs:
        return same_shape(ours[0], theirs[0], where)
    if not (isinstance(ours, dict) and isinstance(theirs, dict)):
        return []
    lacking = [f"{where}/{name}" for name in theirs if name not in ours]
    both = [name for name in theirs if name in ours]
    return lacking + [
        each for name in both for each in same_shape(ours[name], theirs[name], f"{where}/{name}")
    ]


def test_the_stand_in_answers_in_the_recorded_shape():
    clock = Clock()
    with TraktSite(clock=clock) as site:
        site.world.film(28, "Heat", 1995, imdb="tt0113277", tmdb=949)
        site.world.play(("movie", 28), NOW.timestamp())
        site.world.rate(("movie", 28), 8, "2026-01-01T00:00:00.000Z")
        held = HeldTokens(site.gate.grant()["access_token"])
        with opened(site, clock, held):
            listed = [{**site.world.listed(site.world.plays[0][0])}]
            rated = [{**site.world.ratings["movie", 28], **site.world.told(("movie", 28))}]
    [history, *_] = recorded("get_sync_history_movies.json")
    [ratings] = recorded("get_users_*_ratings_movies.json")
    assert same_shape(listed, history["json"]) == []
    assert same_shape(rated, ratings["json"]) == []
