"""With 20,000 films a list is whole, in order, and no film is in it twice."""

from datetime import timedelta

import pytest

from movie_sync.models import State
from tests import make
from tests.web.site import Site

pytestmark = pytest.mark.slow
FILMS = 20_000
PER_PAGE = 200


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    done = [
        make.item(
            number,
            title=f"Film {number:05}",
            completed_at=make.NOON + timedelta(minutes=number),
            data={"year": 1900 + number % 120},
        )
        for number in range(FILMS)
    ]
    with Site(tmp_path_factory.mktemp("site"), {State.COMPLETED: done}) as made:
        yield made


def pages_of(site, path):
    while path:
        answer = site.get(path)
        yield answer.json()
        path = answer.links.get("next", {}).get("url")


def test_walking_along_the_links_finds_every_film_once(site):
    pages = list(pages_of(site, f"/api/v1/films?order=title&per_page={PER_PAGE}"))
    titles = [film["title"] for page in pages for film in page["films"]]
    assert titles == [f"Film {number:05}" for number in range(FILMS)]
    assert {page["total"] for page in pages} == {FILMS}
    assert len(pages) == FILMS // PER_PAGE


def test_a_page_in_the_middle_is_the_right_part_of_each_order(site):
    part = f"page=50&per_page={PER_PAGE}"
    (done,) = {film["title"] for film in first(site, f"order=done&{part}")}
    assert done == f"Film {FILMS - 1 - 49 * PER_PAGE:05}"
    years = [film["year"] for film in site.get(f"/api/v1/films?order=year&{part}").json()["films"]]
    assert years == sorted(years, reverse=True)


def first(site, query):
    return site.get(f"/api/v1/films?{query}").json()["films"][:1]


def test_one_film_is_found_among_all(site):
    for query in ("text=film%2012345", "text=letterboxd:12345"):
        assert [film["title"] for film in first(site, query)] == ["Film 12345"]
    assert site.get("/api/v1/films/Film%2012345").json()["id"] == "film:letterboxd:12345"
