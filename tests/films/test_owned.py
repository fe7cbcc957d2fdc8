import os
import shutil
from pathlib import Path

import pytest

from movie_sync.errors import FilesError
from movie_sync.films import names
from movie_sync.films.owned import Library
from tests import make
from tests.nobody import acting_as_nobody, open_folder

LONG_AGO = (0, 0)


def fill(folder, *paths, data=b"film"):
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


def settle(folder):
    """As if nothing had changed for long, so that folders are not read again for safety."""
    for path in (folder, *folder.rglob("*")):
        os.utime(path, LONG_AGO, follow_symlinks=False)


def find(folder, title, year=1999, **facts):
    return Library(folder).find(make.film(title=title, year=year, **facts))


@pytest.mark.parametrize(
    ("path", "title", "year"),
    [
        ("Parasite (2019)/Parasite (2019) [1080p BluRay].mkv", "Parasite", 2019),
        ("Parasite (2019)/abcdef.mkv", "PARASITE", 2019),
        ("Parasite (2019)/Gisaengchung.2019.1080p.mkv", "Gisaengchung", 2019),
        ("parasite.2019.1080p.bluray.x264-grp/grp-par.mkv", "Parasite", 2019),
        ("Parasite.2019.1080p.BluRay.x264-GRP.mkv", "Parasite", 2019),
        ("HD/Korea/Parasite (2019)/CD1/film.avi", "Parasite", 2019),
        ("Dune (2021)/BDMV/STREAM/00001.m2ts", "Dune", 2021),
        ("Mission - Impossible (1996)/a.mkv", "Mission: Impossible", 1996),
        ("WALL·E (2008)/a.mkv", "WALLE", 2008),
        ("Cam (2018)/Cam (2018).mkv", "Cam", 2018),
        ("10x10 (2018)/10x10 (2018).mkv", "10x10", 2018),
        ("Trailer Park Boys (2006).mkv", "Trailer Park Boys", 2006),
        ("Shorts/La Luna (2011)/a.mkv", "La Luna", 2011),
        ("Oscars (1999)/American.Beauty.1999.720p.mkv", "American Beauty", 1999),
    ],
)
def test_a_film_is_found_by_its_folder_or_file(tmp_path, path, title, year):
    fill(tmp_path, path)
    assert find(tmp_path, title, year) == tmp_path / path


@pytest.mark.parametrize(
    ("path", "title", "year"),
    [
        ("Pitch Perfect (2012)/a.mkv", "It", 2012),
        ("The.Other.Woman.2013.mkv", "Her", 2013),
        ("White.Fang.2017.mkv", "It", 2017),
        ("Dune (1984)/a.mkv", "Dune", 2021),
        ("Dune Part Two (2024)/a.mkv", "Dune", 2024),
        ("Parasite.mkv", "Parasite", 2019),
        ("Parasite (2019)/a.mkv.part", "Parasite", 2019),
        ("Parasite (2019)/a.mkv.!qB", "Parasite", 2019),
        ("Parasite (2019)/a.mkv.crdownload", "Parasite", 2019),
        ("Parasite (2019)/.movie_sync-1.part", "Parasite", 2019),
        ("Parasite (2019)/.a.mkv", "Parasite", 2019),
        ("Parasite (2019)/a.en.srt", "Parasite", 2019),
        ("Parasite (2019)/Sample/a.mkv", "Parasite", 2019),
        ("Parasite (2019)/Extras/a.mkv", "Parasite", 2019),
        ("Parasite (2019)/Parasite-trailer.mp4", "Parasite", 2019),
        ("Parasite (2019).torrent", "Parasite", 2019),
        ("Fargo (1996)/Season 1/Fargo.S01E01.mkv", "Fargo", 1996),
        ("$RECYCLE.BIN/Parasite (2019)/a.mkv", "Parasite", 2019),
        (".Trash-1000/Parasite (2019)/a.mkv", "Parasite", 2019),
    ],
)
def test_what_is_not_the_film_is_not_taken_for_it(tmp_path, path, title, year):
    fill(tmp_path, path)
    assert find(tmp_path, title, year) is None


