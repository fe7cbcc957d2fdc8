import json

import pytest

from movie_sync import config, settings
from movie_sync.credentials import Credentials
from movie_sync.demo.tracker_site import WRONG_LOGIN, TrackerSite
from movie_sync.demo.watchlist_site import Trouble, WatchlistSite
from movie_sync.queues import QueueManager
from tests import make
from tests.cli import call

pytestmark = pytest.mark.slow

PASSKEY = "5ec2e7f00dcafe115ec2e7f00dcafe11"


@pytest.fixture
def site():
    with WatchlistSite({"alice": [make.site_film(number) for number in (1, 2, 3)]}) as running:
        yield running


@pytest.fixture
def tracker():
    """Film 1 is offered; film 2 only as seen from a cinema seat."""
    with TrackerSite("ann", PASSKEY) as running:
        for number, kind in ((1, "BluRay"), (2, "HDCAM")):
            running.add(
                make.torrent(f"Film.{number}.mkv", 8 * make.GIB),
                name=f"Film.{number}.1999.1080p.{kind}.x264-GRP",
                size_bytes=8 * make.GIB,
                seeders=20,
                imdb_id=f"tt{number:07}",
            )
        yield running


@pytest.fixture
def home(tmp_path, site, tracker):
    home = config.home_folder(str(tmp_path / "home"), {})
    for name in ("library", "downloads"):
        (tmp_path / name).mkdir()
    slow = {"seconds_between_requests": 0}
    text = {
        "username": "alice",
        "library_directory": str(tmp_path / "library"),
        "download_directory": str(tmp_path / "downloads"),
        "letterboxd": {"base_url": site.url, **slow},
        "filelist": {"base_url": tracker.url, "username": "ann", **slow},
        "archive_org": {"enabled": False},
    }
    (home / "config.json").write_text(json.dumps(text))
    Credentials(home, {}).set("filelist.passkey", PASSKEY)
    return home


def contents(folder):
    return {
        path: path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
        if path.name not in ("config.json~", "budget_filelist.json", "budget_filelist.lock")
    }


def test_it_says_what_would_be_done(home):
    said = call(home, "--dry-run")
    assert said.exit_code == 0
    assert said.stdout.splitlines() == [
        "letterboxd:alice: 3 films",
        "Film 1 (1999): would download Film.1.1999.1080p.BluRay.x264-GRP (8.6 GB)",
        "Film 2 (1999): would wait: 1 found, none accepted: 1 early_copy",
        "Film 3 (1999): would wait: no indexer lists it",
    ]


def test_it_changes_nothing_at_home_or_in_the_library(home, tmp_path):
    queue = QueueManager(home, idle_s=60)
    queue.put_many([make.item(7), make.item(8)])
    queue.complete("film:letterboxd:8")
    queue.close()
    before = contents(tmp_path)
    said = call(home, "--dry-run")
    assert contents(tmp_path) == before
    assert "Film 7 (1999): would wait: no indexer lists it" in said.stdout
    assert "Film 8" not in said.stdout


def test_it_can_be_asked_while_the_program_runs(home):
    queue = QueueManager(home, idle_s=60)
    queue.put_many([make.item(7)])
    try:
        assert "Film 7 (1999): would wait" in call(home, "--dry-run").stdout
    finally:
        queue.close()


def test_what_is_there_already_would_not_be_downloaded(home, tmp_path):
    there = tmp_path / "library" / "Film 1 (1999)" / "Film 1 (1999).mkv"
    there.parent.mkdir()
    there.write_bytes(bytes(100))
    assert f"Film 1 (1999): already in the library as {there}" in call(home, "--dry-run").stdout


def test_a_watchlist_that_cannot_be_read_is_told_of(home, site):
    site.trouble = Trouble.CHALLENGE
    said = call(home, "--dry-run")
    assert said.stdout == (
        "letterboxd:alice: answers with a challenge for browsers; what was read before stays; an "
        "export can be imported instead; nothing was added\n"
    )


def test_it_stops_where_the_indexer_refuses_and_shows_no_secret(home, tracker):
    tracker.trouble = WRONG_LOGIN
    said = call(home, "--dry-run")
    assert said.exit_code == 1
    assert "stopped here: filelist: user name or passkey was refused" in said.stderr
    assert said.stdout.count("would be searched") == 3
    assert PASSKEY not in said.output


def test_without_an_indexer_it_is_not_configured(home):
    Credentials(home, {}).remove("filelist.passkey")
    said = call(home, "--dry-run")
    assert said.exit_code == 3
    assert "FileList needs its passkey: run `credentials set filelist.passkey`" in said.stderr


def test_settings_of_the_profile_decide_here_too(home):
    assert settings.Profile().min_seeders == 1
    said = call(home, "--dry-run", env={"MOVIE_SYNC_PROFILE__MIN_SEEDERS": "50"})
    assert "Film 1 (1999): would wait: 1 found, none accepted: 1 too_few_seeders" in said.stdout
