import hashlib
import json
import os
import shutil
import stat
import zipfile

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from movie_sync import restore
from movie_sync.backup import backup
from movie_sync.backup_archive import MANIFEST
from movie_sync.credentials import Credentials
from movie_sync.errors import Busy, FilesError, MovieSyncError
from movie_sync.instance import owned
from movie_sync.queues import QueueManager
from tests import make
from tests.queue_home import on_disk
from tests.test_backup import HANDLE, SECRET
from tests.test_backup import home as full_home  # noqa: F401

LATER = make.NOON.replace(hour=13)


@pytest.fixture
def saved(full_home, tmp_path):  # noqa: F811
    return backup(full_home, tmp_path / "b.zip", make.NOON).path


@pytest.fixture
def other(tmp_path):
    """Another home with a life of its own."""
    home = tmp_path / "other"
    home.mkdir()
    queue = QueueManager(home, idle_s=60)
    queue.put_many([make.item(77)])
    queue.close()
    (home / "config.json").write_text('{"username": "bob", "web": {"port": 8000}}')
    (home / "access.json").write_text('{"password": null}')
    (home / "budget_filelist.json").write_text('{"limit": 150}')
    return home


def brought(home, file, **changes):
    return restore.restore(home, file, LATER, {}, **changes)


def everything(home):
    return {
        str(path.relative_to(home)): path.read_bytes()
        for path in home.rglob("*")
        if path.is_file() and path.name not in ("daemon.lock", "config.json~")
    }


def rewritten(file, changes=None, *, manifest=lambda told: told, sums=True):
    """The backup with some files changed; `None` takes one out, and a new one is added."""
    with zipfile.ZipFile(file) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    told = json.loads(files.pop(MANIFEST))
    for name, text in (changes or {}).items():
        if text is None:
            files.pop(name)
            told["files"].pop(name, None)
        else:
            files[name] = text
            part = told["files"].get(name, {"part": "stories"})["part"]
            if sums:
                told["files"][name] = {
                    "part": part,
                    "size_bytes": len(text),
                    "sha256": hashlib.sha256(text).hexdigest(),
                }
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
        archive.writestr(MANIFEST, json.dumps(manifest(told)))
    return file


def test_a_home_is_as_it_was_when_it_was_saved(saved, full_home, tmp_path):  # noqa: F811
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    brought(elsewhere, saved)
    assert on_disk(elsewhere) == on_disk(full_home)
    assert Credentials(elsewhere, {}).get("filelist.passkey") == SECRET
    for name in ("watchlist.json", f"torrents/{HANDLE}.torrent", "breaker_tmdb.json"):
        assert (elsewhere / name).read_bytes() == (full_home / name).read_bytes()
    private = [path for path in elsewhere.rglob("*") if path.stat().st_mode & 0o077]
    assert [path.name for path in private] == []
    assert (elsewhere / "libtorrent" / "running").exists()  # so that the disk is looked at


def test_what_was_there_is_kept_in_a_dated_folder(saved, other):
    before = everything(other)
    done = brought(other, saved)
    assert done.kept == other / "before-restore-20260105-130000"
    assert stat.S_IMODE(done.kept.stat().st_mode) == 0o700
    kept = everything(done.kept)
    assert kept["config.json"] == before["config.json"]
    assert kept["queue_pending.json"] == before["queue_pending.json"]
    assert on_disk(other).keys() == {f"film:letterboxd:{n}" for n in (1, 2, 3)}


def test_nobody_is_locked_out_by_a_restore(saved, other):
    brought(other, saved)
    assert json.loads((other / "config.json").read_text()) == {
        "username": "ann", "web": {"port": 8000},
    }  # fmt: skip
    assert (other / "access.json").read_text() == '{"password": null}'


def test_who_may_open_the_page_comes_back_when_asked_for(saved, other):
    brought(other, saved, only=["settings", "access"])
    assert json.loads((other / "config.json").read_text()) == {"username": "ann"}
    assert (other / "access.json").read_text() == "{}"


def test_calls_that_were_made_since_stay_counted(saved, other):
    brought(other, saved)
    assert (other / "budget_filelist.json").read_text() == '{"limit": 150}'
    assert (other / "breaker_tmdb.json").exists()


def test_one_part_is_brought_back_and_no_other(saved, other):
    before = everything(other)
    done = brought(other, saved, only=["queues"])
    after = everything(other)
    assert on_disk(other).keys() == {f"film:letterboxd:{n}" for n in (1, 2, 3)}
    assert {after[name] == before[name] for name in ("config.json", "access.json")} == {True}
    assert done.films["pending"] == 2
    assert done.parts == ("queues",)


@pytest.mark.parametrize(
    ("only", "told"),
    [
        (["quues"], 'there is no part "quues"; known are settings, queues, '),
        (["secrets"], 'the backup holds no "secrets", but settings, queues, '),
    ],
)
def test_a_part_that_is_not_there_is_told(full_home, tmp_path, other, only, told):  # noqa: F811
    file = backup(full_home, tmp_path / "b.zip", make.NOON, with_secrets=False).path
    before = everything(other)
    with pytest.raises(FilesError) as caught:
        brought(other, file, only=only)
    assert str(caught.value).startswith(told)
    assert everything(other) == before


