import os
import stat
import threading
from pathlib import Path

import pytest

from movie_sync import atomic


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_replaced_whole(tmp_path):
    path = tmp_path / "queue.json"
    path.write_bytes(b"a long one that was here before")
    atomic.write(path, [b"new", b" text"])
    assert (path.read_bytes(), names(tmp_path)) == (b"new text", ["queue.json"])


def test_only_its_owner_may_read_it_from_the_first_byte_on(tmp_path):
    path = tmp_path / "secret"
    seen = []

    def chunks():
        seen.append(mode(tmp_path / "secret.tmp"))
        yield b"1"

    atomic.write(path, chunks())
    assert [*seen, mode(path)] == [0o600, 0o600]


def test_what_a_crash_left_beside_it_does_no_harm(tmp_path):
    left = tmp_path / "secret.tmp"
    left.write_bytes(b"half a file, for all to read")
    left.chmod(0o644)
    other = tmp_path / "other"
    other.hardlink_to(left)
    atomic.write(tmp_path / "secret", [b"1"])
    assert mode(tmp_path / "secret") == 0o600
    assert other.read_bytes() == b"half a file, for all to read"


def test_a_write_that_fails_half_way_leaves_the_file_as_it_was(tmp_path):
    path = tmp_path / "queue.json"
    path.write_bytes(b"old")

    def chunks():
        yield b"ne"
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        atomic.write(path, chunks(), keep_previous=True)
    assert (path.read_bytes(), names(tmp_path)) == (b"old", ["queue.json"])


def test_the_file_as_it_was_can_be_kept(tmp_path):
    path = tmp_path / "config.json"
    for text in (b"1", b"2", b"3"):
        atomic.write(path, [text], keep_previous=True)
    assert (tmp_path / "config.json~").read_bytes() == b"2"
    assert path.read_bytes() == b"3"


def test_a_link_is_followed_and_stays_one(tmp_path):
    real, link = tmp_path / "dotfiles" / "config.json", tmp_path / "config.json"
    real.parent.mkdir()
    real.write_bytes(b"old")
    link.symlink_to(real)
    atomic.write(link, [b"new"])
    assert (link.is_symlink(), real.read_bytes()) == (True, b"new")
    assert names(real.parent) == ["config.json"]


def test_a_link_in_the_place_of_the_new_file_is_not_followed(tmp_path):
    other = tmp_path / "other"
    other.write_bytes(b"mine")
    (tmp_path / "secret.tmp").symlink_to(other)
    atomic.write(tmp_path / "secret", [b"1"])
    assert (other.read_bytes(), (tmp_path / "secret").read_bytes()) == (b"mine", b"1")


def test_a_file_that_is_replaced_while_it_is_kept_is_no_error(tmp_path):
    path, done = tmp_path / "queue.json", threading.Event()
    path.write_bytes(b"old")

    def save():
        while not done.is_set():
            other = tmp_path / "saved"
            other.write_bytes(b"hers")
            other.replace(path)

    person = threading.Thread(target=save)
    person.start()
    try:
        for _ in range(300):
            atomic.write(path, [b"mine"], keep_previous=True)
    finally:
        done.set()
        person.join()
    assert (tmp_path / "queue.json~").exists()


def test_a_missing_folder_is_told(tmp_path):
    with pytest.raises(FileNotFoundError):
        atomic.write(tmp_path / "gone" / "file", [b"1"])


@pytest.mark.slow
def test_where_there_are_no_hard_links_the_previous_file_is_copied(tmp_path):
    path = tmp_path / "queue.json"
    path.write_bytes(b"old")
    most = os.pathconf(tmp_path, "PC_LINK_MAX")
    if most > 70_000:
        pytest.skip(f"this file system allows {most} names of a file; none is refused")
    for number in range(most - 1):
        os.link(path, tmp_path / str(number))
    atomic.write(path, [b"new"], keep_previous=True)
    kept = tmp_path / "queue.json~"
    assert (path.read_bytes(), kept.read_bytes(), kept.stat().st_nlink) == (b"new", b"old", 1)
