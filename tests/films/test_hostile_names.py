"""Names from outside, placed for real: nothing beside the library is touched."""

import os

import pytest
from msgspec.structs import replace

from movie_sync.errors import FilesError, Refused
from movie_sync.films import contents, files
from movie_sync.models import TransferFile
from tests import make

TITLES = [
    "../../../etc/passwd",
    "/etc/passwd",
    "..",
    "~root",
    "C:\\Windows\\System32",
    "CON",
    "aux.mkv",
    "a\0b",
    "Film\n\r\x1b[2J\x07",
    "\u202egpj.exe",
    "\u2066\u2069",
    "x" * 5000,
    "語" * 5000,
    "e" + "\u0301" * 4000,
    "$(reboot) `id` ;rm -rf /",
    " . . ",
    "\ud800",
    "-rf",
]


def tree(folder):
    """Every name below it, with what tells a change."""
    return {
        str(path): (status.st_ino, status.st_size, status.st_mtime_ns)
        for path in folder.rglob("*")
        for status in [path.lstat()]
        if not path.is_dir()
    }


@pytest.fixture
def place_of(tmp_path):
    """A library in the midst of what must stay as it is."""
    for name in ("etc", "Windows", "beside", "library", "downloads"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "passwd").write_text("mine")
    return tmp_path


@pytest.mark.parametrize("title", TITLES, ids=range(len(TITLES)))
def test_a_hostile_title_is_placed_within_the_library(place_of, title):
    before = tree(place_of)
    film_file = place_of / "downloads" / "film.mkv"
    film_file.write_bytes(b"a film")
    library = place_of / "library"
    film = make.film(title=title, key=f"title:{title}:1999")
    placed = files.place(film, make.transfer(film_file), f"{title}.1999.1080p.WEB-DL-X", library)
    assert placed.path.parent.parent == library
    assert placed.path.read_bytes() == b"a film"
    new = {name for name in tree(place_of) if name not in before}
    assert new == {str(film_file), str(placed.path)}
    assert {name: tree(place_of)[name] for name in before} == before


@pytest.mark.parametrize("name", ["../beside/passwd", "link.mkv", "away/passwd.mkv"])
def test_a_download_that_leads_out_of_its_folder_is_not_placed(place_of, name):
    before = tree(place_of)
    downloads = place_of / "downloads"
    (downloads / "link.mkv").symlink_to(place_of / "beside/passwd")
    (place_of / "beside/passwd.mkv").write_text("mine")
    (downloads / "away").symlink_to(place_of / "beside")
    (downloads / "real.mkv").write_bytes(b"x" * 2)
    listed = [downloads / name, downloads / "real.mkv"]
    held = tuple(TransferFile(path, 4) for path in listed)
    if not name.endswith(".mkv"):
        held = (TransferFile(downloads / "../beside/passwd.mkv", 4), held[1])
    transfer = replace(make.transfer(), name="x", files=held)
    with pytest.raises((Refused, FilesError)):
        files.place(make.film(), transfer, "Film.1.1999", place_of / "library")
    assert os.listdir(place_of / "library") == ["passwd"]
    assert {path: tree(place_of)[path] for path in before} == before


def test_a_subtitle_of_many_words_does_not_keep_its_film_from_its_place(place_of):
    downloads = place_of / "downloads"
    film_file, text = downloads / "f.mkv", downloads / f"f{'.forced.sdh' * 20}.srt"
    film_file.write_bytes(b"a film")
    text.write_bytes(b"words")
    film = make.film(title="x" * 300)
    placed = files.place(film, make.transfer(film_file, text), "F.1999.1080p", place_of / "library")
    assert sorted(path.suffix for path in placed.files) == [".mkv", ".srt"]


def test_thousands_of_subtitles_are_sorted_out_soon_and_few_are_placed(tmp_path):
    held = [TransferFile(tmp_path / "film.mkv", 9)]
    held += [TransferFile(tmp_path / f"{n}.English.srt", 1) for n in range(5000)]
    found = contents.read(held, tmp_path, "Film")
    assert found is not None
    assert len(found.beside) == contents.MOST_SUBTITLES
    assert len({piece.ending for piece in found.beside}) == contents.MOST_SUBTITLES
