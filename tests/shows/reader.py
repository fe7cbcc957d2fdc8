"""A program that reads the catalogue, for the test that kills it: home, address of the site.

It ends with 0 when the catalogue was read, and with 3 after it was asked to stop.
"""

import os
import signal
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

from movie_sync.db import Database
from movie_sync.errors import Stopping
from movie_sync.http import Http
from movie_sync.models import Show
from movie_sync.rates import Rate
from movie_sync.services.tvmaze import TvMaze
from movie_sync.shows.catalogue import COMPLETE, read_catalogue
from movie_sync.shows.store import ShowStore
from movie_sync.shows.verdict import ShowState, Verdict

NOON = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)  # so that two readings are alike to the last bit


def judge(show: Show) -> Verdict:
    passes = show.language == "English"
    state = ShowState.PENDING if passes else ShowState.FILTERED
    return Verdict(state, "mine", "language", f"it is {show.language}", {"is": show.language})


def main(home: Path, url: str) -> int:
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda number, frame: stop.set())

    def pause(seconds: float) -> None:
        if stop.wait(seconds):
            raise Stopping("the program is stopping")

    rate = Rate(100_000, 10.0, sleep=pause)
    http = Http("tvmaze", url, pacer=rate, gap_s=0.0)
    db = Database(home / "library.db", backup=None)
    sys.stdout.write("begun\n")
    sys.stdout.flush()
    try:
        store = ShowStore(db)
        if store.meta(COMPLETE) is None:
            read_catalogue(TvMaze(http, rate), store, judge, NOON, stop)
    except Stopping:
        return 3
    finally:
        db.close()
        http.close()
    return 0


if __name__ == "__main__":
    code = main(Path(sys.argv[1]), sys.argv[2])
    sys.stdout.flush()
    os._exit(code)  # as the program does: no thread that still waits for an answer is waited for
