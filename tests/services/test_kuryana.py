import json

import pytest

from movie_sync.demo.server import LoopbackServer, Reply
from movie_sync.errors import BadAnswer, Blocked, NotFound, Unavailable
from movie_sync.http import Http, Pacer
from movie_sync.services.kuryana import Drama, Kuryana

HIT = {
    "slug": "70001-letters-to-hwaseong", "thumb": "https://x/1.jpg", "mdl_id": "mdl-70001",
    "title": "Letters to Hwaseong", "ranking": "#120", "type": "Korean Drama", "year": 2025,
    "series": "16 episodes",
}  # fmt: skip
WHOLE = {
    "slug_query": HIT["slug"],
    "data": {
        "link": "https://mydramalist.com/70001-letters-to-hwaseong",
        "title": "Letters to Hwaseong",
        "complete_title": "Letters to Hwaseong (2025)",
        "year": "2025",
        "rating": 8.1,
        "details": {"country": "South Korea", "type": "Drama", "episodes": "16"},
        "others": {
            "native_title": ["화성으로 보낸 편지"],
            "also_known_as": ["Hwaseong Letters", "Hwaseongeuro Bonaen Pyeonji"],
        },
    },
    "scrape_date": "2026-01-10T12:00:00Z",
}
GONE = {"code": 404, "error": True, "description": {"title": "404 Not Found"}}


class KuryanaSite(LoopbackServer):
    def __init__(self):
        super().__init__()
        self.asked, self.trouble = [], None

    def answer(self, request):
        self.asked.append(request.path)
        if self.trouble:
            return self.trouble
        if request.path.startswith("/search/q/"):
            return told({"query": "...", "results": {"dramas": [HIT], "people": [{"name": "A"}]}})
        return told(WHOLE) if request.path == f"/id/{HIT['slug']}" else told(GONE, 404)


def told(value, status=200):
    return Reply(status, json.dumps(value).encode(), "application/json")


@pytest.fixture
def site():
    with KuryanaSite() as running:
        yield running


@pytest.fixture
def kuryana(site):
    http = Http("kuryana", site.url, pacer=Pacer(lambda seconds: None), gap_s=0, tries=1)
    service = Kuryana(http)
    yield service
    service.close()


def test_a_search_tells_pages_with_titles_and_years(kuryana):
    assert kuryana.search("letters") == [
        Drama(slug=HIT["slug"], title=HIT["title"], type="Korean Drama", year=2025)
    ]
    assert kuryana.check() == "answers"


def test_a_title_is_one_part_of_the_address(site, kuryana):
    kuryana.search("../id/x?y#z & 합성")
    assert site.asked == ["/search/q/../id/x?y#z & 합성"]


def test_a_page_tells_every_name(kuryana):
    found = kuryana.drama(HIT["slug"])
    assert found.names == (
        "Letters to Hwaseong", "화성으로 보낸 편지", "Hwaseong Letters",
        "Hwaseongeuro Bonaen Pyeonji",
    )  # fmt: skip
    assert (found.year, found.episodes, found.country) == (2025, 16, "South Korea")
    assert found.mydramalist_id == "70001"


def test_names_may_be_one_text(site, kuryana):
    others = {"native_title": "편지", "also_known_as": "One, Two, "}
    site.trouble = told({"data": {"title": "A", "others": others}})
    assert kuryana.drama("1-a").names == ("A", "편지", "One", "Two")


def test_a_page_that_is_not_there_is_said(kuryana):
    with pytest.raises(NotFound) as caught:
        kuryana.drama("1-none")
    assert str(caught.value) == "kuryana: there is no page 1-none"


def test_nothing_found_is_an_empty_list(site, kuryana):
    site.trouble = told({"results": {"dramas": [], "people": []}})
    assert kuryana.search("nothing") == []
    site.trouble = told(GONE, 404)
    assert kuryana.search("nothing") == []


@pytest.mark.parametrize(
    ("answer", "error", "sentence"),
    [
        (told({"code": 403, "error": True}), Unavailable, "MyDramaList answered it 403"),
        (told({"code": 404, "error": True}), NotFound, "there is no page 1-a"),
        (Reply(404, b"<html>"), BadAnswer, "/id answered 404 in a form that is not its own"),
        (Reply(401, b""), Blocked, "/id is closed to us"),
        (told({"data": {"title": 7}}), BadAnswer,
         "/id has an unknown form, and none of it was used: Expected `str`, got `int` - at "
         "`$.data.title`"),
        (Reply(200, b"<html>"), BadAnswer, "/id answered something that is not JSON"),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_named_for_what_to_do(site, kuryana, answer, error, sentence):
    site.trouble = answer
    with pytest.raises(error) as caught:
        kuryana.drama("1-a")
    assert caught.value.message == sentence
