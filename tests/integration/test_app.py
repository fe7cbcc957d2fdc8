import threading
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from movie_sync import config
from movie_sync.app import App
from movie_sync.cli.context import Context
from movie_sync.cli.status import gather
from movie_sync.credentials import Credentials
from movie_sync.demo.tracker_site import WRONG_LOGIN
from movie_sync.demo.watchlist_pages import Markup
from movie_sync.demo.watchlist_site import Trouble
from movie_sync.demo.world import MEMBER, World
from movie_sync.instance import owned
from movie_sync.models import State
from tests.swarm import until

pytestmark = pytest.mark.slow

SOURCE = f"letterboxd:{MEMBER}"
FILMS = 60
KIB = 1024


@pytest.fixture
def world(tmp_path):
    with World(tmp_path, FILMS, clip_bytes=64 * KIB, upload_limit_kib_s=0) as opened:
        yield opened


@contextmanager
def opened(world, **changes):
    loaded = config.load(world.home, {}, changes)
    app = App(world.home, loaded.config, Credentials(world.home, {}), threading.Event())
    try:
        yield app
    finally:
        app.close()


def look(app):
    """One pass of the monitor, as if its time had come."""
    if SOURCE in app.memory.sources:
        app.memory.of(SOURCE).next_at = None
    return app.monitor(datetime.now(UTC))


def status(world):
    return gather(Context(str(world.home), None, {}))


def everything(app):
    return {state: list(app.queue.iter(state)) for state in State}


def breaks_page_2(world):
    world.site.trouble_at[f"/{MEMBER}/watchlist/page/2/"] = Trouble.BROKEN


def closes_all(world):
    world.site.trouble = Trouble.FORBIDDEN


def empties(world):
    world.site.watchlists[MEMBER] = []


def changes_its_pages(world):
    world.site.markup = (Markup.UNKNOWN,)


@pytest.mark.parametrize(
    ("happens", "sentence"),
    [
        (
            breaks_page_2,
            "page 2 of 3 was not read and its films stay as they are: /demo/watchlist/page/2/ "
            "answered 500",
        ),
        (
            closes_all,
            "answered 403 and does not say why; what was read before stays; an export can be "
            "imported instead; 60 films kept",
        ),
        (
            empties,
            "it lists no films any more; all 60 stay as they are; if that is right, say "
            '"watchlist confirm letterboxd:demo"',
        ),
        (
            changes_its_pages,
            "/demo/watchlist/ announces 60 films in an unknown form; none was read; 60 films kept",
        ),
    ],
    ids=["page 2 fails", "all is closed", "it is empty", "unknown markup"],
)
def test_a_watchlist_that_goes_wrong_changes_nothing_and_says_so(world, happens, sentence):
    with opened(world) as app:
        look(app)
        assert len(list(app.queue.iter(State.PENDING))) == FILMS
        assert status(world)["sources"][SOURCE]["problem"] is None
        before = everything(app)
        happens(world)
        for _ in range(4):
            look(app)
        assert everything(app) == before
        told = status(world)["sources"][SOURCE]
    assert (told["problem"], told["films"]) == (sentence, FILMS)
    with opened(world) as app:
        assert len(list(app.queue.iter(State.PENDING))) == FILMS


def test_the_markup_of_2026_is_read_as_that_of_2022(world):
    with opened(world) as app:
        world.site.markup = (Markup.FULL_PATH,)
        look(app)
        before = everything(app)
        for markup in (Markup.BARE_SLUG, Markup.REACT, Markup.IDENTIFIER):
            world.site.markup = (markup,)
            look(app)
            assert status(world)["sources"][SOURCE]["problem"] is None
        assert everything(app) == before


def test_a_refused_indexer_does_not_stop_the_reading_of_watchlists(world):
    world.tracker.trouble = WRONG_LOGIN
    with opened(world) as app:
        look(app)
        item = app.queue.take("film")
        app.queue.fail(item.id, "no indexer lists it", datetime.now(UTC), counted=False)
        world.site.watchlists[MEMBER] = world.site.watchlists[MEMBER][:-1]
        assert look(app) > 60
        assert app.memory.of(SOURCE).absent


def test_the_program_as_a_whole_loads_places_and_tells(world):
    del world.site.watchlists[MEMBER][3:]
    with owned(world.home), opened(world) as app:
        app.start()
        until(lambda: app.queue.counts()[State.COMPLETED] == 3)
        told = status(world)
        assert told["queues"]["completed"] == 3
        assert told["trouble"] == []
        assert told["running"]
        assert world.passkey not in str(told)
    for item in app.queue.iter(State.COMPLETED):
        assert item.data["how"] == "linked"
    assert not list((world.home / "torrents").iterdir())
