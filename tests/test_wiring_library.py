import shutil
import threading
from contextlib import contextmanager
from datetime import UTC, datetime

import msgspec
import pytest

from movie_sync import settings
from movie_sync.credentials import Credentials
from movie_sync.demo import plex_site
from movie_sync.errors import ConfigError, NotQueued, QueueError
from movie_sync.library.scanning import scan
from movie_sync.library.wishes import perform
from movie_sync.library_models import Kind
from movie_sync.wiring_library import LOOKS, OFF, LibraryWork, alone, stored
from tests import make
from tests.library.folder_trees import plant
from tests.nobody import acting_as_nobody, open_folder
from tests.wire import free_port

pytestmark = pytest.mark.slow

NAMES = [f"Quiet River {n} ({1950 + n})" for n in range(4)]
FILMS = [f"{name}/{name}.mkv" for name in NAMES]
STOP = threading.Event()


def config(root, **more):
    source = {"path": str(root / "nas"), "holds": "films"}
    written = {
        "library_directory": str(root / "films"), "download_directory": str(root / "down"),
        "library": {"enabled": True, "probe": False, "sources": {"nas": source}},
    }  # fmt: skip
    return msgspec.convert(written | more, settings.Config)


@contextmanager
def opened(root, **more):
    home = root / "home"
    home.mkdir(exist_ok=True)
    with alone(config(root, **more), home, Credentials(home, {}), STOP) as library:
        yield library


def scanned(root, source=None, *, accept=False, **more):
    with opened(root, **more) as library:
        return scan(library, STOP, source=source, accept=accept), library.store.counts()


@pytest.fixture
def there(tmp_path):
    (tmp_path / "films").mkdir()
    plant(tmp_path / "nas", {path: path.encode() for path in FILMS})
    return tmp_path


def test_a_scan_finds_names_and_counts(there):
    done, counts = scanned(there)
    assert (done.sources, done.discovered, done.new, done.matched) == (("films", "nas"), 4, 4, 4)
    assert (done.films, done.needs_review, done.unprobed, done.problems) == (4, 0, 4, {})
    again, _ = scanned(there)
    assert (again.discovered, again.new, again.changed, again.matched) == (4, 0, 0, 0)
    assert counts.films == 4


def test_a_drive_that_is_not_mounted_takes_nothing_away(there, other_disk):
    """The folder is on another device than before, and empty, as below a lost mount."""
    scanned(there)
    shutil.move(there / "nas", there / "elsewhere")
    (there / "nas").mkdir()
    done, counts = scanned(there)
    assert (counts.files, counts.gone_files) == (4, 0)
    assert "nas" in done.problems
    with stored(config(there), there / "home", Credentials(there / "home", {})) as store:
        (row,) = (row for row in store.sources() if row.name == "nas")
        assert row.problem == done.problems["nas"]
        assert row.away_since
    shutil.rmtree(there / "nas")
    _, counts = scanned(there)
    assert counts.gone_files == 0
    shutil.move(there / "elsewhere", there / "nas")
    done, counts = scanned(there)
    assert (done.problems, counts.files) == ({}, 4)


def test_another_device_in_place_of_the_drive_is_no_drive(there, other_disk):
    shutil.copytree(there / "nas", other_disk / "nas")
    shutil.rmtree(there / "nas")
    (there / "nas").symlink_to(other_disk / "nas")
    scanned(there)
    (there / "nas").unlink()
    (there / "nas").mkdir()
    plant(there / "nas", ["Other (1999)/Other (1999).mkv"])
    done, counts = scanned(there)
    assert counts.gone_files == 0
    assert "nas" in done.problems
    done, counts = scanned(there, accept=True)
    assert (counts.gone_files, done.problems) == (4, {})


def test_a_folder_that_may_not_be_read_takes_nothing_away():
    with open_folder() as there:
        there.chmod(0o777)
        with acting_as_nobody():
            (there / "films").mkdir()
            plant(there / "nas", {path: path.encode() for path in FILMS})
            scanned(there)
            closed = there / "nas" / NAMES[1]
            closed.chmod(0)
            try:
                done, counts = scanned(there)
            finally:
                closed.chmod(0o755)
            assert (counts.files, counts.gone_files) == (4, 0)
            assert str(closed) in done.problems["nas"]
            assert done.problems["nas"].endswith("what is in there stays as it was")


def test_a_plex_that_does_not_answer_takes_nothing_away(there):
    plex = plex_site.PlexSite(
        [plex_site.Shelf("1", "Films", [plex_site.film(1, "Far River", 1987)])]
    )
    sources = {"plex": {"kind": "plex"}}
    home = there / "home"
    home.mkdir()
    Credentials(home, {}).set("plex.token", plex_site.TOKEN)
    with plex:
        of_plex = {"plex": {"url": plex.url}, "library": {"enabled": True, "sources": sources}}
        done, counts = scanned(there, **of_plex)
        assert (done.problems, counts.files) == ({}, 1)
        plex.trouble["/"] = plex_site.BROKEN
        done, counts = scanned(there, **of_plex)
        assert (counts.files, counts.gone_files) == (1, 0)
        assert done.problems["plex"].startswith("plex: ")
    of_plex["plex"] = {"url": f"http://127.0.0.1:{free_port()}"}
    done, counts = scanned(there, **of_plex)
    assert counts.gone_files == 0
    assert "plex" in done.problems


