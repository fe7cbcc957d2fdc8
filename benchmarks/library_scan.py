"""The library as a whole: 20,000 files are found and known, found again, and 1,000 looked into.

`python -m benchmarks.library_scan` makes a folder of films and shows with real names and no
content, and scans it as `library scan` does, in a process that does nothing else; with
`MOVIE_SYNC_BENCH_URL` and `MOVIE_SYNC_BENCH_PASSWORD`, into that empty PostgreSQL database too.
The probes are of real clips, by items of the queues; they need PyAV (extra media).
"""

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

FILES, PROBES = 20_000, 1_000
EPISODES, SEASONS = 25, 2
WORDS = (
    "Quiet", "River", "Night", "Garden", "Winter", "Stone", "Paper", "Golden", "Silent",
    "Broken", "Last", "First", "Little", "Great", "Lost", "Hidden", "Iron", "Glass", "Summer",
    "Red", "Black", "White", "House", "Road", "Letter", "King", "Queen", "Stranger", "Mirror",
)  # fmt: skip
BUDGETS = {
    "first_s": f"first scan of {FILES:,} files: seconds|at most 60 s",
    "second_s": "second scan, of the same: seconds|at most 2 s",
    "renamed_s": "  after one folder was renamed: seconds|",
    "peak_mb": "most memory of the process in these: MB|at most 150 MB",
    "known": "files that are known for what they are|",
    "probe_s": f"{PROBES:,} probes by items of the queues: seconds|at most 30 s",
    "probed": "  of which were told|",
}


def main() -> None:
    """Print each figure with its budget."""
    for name in ("sqlite", *(["postgresql"] if "MOVIE_SYNC_BENCH_URL" in os.environ else [])):
        command = [sys.executable, "-m", "benchmarks.library_scan", name]
        told = subprocess.run(command, check=True, stdout=subprocess.PIPE)
        print(name)
        for key, value in json.loads(told.stdout).items():
            what, _, budget = BUDGETS[key].partition("|")
            shown = f"{value:,.2f}" if isinstance(value, float) else f"{value:,}"
            print(f"  {what:<62} {shown:>10}      {budget}")


def measured(name: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(dir=place()) as folder:
        root = Path(folder)
        films, shows = root / "films", root / "shows"
        fill(films, shows)
        prepare(root, name)
        first = scan(root)
        second = scan(root)
        moved = next(films.iterdir())
        moved.rename(moved.with_name("Renamed Film (1999)"))
        renamed = scan(root)
        found = {"first_s": first[0], "second_s": second[0], "renamed_s": renamed[0]}
        found |= {"peak_mb": peak_mb(), "known": first[1].matched}
        return found | probes(root, name)


def place() -> Path | None:
    """Where a disk is not what is measured."""
    memory = Path("/dev/shm")  # noqa: S108
    return memory if os.access(memory, os.W_OK) else None


def fill(films: Path, shows: Path) -> None:
    """Half of the files are films, each in a folder, and half are episodes."""
    chance = random.Random(3)
    for number in range(FILES // 2):
        folder = films / f"{title(chance, number)} ({1950 + number % 75})"
        quality = chance.choice(("1080p", "720p", "2160p"))
        put(folder / f"{folder.name} - {quality}.mkv", number)
    for number in range(FILES // 2):
        show, episode = divmod(number, SEASONS * EPISODES)
        season, episode = divmod(episode, EPISODES)
        name = f"Show of the {WORDS[show % len(WORDS)]} {show} ({1990 + show % 35})"
        folder = shows / name / f"Season {season + 1:02}"
        put(folder / f"{name} - S{season + 1:02}E{episode + 1:02}.mkv", number)


def title(chance: random.Random, number: int) -> str:
    return f"{' '.join(chance.sample(WORDS, 3))} {number}"


def put(path: Path, number: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x" * (number % 100 + 1))
    os.utime(path, (10**9 + number, 10**9 + number))


def prepare(root: Path, database: str) -> None:
    home = root / "home"
    home.mkdir(mode=0o700)
    sources = {"shows": {"path": str(root / "shows"), "holds": "shows"}}
    settings = {
        "library_directory": str(root / "films"), "download_directory": str(root / "downloads"),
        "library": {"enabled": True, "sources": sources},
    }  # fmt: skip
    if database == "postgresql":
        settings["database_url"] = os.environ["MOVIE_SYNC_BENCH_URL"]
    (home / "config.json").write_text(json.dumps(settings))


def scan(root: Path, *, tell_all: bool = False) -> tuple[float, Any]:
    """Seconds, and what it came to."""
    from movie_sync import config
    from movie_sync.credentials import Credentials, variable
    from movie_sync.library.scanning import scan as scan_library
    from movie_sync.wiring_library import PASSWORD, alone

    home, stop = root / "home", threading.Event()
    settings = config.load(home, {}, {}).config
    secret = os.environ.get("MOVIE_SYNC_BENCH_PASSWORD", "")
    with alone(settings, home, Credentials(home, {variable(PASSWORD): secret}), stop) as library:
        began = time.perf_counter()
        done = scan_library(library, stop, tell_all=tell_all, at_once=settings.library.at_once)
        return time.perf_counter() - began, done


def probes(root: Path, name: str) -> dict[str, Any]:
    """Of real files, in a library of their own."""
    from movie_sync.services.media import installed

    if not installed() or name != "sqlite":
        return {}
    from tests.library import clips

    other = root / "probes"
    made = [
        clips.make(root / f"clip.{ending}", video=codec)
        for ending, codec in (("mkv", "h264"), ("mp4", "hevc"), ("avi", "mpeg4"), ("webm", "vp9"))
    ]
    (other / "shows").mkdir(parents=True)
    for number in range(PROBES):
        clip = made[number % len(made)]
        folder = other / "films" / f"Film {number} ({1950 + number % 75})"
        folder.mkdir(parents=True)
        shutil.copy(clip, folder / f"{folder.name}{clip.suffix}")
    prepare(other, name)
    scan(other)
    took, done = scan(other, tell_all=True)
    return {"probe_s": took, "probed": done.enriched - done.broken}


def peak_mb() -> float:
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(measured(sys.argv[1])))
    else:
        main()
