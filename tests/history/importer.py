"""A program that imports a Trakt history, for tests that measure or kill it.

Its arguments: home, address of the stand-in, a token that it knows, and "again" where an import
that was done is to be done once more. Waiting takes no time; how much it would have taken is told
in the end, as JSON: seconds of its own work, seconds of waiting, MiB at most.
"""

import json
import os
import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from movie_sync.db import Database
from movie_sync.errors import NotAuthorised
from movie_sync.history.air_dates import AirDates
from movie_sync.history.import_models import Options
from movie_sync.history.import_rows import ImportRows
from movie_sync.history.importing import Importing
from movie_sync.history.store import HistoryStore
from movie_sync.history.taking import Taking
from movie_sync.history.trakt_import import TraktReading
from movie_sync.library_models import EpisodeFacts, SeasonFacts
from movie_sync.services.trakt import Trakt
from movie_sync.services.trakt_api import connect

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)  # so that two imports are alike to the last bit
CLIENT = "made-up-client-id"


class Waited:
    """A clock on which waiting takes no time."""

    def __init__(self) -> None:
        self.waited_s = 0.0

    def sleep(self, seconds: float) -> None:
        self.waited_s += seconds

    def monotonic(self) -> float:
        return time.monotonic() + self.waited_s


class Token:
    def __init__(self, text: str) -> None:
        self._text = text

    def access(self) -> str:
        return self._text

    def renewed(self, refused: str) -> str:
        raise NotAuthorised("trakt", "log in again")


class AirsDaily:
    """A TMDB for which every season was aired in the year of its number, an episode a day."""

    def season(self, tmdb_id: int, number: int) -> SeasonFacts:
        first = date(2000 + number, 1, 1)
        aired = [
            EpisodeFacts(number=one, aired_on=first + timedelta(days=one)) for one in range(1, 31)
        ]
        return SeasonFacts(number=number, episodes=tuple(aired))


def main(home: Path, url: str, token: str, again: str = "") -> int:
    clock = Waited()
    api = connect(url, CLIENT, Token(token), sleep=clock.sleep, monotonic=clock.monotonic)
    trakt = Trakt(api)
    db = Database(home / "library.db", backup=None)
    store = HistoryStore(db, ZoneInfo("Europe/Berlin"))
    importing = Importing(
        store,
        ImportRows(db),
        Taking(store, AirDates(db, AirsDaily())),
        lambda options, now: TraktReading(trakt, options),
        clock=lambda: NOW,
    )
    sys.stdout.write("begun\n")
    sys.stdout.flush()
    began_s = time.process_time()
    if again or not store.syncs(kind="import"):
        importing.start(Options(), NOW)
    done = importing.run(NOW)
    told = {
        "cpu_s": time.process_time() - began_s,
        "waited_s": clock.waited_s,
        "most_mib": _most_mib(),
        "counts": done.counts if done else {},
    }
    sys.stdout.write(json.dumps(told) + "\n")
    db.close()
    trakt.close()
    return 0


def _most_mib() -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return 0.0


if __name__ == "__main__":
    code = main(Path(sys.argv[1]), *sys.argv[2:])
    sys.stdout.flush()
    os._exit(code)
