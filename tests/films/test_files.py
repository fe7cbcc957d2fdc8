import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace

from movie_sync.errors import FilesError, Refused
from movie_sync.films import bringing, recycle
from movie_sync.films.files import How, Neighbours, place
from movie_sync.models import TransferFile
from tests import make
from tests.nobody import acting_as_nobody, open_folder

TOP = Path(__file__).parents[2]
RELEASE = "Film.1.1999.1080p.BluRay.x264-GRP"
NAME = "Film 1 (1999)"
VIDEO = f"{NAME}/{NAME} [1080p BluRay].mkv"


@pytest.fixture
def library(tmp_path):
    folder = tmp_path / "library"
    folder.mkdir()
    return folder


def download(folder, *names, data=b"the film"):
    """A finished download of files with these names; the first one is the largest."""
    written = []
    for number, name in enumerate(names or ("film.mkv",)):
        path = folder / RELEASE / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if number == 0 else b"%d" % number)
        written.append(path)
    return make.transfer(*written)


def tree(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def put(transfer, library, film=None, release=RELEASE, **neighbours):
    return place(film or make.film(), transfer, release, library, Neighbours(**neighbours))


@contextmanager
def failing(*parts):
    with pytest.raises(FilesError) as caught:
        yield
    for part in parts:
        assert part in str(caught.value)


def test_a_film_is_linked_under_its_own_name_with_its_subtitles(tmp_path, library):
    transfer = download(
        tmp_path, "film.mkv", "film.en.srt", "Subs/Romanian.srt", "film.nfo", "a.exe"
    )
    placed = put(transfer, library)
    assert placed.path == library / VIDEO
    assert placed.how is How.LINKED
    assert os.path.samefile(placed.path, transfer.files[0].path)
    stem = VIDEO.removesuffix(".mkv")
    assert tree(library) == [f"{stem}.en.srt", VIDEO, f"{stem}.ro.srt"]
    assert set(placed.files) == {library / name for name in tree(library)}


def test_the_download_stays_as_it_was(tmp_path, library):
    transfer = download(tmp_path, "film.mkv", "film.en.srt")
    before = [(path, path.stat().st_mtime_ns) for path in sorted(tmp_path.rglob("*.*"))]
    put(transfer, library)
    assert before == [(path, path.stat().st_mtime_ns) for path in (file for file, _ in before)]


def test_a_film_on_another_disk_is_copied_with_its_times(other_disk, library):
    transfer = download(other_disk)
    os.utime(transfer.files[0].path, ns=(1_000_000_001, 2_000_000_003))
    placed = put(transfer, library)
    assert placed.how is How.COPIED
    assert placed.path.read_bytes() == b"the film"
    assert placed.path.stat().st_mtime_ns == 2_000_000_003
    assert tree(library) == [VIDEO]


@pytest.mark.parametrize("disk", ["same", "other"])
def test_placing_twice_changes_nothing(disk, tmp_path, library, request):
    folder = request.getfixturevalue("other_disk") if disk == "other" else tmp_path
    transfer = download(folder, "film.mkv", "film.en.srt")
    first = put(transfer, library)
    inodes = [path.stat().st_ino for path in first.files]
    again = put(transfer, library)
    assert again.how is How.ALREADY_THERE
    assert again.files == first.files
    assert inodes == [path.stat().st_ino for path in again.files]


def test_parts_are_placed_in_order(tmp_path, library):
    transfer = download(tmp_path, "film.cd1.avi", "film.cd2.avi")
    placed = put(transfer, library)
    stem = VIDEO.removesuffix(".mkv")
    assert placed.path == library / f"{stem} - cd1.avi"
    assert tree(library) == [f"{stem} - cd1.avi", f"{stem} - cd2.avi"]


def test_a_disc_is_placed_as_it_is(tmp_path, library):
    transfer = download(tmp_path, "BDMV/STREAM/00001.m2ts", "BDMV/index.bdmv")
    placed = put(transfer, library)
    assert placed.path == library / NAME / "BDMV/STREAM/00001.m2ts"
    assert tree(library) == [f"{NAME}/BDMV/STREAM/00001.m2ts", f"{NAME}/BDMV/index.bdmv"]
    assert put(transfer, library).how is How.ALREADY_THERE


def test_another_film_of_the_same_name_is_never_overwritten(tmp_path, library):
    there = library / VIDEO
    there.parent.mkdir()
    there.write_bytes(b"ANOTHER.")  # as long as the new one
    film = make.film(imdb_id="tt1488589")
    placed = put(download(tmp_path), library, film)
    tagged = f"{NAME} [tt1488589]"
    assert placed.path == library / tagged / f"{tagged} [1080p BluRay].mkv"
    assert there.read_bytes() == b"ANOTHER."
    assert put(download(tmp_path), library, film).path == placed.path


def test_a_folder_with_another_video_of_any_name_is_left_to_it(tmp_path, library):
    there = library / NAME / f"{NAME} [720p WEB-DL].mkv"
    there.parent.mkdir()
    there.write_bytes(b"another")
    placed = put(download(tmp_path), library)
    assert placed.path.parent == library / f"{NAME} [3fa9c1d2]"


def test_a_folder_with_only_a_poster_and_a_trailer_is_used(tmp_path, library):
    (library / NAME).mkdir()
    (library / NAME / "poster.jpg").write_bytes(b"poster")
    (library / NAME / "film-trailer.mp4").write_bytes(b"trailer")
    assert put(download(tmp_path), library).path == library / VIDEO


def test_another_version_of_the_film_is_placed_beside_the_first(tmp_path, library):
    first = put(download(tmp_path), library)
    second = download(tmp_path / "uhd", data=b"the film in 2160p")
    release = "Film.1.1999.2160p.WEB-DL.x265-GRP"
    placed = put(second, library, release=release, staying=frozenset(first.files))
    assert tree(library) == [VIDEO, f"{NAME}/{NAME} [2160p WEB-DL].mkv"]
    assert put(second, library, release=release, staying=frozenset(first.files)) == replace(
        placed, how=How.ALREADY_THERE
    )


def test_another_version_of_the_same_name_gets_a_folder_of_its_own(tmp_path, library):
    first = put(download(tmp_path), library)
    other = download(tmp_path / "other", data=b"as long.")
    placed = put(other, library, staying=frozenset(first.files))
    assert placed.path.parent == library / f"{NAME} [3fa9c1d2]"
    assert first.path.read_bytes() == b"the film"


def test_a_better_release_is_placed_beside_what_it_replaces(tmp_path, library):
    old = put(download(tmp_path, "film.mkv", "film.en.srt"), library)
    better = download(tmp_path / "new", data=b"a better one")
    where = {"replaced": frozenset(old.files), "recycled": tmp_path / "bin"}
    placed = put(better, library, release="Film.1.1999.2160p.BluRay", **where)
    assert placed.path.name == f"{NAME} [2160p BluRay].mkv"
    assert old.path.read_bytes() == b"the film"


def test_a_better_release_of_the_same_name_takes_it_over_with_its_subtitles(tmp_path, library):
    old = put(download(tmp_path, "film.mkv", "film.en.srt", "film.ro.srt"), library)
    better = download(tmp_path / "new", "film.mkv", "film.en.srt", data=b"a PROPER one")
    better.files[1].path.write_bytes(b"new words")
    better = make.transfer(*(file.path for file in better.files))
    where = {"replaced": frozenset(old.files), "recycled": tmp_path / "bin"}
    for how in (How.LINKED, How.ALREADY_THERE):
        placed = put(better, library, **where)
        assert (placed.path, placed.how) == (old.path, how)
        assert placed.path.samefile(better.files[0].path)
        stem = VIDEO.removesuffix(".mkv")
        assert tree(tmp_path / "bin") == [f"{stem}.en.srt", VIDEO]
        assert (tmp_path / "bin" / VIDEO).read_bytes() == b"the film"
        assert (library / f"{stem}.en.srt").read_bytes() == b"new words"
        assert (library / f"{stem}.ro.srt").read_bytes() == b"2"


def test_what_was_kept_before_a_crash_is_not_kept_twice(tmp_path, library):
    old = put(download(tmp_path), library)
    recycle.keep(old.path, old.path.parent, tmp_path / "bin")
    (old.path.parent / ".movie_sync-new.part").write_bytes(b"half of the new one")
    better = download(tmp_path / "new", data=b"a PROPER one")
    put(better, library, replaced=frozenset(old.files), recycled=tmp_path / "bin")
    assert tree(tmp_path / "bin") == [VIDEO]
    assert tree(library) == [VIDEO]
    assert old.path.read_bytes() == b"a PROPER one"


def test_a_film_in_several_parts_never_takes_the_names_of_the_old_one(tmp_path, library):
    old = put(download(tmp_path, "film.cd1.avi", "film.cd2.avi"), library)
    better = download(tmp_path / "new", "film.cd1.avi", "film.cd2.avi", data=b"longer")
    better.files[1].path.write_bytes(b"more")
    better = make.transfer(*(file.path for file in better.files))
    placed = put(better, library, replaced=frozenset(old.files), recycled=tmp_path / "bin")
    assert placed.path.parent.name == f"{NAME} [3fa9c1d2]"
    assert old.path.read_bytes() == b"the film"


def test_the_discs_of_two_films_are_never_mixed(tmp_path, library):
    put(download(tmp_path, "BDMV/STREAM/00001.m2ts", "BDMV/index.bdmv"), library)
    other = download(tmp_path / "b", "BDMV/STREAM/00800.m2ts", "BDMV/x.mpls", "BDMV/index.bdmv")
    assert put(other, library).path.is_relative_to(library / f"{NAME} [3fa9c1d2]")


def test_when_every_name_is_taken_the_person_is_asked(tmp_path, library):
    for tag in ("", " [3fa9c1d2]"):
        (library / f"{NAME}{tag}").mkdir()
        (library / f"{NAME}{tag}" / "other.mkv").write_bytes(b"another")
    with failing("hold other files of that name; nothing was overwritten and the download stays"):
        put(download(tmp_path), library)


def test_a_subtitle_of_a_persons_own_stays(tmp_path, library):
    own = library / VIDEO.replace(".mkv", ".en.srt")
    own.parent.mkdir()
    own.write_bytes(b"my own words")
    placed = put(download(tmp_path, "film.mkv", "film.en.srt"), library)
    assert own.read_bytes() == b"my own words"
    assert placed.files == (library / VIDEO,)


def test_a_download_without_a_film_is_refused_for_good(tmp_path, library):
    transfer = download(tmp_path, "film.rar", "film.r00", "setup.exe")
    with pytest.raises(Refused) as caught:
        put(transfer, library)
    assert str(caught.value) == (
        "download: it holds no film but 1 .exe, 1 .r00, 1 .rar; nothing was placed"
    )
    assert tree(library) == []


def test_a_link_in_a_download_is_refused(tmp_path, library):
    secret = tmp_path / "secret.mkv"
    secret.write_bytes(b"private data")
    transfer = download(tmp_path)
    link = transfer.files[0].path
    link.unlink()
    link.symlink_to(secret)
    with pytest.raises(Refused, match=r"is a link or leads out of the download folder"):
        put(make.transfer(link), library)
    assert tree(library) == []


def test_a_folder_that_links_elsewhere_is_refused(tmp_path, library):
    (tmp_path / "private").mkdir()
    (tmp_path / "private" / "film.mkv").write_bytes(b"private data")
    (tmp_path / RELEASE).symlink_to(tmp_path / "private")
    with pytest.raises(Refused):
        put(make.transfer(tmp_path / RELEASE / "film.mkv"), library)
    assert tree(library) == []


def test_a_download_folder_that_is_itself_a_link_is_a_persons_choice(tmp_path, library):
    download(tmp_path / "disk2")
    (tmp_path / "downloads").symlink_to(tmp_path / "disk2")
    transfer = make.transfer(tmp_path / "downloads" / RELEASE / "film.mkv")
    assert put(transfer, library).path == library / VIDEO


def test_a_path_that_climbs_up_is_refused(tmp_path, library):
    download(tmp_path)
    climbing = tmp_path / RELEASE / ".." / RELEASE / "film.mkv"
    with pytest.raises(Refused):
        put(make.transfer(climbing), library)


def test_a_download_that_is_not_where_it_should_be_waits(tmp_path, library):
    gone = make.transfer(files=(TransferFile(tmp_path / "gone.mkv", 5),))
    with failing("gone.mkv cannot be read (No such file or directory)", "is the drive mounted"):
        put(gone, library)


def test_a_download_that_is_shorter_than_announced_waits(tmp_path, library):
    path = tmp_path / "film.mkv"
    path.write_bytes(b"half")
    with failing("film.mkv has 4 bytes of 8 bytes", "nothing was placed"):
        put(make.transfer(files=(TransferFile(path, 8),)), library)


def test_a_library_is_made_but_nothing_above_it(tmp_path):
    transfer = download(tmp_path)
    assert put(transfer, tmp_path / "Movies").path == tmp_path / "Movies" / VIDEO
    with failing("/nas/Movies is not there, nor what is above it; is the drive mounted?"):
        put(transfer, tmp_path / "nas" / "Movies")
    assert not (tmp_path / "nas").exists()


def test_a_library_is_not_made_where_a_drive_seems_unmounted(tmp_path):
    (tmp_path / "nas").mkdir()
    with failing("/nas is empty as without its drive", "make the folder by hand"):
        put(download(tmp_path), tmp_path / "nas" / "Movies")
    assert not (tmp_path / "nas" / "Movies").exists()


def test_a_file_in_the_place_of_the_folder_is_said_to_be_in_the_way(tmp_path, library):
    (library / NAME).write_bytes(b"a file")
    with failing(f"{library / NAME} is in the way; move it away; the download stays"):
        put(download(tmp_path), library)


@pytest.fixture
def reachable():
    with open_folder() as folder:
        yield folder


def test_a_library_of_another_user_is_named_with_its_owner(reachable):
    transfer = download(reachable)
    library = reachable / "library"
    library.mkdir(mode=0o555)
    with acting_as_nobody(), failing(f"{library} may not be written by user", "the download stays"):
        put(transfer, library)
    assert transfer.files[0].path.read_bytes() == b"the film"


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to make a file of another user")
def test_a_file_of_another_user_that_may_not_be_linked_is_copied(reachable):
    if Path("/proc/sys/fs/protected_hardlinks").read_text().strip() != "1":
        pytest.skip("this machine allows hard links to files of others: NOT tested")
    transfer = download(reachable)
    library = reachable / "library"
    library.mkdir()
    library.chmod(0o777)
    with acting_as_nobody():
        assert put(transfer, library).how is How.COPIED


def test_a_name_too_long_for_the_file_system_is_said(tmp_path, library):
    deep = library
    while (left := 4070 - len(str(deep))) > 0:  # no path may be longer than 4,095 bytes
        deep /= "x" * min(left, 250)
        deep.mkdir()
    with failing("is too long for its file system; the download stays"):
        put(download(tmp_path), deep)


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 1 MB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    mounted = shutil.which("mount") and subprocess.run(mount, check=False, capture_output=True)
    if not mounted or mounted.returncode:
        pytest.skip("no small disk may be mounted here: the full disk is NOT tested")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_is_named_with_its_figures_and_nothing_is_begun(tmp_path, small_disk):
    (small_disk / "library").mkdir()
    with failing("library/Film 1 (1999) is full: 2 MB needed, 1 MB free; nothing was placed"):
        put(download(tmp_path, data=bytes(2_000_000)), small_disk / "library")
    assert tree(small_disk) == []


def run(script, *args):
    command = [sys.executable, "-c", script, *map(str, args)]
    return subprocess.Popen(command, cwd=TOP, stdout=subprocess.PIPE, text=True)


PLACE = f"""
import resource
import sys
from pathlib import Path
from movie_sync.films.files import place
from tests import make
for largest_bytes in map(int, sys.argv[3:]):
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest_bytes, largest_bytes))
try:
    print(place(make.film(), make.transfer(Path(sys.argv[1])), "{RELEASE}", Path(sys.argv[2])).how)
except Exception as error:
    print(f"{{type(error).__name__}}: {{error}}")
"""


def test_a_disk_that_fills_up_in_the_middle_leaves_no_litter(other_disk, library):
    [file] = download(other_disk, data=bytes(3_000_000)).files
    with run(PLACE, file.path, library, 1_000_000) as child:
        said, _ = child.communicate(timeout=60)
    assert said.startswith("FilesError: the file system of")
    assert "takes no file that large" in said
    assert tree(library) == []


@pytest.mark.slow
def test_a_copy_killed_in_the_middle_is_whole_after_the_next_try(tmp_path, other_disk):
    library = other_disk / "library"
    library.mkdir()
    source = tmp_path / "film.mkv"
    with source.open("wb") as out:
        out.write(b"begin")
        out.truncate(300_000_000)
    for _ in range(50):  # we may have looked away while it was copied
        with run(PLACE, source, library) as child:
            while not list(library.rglob(bringing.UNFINISHED)) and child.poll() is None:
                time.sleep(0.0005)
            child.kill()
        if not (library / VIDEO).exists():
            break
        (library / VIDEO).unlink()
    assert not (library / VIDEO).exists()
    assert len(tree(library)) == 1
    with run(PLACE, source, library) as child:
        assert child.communicate(timeout=60)[0].strip() == "copied"
    assert tree(library) == [VIDEO]
    assert (library / VIDEO).stat().st_size == 300_000_000
