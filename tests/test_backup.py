import json
import os
import stat
import zipfile
from pathlib import Path

import pytest

from movie_sync import backup_archive
from movie_sync.backup import KEPT, automatic, backup, backup_before
from movie_sync.credentials import Credentials
from movie_sync.errors import FilesError, QueueError
from movie_sync.instance import owned
from movie_sync.queues import QueueManager
from tests import make

SECRET = "5ec4e75e" * 4
HANDLE = "3fa9c1d2" * 5


@pytest.fixture
def home(tmp_path):
    """With something of every part, and of what belongs to none."""
    home = tmp_path / "home"
    home.mkdir()
    queue = QueueManager(home, idle_s=60)
    queue.put_many(make.item(number) for number in range(1, 4))
    queue.complete("film:letterboxd:1")
    queue.close()
    Credentials(home, {}).set("filelist.passkey", SECRET)
    for name, text in {
        "config.json": '{"username": "ann"}',
        "watchlist.json": '{"sources": {}}',
        "stories/film-1-0a.jsonl": '{"at": 1}\n{"at": 2}\n{"at"',
        f"torrents/{HANDLE}.torrent": f"http://tracker/{SECRET}/announce",
        f"libtorrent/{HANDLE}.resume": SECRET,
        "libtorrent/running": "",
        "budget_filelist.json": "{}",
        "budget_filelist.lock": "",
        "breaker_tmdb.json": "{}",
        "access.json": "{}",
        "recycled.json": "{}",
        "movie_sync.log": "what was logged",
        "config.schema.json": "{}",
        "queue_pending.json.edited-20260105T120000": "[]",
    }.items():
        path = home / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return home


def names(path: Path) -> set[str]:
    with zipfile.ZipFile(path) as archive:
        return set(archive.namelist())


def test_a_backup_holds_what_a_person_needs_and_nothing_else(home, tmp_path):
    made = backup(home, tmp_path / "b.zip", make.NOON)
    assert names(made.path) == {
        *(f"queue_{s}.json" for s in ("pending", "active", "failed", "completed", "removed")),
        "config.json", "watchlist.json", "stories/film-1-0a.jsonl", "recycled.json",
        f"torrents/{HANDLE}.torrent", f"libtorrent/{HANDLE}.resume", "budget_filelist.json",
        "breaker_tmdb.json", "credentials.enc", ".key", "access.json", "manifest.json",
    }  # fmt: skip
    assert made.manifest.films == {
        "pending": 2, "active": 0, "failed": 0, "completed": 1, "removed": 0,
    }  # fmt: skip
    assert made.sentence.startswith(f"{tmp_path / 'b.zip'}: 3 films, 16 files, 0.0 MB; with sec")


def test_without_secrets_there_is_nothing_to_log_in_with(home, tmp_path):
    made = backup(home, tmp_path / "b.zip", make.NOON, with_secrets=False)
    held = names(made.path)
    assert "queue_pending.json" in held
    assert not [name for name in held if name.startswith(("cred", ".key", "torr", "lib", "acc"))
                and name != "library_names.json"]  # fmt: skip
    with zipfile.ZipFile(made.path) as archive:
        assert not [name for name in held if SECRET.encode() in archive.read(name)]
    assert "; without secrets (settings, queues" in made.sentence


def test_it_is_for_its_owner_alone_and_named_by_its_date_in_a_folder(home, tmp_path):
    made = backup(home, tmp_path, make.NOON)
    assert made.path == tmp_path / "movie_sync-20260105-120000.zip"
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".tmp"] == []


def test_changes_that_only_the_journal_has_are_in_it(home, tmp_path):
    with owned(home):
        queue = QueueManager(home, idle_s=60)
        try:
            queue.put_many([make.item(9)])
            made = backup(home, tmp_path / "b.zip", make.NOON)
        finally:
            queue.close()
    with zipfile.ZipFile(made.path) as archive:
        pending = json.loads(archive.read("queue_pending.json"))
    assert [item["id"] for item in pending][-1] == "film:letterboxd:9"


def test_only_whole_lines_of_a_story_are_taken(home, tmp_path):
    with zipfile.ZipFile(backup(home, tmp_path / "b.zip", make.NOON).path) as archive:
        assert archive.read("stories/film-1-0a.jsonl") == b'{"at": 1}\n{"at": 2}\n'


def test_a_backup_takes_the_place_of_another_one_and_of_nothing_else(home, tmp_path):
    path = tmp_path / "b.zip"
    backup(home, path, make.NOON)
    backup(home, path, make.NOON)
    other = tmp_path / "films.txt"
    other.write_text("mine")
    with pytest.raises(FilesError, match="is there, and is no backup; nothing was written"):
        backup(home, other, make.NOON)
    assert other.read_text() == "mine"


def test_a_damaged_queue_leaves_the_backup_of_yesterday_as_it_was(home, tmp_path):
    path = tmp_path / "b.zip"
    backup(home, path, make.NOON)
    before = path.read_bytes()
    (home / "queue_pending.json").write_text("[{")
    with pytest.raises(QueueError, match=r"queue_pending\.json: line 1"):
        backup(home, path, make.NOON)
    assert path.read_bytes() == before
    assert not (tmp_path / "b.zip.tmp").exists()


def test_a_folder_that_is_not_there_is_told(home, tmp_path):
    with pytest.raises(FilesError, match="no backup was made"):
        backup(home, tmp_path / "none" / "b.zip", make.NOON)


def test_a_link_among_the_stories_is_not_followed(home, tmp_path):
    (tmp_path / "private").write_text("mine")
    os.symlink(tmp_path / "private", home / "stories" / "x.jsonl")
    assert "stories/x.jsonl" not in names(backup(home, tmp_path / "b.zip", make.NOON).path)


def test_before_a_change_of_form_files_are_kept_byte_by_byte(home):
    (home / "queue_pending.json").write_text("[{")
    path = backup_before(home, "the form changes", make.NOON)
    with zipfile.ZipFile(path) as archive:
        assert archive.read("queue_pending.json") == b"[{"
    assert not {"credentials.enc", ".key"} & names(path)
    with backup_archive.opened(path) as opened:
        assert opened.manifest.why == "the form changes"


def test_only_the_last_few_of_them_are_kept(home):
    for second in range(KEPT + 2):
        backup_before(home, "x", make.NOON.replace(second=second))
    kept = [path.name for path in automatic(home)]
    assert len(kept) == KEPT
    assert kept[0] == f"before-20260105-1200{KEPT + 1:02}.zip"


def test_the_files_of_an_earlier_version_are_kept_before_they_are_taken_over(tmp_path):
    text = '[{"id": 1, "title": "Film 1", "slug": "film-1", "retry_count": 0}]'
    (tmp_path / "queue_pending.json").write_text(text)
    QueueManager(tmp_path, idle_s=60).close()
    (path,) = automatic(tmp_path)
    with zipfile.ZipFile(path) as archive:
        assert archive.read("queue_pending.json").decode() == text
