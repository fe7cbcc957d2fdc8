import json
import zipfile

import pytest

from movie_sync.errors import FilesError
from movie_sync.history.import_models import Options, Part
from tests.history.imports import NOW, at


@pytest.fixture
def export(house, tmp_path):
    """A Trakt export of what that Trakt has."""

    def write():
        path = tmp_path / "trakt.zip"
        told = [house.world.listed(number) for number in house.world.history()]
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("user-profile.json", "{}")
            archive.writestr("watched-history-1.json", json.dumps([*told, {"id": 1}]))
        return str(path)

    return write


def diary(tmp_path, *rows):
    path = tmp_path / "diary.csv"
    head = "Date,Name,Year,Letterboxd URI,Rating,Rewatch,Tags,Watched Date\n"
    path.write_text(head + "".join(f"{row}\n" for row in rows))
    return str(path)


def test_a_trakt_export_is_imported_without_an_account(house, export):
    for number in range(1, 7):
        house.world.play(("episode", house.world.episode(7, 1, number)), at(1))
    house.world.play(("movie", 28), at(2))
    done = house.do(source="file", path=export())
    assert (done.state, done.provider, done.counts["unread"]) == ("done", "file:trakt", 1)
    assert house.dates()[0] == "Dark 1x01 2021-01-02"
    assert house.dates()[-1] == "Heat 2025-12-02"
    assert house.trakt.asked == []


def test_a_file_and_the_account_tell_of_the_same_plays(house, export):
    house.world.play(("movie", 28), at(2))
    house.do(source="file", path=export())
    again = house.do()
    assert again.counts == {"known": 1}


def test_after_a_file_of_trakt_the_account_is_compared_with_it_at_once(house, export):
    house.world.play(("movie", 28), at(2))
    house.do(source="file", path=export())
    assert house.sync.compare_due_at(NOW) == NOW
    house.world.play(("movie", 29), at(1, year=2019))
    house.sync.compare(NOW)
    assert house.dates() == ["Ronin 2019-12-01", "Heat 2025-12-02"]


def test_a_letterboxd_diary_needs_no_ids(house, tmp_path):
    path = diary(
        tmp_path,
        "2025-12-02,Heat,1995,https://boxd.it/aaaa,4.5,,,2025-12-01",
        "2025-12-09,Heat,1995,https://boxd.it/bbbb,,Yes,,2025-12-08",
        "2025-12-09,,,,,,,",
    )
    done = house.do(source="file", path=path)
    assert house.dates() == ["Heat 2025-12-01", "Heat 2025-12-08"]
    assert done.counts["unread"] == 1
    assert house.do(source="file", path=path).counts["known"] == 2


def test_a_file_that_is_not_understood_begins_no_import(house, tmp_path):
    path = tmp_path / "holiday.zip"
    path.write_bytes(b"not a zip")
    with pytest.raises(FilesError):
        house.importing.start(Options(source="file", path=str(path)), NOW)
    assert house.store.syncs() == []


def test_a_file_that_went_away_ends_the_import_with_a_sentence(house, tmp_path):
    path = diary(tmp_path, "2025-12-02,Heat,1995,https://boxd.it/aaaa,4.5,,,2025-12-01")
    house.importing.start(Options(source="file", path=path), NOW)
    (tmp_path / "diary.csv").unlink()
    with pytest.raises(FilesError):
        house.importing.run(NOW)
    [sync] = house.store.syncs()
    assert (sync.state, "diary.csv" in sync.problem) == ("failed", True)


def test_a_file_that_changed_while_the_import_stood_still_is_read_anew(house, tmp_path):
    rows = [f"2025-12-02,Film {one},1995,https://boxd.it/a{one},,,,2025-12-01" for one in range(9)]
    path = diary(tmp_path, *rows[:3])
    house.importing.start(Options(source="file", path=path), NOW)
    house.rows.stage(1, "file:letterboxd", _read_some(), NOW)
    diary(tmp_path, *rows)
    house.importing.run(NOW)
    assert len(house.dates()) == 9


def _read_some():
    return Part(checkpoint={"file": "1:1", "done": "2"})