def test_an_empty_file_is_no_film_until_it_is_filled(tmp_path):
    fill(tmp_path, "Parasite (2019)/a.mkv", data=b"")
    settle(tmp_path)
    library = Library(tmp_path)
    film = make.film(title="Parasite", year=2019)
    assert library.find(film) is None
    (tmp_path / "Parasite (2019)/a.mkv").write_bytes(b"film")
    settle(tmp_path)
    library.refresh()
    assert library.find(film)


def test_a_year_off_is_the_film_unless_one_of_the_very_year_is_there(tmp_path):
    fill(tmp_path, "Film (2018)/a.mkv")
    assert find(tmp_path, "Film", 2019) == tmp_path / "Film (2018)/a.mkv"
    assert find(tmp_path, "Film", 2020) is None
    fill(tmp_path, "Film (2019)/b.mkv")
    assert find(tmp_path, "Film", 2019) == tmp_path / "Film (2019)/b.mkv"


def test_any_of_its_titles_will_do(tmp_path):
    fill(tmp_path, "Gisaengchung (2019)/a.mkv")
    assert find(tmp_path, "Parasite", 2019, original_title="Gisaengchung")
    assert find(tmp_path, "Parasite", 2019, alternative_titles=("Gisaengchung",))


@pytest.mark.parametrize("tag", ["{imdb-tt6751668}", "[tt6751668]", "[imdbid-tt6751668]"])
def test_an_id_in_a_name_wins_over_title_and_year(tmp_path, tag):
    fill(tmp_path, f"Whatever (1950) {tag}/a.mkv")
    assert find(tmp_path, "Parasite", 2019, imdb_id="tt6751668")
    assert find(tmp_path, "Whatever", 1950, imdb_id="tt0000001") is None
    assert find(tmp_path, "Whatever", 1950)


@pytest.mark.parametrize("tag", ["{tmdb-496243}", "[tmdbid-496243]"])
def test_an_id_of_tmdb_does_too(tmp_path, tag):
    fill(tmp_path, f"Whatever (1950) {tag}/a.mkv")
    assert find(tmp_path, "Parasite", None, tmdb_id=496243)


def test_two_films_of_one_name_are_told_apart_by_id(tmp_path):
    fill(tmp_path, "Pinocchio (2022)/a.mkv", "Pinocchio (2022) [tt1488589]/b.mkv")
    other = tmp_path / "Pinocchio (2022) [tt1488589]/b.mkv"
    assert find(tmp_path, "Pinocchio", 2022, imdb_id="tt1488589") == other
    assert find(tmp_path, "Pinocchio", 2022, imdb_id="tt9999999").name == "a.mkv"


def test_of_several_copies_the_largest_is_named(tmp_path):
    fill(tmp_path, "Film (1999)/small.mkv")
    fill(tmp_path, "Film (1999)/large.mkv", data=b"a larger film")
    assert find(tmp_path, "Film").name == "large.mkv"


def test_all_copies_of_a_film_are_told_the_largest_first(tmp_path):
    fill(tmp_path, "Film (1999)/Film (1999) [1080p].mkv", "Film (1999)/Film (1999)-trailer.mkv")
    fill(tmp_path, "Film.1999.2160p.BluRay-GRP.mkv", data=b"a larger film")
    fill(tmp_path, "Film (2000)/a.mkv", "Film (1999) [tt0000002]/b.mkv", "Film 2 (1999)/a.mkv")
    copies = Library(tmp_path).copies(make.film(title="Film", imdb_id="tt0000001"))
    assert [path.name for path in copies] == [
        "Film.1999.2160p.BluRay-GRP.mkv",
        "Film (1999) [1080p].mkv",
    ]
    assert Library(tmp_path).copies(make.film(title="Absent")) == ()


def test_copies_a_year_off_count_only_where_none_is_of_the_very_year(tmp_path):
    fill(tmp_path, "Film (1998)/a.mkv", "Film (2000)/b.mkv")
    assert len(Library(tmp_path).copies(make.film(title="Film"))) == 2
    fill(tmp_path, "Film (1999)/c.mkv")
    assert [path.name for path in Library(tmp_path).copies(make.film(title="Film"))] == ["c.mkv"]


