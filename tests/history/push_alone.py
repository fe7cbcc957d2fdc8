"""A process that tells Trakt of all that it was not told: DATABASE URL TOKEN START. Its time is
made up, and an hour later at each start; it says when it begins."""

import os
import sys
from contextlib import closing
from pathlib import Path

from movie_sync.db import Database
from movie_sync.services.trakt import Trakt
from movie_sync.services.trakt_api import connect
from tests.history.pushes import Household
from tests.services.trakt_account import Clock, HeldTokens


def main(path: Path, url: str, token: str, start: int) -> None:
    clock = Clock()
    clock.now += start * 3600
    paced = {"sleep": clock.sleep, "monotonic": clock, "tries": 1}
    api = connect(url, "made-up-client-id", HeldTokens(token), **paced)
    with (
        closing(Trakt(api, clock=lambda: clock.moment)) as trakt,
        closing(Database(path, backup=None)) as db,
    ):
        home = Household(path.parent, db, trakt, clock)
        with closing(home.queue):
            os.write(1, b"b")
            home.run_on()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]))
