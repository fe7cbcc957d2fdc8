"""How fast all shows are judged again after a change of the rules, and how fast a preview is.

Run as `python -m benchmarks.shows_rules` from the top folder; takes a quarter of a minute. The
catalogue is made up, the same one at each run, with as many gaps and missing facts as a real one.
"""

import random
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median

import msgspec

from movie_sync.db import Database
from movie_sync.models import Show
from movie_sync.shows import vocabulary
from movie_sync.shows.judging import judge_all, preview
from movie_sync.shows.selection import explain, judge, rules
from movie_sync.shows.store import ShowStore
from movie_sync.shows_settings import Shows

SHOWS = 80_000
TIMES = 5
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
NETWORKS = (("HBO", "US"), ("BBC One", "GB"), ("tvN", "KR"), ("ZDF", "DE"), ("CTV", "CA"))
CHANNELS = (("Netflix", None), ("Prime Video", None), ("Hulu", "US"), ("Viki", "US"))
PLAIN = {
    "genres": {"exclude": ["Reality", "Talk Show", "Game Show", "News", "Sports"]},
    "types": {"include": ["Scripted", "Animation", "Documentary"]},
    "countries": {"include": ["US", "GB", "CA", "AU", "NZ", "IE", "none"]},
    "languages": {"include": ["English"]},
    "status": {"exclude_ended": True},
    "premiered": {"after": "2010-01-01"},
    "min_runtime": 20,
}
MANY = [
    {"name": f"{genre} in {language}", "genres": [genre], "languages": [language],
     "types": ["Scripted"], "rating": {"min": 7}}
    for genre in ("Drama", "Comedy", "Crime", "Thriller")
    for language in ("English", "Korean", "German")
]  # fmt: skip
RULES = {
    "plain": {"filters": PLAIN},
    "looser": {"filters": PLAIN | {"min_runtime": 10, "premiered": {"after": "1990-01-01"}}},
    "12 selections": {"exclude": {"types": ["News"]}, "selections": MANY},
    "by rating": {"selections": [{"name": "good", "rating": {"min": 7.5}}]},
    "nothing": {},
}


def catalogue(count: int, seed: int = 7) -> Iterator[Show]:
    """So many shows, of which a twelfth of the ids is missing."""
    rng, tvmaze_id = random.Random(seed), 0
    for _ in range(count):
        tvmaze_id += 1 + (rng.random() < 0.08)
        streamed, ended = rng.random() < 0.38, rng.random() < 0.6
        name, country = rng.choice(CHANNELS if streamed else NETWORKS)
        premiered_on = date(1950, 1, 1) + timedelta(int(27_700 * rng.random() ** 0.45))
        yield Show(
            tvmaze_id=tvmaze_id,
            title=f"Show {tvmaze_id}",
            url=f"https://www.tvmaze.com/shows/{tvmaze_id}/show-{tvmaze_id}",
            updated_s=1_600_000_000 + rng.randrange(160_000_000),
            type=rng.choices(vocabulary.TYPES, (42, 10, 14, 6, 13, 3, 3, 2, 4, 1, 2))[0],
            language=rng.choice(("English", "English", "Korean", "Chinese", "German", None)),
            genres=tuple(rng.sample(vocabulary.GENRES, rng.choice((0, 0, 1, 1, 2, 3)))),
            status="Ended" if ended else rng.choice(vocabulary.STATUSES),
            runtime_min=rng.choice((None, 10, 22, 30, 45, 60)),
            premiered_on=premiered_on if rng.random() > 0.04 else None,
            ended_on=premiered_on + timedelta(900) if ended else None,
            rating=round(rng.uniform(3, 9.5), 1) if rng.random() < 0.28 else None,
            network=None if streamed else name,
            web_channel=name if streamed else None,
            country=country,
            tvdb_id=100_000 + tvmaze_id if rng.random() < 0.62 else None,
        )


def main() -> None:
    settings = {name: msgspec.convert(one, Shows) for name, one in RULES.items()}
    every = list(catalogue(SHOWS))
    with tempfile.TemporaryDirectory() as folder:
        database = Database(Path(folder) / "library.db", backup=None)
        store, first = ShowStore(database), rules(settings["plain"])
        store.save(every, {show.tvmaze_id: judge(show, first) for show in every}, NOW)
        del every[1000:]  # the program holds no list of them either
        print(f"  {SHOWS} shows, the best and the median of {TIMES}")
        for name, one in settings.items():
            ready = rules(one)
            _tell(f"preview, {name}", lambda ready=ready: preview(store, ready), TIMES)
        for after in ("plain", "looser", "12 selections", "by rating", "nothing"):
            _rejudged(store, settings["plain"], settings[after], f"plain -> {after}")
        ready = rules(settings["12 selections"])
        _tell("explain, 1000 shows", lambda: [explain(show, ready) for show in every], TIMES)
        _tell("judge, 1000 shows", lambda: [judge(show, ready) for show in every], TIMES)
        database.close()


def _rejudged(store: ShowStore, before: Shows, after: Shows, name: str) -> None:
    taken, written = [], 0
    for _ in range(TIMES):
        judge_all(store, rules(before), NOW)
        started = time.perf_counter()
        written = judge_all(store, rules(after), NOW).written
        taken.append((time.perf_counter() - started) * 1000)
    print(f"  judge all, {name:25} {min(taken):8.0f} {median(taken):8.0f} ms  {written} rows")


def _tell(name: str, work: Callable[[], object], times: int) -> None:
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        taken.append((time.perf_counter() - started) * 1000)
    print(f"  {name:36} {min(taken):8.0f} {median(taken):8.0f} ms")


if __name__ == "__main__":
    main()
