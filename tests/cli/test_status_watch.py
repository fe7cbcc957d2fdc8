import io
import json
import os
import pty
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from rich.console import Console

from movie_sync import control
from movie_sync.cli import status, status_watch
from movie_sync.cli.context import Context
from movie_sync.cli.status_watch import Lines, Looks, Objects, picture
from movie_sync.queues import QueueManager
from tests import make
from tests.cli import call

ROOT = Path(__file__).parents[2]
MOVE = {
    "id": "film:letterboxd:1", "title": "Film 1 (1999)", "step": "downloading", "progress": 0.424,
    "speed_bytes_s": 3_200_000, "eta_s": 300,
}  # fmt: skip


@pytest.fixture
def queue(tmp_path):
    opened = QueueManager(tmp_path, idle_s=0)
    yield opened
    opened.close()


@pytest.fixture
def looks(tmp_path):
    return Looks(Context(home_option=str(tmp_path), config_path=None, environ={}))


def answering(home, answer):
    return control.Server(home, lambda request: answer)


def loading(queue, **facts):
    queue.put_many([make.item(1)])
    item = queue.take("film")
    queue.update(item.id, **{"handle": "a" * 40, "step": "downloading", "progress": 0.1} | facts)
    return item


def test_how_fast_it_comes_is_said_with_the_time_that_is_left(tmp_path, queue):
    server = answering(tmp_path, {"moving": [MOVE]})
    try:
        lines = call(tmp_path, "status").stdout.splitlines()
    finally:
        server.close()
    assert "  Film 1 (1999): downloading 42%, 3 MB/s, 5 min left" in lines


def test_a_download_that_stalls_says_for_how_long_and_what_comes_of_it():
    stalls = {"stalled_s": 720.0, "replaced_in_s": 2880.0, "speed_bytes_s": 0}
    assert status.move_line(MOVE | stalls | {"step": "stalled"}) == (
        "  Film 1 (1999): stalled 42%, nothing for 12 min, another release in 48 min"
    )


def test_lines_tell_everything_once_and_then_what_changes(looks, queue, capsys):
    show = Lines().show
    item = loading(queue)
    show(*looks.look())
    first = capsys.readouterr().out.splitlines()
    assert first[1:] == [
        "0 pending, 1 active, 0 failed, 0 completed, 0 removed",
        "  Film 1 (1999): downloading 10%",
    ]
    show(*looks.look())
    assert capsys.readouterr().out == ""
    queue.update(item.id, progress=0.55, step="downloading")
    show(*looks.look())
    queue.complete(item.id, data={"path": "/films/Film 1 (1999)"})
    show(*looks.look())
    assert [line[10:] for line in capsys.readouterr().out.splitlines()] == [
        "Film 1 (1999): downloading 50%",
        "0 pending, 0 active, 0 failed, 1 completed, 0 removed",
        "Film 1 (1999): in the library as /films/Film 1 (1999)",
    ]


def test_objects_come_one_a_line_and_on_change_alone(capsys):
    found = {"moving": [MOVE], "queues": {"active": 1}}
    show = Objects().show
    show(found, {})
    show(found | {"moving": [MOVE | {"eta_s": 299}]}, {})
    show(found | {"moving": [MOVE | {"progress": 0.5}]}, {})
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["moving"][0]["progress"] for one in told] == [0.424, 0.5]


def test_the_picture_has_a_bar_for_each_film_and_what_needs_a_person(looks, queue):
    loading(queue)
    found, items = looks.look()
    found |= {"moving": [MOVE], "trouble": ["monitor: no watchlist answers"]}
    out = io.StringIO()
    Console(file=out, width=100).print(picture(found, items, make.NOON + timedelta(hours=1)))
    lines = out.getvalue().splitlines()
    assert lines[2].startswith("  Film 1 (1999)  ━━━━━━━━━━")
    assert lines[2].rstrip().endswith("42%  downloading, 3 MB/s, 5 min left")
    assert lines[-1].strip() == "needs you: monitor: no watchlist answers"


def test_ctrl_c_ends_it_cleanly(tmp_path, capsys):
    def pressed(seconds):
        raise KeyboardInterrupt

    context = Context(home_option=str(tmp_path), config_path=None, environ={})
    assert status_watch.watch(context, as_json=False, sleep=pressed) == 0
    assert capsys.readouterr().out.startswith("Movie Sync is not running\n")


@pytest.mark.parametrize(
    ("answer", "code", "words"),
    [
        ({"workers": [], "alive": True}, 0, "Movie Sync runs\n"),
        ({"workers": [], "alive": False}, 1, "Movie Sync runs, but hangs\n"),
        (None, 1, "Movie Sync is not running\n"),
    ],
)
def test_health_is_an_exit_code(tmp_path, answer, code, words):
    server = answering(tmp_path, answer) if answer else None
    result = call(tmp_path, "status", "--health")
    if server:
        server.close()
    assert (result.exit_code, result.stdout) == (code, words)


@pytest.mark.slow
def test_on_a_terminal_the_picture_is_drawn_until_ctrl_c(tmp_path):
    ours, its = pty.openpty()
    command = [sys.executable, ROOT / "main.py", "--home", tmp_path, "status", "--watch"]
    with subprocess.Popen(command, stdin=its, stdout=its, stderr=its, start_new_session=True,
                          env={**os.environ, "TERM": "xterm"}) as program:  # fmt: skip
        seen = b""
        while seen.count(b"0 pending") < 2:  # drawn twice
            seen += os.read(ours, 4096)
        program.send_signal(signal.SIGINT)
        assert program.wait(60) == 0
    seen += os.read(ours, 65536)
    for descriptor in (ours, its):
        os.close(descriptor)
    assert b"Traceback" not in seen
    assert seen.rstrip().endswith(b"\x1b[?25h")  # the cursor is shown again
