"""Start, rest and end of the program as a whole process, against their budgets.

`python -m benchmarks.life` measures `--help`, the time until it is ready, memory and processor time
while it idles after it has read a watchlist of 1,000 films that are all in the library, and the
time from SIGTERM to the end.
"""

import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from movie_sync import queue_files
from movie_sync.demo.watchlist_pages import SiteFilm
from movie_sync.demo.watchlist_site import WatchlistSite
from movie_sync.models import Item, State

RUNS = 7
IDLE_S = 10.0
FILMS = 1000
TICKS_PER_S = os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Print each figure with its budget; medians of several runs."""
    print(f"{'--help':<44} {help_s():8.3f} s      at most 0.15 s")
    ready, stop = zip(*(start_and_stop() for _ in range(RUNS)), strict=True)
    print(f"{'ready':<44} {statistics.median(ready):8.3f} s      at most 0.5 s")
    print(f"{'stop':<44} {statistics.median(stop):8.3f} s      at most 1 s")
    for client in ("qbittorrent", "libtorrent"):
        rss_mb, cpu_s = idle(client)
        what = f"idle with {FILMS} films, {client}"
        print(f"{what:<44} {rss_mb:8.1f} MB     at most 50 MB")
        print(f"{f'  processor time in {IDLE_S:.0f} s':<44} {cpu_s:8.2f} s      none")


def help_s() -> float:
    def once() -> float:
        began = time.perf_counter()
        subprocess.run([sys.executable, "main.py", "--help"], check=True, capture_output=True)
        return time.perf_counter() - began

    once()
    return statistics.median(once() for _ in range(RUNS))


def start_and_stop() -> tuple[float, float]:
    with tempfile.TemporaryDirectory() as folder:
        program, ready_s = started(prepared(Path(folder), "libtorrent"))
        return ready_s, stopped(program)


def idle(client: str) -> tuple[float, float]:
    """Resident megabytes, and processor seconds used while nothing happens."""
    films = [SiteFilm(number=n, title=f"Film {n}", slug=f"film-{n}", year=1999)
             for n in range(1, FILMS + 1)]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder, WatchlistSite({"alice": films}) as site:
        program, _ = started(prepared(Path(folder), client, site.url))
        while not (Path(folder) / "watchlist.json").exists():
            time.sleep(0.1)
        time.sleep(3)
        before = cpu_s(program.pid)
        time.sleep(IDLE_S)
        used, rss_mb = cpu_s(program.pid) - before, rss(program.pid)
        stopped(program)
        return rss_mb, used


def prepared(home: Path, client: str, watchlists: str = "http://127.0.0.1:9") -> Path:
    """A home with settings and a history of finished films."""
    done = [
        Item(id=f"film:letterboxd:{n}", kind="film", title=f"Film {n} (1999)",
             wanted_by=("letterboxd:alice",), added_at=datetime.now(UTC),
             completed_at=datetime.now(UTC), seq=n, pos=n,
             data={"year": 1999, "imdb_id": f"tt{n:07}"})
        for n in range(1, FILMS + 1)
    ]  # fmt: skip
    queue_files.write(home, State.COMPLETED, map(queue_files.encode, done))
    settings = {
        "torrent_client": client,
        "download_directory": str(home / "downloads"),
        "library_directory": str(home / "library"),
        "letterboxd": {"base_url": watchlists, "seconds_between_requests": 0},
        "filelist": {"base_url": "http://127.0.0.1:9", "username": "alice"},
    }
    (home / "config.json").write_text(json.dumps(settings))
    return home


def started(home: Path) -> tuple["subprocess.Popen[str]", float]:
    """A running program, and how long it took until it said so."""
    began = time.perf_counter()
    secrets = {
        "MOVIE_SYNC_FILELIST__PASSKEY": "0" * 32,
        "MOVIE_SYNC_QBITTORRENT__PASSWORD": "none",
    }
    program = subprocess.Popen(
        [sys.executable, "main.py", "--home", str(home), "--username", "alice"],
        stderr=subprocess.PIPE, text=True, env=os.environ | secrets,
    )  # fmt: skip
    assert program.stderr
    for line in program.stderr:
        if " started; " in line:
            return program, time.perf_counter() - began
    raise SystemExit(f"the program ended at once with {program.wait()}")


def stopped(program: "subprocess.Popen[str]") -> float:
    began = time.perf_counter()
    program.send_signal(signal.SIGTERM)
    program.communicate(timeout=20)
    return time.perf_counter() - began


def cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_S


def rss(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


if __name__ == "__main__":
    main()
