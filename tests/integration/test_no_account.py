"""A newcomer with a list of films and no account anywhere: the real program, one run."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from movie_sync.demo import clips
from movie_sync.demo.archive_site import PUBLIC_DOMAIN, ArchiveSite

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent.parent
FILM = "Night of the Living Dead (1968)"


@pytest.fixture
def archive(tmp_path):
    """Has the film in two items, of which one says what picture it has."""
    clip = tmp_path / "night.avi"
    clips.write(clip, FILM, 700 * 1024)
    facts = {"title": "Night of the Living Dead", "year": "1968", "licenseurl": PUBLIC_DOMAIN}
    with ArchiveSite(tmp_path / "archive") as site:
        site.add("night_of_the_living_dead", clip, **facts)
        site.publish("night_of_the_living_dead", {clip.name: {"height": "480"}}, **facts)
        site.add("night_of_unknown_picture", clip, **facts)
        yield site


def run(home, *words):
    command = [sys.executable, "main.py", "--home", str(home), *words]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=180, check=False
    )


def test_a_public_domain_film_goes_from_a_csv_line_to_the_library(archive, tmp_path):
    home, library = tmp_path / "home", tmp_path / "library"
    home.mkdir(mode=0o700)
    (tmp_path / "films.csv").write_text("title,year\nNight of the Living Dead,1968\n")
    (home / "config.json").write_text(
        json.dumps(
            {
                "lists": [str(tmp_path / "films.csv")],
                "library_directory": str(library),
                "download_directory": str(tmp_path / "downloads"),
                "archive_org": {"base_url": archive.url, "seconds_between_requests": 0},
                "profile": {"min_mib_per_minute": 0},
                "libtorrent": {"listen": "127.0.0.1:0", "local_only": True},
            }
        )
    )
    ended = run(home, "--once")
    assert ended.returncode == 0, ended.stderr
    (placed,) = library.glob("*/*")
    assert placed.relative_to(library).as_posix() == f"{FILM}/{FILM} [480p].avi"
    assert placed.read_bytes() == (tmp_path / "night.avi").read_bytes()
    told = json.loads(run(home, "why", FILM, "--json").stdout)
    assert [event["what"] for event in told["events"]] == ["searched", "taken", "placed"]
    refused = [each for each in told["events"][0]["releases"] if "refused" in each]
    assert [each["refused"][0][0] for each in refused] == ["quality_unknown"]
