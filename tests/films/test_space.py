import os

import pytest

from movie_sync.errors import FilesError
from movie_sync.films.space import GB, DownloadSpace, held_bytes, sized

MB = 1000**2


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def space(folder, clock, limit_gb=10.0):
    return DownloadSpace(folder, limit_gb, keep_free_bytes=0, clock=clock)


def write(path, size_bytes):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(os.urandom(size_bytes))


def test_a_download_that_fits_is_let_through(tmp_path, clock):
    space(tmp_path, clock, limit_gb=0.010).room_for(4 * MB, 5 * MB)


def test_what_still_loads_counts_against_the_limit(tmp_path, clock):
    with pytest.raises(FilesError) as caught:
        space(tmp_path, clock).room_for(4 * GB, int(8.3 * GB))
    assert str(caught.value) == (
        "download folder would hold 12.3 of 10.0 GB; the film waits;"
        " remove finished downloads or raise max_download_space_gb"
    )


def test_what_lies_there_counts_against_the_limit(tmp_path, clock):
    write(tmp_path / "a" / "film.mkv", 3 * MB)
    room = space(tmp_path, clock, limit_gb=0.010)
    room.room_for(6 * MB, 0)
    with pytest.raises(FilesError, match=r"would hold 0\.011 of 0\.010 GB"):
        room.room_for(8 * MB, 0)


def test_without_a_limit_only_the_disk_counts(tmp_path, clock):
    space(tmp_path, clock, limit_gb=0).room_for(11 * MB, 0)
    with pytest.raises(FilesError) as caught:
        space(tmp_path, clock, limit_gb=0).room_for(10**18, 7 * GB)
    said = str(caught.value)
    assert said.startswith(f"the disk of {tmp_path} is too full: 1000000000.0 GB for this film,")
    assert "7.0 GB for running downloads" in said
    assert said.endswith("are free; the film waits; make room there")


def test_some_of_the_disk_is_kept_free(tmp_path):
    with pytest.raises(FilesError, match=r"1000000000\.0 GB to spare"):
        DownloadSpace(tmp_path, keep_free_bytes=10**18).room_for(1, 0)


def test_a_download_folder_not_made_yet_holds_nothing(tmp_path, clock):
    space(tmp_path / "not" / "yet", clock, limit_gb=0.010).room_for(10 * MB, 0)
    assert held_bytes(tmp_path / "not") == 0


def test_the_folder_is_measured_once_a_minute(tmp_path, clock):
    room = space(tmp_path, clock, limit_gb=0.010)
    room.room_for(9 * MB, 0)
    write(tmp_path / "film.mkv", 5 * MB)
    clock.now = 59
    room.room_for(9 * MB, 0)
    clock.now = 60
    with pytest.raises(FilesError):
        room.room_for(9 * MB, 0)


def test_what_arrived_since_the_measurement_is_not_lost_between_two_counts(tmp_path, clock):
    room = space(tmp_path, clock, limit_gb=0.010)
    room.room_for(1, 8 * MB)
    write(tmp_path / "film.mkv", 6 * MB)
    with pytest.raises(FilesError):
        room.room_for(3 * MB, 2 * MB)


def test_holes_are_not_counted_and_a_file_with_two_names_once(tmp_path):
    write(tmp_path / "one.mkv", 2 * MB)
    os.link(tmp_path / "one.mkv", tmp_path / "two.mkv")
    with (tmp_path / "holes.mkv").open("wb") as out:
        out.truncate(GB)
    assert 2 * MB <= held_bytes(tmp_path) < 3 * MB


def test_a_link_out_of_the_folder_is_not_followed(tmp_path):
    write(tmp_path / "elsewhere" / "film.mkv", 2 * MB)
    (tmp_path / "downloads").mkdir()
    (tmp_path / "downloads" / "link").symlink_to(tmp_path / "elsewhere")
    assert held_bytes(tmp_path / "downloads") < MB


def test_a_folder_that_cannot_be_measured_stops_new_downloads(tmp_path, clock):
    (tmp_path / "downloads").write_text("a file")
    with pytest.raises(FilesError, match=r"downloads cannot be measured \(Not a directory\)"):
        space(tmp_path / "downloads", clock).room_for(1, 0)


@pytest.mark.parametrize(
    ("size_bytes", "text"),
    [(0, "0 bytes"), (12_400, "12 kB"), (700 * MB, "700 MB"), (8_600_000_000, "8.6 GB")],
)
def test_sizes_are_written_for_people(size_bytes, text):
    assert sized(size_bytes) == text