def test_a_copy_put_beside_one_that_has_the_films_id_is_a_copy_too(tmp_path):
    library = Library(tmp_path)
    placed = tmp_path / "Film (1999)/Film (1999) [1080p].mkv"
    by_hand = tmp_path / "Film (1999)/Film (1999) [2160p].mkv"
    fill(tmp_path, placed, "Film (1999) [tt0000002]/b.mkv")
    fill(tmp_path, by_hand, data=b"a larger film")
    film = make.film(title="Film", imdb_id="tt0000001")
    library.add(film, placed)
    assert library.copies(film) == (by_hand, placed)


@pytest.mark.parametrize(
    "paths",
    [
        ("Film (1999)/Film cd1.avi", "Film (1999)/Film cd2.avi"),
        ("Film (1999)/CD1/a.avi", "Film (1999)/CD2/a.avi"),
        ("Film (1999)/BDMV/STREAM/00001.m2ts", "Film (1999)/BDMV/STREAM/00002.m2ts"),
    ],
)
def test_a_film_in_parts_is_one_copy(tmp_path, paths):
    fill(tmp_path, paths[0])
    fill(tmp_path, paths[1], data=b"a larger part")
    assert Library(tmp_path).copies(make.film(title="Film")) == (tmp_path / paths[1],)


def test_one_copy_on_each_drive_is_two(tmp_path):
    fill(tmp_path, "disk1/Film.1999.mkv", "disk2/Film.1999.mkv")
    assert len(Library(tmp_path).copies(make.film(title="Film"))) == 2


@pytest.mark.parametrize("title", ["???", "Long " * 60])
def test_a_film_is_found_again_under_the_very_name_we_give_it(tmp_path, title):
    film = make.film(title=title)
    fill(tmp_path, f"{names.folder(film)}/{names.stem(film, '')}.mkv")
    assert Library(tmp_path).find(film)


def test_what_was_placed_is_known_at_once_by_all_its_names(tmp_path):
    fill(tmp_path, "Other (1990)/a.mkv")
    library = Library(tmp_path)
    library.refresh()
    film = make.film(title="Parasite", year=2019, original_title="Gisaengchung")
    path = tmp_path / "Parasite (2019)/Parasite (2019).mkv"
    fill(tmp_path, path)
    library.add(film, path)
    by_other_name = make.film(title="Gisaengchung", year=2019)
    assert library.find(by_other_name) == path
    library.refresh()
    assert library.find(by_other_name) == path
    shutil.rmtree(path.parent)
    library.refresh()
    assert library.find(by_other_name) is None


def test_a_namesake_of_what_was_placed_is_not_there(tmp_path):
    library = Library(tmp_path)
    path = tmp_path / "Pinocchio (2022)/Pinocchio (2022).mkv"
    fill(tmp_path, path)
    library.add(make.film(title="Pinocchio", year=2022, imdb_id="tt1488589"), path)
    library.refresh()
    assert library.find(make.film(title="Pinocchio", year=2022, imdb_id="tt9999999")) is None


def test_changes_on_the_disk_are_seen(tmp_path):
    fill(tmp_path, "One (1999)/a.mkv")
    settle(tmp_path)
    library = Library(tmp_path)
    assert library.find(make.film(title="One"))
    fill(tmp_path, "Two (1999)/a.mkv")
    (tmp_path / "One (1999)/a.mkv").unlink()
    library.refresh()
    assert library.find(make.film(title="Two"))
    assert library.find(make.film(title="One")) is None


def test_folders_that_did_not_change_are_not_read_again_within_the_hour(tmp_path):
    fill(tmp_path, "One (1999)/a.mkv")
    settle(tmp_path)
    now = [0.0]
    library = Library(tmp_path, clock=lambda: now[0])
    library.refresh()
    (tmp_path / "One (1999)/a.mkv").unlink()
    settle(tmp_path)  # as on pooled disks, where a change may not show in the folder's time
    library.refresh()
    assert library.find(make.film(title="One"))
    now[0] = 3600.0
    library.refresh()
    assert library.find(make.film(title="One")) is None


