import logging
import subprocess
import sys
import time

import libtorrent
import pytest

from movie_sync import settings, torrents
from movie_sync.errors import BadAnswer, FilesError, Unavailable
from movie_sync.models import Phase
from movie_sync.services.libtorrent import LibTorrent
from movie_sync.settings import Seeding
from tests.swarm import contents, done, offer, until

pytestmark = pytest.mark.slow

LOCAL = settings.LibTorrent(local_only=True)


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def start(tmp_path):
    """A client over the folder "state"; closed in the end if the test did not."""
    opened = []

    def new(seeding=None, **options):
        opened.append(LibTorrent(LOCAL, seeding or Seeding(), tmp_path / "state", **options))
        return opened[-1]

    yield new
    for client in opened:
        client.close()


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    with offer(tmp_path_factory.mktemp("offer")) as offered:
        yield offered


def resumed(folder):
    (path,) = folder.glob("*.resume")
    return libtorrent.read_resume_data(path.read_bytes())


def test_nothing_is_started_while_there_is_nothing_to_load(start, tmp_path):
    client = start()
    assert client.transfers(["0" * 40]) == {}
    client.remove("0" * 40, with_files=True)
    assert client.check() == f"built in, libtorrent {libtorrent.__version__[:5]}"
    assert not (tmp_path / "state").exists()


def test_a_film_is_loaded_with_its_folder_and_can_be_removed(start, film, tmp_path):
    client = start()
    handle = client.add(film.torrent, tmp_path / "films")
    transfer = done(client, handle)
    assert (transfer.name, transfer.progress) == (film.path.name, 1.0)
    assert contents(tmp_path / "films" / film.path.name) == contents(film.path)
    assert {file.path: file.size_bytes for file in transfer.files} == {
        path: path.stat().st_size for path in (tmp_path / "films").rglob("*.*") if path.is_file()
    }
    client.remove(handle, with_files=True)
    assert client.transfers([handle]) == {}
    assert contents(tmp_path / "films") == {}
    assert not list((tmp_path / "state").glob("*.resume"))


def test_only_what_a_torrent_notes_as_wanted_is_loaded_and_told(start, film, tmp_path):
    note = torrents.narrowed(film.torrent, [f"{film.path.name}/film.avi"], [])
    client = start()
    handle = client.add(note, tmp_path / "films")
    (loaded,) = done(client, handle).files
    assert loaded.path == tmp_path / "films" / film.path.name / "film.avi"
    assert loaded.path.read_bytes() == (film.path / "film.avi").read_bytes()
    client.close()
    assert done(start(), handle).files == (loaded,)
    assert not (tmp_path / "films" / film.path.name / "Subs").exists()


def test_a_download_removed_without_its_files_leaves_them(start, film, tmp_path):
    client = start()
    handle = client.add(film.torrent, tmp_path / "films")
    done(client, handle)
    client.remove(handle, with_files=False)
    assert contents(tmp_path / "films" / film.path.name) == contents(film.path)


def test_a_download_may_be_removed_before_anything_is_there(start, film, tmp_path):
    client = start()
    client.remove(client.add(film.torrent, tmp_path / "films"), with_files=True)
    assert contents(tmp_path / "films") == {}


def test_what_is_no_torrent_leaves_nothing_behind(start, tmp_path):
    client = start()
    with pytest.raises(BadAnswer, match="libtorrent: sent a web page, not a torrent file"):
        client.add(b"<html>maintenance", tmp_path / "films")
    assert not (tmp_path / "state").exists()


def test_a_download_is_stored_before_it_starts_and_for_its_owner_only(start, film, tmp_path):
    handle = start().add(film.torrent, tmp_path / "films")
    path = tmp_path / "state" / f"{handle}.resume"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert resumed(path.parent).save_path == str(tmp_path / "films")


def test_a_folder_that_cannot_be_made_is_said_and_nothing_starts(start, film, tmp_path):
    (tmp_path / "state").write_text("in the way")
    with pytest.raises(FilesError, match=r"state cannot be used: File exists"):
        start().add(film.torrent, tmp_path / "films")


