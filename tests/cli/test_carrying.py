"""`backup`, `restore`, `export`, `import` and `report`, as a person says them."""

import json
import zipfile

import pytest

from movie_sync import restore_swap
from movie_sync.errors import ConfigError, FilesError
from movie_sync.queues import QueueManager
from tests import make
from tests.cli import call
from tests.queue_home import on_disk
from tests.services.test_radarr import HEAT, KEY, RadarrSite


@pytest.fixture
def home(tmp_path):
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    queue = QueueManager(home, idle_s=60)
    queue.put_many(make.item(number) for number in (1, 2))
    queue.close()
    return home


def said(home, *words, **options):
    result = call(home, *map(str, words), **options)
    assert result.exception is None, result.exception
    return result


def test_a_home_is_carried_to_another_place(home, tmp_path):
    file, there = tmp_path / "b.zip", tmp_path / "there"
    made = said(home, "backup", file)
    assert "2 films" in made.stdout
    assert "keep it to yourself" in made.stderr
    checked = said(there, "restore", file, "--check").stdout
    assert checked.startswith("the backup is sound: settings, queues, ")
    assert on_disk(there) == {}
    brought = said(there, "restore", file, "--only", "queues, stories").stdout
    assert brought.startswith("restored: queues, stories of ")
    assert brought.endswith("; 2 films, 5 files; there was nothing before\n")
    assert on_disk(there) == on_disk(home)


def test_any_command_ends_a_restore_that_broke_off_before_it_reads_anything(home):
    new = restore_swap.prepare(home)
    (new / "config.json").write_text('{"username": "ann"}')
    away = ("queue_pending.json", "queue_pending.json~")
    restore_swap.begin(home, restore_swap.Plan("kept", away, ("config.json",)))
    assert "ann" in said(home, "config", "show").stdout
    assert on_disk(home) == {}
    assert (home / "kept" / "queue_pending.json").exists()


def test_a_backup_without_secrets_says_so_and_warns_of_none(home, tmp_path):
    made = said(home, "backup", tmp_path, "--without-secrets")
    assert "; without secrets (" in made.stdout
    assert made.stderr == ""


def test_films_go_out_and_come_in_again(home, tmp_path):
    for form in ("csv", "json"):
        file, there = tmp_path / f"films.{form}", tmp_path / form
        assert said(home, "export", file).stdout == f"2 films in {file}\n"
        would = said(there, "import", file, "--dry-run").stdout
        assert would == (
            f"  Film 1 (1999)\n  Film 2 (1999)\nfilms.{form}: 2 would be added, 0 known already\n"
        )
        assert said(there, "import", file).stdout == f"films.{form}: 2 added, 0 known already\n"
        assert on_disk(there) == on_disk(home)


def test_an_export_may_go_to_standard_output(home):
    assert said(home, "export", "-").stdout.startswith("id,title,year,")
    told = said(home, "export", "-", "--format", "json", "--state", "completed").stdout
    assert json.loads(told) == []


def test_films_that_radarr_misses_are_imported(home):
    variable = {"MOVIE_SYNC_RADARR__API_KEY": KEY, "MOVIE_SYNC_RADARR_API_KEY": KEY}
    with RadarrSite() as site:
        site.movies = [HEAT, HEAT | {"tmdbId": 1, "imdbId": "tt0000002", "monitored": False}]
        result = said(home, "import", "--from-radarr", site.url, env=variable)
    assert result.stdout == ("radarr: 1 added, 0 known already; 1 skipped: 1 not monitored\n")
    assert "note: Radarr keeps films in /movies" in result.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["export", "films"], "name a FILE that ends with .csv or .json, or say --format"),
        (["import"], "say a FILE or --from-radarr URL"),
    ],
)
def test_wrong_usage_is_told(home, words, told):
    result = call(home, *words)
    assert result.exit_code == 2
    assert told in result.stderr


def test_what_cannot_be_is_told_in_a_sentence(home, tmp_path):
    assert isinstance(call(home, "restore", str(tmp_path / "x.zip")).exception, FilesError)
    asked = call(home, "import", "--from-radarr", "http://127.0.0.1:1")
    assert isinstance(asked.exception, ConfigError)


def test_a_report_is_printed_or_written(home, tmp_path):
    text = said(home, "report", "-").stdout
    assert text.startswith("== versions\nmovie-sync ")
    assert "\n== log\n" in text
    path = tmp_path / "r.zip"
    assert said(home, "report", path, "--anonymous").stdout.startswith(f"{path}: versions, sett")
    with zipfile.ZipFile(path) as archive:
        assert "checks.txt" in archive.namelist()
