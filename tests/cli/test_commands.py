import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import pytest

from movie_sync import actions, control
from movie_sync.cli import COMMANDS, command
from movie_sync.errors import ConfigError, QueueError
from movie_sync.films.story import Stories
from movie_sync.films.watchlists import Memory
from movie_sync.instance import owned
from movie_sync.queues import QueueManager
from tests import make
from tests.cli import call

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")


def every_command() -> Iterator[tuple[str, click.Command]]:
    """With its whole name: "queue list"."""
    context = click.Context(command)
    yield "", command
    for name in command.list_commands(context):
        found = command.get_command(context, name)
        yield name, found
        if isinstance(found, click.Group):
            yield from ((f"{name} {inner}", each) for inner, each in found.commands.items())


@pytest.mark.parametrize(
    ("name", "found"), [pytest.param(*each, id=each[0]) for each in every_command()]
)
def test_every_command_has_help_and_stands_in_the_docs(tmp_path, name, found):
    assert found.help
    assert f"python main.py {name} [OPTIONS]".replace("  ", " ") in PAGE
    for option in found.params:
        if isinstance(option, click.Option):
            assert option.help, f"{name} {option.name} has no help"
            assert f"`{option.opts[0]}" in PAGE
    shown = call(tmp_path, *name.split(), "--help")
    assert shown.exit_code == 0
    assert "Usage:" in shown.stdout


@pytest.mark.slow
def test_help_names_every_command_without_loading_it():
    code = "import sys; from movie_sync.cli import command; command(['--help'], prog_name='x')"
    told = run_python(code)
    assert all(f"  {name} " in told.stdout for name in COMMANDS)
    heavy = "import atexit, sys; atexit.register(lambda: print([n for n in sys.modules if n in "
    heavy += "('requests', 'bs4', 'cryptography', 'libtorrent', 'rich', 'qbittorrentapi')]))\n"
    assert run_python(heavy + code).stdout.endswith("[]\n")


def run_python(code: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["queue", "check"], 0, ""),
        (["queue", "skip", "X"], 1, "error: nothing in the queues is called X; see `queue list`\n"),
        (["queue", "retry"], 2, "Error: say an ID or --all\n"),
        (["--strict", "config", "show"], 3, 'error: config.json, line 1: there is no setting "x"'),
    ],
)
def test_exit_codes_tell_done_failed_wrong_and_not_configured_apart(tmp_path, words, code, told):
    (tmp_path / "config.json").write_text('{"x": 1}')
    argv = ["movie-sync", "--home", str(tmp_path), *words]
    ended = run_python(f"import sys; sys.argv = {argv}; from movie_sync.cli import main; main()")
    assert ended.returncode == code
    assert told in ended.stderr
    assert "Traceback" not in ended.stderr


@contextmanager
def running(home: Path) -> Iterator[QueueManager]:
    """As if the program ran for this home."""
    with owned(home):
        queue, memory = QueueManager(home, idle_s=60), Memory(home / "watchlist.json")
        server = control.Server(
            home, lambda wish: actions.perform(queue, memory, Stories(home / "stories"), wish)
        )
        try:
            yield queue
        finally:
            server.close()
            queue.close()


@contextmanager
def at_rest(home: Path) -> Iterator[QueueManager]:
    queue = QueueManager(home, idle_s=60)
    try:
        yield queue
    finally:
        queue.close()


@pytest.fixture(params=[True, False], ids=["while the program runs", "at rest"])
def home(request, tmp_path):
    """A home with a film in each state; the program runs for it, or does not."""
    with at_rest(tmp_path) as queue:
        queue.put_many(make.item(number) for number in range(1, 7))
        for number, how in ((1, queue.complete), (2, queue.remove), (3, queue.skip)):
            how(f"film:letterboxd:{number}")
        queue.take("film")
        queue.update("film:letterboxd:4", handle="a" * 40, step="downloading", progress=0.5)
        queue.take("film")
        later = datetime.now(UTC) + timedelta(hours=3)
        queue.fail("film:letterboxd:5", "no indexer lists it", later, counted=False)
    if not request.param:
        yield tmp_path
        return
    with running(tmp_path):
        yield tmp_path