def test_a_server_without_a_login_holds_up_no_other_source(there):
    sources = {"plex": {"kind": "plex"}, "nas": {"path": str(there / "nas")}}
    done, counts = scanned(there, library={"enabled": True, "sources": sources})
    assert counts.files == 4
    assert done.problems == {"plex": "plex: Plex needs plex.url and `credentials set plex.token`"}
    with opened(there, library={"enabled": True, "sources": sources}) as library:
        assert [row.problem for row in library.store.sources() if row.name == "plex"]


@pytest.mark.parametrize("what", ["file", "folder", "everything"])
def test_what_moves_keeps_what_is_known_of_it(there, what):
    with opened(there) as library:
        scan(library, STOP)
        before = {row.path: row.id for row in library.store.files().rows}
        (asked,) = (i for path, i in before.items() if NAMES[2] in path)
        perform(library, {"wish": "choose", "assets": [asked], "title": "Another", "year": 1999})
    old = there / "nas" / FILMS[2]
    match what:
        case "file":
            old.rename(old.with_name("renamed.mkv"))
        case "folder":
            old.parent.rename(there / "nas" / "Sorted 2")
        case _:
            (there / "nas").rename(there / "tmp")
            (there / "nas").mkdir()
            (there / "tmp").rename(there / "nas" / "all")
    done, counts = scanned(there)
    assert (done.gone, counts.gone_files, counts.files) == (0, 0, 4)
    assert done.moved == (4 if what == "everything" else 1)
    with opened(there) as library:
        assert {row.id for row in library.store.files().rows} == set(before.values())
        row = library.store.file(asked)
        assert row.by_hand
        assert row.match.sentence == 'a person said that it is "Another" (1999)'


def test_a_source_that_no_setting_names_any_more_is_kept_until_it_is_forgotten(there):
    scanned(there)
    _, counts = scanned(there, library={"enabled": True})
    assert counts.files == 4
    with opened(there, library={"enabled": True}) as library:
        with pytest.raises(QueueError, match="is still a source"):
            perform(library, {"wish": "forget", "source": "films"})
        said = perform(library, {"wish": "forget", "source": "nas"})["sentence"]
        assert said == "nas is forgotten, and with it 4 files; no file was touched"
        assert library.store.counts().gone_files == 4


def test_a_trusted_source_asks_nothing(there):
    plant(there / "nas", ["Without a Year/Without a Year.mkv"])
    done, _ = scanned(there)
    assert done.needs_review == 1
    shutil.rmtree(there / "home")
    source = {"path": str(there / "nas"), "trusted": True, "holds": "films"}
    done, _ = scanned(there, library={"enabled": True, "sources": {"nas": source}})
    assert done.needs_review == 0


def test_a_scan_of_what_is_no_source_names_those_that_are(there):
    with opened(there) as library, pytest.raises(NotQueued, match="those that are: films, nas"):
        scan(library, STOP, source="usb")


def test_a_folder_without_a_path_is_told_by_its_setting(tmp_path):
    wrong = {"enabled": True, "sources": {"usb": {}}}
    with pytest.raises(ConfigError, match=r"library\.sources\.usb needs a path"):
        scanned(tmp_path, library=wrong)


def test_while_it_is_off_it_says_what_switches_it_on(tmp_path, queue):
    home, off = tmp_path / "home", msgspec.convert({}, settings.Config)
    for way in (
        lambda: alone(off, home, Credentials(tmp_path, {}), STOP),
        lambda: stored(off, home, Credentials(tmp_path, {})),
    ):
        with pytest.raises(ConfigError) as raised, way():
            pass
        assert str(raised.value) == OFF
    work = LibraryWork(off, tmp_path, Credentials(tmp_path, {}), STOP, queue)
    assert work.names == ()
    with pytest.raises(QueueError, match="the library is off"):
        work.perform({"wish": "scan"})
    work.close()


def test_a_film_that_arrives_is_looked_at_and_has_the_ids_that_it_was_wanted_by(there, queue):
    path = there / "films" / "Quiet River (1999)" / "Quiet River (1999).mkv"
    plant(there / "films", [str(path.relative_to(there / "films"))])
    work = LibraryWork(config(there), there, Credentials(there, {}), threading.Event(), queue)
    work.follow(queue)
    item = make.item(7, title="Quiet River (1999)")
    queue.put_many([item])
    queue.take(item.kind)
    queue.complete(item.id, data=item.data | {"path": str(path), "imdb_id": "tt0000007"})
    work.follow(queue)
    looks = work.worker(LOOKS)
    while looks.run_once(datetime.now(UTC)) == 0.0:
        pass
    assert not looks.failure
    (row,) = (row for row in work.library.store.files().rows if row.path == str(path))
    assert work.library.store.find_ids(Kind.FILM, {"imdb": "tt0000007"}) == row.title_id
    work.close()
