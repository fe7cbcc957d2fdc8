"""A better release in place of a lesser one, and a second version beside the first."""

import threading
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from movie_sync import config
from movie_sync.app import App
from movie_sync.credentials import Credentials
from movie_sync.demo import clips, tracker_site
from movie_sync.demo.seeder import Seeder
from movie_sync.demo.world import World
from movie_sync.films.story import What
from movie_sync.models import State

pytestmark = pytest.mark.slow

FILM = "Night of the Living Dead (1968)"
CLIP_BYTES = 300 * 1024


@pytest.fixture
def offer(tmp_path):
    """Offers releases of one film in a world of its own, each with content of its own."""
    with ExitStack() as opened:

        def start(**settings):
            world = World(tmp_path, 1, clip_bytes=CLIP_BYTES, upload_limit_kib_s=0,
                          more_settings=settings)  # fmt: skip
            opened.enter_context(world)
            world.tracker.spoil(world.offered[0].torrent_id, tracker_site.PAGE, times=0)
            return world, lambda quality: offered(opened, world, quality)

        yield start


def offered(opened, world, quality):
    [first] = world.offered
    name = first.release.replace("1080p.BluRay", quality)
    folder = world.folder / "offered too" / name
    folder.mkdir(parents=True)
    clip = folder / f"{name}{clips.SUFFIX}"
    clips.write(clip, f"{FILM} {quality}", CLIP_BYTES)
    seeder = opened.enter_context(Seeder())
    torrent = seeder.share(folder, world.tracker.announce_url)
    world.tracker.add(torrent, name=name, size_bytes=CLIP_BYTES, seeders=5,
                      imdb_id=first.film.imdb_id)  # fmt: skip
    return clip


@contextmanager
def one_run(world):
    loaded = config.load(world.home, {}, {})
    app = App(world.home, loaded.config, Credentials(world.home, {}), threading.Event())
    try:
        assert app.run_once()
        yield app
    finally:
        app.close()


def placed(world):
    """What lies in the film's folder, by its label."""
    return {path.stem.removeprefix(FILM).strip(): path for path in (world.library / FILM).iterdir()}


def test_a_better_release_takes_the_place_of_a_lesser_one_which_is_kept(offer):
    world, add = offer(profile={"min_mib_per_minute": 0, "cutoff": "2160p",
                                "qualities": ["2160p", "1080p"]})  # fmt: skip
    with one_run(world):
        before = placed(world)["[1080p BluRay]"].read_bytes()
    better = add("2160p.BluRay")
    with one_run(world) as app:
        there = {label: path for label, path in placed(world).items() if path.suffix == ".avi"}
        assert list(there) == ["[2160p BluRay]"]
        assert there["[2160p BluRay]"].read_bytes() == better.read_bytes()
        kept = world.library / ".movie_sync-recycled" / FILM / f"{FILM} [1080p BluRay].avi"
        assert kept.read_bytes() == before
        [item] = app.queue.iter(State.COMPLETED)
        told = [event.what for event in app.parts.stories.read(item.id)]
        assert told[-3:] == [What.SEARCHED, What.TAKEN, What.UPGRADED]
    with one_run(world) as app:  # good enough now
        assert app.queue.counts()[State.COMPLETED] == 1


def test_two_versions_lie_side_by_side_and_neither_replaces_the_other(offer):
    world, add = offer(versions={"small": {"qualities": ["720p"], "min_mib_per_minute": 0}})
    smaller = add("720p.WEB-DL")
    for _ in range(2):
        with one_run(world) as app:
            films = {label: path for label, path in placed(world).items() if path.suffix == ".avi"}
            assert sorted(films) == ["[1080p BluRay]", "[720p WEB-DL]"]
            assert films["[720p WEB-DL]"].read_bytes() == smaller.read_bytes()
            ids = {item.id: Path(item.data["path"]) for item in app.queue.iter(State.COMPLETED)}
            assert len(set(ids.values())) == 2
            assert sorted(id_.partition("@")[2] for id_ in ids) == ["", "small"]
