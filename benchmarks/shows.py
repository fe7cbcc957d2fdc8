"""The catalogue of shows: how long its first reading takes, and what it costs to follow it.

`python -m benchmarks.shows` serves made-up catalogues of 10,000 and 80,000 shows from another
process on loopback, without a limit of requests, and reads each in a process of its own: the
requests and seconds of the first reading, how memory grows, an idle cycle, all changes compared
with what is stored, and rules that changed.
"""

import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

SMALL, LARGE = 10_000, 80_000


def main() -> None:
    """Print each figure with its budget."""
    small, large = measured(SMALL), measured(LARGE)
    growth_mb = large["rss_mb"] - small["rss_mb"]
    ratio = large["first_s"] / small["first_s"]
    figures = (
        (
            f"first reading of {LARGE:,} shows: requests",
            large["requests"],
            f"exactly {large['pages'] + 1}",
        ),
        ("  seconds, without a limit", large["first_s"], "at most 5 s"),
        (f"  of that for {SMALL:,}", ratio, "at most 9 times"),
        ("  MB resident after it", large["rss_mb"], "at most 80"),
        (f"  MB more than after {SMALL:,}", growth_mb, "at most 5"),
        ("  MB of the database", large["db_mb"], ""),
        ("idle cycle: requests", large["idle_requests"], "exactly 1"),
        ("  seconds, all shows compared", large["idle_full_s"], ""),
        ("  seconds of comparing alone", large["diff_s"], "at most 0.25 s"),
        ("  seconds, a day's changes compared", large["idle_s"], ""),
        ("judging all by other rules: seconds", large["judge_s"], "at most 1 s"),
        ("  rows written", large["judge_rows"], ""),
        ("  again: rows written", large["again_rows"], "none"),
        ("preview of other rules: seconds", large["preview_s"], "at most 0.3 s"),
        ("a page of 100 shows: seconds", large["list_s"], "at most 0.02 s"),
        ("counts by state and by reason: seconds", large["counts_s"], "at most 0.05 s"),
    )
    for name, value, budget in figures:
        shown = f"{value:,.3f}" if isinstance(value, float) else f"{value:,}"
        print(f"{name:<48} {shown:>10}      {budget}")


def measured(count: int) -> dict[str, Any]:
    """The figures of a catalogue, from a process that did nothing else."""
    serving = subprocess.Popen(
        [sys.executable, "-m", "movie_sync.demo.tvmaze_site", str(count)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert serving.stdin
    assert serving.stdout
    with serving:
        url, pages = serving.stdout.readline().split()
        command = [sys.executable, "-m", "benchmarks.shows", url, pages]
        told = subprocess.run(command, check=True, stdout=subprocess.PIPE)
        serving.stdin.close()
    figures: dict[str, Any] = json.loads(told.stdout)
    return figures


def read(url: str, pages: int) -> dict[str, Any]:
    """Read the catalogue at this address, and measure."""
    from movie_sync.db import Database
    from movie_sync.http import Http
    from movie_sync.rates import Rate
    from movie_sync.services.tvmaze import TvMaze
    from movie_sync.shows.catalogue import read_catalogue
    from movie_sync.shows.judging import judge_all, preview
    from movie_sync.shows.selection import judge, rules
    from movie_sync.shows.store import ShowStore
    from movie_sync.shows_settings import Selection, Shows

    english, korean = (
        rules(Shows(selections=(Selection(name="mine", languages=(name,), types=("Scripted",)),)))
        for name in ("English", "Korean")
    )
    now, found = datetime.now(UTC), {"pages": pages}
    rate = Rate(10**6, 10.0)
    http = Http("tvmaze", url, pacer=rate, gap_s=0.0)
    source = TvMaze(http, rate)
    with tempfile.TemporaryDirectory(dir=Path(__file__).parent) as folder:
        path = Path(folder, "library.db")
        db = Database(path, backup=None)
        store = ShowStore(db)

        def cycle(at: datetime) -> int:
            one = read_catalogue(
                source, store, lambda show: judge(show, english), at, threading.Event()
            )
            return one.requests

        found["first_s"] = seconds(lambda: found.update(requests=cycle(now)))
        found["rss_mb"] = rss_mb()
        found["idle_full_s"] = seconds(lambda: found.update(idle_requests=cycle(now)))
        told = source.updates()
        found["diff_s"] = seconds(lambda: compared(told, store.updated_map()))
        found["idle_s"] = seconds(lambda: cycle(now + timedelta(hours=6)))
        found["preview_s"] = seconds(lambda: preview(store, korean))
        found["judge_s"] = seconds(
            lambda: found.update(judge_rows=judge_all(store, korean, now).written)
        )
        found["again_rows"] = judge_all(store, korean, now).written
        found["list_s"] = seconds(lambda: store.list(limit=100))
        found["counts_s"] = seconds(lambda: (store.counts(), store.counts_by_reason()))
        db.close()
        found["db_mb"] = path.stat().st_size / 1e6
    http.close()
    return found


def compared(told: dict[int, int], known: dict[int, int]) -> list[int]:
    return [tvmaze_id for tvmaze_id, at in told.items() if known.get(tvmaze_id, -1) < at]


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def rss_mb() -> float:
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(read(sys.argv[1], int(sys.argv[2]))))
    else:
        main()
