import os

import pytest

from movie_sync.errors import FilesError
from movie_sync.films import recycle
from movie_sync.films.tree import Tree

NAME = "Film 1 (1999)"


@pytest.fixture
def library(tmp_path):
    (tmp_path / "library").mkdir()
    return tmp_path / "library"


def film(library, *names, folder=NAME):
    """Files of one film; the first is the one that its item names."""
    paths = [library / folder / name for name in names]
    for number, path in enumerate(paths):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"%d" % number)
    return paths[0]


def tree(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_to_a_film_belongs_what_bears_its_name_and_nothing_else(library):
    path = film(
        library,
        f"{NAME} [720p].mkv",
        f"{NAME} [720p].en.forced.srt",
        f"{NAME} [720p].2.pt-BR.srt",
        f"{NAME} [720p].nfo",
        f"{NAME} [720p]-trailer.mkv",
        f"{NAME} [720p].behind.mkv",
        f"{NAME} [1080p].mkv",
        f"{NAME}.mkv",
        "poster.jpg",
    )
    belonging = [each.name.removeprefix(NAME) for each in recycle.belongings(path)]
    assert belonging == [" [720p].2.pt-BR.srt", " [720p].en.forced.srt", " [720p].mkv"]


def test_all_parts_of_a_film_belong_to_it(library):
    path = film(library, *(f"{NAME} - cd{n}.avi" for n in (1, 2)), f"{NAME} - cd2.ro.srt")
    assert len(recycle.belongings(path)) == 3


def test_to_a_disc_belongs_the_whole_disc(library):
    path = film(
        library, "BDMV/STREAM/00001.m2ts", "BDMV/index.bdmv", "CERTIFICATE/id.bdmv", "a.mkv"
    )
    assert len(recycle.belongings(path)) == 3
    recycle.move(recycle.belongings(path), path, library / recycle.FOLDER)
    assert tree(library / NAME) == ["a.mkv"]
    assert tree(library / recycle.FOLDER) == [
        f"{NAME}/BDMV/STREAM/00001.m2ts",
        f"{NAME}/BDMV/index.bdmv",
        f"{NAME}/CERTIFICATE/id.bdmv",
    ]
    assert not (library / NAME / "BDMV").exists()


def test_nothing_belongs_to_a_film_that_is_gone(library):
    assert recycle.belongings(library / NAME / "film.mkv") == ()


def test_what_is_moved_keeps_its_folder_and_its_content(library, tmp_path):
    path = film(library, "film.mkv", "film.srt", "poster.jpg")
    assert recycle.move(recycle.belongings(path), path, tmp_path / "bin") == 2
    assert tree(tmp_path / "bin") == [f"{NAME}/film.mkv", f"{NAME}/film.srt"]
    assert (tmp_path / "bin" / NAME / "film.mkv").read_bytes() == b"0"
    assert tree(library) == [f"{NAME}/poster.jpg"]


def test_a_folder_that_is_empty_then_is_removed(library, tmp_path):
    path = film(library, "film.mkv")
    recycle.move([path], path, tmp_path / "bin")
    assert list(library.iterdir()) == []


def test_a_name_that_is_taken_gets_a_number(library, tmp_path):
    for content in (b"one", b"two", b"three"):
        path = film(library, "film.mkv")
        path.write_bytes(content)
        recycle.move([path], path, tmp_path / "bin")
    assert tree(tmp_path / "bin") == [
        f"{NAME}/film (2).mkv",
        f"{NAME}/film (3).mkv",
        f"{NAME}/film.mkv",
    ]
    assert (tmp_path / "bin" / NAME / "film (3).mkv").read_bytes() == b"three"


def test_what_a_crash_left_with_two_names_loses_one(library, tmp_path):
    path = film(library, "film.mkv")
    recycle.keep(path, path.parent, tmp_path / "bin")
    assert path.exists()
    recycle.move([path], path, tmp_path / "bin")
    assert tree(tmp_path / "bin") == [f"{NAME}/film.mkv"]
    assert not path.exists()
    assert recycle.move([path], path, tmp_path / "bin") == 0


def test_the_library_itself_is_no_place_for_what_is_replaced(library):
    path = film(library, "film.mkv")
    with pytest.raises(FilesError, match="is the library itself; nothing was moved"):
        recycle.move([path], path, library)
    assert path.read_bytes() == b"0"
    (library.parent / "link").symlink_to(library)
    with pytest.raises(FilesError, match="is the library itself"):
        recycle.move([path], path, library.parent / "link")
    assert path.read_bytes() == b"0"


def test_a_folder_that_cannot_be_made_leaves_the_film_where_it_is(library, tmp_path):
    path = film(library, "film.mkv")
    with pytest.raises(FilesError, match="nor what is above it; is the drive mounted"):
        recycle.move([path], path, tmp_path / "nas" / "bin")
    (tmp_path / "bin").write_text("in the way")
    with pytest.raises(FilesError, match=r"bin: File exists; nothing was moved|in the way"):
        recycle.move([path], path, tmp_path / "bin")
    assert path.read_bytes() == b"0"


def test_between_disks_it_is_copied_and_then_removed(library, other_disk):
    path = film(library, "film.mkv")
    os.utime(path, ns=(1_000_000_001, 2_000_000_003))
    recycle.move([path], path, other_disk)
    copy = other_disk / NAME / "film.mkv"
    assert (copy.read_bytes(), copy.stat().st_mtime_ns) == (b"0", 2_000_000_003)
    assert not path.exists()


def test_what_is_recycled_in_the_library_is_no_film_there(library):
    path = film(library, "film.mkv")
    recycle.move([path], path, library / recycle.FOLDER)
    index = Tree(library)
    index.read()
    assert list(index.videos) == []
