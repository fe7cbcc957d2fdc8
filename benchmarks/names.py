"""How fast release names are read and matched, side by side with guessit and parsett.

Run as `python -m benchmarks.names` from the top folder; takes half a minute. Names are made up from
lists of words in the styles that releases come in, the same ones at each run. Those two are
measured where they are installed: `pip install -r benchmarks/requirements.txt`.
"""

import importlib
import itertools
import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from movie_sync import releases
from movie_sync.titles import TitleIndex, key

FIRST = "Night Iron Silent Broken Golden Hidden Crimson Distant Winter Burning Little Last".split()  # noqa: SIM905
SECOND = "River Garden Crown Harbour Echo Stranger Kingdom Letter Bride Hunter Mirror Train".split()  # noqa: SIM905
TAILS = ("", "", "", "", " II", " 3", ": Part Two", " of the North", " and Me", "'s Daughter")
QUALITIES = ("2160p.WEB-DL.DDP5.1.Atmos.DV.HDR.H.265", "1080p.BluRay.x264", "720p.WEBRip.AAC2.0")
QUALITIES += ("DVDRip.XviD", "1080p.UHD.BluRay.REMUX.HDR.HEVC.TrueHD.7.1", "480p.HDTV.x264")
EXTRAS = ("", "", "", "PROPER.", "GERMAN.DL.", "EXTENDED.", "MULTi.", "Directors.Cut.")
GROUPS = ("SPARKS", "FLUX", "CtrlHD", "DiAMOND", "D-Z0N3", "NTb")
STYLES = (
    "{dotted}.{year}.{extra}{quality}-{group}",
    "{title} ({year}) [{spaced_quality}]",
    "{title} ({year}).mkv",
    "[{group}] {title} ({year}) {extra}{quality}.mkv",
    "{dotted}.{year}.{extra}{quality}-{group}.mkv",
)
HOSTILE = {
    "500 digits": "0123456789" * 50,
    "years": "2015." * 100,
    "episodes": "S01E01." * 80,
    "letters with dots": "a." * 250,
    "brackets": "[" * 250,
    "spaces": " " * 250,
}
OURS, FOR_PARSETT, FOR_GUESSIT = 5_000, 2_000, 300  # names each is timed with
FILES, WANTED = 100_000, 1_000


class Made(NamedTuple):
    name: str
    title: str
    year: int


class Reader(NamedTuple):
    label: str
    names: int
    read: Callable[[str], object]


def make(count: int, seed: int = 5) -> Iterator[Made]:
    """So many names of releases, with the truth about each."""
    rng = random.Random(seed)
    for number in range(count):
        first, second = rng.choice(FIRST), rng.choice(SECOND)
        title = f"{rng.choice(('The ', '', ''))}{first} {second}{rng.choice(TAILS)}"
        if number % 3 == 0:  # a number in the title is no year and no resolution
            title = f"{title} {rng.randrange(10, 1800)}"
        year, quality = rng.randrange(1930, 2026), rng.choice(QUALITIES)
        facts = {
            "dotted": title.replace(" ", ".").replace(":", "").replace("'", ""),
            "spaced_quality": quality.replace(".", " "),
        }
        facts |= {"extra": rng.choice(EXTRAS), "group": rng.choice(GROUPS), "quality": quality}
        yield Made(rng.choice(STYLES).format(title=title, year=year, **facts), title, year)


def readers() -> Iterator[Reader]:
    """Ours, and those of the others that are installed."""
    ours = releases.read.__wrapped__  # without its cache, which hostile names would fill
    yield Reader("ours", OURS, ours)
    for label, module, function, count in (
        ("guessit", "guessit", "guessit", FOR_GUESSIT),
        ("parsett", "PTT", "parse_title", FOR_PARSETT),
    ):
        try:
            read = getattr(importlib.import_module(module), function)
        except ImportError:
            print(f"{label} is not installed: pip install -r benchmarks/requirements.txt")
        else:
            yield Reader(label, count, read)


def reading(reader: Reader, made: Sequence[Made]) -> None:
    ms = sorted(_ms(partial(reader.read, each.name)) for each in made[: reader.names])
    print(
        f"{reader.label:<8} {1000 * len(ms) / sum(ms):8,.0f} names/s"
        f"   p50 {statistics.median(ms):5.2f}   p99 {ms[len(ms) * 99 // 100]:5.2f}"
        f"   slowest {ms[-1]:6.2f} ms, of {len(ms):,}"
    )


def hostile(reader: Reader) -> None:
    told = [f"{what} {_ms(partial(reader.read, name)):,.2f}" for what, name in HOSTILE.items()]
    print(f"{reader.label:<8} {', '.join(told)}")


def matching() -> None:
    """Half of the films wanted are among the files, and half are not."""
    made = list(make(FILES, seed=7))
    start = time.perf_counter()
    read = [releases.read.__wrapped__(each.name) for each in made]
    read_s = time.perf_counter() - start
    start = time.perf_counter()
    index = TitleIndex((said.titles, said.year, key(said.titles[0])) for said in read)
    index_s = time.perf_counter() - start
    there = [([each.title], each.year) for each in made[:: 2 * FILES // WANTED]]
    absent = [([f"{title[0]} Absent"], year) for title, year in there]
    start = time.perf_counter()
    found = [index.find(titles, year) for titles, year in itertools.chain(there, absent)]
    find_s = time.perf_counter() - start
    print(
        f"{WANTED:,} wanted against {FILES:,} names: {find_s * 1000:.1f} ms (at most 60),"
        f" {sum(each is not None for each in found)} found of {len(there)} there; before that,"
        f" once: read in {read_s:.2f} s, indexed in {index_s:.2f} s"
    )


def main() -> None:
    made = list(make(OURS))
    each = list(readers())
    print("names as releases have them (ours: at least 5,000 names/s)")
    for reader in each:
        reading(reader, made)
    print("hostile names, ms each (ours: at most 5)")
    for reader in each:
        hostile(reader)
    matching()


def _ms(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - start)


if __name__ == "__main__":
    main()
