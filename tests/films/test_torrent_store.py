import os

import pytest

from movie_sync.errors import FilesError
from movie_sync.films.torrent_store import TorrentStore

HANDLE = "3fa9c1d2" * 5


@pytest.fixture
def store(tmp_path):
    return TorrentStore(tmp_path / "torrents")


def test_a_torrent_comes_back_as_it_was_after_a_restart(store, tmp_path):
    store.save(HANDLE, b"d4:infoe")
    assert TorrentStore(tmp_path / "torrents").load(HANDLE) == b"d4:infoe"


def test_one_that_was_never_saved_is_none(store):
    assert store.load(HANDLE) is None


def test_saving_again_replaces_and_dropping_twice_is_no_fault(store):
    store.save(HANDLE, b"old")
    store.save(HANDLE, b"new")
    assert store.load(HANDLE) == b"new"
    store.drop(HANDLE)
    store.drop(HANDLE)
    assert store.load(HANDLE) is None


def test_nobody_else_may_read_them(store, tmp_path):
    (tmp_path / "torrents").mkdir(mode=0o755)
    before = os.umask(0)
    try:
        store.save(HANDLE, b"passkey")
    finally:
        os.umask(before)
    assert (tmp_path / "torrents").stat().st_mode & 0o777 == 0o700
    [kept] = (tmp_path / "torrents").iterdir()
    assert kept.name == f"{HANDLE}.torrent"
    assert kept.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("handle", ["../../etc/passwd", "", HANDLE.upper(), HANDLE + "0"])
def test_only_an_info_hash_names_a_file(store, tmp_path, handle):
    for use in (store.load, store.drop, lambda name: store.save(name, b"x")):
        with pytest.raises(FilesError, match="is not the info-hash of a torrent"):
            use(handle)
    assert list(tmp_path.rglob("*")) == []


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "torrents").write_text("a file")
    with pytest.raises(FilesError, match=r"could not be written .*; the download is not started"):
        TorrentStore(tmp_path / "torrents").save(HANDLE, b"x")
