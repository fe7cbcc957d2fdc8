import json
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter

import pytest

from movie_sync.demo.trakt_site import TraktSite
from tests.history.watchers import fill

pytestmark = pytest.mark.slow

PLAYS, MANY, KILLS = 20_000, 100_000, 20
MOST_CPU_S, MOST_MIB = 60.0, 150.0
TABLES = (
    "titles", "provider_refs", "seasons", "episodes", "plays", "play_tellings", "seen", "ratings",
    "wishes", "import_rows", "syncs",
)  # fmt: skip


def of(plays):
    site = TraktSite(clock=time.time)
    fill(site, plays)
    return site


@pytest.fixture(scope="module")
def site():
    with of(PLAYS) as started:
        started.slow_s = 0.03  # a page
        yield started


def started(home, site, *options):
    token = site.gate.grant()["access_token"]
    command = [sys.executable, "-m", "tests.history.importer", str(home), site.url, token, *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def done(home, site, *options):
    with started(home, site, *options) as program:
        told = program.stdout.read().splitlines()
        assert program.wait(60) == 0
    return json.loads(told[-1])


def content(home):
    connection = sqlite3.connect(home / "library.db")
    try:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return {
            table: connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3").fetchall()  # noqa: S608
            for table in TABLES
        }
    finally:
        connection.close()


@pytest.fixture(scope="module")
def undisturbed(site, tmp_path_factory):
    home = tmp_path_factory.mktemp("undisturbed")
    done(home, site)
    return content(home)


def test_an_import_that_is_killed_at_any_moment_comes_to_the_same_in_the_end(
    site, undisturbed, tmp_path
):
    chance, ended = random.Random(20), Counter()
    for _ in range(KILLS):
        with started(tmp_path, site) as program:
            assert program.stdout.readline() == "begun\n"
            time.sleep(chance.uniform(0.0, 0.4))
            program.send_signal(signal.SIGKILL)
            program.wait(60)
            ended[program.returncode] += 1
    assert ended[-signal.SIGKILL] >= KILLS // 2, ended  # one that was quick had come to its end
    done(tmp_path, site)
    found = content(tmp_path)
    for table in TABLES:
        assert found[table] == undisturbed[table], table


def test_a_hundred_thousand_plays_fit_and_are_never_doubled(tmp_path):
    with of(MANY) as site:
        first = done(tmp_path, site)
        pages = len(site.asked("/sync/history"))
        assert pages == MANY // 250
        before = content(tmp_path)
        again = done(tmp_path, site, "again")
        after = content(tmp_path)
    left_out = [row for row in before["import_rows"] if row[0].startswith("trakt:")]
    assert len(before["play_tellings"]) + len(left_out) == MANY
    for table in TABLES:
        if table not in ("syncs", "import_rows"):
            assert after[table] == before[table], table
    assert "new" not in again["counts"]
    assert max(first["cpu_s"], again["cpu_s"]) < MOST_CPU_S
    assert max(first["most_mib"], again["most_mib"]) < MOST_MIB
