import json
import random
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

from movie_sync import control
from movie_sync.db import FILE, Database
from movie_sync.demo.shows_world import ADDED, ShowsWorld
from movie_sync.demo.sonarr_site import PROXY
from movie_sync.demo.tvmaze_site import TvMazeSite
from movie_sync.instance import owned
from movie_sync.shows.store import ShowStore
from movie_sync.shows.verdict import ShowState

pytestmark = pytest.mark.slow

WITHIN_S = 180.0
STOPS_WITHIN_S = 15.0  # less than any answer from outside is waited for
KILLS = 4
FIRST_NEW = 600  # an id


@contextmanager
def running(world):
    """The program, for as long as the block lasts; killed at its end if it still runs."""
    with (world.folder / "program.log").open("ab") as out:
        program = subprocess.Popen(world.command(), env=world.environment(), stdout=out, stderr=out)
    try:
        yield program
    finally:
        program.kill()
        program.wait()


def until(condition, seconds=WITHIN_S):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def stop(program):
    """End it as a person does; returns the seconds that took."""
    began_at = time.monotonic()
    program.send_signal(signal.SIGTERM)
    assert program.wait(60) == 0
    return time.monotonic() - began_at


@contextmanager
def catalogue(world):
    db = Database(world.home / FILE, backup=None)
    try:
        yield ShowStore(db)
    finally:
        db.close()


def states(world):
    with catalogue(world) as store:
        return {number: row.state for number, row in store.states().items()}


def counts(world):
    if not (world.home / FILE).exists():
        return {}
    with catalogue(world) as store:
        return store.counts()


def wish(world, **words):
    return control.ask(world.home, do="shows", **words)


def is_read(world):
    try:
        told = wish(world, wish="status")
    except OSError:
        return False
    return bool(told and told["proposal"] and not told["running"])


def test_the_demo_of_shows_ends_with_the_wanted_ones_in_sonarr(tmp_path):
    began_at = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "movie_sync", "demo", "--shows", "--json", "--keep",
         str(tmp_path / "demo")],
        capture_output=True, text=True, check=True, timeout=180,
    )  # fmt: skip
    told = json.loads(done.stdout)
    assert told["ok"], told["problems"]
    assert sorted(told["added"]) == sorted(ADDED)
    assert time.monotonic() - began_at < 60.0


def heeding():
    """Whoever runs the tests in the background has it ignored, and children with them."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_whoever_ends_the_demo_with_its_page_leaves_no_program_behind(tmp_path, how):
    folder = tmp_path / "demo"
    words = ["demo", "--shows", "--web", "--web-port", "0", "--keep", str(folder)]
    demo = subprocess.Popen(
        [sys.executable, "-m", "movie_sync", *words],
        stdout=subprocess.DEVNULL,
        preexec_fn=heeding,  # noqa: PLW1509 - it is the child's own
    )
    try:
        until(lambda: control.ask(folder / "home", do="shows", wish="status") is not None)
        demo.send_signal(how)
        assert demo.wait(STOPS_WITHIN_S) == 0
    finally:
        demo.kill()
        demo.wait()
    with owned(folder / "home"):
        pass


def test_a_dry_run_adds_nothing_and_tells_all(tmp_path):
    with ShowsWorld(tmp_path, dry_run=True) as world, running(world) as program:
        until(lambda: is_read(world))
        told = wish(world, wish="status")
        assert told["proposal"]["by_rule"] == {"korean drama": 2, "british crime": 1, "space": 1}
        stop(program)
        assert not world.added
        assert not [one for one in world.sonarr.asked if one.method != "GET"]


def test_killed_at_any_moment_it_adds_each_show_once_all_the_same(tmp_path):
    chance = random.Random(7)
    with ShowsWorld(tmp_path) as world:
        for _ in range(KILLS):
            with running(world) as program:
                until((world.home / FILE).exists)
                time.sleep(chance.uniform(0.0, 1.2))
                program.kill()
                program.wait()
        with running(world) as program:
            until(lambda: counts(world).get("added") == len(ADDED))
            stop(program)
        assert sorted(world.added) == sorted(ADDED)
        assert set(states(world).values()) == {
            ShowState.ADDED, ShowState.EXISTS, ShowState.REVIEW, ShowState.PENDING_TVDB,
            ShowState.FILTERED,
        }  # fmt: skip


def test_an_outage_of_sonarr_changes_no_state_and_all_are_added_after_it(tmp_path):
    with ShowsWorld(tmp_path) as world:
        world.sonarr.trouble[""] = PROXY
        with running(world) as program:
            until(lambda: counts(world).get("pending") == len(ADDED) + 1)
            before = states(world)
            wish(world, wish="refilter")
            time.sleep(1.0)
            assert states(world) == before
            assert not world.added
            stop(program)
        world.sonarr.trouble.clear()
        for rest in world.home.glob("breaker_sonarr.*"):
            rest.unlink()  # as if it were over
        with running(world) as program:
            until(lambda: counts(world).get("added") == len(ADDED))
            stop(program)
        assert sorted(world.added) == sorted(ADDED)


def test_a_wish_of_a_person_reaches_the_running_program(tmp_path):
    with ShowsWorld(tmp_path) as world, running(world) as program:
        until(lambda: counts(world).get("added") == len(ADDED))
        assert wish(world, wish="approve", show="Seven Moons")["state"] == "pending"
        until(lambda: "Seven Moons" in world.added)
        world.tvmaze.put(FIRST_NEW, name="Newer Tides")
        assert wish(world, wish="sync")["begins"]
        until(lambda: FIRST_NEW in states(world))
        stop(program)


def test_it_stops_within_seconds_in_the_first_reading_of_80000_shows(tmp_path):
    with ShowsWorld(tmp_path, rate_limit=20) as world, TvMazeSite.of(80_000) as site:
        world.tvmaze = site
        path = world.home / "config.json"
        path.write_text(json.dumps(world.settings()))
        for _ in range(2):
            with running(world) as program:
                already = counts(world)
                until(lambda seen=already: counts(world) != seen)
                assert stop(program) < STOPS_WITHIN_S
        with catalogue(world) as store:
            pages = int(store.meta("shows.page")) + 1
            assert sum(store.counts().values()) == len([i for i in site.ids if i < 250 * pages])
        asked = [path for path in site.requests if path.startswith("/shows?page=")]
        assert len(asked) <= pages + 2  # at most one page a stop was asked for in vain
