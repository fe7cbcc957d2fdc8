"""A process that scans the library of a home to its end: HOME [TELL_ALL]. Says when it begins."""

import os
import sys
import threading
from pathlib import Path

from movie_sync import config
from movie_sync.credentials import Credentials
from movie_sync.library.scanning import scan
from movie_sync.wiring_library import alone


def main(home: Path, *, tell_all: bool) -> None:
    settings, stop = config.load(home, {}, {}).config, threading.Event()
    with alone(settings, home, Credentials(home, {}), stop) as library:
        os.write(1, b"begun\n")
        done = scan(library, stop, tell_all=tell_all, at_once=2)
        assert not done.problems, done.problems


if __name__ == "__main__":
    main(Path(sys.argv[1]), tell_all=len(sys.argv) > 2)