def test_a_check_changes_nothing(saved, other):
    before = everything(other)
    done = restore.check(other, saved, {})
    assert done.sentence.startswith("the backup is sound: settings, queues, ")
    assert "; 3 films, 15 files; nothing was changed" in done.sentence
    assert everything(other) == before


def test_nothing_is_brought_back_while_the_program_runs(saved, other):
    before = everything(other)
    with owned(other), pytest.raises(Busy) as caught:
        brought(other, saved)
    assert str(caught.value) == (
        f"Movie Sync runs (process {os.getpid()}) and would write over it; nothing was restored; "
        "stop it first"
    )
    assert everything(other) == before


def test_folders_that_this_machine_does_not_have_are_named(saved, other, tmp_path):
    text = json.dumps({"library_directory": str(tmp_path), "download_directory": "/nix/loads"})
    rewritten(saved, {"config.json": text.encode()})
    assert brought(other, saved).notes == (
        "download_directory is /nix/loads, and there is no such folder here; make it, or set "
        "another",
    )


def test_films_that_do_not_lie_here_are_counted(saved, other):
    item = make.item(1, data={"path": "/nix/film.mkv"}, completed_at=make.NOON)
    rewritten(saved, {"queue_completed.json": msgspec.json.encode([item])})
    notes = brought(other, saved, only=["queues"]).notes
    assert notes == ("1 of 1 films that are done do not lie at their paths here",)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("queue_pending.json", b"[{", "queue_pending.json: line 1, column 3: "),
        ("config.json", b'{"username": ', "config.json cannot be read: "),
        ("watchlist.json", b"[1]", "watchlist.json cannot be read"),
        ("recycled.json", b"[1]", "recycled.json cannot be read"),
        (".key", b"x" * 44, "credentials.enc does not open with its .key"),
    ],
)
def test_what_the_program_cannot_work_with_is_not_brought_back(saved, other, name, text, told):
    before = everything(other)
    rewritten(saved, {name: text})
    with pytest.raises(FilesError) as caught:
        brought(other, saved)
    assert told in str(caught.value)
    assert '; nothing was changed; leave that out by "--only ' in str(caught.value)
    assert everything(other) == before
    assert not (other / ".restoring").exists()


@pytest.mark.parametrize(
    "name", ["../evil", "/evil", "stories/../../evil.jsonl", "daemon.lock", "stories/a/b.jsonl",
             "stories\\..\\x.jsonl", "queue_.json", "x"],
)  # fmt: skip
def test_no_file_is_written_but_those_of_a_home(saved, other, tmp_path, name):
    before, outside = everything(other), set(tmp_path.iterdir())
    rewritten(saved, {name: b"x"})
    with pytest.raises(FilesError, match="is no backup, or is damaged"):
        brought(other, saved)
    assert everything(other) == before
    assert set(tmp_path.iterdir()) == outside


def test_a_file_that_is_not_what_was_saved_is_refused(saved, other):
    before = everything(other)
    rewritten(saved, {"config.json": b'{"username": "eve"}'}, sums=False)
    with pytest.raises(FilesError, match=r"config\.json is not what was saved; nothing was chan"):
        brought(other, saved)
    assert everything(other) == before


def test_a_bomb_is_not_unpacked(saved, other):
    def swollen(told):
        told["files"]["config.json"]["size_bytes"] = 9 * 1024**3
        return told

    rewritten(saved, manifest=swollen)
    with pytest.raises(FilesError, match="is not as large as it should be"):
        brought(other, saved)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"format": 2}, "was made by a newer version; nothing was changed"),
        ({"format": "x"}, "its manifest cannot be read"),
        ({"parts": ["nix"]}, "its manifest names a part that is none"),
        ({"parts": ["settings"]}, "which is no file of a home"),
        ({"files": {}}, "its manifest tells of other files than are in it"),
    ],
)
def test_a_manifest_that_does_not_fit_is_refused(saved, other, changed, told):
    rewritten(saved, manifest=lambda manifest: manifest | changed)
    with pytest.raises(FilesError, match=told):
        brought(other, saved)


@pytest.mark.parametrize("text", [b"", b"PK", b"no zip", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_backup_is_told(tmp_path, other, text):
    path = tmp_path / "x.zip"
    path.write_bytes(text)
    with pytest.raises(FilesError, match=r"x\.zip is no backup, or is damaged"):
        brought(other, path)
    with pytest.raises(FilesError, match="cannot be read"):
        brought(other, tmp_path / "none.zip")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(edits=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1))
def test_a_backup_with_any_byte_changed_is_whole_or_refused(saved, tmp_path, edits):
    text = bytearray(saved.read_bytes())
    for at, byte in edits:
        text[at % len(text)] = byte
    (tmp_path / "x.zip").write_bytes(text)
    home = tmp_path / "fuzzed"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir()
    try:
        brought(home, tmp_path / "x.zip")
    except MovieSyncError:
        assert everything(home) == {}
    else:
        assert on_disk(home).keys() == {f"film:letterboxd:{n}" for n in (1, 2, 3)}
