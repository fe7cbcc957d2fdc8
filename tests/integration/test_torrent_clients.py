import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import libtorrent
import pytest

from movie_sync import settings
from movie_sync.errors import BadAnswer, NotAuthorised, Unavailable
from movie_sync.models import Phase
from movie_sync.services import DownloadClient
from movie_sync.services.libtorrent import LibTorrent
from movie_sync.services.qbittorrent import QBittorrent
from movie_sync.settings import Seeding
from movie_sync.torrents import read
from tests.integration.qbittorrent import MISSING, RealQBittorrent
from tests.swarm import contents, done, offer, until

pytestmark = pytest.mark.slow
LOCAL = settings.LibTorrent(local_only=True)
MIB = 1024**2


@pytest.fixture
def real(tmp_path):
    if not RealQBittorrent.installed():
        pytest.skip(MISSING)
    with RealQBittorrent(tmp_path / "qbittorrent") as program:
        yield program


def connect(program, password=RealQBittorrent.password, **options):
    where = settings.QBittorrent(url=program.url, username=program.username, **options)
    return QBittorrent(where, password, Seeding())


@dataclass
class Kind:
    """One of the two clients; `again` is it after a restart of what downloads."""

    client: DownloadClient
    again: Callable[[], DownloadClient]


@pytest.fixture(params=["libtorrent", "qbittorrent"])
def kind(request, tmp_path):
    opened = []

    def built_in():
        if opened:
            opened[-1].close()
        opened.append(LibTorrent(LOCAL, Seeding(), tmp_path / "state"))
        return opened[-1]

    def external():
        if opened:
            program.stop()
            program.start()
        opened.append(connect(program))
        return opened[-1]

    if request.param == "qbittorrent":
        program = request.getfixturevalue("real")
    make = built_in if request.param == "libtorrent" else external
    yield Kind(make(), make)
    for client in opened:
        client.close()


@pytest.fixture
def slow_film(tmp_path):
    """Takes about two seconds to load."""
    with offer(tmp_path / "offer", size_bytes=4 * MIB, upload_limit_kib_s=2048) as offered:
        yield offered


def test_a_film_is_loaded_whole_and_removed(kind, slow_film, tmp_path):
    client, films = kind.client, tmp_path / "films"
    slow_film.limit(256)
    assert client.check()
    handle = client.add(slow_film.torrent, films)
    assert handle == read(slow_film.torrent).handle
    assert client.transfers([handle]).keys() == {handle}
    part = until(lambda: (got := client.transfers([handle])[handle]).progress > 0 and got)
    # A moment without a byte is "stalled" to qBittorrent.
    assert part.phase in {Phase.LOADING, Phase.STALLED}
    assert part.progress < 1.0
    assert part.files == ()
    assert client.add(slow_film.torrent, tmp_path / "other") == handle

    slow_film.limit(0)
    whole = done(client, handle)
    assert (whole.progress, whole.name) == (1.0, slow_film.path.name)
    placed = films / slow_film.path.name
    assert contents(placed) == contents(slow_film.path)
    assert {file.path for file in whole.files} == {placed / "film.avi", placed / "Subs" / "en.srt"}
    assert all(file.path.stat().st_size == file.size_bytes for file in whole.files)
    assert not (tmp_path / "other").exists()

    client.remove(handle, with_files=True)
    client.remove(handle, with_files=True)
    assert client.transfers([handle]) == {}
    until(lambda: not contents(films))


def test_a_restart_in_the_middle_goes_on_where_it_was(kind, slow_film, tmp_path):
    handle = kind.client.add(slow_film.torrent, tmp_path / "films")
    before = until(lambda: kind.client.transfers([handle])[handle].progress > 0.3)
    assert before
    client = kind.again()
    after = until(
        lambda: (got := client.transfers([handle])[handle]).phase is not Phase.QUEUED and got
    )
    assert after.progress >= 0.3
    assert client.add(slow_film.torrent, tmp_path / "films") == handle
    done(client, handle)
    assert contents(tmp_path / "films" / slow_film.path.name) == contents(slow_film.path)


