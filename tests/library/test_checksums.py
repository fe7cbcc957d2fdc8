import hashlib
import os
import threading

import pytest

from movie_sync.errors import FilesError, Stopping
from movie_sync.library.checksums import sha256


@pytest.mark.parametrize("content", [b"", b"film", bytes(range(256)) * 40_000])
def test_the_checksum_is_that_of_the_whole_content(tmp_path, content):
    (tmp_path / "film.mkv").write_bytes(content)
    found = sha256(tmp_path / "film.mkv", threading.Event())
    assert found == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(
    ("name", "why"), [("gone.mkv", "No such file or directory"), ("folder.mkv", "Is a directory")]
)
def test_a_file_that_cannot_be_read_has_none(tmp_path, name, why):
    (tmp_path / "folder.mkv").mkdir()
    with pytest.raises(FilesError) as caught:
        sha256(tmp_path / name, threading.Event())
    assert str(caught.value) == f"{tmp_path / name} could not be read: {why}"


def test_the_end_waits_for_no_checksum(tmp_path):
    (tmp_path / "film.mkv").write_bytes(b"film")
    stop = threading.Event()
    stop.set()
    with pytest.raises(Stopping):
        sha256(tmp_path / "film.mkv", stop)


def test_a_file_that_is_written_to_meanwhile_has_none(tmp_path):
    path = tmp_path / "film.mkv"
    path.write_bytes(b"film")

    class Writing(threading.Event):
        def is_set(self):
            os.utime(path, (1, 1))
            return False

    with pytest.raises(FilesError, match="was written to while it was read"):
        sha256(path, Writing())
