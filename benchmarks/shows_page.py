"""The whole program over a catalogue of 80,000 shows: its memory, and a preview through the page.

`python -m benchmarks.shows_page` starts it without and with the page. The catalogue is stored
beforehand, so that nothing is read from outside: what is measured is the program at rest, after
each page was asked, and other rules tried through the API.
"""

import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.shows_rules import PLAIN, RULES, SHOWS, catalogue
from benchmarks.web import ask_often, pss_mb, rss_mb, say, started
from movie_sync.access import Access
from movie_sync.shows_settings import Shows

TIMES = 10
MOST_MB, MOST_PAGE_MB, MOST_PREVIEW_S = 65, 80, 0.3
PAGES = (
    "/shows", "/shows/all", "/shows/all?q=12", "/shows/all?order=title", "/shows/rules",
    "/metrics",
)  # fmt: skip


def main() -> None:
    """Print each figure; what is more than it may be is marked."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        home.mkdir(mode=0o700)
        subprocess.run([sys.executable, "-m", "benchmarks.shows_page", str(home)], check=True)
        key = Access(home).add_key("benchmark", "admin")[1]
        _without(home)
        _with(home, key)


def fill(home: Path) -> None:
    """In a process of its own, as the program holds no list of all shows either."""
    from movie_sync.db import FILE, Database
    from movie_sync.shows.catalogue import COMPLETE
    from movie_sync.shows.selection import judge, rules
    from movie_sync.shows.store import ShowStore
    from movie_sync.shows.sync import CYCLE_AT, RULES_HASH

    plain = rules(msgspec.convert(RULES["plain"], Shows))
    now = datetime.now(UTC)
    database = Database(home / FILE, backup=None)
    store, every = ShowStore(database), list(catalogue(SHOWS))
    store.save(every, {show.tvmaze_id: judge(show, plain) for show in every}, now)
    at = now.isoformat()
    store.set_meta({COMPLETE: at, CYCLE_AT: at, RULES_HASH: plain.hash})
    database.close()
    settings: dict[str, Any] = {
        "torrent_client": "libtorrent",
        "library_directory": str(home.parent / "library"),
        "download_directory": str(home.parent / "downloads"),
        "libtorrent": {"local_only": True, "listen": "127.0.0.1:0"},
        "archive_org": {"enabled": False},
        "shows": {"enabled": True, "base_url": "http://127.0.0.1:9", "filters": PLAIN},
    }
    (home / "config.json").write_text(json.dumps(settings))


def _without(home: Path) -> None:
    program = subprocess.Popen(
        [sys.executable, "main.py", "--home", str(home)], stderr=subprocess.DEVNULL
    )
    try:
        time.sleep(5)
        _tell("memory without the page", program.pid, MOST_MB)
    finally:
        program.terminate()
        program.wait(30)


def _with(home: Path, key: str) -> None:
    program, address = started(home)
    try:
        time.sleep(5)
        _tell("memory with the page, not looked at", program.pid, MOST_PAGE_MB)
        for path in PAGES:
            ask_often(address, key, path)
        preview_s = statistics.median(_preview_s(address, key) for _ in range(TIMES))
        say("preview of 12 selections, as it is asked", preview_s, "s", MOST_PREVIEW_S)
        _tell("memory after all that", program.pid, MOST_PAGE_MB)
    finally:
        program.terminate()
        program.wait(30)


def _preview_s(address: str, key: str) -> float:
    connection = http.client.HTTPConnection(address, timeout=30)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    began = time.perf_counter()
    body = json.dumps(RULES["12 selections"])
    connection.request("POST", "/api/v1/shows/preview", body, headers)
    answer = connection.getresponse()
    text = answer.read()
    took_s = time.perf_counter() - began
    connection.close()
    if answer.status != 200:
        raise SystemExit(f"the preview was refused: {answer.status} {text.decode()}")
    return took_s


def _tell(what: str, pid: int, most_mb: float) -> None:
    say(what, rss_mb(pid), "MB", most_mb)
    print(f"{'  of that its own':<44} {pss_mb(pid):7.1f} MB, load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        fill(Path(sys.argv[1]))
    else:
        main()