def test_an_unknown_download_is_absent_and_removing_it_is_fine(kind):
    assert kind.client.transfers(["0" * 40]) == {}
    kind.client.remove("0" * 40, with_files=True)


def test_what_is_no_torrent_is_a_bad_answer(kind, tmp_path):
    with pytest.raises(BadAnswer, match="not a torrent file"):
        kind.client.add(b"<html>maintenance", tmp_path)


def test_a_torrent_of_both_versions_is_found_by_its_first(kind, tmp_path):
    film = tmp_path / "offer" / "film.mkv"
    film.parent.mkdir()
    film.write_bytes(bytes(range(256)) * 300)
    made = libtorrent.create_torrent(libtorrent.list_files(str(film)))
    libtorrent.set_piece_hashes(made, str(film.parent))
    torrent = libtorrent.bencode(made.generate())
    handle = kind.client.add(torrent, film.parent)
    assert handle == read(torrent).handle
    transfer = done(kind.client, handle)
    assert [file.path for file in transfer.files] == [film]
    kind.client.remove(handle, with_files=False)
    assert kind.client.transfers([handle]) == {}
    assert film.exists()


def test_a_wrong_password_is_tried_once(tmp_path, slow_film):
    if not RealQBittorrent.installed():
        pytest.skip(MISSING)
    with RealQBittorrent(tmp_path / "qbittorrent", logins=2) as program:
        wrong = connect(program, "wrong")
        for _ in range(5):
            with pytest.raises(NotAuthorised, match="refused the login of alice") as caught:
                wrong.transfers(["0" * 40])
            assert "wrong" not in str(caught.value)
        with pytest.raises(NotAuthorised):
            wrong.add(slow_film.torrent, tmp_path / "films")
        # A second failure would have banned us, and the right password would not help.
        assert "qBittorrent v" in connect(program).check()


def test_a_ban_is_reported_with_its_length_and_ends_with_a_restart(tmp_path):
    if not RealQBittorrent.installed():
        pytest.skip(MISSING)
    with RealQBittorrent(tmp_path / "qbittorrent", logins=1) as program:
        with pytest.raises(NotAuthorised):
            connect(program, "wrong").check()
        right = connect(program)
        with pytest.raises(Unavailable, match="banned this address") as caught:
            right.check()
        assert caught.value.retry_after_s == 3600
        program.stop()
        program.start()
        with pytest.raises(Unavailable, match="banned this address"):
            right.check()
        assert connect(program).check()


def test_qbittorrent_may_stop_for_a_while_in_the_middle(real, slow_film, tmp_path):
    client = connect(real)
    handle = client.add(slow_film.torrent, tmp_path / "films")
    until(lambda: client.transfers([handle])[handle].progress > 0.1)
    real.stop()
    began = time.monotonic()
    with pytest.raises(Unavailable, match=r"could not be reached at 127\.0\.0\.1"):
        client.transfers([handle])
    with pytest.raises(Unavailable):
        client.add(slow_film.torrent, tmp_path / "films")
    assert time.monotonic() - began < 20
    real.start()
    done(client, handle)
    assert contents(tmp_path / "films" / slow_film.path.name) == contents(slow_film.path)


def test_qbittorrent_is_told_our_category_tags_and_limits(real, slow_film, tmp_path):
    import qbittorrentapi

    client = connect(real, category="films", tags=("movie_sync", "wanted"))
    handle = client.add(slow_film.torrent, tmp_path / "films")
    api = qbittorrentapi.Client(
        real.url, username=real.username, password=real.password, SIMPLE_RESPONSES=True
    )
    try:
        (row,) = api.torrents_info(torrent_hashes=handle)
    finally:
        api.auth_log_out()
        del api
    assert (row["category"], row["tags"]) == ("films", "movie_sync, wanted")
    assert (row["ratio_limit"], row["seeding_time_limit"]) == (1, 49 * 60)
    assert (row["auto_tmm"], Path(row["save_path"])) == (False, tmp_path / "films")


