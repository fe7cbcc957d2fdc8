"""A pass over Viki that is killed again and again comes to what an undisturbed one comes to."""

import signal
import subprocess
import sys
import time
from datetime import UTC, date, timedelta

import pytest

from movie_sync.db import Database
from movie_sync.demo.viki_site import VikiSite
from movie_sync.demo.viki_titles import film, series
from movie_sync.history.store import HistoryStore
from tests.history.viki_things import SEEN_AT, seen

pytestmark = pytest.mark.slow

KILLS, SHOWS, FILMS = 20, 12, 4
PASSES = """
import os, signal, sys, time
from datetime import UTC, datetime
from pathlib import Path
from movie_sync.db import Database
from movie_sync.history.adopting import Adopting
from movie_sync.history.store import HistoryStore
from movie_sync.history.viki_credentials import read
from movie_sync.history.viki_sync import VikiParts, VikiSync
from movie_sync.http import Http
from movie_sync.services.viki import Viki

def run(path, site, api, login):
    store = HistoryStore(Database(Path(path), backup=None), UTC)
    now = datetime(2026, 1, 20, tzinfo=UTC)
    store.interrupt_unended(now)
    viki = Viki(Http("viki", site, gap_s=0), Http("viki", api, gap_s=0), read(login))
    parts = VikiParts(store=store, adopting=Adopting(store), source=viki)
    return VikiSync(parts).refresh(now).ok

for line in sys.stdin:
    after_s, *given = line.rstrip().split("|")
    child = os.fork()
    if not child:
        os._exit(0 if run(*given) else 3)
    if float(after_s):
        time.sleep(float(after_s))
        os.kill(child, signal.SIGKILL)
    print(os.waitpid(child, 0)[1], flush=True)
"""


@pytest.fixture
def site():
    shows = [
        series(40000 + n, f"Show {n}", episodes=6, first_on=date(2024, 1, 1)) for n in range(SHOWS)
    ]
    films = [film(50000 + n, f"Film {n}", first_on=date(2020, 1, 1)) for n in range(FILMS)]
    with VikiSite([*shows, *films], clock=lambda: 1_768_000_000) as running:
        running.markers_per_page = 15
        for n, made in enumerate([*shows, *films]):
            running.watch_all(made.id, SEEN_AT + timedelta(hours=n))
        yield running


class Passes:
    """Runs each pass in a process of its own, which need not be started from nothing."""

    def __init__(self, site):
        self.site = site
        command = [sys.executable, "-c", PASSES]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def run(self, path, killed_after_s=0.0):
        """What the system says of its end: 0 is well, 9 is killed."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.site.sign_in().items())
        told = (killed_after_s, path, self.site.url, self.site.api_url, cookies)
        self.process.stdin.write("|".join(map(str, told)) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


def history_of(path):
    db = Database(path, backup=None)
    try:
        store = HistoryStore(db, UTC)
        rows = store.syncs(limit=100)
        viewings = {
            one.id: one.viewing for row in store.containers(limit=100)
            for one in store.videos(row.container.id)
        }  # fmt: skip
        return seen(store), viewings, store.marks("viki"), rows
    finally:
        db.close()


def test_killed_twenty_times_a_pass_comes_to_the_same(site, tmp_path):
    calm, killed = tmp_path / "calm.db", tmp_path / "killed.db"
    passes = Passes(site)
    with passes.process:
        begun = time.monotonic()
        assert passes.run(calm) == 0
        whole_s = time.monotonic() - begun
        ends = [passes.run(killed, whole_s * (n + 1) / (2 * KILLS)) for n in range(KILLS)]
        assert passes.run(killed) == 0
    told, viewings, marks, _ = history_of(calm)
    again, same, marked, rows = history_of(killed)
    assert len(told) == SHOWS * 6 + FILMS
    assert (again, same, marked) == (told, viewings, marks)
    assert signal.SIGKILL in ends
    assert {row.state for row in rows} <= {"done", "interrupted"}