def test_asking_looks_at_the_disk_again_after_half_a_minute(tmp_path):
    now = [0.0]
    library = Library(tmp_path / "Movies", known=True, clock=lambda: now[0])
    for _ in range(2):
        with pytest.raises(FilesError):
            library.find(make.film(title="One"))
    fill(tmp_path / "Movies", "One (1999)/a.mkv")
    now[0] = 30.0
    assert library.find(make.film(title="One"))
    fill(tmp_path / "Movies", "Two (1999)/a.mkv")
    now[0] = 59.0
    assert library.find(make.film(title="Two")) is None
    now[0] = 60.0
    assert library.find(make.film(title="Two"))


def test_downloads_kept_inside_the_library_are_not_of_it(tmp_path):
    fill(tmp_path, "downloads/Parasite (2019)/a.mkv")
    film = make.film(title="Parasite", year=2019)
    assert Library(tmp_path, apart=[tmp_path / "downloads"]).find(film) is None


def test_links_to_other_disks_are_followed_but_not_in_circles(tmp_path):
    fill(tmp_path / "disk2", "Film (1999)/a.mkv")
    library = tmp_path / "library"
    library.mkdir()
    (library / "more").symlink_to(tmp_path / "disk2")
    (tmp_path / "disk2" / "round").symlink_to(library)
    assert find(library, "Film") == library / "more/Film (1999)/a.mkv"


def test_a_library_that_never_was_is_empty(tmp_path):
    assert find(tmp_path / "Movies", "Film") is None


def test_a_library_that_went_away_is_not_taken_for_an_empty_one(tmp_path):
    folder = tmp_path / "Movies"
    fill(folder, "Film (1999)/a.mkv")
    library = Library(folder)
    library.refresh()
    folder.rename(tmp_path / "unmounted")
    for ask in (library.refresh, lambda: library.find(make.film(title="Film"))):
        with pytest.raises(FilesError) as caught:
            ask()
        assert str(caught.value) == (
            f"{folder} is not there, but films were in it; no film is searched; is its drive"
            " mounted? if it is, make any folder in it to go on"
        )
    (tmp_path / "unmounted").rename(folder)
    library.refresh()
    assert library.find(make.film(title="Film"))


def test_a_library_known_from_before_must_not_be_missing_or_bare(tmp_path):
    library = Library(tmp_path / "Movies", known=True)
    with pytest.raises(FilesError, match="is not there, but films were in it"):
        library.find(make.film())
    (tmp_path / "Movies").mkdir()
    with pytest.raises(FilesError, match="is empty, though films were in it"):
        library.refresh()
    (tmp_path / "Movies" / "any folder").mkdir()
    library.refresh()
    assert library.find(make.film()) is None


@pytest.fixture
def reachable():
    with open_folder() as folder:
        yield folder


def test_while_a_folder_cannot_be_read_nothing_is_said_to_be_missing(reachable):
    fill(reachable, "One (1999)/a.mkv", "Locked/Two (1999)/a.mkv")
    library = Library(reachable)
    library.refresh()
    (reachable / "Locked").chmod(0)
    with acting_as_nobody():
        for title in ("One", "Three"):
            with pytest.raises(FilesError) as caught:
                library.refresh()
            assert str(caught.value) == (
                f"{reachable}/Locked could not be read (Permission denied);"
                " no film is searched until it can"
            )
            with pytest.raises(FilesError):
                library.find(make.film(title=title))
    (reachable / "Locked").chmod(0o755)
    library.refresh()
    assert library.find(make.film(title="Two"))


def test_a_link_to_a_drive_that_is_not_mounted_is_a_broken_reading(tmp_path):
    fill(tmp_path, "One (1999)/a.mkv")
    (tmp_path / "more films").symlink_to(tmp_path / "not mounted")
    with pytest.raises(FilesError, match=r"more films could not be read \(it links to nothing\)"):
        find(tmp_path, "One")


