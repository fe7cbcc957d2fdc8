import pytest

from tests.web.library_site import library_site
from tests.web.site import Site

pytestmark = pytest.mark.slow  # each asks a whole program with its page
ROOT = "/api/v1/library"


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """One site for the tests that only read."""
    with library_site(tmp_path_factory.mktemp("kept")) as site:
        yield site


@pytest.fixture
def site(tmp_path):
    with library_site(tmp_path) as made:
        yield made


def get(site, path, **params):
    answer = site.get(f"{ROOT}{path}", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def post(site, path, status=200, **body):
    answer = site.post(f"{ROOT}{path}", json=body or None)
    assert answer.status_code == status, answer.text
    return answer.json()


def titles(site, **params):
    return [each["title"] for each in get(site, "/titles", **params)["titles"]]


def test_titles_are_narrowed_searched_and_paged(kept):
    assert titles(kept, text="ete") == ["L'Été"]
    assert titles(kept, kind="show", episodes="missing") == ["Signal"]
    assert titles(kept, doubled="true", lines=1080) == ["Metropolis"]
    assert titles(kept, order="year", turned="true", kind="film")[0] == "Metropolis"
    answer = kept.get(f"{ROOT}/titles?per_page=2&page=3")
    assert [each["title"] for each in answer.json()["titles"]] == ["Signal"]
    assert 'rel="prev"' in answer.headers["Link"]
    assert titles(kept, per_page=2, page=4) == []
    again = kept.get(f"{ROOT}/titles?per_page=2&page=3",
                     headers={"If-None-Match": answer.headers["ETag"]})  # fmt: skip
    assert again.status_code == 304


@pytest.mark.parametrize("query", ["kind=song", "order=x", "lines=-1", "episodes=none", "page=0"])
def test_what_makes_no_sense_is_told(kept, query):
    answer = kept.get(f"{ROOT}/titles?{query}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == query.partition("=")[0]


def test_a_title_and_a_file_tell_all_that_is_known_of_them(kept):
    (row,) = get(kept, "/titles", text="signal")["titles"]
    one = get(kept, f"/titles/{row['id']}")
    assert [each["presence"] for each in one["seasons"][0]["episodes"]] == [
        "there", "missing", "there", "there",
    ]  # fmt: skip
    file = get(kept, f"/files/{one['files'][0]['id']}")
    assert file["match"]["sentence"] == "its name and year"
    assert file["media"]["pictures"][0]["codec"] == "hevc"
    for path in ("/titles/999", "/files/999", "/reviews/999"):
        assert kept.get(ROOT + path).status_code == 404


def test_the_library_is_told_in_figures(kept):
    found = get(kept, "/stats")
    assert (found["counts"]["films"], found["counts"]["shows"], found["counts"]["broken"]) == (
        4, 1, 1,
    )  # fmt: skip
    assert found["reviews"] == {"namesakes": 3, "no_year": 1}
    assert "not endorsed" in found["credit"]
    assert get(kept, "/files", which="broken")["total"] == 1
    assert get(kept, "/duplicates")["total"] == 1
    assert {each["name"]: each["files"] for each in get(kept, "/sources")["sources"]} == {
        "films": 9, "tv": 6,
    }  # fmt: skip
    assert get(kept, "/scans", source="tv")["scans"][0]["counts"]["discovered"] == 6


def test_titles_are_searched_to_be_chosen(kept):
    found = get(kept, "/search", text="metropolis", kind="film")
    assert [each["title"] for each in found["own"]] == ["Metropolis"]
    assert found["problem"] == "TMDB has no key, and was not asked"


def test_a_question_is_answered_and_the_answer_taken_back(site):
    film, show = get(site, "/reviews")["questions"]
    done = post(site, f"/reviews/{film['id']}/approve")
    assert done["said"] == 'a person said that it is "The Thing" (1982)'
    assert done["files"] == 1
    assert post(site, f"/reviews/{film['id']}/approve", 409)["detail"] == (
        "this question is open no more"
    )
    assert post(site, f"/reviews/{show['id']}/choose", title="Fargo", kind="show")["files"] == 3
    assert get(site, "/reviews")["total"] == 0
    assert len(get(site, "/choices")["choices"]) == 2
    post(site, f"/choices/{done['choice_id']}/undo")
    assert [each["id"] for each in get(site, "/reviews")["questions"]] == [film["id"]]
    assert post(site, f"/choices/{done['choice_id']}/undo", 409)["status"] == 409


def test_files_are_matched_split_and_ignored(site):
    (row,) = get(site, "/titles", text="brazil")["titles"]
    file = get(site, f"/titles/{row['id']}")["files"][0]["id"]
    (metropolis,) = get(site, "/titles", text="metropolis")["titles"]
    done = post(site, "/match", files=[file], title_id=metropolis["id"])
    assert done["title_id"] == metropolis["id"]
    assert "not what it was taken for" in post(site, "/split", files=[file])["said"]
    assert get(site, f"/files/{file}")["standing"] == "review"
    post(site, "/ignore", files=[file])
    assert get(site, f"/files/{file}")["standing"] == "ignored"
    for body in ({"files": []}, {"files": [file], "title": " "}, {"files": [file]}):
        assert post(site, "/match", 422, **body)["status"] == 422
    assert post(site, f"/titles/{metropolis['id']}/merge", 409, into=metropolis["id"])["detail"]


def test_a_source_is_looked_at_when_it_is_wished(site):
    assert post(site, "/scan", 202, source="tv")["said"] == "a look at tv begins"
    assert "there is no source x" in post(site, "/scan", 404, source="x")["detail"]
    assert "TMDB has no key" in post(site, "/titles/1/refresh", 409)["detail"]


def test_while_the_library_is_off_every_route_says_so(tmp_path):
    with Site(tmp_path) as site:
        for path in ("/titles", "/reviews", "/sources", "/stats"):
            answer = site.get(ROOT + path)
            assert answer.status_code == 404
            assert "set library.enabled to true" in answer.json()["detail"]
        assert site.post(f"{ROOT}/scan").status_code == 404
