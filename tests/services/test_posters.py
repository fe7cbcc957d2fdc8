import pytest

from movie_sync.errors import BadAnswer
from movie_sync.http import Http, Pacer
from movie_sync.services.posters import MOST_BYTES, Posters

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


def test_a_picture_comes_in_the_size_that_was_asked_for(posters, httpserver):
    httpserver.expect_request("/t/p/w1280/abc.jpg").respond_with_data(b"\xff\xd8\xff...")
    assert posters.fetch("/abc.jpg", "w1280") == b"\xff\xd8\xff..."


@pytest.mark.parametrize("kind", ["image/svg+xml", "text/html; charset=utf-8", "application/json"])
def test_what_is_said_to_be_something_else_is_no_picture(posters, httpserver, kind):
    httpserver.expect_request("/t/p/w342/abc.png").respond_with_data(PICTURE, content_type=kind)
    with pytest.raises(BadAnswer, match="is no picture"):
        posters.fetch("/abc.png")


@pytest.mark.parametrize(("size", "fits"), [("w342", False), ("original", True)])
def test_only_an_original_may_be_large(posters, httpserver, size, fits):
    large = PICTURE + bytes(MOST_BYTES)
    httpserver.expect_request(f"/t/p/{size}/abc.png").respond_with_data(large)
    if fits:
        assert posters.fetch("/abc.png", size) == large
    else:
        with pytest.raises(BadAnswer, match="of a usual size"):
            posters.fetch("/abc.png", size)
