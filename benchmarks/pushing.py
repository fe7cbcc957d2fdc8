"""Telling Trakt of 5,000 plays: what it costs beside waiting, by a stand-in in the same process.

`python -m benchmarks.pushing`; the second between two changes passes at once.
"""

import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from movie_sync.breaker import Breaker
from movie_sync.db import Database
from movie_sync.demo.trakt_site import TraktSite
from movie_sync.history.pushing import Pushing
from movie_sync.history.store import HistoryStore
from movie_sync.history_models import Play, Work
from movie_sync.library_models import Kind
from movie_sync.queues import QueueManager
from movie_sync.services.trakt import Trakt
from movie_sync.services.trakt_api import connect

PLAYS = 5000
NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)


class _Tokens:
    def __init__(self, token: str) -> None:
        self._token = token

    def access(self) -> str:
        return self._token

    def renewed(self, refused: str) -> str:
        return refused


def main() -> None:
    """Print each figure with its budget."""
    with tempfile.TemporaryDirectory() as folder, TraktSite(clock=NOW.timestamp) as site:
        site.world.show(7, "Dark", 2017, {1: 50}, tmdb=70523)
        first, again, requests = _push(Path(folder), site)
        told = len(site.world.plays)
    for name, value, budget in (
        (f"{PLAYS:,} plays told: seconds", first, "at most 10 s"),
        ("  requests", requests, ""),
        ("  plays that are there", told, f"exactly {PLAYS:,}"),
        ("again, with nothing to tell: seconds", again, "at most 0.5 s"),
    ):
        shown = f"{value:,.3f}" if isinstance(value, float) else f"{value:,}"
        print(f"{name:<48} {shown:>10}      {budget}")


def _push(home: Path, site: TraktSite) -> tuple[float, float, int]:
    """Seconds of a first push and of a second, and all requests."""
    tokens = _Tokens(site.gate.grant()["access_token"])
    slept = [0.0]

    def sleep(seconds: float) -> None:
        slept[0] += seconds

    api = connect(
        site.url, site.gate.client_id, tokens,
        sleep=sleep, monotonic=lambda: time.monotonic() + slept[0],
    )  # fmt: skip
    with (
        closing(Trakt(api, clock=lambda: NOW)) as trakt,
        closing(Database(home / "library.db", backup=None)) as db,
        closing(QueueManager(home)) as queue,
    ):
        store = HistoryStore(db, UTC)
        store.save_plays(map(_play, range(PLAYS)), NOW)
        pushing = Pushing(store, queue, trakt, Breaker(None, "trakt"), home=UTC)
        spent = []
        for _ in range(2):
            began = time.perf_counter()
            pushing.expect()
            while pushing.push_pass(NOW) == 0:
                pass
            spent.append(time.perf_counter() - began)
    return spent[0], spent[1], len(site.requests)


def _play(number: int) -> Play:
    work = Work(
        kind=Kind.SHOW, title="Dark", year=2017, ids={"trakt": "7"},
        season=1, episode=number % 50 + 1,
    )  # fmt: skip
    at = NOW - timedelta(hours=5 * (number + 1))
    return Play(key=f"viki:{number}", source="viki", work=work, watched_at=at)


if __name__ == "__main__":
    main()