def test_the_other_paths_of_a_qbittorrent_elsewhere_are_translated(real, slow_film, tmp_path):
    (tmp_path / "here").symlink_to(tmp_path / "there")
    client = connect(real, path_map={str(tmp_path / "there"): str(tmp_path / "here")})
    handle = client.add(slow_film.torrent, tmp_path / "here" / "films")
    files = done(client, handle).files
    assert tmp_path / "here" / "films" / slow_film.path.name / "film.avi" in {
        file.path for file in files
    }


LOAD_FOR_EVER = """
import sys, time
from pathlib import Path
from movie_sync.services.libtorrent import LibTorrent
from movie_sync.settings import LibTorrent as Settings, Seeding

client = LibTorrent(Settings(local_only=True), Seeding(), Path(sys.argv[1]))
handle = client.add(Path(sys.argv[2]).read_bytes(), Path(sys.argv[3]))
while True:
    print(client.transfers([handle])[handle].progress, flush=True)
    time.sleep(0.02)
"""


@pytest.mark.parametrize("notes", ["kept", "lost"])
def test_a_killed_built_in_client_goes_on_from_what_the_disk_has(slow_film, tmp_path, notes):
    state, films = tmp_path / "state", tmp_path / "films"
    (tmp_path / "film.torrent").write_bytes(slow_film.torrent)
    child = subprocess.Popen(
        [sys.executable, "-c", LOAD_FOR_EVER, state, tmp_path / "film.torrent", films],
        stdout=subprocess.PIPE,
        text=True,
    )
    with child:
        assert child.stdout
        assert any(float(line) > 0.4 for line in child.stdout)
        child.kill()
    if notes == "lost":
        for path in state.glob("*.resume"):
            path.unlink()
    client = LibTorrent(LOCAL, Seeding(), state)
    try:
        handle = client.add(slow_film.torrent, films)
        after = until(
            lambda: (got := client.transfers([handle])[handle]).phase is not Phase.QUEUED and got
        )
        assert after.progress >= 0.4
        done(client, handle)
        assert contents(films / slow_film.path.name) == contents(slow_film.path)
    finally:
        client.close()


DISK_OF_1_MIB = """
import resource, sys
from pathlib import Path
from movie_sync.models import Phase
from movie_sync.services.libtorrent import LibTorrent
from movie_sync.settings import LibTorrent as Settings, Seeding
from tests.swarm import until

now = [0.0]
_, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (1024**2, hard))
client = LibTorrent(
    Settings(local_only=True), Seeding(), Path(sys.argv[1]), monotonic=lambda: now[0]
)
handle = client.add(Path(sys.argv[2]).read_bytes(), Path(sys.argv[3]))
until(lambda: client.transfers([handle])[handle].phase is Phase.BROKEN)
print(client.transfers([handle])[handle].message)
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
now[0] += 60
assert client.transfers([handle])[handle].phase is Phase.BROKEN


def look():
    now[0] += 6  # a write under way may have failed too, and is tried again a minute later
    transfer = client.transfers([handle])[handle]
    return transfer if transfer.phase is Phase.DONE else None


print(until(look).phase)
client.close()
"""


def test_a_disk_that_takes_no_more_is_told_and_tried_again(slow_film, tmp_path):
    films = tmp_path / "films"
    (tmp_path / "film.torrent").write_bytes(slow_film.torrent)
    said = subprocess.run(
        [sys.executable, "-c", DISK_OF_1_MIB, tmp_path / "state", tmp_path / "film.torrent", films],
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stderr
    film = films / slow_film.path.name / "film.avi"
    assert said.stdout.splitlines() == [f"{film}: File too large; tried again every minute", "done"]
    assert contents(film.parent) == contents(slow_film.path)
