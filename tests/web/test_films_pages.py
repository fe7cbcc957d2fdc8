import pytest

from movie_sync.models import State
from tests import make
from tests.fakes import FakeIndexer
from tests.web.site import Site

RELEASE = {"indexer": "fake", "id": "7", "name": "Film.1.1999.1080p.BluRay", "size_bytes": 5}


def done(number, **changes):
    data = {"year": 1999, "path": f"/films/{number}.mkv", "release": RELEASE}
    return make.item(number, completed_at=make.NOON, data=data, seq=number, pos=number, **changes)


def failed(number, **changes):
    why = {"last_error": "2 found, none accepted: 2 too_few_seeders", "permanent": True}
    return make.item(number, seq=number, pos=number, **(why | changes))


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    held = {
        State.COMPLETED: [done(n) for n in range(1, 61)],
        State.FAILED: [failed(90), failed(91, title="Amélie (2001)")],
    }
    with Site(tmp_path_factory.mktemp("site"), held) as made:
        yield made


@pytest.fixture
def nothing_is_offered(site):
    site.have(indexers=[])


def test_a_list_shows_a_page_of_it(site):
    text = site.get("/history?order=title&page=2").text
    assert "60 films" in text
    assert text.count("<h2>") == 10
    assert "Page 2 of 2" in text


def test_a_part_of_a_list_is_no_whole_page(site):
    text = site.get("/wanted?q=amelie", headers={"HX-Request": "true"}).text
    assert "Amélie (2001)" in text
    assert "Film 90" not in text
    assert "<html" not in text


@pytest.mark.parametrize("path", ["/wanted?q=nothing-like-it", "/activity?show=stalled"])
def test_where_nothing_fits_the_way_back_is_offered(site, path):
    assert "Nothing fits." in site.get(path).text


def test_a_film_tells_where_it_is_and_why(site):
    text = site.get("/films/film:letterboxd:90").text
    assert "2 found, none accepted: 2 too_few_seeders; given up." in text
    assert "Retry now" in text


def test_a_film_that_is_not_there_is_said_to_be_missing(site):
    answer = site.get("/films/film:letterboxd:404")
    assert answer.status_code == 404
    assert "Nothing in the queues is called film:letterboxd:404" in answer.text


def test_a_film_without_a_poster_gets_one_of_its_own(site):
    answer = site.get("/films/film:letterboxd:91/poster")
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert "Amélie" in answer.content.decode()


def test_what_is_offered_now_is_shown_with_reasons(site, nothing_is_offered):
    site.have(indexers=[FakeIndexer(make.release(seeders=0))])
    text = site.post("/films/film:letterboxd:90/search", headers={"HX-Request": "true"}).text
    assert "As offered now: 1 found, none accepted" in text
    assert "Not accepted because" in text


def test_a_search_without_an_indexer_says_what_to_set_up(site, nothing_is_offered):
    answer = site.post("/films/film:letterboxd:90/search", headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert "No indexer is set up" in answer.text


def test_a_wish_is_done_and_said_on_the_next_page(site):
    answer = site.post("/films/film:letterboxd:60/remove")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/films/film:letterboxd:60")
    text = site.get("/films/film:letterboxd:60", cookies=answer.cookies).text
    assert "Film 60 (1999) is removed from the queues; its files stay" in text
    assert site.queue.get("film:letterboxd:60")[0] is State.REMOVED


def test_a_wish_that_does_not_fit_changes_nothing(site):
    answer = site.post("/films/film:letterboxd:59/restore")
    assert answer.status_code == 409
    assert "only what was removed can be restored; nothing was changed" in answer.text


def test_there_are_no_other_wishes(site):
    assert site.post("/films/film:letterboxd:59/destroy").status_code == 404


@pytest.mark.parametrize(
    "title", ["<script>alert(1)</script>", "a\u202eb", "../../etc/passwd", "'; --"]
)
def test_a_title_is_text_whatever_it_holds(site, title):
    answer = site.post("/films", data={"title": title, "year": ""})
    assert answer.status_code == 303
    text = site.get(answer.headers["Location"]).text
    assert "<script>alert" not in text
    assert site.post(f"{answer.headers['Location']}/remove").status_code == 303
