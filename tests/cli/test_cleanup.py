import json
from datetime import UTC, datetime, timedelta

import pytest

from movie_sync import config
from movie_sync.errors import QueueError
from movie_sync.films.recycled import Recycled
from movie_sync.models import State
from movie_sync.queue_load import load
from movie_sync.queues import QueueManager
from movie_sync.running import cautious
from tests import make
from tests.cli import call

ID = "film:letterboxd:1"
NAME = "Film 1 (1999)"
OFF = "enable_removal_cleanup is off: none of these films is touched"


@pytest.fixture
def home(tmp_path):
    """A library in which nobody wants film 1 since yesterday, nor film 2, which a person has."""
    library = tmp_path / "library"
    settings = {"library_directory": str(library), "username": "alice"}
    (tmp_path / "config.json").write_text(json.dumps(settings))
    queue = QueueManager(tmp_path, idle_s=60)
    yesterday = (datetime.now(UTC) - timedelta(days=1)).isoformat(timespec="seconds")
    for number, how in ((1, "linked"), (2, "already there")):
        path = library / f"Film {number} (1999)" / f"Film {number} (1999).mkv"
        path.parent.mkdir(parents=True)
        path.write_bytes(bytes(2_000_000))
        queue.put_many([make.item(number)])
        id_ = f"film:letterboxd:{number}"
        queue.complete(id_)
        queue.note(id_, path=str(path), how=how, handle="a" * 40, unwanted_at=yesterday)
        queue.unwant([id_], "letterboxd:alice")
    queue.close()
    return tmp_path


def told(home, *words):
    result = call(home, *words)
    assert result.exception is None, result.exception
    return result.stdout.splitlines()


def remove(home, now):
    """As the running program does."""
    queue = QueueManager(home, idle_s=60)
    item = queue.get(ID)[1]
    bin_ = Recycled(home / "recycled.json", home / "library" / ".movie_sync-recycled")
    path = home / "library" / NAME / f"{NAME}.mkv"
    bin_.begin("2026-01-05 0a1b2c3d", item, [path], now)
    list(bin_.move("2026-01-05 0a1b2c3d"))
    cleaned = {"path": str(path), "how": "linked", "recycled": "2026-01-05 0a1b2c3d"}
    queue.remove(ID, "cleanup", cleaned=cleaned, path=None)
    queue.close()


def test_the_list_says_what_would_go_and_what_it_waits_for(home):
    first, second, third = told(home, "cleanup", "list")
    assert first == OFF
    assert second.startswith(f"{NAME} (2 MB, nobody wants it since ")
    assert " waits: its grace time ends on " in second
    assert "; letterboxd:alice was not read yet, and may list it; " in second
    assert second.endswith("is not known: it is asked while the program runs")
    assert third == f"  {home}/library/{NAME}/{NAME}.mkv"


def test_the_list_as_data(home):
    found = json.loads("\n".join(told(home, "cleanup", "list", "--json")))
    assert (found["enabled"], found["recycled"], found["problem"]) == (False, [], None)
    ((film,)) = found["films"]
    assert (film["id"], film["size_bytes"], len(film["waits"])) == (ID, 2_000_000, 3)
    assert film["files"] == [f"{home}/library/{NAME}/{NAME}.mkv"]


def test_looking_changes_nothing(home):
    def everything():
        return {path: path.stat().st_mtime_ns for path in home.rglob("*") if path.is_file()}

    told(home, "status")  # the first command completes config.json
    before = everything()
    for words in (("list",), ("plan",), ("list", "--json")):
        told(home, "cleanup", *words)
    assert everything() == before


def test_the_plan_says_what_would_make_room(home):
    (line,) = told(home, "cleanup", "plan", "--gb", "0.001")
    assert line.startswith(f"1. {NAME} (2 MB, ")
    assert line.endswith("; 2 MB in all")
    *_, last = told(home, "cleanup", "plan", "--gb", "1")
    assert last == "998 MB more would be needed; all else is wanted"


def test_a_removed_film_is_listed_until_it_is_brought_back(home):
    now = datetime.now(UTC)
    remove(home, now)
    first, second = told(home, "cleanup", "list")
    assert first == "every film in the library is wanted, or yours"
    until = now + timedelta(days=30)
    assert second == f"{NAME} was removed; `cleanup undo` works until {until:%Y-%m-%d}"
    assert told(home, "why", ID)[0].endswith('nobody wanted it; recycled as "2026-01-05 0a1b2c3d"')
    (said,) = told(home, "cleanup", "undo", "Film 1")
    path = home / "library" / NAME / f"{NAME}.mkv"
    assert said == f"{NAME} is back in the library as {path}"
    assert path.stat().st_size == 2_000_000
    items, _ = load(home)
    assert items[State.COMPLETED][ID].wanted_by == ("hand",)


def test_what_was_not_removed_cannot_be_brought_back(home):
    result = call(home, "cleanup", "undo", "Film 2")
    assert isinstance(result.exception, QueueError)
    assert str(result.exception) == "Film 2 (1999) was not removed by cleanup; nothing was changed"


def test_status_and_why_name_what_nobody_wants(home):
    assert "1 film in the library is wanted by nobody: cleanup list" in told(home, "status")
    assert "; nobody wants it since " in told(home, "why", ID)[0]
    assert "nobody wants it" not in told(home, "why", "Film 2")[0]


def test_settings_that_are_wrong_anywhere_remove_nothing(tmp_path):
    (tmp_path / "config.json").write_text('{"enable_removal_cleanup": true}')
    assert cautious(config.load(tmp_path, {}, {})).enable_removal_cleanup
    (tmp_path / "config.json").write_text('{"enable_removal_cleanup": true, "max_retries": "x"}')
    assert not cautious(config.load(tmp_path, {}, {})).enable_removal_cleanup