def test_a_linked_film_counts_though_its_drive_is_not_mounted(tmp_path):
    (tmp_path / "Film (1999)").mkdir()
    (tmp_path / "Film (1999)/Film (1999).mkv").symlink_to(tmp_path / "not mounted.mkv")
    assert find(tmp_path, "Film")


def test_names_that_are_not_utf_8_are_read_and_reported(tmp_path):
    odd = os.fsdecode(b"Am\xe9lie (2001)")
    fill(tmp_path, f"{odd}/Film.2001.mkv")
    assert find(tmp_path, "Film", 2001) == tmp_path / odd / "Film.2001.mkv"
    Path(tmp_path / odd / "gone").symlink_to("nowhere")
    with pytest.raises(FilesError) as caught:
        find(tmp_path, "Film", 2001)
    str(caught.value).encode()


def test_a_second_start_takes_what_names_told_from_its_memory(tmp_path):
    folder, memory = tmp_path / "Movies", tmp_path / "names.json"
    fill(folder, "Film (1999)/a.mkv", "Fargo/Fargo.S01E01.mkv")
    Library(folder, memory=memory).refresh()
    memory.write_text(memory.read_text().replace("film", "remembered"))
    assert Library(folder, memory=memory).find(make.film(title="Remembered"))


def test_a_file_that_is_another_now_is_read_again(tmp_path):
    folder, memory = tmp_path / "Movies", tmp_path / "names.json"
    fill(folder, "One (1999)/a.mkv", "Two (1999)/b.mkv")
    Library(folder, memory=memory).refresh()
    written = memory.read_text()
    memory.write_text(written.replace("one", "remembered").replace("two", "remembered"))
    fill(folder, "One (1999)/a.mkv", "Three (1999)/c.mkv", data=b"another film")
    library = Library(folder, memory=memory)
    assert library.find(make.film(title="One"))
    assert library.find(make.film(title="Three"))
    assert library.find(make.film(title="Remembered")) == folder / "Two (1999)/b.mkv"


def test_a_file_that_is_gone_is_not_found_whatever_the_memory_holds(tmp_path):
    folder, memory = tmp_path / "Movies", tmp_path / "names.json"
    fill(folder, "One (1999)/a.mkv", "Two (1999)/b.mkv")
    Library(folder, memory=memory).refresh()
    shutil.rmtree(folder / "One (1999)")
    assert Library(folder, memory=memory).find(make.film(title="One")) is None
    assert "One (1999)" not in memory.read_text()


def test_the_memory_is_written_only_where_something_changed(tmp_path):
    folder, memory = tmp_path / "Movies", tmp_path / "names.json"
    fill(folder, "One (1999)/a.mkv")
    Library(folder, memory=memory).refresh()
    os.utime(memory, LONG_AGO)
    Library(folder, memory=memory).refresh()
    assert memory.stat().st_mtime == 0


def test_without_a_place_for_its_memory_the_library_works_all_the_same(tmp_path):
    fill(tmp_path, "Movies/One (1999)/a.mkv")
    library = Library(tmp_path / "Movies", memory=tmp_path / "not there" / "names.json")
    assert library.find(make.film(title="One"))


def test_a_film_that_lies_elsewhere_is_there_too(tmp_path):
    fill(tmp_path, "Heat (1995)/a.mkv")
    library, there = Library(tmp_path), Path("/other/Heat.mkv")
    library.ask_also(lambda film: [there])
    assert library.find(make.film(title="Cube", year=1997)) == there
    assert library.find(make.film(title="Heat", year=1995)) == tmp_path / "Heat (1995)" / "a.mkv"
    assert library.copies(make.film(title="Heat", year=1995))[1:] == (there,)


def test_where_nobody_can_say_what_lies_elsewhere_no_film_is_taken_for_missing(tmp_path):
    def away(film):
        raise FilesError("the library cannot be asked")

    fill(tmp_path, "Heat (1995)/a.mkv")
    library = Library(tmp_path)
    library.ask_also(away)
    with pytest.raises(FilesError, match="cannot be asked"):
        library.find(make.film(title="Cube", year=1997))