def test_a_whole_download_is_there_at_once_after_a_restart(start, film, tmp_path):
    first = start()
    handle = first.add(film.torrent, tmp_path / "films")
    done(first, handle)
    first.close()
    transfer = done(start(), handle)
    assert transfer.progress == 1.0
    assert len(transfer.files) == 2


def test_a_damaged_file_is_kept_aside_and_the_others_go_on(start, film, tmp_path, caplog):
    first = start()
    handle = first.add(film.torrent, tmp_path / "films")
    first.close()
    damaged = tmp_path / "state" / f"{'1' * 40}.resume"
    damaged.write_bytes(b"d8:announce")
    with caplog.at_level(logging.WARNING):
        assert done(start(), handle)
    assert damaged.with_suffix(".damaged").read_bytes() == b"d8:announce"
    assert "it is kept as" in caplog.text


def test_seeding_ends_at_the_ratio_and_the_film_stays_done(start, film, tmp_path):
    client = start(Seeding(ratio=0))
    handle = client.add(film.torrent, tmp_path / "films")
    done(client, handle)
    client.close()
    assert resumed(tmp_path / "state").flags & libtorrent.torrent_flags.paused
    assert done(start(Seeding(ratio=0)), handle).files


def test_seeding_goes_on_when_more_is_asked_for(start, film, tmp_path):
    client = start(Seeding(hours=0))
    handle = client.add(film.torrent, tmp_path / "films")
    done(client, handle)
    client.close()
    client = start(Seeding(hours=49))
    done(client, handle)
    client.close()
    assert not resumed(tmp_path / "state").flags & libtorrent.torrent_flags.paused


def test_what_the_disk_stops_is_broken_until_the_disk_is_mended(start, film, tmp_path):
    clock = Clock()
    client = start(monotonic=clock)
    (tmp_path / "films").write_text("in the way")
    handle = client.add(film.torrent, tmp_path / "films")
    transfer = until(lambda: (got := client.transfers([handle])[handle]).message and got)
    assert transfer.phase is Phase.BROKEN
    assert transfer.message == (
        f"{tmp_path}/films/{film.path.name}/Subs/en.srt: Not a directory; tried again every minute"
    )
    (tmp_path / "films").unlink()
    clock.now += 60
    assert client.transfers([handle])[handle].phase is Phase.BROKEN
    clock.now += 6
    assert done(client, handle).message is None


def test_a_download_that_gets_nothing_for_a_minute_is_stalled(start, film, tmp_path):
    clock = Clock()
    client = start(monotonic=clock)
    film.tracker.stop()
    try:
        handle = client.add(film.torrent.replace(b"/announce", b"/n0where!"), tmp_path / "films")
        until(lambda: client.transfers([handle])[handle].phase is Phase.LOADING)
        clock.now += 60
        told = until(lambda: client.transfers([handle])[handle].message)
    finally:
        film.tracker.start()
    assert client.transfers([handle])[handle].phase is Phase.STALLED
    assert told == "its tracker answers: Connection refused"


def test_it_closes_at_once_and_then_says_so(start, film, tmp_path):
    client = start()
    handle = client.add(film.torrent, tmp_path / "films")
    done(client, handle)
    began = time.monotonic()
    client.close()
    assert time.monotonic() - began < 10
    client.close()
    with pytest.raises(Unavailable, match="is closed until the program is started again"):
        client.add(film.torrent, tmp_path / "films")


def test_without_the_package_it_says_what_to_install():
    code = (
        "import sys; sys.modules['libtorrent'] = None\n"
        "from pathlib import Path\n"
        "from movie_sync.errors import ConfigError\n"
        "from movie_sync.services.libtorrent import LibTorrent\n"
        "from movie_sync.settings import LibTorrent as Settings, Seeding\n"
        "try: LibTorrent(Settings(), Seeding(), Path()).check()\n"
        "except ConfigError as error: print(error)\n"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert 'install "movie-sync[torrent]", or set torrent_client to "qbittorrent"' in said.stdout
