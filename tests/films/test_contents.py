from pathlib import Path

from movie_sync.films import contents
from movie_sync.models import TransferFile

ROOT = Path("/downloads")


def sort_out(*names, title="Film", root=ROOT):
    """Each file of the given size in MB: ("a.mkv", 700)."""
    files = [TransferFile(ROOT / name, size * 1000**2) for name, size in names]
    return contents.read(files, root, title)


def placed(found):
    return {
        str(piece.file.path.relative_to(ROOT)): "/".join(piece.inside) or piece.ending
        for piece in found.pieces
    }


def test_the_largest_video_is_the_film_and_its_subtitles_come_along():
    found = sort_out(
        ("F/film.mkv", 8000),
        ("F/second.mkv", 700),
        ("F/second.en.srt", 1),
        ("F/film.srt", 1),
        ("F/film.ro.srt", 1),
        ("F/Subs/2_English.srt", 1),
        ("F/Subs/eng.idx", 1),
        ("F/Subs/eng.sub", 1),
        ("F/film.nfo", 1),
        ("F/cover.jpg", 1),
        ("F/setup.exe", 1),
        ("F/film.rar", 9000),
    )
    assert placed(found) == {
        "F/film.mkv": ".mkv",
        "F/film.srt": ".srt",
        "F/film.ro.srt": ".ro.srt",
        "F/Subs/2_English.srt": ".en.srt",
        "F/Subs/eng.idx": ".eng.idx",
        "F/Subs/eng.sub": ".eng.sub",
    }


def test_two_subtitles_of_one_language_both_keep_a_name():
    found = sort_out(("F/a.mkv", 9), ("F/Subs/2_English.srt", 1), ("F/Subs/3_English.srt", 1))
    assert sorted(placed(found).values()) == [".en.2.srt", ".en.srt", ".mkv"]


def test_the_film_comes_last_so_that_where_it_is_all_is():
    found = sort_out(("F/film.cd1.avi", 700), ("F/film.cd2.avi", 690), ("F/film.cd2.srt", 1))
    assert [piece.ending for piece in found.pieces] == [" - cd2.srt", " - cd2.avi", " - cd1.avi"]


def test_parts_are_known_by_folder_too():
    found = sort_out(("F/CD2/film.avi", 700), ("F/CD1/film.avi", 690), ("F/CD1/film.en.srt", 1))
    assert placed(found) == {
        "F/CD1/film.avi": " - cd1.avi",
        "F/CD2/film.avi": " - cd2.avi",
        "F/CD1/film.en.srt": " - cd1.en.srt",
    }


def test_a_film_that_is_itself_a_first_part_is_no_set_of_parts():
    found = sort_out(("Saga.Part.1.2010.mkv", 8000), ("Saga.Part.2.2011.mkv", 7000))
    assert placed(found) == {"Saga.Part.1.2010.mkv": ".mkv"}


def test_a_missing_part_does_not_make_the_others_a_whole():
    found = sort_out(("film.cd1.avi", 700), ("film.cd3.avi", 690))
    assert placed(found) == {"film.cd1.avi": ".avi"}


def test_samples_and_extras_are_no_film_however_large():
    extras = [
        ("F/Sample/film.mkv", 9000),
        ("F/film-sample.mkv", 9000),
        ("F/Featurettes/making.mkv", 9000),
        ("F/Extras/deep/down.mkv", 9000),
        ("F/film-trailer.mp4", 9000),
        ("F/someone-interview.mp4", 9000),
    ]
    assert placed(sort_out(("F/film.mkv", 1), *extras)) == {"F/film.mkv": ".mkv"}
    assert sort_out(*extras) is None


def test_what_an_archive_makes_of_a_film_stays_where_it_is():
    made = [
        ("the-lantern/the_lantern.mp4", 900),
        ("the-lantern/the_lantern.ogv", 400),
        ("the-lantern/the_lantern_512kb.mp4", 300),
        ("the-lantern/the_lantern.gif", 1),
        ("the-lantern/the-lantern.thumbs/the_lantern_000001.jpg", 1),
        ("the-lantern/__ia_thumb.jpg", 1),
        ("the-lantern/the-lantern_meta.xml", 1),
    ]
    found = sort_out(("the-lantern/the_lantern.mpeg", 4000), *made, title="The Lantern")
    assert placed(found) == {"the-lantern/the_lantern.mpeg": ".mpeg"}


def test_a_word_of_the_films_own_title_does_not_make_it_an_extra():
    name = "Trailer.Park.Boys.The.Movie.2006.mkv"
    assert placed(sort_out((name, 700), title="Trailer Park Boys: The Movie")) == {name: ".mkv"}


def test_archives_programs_and_empty_videos_are_no_film():
    assert sort_out(("F/film.rar", 9000), ("F/film.exe", 9000), ("F/film.mkv", 0)) is None


def test_a_disc_keeps_its_files_under_their_names():
    found = sort_out(
        ("F/BDMV/STREAM/00001.m2ts", 30_000),
        ("F/BDMV/STREAM/00002.m2ts", 100),
        ("F/BDMV/index.bdmv", 1),
        ("F/BDMV/JAR/00000.jar", 1),
        ("F/BDMV/../../x.xml", 1),
        ("F/setup.exe", 1),
    )
    assert placed(found) == {
        "F/BDMV/STREAM/00001.m2ts": "BDMV/STREAM/00001.m2ts",
        "F/BDMV/STREAM/00002.m2ts": "BDMV/STREAM/00002.m2ts",
        "F/BDMV/index.bdmv": "BDMV/index.bdmv",
    }
    assert found.film.file.path.name == "00001.m2ts"


def test_a_film_that_only_lies_in_a_folder_called_like_a_disc_is_an_ordinary_one():
    found = sort_out(("F/BDMV/the film.mkv", 8000), ("F/BDMV/index.bdmv", 1))
    assert placed(found) == {"F/BDMV/the film.mkv": ".mkv"}


def test_a_subtitle_belongs_to_the_video_that_it_is_named_after():
    found = sort_out(
        ("film.2019.mkv", 8000), ("film.avi", 700), ("film.2019.en.srt", 1), ("film.ro.srt", 1)
    )
    assert placed(found) == {"film.2019.mkv": ".mkv", "film.2019.en.srt": ".en.srt"}


def test_endings_are_counted_for_a_person():
    files = [TransferFile(Path(name), 1) for name in ("a.rar", "b.RAR", "c.nfo", "README")]
    assert contents.endings(files) == "2 .rar, 1 .nfo, 1 without an ending"
    volumes = [TransferFile(Path(f"a.r{number:02}"), 1) for number in range(30)]
    assert contents.endings(volumes) == "1 .r00, 1 .r01, 1 .r02, 1 .r03, 26 others"


def test_a_download_lies_in_the_folder_above_its_own():
    alone = [TransferFile(Path("/downloads/film.mkv"), 1)]
    within = [TransferFile(Path("/extras/Film/CD1/film.mkv"), 1)]
    assert contents.root_of(alone, "film.mkv") == Path("/downloads")
    assert contents.root_of(within, "Film") == Path("/extras")
    assert contents.root_of(within, "renamed by hand") == Path("/extras/Film/CD1")
