import pytest

from movie_sync import __version__, checks, settings
from movie_sync.views import system
from movie_sync.views.system import Step


@pytest.mark.parametrize(
    ("fix", "steps"),
    [
        ("see that it runs", [Step("see that it runs")]),
        (
            'mend it, then run "config check"',
            [Step("mend it, then run "), Step("movie-sync config check", is_command=True)],
        ),
        (
            'run "mkdir -p /films", make room in it, or set library_directory to another folder',
            [
                Step("run "),
                Step("mkdir -p /films", is_command=True),
                Step(", make room in it, or set library_directory to another folder"),
            ],
        ),
        (
            'install the package libtorrent, or set torrent_client to "qbittorrent"',
            [Step('install the package libtorrent, or set torrent_client to "qbittorrent"')],
        ),
    ],
)
def test_a_fix_has_its_commands_apart(fix, steps):
    assert system.steps(fix) == steps


@pytest.mark.parametrize("fix", checks.FIXES.values())
def test_no_word_of_a_fix_is_lost(fix):
    told = "".join(step.text for step in system.steps(fix))
    assert told.replace("movie-sync ", "").replace('"', "") == fix.replace('"', "")


def test_folders_on_one_disk_are_told_of_once(tmp_path):
    (tmp_path / "library").mkdir()
    config = settings.Config(
        library_directory=str(tmp_path / "library"), download_directory=str(tmp_path / "gone")
    )
    known, missing = system.disks(tmp_path, config)
    assert known.names == ("home", "library")
    assert 0 < known.free_bytes < known.total_bytes
    assert (missing.names, missing.fault) == (("downloads",), "No such file or directory")


def test_what_the_program_is_made_of():
    found = system.versions()
    assert found.program == __version__
    assert {"msgspec", "requests", "fastapi"} <= set(found.libraries)


def test_the_memory_it_takes_is_no_more_than_the_most_it_took():
    now, most = system.memory_bytes()
    assert 1_000_000 < now <= most
