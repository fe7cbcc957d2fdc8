"""Shows that are on and cannot be: films go on, and everybody who looks is told why."""

import html
import json
import subprocess
import sys
from pathlib import Path

import pytest

from movie_sync import settings_change
from movie_sync.db import FILE
from movie_sync.errors import ConfigError
from tests.cli import call
from tests.web.shows_site import NOBODY
from tests.web.site import Site

WITHOUT_THE_EXTRA = """
import sys
sys.modules["sqlalchemy"] = None
from movie_sync.cli import main
sys.argv = ["movie-sync", "--home", sys.argv[1], "--once"]
sys.exit(main())
"""
SECTION = {"enabled": True, "base_url": NOBODY}


@pytest.fixture
def damaged(tmp_path):
    site = Site(tmp_path, shows=SECTION, username="", lists=["http://127.0.0.1:9/list.csv"])
    (site.home / FILE).write_bytes(b"no database at all" * 100)
    with site:
        yield site


def test_a_damaged_database_of_shows_stops_no_film(damaged):
    said = f"{damaged.home / FILE}: file is not a database"
    assert damaged.get("/wanted").status_code == 200
    assert damaged.get("/ready").json() | {"sonarr": None} == {
        "ready": True, "why_not": [], "status": "ready", "database": False, "sonarr": None,
    }  # fmt: skip
    page = damaged.get("/shows", headers={"Accept": "text/html"})
    assert page.status_code == 503
    assert said in html.unescape(page.text)
    health = call(damaged.home, "status", "--health")
    assert health.exit_code == 1
    assert health.stdout.startswith(f"Movie Sync runs; but shows are unavailable: {said}")
    damaged.running.app.workers[-2].run_once(damaged.running.started_at)
    told = [need["sentence"] for need in damaged.get("/api/v1/needs").json()["needs"]]
    assert len([sentence for sentence in told if said in sentence]) == 1
    assert said in call(damaged.home, "status").stdout


def test_where_shows_are_all_that_is_wanted_the_program_is_not_ready(tmp_path):
    site = Site(tmp_path, shows=SECTION)
    (site.home / FILE).write_bytes(b"no database at all" * 100)
    with site:
        assert site.get("/ready").status_code == 503


def test_a_setting_without_which_shows_cannot_be_is_refused_while_the_program_runs(tmp_path):
    with Site(tmp_path, shows=SECTION) as site:
        before = (site.home / "config.json").read_bytes()
        url = "postgresql://me@host:x/none"
        with pytest.raises(ConfigError, match=r"config\.json is as it was"):
            settings_change.change(site.running, {"database_url": url})
        assert (site.home / "config.json").read_bytes() == before
        assert site.running.app.shows


@pytest.mark.slow
def test_without_the_libraries_for_shows_films_go_on(tmp_path):
    own = {"library_directory": str(tmp_path / "a"), "download_directory": str(tmp_path / "b")}
    text = {"shows": SECTION, "archive_org": {"enabled": False}, **own}
    (tmp_path / "config.json").write_text(json.dumps(text))
    root = Path(__file__).parent.parent.parent
    ended = subprocess.run(
        [sys.executable, "-c", WITHOUT_THE_EXTRA, str(tmp_path)],
        cwd=root, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert "started" in ended.stderr or "stopped" in ended.stderr
    assert 'shows need sqlalchemy, which is not installed; install "movie-sync[shows]"' in (
        ended.stderr
    )
