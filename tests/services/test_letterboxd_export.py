import os
import zipfile
from pathlib import Path

import pytest

from movie_sync.errors import FilesError, Unavailable
from movie_sync.models import Film
from movie_sync.services.letterboxd_export import WatchedFolder, read_export

HEADER = "Date,Name,Year,Letterboxd URI\n"
HEAT = "2026-01-05,Heat,1995,https://boxd.it/2b0k\n"
TWO = HEADER + HEAT + '2026-01-04,"Good, the Bad, The",,https://letterboxd.com/film/good/\n'
HEAT_FILM = Film(key="boxd:2b0k", title="Heat", year=1995)


@pytest.fixture
def watchlist(tmp_path: Path) -> Path:
    path = tmp_path / "watchlist.csv"
    path.write_text(TWO)
    return path


def zipped(path: Path, files: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def failure(path: Path) -> str:
    with pytest.raises(FilesError) as caught:
        read_export(path)
    return str(caught.value).replace(f"{path}", path.name)


def test_a_watchlist_csv_is_read(watchlist):
    found = read_export(watchlist)
    assert found.source == "export:watchlist.csv"
    assert found.complete
    assert found.films == (
        HEAT_FILM,
        Film(key="slug:good", title="Good, the Bad, The", slug="good"),
    )


def test_a_watchlist_without_films_is_empty(watchlist):
    watchlist.write_text(HEADER)
    assert (read_export(watchlist).films, read_export(watchlist).complete) == ((), True)


@pytest.mark.parametrize("folder", ["", "letterboxd-alice-2026-01-05-12-00-utc/"])
def test_only_the_watchlist_of_a_zip_is_read(tmp_path, folder):
    seen = HEADER + "2026-01-01,Seen,1999,https://boxd.it/seen\n"
    others = ("watched.csv", "deleted/watchlist.csv", "orphaned/watchlist.csv")
    lists = ("lists/watchlist.csv", "likes/films.csv")
    files = {f"{folder}{name}": seen for name in (*others, *lists)}
    path = zipped(tmp_path / "export.zip", files | {f"{folder}watchlist.csv": HEADER + HEAT})
    assert read_export(path).films == (HEAT_FILM,)


@pytest.mark.parametrize("name", ["watched.csv", "Watched (1).csv", "diary.csv", "ratings.csv"])
def test_films_seen_are_not_taken_for_films_to_see(tmp_path, name):
    path = tmp_path / name
    path.write_text(TWO)
    assert failure(path) == (
        f"{name} is no watchlist by its name but another part of the export; "
        "nothing of it was read; take watchlist.csv"
    )


def test_a_file_that_may_be_either_is_not_read(tmp_path):
    path = tmp_path / "films.csv"
    path.write_text(TWO)
    assert failure(path).startswith("films.csv may hold films to see or films seen")


def test_the_two_tables_of_a_list_are_told_apart(tmp_path):
    path = tmp_path / "heists.csv"
    path.write_text(
        "Letterboxd list export v7\nDate,Name,Tags,URL,Description\n"
        "2026-01-05,Heists,,https://boxd.it/list,\n\n"
        "Position,Name,Year,URL,Description\n1,Heat,1995,https://boxd.it/2b0k,\n"
    )
    assert read_export(path).films == (HEAT_FILM,)


def test_the_import_format_brings_ids_and_leaves_out_films_seen(tmp_path):
    path = tmp_path / "import.csv"
    path.write_text(
        "LetterboxdURI,tmdbID,imdbID,Title,Year,WatchedDate\n"
        "https://letterboxd.com/film/heat-1995/,949,tt0113277,Heat,1995,\n"
        ",,tt0041959,The Third Man,1949,2025-12-31\n"
    )
    assert read_export(path).films == (
        Film(
            key="imdb:tt0113277",
            title="Heat",
            year=1995,
            imdb_id="tt0113277",
            tmdb_id=949,
            slug="heat-1995",
        ),
    )


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("2026-01-05,,1995,\n", "line 3 has no title and no id"),
        ("2026-01-05,Heat,20x5,https://boxd.it/x\n", 'line 3 has the year "20x5"'),
        ("2026-01-05,Hea", "line 3 has 2 of 4 columns"),
    ],
)
def test_a_bad_row_is_named_and_the_others_are_kept(watchlist, row, problem):
    watchlist.write_text(HEADER + HEAT + row)
    found = read_export(watchlist)
    assert found.films == (HEAT_FILM,)
    assert not found.complete
    assert found.problem == f"watchlist.csv: 1 of 2 entries cannot be read; the first: {problem}"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "its first line names no column for a title or an id"),
        (b"Heat\n", "its first line names no column for a title or an id"),
        (HEADER.encode() + b"\xff,\xfe,1995,\n", "is not UTF-8 text"),
        (HEADER.encode() + b'2026-01-05,"Heat', "line 2 cannot be read: unexpected end of data"),
        (HEADER.encode() + b",,,x\n", "1 of 1 entries cannot be read"),
    ],
)
def test_a_broken_file_is_no_empty_watchlist(watchlist, content, message):
    watchlist.write_bytes(content)
    assert message in failure(watchlist)
    assert failure(watchlist).endswith("; nothing of it was read")


