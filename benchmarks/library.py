"""The library: how fast 20,000 files are stored, found again and listed.

`python -m benchmarks.library` keeps a made-up library of 20,000 films in a new SQLite file, in a
process that does nothing else; with `MOVIE_SYNC_BENCH_URL` and `MOVIE_SYNC_BENCH_PASSWORD`, in
that empty PostgreSQL database too.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from movie_sync.library.store import LibraryStore
    from movie_sync.library_models import Facts, Found
    from movie_sync.media_models import Media

COUNT, AT_ONCE, TOLD = 20_000, 500, 1_000
WORDS = [
    "Été",
    "Night",
    "River",
    "Dragon",
    "Love",
    "Silent",
    "Ocean",
    "Winter",
    "Man",
    "Train",
    "Garden",
    "Shadow",
    "King",
]
GENRES = ("Drama", "Comedy", "Crime", "Science Fiction")
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)

BUDGETS = {
    "save_s": f"first storing of {COUNT:,} files by {AT_ONCE}: seconds|at most 5 s",
    "save_mb": "  MB more than before it|at most 20",
    "known_s": "all their fingerprints: seconds|at most 0.3 s",
    "again_s": "storing what is the same: seconds|",
    "titles_s": "a title for each: seconds|",
    "facts_s": f"what the world says of {TOLD:,} of them, one by one: seconds|",
    "assign_s": "each file taken for its title: seconds|",
    "media_s": "what is inside of each: seconds|",
    "list_s": "the slowest list of 60 titles, with its count: seconds|at most 0.03 s",
    "list": "  which is|",
    "page_s": "the page of a film: seconds|at most 0.03 s",
    "show_s": "the page of a show of 500 episodes: seconds|at most 0.15 s",
    "duplicates_s": "duplicates: seconds|at most 0.15 s",
    "counts_s": "counts and facets: seconds|at most 0.15 s",
    "index_s": "index of all names: seconds|",
    "moved_s": "all of them moved to another folder: seconds|",
    "moved": f"  of them known again|exactly {COUNT:,}",
    "db_mb": "MB of the database|",
}


def main() -> None:
    """Print each figure with its budget."""
    for name in ("sqlite", *(["postgresql"] if "MOVIE_SYNC_BENCH_URL" in os.environ else [])):
        command = [sys.executable, "-m", "benchmarks.library", name]
        told = subprocess.run(command, check=True, stdout=subprocess.PIPE)
        print(name)
        for key, value in json.loads(told.stdout).items():
            what, _, budget = BUDGETS[key].partition("|")
            shown = f"{value:,.3f}" if isinstance(value, float) else f"{value}"
            print(f"  {what:<62} {shown:>10}      {budget}")


def measured(name: str) -> dict[str, Any]:
    from movie_sync.db import Database

    with tempfile.TemporaryDirectory(dir=Path(__file__).parent) as folder:
        path = Path(folder, "library.db")
        if name == "sqlite":
            db = Database(path, backup=None)
        else:
            env = os.environ
            password = env.get("MOVIE_SYNC_BENCH_PASSWORD")
            db = Database(env["MOVIE_SYNC_BENCH_URL"], backup=None, password=password)
        found = figures(db)
        db.close()
        if name == "sqlite":
            found["db_mb"] = path.stat().st_size / 1e6
    return found


def figures(db: Any) -> dict[str, Any]:
    from movie_sync.library.store import LibraryStore

    store, found = LibraryStore(db), {}
    store.begin_scan("films", NOW)
    before = rss_mb()
    found["save_s"] = seconds(lambda: save(store, "/films"))
    found["save_mb"] = rss_mb() - before
    found["known_s"] = seconds(lambda: store.known("films"))
    found["again_s"] = seconds(lambda: save(store, "/films"))
    found |= fill(store)
    found |= read(store)
    found |= move(store)
    return found


def save(store: "LibraryStore", folder: str) -> None:
    files = (found(folder, n) for n in range(COUNT))
    while some := list(islice(files, AT_ONCE)):
        store.save_found("films", some, NOW)


def found(folder: str, n: int) -> "Found":
    from movie_sync.library_models import Found, Sidecar, Teller, Told

    name = f"{title(n)} ({year(n)})"
    path = f"{folder}/{name}/{name}.mkv"
    told = Told(by=Teller.FOLDER, titles=(title(n),), year=year(n))
    return Found(
        uri=path, path=path, fingerprint=f"{n}", size_bytes=10**9 + n, mtime_ns=10**18 + n,
        told=(told, Told(by=Teller.FILE, titles=(title(n),), year=year(n))),
        sidecars=(Sidecar(path=f"{path[:-4]}.en.srt", what="subtitles", language="en"),),
    )  # fmt: skip


def title(n: int) -> str:
    return f"{WORDS[n % 13]} of the {WORDS[n // 13 % 13]} {n}"


def year(n: int) -> int:
    return 1930 + n * 7 % 96


def facts(n: int) -> "Facts":
    from movie_sync.library_models import Collection, Credit, Facts, Kind

    return Facts(
        kind=Kind.FILM, title=title(n), year=year(n), ids={"tmdb": f"{n}", "imdb": f"tt{n:07}"},
        original_title=f"Die {title(n)}", other_titles=(f"Le {title(n)}", f"{title(n)} II"),
        original_language="en", overview="What happens in it. " * 25,
        genres=(GENRES[n % 4], GENRES[(n + 1) % 4]), runtime_min=80 + n % 90, rating=n % 100 / 10,
        poster=f"/{n}.jpg", collection=Collection(tmdb_id=n // 10, name=f"Collection {n // 10}"),
        cast=tuple(
            Credit(person_tmdb_id=k, name=f"Person {k}", role="Self")
            for k in range(n * 7 % 9000, n * 7 % 9000 + 10)
        ),
    )  # fmt: skip


def fill(store: "LibraryStore") -> dict[str, float]:
    """Titles, matches, facts and media, as the library works them off: some in a transaction."""
    from movie_sync.library.rows import Answer
    from movie_sync.library_models import Match

    match = Match(by="name", confidence=0.98, sentence="its name and year")
    made: list[int] = []

    def titles() -> None:
        for n in range(0, COUNT, AT_ONCE):
            put = store.put_titles((facts(k) for k in range(n, n + AT_ONCE)), NOW)
            made.extend(one for one in put if isinstance(one, int))

    def assign() -> None:
        answers = (Answer(asset_id=n, title_id=one, match=match) for n, one in enumerate(made, 1))
        while some := list(islice(answers, AT_ONCE)):
            store.assign_many(some, NOW)

    def tell() -> None:
        for n in range(TOLD):
            store.save_facts(made[n], facts(n), NOW)

    def probe() -> None:
        waiting = store.waiting_probe(0, AT_ONCE)
        while waiting:
            store.save_many(
                [(one.asset_id, one.content, media(one.asset_id)) for one in waiting], NOW
            )
            waiting = store.waiting_probe(waiting[-1].asset_id, AT_ONCE)

    return {
        "titles_s": seconds(titles),
        "assign_s": seconds(assign),
        "facts_s": seconds(tell),
        "media_s": seconds(probe),
    }


def media(n: int) -> "Media":
    from movie_sync.media_models import Hdr, Media, Picture, Sound

    lines = (2160, 1080, 720, 480)[n % 4]
    picture = Picture(codec="hevc", width=lines * 16 // 9, height=lines, hdr=Hdr.HDR10)
    sounds = (Sound(codec="ac3", language="en"), Sound(codec="aac", language="ro"))
    return Media(container="mp4", duration_ms=6_000_000, pictures=(picture,), sounds=sounds)


def read(store: "LibraryStore") -> dict[str, Any]:
    from movie_sync.library.listing import SORTS
    from movie_sync.library.page_rows import Filters
    from movie_sync.library_models import EpisodeFacts, Facts, Kind, SeasonFacts

    asked: dict[str, dict[str, Any]] = {f"by {sort}": {"sort": sort} for sort in SORTS}
    asked |= {
        "last page": {"offset": COUNT - 60}, "search": {"text": "ete 19"},
        "search for nothing": {"text": "zebra"}, "genre": {"filters": Filters(genre="Crime")},
        "language": {"filters": Filters(language="ro"), "sort": "added"},
        "quality": {"filters": Filters(lines=2160, hdr=True), "sort": "year"},
        "source": {"filters": Filters(source="films"), "sort": "size"},
        "person": {"filters": Filters(person_id=70)},
    }  # fmt: skip
    asked |= {f"{name}, films": {"kind": Kind.FILM} | how for name, how in asked.items()}
    took = {name: best(partial(store.titles, **how)) for name, how in asked.items()}
    slowest = max(took, key=lambda name: took[name])
    episodes = tuple(EpisodeFacts(number=n, name=f"Episode {n}") for n in range(1, 51))
    seasons = tuple(SeasonFacts(number=n, episodes=episodes) for n in range(1, 11))
    show = store.put_title(Facts(kind=Kind.SHOW, title="Show"), NOW)
    assert isinstance(show, int)
    store.save_facts(show, Facts(kind=Kind.SHOW, title="Show", seasons=seasons), NOW)
    return {
        "list_s": took[slowest],
        "list": slowest,
        "page_s": best(lambda: store.title(777)),
        "show_s": best(lambda: store.title(show)),
        "duplicates_s": best(store.duplicates),
        "counts_s": best(lambda: (store.counts(), store.facets())),
        "index_s": seconds(lambda: store.index(Kind.FILM)),
    }


def move(store: "LibraryStore") -> dict[str, Any]:
    """A scan that finds every file in another folder, and then none in the old one."""
    later = NOW + timedelta(days=1)
    store.begin_scan("films", later)
    old = list(store.known("films"))
    moved = []

    def scan() -> None:
        files = (found("/moved", n) for n in range(COUNT))
        while some := list(islice(files, AT_ONCE)):
            store.save_found("films", some, later)
        moved.append(store.mark_gone("films", old, later).moved)

    return {"moved_s": seconds(scan), "moved": moved[0]}


def best(work: Callable[[], object]) -> float:
    """Of a few times, for another program may have had the processor meanwhile."""
    return min(seconds(work) for _ in range(5))


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def rss_mb() -> float:
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(measured(sys.argv[1])))
    else:
        main()
