import threading
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from movie_sync import config, control
from movie_sync.app import App
from movie_sync.credentials import Credentials
from movie_sync.demo.world import MEMBER, World
from movie_sync.instance import owned
from movie_sync.models import State
from tests.cli import call
from tests.swarm import until

pytestmark = pytest.mark.slow

SOURCE = f"letterboxd:{MEMBER}"


@pytest.fixture
def app(tmp_path):
    """A running program with three films in its library, that removes without any grace time."""
    with World(tmp_path, 3, clip_bytes=64 * 1024, upload_limit_kib_s=0) as world:
        now = config.load(world.home, {}, {}).config
        now = replace(
            now,
            enable_removal_cleanup=True,
            removal_grace_period=0,
            seeding=replace(now.seeding, ratio=0.0),
        )
        with owned(world.home):
            opened = App(world.home, now, Credentials(world.home, {}), threading.Event())
            opened.world = world
            commands = control.Server(world.home, opened.answer)
            try:
                opened.start()
                until(lambda: opened.queue.counts()[State.COMPLETED] == 3)
                yield opened
            finally:
                commands.close()
                opened.close()


def drop(app, *, seen):
    """The first film leaves the watchlist: seen by its member, or not."""
    site = app.world.site
    gone, other = site.watchlists[MEMBER][:2]
    site.watchlists[MEMBER].remove(gone)
    site.diaries[MEMBER] = [gone if seen else other]
    for _ in range(3):
        app.memory.of(SOURCE).next_at = None
        app.monitor(datetime.now(UTC))
    (item,) = [
        item
        for state in State
        for item in app.queue.iter(state)
        if item.title.startswith(gone.title)
    ]
    return item


def downloads(app):
    return [path for path in app.parts.download_folder.rglob("*") if path.is_file()]


def test_a_film_that_nobody_wants_goes_with_its_torrent_and_comes_back(app):
    before = len(downloads(app))
    item = drop(app, seen=False)
    assert app.queue.get(item.id)[0] is State.REMOVED
    until(lambda: "leaving" not in app.queue.get(item.id)[1].data)
    assert len(downloads(app)) == before - 2  # the film, and its subtitles
    assert "`cleanup undo` works until" in call(app.world.home, "cleanup", "list").output
    said = call(app.world.home, "cleanup", "undo", item.title).output
    assert said.startswith(f"{item.title} is back in the library as ")
    state, back = app.queue.get(item.id)
    assert state is State.COMPLETED
    assert (app.parts.library_folder / back.data["path"]).stat().st_size == 64 * 1024


def test_a_film_that_was_watched_stays(app):
    item = drop(app, seen=True)
    assert app.queue.get(item.id)[0] is State.COMPLETED
    told = call(app.world.home, "cleanup", "list").output
    assert f"{SOURCE} has seen it, and when_watched is keep" in told