def test_a_diary_by_another_name_is_no_empty_watchlist(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("Name,Year,Watched Date\nHeat,1995,2026-01-05\n")
    assert failure(path) == (
        "mine.csv: none of its 1 rows is a film to see; nothing of it was read"
    )


def test_a_cut_zip_is_damaged(tmp_path):
    path = zipped(tmp_path / "export.zip", {"watchlist.csv": TWO})
    path.write_bytes(path.read_bytes()[:-30])
    assert failure(path) == (
        "export.zip is damaged or not whole (File is not a zip file); "
        "nothing of it was read; export it again"
    )


def test_a_zip_with_a_changed_byte_is_damaged(tmp_path):
    path = zipped(tmp_path / "export.zip", {"watchlist.csv": TWO})
    raw = bytearray(path.read_bytes())
    raw[60] ^= 0xFF
    path.write_bytes(raw)
    assert failure(path).startswith("export.zip is damaged or not whole")


def test_a_zip_without_a_watchlist_says_so(tmp_path):
    path = zipped(tmp_path / "export.zip", {"watched.csv": TWO})
    assert failure(path).startswith("export.zip holds no watchlist.csv where one is due")


@pytest.mark.slow
def test_a_zip_bomb_is_not_unpacked(tmp_path):
    path = zipped(tmp_path / "export.zip", {"watchlist.csv": b"\n" * (32 * 1024**2 + 1)})
    assert path.stat().st_size < 100_000
    assert "grows 1028 times when unpacked, where 200 times is the most" in failure(path)


def test_a_missing_file_is_named(tmp_path):
    assert failure(tmp_path / "watchlist.csv") == (
        "watchlist.csv cannot be read: No such file or directory"
    )


def folder(path: Path) -> WatchedFolder:
    return WatchedFolder(path, clock=lambda: 10_000.0)


def dropped(path: Path, name: str, row: str, at_s: float = 1000.0) -> None:
    (path / name).parent.mkdir(exist_ok=True)
    (path / name).write_text(HEADER + row)
    os.utime(path / name, (at_s, at_s))


def test_the_newest_export_of_a_folder_counts(tmp_path):
    dropped(tmp_path, "watchlist.csv", "2026-01-05,Old,1995,\n", at_s=1000.0)
    dropped(tmp_path, "watchlist (1).csv", HEAT, at_s=2000.0)
    dropped(tmp_path, "watched.csv", "2026-01-05,Seen,1995,\n", at_s=3000.0)
    found = folder(tmp_path).read()
    assert found.source == f"folder:{tmp_path.name}"
    assert found.films == (HEAT_FILM,)


def test_the_time_in_a_name_counts_before_that_of_the_file(tmp_path):
    dropped(tmp_path, "watchlist-alice-2026-01-05-12-00-utc.csv", HEAT, at_s=1000.0)
    dropped(tmp_path, "watchlist-alice-2025-01-05-12-00-utc.csv", "x,Old,1995,\n", at_s=2000.0)
    assert folder(tmp_path).read().films == (HEAT_FILM,)


def test_an_unpacked_export_is_found(tmp_path):
    dropped(tmp_path, "letterboxd-alice-2026-01-05-12-00-utc/watchlist.csv", HEAT)
    dropped(tmp_path, "deleted/watchlist.csv", "x,Old,1995,\n", at_s=2000.0)
    assert folder(tmp_path).read().films == (HEAT_FILM,)


def test_a_file_that_is_still_arriving_is_read_next_time(tmp_path):
    dropped(tmp_path, "watchlist.csv", HEAT, at_s=9_999.5)
    with pytest.raises(Unavailable, match=r"watchlist\.csv is still arriving") as caught:
        folder(tmp_path).read()
    assert caught.value.retry_after_s == 1.5


def test_a_folder_without_an_export_is_no_empty_watchlist(tmp_path):
    with pytest.raises(FilesError, match=r"holds no export; put watchlist\.csv or the zip from"):
        folder(tmp_path).read()
    with pytest.raises(FilesError, match=r"the watchlist folder .*/none is not there"):
        folder(tmp_path / "none").read()
