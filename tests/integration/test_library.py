import json
import shutil
import signal
import subprocess
import sys
import time

import pytest

from movie_sync import control
from movie_sync.db import FILE, Database
from movie_sync.demo.library_play import WANTED
from movie_sync.demo.library_world import LibraryWorld
from movie_sync.errors import MovieSyncError
from movie_sync.instance import owned
from movie_sync.library.store import LibraryStore
from tests.integration.test_shows import running, stop, until

pytestmark = pytest.mark.slow

STOPS_WITHIN_S = 15.0


def wish(world, wish, **words):
    try:
        return control.ask(world.home, do="library", wish=wish, **words)
    except (OSError, MovieSyncError):
        return None


def counts(world):
    if not (world.home / FILE).exists():
        return None
    db = Database(world.home / FILE, backup=None)
    try:
        return LibraryStore(db).counts()
    finally:
        db.close()


def is_known(world):
    found = wish(world, "status") and counts(world)
    return bool(found) and found.files == 14 and not (found.waiting or found.unprobed)


def test_the_demo_of_the_library_ends_with_everything_known(tmp_path):
    began_at = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "movie_sync", "demo", "--library", "--json", "--keep",
         str(tmp_path / "demo")],
        capture_output=True, text=True, check=True, timeout=180,
    )  # fmt: skip
    told = json.loads(done.stdout)
    assert told["ok"], told["problems"]
    assert {one["title"] for one in told["titles"]} == WANTED.keys()
    assert told["settled"] == 'a person said that it is "The Kid" (1921)'
    assert (told["counts"]["files"], told["counts"]["broken"]) == (14, 1)
    assert time.monotonic() - began_at < 100.0


def test_whoever_ends_the_demo_with_its_page_leaves_no_program_behind(tmp_path):
    folder = tmp_path / "demo"
    words = ["demo", "--library", "--web", "--web-port", "0", "--keep", str(folder)]
    demo = subprocess.Popen([sys.executable, "-m", "movie_sync", *words], stdout=subprocess.DEVNULL)
    try:
        until(lambda: control.ask(folder / "home", do="library", wish="status") is not None)
        demo.send_signal(signal.SIGTERM)
        assert demo.wait(STOPS_WITHIN_S) == 0
    finally:
        demo.kill()
        demo.wait()
    with owned(folder / "home"):
        pass


def test_the_running_program_notices_what_comes_goes_and_moves(tmp_path):
    with LibraryWorld(tmp_path) as world, running(world) as program:
        until(lambda: is_known(world))
        held = world.shelf / "Charade (1963)"
        shutil.move(held, world.shelf / "Sorted Charade (1963)")
        shutil.rmtree(world.shelf / "Harbour Lights (2019)" / "Season 02")
        until(lambda: counts(world).gone_files == 2)
        assert counts(world).files == 12
        stop(program)


def test_a_wish_of_a_person_reaches_the_running_program(tmp_path):
    with LibraryWorld(tmp_path) as world, running(world) as program:
        until(lambda: is_known(world))
        said = wish(world, "scan", source="shelf")
        assert said["sentence"] == "a look at shelf begins"
        assert counts(world).review == 1
        ask = [sys.executable, "-m", "movie_sync", "--home", str(world.home), "library"]
        subprocess.run([*ask, "review", "ignore", "1"], check=True, env=world.environment())
        assert counts(world).review == 0
        undone = [*ask, "review", "undo", "1"]
        subprocess.run(undone, check=True, env=world.environment())
        until(lambda: counts(world).review == 1)
        stop(program)


def test_tmdb_away_holds_up_nothing_that_can_be_known_without_it(tmp_path):
    from movie_sync.demo.tmdb_site import MAINTENANCE

    with LibraryWorld(tmp_path) as world:
        world.tmdb.trouble = MAINTENANCE
        with running(world) as program:
            until(lambda: wish(world, "status") and counts(world).files == 14)
            until(lambda: counts(world).unprobed == 0)
            assert counts(world).gone_files == 0
            stop(program)
