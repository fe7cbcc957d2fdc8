import json
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from movie_sync.credentials import Credentials
from movie_sync.demo.tmdb_site import SHORT_KEY, TmdbSite
from movie_sync.demo.tmdb_titles import MadeFilm, MadeShow
from tests.library import clips

pytestmark = pytest.mark.slow

KILLS = 20
FILMS, EPISODES = 600, 600  # of the scan: more than two batches
ASKED = 40  # titles that only TMDB can tell
PROBED = 30

QUESTIONS = {
    "titles": "SELECT kind, title, year, files, episodes_owned, genres FROM titles "
              "WHERE deleted_at IS NULL ORDER BY 1, 2, 3",
    "refs": "SELECT r.entity, r.provider, r.key, t.title FROM provider_refs r "
            "JOIN titles t ON t.id = r.entity_id AND t.kind = r.entity ORDER BY 1, 2, 3",
    "assets": "SELECT a.path, a.state, a.probe, a.problem, a.duration_ms, a.audio_languages, "
              "a.matched_by, a.sentence, a.edition, t.title, t.year FROM assets a "
              "LEFT JOIN titles t ON t.id = a.title_id ORDER BY 1",
    "episodes": "SELECT a.path, t.title, s.number, e.number FROM asset_episodes h "
                "JOIN assets a ON a.id = h.asset_id JOIN episodes e ON e.id = h.episode_id "
                "JOIN seasons s ON s.id = e.season_id JOIN titles t ON t.id = e.title_id "
                "ORDER BY 1, 3, 4",
    "media": "SELECT a.path, m.media FROM asset_media m JOIN assets a ON a.id = m.asset_id "
             "ORDER BY 1",
    "asked": "SELECT a.path, r.reason, r.sentence, r.state FROM review_items r "
             "JOIN assets a ON a.id = r.asset_id ORDER BY 1, 2",
    "history": "SELECT a.path, count(*) FROM assignments g JOIN assets a ON a.id = g.asset_id "
               "GROUP BY a.path ORDER BY 1",
    "sightings": "SELECT s.name, x.uri, x.fingerprint, x.deleted_at FROM sightings x "
                 "JOIN sources s ON s.id = x.source_id ORDER BY 1, 2",
}  # fmt: skip


def content(home):
    connection = sqlite3.connect(home / "library.db")
    try:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return {what: connection.execute(query).fetchall() for what, query in QUESTIONS.items()}
    finally:
        connection.close()


def put(path, text="x"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def to_scan(root):
    for n in range(FILMS):
        put(root / f"films/Quiet River {n} ({1950 + n % 70})/Quiet River {n}.mkv", "x" * (n + 1))
    for n in range(EPISODES):
        folder = root / f"shows/Show {n // 30} (2001)/Season 01"
        put(folder / f"Show {n // 30} S01E{n % 30 + 1:02}.mkv", "y" * (n + 1))


def to_identify(root):
    for n in range(ASKED):
        put(root / f"films/Film.Number.{n}.1080p.mkv", "x" * (n + 1))
        put(root / f"shows/Made Up {n // 10}/Made Up {n // 10} - 1x{n % 10 + 1}.mkv", "y" * (n + 1))


def to_enrich(root):
    root.mkdir(parents=True)
    clip = clips.make(root / "clip.mkv", seconds=1.0)
    for n in range(PROBED):
        folder = root / f"films/Film Number {n} ({1950 + n})"
        folder.mkdir(parents=True)
        shutil.copy(clip, folder / f"Film Number {n}.mkv")
    put(root / "films/Broken (1999)/Broken.mkv", "no video" * 200)


FILL = {"scan": to_scan, "identify": to_identify, "enrich": to_enrich}


@pytest.fixture(scope="module")
def tmdb():
    films = [MadeFilm(id=n + 1, title=f"Film Number {n}", day=f"{1950 + n}-01-01")
             for n in range(ASKED)]  # fmt: skip
    shows = [MadeShow(id=n + 1, title=f"Made Up {n}", day="2001-01-01", seasons={1: 10})
             for n in range(ASKED // 10)]  # fmt: skip
    with TmdbSite([*films, *shows]) as site:
        yield site


def made(home, root, work, tmdb):
    home.mkdir(mode=0o700)
    written = {
        "library_directory": str(root / "films"), "download_directory": str(root / "down"),
        "tmdb": {"base_url": f"{tmdb.url}/3", "enabled": work != "scan"},
        "library": {"enabled": True, "probe": work == "enrich", "pictures": False,
                    "sources": {"shows": {"path": str(root / "shows"), "holds": "shows"}}},
    }  # fmt: skip
    (root / "shows").mkdir(exist_ok=True)
    (home / "config.json").write_text(json.dumps(written))
    Credentials(home, {}).set("tmdb.api_key", SHORT_KEY)
    return home


def started(home, work):
    command = [sys.executable, "-m", "tests.library.killed", str(home)]
    command += ["all"] if work != "scan" else []
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def finished(home, work):
    """Seconds from the beginning to the end."""
    with started(home, work) as program:
        assert program.stdout.readline() == "begun\n"
        began = time.monotonic()
        program.stdout.read()
        assert program.wait(120) == 0
    return time.monotonic() - began


@pytest.mark.parametrize("work", ["scan", "identify", "enrich"])
def test_killed_at_any_moment_it_comes_to_the_same_library(work, tmp_path, tmdb):
    root, chance = tmp_path / "there", random.Random(work)
    FILL[work](root)
    took = finished(made(tmp_path / "undisturbed", root, work, tmdb), work)
    undisturbed = content(tmp_path / "undisturbed")
    assert undisturbed["assets"]
    kills = homes = 0
    while kills < KILLS:
        home = made(tmp_path / f"killed {homes}", root, work, tmdb)
        for _ in range(3):
            with started(home, work) as program:
                assert program.stdout.readline() == "begun\n"
                time.sleep(chance.uniform(0.0, took))
                program.kill()
                kills += program.wait(60) != 0
        finished(home, work)
        for what, rows in content(home).items():
            assert set(rows) ^ set(undisturbed[what]) == set(), what
            assert len(rows) == len(undisturbed[what])
        homes += 1
        assert homes < 3 * KILLS, "it is never killed in time"


def test_killed_in_the_middle_of_a_rename_no_history_is_lost(tmp_path, tmdb):
    root = tmp_path / "there"
    to_scan(root)
    home = made(tmp_path / "home", root, "scan", tmdb)
    took = finished(home, "scan")
    Path(root, "films").rename(root / "films.old")
    shutil.move(root / "films.old", root / "films" / "sorted")
    with started(home, "scan") as program:
        assert program.stdout.readline() == "begun\n"
        time.sleep(took / 3)
        program.kill()
        program.wait(60)
    finished(home, "scan")
    kept = dict(content(home)["history"])
    assert len(kept) == FILMS + EPISODES
    assert all("/sorted/" in path for path in kept if "/films/" in path)
