import pytest

from movie_sync.errors import BadAnswer
from movie_sync.http import Http, Pacer
from movie_sync.services.posters import Posters

PICTURE = b"\x89PNG\r\n\x1a\n and so on"


@pytest.fixture
def posters(httpserver):
    http = Http("posters", httpserver.url_for("/t/p"), pacer=Pacer())
    yield Posters(http)
    http.close()


def test_a_picture_is_fetched_by_its_path(posters, httpserver):
    httpserver.expect_request("/t/p/w342/abc.png").respond_with_data(PICTURE)
    assert posters.fetch("/abc.png") == PICTURE


def test_what_is_no_picture_is_not_taken_for_one(posters, httpserver):
    httpserver.expect_request("/t/p/w342/abc.jpg").respond_with_data("<html>")
    with pytest.raises(BadAnswer, match="is no picture"):
        posters.fetch("/abc.jpg")


@pytest.mark.parametrize("path", ["/../secret.jpg", "abc.jpg", "/a.svg", "https://x/a.jpg"])
def test_other_paths_are_not_asked_for(posters, httpserver, path):
    with pytest.raises(BadAnswer, match="is not the path of a picture"):
        posters.fetch(path)
    assert httpserver.log == []
