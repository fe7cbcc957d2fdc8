import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter

import pytest

from movie_sync.demo.tvmaze_site import TvMazeSite

pytestmark = pytest.mark.slow

SHOWS, KILLS = 20_000, 30
MOST_S = 20.0  # from SIGTERM to the end, on a machine that stands still for seconds
TABLES = ("shows", "show_states", "meta")


@pytest.fixture(scope="module")
def site():
    with TvMazeSite.of(SHOWS, clock=lambda: 0.0) as started:
        started.keep_index()
        started.slow_s = 0.01
        yield started


def started(home, site):
    command = [sys.executable, "-m", "tests.shows.reader", str(home), site.url]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def content(home):
    connection = sqlite3.connect(home / "library.db")
    try:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return {
            table: connection.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()  # noqa: S608
            for table in TABLES
        }
    finally:
        connection.close()


@pytest.fixture(scope="module")
def undisturbed(site, tmp_path_factory):
    home = tmp_path_factory.mktemp("undisturbed")
    with started(home, site) as program:
        program.stdout.read()
        assert program.wait(60) == 0
    return content(home)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_reading_that_is_ended_at_any_moment_comes_to_the_same_in_the_end(
    site, undisturbed, tmp_path, number
):
    chance, ended = random.Random(number), Counter()
    site.requests.clear()
    for _ in range(KILLS):
        with started(tmp_path, site) as program:
            assert program.stdout.readline() == "begun\n"
            time.sleep(chance.uniform(0.0, 0.08))
            program.send_signal(number)
            began = time.monotonic()
            program.wait(60)
            assert time.monotonic() - began < MOST_S
            ended[program.returncode] += 1
    with started(tmp_path, site) as program:
        program.stdout.read()
        assert program.wait(60) == 0
    assert content(tmp_path) == undisturbed
    stopped = -number if number == signal.SIGKILL else 3
    assert ended[stopped] >= KILLS // 2, ended
    twice = [n for n in Counter(site.requests).values() if n > 1]
    assert sum(n - 1 for n in twice) <= KILLS  # at most one page of each life
