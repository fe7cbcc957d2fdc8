import os

import msgspec
import pytest

from movie_sync.films import owned_names
from movie_sync.films.owned_names import recall, remember
from movie_sync.films.tree import VideoFile


def video(inner, size_bytes=5, modified_ns=7):
    return VideoFile(f"/films/{inner}", inner, size_bytes, modified_ns)


def told(inner):
    return [(name.titles, name.year) for name in owned_names.read(video(inner)).names]


def test_folder_and_file_are_each_told_by_their_name():
    assert told("Parasite (2019)/Gisaengchung.2019.1080p.mkv") == [
        (("Parasite",), 2019),
        (("Gisaengchung",), 2019),
    ]


def test_a_file_that_repeats_its_folder_tells_nothing_new():
    assert told("Parasite (2019)/Parasite (2019) [1080p BluRay].mkv") == [(("Parasite",), 2019)]


@pytest.mark.parametrize(
    "inner", ["Fargo/Fargo.S01E01.mkv", "Film (1999)/Sample/a.mkv", "holiday.mkv"]
)
def test_an_episode_an_extra_and_a_name_of_nothing_tell_no_film(inner):
    assert told(inner) == []


def test_what_was_told_is_recalled_as_it_was(tmp_path):
    path = tmp_path / "names.json"
    known = {
        inner: owned_names.read(video(inner))
        for inner in ("Amélie (2001) {imdb-tt0211915}/a.mkv", "Film (1999) [tmdb-7]/b.mkv", "c.mkv")
    }
    remember(path, known)
    assert recall(path) == known
    assert path.stat().st_mode & 0o777 == 0o600


def test_it_is_of_a_file_only_while_size_and_time_are_the_same():
    known = owned_names.read(video("Film (1999)/a.mkv"))
    assert known.is_of(video("Film (1999)/a.mkv"))
    assert not known.is_of(video("Film (1999)/a.mkv", size_bytes=6))
    assert not known.is_of(video("Film (1999)/a.mkv", modified_ns=8))


def test_other_rules_of_reading_recall_nothing(tmp_path):
    path = tmp_path / "names.json"
    remember(path, {"Film (1999)/a.mkv": owned_names.read(video("Film (1999)/a.mkv"))})
    kept = msgspec.json.decode(path.read_bytes())
    path.write_bytes(msgspec.json.encode(kept | {"rules": kept["rules"] + 1}))
    assert recall(path) == {}


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"\xff\xfe", b'{"rules":"x"}', b'{"rules":1,"files":{"a":[1]}}']
)
def test_a_damaged_memory_recalls_nothing(tmp_path, content):
    path = tmp_path / "names.json"
    path.write_bytes(content)
    assert recall(path) == {}


def test_a_memory_that_is_missing_or_no_file_recalls_nothing(tmp_path):
    assert recall(tmp_path / "names.json") == {}
    assert recall(tmp_path) == {}


def test_a_name_that_is_not_utf_8_is_left_out(tmp_path):
    path, odd = tmp_path / "names.json", os.fsdecode(b"Am\xe9lie (2001)/a.mkv")
    known = owned_names.read(video("Film (1999)/a.mkv"))
    remember(path, {odd: owned_names.read(video(odd)), "Film (1999)/a.mkv": known})
    assert recall(path) == {"Film (1999)/a.mkv": known}
