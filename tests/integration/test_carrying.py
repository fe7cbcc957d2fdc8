"""Backup and restore with the real program: while it works, on another home, and killed."""

import random
import signal
import subprocess
import sys
import time

import pytest

from movie_sync.backup import backup
from movie_sync.demo.world import World
from movie_sync.instance import owned
from movie_sync.models import State
from movie_sync.queue_load import load
from movie_sync.queues import QueueManager
from movie_sync.restore import check
from tests import make
from tests.integration.test_demo import ROOT, running, stop, wait_for
from tests.queue_home import on_disk

pytestmark = pytest.mark.slow

KILLS = 12


def ids(home, reader=True):
    items, _ = load(home, reader=reader)
    return {id_ for state in State for id_ in items[state]}


def ran(world, home, *words):
    command = world.command(*words)
    command[command.index("--home") + 1] = str(home)
    return subprocess.run(
        command, env=world.environment(), capture_output=True, text=True, timeout=180, check=False
    )


def test_a_backup_taken_while_films_arrive_goes_on_elsewhere(tmp_path):
    with World(tmp_path / "world", 4, upload_limit_kib_s=2000) as world:
        file, there = tmp_path / "b.zip", tmp_path / "there"
        with running(world) as program:
            assert wait_for(lambda: len(ids(world.home)) == 4)
            assert wait_for(lambda: load(world.home, reader=True)[0][State.ACTIVE])
            for number in range(5):  # whenever it is taken, it is whole
                made = ran(world, world.home, "backup", str(tmp_path / f"{number}.zip"))
                assert made.returncode == 0, made.stderr
                check(tmp_path, tmp_path / f"{number}.zip", {})
            assert ran(world, world.home, "backup", str(file)).returncode == 0
            refused = ran(world, world.home, "restore", str(file))
            assert refused.returncode == 1
            assert "and would write over it; nothing was restored" in refused.stderr
            assert stop(program) == 0
        brought = ran(world, there, "restore", str(file))
        assert brought.returncode == 0, brought.stderr
        assert brought.stdout.startswith("restored: settings, queues, ")
        assert ids(there) == ids(world.home)
        world.home.rename(tmp_path / "old")
        there.rename(world.home)
        with running(world) as program:
            assert wait_for(lambda: len(load(world.home, reader=True)[0][State.COMPLETED]) == 4), (
                world.folder / "program.log"
            ).read_text()
            assert stop(program) == 0
        assert len(list(world.library.rglob("*.avi"))) == 4


def test_a_restore_that_is_killed_leaves_the_old_state_or_the_new_one(tmp_path):
    before, after = tmp_path / "before", tmp_path / "after"
    for home, numbers in ((before, range(1, 200)), (after, range(500, 900))):
        (home / "stories").mkdir(parents=True)
        queue = QueueManager(home, idle_s=60)
        queue.put_many(map(make.item, numbers))
        queue.close()
        for number in numbers:
            (home / "stories" / f"{number}.jsonl").write_text(f"{number}\n")
        (home / "config.json").write_text(f'{{"username": "{home.name}"}}')
    file = backup(after, tmp_path / "b.zip", make.NOON).path
    old, new = on_disk(before), on_disk(after)
    whole_s = timed(before, tmp_path / "timed", file)
    outcomes = set()
    for number in range(KILLS):
        home = copied(before, tmp_path / f"home-{number}")
        program = started(home, file)
        time.sleep(random.uniform(0.3, 1.0) * whole_s)
        program.send_signal(signal.SIGKILL)
        program.wait()
        with owned(home):
            pass
        found = on_disk(home)
        assert found in (old, new)
        expected = after if found == new else before
        assert (home / "config.json").read_text() == (expected / "config.json").read_text()
        assert {path.name for path in (home / "stories").iterdir()} == {
            path.name for path in (expected / "stories").iterdir()
        }
        assert not (home / ".restoring").exists()
        outcomes.add(expected.name)
    assert outcomes  # which of the two depends on the machine


def copied(home, to):
    subprocess.run(["cp", "-a", str(home), str(to)], check=True)
    return to


def started(home, file):
    command = [sys.executable, "-m", "movie_sync", "--home", str(home)]
    return subprocess.Popen(
        [*command, "restore", str(file)], cwd=ROOT,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def timed(home, to, file):
    home, began = copied(home, to), time.monotonic()
    assert started(home, file).wait() == 0
    return time.monotonic() - began