def told(home, *words):
    result = call(home, *words)
    assert result.exception is None, result.exception
    return result.stdout


def states(home):
    return {item["id"]: item["state"] for item in json.loads(told(home, "queue", "list", "--json"))}


def test_the_queues_are_listed(home):
    assert told(home, "queue", "list").splitlines() == [
        "pending    film:letterboxd:6             Film 6 (1999)",
        "active     film:letterboxd:4             Film 4 (1999): downloading 50%",
        "failed     film:letterboxd:3             Film 3 (1999): skipped by hand",
        "failed     film:letterboxd:5             Film 5 (1999): no indexer lists it",
        "completed  film:letterboxd:1             Film 1 (1999)",
        "removed    film:letterboxd:2             Film 2 (1999): removed by hand",
    ]


def test_one_queue_is_listed(home):
    assert told(home, "queue", "list", "pending").count("\n") == 1
    (item,) = json.loads(told(home, "queue", "list", "pending", "--json"))
    assert (item["state"], item["id"], item["data"]) == (
        "pending",
        "film:letterboxd:6",
        {"year": 1999},
    )


def test_a_film_is_added(home):
    said = told(home, "queue", "add", "Parasite", "--year", "2019")
    assert said == "Parasite (2019) is pending, as film:title:parasite:2019\n"
    again = told(home, "queue", "add", "Parasite (2019)")
    assert again == "Parasite (2019) is pending already, as film:title:parasite:2019\n"
    assert states(home)["film:title:parasite:2019"] == "pending"


def test_an_added_film_may_be_named_by_its_id(home):
    said = told(home, "queue", "add", "Parasite", "--imdb", "tt6751668")
    assert said == "Parasite is pending, as film:imdb:tt6751668\n"


@pytest.mark.parametrize("words", [["Parasite", "--imdb", "6751668"], ["X", "--imdb", "tt"], [" "]])
def test_what_cannot_be_a_film_is_wrong_usage(home, words):
    before = states(home)
    assert call(home, "queue", "add", *words).exit_code == 2
    assert states(home) == before


@pytest.mark.parametrize(
    ("words", "said", "state"),
    [
        (["retry", "film:letterboxd:5"], "Film 5 (1999) is pending\n", "pending"),
        (["retry", "Film 5"], "Film 5 (1999) is pending\n", "pending"),
        (["skip", "Film 6"], "Film 6 (1999) is failed\n", "failed"),
        (["remove", "Film 6"], "Film 6 (1999) is removed\n", "removed"),
        (["remove", "Film 1"], "Film 1 (1999) is removed\n", "removed"),
        (["restore", "Film 2"], "Film 2 (1999) is pending\n", "pending"),
    ],
)
def test_a_film_is_moved_by_a_persons_word(home, words, said, state):
    assert told(home, "queue", *words) == said
    number = said.split()[1]
    assert states(home)[f"film:letterboxd:{number}"] == state


def test_everything_that_failed_is_retried(home):
    assert told(home, "queue", "retry", "--all") == "2 are pending again\n"
    assert list(states(home).values()).count("pending") == 3


def test_a_wish_that_does_not_fit_changes_nothing(home):
    before = states(home)
    refused = call(home, "queue", "retry", "Film 6")
    assert isinstance(refused.exception, QueueError)
    assert str(refused.exception) == (
        "Film 6 (1999) is pending; only what failed can be retried; nothing was changed"
    )
    assert states(home) == before


def test_sound_queue_files_are_said_to_be(home):
    said = told(home, "queue", "check")
    assert said.startswith(
        "the queue files are sound: 1 pending, 1 active, 2 failed, 1 completed, 1 removed; "
    )


