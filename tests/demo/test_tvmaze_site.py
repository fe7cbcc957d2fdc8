import json
import time

import pytest
import requests

from movie_sync.demo.shows_made_up import ids, made_up
from movie_sync.demo.tvmaze_site import GONE, TvMazeSite, slow_down


@pytest.fixture
def site():
    with TvMazeSite(made_up(n) for n in (1, 249, 250, 600)) as started:
        yield started


def get(site, path, **options):
    return requests.get(f"{site.url}{path}", timeout=60, **options)


def test_pages_are_by_id_and_end_with_404(site):
    found = [get(site, f"/shows?page={number}") for number in range(4)]
    assert [[show["id"] for show in page.json()] for page in found[:3]] == [[1, 249], [250], [600]]
    assert (found[3].status_code, found[3].json()) == (404, json.loads(GONE.body))
    assert site.pages == 3


def test_changes_are_those_of_the_window(site):
    site.put(250)
    assert set(get(site, "/updates/shows?since=day").json()) == {"250"}
    assert set(get(site, "/updates/shows").json()) == {"1", "249", "250", "600"}


def test_old_answers_are_kept_until_they_may_go(site):
    site.keep_index()
    site.put(1, name="New")
    assert get(site, "/shows?page=0").json()[0]["name"] != "New"
    assert get(site, "/shows/1").json()["name"] == "New"
    site.keep_index(False)
    assert get(site, "/shows?page=0").json()[0]["name"] == "New"


def test_who_asks_too_often_is_told_to_slow_down(site):
    site.limit = 3
    answers = [get(site, "/shows/1") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[3].headers["Retry-After"] == "10"


def test_trouble_is_said_in_turn_and_then_to_all(site):
    site.troubles.append(slow_down())
    site.trouble = slow_down(30, as_date=True)
    assert "Retry-After" not in get(site, "/shows/1").headers
    assert "GMT" in get(site, "/shows/1").headers["Retry-After"]


def test_a_merged_show_leads_to_the_other(site):
    site.merge(1, into=250)
    assert get(site, "/shows/1").json()["id"] == 250


def test_a_catalogue_is_the_same_each_time_and_has_gaps_and_what_is_not_known():
    began = time.monotonic()
    some = [made_up(n) for n in ids(1000)]
    assert some == [made_up(n) for n in ids(1000)]
    assert 0.05 < 1 - 1000 / some[-1]["id"] < 0.11
    for path in ("language", "premiered", "network", "webChannel", "runtime"):
        assert 0 < sum(show[path] is None for show in some) < 1000
    assert 0.3 < sum(show["externals"]["thetvdb"] is None for show in some) / 1000 < 0.45
    assert time.monotonic() - began < 20
