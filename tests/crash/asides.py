"""What a person saved and was not taken over: it is safe before their file is written over.

`python -m tests.crash.asides FOLDER COUNT` puts texts aside and says so of each.
"""

import random
import sys
import zlib
from collections import Counter
from pathlib import Path

from movie_sync import queue_files
from movie_sync.models import State
from tests.crash.disk import Disk
from tests.crash.lives import Tally
from tests.crash.promises import Fault
from tests.crash.recording import Recorder, calls_of, moments, recorded
from tests.crash.worker import tell
from tests.queue_home import quick_folder


def put_aside(folder: Path, count: int) -> None:
    for number in range(count):
        text = b"[\n" + b"a person's own words" * (40 * number + 1)
        path = queue_files.path_of(folder, State.FAILED)
        aside = queue_files.put_aside(path, text, "edited", f"20260105T{number:06}")
        tell("!", aside.name, f"{zlib.crc32(text):08x}")


def replay_asides(*, seed: int, count: int) -> Tally:
    """Look at what a power cut would leave at any moment of that."""
    tally, chance, disk = Tally(Counter(replays=1)), random.Random(seed), Disk()
    told: dict[str, str] = {}
    with quick_folder() as folder:
        home, log = folder / "home", folder / "log"
        home.mkdir()
        recorded(log, __name__, home, count)
        for action, ends in moments(Recorder(home).actions(calls_of(log))):
            if action.kind == "said" and not ends:
                _, name, mark = action.text.decode().split()
                told[name] = mark
                tally.counts["acknowledged"] += 1
            else:
                _ = disk.end(action) if ends else disk.begin(action)
            for files in disk.states(chance):
                tally.counts["states"] += 1
                kept = {name: f"{zlib.crc32(text):08x}" for name, text in files.items()}
                lost = [name for name, mark in told.items() if kept.get(name) != mark]
                tally.judge([Fault("lost", name) for name in lost[:1]], "a text put aside")
    return tally


if __name__ == "__main__":
    put_aside(Path(sys.argv[1]), int(sys.argv[2]))
