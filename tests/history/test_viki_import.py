import json
from datetime import UTC

import pytest

from movie_sync.errors import FilesError, Unavailable
from movie_sync.history.adopting import Adopting
from movie_sync.history.catalogues import Sources
from movie_sync.history.match_desk import MatchDesk
from movie_sync.history.store import HistoryStore
from movie_sync.library_models import Kind
from tests.history.viki_things import NOW, FakeViki, later, seen, show, syncing

DOWN = Unavailable("viki", "no answer in 30 s")


@pytest.fixture
def store(db):
    return HistoryStore(db, UTC)


def saved(*episodes, more=False, container="1c", **changes):
    """A page as the browser saves it."""
    videos = {
        f"1{number:03}v": {
            "type": "watch_marker", "episode": number, "duration": 3900, "watch_marker": 3890,
            "credits_marker": 3780, "timestamp": "2026-01-10T12:00:00Z",
        } | changes
        for number in episodes
    }  # fmt: skip
    page = {"updated_till": 1768474054, "count": len(videos), "more": more}
    return json.dumps(page | {"markers": {container: videos}}).encode()


def test_a_saved_file_brings_plays_and_moves_no_mark(store, tmp_path):
    path = tmp_path / "markers.json"
    path.write_bytes(saved(1, 2))
    viki = FakeViki(show(1))
    sync = syncing(store, viki)
    result = sync.import_file(path, NOW)
    assert (result.ok, result.markers) == (True, 2)
    assert [one[1:3] for one in seen(store)] == [(1, 1), (1, 2)]
    assert store.mark("viki", "markers_until") is None
    assert viki.asked_for("markers") == []
    assert store.syncs()[0].options == {"file": "markers.json"}


def test_a_file_and_viki_tell_of_the_same_plays_once(store):
    viki = FakeViki(show(1))
    viki.watch("1c", 1, 3890)
    sync = syncing(store, viki)
    sync.import_bytes(saved(1), "markers.json", NOW)
    sync.refresh(later(hours=1))
    sync.import_bytes(saved(1), "markers.json", later(hours=2))
    assert len(store.plays()) == 1


def test_an_older_file_takes_nothing_back(store):
    viki = FakeViki(show(1))
    viki.watch("1c", 1)
    sync = syncing(store, viki)
    sync.refresh(NOW)
    old = saved(1, watch_marker=30, timestamp="2026-01-01T12:00:00Z")
    sync.import_bytes(old, "old.json", later(hours=1))
    assert store.viewings(["1001v"])["1001v"].is_watched
    assert len(store.plays()) == 1
    assert store.in_progress() == []


def test_with_nothing_but_a_file_all_is_kept_and_a_persons_word_makes_plays_of_it(store):
    sync = syncing(store, None)
    result = sync.import_bytes(saved(1, 2), "markers.json", NOW)
    assert (result.ok, result.waiting) == (True, 2)
    assert store.plays() == []
    desk = MatchDesk(Adopting(store), Sources)
    assert desk.choose("1c", Kind.SHOW, {"tmdb": "70"}, NOW)
    assert [one[1:3] for one in seen(store)] == [(1, 1), (1, 2)]


def test_what_a_file_brought_while_viki_was_down_becomes_plays_later(store):
    viki = FakeViki(show(1))
    viki.fails["container"] = DOWN
    sync = syncing(store, viki)
    result = sync.import_bytes(saved(1), "markers.json", NOW)
    assert (result.ok, result.waiting, result.problems) == (True, 1, (str(DOWN),))
    viki.fails.clear()
    sync.refresh(later(hours=1))
    assert [one[1:3] for one in seen(store)] == [(1, 1)]


def test_a_first_part_of_several_says_so(store):
    result = syncing(store, None).import_bytes(saved(1, more=True), "markers.json", NOW)
    assert "from=1768474054" in result.problems[-1]


def test_a_page_that_is_no_markers_changes_nothing(store):
    with pytest.raises(FilesError, match="User not signed in"):
        syncing(store, None).import_bytes(b'{"error": "User not signed in"}', "x.json", NOW)
    assert store.syncs() == []


def test_an_import_can_be_undone(store):
    sync = syncing(store, FakeViki(show(1)))
    result = sync.import_bytes(saved(1, 2), "markers.json", NOW)
    assert store.undo_sync(result.sync_id, NOW) == 2
    assert store.plays() == []
