import pytest

from movie_sync.films.decision import files_refused
from movie_sync.settings import Profile
from movie_sync.torrents import TorrentFile
from tests import make

MIB = 1024**2
FILM = ("film.mkv", 8 * make.GIB)
NAME = "Film.1.1999.1080p.BluRay.x264-GRP"


def torrent(*files, name=NAME):
    listed = tuple((f"{name}/{path}", size) for path, size in files)
    size_bytes = sum(size for _, size in listed)
    return TorrentFile(
        handle="0" * 40, name=name, files=listed, size_bytes=size_bytes, private=True
    )


def single(path, size_bytes):
    return TorrentFile(
        handle="0" * 40, name=path, files=((path, size_bytes),), size_bytes=size_bytes, private=True
    )


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ([FILM, ("film.nfo", 1), ("Subs/en.srt", 1)], None),
        ([FILM, ("Sample/film-sample.mkv", 1), ("Subs/subs.rar", 1)], None),
        ([("BDMV/STREAM/00001.m2ts", 9)], None),
        ([FILM, ("Setup.EXE", 1)], 'holds a program ("Setup.EXE"), as fakes do'),
        ([("film.mkv.lnk", 9)], 'holds a program ("film.mkv.lnk"), as fakes do'),
        ([FILM, ("PASSWORD.txt", 1)], 'holds a note on a password ("PASSWORD.txt")'),
        (
            [("film.rar", 9), ("film.r00", 9), ("Sample/sample.mkv", 1)],
            "holds its film in 2 archives, which are not unpacked",
        ),
        ([("film.zip", 9)], "holds its film in an archive, which is not unpacked"),
        ([("film.pdf", 9), ("cover.jpg", 1)], 'holds no film; its largest file is "film.pdf"'),
        ([("Sample/sample.mkv", 9)], 'holds no film; its largest file is "sample.mkv"'),
        ([("film.mkv", 0), ("film.nfo", 1)], 'holds no film; its largest file is "film.nfo"'),
    ],
)
def test_a_torrent_is_refused_by_what_it_holds(files, why):
    assert files_refused(torrent(*files), make.film()) == why


def test_a_film_on_passwords_is_no_fake():
    files = [FILM, ("The.Password.nfo", 1)]
    of_its_name = torrent(*files, name="The.Password.1999.1080p.WEB")
    assert files_refused(of_its_name, make.film()) is None
    assert files_refused(torrent(*files), make.film(title="The Password")) is None


def test_a_single_file_is_judged_by_itself():
    assert files_refused(single("f.mkv", 9), make.film()) is None


@pytest.mark.parametrize(
    "files",
    [
        ["Film.1.1999.cd1.avi", "Film.1.1999.cd2.avi"],
        ["Film.1.1999.1080p.mkv", "Film.1.1999.Extended.1080p.mkv"],
        ["film_1.mp4", "film_1.ogv", "film_1_512kb.mp4", "film_1.ia.mp4"],
        ["Film.1.mkv", "Extras/How it was made.mkv"],
        ["disc1/BDMV/STREAM/00001.m2ts", "disc2/BDMV/STREAM/00001.m2ts"],
        ["disc1/film.iso", "disc2/film.iso"],
    ],
)
def test_one_film_in_parts_editions_or_formats_is_one(files):
    assert files_refused(torrent(*((path, make.GIB) for path in files)), make.film()) is None


@pytest.mark.parametrize(
    ("files", "why"),
    [
        (
            ["Film.1.1999.mkv", "Film.2.2001.mkv", "Film.3.2003.mkv"],
            'holds 3 films, "Film.3.2003.mkv" and "Film.1.1999.mkv" among them, wanted one',
        ),
        (
            ["Film 1 (1999).mkv", "Film 1 (1984).mkv"],
            'holds 2 films, "Film 1 (1999).mkv" and "Film 1 (1984).mkv" among them, wanted one',
        ),
        (
            ["Film.1.S01E01.mkv", "Film.1.S01E02.mkv"],
            'holds 2 films, "Film.1.S01E02.mkv" and "Film.1.S01E01.mkv" among them, wanted one',
        ),
    ],
)
def test_a_box_of_films_is_refused(files, why):
    assert files_refused(torrent(*((path, make.GIB) for path in files)), make.film()) == why


def test_a_short_beside_the_film_makes_no_box():
    files = [FILM, ("Another Short (1998).mkv", make.GIB)]
    assert files_refused(torrent(*files), make.film()) is None


TINY = single("Film.1.1999.mkv", 40 * MIB)


def test_a_film_that_is_far_too_small_for_its_length_is_a_fake():
    film = make.film(runtime_min=110)
    why = "holds 40 MiB of video, too little for a film of 110 min"
    assert files_refused(TINY, film) == why
    assert files_refused(TINY, film, profile=Profile()) == why
    assert files_refused(TINY, make.film(runtime_min=7)) is None


def test_a_film_whose_length_is_not_known_is_not_measured():
    assert files_refused(TINY, make.film()) is None


def test_a_profile_that_accepts_any_size_is_believed():
    film = make.film(runtime_min=110)
    assert files_refused(TINY, film, profile=Profile(min_mib_per_minute=0)) is None


def test_much_of_something_else_is_no_film():
    files = torrent(("film.mkv", make.GIB), ("data.bin", 7 * make.GIB))
    assert files_refused(files, make.film()) == "holds 1.0 GiB of video in 8.0 GiB"


def test_a_torrent_far_smaller_than_it_is_listed_is_a_fake():
    film = make.film()
    why = "holds 40 MiB, and was listed with 8.0 GiB"
    assert files_refused(TINY, film, listed_bytes=8 * make.GIB) == why
    assert files_refused(TINY, film, listed_bytes=41 * MIB) is None
