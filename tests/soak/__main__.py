"""`python -m tests.soak --days 365 --films 10000 --seed 1`: a year of the program in minutes.

Its real passes run over queues, files and stories in a folder in memory; all outside is played,
and goes wrong by chance. Ends with 1 and the seed and day when an invariant does not hold.
"""

import argparse
import logging
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.soak.invariants import check_all, check_at_rest, check_day, check_end, still_missing
from tests.soak.life import Life
from tests.soak.outside import Broken

CALM_DAYS = 16  # at the end, without trouble: longer than the longest wait between two searches
SLOW_DAYS = 12  # more, while something is still loading: slowly, or after others that stalled
MOST_MB = 800  # of memory, for 10,000 films


def main() -> int:
    asked = _arguments()
    logging.getLogger("movie_sync").setLevel(logging.CRITICAL)
    memory = Path("/dev/shm")  # noqa: S108 - files are synced a million times
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        return run(Path(folder), asked.films, asked.days, asked.seed, show=print)


def run(
    folder: Path, films: int, days: int, seed: int, *, show: Callable[[str], object], every: int = 0
) -> int:
    """Returns 0, or 1 when an invariant is broken.

    Args:
        every: so many days between two looks at all files; 0 is as seems fit.
    """
    began, before_mb = time.monotonic(), _peak_mb()
    every = every or (1 if films <= 1000 else 5)
    life = Life(folder, films, days, seed, versions=films <= 1000)
    day = 0
    try:
        for day in range(1, days + CALM_DAYS + SLOW_DAYS + 1):
            if day > days + CALM_DAYS and not still_missing(life):
                break
            if day == days + 1:
                life.calm_down()
            life.day()
            (check_all if day % every == 0 else check_day)(life)
            if day % 10 == 0:
                show(f"day {day}, {time.monotonic() - began:.0f} s: {_counts(life)}")
        arrived = check_end(life)
        check_all(life)
        life.end_well()
        check_at_rest(life)
        _check_memory(before_mb)
    except Broken as broken:
        show(f"BROKEN with --films {films} --days {days} --seed {seed}, on day {day}: {broken}")
        return 1
    finally:
        life.queue.close()
    for line in _summary(life, days, arrived, time.monotonic() - began):
        show(line)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--films", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def _check_memory(before_mb: float) -> None:
    """Above what the process had taken before, with whatever it did then."""
    took_mb = _peak_mb() - before_mb
    if took_mb > MOST_MB:
        raise Broken(f"it took {took_mb:.0f} MB of memory")


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _counts(life: Life) -> str:
    return ", ".join(f"{n} {state}" for state, n in life.queue.get_statistics().items())


def _summary(life: Life, days: int, arrived: int, seconds: float) -> Iterator[str]:
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    size = f"{days} days, {len(life.movies)} films"
    yield f"seed {life.seed}: {size}, {seconds:.0f} s, {peak_mb:.0f} MB at most"
    yield f"{arrived} films arrived; {_counts(life)}"
    for what, counted in (("events", life.events), ("faults outside", life.world.faults)):
        told = ", ".join(f"{count} {name}" for name, count in sorted(counted.items()))
        yield f"{sum(counted.values())} {what}: {told}"
    yield "all invariants held"


if __name__ == "__main__":
    sys.exit(main())
