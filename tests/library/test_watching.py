import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from movie_sync.library import mounts
from movie_sync.library.watching import Watching
from tests.library.folder_trees import plant

SOON_S = 10.0


class Woken:
    """Waits for what is told; it may come in several pieces."""

    def __init__(self):
        self.event = threading.Event()

    def until(self, watching, wanted):
        told = {}
        end = time.monotonic() + SOON_S
        while time.monotonic() < end and not wanted(told):
            self.event.wait(0.2)
            self.event.clear()
            for name, paths in watching.take().items():
                told[name] = None if paths is None else (*(told.get(name) or ()), *paths)
        assert wanted(told), told
        return told


@contextmanager
def watched(*folders, **options) -> Iterator[tuple[Watching, Woken]]:
    woken = Woken()
    options = {"quiet_s": 0.05, "again_s": 0.1, **options}
    watching = Watching({path.name: path for path in folders}, woken.event.set, **options)
    watching.start()
    end = time.monotonic() + SOON_S
    while not watching.began and time.monotonic() < end:
        time.sleep(0.005)
    try:
        yield watching, woken
    finally:
        watching.stop()


def test_a_new_film_is_told_by_its_folder(tmp_path):
    with watched(tmp_path) as (watching, woken):
        plant(tmp_path, ["River (1987)/River (1987).mkv"])
        folder = str(tmp_path / "River (1987)")
        woken.until(watching, lambda told: folder in (told.get(tmp_path.name) or ()))


def test_what_changes_in_a_folder_made_meanwhile_is_told(tmp_path):
    with watched(tmp_path) as (watching, woken):
        plant(tmp_path, ["a/b/c/One.mkv"])
        woken.until(watching, lambda told: told)
        plant(tmp_path, ["a/b/c/Two.mkv"])
        inner = str(tmp_path / "a/b/c")
        woken.until(watching, lambda told: inner in (told.get(tmp_path.name) or ()))


def test_a_film_that_goes_is_told_by_where_it_was(tmp_path):
    plant(tmp_path, ["a/One.mkv", "b/Two.mkv"])
    with watched(tmp_path) as (watching, woken):
        (tmp_path / "a/One.mkv").unlink()
        shutil.rmtree(tmp_path / "b")
        both = {str(tmp_path / "a"), str(tmp_path / "b")}
        woken.until(watching, lambda told: both <= set(told.get(tmp_path.name) or ()))


def test_a_folder_that_is_moved_is_told_by_both_places_and_watched_on(tmp_path):
    plant(tmp_path, ["a/in/One.mkv"])
    with watched(tmp_path) as (watching, woken):
        (tmp_path / "a").rename(tmp_path / "b")
        both = {str(tmp_path / "a"), str(tmp_path / "b")}
        woken.until(watching, lambda told: both <= set(told.get(tmp_path.name) or ()))
        plant(tmp_path, ["b/in/Two.mkv"])
        inner = str(tmp_path / "b/in")
        woken.until(watching, lambda told: inner in (told.get(tmp_path.name) or ()))


def test_what_cannot_change_the_library_wakes_nobody(tmp_path):
    plant(tmp_path, ["a/One.mkv", "apart/x.txt"])
    with watched(tmp_path, apart=[tmp_path / "apart"]) as (watching, woken):
        plant(tmp_path, ["a/notes.txt", "a/.hidden", ".cache/x.mkv", "@eaDir/x.mkv", "apart/y.mkv"])
        (tmp_path / "a/One.mkv").read_bytes()
        plant(tmp_path, ["a/Two.mkv"])
        told = woken.until(watching, lambda told: told)
        assert told == {tmp_path.name: (str(tmp_path / "a"),)}


def test_many_changes_are_one_look_at_all_of_it(tmp_path):
    with watched(tmp_path, quiet_s=0.3) as (watching, woken):
        plant(tmp_path, [f"{n}/One.mkv" for n in range(150)])
        woken.until(watching, lambda told: told == {tmp_path.name: None})


def test_each_source_is_told_of_its_own_changes(tmp_path):
    films, shows = tmp_path / "films", tmp_path / "shows"
    films.mkdir()
    shows.mkdir()
    with watched(films, shows) as (watching, woken):
        plant(shows, ["One.mkv"])
        assert woken.until(watching, lambda told: told) == {"shows": None}


def test_a_folder_that_comes_back_is_looked_at_as_a_whole(tmp_path):
    folder = tmp_path / "films"
    plant(folder, ["One.mkv"])
    with watched(folder) as (watching, woken):
        folder.rename(tmp_path / "unplugged")
        woken.until(watching, lambda told: told == {"films": None})
        (tmp_path / "unplugged").rename(folder)
        woken.until(watching, lambda told: told == {"films": None})
        plant(folder, ["new/Two.mkv"])
        woken.until(watching, lambda told: told.get("films", ()) != ())


def test_a_system_that_watches_no_more_folders_is_said_in_one_sentence(tmp_path):
    plant(tmp_path, [f"{n}/One.mkv" for n in range(20)])
    with watched(tmp_path, most=5) as (watching, woken):
        assert watching.problems == {
            tmp_path.name: f"{tmp_path} is watched in part: this system watches no more folders, 5"
            " are now; others are found by whole looks; raise fs.inotify.max_user_watches"
        }
        plant(tmp_path, ["One.mkv"])
        woken.until(watching, lambda told: told == {tmp_path.name: None})


def test_a_network_drive_is_said_and_not_watched(tmp_path):
    with watched(tmp_path, drive_of=lambda path: "nfs4") as (watching, _):
        assert watching.problems == {
            tmp_path.name: f"{tmp_path} lies on a network drive (nfs4), which does not tell of"
            " changes; they are found by whole looks"
        }


def test_a_stop_takes_less_than_a_second(tmp_path):
    plant(tmp_path, [f"{n}/One.mkv" for n in range(50)])
    with watched(tmp_path, quiet_s=30.0, again_s=60.0) as (watching, _):
        plant(tmp_path, ["Two.mkv"])
        start = time.monotonic()
        watching.stop()
        assert time.monotonic() - start < 1
        assert not watching.alive


def test_the_drive_of_a_folder_is_that_of_the_innermost_mount(tmp_path):
    table = tmp_path / "mounts"
    table.write_bytes(
        b"/dev/sda / ext4 rw 0 0\nnas:/x " + os.fsencode(tmp_path) + b"/my\\040nas nfs4 rw 0 0\n"
    )
    nas = tmp_path / "my nas"
    nas.mkdir()
    assert mounts.network_drive(str(nas / "films"), table) == "nfs4"
    assert mounts.network_drive(str(tmp_path), table) is None
    assert mounts.network_drive(str(tmp_path), tmp_path / "none") is None
