"""The page and the API as a whole process: how long each takes, how large it is, what it costs.

`python -m benchmarks.web` starts the program with the page on over 1,000 and over 20,000 films,
asks everything in turn over one connection, and ends it while 50 listeners hear events.
"""

import gzip
import http.client
import json
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from movie_sync import queue_files
from movie_sync.access import Access
from movie_sync.films.story import Stories, What
from movie_sync.models import Item, State

FEW, MANY = 1000, 20_000
TIMES = 40
LISTENERS = 50
MOST_S, MOST_KB, MOST_MB, MOST_STOP_S = 0.150, 100, 90, 2.0
ONE = "film:letterboxd:7"
PAGES = (
    "/", "/wanted", "/wanted?q=film+123", "/history", "/history?page=100", "/history?order=title",
    "/activity", f"/films/{ONE}", "/sources", "/settings", "/system",
)  # fmt: skip
ROUTES = (
    "/queues", "/films", "/films?per_page=200", "/films?order=title&text=film+12", "/activity",
    f"/films/{ONE}", "/films/Film%207", f"/films/{ONE}/why", "/sources", "/settings", "/needs",
    "/moving", "/doctor", "/openapi.json", "/docs",
)  # fmt: skip
NOW = datetime.now(UTC)


def main() -> None:
    """Print each figure; what is more than it may be is marked."""
    for films in (FEW, MANY):
        with tempfile.TemporaryDirectory() as folder:
            home = filled(Path(folder), films)
            key = Access(home).add_key("benchmark", "admin")[1]
            program, address = started(home)
            try:
                measure(program, address, key, films)
            finally:
                if program.poll() is None:
                    program.kill()


def measure(program: "subprocess.Popen[str]", address: str, key: str, films: int) -> None:
    time.sleep(2)  # until it has settled
    print(f"\n{films} films")
    say("memory, page not looked at", rss_mb(program.pid), "MB", MOST_MB)
    asked = [*PAGES, *(f"/api/v1{route}" for route in ROUTES), "/metrics"]
    for path in asked if films == MANY else asked[:4]:
        ask_often(address, key, path)
    say("memory after all that", rss_mb(program.pid), "MB", MOST_MB)
    listeners = [listening(address, key) for _ in range(LISTENERS)]
    time.sleep(1)
    say(f"memory with {LISTENERS} listeners", rss_mb(program.pid), "MB", MOST_MB)
    began = time.perf_counter()
    program.send_signal(signal.SIGTERM)
    program.wait(30)
    say(f"end with {LISTENERS} listeners", time.perf_counter() - began, "s", MOST_STOP_S)
    for each in listeners:
        each.close()


def filled(folder: Path, films: int) -> Path:
    """A home as after a long life: most films are there, some failed, a few were removed."""
    home = folder / "home"
    home.mkdir(mode=0o700)
    for name in ("library", "downloads"):
        (folder / name).mkdir()
    held: dict[State, list[Item]] = {state: [] for state in State}
    for number in range(1, films + 1):
        state = (State.FAILED, State.REMOVED)[number % 2] if number % 5 == 0 else State.COMPLETED
        held[state].append(item(number, state))
    for state, items in held.items():
        queue_files.write(home, state, map(queue_files.encode, items))
    tell(home)
    settings = {
        "torrent_client": "libtorrent",
        "library_directory": str(folder / "library"),
        "download_directory": str(folder / "downloads"),
        "libtorrent": {"local_only": True, "listen": "127.0.0.1:0"},
        "archive_org": {"enabled": False},
    }
    (home / "config.json").write_text(json.dumps(settings))
    return home


def item(number: int, state: State) -> Item:
    title, year = f"Film {number}", 1930 + number % 95
    name = f"{title.replace(' ', '.')}.{year}.1080p.BluRay.x264-GRP"
    facts = {
        State.COMPLETED: {"completed_at": NOW - timedelta(hours=number)},
        State.REMOVED: {"removed_at": NOW - timedelta(hours=number)},
        State.FAILED: {
            "last_error": "4 found, none accepted: 3 too_few_seeders, 1 wrong_year",
            "retry_at": NOW + timedelta(days=1), "searches": 3,
        },
    }[state]  # fmt: skip
    data = {
        "year": year, "imdb_id": f"tt{number:07}", "tmdb_id": number, "runtime_min": 100,
        "release": {"indexer": "filelist", "id": str(number), "name": name, "size_bytes": 8 << 30},
        "path": f"/films/{title} ({year})/{title} ({year}).mkv",
    }  # fmt: skip
    return Item(
        id=f"film:letterboxd:{number}", kind="film", title=f"{title} ({year})",
        wanted_by=("letterboxd:alice",), added_at=NOW - timedelta(days=400), data=data, seq=number,
        pos=number, **facts,
    )  # fmt: skip


def tell(home: Path) -> None:
    """A film with a long story, and a full activity."""
    stories = Stories(home / "stories")
    releases = [
        {"indexer": "filelist", "id": str(n), "name": f"Film.7.1080p.BluRay.x264-GRP{n}",
         "size_bytes": 8 << 30, "seeders": n, "refused": [["too_few_seeders", "2 of 5", None]]}
        for n in range(60)
    ]  # fmt: skip
    for number in range(8):
        stories.tell(ONE, What.SEARCHED, f"60 found, search {number}", NOW, releases)
    for number in range(3000):
        at = NOW + timedelta(seconds=number)
        stories.tell(f"film:letterboxd:{number % 50}", What.WAITS, f"told {number}", at)


def started(home: Path) -> tuple["subprocess.Popen[str]", str]:
    """A running program, and where its page is."""
    program = subprocess.Popen(
        [sys.executable, "main.py", "--home", str(home), "--web", "--web-port", "0"],
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert program.stderr
    for line in program.stderr:
        if found := re.search(r"the page is at http://(\S+)", line):
            return program, found[1]
    raise SystemExit("it did not start")


def ask_often(address: str, key: str, path: str) -> None:
    connection = http.client.HTTPConnection(address, timeout=30)
    headers = {"Authorization": f"Bearer {key}", "Accept": "text/html,*/*"}
    took, body = [], b""
    for _ in range(TIMES):
        began = time.perf_counter()
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        took.append(time.perf_counter() - began)
    connection.close()
    p95 = statistics.quantiles(took, n=20)[-1]
    kb, packed_kb = len(body) / 1024, len(gzip.compress(body, 5)) / 1024
    over = p95 > MOST_S or kb > MOST_KB
    print(
        f"{path:<44} {statistics.median(took) * 1000:7.1f} ms, p95 {p95 * 1000:7.1f} ms, "
        f"{kb:7.1f} kB, packed {packed_kb:6.1f} kB  {answer.status}{'  TOO MUCH' if over else ''}"
    )


def listening(address: str, key: str) -> socket.socket:
    host, port = address.split(":")
    made = socket.create_connection((host, int(port)), 10)
    made.sendall(
        f"GET /events HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {key}\r\n\r\n".encode()
    )
    return made


def rss_mb(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def pss_mb(pid: int) -> float:
    """What is shared with other processes is counted in part."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    return int(text.split("\nPss:")[1].split()[0]) * 1024 / 1e6


def say(what: str, figure: float, unit: str, most: float) -> None:
    print(f"{what:<44} {figure:7.1f} {unit:2}     at most {most:g} {unit}"
          f"{'  TOO MUCH' if figure > most else ''}")  # fmt: skip


if __name__ == "__main__":
    main()
