import json
import signal
import subprocess
import time
from contextlib import contextmanager

import pytest

from movie_sync import control
from movie_sync.db import FILE, Database
from movie_sync.demo.history_world import EPISODES, SHOW, SHOW_ID, SPLIT_EPISODES, HistoryWorld
from movie_sync.history.store import HistoryStore

pytestmark = pytest.mark.slow

WITHIN_S = 120.0
TOLD = EPISODES + SPLIT_EPISODES


@contextmanager
def running(world):
    """The program, for as long as the block lasts; killed at its end if it still runs."""
    with (world.folder / "program.log").open("ab") as out:
        program = subprocess.Popen(world.command(), env=world.environment(), stdout=out, stderr=out)
    try:
        yield program
    finally:
        program.kill()
        program.wait()


def until(condition, seconds=WITHIN_S):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def is_up(world):
    return control.ask(world.home, do="status") is not None


def wish(world, wish, **words):
    return control.ask(world.home, answer_s=30.0, do="history", wish=wish, **words)


def stop(program):
    program.send_signal(signal.SIGTERM)
    assert program.wait(60) == 0


@contextmanager
def store(world):
    db = Database(world.home / FILE, backup=None)
    try:
        yield HistoryStore(db)
    finally:
        db.close()


def test_the_demo_goes_from_a_file_of_viki_to_trakt_each_play_once(tmp_path):
    world = HistoryWorld(tmp_path / "unused")
    done = subprocess.run(
        [*world.command()[:3], "demo", "--history", "--json", "--keep", str(tmp_path / "demo")],
        env=world.environment(), capture_output=True, timeout=180, check=False,
    )  # fmt: skip
    found = json.loads(done.stdout)
    assert (found["problems"], found["ok"], done.returncode) == ([], True, 0)
    assert found["told"] == TOLD + 1
    assert len(found["steps"]) == 4
    assert found["counts"]["unmatched"] == 1


def test_killed_again_and_again_each_play_is_told_once(tmp_path):
    with HistoryWorld(tmp_path) as world:
        for number in range(4):
            with running(world) as program:
                until(lambda: is_up(world))
                if number == 0:
                    wish(world, "viki-import", path=str(world.markers))
                time.sleep(0.3 * number)
                program.kill()
                program.wait()
        with running(world) as program:
            until(lambda: len(world.told) >= TOLD)
            time.sleep(2.0)
            stop(program)
        assert len(world.told) == len(set(world.told)) == TOLD
        with store(world) as kept:
            assert kept.counts().by_source == {"viki": TOLD + 2}


def test_what_a_person_says_is_told_by_the_running_program(tmp_path):
    with HistoryWorld(tmp_path) as world, running(world) as program:
        until(lambda: is_up(world))
        work = {"kind": "show", "title": "Letters to Hwaseong", "ids": {"trakt": str(SHOW_ID)},
                "season": 1, "episode": 2}  # fmt: skip
        answer = wish(world, "play-add", work=work, watched_at="2026-01-05T20:00:00Z")
        assert answer["sentence"] == "Letters to Hwaseong 1x02: is in the history"
        until(lambda: world.told)
        item = ("episode", world.trakt.world.episode(SHOW_ID, 1, 2))
        assert world.told == [(item, "2026-01-05T20:00:00.000Z")]
        wish(world, "viki-import", path=str(world.markers))
        until(lambda: len(world.told) == TOLD + 1)
        wish(world, "match-clear", viki=SHOW)
        stop(program)


def test_a_database_that_cannot_be_opened_stops_no_film(tmp_path):
    with HistoryWorld(tmp_path) as world:
        (world.home / FILE).mkdir()
        with running(world) as program:
            until(lambda: is_up(world))
            status = control.ask(world.home, do="status")
            assert any(
                one.startswith("the history is unavailable") for one in status["unavailable"]
            )
            until(lambda: any(
                each["name"] == "history" and each["failure"]
                for each in control.ask(world.home, do="status")["workers"]
            ))  # fmt: skip
            stop(program)
