"""The history: how fast 100,000 plays are stored, told again and listed.

`python -m benchmarks.history` keeps a made-up history in a new SQLite file, in a process that
does nothing else; with `MOVIE_SYNC_BENCH_URL` and `MOVIE_SYNC_BENCH_PASSWORD`, in that empty
PostgreSQL database too.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from movie_sync.history.store import HistoryStore
    from movie_sync.history_models import Play

COUNT, AT_ONCE, FILMS, SHOWS = 100_000, 250, 4_000, 800
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)

BUDGETS = {
    "import_s": f"{COUNT:,} plays stored by {AT_ONCE}: seconds of CPU|at most 25 s",
    "import_mb": "  MB more than after the first 5,000|at most 20",
    "new": f"  plays|exactly {COUNT:,}",
    "again_s": "all of them told again: seconds of CPU|at most 10 s",
    "linked_s": "5,000 of them told by another: seconds of CPU|",
    "enqueue_s": "all of them put into an outbox: seconds|",
    "undo_s": "an import of 2,500 undone: seconds|",
    "list_s": "the slowest list: seconds|at most 0.03 s",
    "list": "  which is|",
    "counts_s": "all figures: seconds|at most 0.15 s",
    "db_mb": "MB of the database|",
}


def main() -> None:
    """Print each figure with its budget."""
    for name in ("sqlite", *(["postgresql"] if "MOVIE_SYNC_BENCH_URL" in os.environ else [])):
        command = [sys.executable, "-m", "benchmarks.history", name]
        told = subprocess.run(command, check=True, stdout=subprocess.PIPE)
        print(name)
        for key, value in json.loads(told.stdout).items():
            what, _, budget = BUDGETS[key].partition("|")
            shown = f"{value:,.3f}" if isinstance(value, float) else f"{value}"
            print(f"  {what:<62} {shown:>10}      {budget}")


def measured(name: str) -> dict[str, Any]:
    from movie_sync.db import Database
    from movie_sync.history.store import HistoryStore

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "library.db"
        url = path if name == "sqlite" else os.environ["MOVIE_SYNC_BENCH_URL"]
        password = None if name == "sqlite" else os.environ.get("MOVIE_SYNC_BENCH_PASSWORD")
        db = Database(url, backup=None, password=password)
        told = _figures(HistoryStore(db, UTC))
        if name == "sqlite":
            told["db_mb"] = path.stat().st_size / 1e6
        db.close()
    return told


def _figures(store: "HistoryStore") -> dict[str, Any]:
    told: dict[str, Any] = {}
    sync = store.begin_sync("import", NOW, provider="trakt")
    given = plays()
    began = time.process_time()
    new = _store(store, islice(given, 5_000), sync)
    before = _peak_mb()
    new += _store(store, given, sync)
    told["import_s"] = time.process_time() - began
    told["import_mb"], told["new"] = _peak_mb() - before, new
    told["again_s"] = _cpu(lambda: _store(store, plays(), sync))
    told["linked_s"] = _cpu(lambda: _store(store, islice(plays("plex"), 5_000), None))
    told["enqueue_s"] = _wall(lambda: store.enqueue("simkl", "me", NOW))
    small = store.begin_sync("import", NOW)
    _store(store, islice(plays("simkl", later=30), 2_500), small)
    told["undo_s"] = _wall(lambda: store.undo_sync(small, NOW))
    lists = {name: min(_wall(read) for _ in range(3)) for name, read in _lists(store).items()}
    told["list"] = max(lists, key=lambda name: lists[name])
    told["list_s"] = lists[told["list"]]
    told["counts_s"] = min(_wall(store.counts) for _ in range(3))
    return told


def plays(source: str = "trakt", later: int = 0) -> Iterator["Play"]:
    """As Trakt tells them, the newest first: a third films, the rest whole shows."""
    from movie_sync.history_models import Play, Work
    from movie_sync.library_models import Kind

    for number in range(COUNT):
        at = NOW - timedelta(hours=number * 1.3) + timedelta(days=later)
        if number % 3 == 0:
            film = (number // 3) % FILMS
            ids = {"trakt": f"{film}", "tmdb": f"{film}", "imdb": f"tt{film:07}"}
            work = Work(kind=Kind.FILM, title=f"Film {film}", year=1950 + film % 70, ids=ids)
        else:
            show, nth = number % SHOWS, (number // SHOWS) % 100
            ids = {"trakt": f"{show}", "tvdb": f"{show}", "tmdb": f"{show}"}
            part = f"{show}0{nth}"
            work = Work(
                kind=Kind.SHOW, title=f"Show {show}", year=2000 + show % 26, ids=ids,
                season=1 + nth // 20, episode=1 + nth % 20, episode_title=f"Part {nth}",
                episode_ids={"trakt": part, "tvdb": part, "tmdb": part},
            )  # fmt: skip
        key = f"{source}:{later}{number}"
        yield Play(key=key, source=source, work=work, watched_at=at, told_id=key)


def _store(store: "HistoryStore", told: Iterator["Play"], sync: int | None) -> int:
    new, page = 0, 0
    while some := list(islice(told, AT_ONCE)):
        page += 1
        marks = {"sync_id": sync, "checkpoint": {"page": str(page)}} if sync else {}
        new += store.save_plays(some, NOW, **marks).new
    return new


def _lists(store: "HistoryStore") -> dict[str, Callable[[], object]]:
    from movie_sync.library_models import Kind

    title_id = store.plays(kind=Kind.SHOW, limit=1)[0].title_id
    end = store.plays(last_day=date(2013, 1, 1), limit=1)[0]
    return {
        "month": lambda: store.month(2024, 5),
        "years": store.years,
        "day": lambda: store.day(date(2024, 5, 5)),
        "plays": store.plays,
        "plays, far down": lambda: store.plays(before=(end.at_s, end.id)),
        "plays of shows": lambda: store.plays(kind=Kind.SHOW),
        "plays of one source": lambda: store.plays(source="trakt"),
        "plays of a sync": lambda: store.plays(sync_id=1),
        "deleted": lambda: store.plays(deleted=True),
        "title": lambda: store.title_history(title_id),
        "in progress": store.in_progress,
        "unmatched": store.unmatched,
        "questions": store.questions,
        "sync log": store.syncs,
        "outbox": lambda: store.outbox("simkl", "me", list(_waiting())),
        "queued": lambda: store.queued("simkl", "me"),
    }


def _waiting() -> Iterator[Any]:
    from movie_sync.history.rows import Sending

    yield Sending.WAITING


def _cpu(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _wall(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(measured(sys.argv[1])))
    else:
        main()
