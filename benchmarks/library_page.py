"""The whole program over a library of 20,000 films and 400 shows: each page, and the memory.

`python -m benchmarks.library_page` fills a home beforehand in a process of its own, so that nothing
is looked at: what is measured is the program at rest, and after every page was asked 40 times.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import library as films
from benchmarks.web import ask_often, pss_mb, rss_mb, say, started
from movie_sync.access import Access

if TYPE_CHECKING:
    from movie_sync.library.store import LibraryStore

SHOWS, QUESTIONS = 400, 2000
MOST_MB = 130  # as of everything that is on together
PAGES = (
    "/library", "/library?page=300", "/library?q=ete+19", "/library?order=rating&page=200",
    "/library?language=English&lines=1080&order=size", "/library?genre=Crime&decade=1990",
    "/library?only=doubles", "/library?kind=show&episodes=missing", "/library/titles/777",
    "/library/titles/20001?season=2", "/library/files?which=all&page=300", "/library/files/777",
    "/library/review", "/library/review?after=1000", "/library/duplicates", "/library/sources",
    "/library/match?file=777", "/library/titles/777/merge?q=night",
)  # fmt: skip
ROUTES = (
    "/titles?per_page=60", "/titles/777", "/titles/20002", "/files?per_page=60", "/reviews",
    "/sources", "/duplicates?per_page=25", "/stats", "/scans",
)  # fmt: skip


def main() -> None:
    """Print each figure; what is more than it may be is marked."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        home.mkdir(mode=0o700)
        subprocess.run([sys.executable, "-m", "benchmarks.library_page", str(home)], check=True)
        key = Access(home).add_key("benchmark", "admin")[1]
        program, address = started(home)
        try:
            time.sleep(5)
            _tell("memory with the page, not looked at", program.pid)
            for path in (*PAGES, *(f"/api/v1/library{route}" for route in ROUTES), "/metrics"):
                ask_often(address, key, path)
            _tell("memory after all that", program.pid)
        finally:
            program.terminate()
            program.wait(30)


def fill(home: Path) -> None:
    from movie_sync.db import FILE, Database
    from movie_sync.library.store import LibraryStore

    database = Database(home / FILE, backup=None)
    store = LibraryStore(database)
    films.save(store, "/films")
    films.fill(store)
    for number in range(SHOWS):
        _show(store, number)
    _ask(store)
    now = datetime.now(UTC)
    for row in store.sources():
        scan = store.begin_scan(row.name, now, row.kind)
        store.end_scan(scan, now, {"discovered": row.files}, complete=True)
    database.close()
    for name in ("films", "tv"):
        (home.parent / name).mkdir()
    settings: dict[str, Any] = {
        "torrent_client": "libtorrent",
        "library_directory": str(home.parent / "films"),
        "download_directory": str(home.parent / "downloads"),
        "libtorrent": {"local_only": True, "listen": "127.0.0.1:0"},
        "archive_org": {"enabled": False},
        "tmdb": {"base_url": "http://127.0.0.1:9"},
        "library": {
            "enabled": True, "probe": False, "pictures": False,
            "sources": {"tv": {"path": str(home.parent / "tv"), "holds": "shows"}},
        },
    }  # fmt: skip
    (home / "config.json").write_text(json.dumps(settings))


def _show(store: "LibraryStore", number: int) -> None:
    """Of three seasons, or of ten; the last episode of each season is missing."""
    from movie_sync.library import episode_writing
    from movie_sync.library.matching import assign_many
    from movie_sync.library.rows import Answer
    from movie_sync.library_models import (
        EpisodeFacts,
        Facts,
        Found,
        Kind,
        Match,
        SeasonFacts,
        Teller,
        Told,
    )

    seasons = tuple(
        SeasonFacts(number=season, episodes=tuple(
            EpisodeFacts(number=n, name=f"Episode {n}",
                         aired_on=date(2010 + season, 1, 1) + timedelta(days=7 * n))
            for n in range(1, 25)
        ))
        for season in range(1, 11 if number % 20 == 0 else 4)
    )  # fmt: skip
    facts = Facts(kind=Kind.SHOW, title=f"Show {number}", year=2011, seasons=seasons)
    title_id = store.put_title(facts, films.NOW)
    assert isinstance(title_id, int)
    store.save_facts(title_id, facts, films.NOW)
    files = {
        f"/tv/Show {number}/S{season.number:02}E{one.number:02}.mkv": (season.number, one.number)
        for season in seasons
        for one in season.episodes[:-1]
    }
    told = (Told(by=Teller.FILE),)
    store.save_found("tv", [
        Found(uri=path, path=path, fingerprint=path, size_bytes=10**8 + at, mtime_ns=at, told=told)
        for at, path in enumerate(files)
    ], films.NOW)  # fmt: skip
    match = Match(by="name", confidence=0.97, sentence="its name")
    with store.db.write() as connection:
        answers = []
        for one in store.unidentified(0, 10_000):
            if one.path in files:
                season, number = files[one.path]
                held = episode_writing.episode_ids(connection, title_id, season, [number])
                answers.append(Answer(asset_id=one.asset_id, title_id=title_id, match=match,
                                      episode_ids=tuple(held)))  # fmt: skip
        assign_many(connection, answers, films.NOW)


def _ask(store: "LibraryStore") -> None:
    """Questions about films that nobody has matched, each with candidates."""
    from movie_sync.library_models import Found, Teller, Told

    told = (Told(by=Teller.FILE),)
    paths = [f"/films/unknown {n}/unknown {n}.mkv" for n in range(QUESTIONS)]
    files = [
        Found(uri=path, path=path, fingerprint=path, size_bytes=10**7 + n, mtime_ns=n, told=told)
        for n, path in enumerate(paths)
    ]
    store.save_found("films", files, films.NOW)
    some = [
        {"kind": "film", "title": f"Unknown {n}", "year": 2000 + n, "ids": {"tmdb": str(n)},
         "title_id": None, "poster": None, "score": 0.7, "why": "bears this title"}
        for n in range(4)
    ]  # fmt: skip
    for one in store.unidentified(0, QUESTIONS + 1):
        store.ask("no_year", "several are called so", some, films.NOW, asset_id=one.asset_id)


def _tell(what: str, pid: int) -> None:
    say(what, rss_mb(pid), "MB", MOST_MB)
    print(f"{'  of that its own':<44} {pss_mb(pid):7.1f} MB, load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        fill(Path(sys.argv[1]))
    else:
        main()
