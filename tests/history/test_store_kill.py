"""A process that is killed while it stores: what is told again is stored once."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from movie_sync.db import Database
from movie_sync.history.store import HistoryStore

pytestmark = pytest.mark.slow

PLAYS, PAGE = 3_000, 100
IMPORT = """
import sys
from datetime import UTC, timedelta
from pathlib import Path
from movie_sync.db import Database
from movie_sync.history.store import HistoryStore
from tests.history.things import NOON, episode, play

store = HistoryStore(Database(Path(sys.argv[1]), backup=None), UTC)
running = store.syncs(kind="import")
sync = running[0].id if running else store.begin_sync("import", NOON)
first = int(store.checkpoint(sync).get("page", 0))
for page in range(first, int(sys.argv[2]) // int(sys.argv[3])):
    print(page, flush=True)
    told = [
        play(f"trakt:{n}", episode(n % 50, n // 50), NOON + timedelta(days=n))
        for n in range(page * int(sys.argv[3]), (page + 1) * int(sys.argv[3]))
    ]
    store.save_plays(told, NOON, sync_id=sync, checkpoint={"page": str(page + 1)})
store.end_sync(sync, "done", NOON)
"""


def start(path: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", IMPORT, str(path), str(PLAYS), str(PAGE)]
    return subprocess.Popen(command, cwd=Path(__file__).parents[2], stdout=subprocess.PIPE)


def test_an_import_that_is_killed_again_and_again_ends_as_one_that_is_not(tmp_path, empty_library):
    path = tmp_path / "library.db"
    path.write_bytes(empty_library.read_bytes())
    for nth in range(6):
        running = start(path)
        assert running.stdout
        running.stdout.readline()
        time.sleep(nth * 0.03)  # at another place each time
        os.kill(running.pid, signal.SIGKILL)
        running.communicate()
    last = start(path)
    last.communicate(timeout=120)
    assert last.returncode == 0
    db = Database(path, backup=None)
    store = HistoryStore(db)
    (sync,) = store.syncs()
    assert (sync.state, sync.counts) == ("done", {"new": PLAYS, "titles": 1})
    assert store.counts().plays == store.counts().episodes == PLAYS
    assert len(store.export(limit=PLAYS + 1)) == PLAYS
    db.close()
