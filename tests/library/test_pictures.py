import os
import threading
import time

import pytest

from movie_sync.errors import FilesError, Unavailable
from movie_sync.library.pictures import AGAIN_S, HALF_WRITTEN_S, SIZES, TOUCHED_S, Pictures, Stats

PICTURE = b"\xff\xd8\xff" + b"x" * 97
MOST = 1000


@pytest.fixture
def asked():
    return []


@pytest.fixture
def clock():
    return [0.0]


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "pictures"


@pytest.fixture
def pictures(folder, asked, clock):
    def fetch(path, size):
        asked.append(f"{size}{path}")
        if path == "/down.jpg":
            raise Unavailable("posters", "no answer")
        return PICTURE

    return Pictures(folder, fetch, MOST, clock=lambda: clock[0])


def looked_at(path, seconds_ago):
    then = time.time() - seconds_ago
    os.utime(path, (then, then))


def test_the_sizes_are_those_that_are_promised():
    assert SIZES["poster"] == ("w185", "w342", "w500", "original")
    assert SIZES["backdrop"] == ("w300", "w780", "w1280", "original")
    assert SIZES["profile"] == ("w45", "w185", "h632", "original")


def test_a_picture_is_fetched_once_for_each_size(pictures, asked):
    assert pictures.path("poster", "w342", "/a.jpg") is None
    kept = pictures.fetch("poster", "w342", "/a.jpg")
    assert kept.read_bytes() == PICTURE
    assert pictures.path("poster", "w342", "/a.jpg") == kept
    assert pictures.fetch("poster", "w342", "/a.jpg") == kept
    assert pictures.fetch("poster", "w500", "/a.jpg") != kept
    assert asked == ["w342/a.jpg", "w500/a.jpg"]


@pytest.mark.parametrize(("kind", "size"), [("poster", "w1280"), ("profile", "../x")])
def test_a_size_that_there_is_not_is_not_asked_for(pictures, asked, kind, size):
    with pytest.raises(ValueError, match=f"a {kind} comes as"):
        pictures.fetch(kind, size, "/a.jpg")
    assert asked == []


@pytest.mark.parametrize("path", ["/../../x.jpg", "/a/b.jpg", "//e/x.png", "/a\x00.jpg", "/\udce9"])
def test_no_path_leads_out_of_the_folder(pictures, folder, path):
    kept = pictures.fetch("poster", "w342", path)
    assert kept.parent == folder
    assert kept.suffix in {".jpg", ".png"}
    assert [each.name for each in folder.iterdir()] == [kept.name]


def test_for_a_page_what_cannot_be_had_is_nothing_and_not_asked_for_again_at_once(
    pictures, asked, clock
):
    assert pictures.file("poster", "w342", "/down.jpg") is None
    assert pictures.file("poster", "w342", "/down.jpg") is None
    assert len(asked) == 1
    with pytest.raises(Unavailable):
        pictures.fetch("poster", "w342", "/down.jpg")
    clock[0] = AGAIN_S
    assert pictures.file("poster", "w342", "/down.jpg") is None
    assert len(asked) == 3


def test_a_folder_that_cannot_be_written_to_is_said(pictures, folder):
    folder.write_text("a file")
    with pytest.raises(FilesError, match="a picture was not kept"):
        pictures.fetch("poster", "w342", "/a.jpg")
    assert pictures.file("poster", "w342", "/b.jpg") is None


def test_what_was_not_looked_at_for_longest_goes_first(pictures, folder):
    kept = [pictures.fetch("poster", "w342", f"/{n}.jpg") for n in range(10)]
    for n, path in enumerate(kept):
        looked_at(path, TOUCHED_S * (20 - n))
    assert pictures.path("poster", "w342", "/0.jpg") == kept[0]
    newest = pictures.fetch("backdrop", "w780", "/b.jpg")
    assert [path.exists() for path in kept] == [True, False, False] + [True] * 7
    assert newest.exists()
    assert pictures.stats() == Stats(pictures=9, size_bytes=900, most_bytes=MOST)


def test_pictures_of_an_earlier_start_count_too(pictures, folder, asked):
    for n in range(10):
        looked_at(pictures.fetch("poster", "w342", f"/{n}.jpg"), 100)
    again = Pictures(folder, lambda path, size: PICTURE, MOST)
    again.fetch("poster", "w342", "/new.jpg")
    assert again.stats().size_bytes <= MOST


def test_what_no_title_names_goes_with_what_was_half_written(pictures, folder):
    kept = pictures.fetch("poster", "w342", "/a.jpg")
    pictures.fetch("poster", "w342", "/b.jpg")
    pictures.fetch("backdrop", "w780", "/b.jpg")
    old, new = folder / "x.jpg.tmp", folder / "y.jpg.tmp"
    old.write_bytes(b"half")
    new.write_bytes(b"half")
    looked_at(old, HALF_WRITTEN_S + 60)
    other = folder / "notes.txt"
    other.write_text("of a person")
    assert pictures.keep_only(["/a.jpg", "/c.jpg"]) == 2
    assert set(folder.iterdir()) == {kept, new, other}
    assert pictures.clear() == 1


def test_before_the_first_picture_there_is_nothing_to_remove(pictures):
    assert pictures.keep_only([]) == 0
    assert pictures.stats() == Stats(0, 0, MOST)


def test_many_who_want_one_picture_fetch_it_once(folder):
    asked, held = [], threading.Event()

    def fetch(path, size):
        asked.append(path)
        held.wait(30)
        return PICTURE

    pictures, found = Pictures(folder, fetch, MOST), []
    threads = [
        threading.Thread(target=lambda: found.append(pictures.fetch("still", "w300", "/a.jpg")))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    held.set()
    for thread in threads:
        thread.join(30)
    assert len(found) == 8
    assert len(set(found)) == 1
    assert asked == ["/a.jpg"]
