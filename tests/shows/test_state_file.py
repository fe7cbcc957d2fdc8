import json

import pytest

from movie_sync.errors import FilesError
from movie_sync.shows import state_file
from movie_sync.shows.state_file import SyncState
from tests import make

STATE = SyncState(last_full_sync=make.NOON, last_tvmaze_page=280, highest_tvmaze_id=70123)


def test_it_has_the_names_that_scripts_look_for(tmp_path):
    state_file.write(tmp_path, STATE)
    assert json.loads((tmp_path / "state.json").read_text()) == {
        "last_full_sync": "2026-01-05T12:00:00Z",
        "last_incremental_sync": None,
        "last_tvmaze_page": 280,
        "highest_tvmaze_id": 70123,
        "last_filter_hash": None,
        "last_updates_check": None,
    }
    assert sorted(path.name for path in tmp_path.iterdir()) == ["state.json"]


def test_it_is_made_of_the_marks_of_the_database():
    at = make.NOON.isoformat()
    marks = {
        "shows.page": "7", "shows.highest_id": "1900", "shows.rules_hash": "abc",
        "shows.updates_at": at, "shows.complete": at, "other": "x",
    }  # fmt: skip
    assert state_file.of_meta(marks) == SyncState(
        last_full_sync=make.NOON,
        last_incremental_sync=make.NOON,
        last_tvmaze_page=7,
        highest_tvmaze_id=1900,
        last_filter_hash="abc",
        last_updates_check=make.NOON,
    )
    assert state_file.of_meta({}) == SyncState()


def test_the_copy_changes_only_after_a_whole_cycle(tmp_path):
    state_file.write(tmp_path, STATE, cycle_done=True)
    state_file.write(tmp_path, SyncState(last_tvmaze_page=1))
    assert json.loads((tmp_path / "state.json.bak").read_text())["last_tvmaze_page"] == 280


@pytest.mark.parametrize(
    "damage",
    [
        b"", b"{", b"\xff\xfe{}", b"[]", b'{"last_tvmaze_page": -1}', b'{"last_tvmaze_page": true}',
        b'{"last_full_sync": "yesterday"}',
    ],
)  # fmt: skip
def test_a_damaged_one_is_brought_back_from_its_copy(tmp_path, damage, caplog):
    state_file.write(tmp_path, STATE, cycle_done=True)
    (tmp_path / "state.json").write_bytes(damage)
    assert state_file.read(tmp_path) == STATE
    assert "was brought back from its copy" in caplog.text
    caplog.clear()
    assert state_file.read(tmp_path) == STATE
    assert caplog.text == ""


def test_where_both_are_damaged_it_begins_anew(tmp_path):
    for name in ("state.json", "state.json.bak"):
        (tmp_path / name).write_bytes(b"{")
    assert state_file.read(tmp_path) is None


def test_a_folder_that_cannot_be_written_is_told_of(tmp_path):
    with pytest.raises(FilesError, match="cannot be written"):
        state_file.write(tmp_path / "nowhere", STATE)