def test_a_damaged_queue_file_is_named_by_its_line(tmp_path):
    with at_rest(tmp_path) as queue:
        queue.put_many([make.item(1)])
    path = tmp_path / "queue_pending.json"
    path.write_text(path.read_text()[:-20])
    damaged = path.read_bytes()
    for words in (["queue", "check"], ["queue", "list"], ["status"], ["queue", "add", "X"]):
        result = call(tmp_path, *words)
        assert isinstance(result.exception, QueueError)
        assert "queue_pending.json: line " in str(result.exception)
    assert path.read_bytes() == damaged


def export(folder: Path, count: int) -> Path:
    rows = [f"2026-01-05,Film {n},1999,https://boxd.it/{n:04}" for n in range(count)]
    path = folder / "watchlist.csv"
    path.write_text("\n".join(["Date,Name,Year,Letterboxd URI", *rows]) + "\n")
    return path


@pytest.mark.slow
def test_films_of_an_export_are_imported(home, tmp_path_factory):
    path = export(tmp_path_factory.mktemp("export"), 1200)
    assert told(home, "watchlist", "import", str(path)) == (
        "1200 films in watchlist.csv, 1194 of them new\n"
    )
    assert told(home, "watchlist", "import", str(path)) == (
        "1200 films in watchlist.csv, 0 of them new\n"
    )
    assert len(states(home)) == 1200


def test_a_file_that_is_no_export_is_refused(home, tmp_path_factory):
    path = tmp_path_factory.mktemp("export") / "watchlist.csv"
    path.write_text("<html>")
    result = call(home, "watchlist", "import", str(path))
    assert result.exit_code == 1
    assert "nothing of it was read" in str(result.exception)


def test_watchlists_are_shown_as_last_read_and_confirmed(tmp_path):
    memory = Memory(tmp_path / "watchlist.json")
    every, now = timedelta(hours=1), datetime.now(UTC) - timedelta(hours=2)
    films = [make.film(number) for number in range(1, 4)]
    ids = {film.key: f"film:{film.key}" for film in films}
    memory.succeeded(make.watchlist(*films), ids, now - every, every)
    memory.succeeded(make.watchlist(), {}, now, every)
    memory.save()
    assert told(tmp_path, "watchlist", "show").splitlines() == [
        "letterboxd:alice: 3 films, read 2 h ago",
        "  it lists no films any more; all 3 stay as they are; if that is right, say "
        '"watchlist confirm letterboxd:alice" (for 2 h)',
        "  film:letterboxd:1",
        "  film:letterboxd:2",
        "  film:letterboxd:3",
    ]
    shown = json.loads(told(tmp_path, "watchlist", "show", "--json"))
    assert list(shown["letterboxd:alice"]["films"]) == [film.key for film in films]
    assert told(tmp_path, "watchlist", "confirm", "letterboxd:alice") == (
        "3 films may leave letterboxd:alice at its next complete readings\n"
    )


def test_with_no_watchlist_read_yet_there_is_nothing_to_show(tmp_path):
    assert told(tmp_path, "watchlist", "show") == "no watchlist was read yet\n"


def test_doctor_says_what_is_not_well_and_how_to_mend_it(tmp_path):
    (tmp_path / "config.json").write_text(
        json.dumps(
            {
                "library_directory": f"{tmp_path}/gone",
                "download_directory": str(tmp_path),
                "archive_org": {"enabled": False},
            }
        )
    )
    result = call(tmp_path, "doctor")
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    at = lines.index(f"NOT WELL  library: there is no folder {tmp_path}/gone")
    assert lines[at + 1].startswith(f'          -> run "mkdir -p {tmp_path}/gone"')
    checks = json.loads(call(tmp_path, "doctor", "--json").stdout)
    assert [check["name"] for check in checks if not check["ok"]] == [
        *(["home"] if tmp_path.stat().st_mode & 0o077 else []),
        "library",
        "hard links",
        "indexers",
        "watchlist",
    ]
    assert all(check.get("fix") for check in checks if not check["ok"])


def test_a_home_that_cannot_be_made_is_a_matter_of_settings(tmp_path):
    (tmp_path / "file").touch()
    result = call(tmp_path / "file" / "home", "status")
    assert isinstance(result.exception, ConfigError)
