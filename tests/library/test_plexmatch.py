import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from movie_sync.library import plexmatch
from tests.library.folder_trees import line


def test_a_persons_hints_are_told():
    hints = plexmatch.read(
        b"# mine\nTitle: The Hills\nyear: 2008\ntvdbid: 7\nguid: tmdb://8\nseason: 2\n"
        b"ep: 3: third.mkv\nepisode: S01E04-E05: double.mkv\n"
    )
    assert line((hints.told,)) == "nfo show <The Hills> 2008 tvdb:7 tmdb:8 s2"
    assert {name: line((told,)) for name, told in hints.files.items()} == {
        "third.mkv": "nfo show s2 e3",
        "double.mkv": "nfo show s1 e4,5",
    }


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"title", b"ep: x: y.mkv", b"imdbid: 7"])
def test_what_cannot_be_read_is_not_told(data):
    assert line((plexmatch.read(data).told,)) == "nfo show"


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=200))
def test_nothing_in_it_is_an_error(data):
    plexmatch.read(data)
