"""A film whose first release comes to nothing half way, through the program as a whole."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from movie_sync import config
from movie_sync.app import App
from movie_sync.credentials import Credentials
from movie_sync.demo import clips, tracker_site
from movie_sync.demo.seeder import Seeder
from movie_sync.demo.world import World
from movie_sync.films.story import What
from movie_sync.models import Item, State
from movie_sync.services.libtorrent import LibTorrent
from movie_sync.services.qbittorrent import QBittorrent
from movie_sync.settings import LibTorrent as LibTorrentSettings
from movie_sync.settings import QBittorrent as QBittorrentSettings
from movie_sync.settings import Seeding
from tests.integration.qbittorrent import MISSING, RealQBittorrent
from tests.swarm import contents, done, offer, until

pytestmark = pytest.mark.slow

STALLED_S = 10
KIB = 1024
GROUP = "SECOND"


@pytest.fixture
def world(tmp_path):
    """One film, of which somebody gives a first release slowly, and somebody else a second one."""
    more = {"stalled_hours": STALLED_S / 3600}
    with World(
        tmp_path, 1, clip_bytes=3 * 1024 * KIB, upload_limit_kib_s=256, more_settings=more
    ) as opened:
        opened.tracker.spoil(opened.offered[0].torrent_id, tracker_site.PAGE, times=0)
        yield opened


@contextmanager
def second_release(world: World) -> Iterator[Path]:
    """One of less quality, and so taken only when the first is not to be had."""
    [offered] = world.offered
    name = offered.release.replace("1080p.BluRay", "720p.WEB-DL").replace("DEMO", GROUP)
    folder = world.folder / "offered too" / name
    folder.mkdir(parents=True)
    clip = folder / f"{name}{clips.SUFFIX}"
    clips.write(clip, f"{offered.title} again", 1024 * KIB)
    with Seeder() as seeder:
        torrent = seeder.share(folder, world.tracker.announce_url)
        world.tracker.add(
            torrent, name=name, size_bytes=1024 * KIB, seeders=3, imdb_id=offered.film.imdb_id
        )
        yield clip


@contextmanager
def running(world: World) -> Iterator[App]:
    loaded = config.load(world.home, {}, {})
    app = App(world.home, loaded.config, Credentials(world.home, {}), threading.Event())
    app.start()
    try:
        yield app
    finally:
        app.close()


def the_film(app: App) -> tuple[State, Item]:
    [found] = [(state, item) for state in State for item in app.queue.iter(state)]
    return found


def test_a_film_whose_seeder_ends_at_40_percent_arrives_from_the_second_release(world):
    with second_release(world) as clip, running(world) as app:
        until(lambda: app.queue.counts()[State.ACTIVE] and (the_film(app)[1].progress or 0) >= 0.4)
        world.seeder.close()
        until(lambda: the_film(app)[0] is State.COMPLETED, within_s=180)
        _, item = the_film(app)
        first, second = world.offered[0].release, clip.stem
        assert item.data["release"]["name"] == second
        assert Path(item.data["path"]).read_bytes() == clip.read_bytes()
        [blocked] = item.data["blocked"]
        assert blocked["name"] == first
        assert (item.attempts, "leaving" in item.data) == (0, False)
        # The torrent client let go of what it had of the first, and of nothing else.
        until(lambda: [path.name for path in world.downloads.iterdir()] == [second])
        story = app.parts.stories.read(item.id)
    told = [event.what for event in story]
    wanted = [What.TAKEN, What.STALLED, What.SEARCHED, What.TAKEN, What.PLACED]
    assert told[-len(wanted) :] == wanted
    assert first in story[-5].text
    assert story[-4].text.startswith(f"{first}: it got nothing for ")
    assert story[-4].text.endswith("%; it is not taken again")
    assert second in story[-2].text
    assert story[-1].text == f"in the library as {item.data['path']}"
    assert sorted(story, key=lambda event: event.at) == story


def test_what_is_given_up_half_way_leaves_nothing_on_the_disk(tmp_path):
    settings = LibTorrentSettings(local_only=True)
    client = LibTorrent(settings, Seeding(), tmp_path / "state")
    films = tmp_path / "films"
    films.mkdir()
    (films / "another film.mkv").write_text("of another download")
    try:
        with offer(tmp_path / "offer", size_bytes=2048 * KIB, upload_limit_kib_s=512) as film:
            handle = client.add(film.torrent, films)
            until(lambda: client.transfers([handle])[handle].progress > 0.3)
            client.remove(handle, with_files=True)
        assert client.transfers([handle]) == {}
        assert [path.name for path in films.iterdir()] == ["another film.mkv"]
        client.relabel(handle, "replaced")
    finally:
        client.close()


@pytest.mark.skipif(not RealQBittorrent.installed(), reason=MISSING)
def test_a_real_qbittorrent_labels_what_was_replaced_and_keeps_seeding_it(tmp_path):
    import qbittorrentapi

    (tmp_path / "profile").mkdir()
    with RealQBittorrent(tmp_path / "profile") as real, offer(tmp_path / "offer") as film:
        where = QBittorrentSettings(url=real.url, username=real.username)
        client = QBittorrent(where, real.password, Seeding())
        try:
            handle = client.add(film.torrent, tmp_path / "films")
            done(client, handle)
            client.relabel(handle, "replaced")
            client.relabel("0" * 40, "replaced")
        finally:
            client.close()
        login = {"username": real.username, "password": real.password}
        api = qbittorrentapi.Client(real.url, **login, SIMPLE_RESPONSES=True)
        (row,) = api.torrents_info(torrent_hashes=handle)
        api.auth_log_out()
        del api
    assert (row["category"], row["tags"]) == ("movie_sync", "movie_sync, movie_sync-replaced")
    assert contents(tmp_path / "films" / film.path.name) == contents(film.path)
