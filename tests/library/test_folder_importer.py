import os
import shutil
import threading
import time

import msgspec
import pytest

from movie_sync.errors import Away, Stopping
from movie_sync.library import hanging
from movie_sync.library.folder_importer import FolderImporter
from movie_sync.library_models import Found, Seen, Unread
from movie_sync.media_names import storable
from tests.library.folder_trees import OLD_NS, found, line, look, plant
from tests.nobody import acting_as_nobody, open_folder

FILM = "River (1987)/River (1987).mkv"
OTHER = "Garden (2001)/Garden (2001).mkv"
EPISODE = "Hills (2008)/Season 1/Hills - S01E01.mkv"


def known_of(root, **options):
    return {each.uri: each.fingerprint for each in found(root, **options).values()}


def kinds(everything):
    return [type(each).__name__ for each in everything]


def test_what_is_as_it_was_is_seen_and_not_read_again(tmp_path):
    plant(tmp_path, [FILM, OTHER, EPISODE])
    again = look(tmp_path, known_of(tmp_path))
    assert kinds(again) == ["Seen"] * 3


@pytest.mark.parametrize(
    "change",
    [
        lambda root: plant(root, {FILM: b"another film"}),
        lambda root: os.utime(root / FILM, ns=(OLD_NS, OLD_NS + 1)),
        lambda root: plant(root, ["River (1987)/River (1987).en.srt"]),
        lambda root: plant(root, ["River (1987)/poster.jpg"]),
        lambda root: plant(root, {"River (1987)/movie.nfo": b"imdb.com/title/tt0000001"}),
        lambda root: plant(root, ["River (1987)/tvshow.nfo"]),
        lambda root: plant(root, ["River (1987)/.plexmatch"]),
        lambda root: plant(root, ["River (1987)/Another.mkv"]),
    ],
)
def test_a_change_of_the_file_or_of_what_tells_of_it_is_found(tmp_path, change):
    plant(tmp_path, [FILM])
    known = known_of(tmp_path)
    change(tmp_path)
    changed = [each.uri for each in look(tmp_path, known) if isinstance(each, Found)]
    assert str(tmp_path / FILM) in changed


def test_reading_a_file_or_changing_its_rights_is_no_change(tmp_path):
    plant(tmp_path, [FILM])
    known = known_of(tmp_path)
    os.utime(tmp_path / FILM, ns=(time.time_ns(), OLD_NS))
    os.chmod(tmp_path / FILM, 0o600)
    assert kinds(look(tmp_path, known)) == ["Seen"]


def test_each_teller_tells_for_itself_the_most_trusted_first(tmp_path):
    plant(
        tmp_path,
        {
            "Hils (2008)/tvshow.nfo": b"<tvshow><title>Hills</title><tvdbid>7</tvdbid></tvshow>",
            "Hils (2008)/.plexmatch": b"title: The Hills\ntmdbid: 8\n",
            "Hils (2008)/Season 1/Hlls - S01E02.mkv": b"film",
            "Hils (2008)/Season 1/Hlls - S01E02.nfo": b"<episodedetails><title>Two</title>"
            b"<season>1</season><episode>2</episode></episodedetails>",
        },
    )
    (only,) = found(tmp_path).values()
    assert line(only.told) == (
        'nfo show s1 e2 "Two" | nfo show <The Hills> tmdb:8 | nfo show <Hills> tvdb:7'
        " | folder show <Hils> 2008 s1 | file show <Hlls> s1 e2"
    )


def test_what_lies_beside_a_film_goes_along_with_it(tmp_path):
    paths = (
        "poster.jpg fanart.jpg movie.nfo River (1987).en.forced.srt River (1987).de.sdh.srt"
        " River (1987)-poster.jpg notes.txt Subs/2_English.srt theme.mp3"
    )
    names = paths.replace("River (1987)", "River\N{NO-BREAK SPACE}(1987)").split(" ")
    beside = [f"River (1987)/{name}".replace("\N{NO-BREAK SPACE}", " ") for name in names]
    plant(tmp_path, [FILM, *beside])
    sidecars = found(tmp_path)[FILM].sidecars
    told = {
        (os.path.basename(each.path), each.what, each.language, each.forced, each.hearing_impaired)
        for each in sidecars
    }
    assert told == {
        ("River (1987).en.forced.srt", "subtitles", "en", True, False),
        ("River (1987).de.sdh.srt", "subtitles", "de", False, True),
        ("2_English.srt", "subtitles", "en", False, False),
        ("River (1987)-poster.jpg", "poster", None, False, False),
        ("poster.jpg", "poster", None, False, False),
        ("fanart.jpg", "backdrop", None, False, False),
        ("movie.nfo", "nfo", None, False, False),
    }


def test_subtitles_of_a_season_are_found_in_the_folder_of_each_episode(tmp_path):
    names = ("Hills.S01E01.720p-GRP", "Hills.S01E02.720p-GRP")
    plant(tmp_path, [f"Hills.S01.720p-GRP/{name}.mkv" for name in names])
    plant(tmp_path, [f"Hills.S01.720p-GRP/Subs/{name}/2_English.srt" for name in names])
    for each in found(tmp_path).values():
        assert [(text.language, text.what) for text in each.sidecars] == [("en", "subtitles")]


def test_a_disc_is_one_thing_and_is_probed_by_its_longest_part(tmp_path):
    plant(
        tmp_path,
        {
            "River (1987)/BDMV/STREAM/00001.m2ts": b"1",
            "River (1987)/BDMV/STREAM/00002.m2ts": b"12345",
            "River (1987)/BDMV/index.bdmv": b"x",
            "River (1987)/movie.nfo": b"<movie><title>River</title></movie>",
        },
    )
    ((path, disc),) = found(tmp_path).items()
    assert path == "River (1987)/BDMV"
    assert disc.path == str(tmp_path / "River (1987)/BDMV/STREAM/00002.m2ts")
    assert (disc.size_bytes, disc.told[0].titles) == (6, ("River",))


def test_a_name_that_is_no_text_is_found_and_can_be_kept_as_text(tmp_path):
    name = os.fsdecode(b"Caf\xe9 (1999).mkv")
    (tmp_path / name).write_bytes(b"film")
    os.utime(tmp_path / name, ns=(OLD_NS, OLD_NS))
    (only,) = look(tmp_path)
    assert only.path == str(tmp_path / name)
    assert only.uri == storable(only.path)
    msgspec.json.encode((only.uri, only.told))
    assert look(tmp_path, {only.uri: only.fingerprint}) == [Seen(only.uri)]


def test_links_are_followed_once_and_never_round_in_circles(tmp_path):
    root, elsewhere = tmp_path / "films", tmp_path / "elsewhere"
    plant(root, [FILM])
    plant(elsewhere, [OTHER])
    (root / "linked").symlink_to(elsewhere)
    (root / "linked too").symlink_to(elsewhere)
    (root / "myself").symlink_to(root)
    (elsewhere / "back").symlink_to(root)
    (elsewhere / "round").symlink_to(elsewhere)
    assert sorted(found(root)) == [FILM, f"linked/{OTHER}"]


def test_a_film_that_is_linked_is_found_by_its_link(tmp_path):
    plant(tmp_path, {"store/a": b"12345", "films/x": b""})
    link = tmp_path / "films/River (1987).mkv"
    link.symlink_to(tmp_path / "store/a")
    assert found(tmp_path / "films")["River (1987).mkv"].size_bytes == 5


def test_a_link_to_a_drive_that_is_away_takes_nothing_away(tmp_path):
    root, drive = tmp_path / "films", tmp_path / "drive"
    plant(root, [FILM])
    plant(drive, [OTHER, "one.mkv"])
    (root / "drive").symlink_to(drive)
    (root / "One (2000).mkv").symlink_to(drive / "one.mkv")
    known = known_of(root)
    drive.rename(tmp_path / "unplugged")
    again = look(root, known)
    assert Seen(str(root / "One (2000).mkv")) in again
    assert [each.prefix for each in again if isinstance(each, Unread)] == [f"{root}/drive/"]


def test_a_folder_that_cannot_be_read_is_said_and_all_else_is_found():
    with open_folder() as root:
        plant(root, [FILM, OTHER])
        os.chmod(root / "River (1987)", 0)
        try:
            with acting_as_nobody():
                everything = look(root)
        finally:
            os.chmod(root / "River (1987)", 0o755)  # noqa: S103
    assert kinds(everything) == ["Found", "Unread"]
    assert everything[1] == Unread(
        f"{root}/River (1987)/",
        f"{root}/River (1987) could not be read (Permission denied)",
    )


def test_a_folder_that_is_not_there_is_away(tmp_path):
    with pytest.raises(Away, match="is not there; nothing in it was marked as gone"):
        look(tmp_path / "unplugged")


def test_a_folder_that_is_suddenly_empty_is_away(tmp_path):
    plant(tmp_path, [FILM])
    known = known_of(tmp_path)
    shutil.rmtree(tmp_path / "River (1987)")
    with pytest.raises(Away, match="is empty, and 1 file is known in it"):
        look(tmp_path, known)
    (tmp_path / "I know.txt").touch()
    assert look(tmp_path, known) == []


def test_an_empty_folder_of_which_nothing_is_known_is_just_empty(tmp_path):
    assert look(tmp_path) == []


def test_another_drive_in_its_place_is_away_unless_a_known_file_is_on_it(tmp_path):
    plant(tmp_path, [OTHER])
    before = {str(tmp_path): -1}
    with pytest.raises(Away, match="lies on another drive than before"):
        look(tmp_path, {str(tmp_path / FILM): "x"}, remembered=before)
    known = {str(tmp_path / FILM): "x", **known_of(tmp_path)}
    assert kinds(look(tmp_path, known, remembered=before)) == ["Seen"]


def test_a_drive_within_the_folder_that_is_away_is_unread_and_remembered(tmp_path):
    plant(tmp_path, [FILM, "disk2/stray (1999).mkv"])
    disk = str(tmp_path / "disk2")
    importer = FolderImporter("films", tmp_path, remembered={disk: -1})
    known = {f"{disk}/Old (1980).mkv": "x"}
    everything = list(importer.discover(known, threading.Event()))
    assert kinds(everything) == ["Unread", "Found"]
    assert everything[0].prefix == f"{disk}/"
    assert importer.drives == {disk: -1, str(tmp_path): os.stat(tmp_path).st_dev}


def test_only_what_was_asked_for_is_looked_at_and_told_with_all_around_it(tmp_path):
    plant(tmp_path, [FILM, EPISODE, "Hills (2008)/Season 2/03.mkv"])
    importer = FolderImporter("films", tmp_path)
    season = tmp_path / "Hills (2008)/Season 2"
    (only,) = importer.discover({}, threading.Event(), [str(season)])
    assert line(only.told) == "folder show <Hills> 2008 s2 | file show e3"
    assert importer.scope([str(season)]) == (f"{season}/",)


def test_a_change_of_subtitles_is_one_of_the_film_that_they_are_of(tmp_path):
    plant(tmp_path, [FILM, "River (1987)/Subs/2_English.srt"])
    importer = FolderImporter("films", tmp_path)
    subs = str(tmp_path / "River (1987)/Subs")
    (only,) = importer.discover({}, threading.Event(), [subs])
    assert only.uri == str(tmp_path / FILM)
    assert importer.scope([subs]) == (f"{tmp_path}/River (1987)/",)


def test_a_file_that_somebody_writes_waits_for_the_next_look(tmp_path):
    plant(tmp_path, [FILM, OTHER, f"{OTHER}.part"])
    known = {str(tmp_path / OTHER): "as it was"}
    importer = FolderImporter("films", tmp_path)
    everything = list(importer.discover(known, threading.Event()))
    assert sorted(kinds(everything)) == ["Found", "Seen"]
    assert importer.unsettled == (str(tmp_path / OTHER),)


@pytest.mark.slow
def test_a_file_that_grows_while_it_is_looked_at_waits_too(tmp_path):
    plant(tmp_path, [FILM])
    os.utime(tmp_path / FILM)
    importer = FolderImporter("films", tmp_path)
    done = threading.Event()

    def write():
        with open(tmp_path / FILM, "ab") as file:
            while not done.wait(0.02):
                file.write(b"more")
                file.flush()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert list(importer.discover({}, threading.Event())) == []
    finally:
        done.set()
        writer.join()
    assert importer.unsettled == (str(tmp_path / FILM),)
    assert kinds(importer.discover({}, threading.Event())) == ["Found"]


def test_an_empty_file_is_found_with_what_is_wrong(tmp_path):
    plant(tmp_path, {FILM: b""})
    assert found(tmp_path)[FILM].problem == (
        f"{tmp_path / FILM} is empty; put the whole file in its place"
    )


@pytest.mark.parametrize(
    "path",
    [
        ".hidden/x.mkv",
        "@eaDir/x.mkv",
        "#recycle/x.mkv",
        "$RECYCLE.BIN/x.mkv",
        ".movie_sync-recycled/x.mkv",
        "Film (2001)/._Film (2001).mkv",
        "Film (2001)/Plex Versions/x.mkv",
        "Film (2001)/readme.txt",
        "Film (2001)/x.mkv.part",
        "Film (2001)/x.mkv.!qB",
    ],
)
def test_what_no_person_keeps_is_passed_over(tmp_path, path):
    plant(tmp_path, [path])
    assert look(tmp_path) == []


@pytest.mark.parametrize(
    ("rules", "left"),
    [
        ({"a/.nomedia": b""}, ["b/Two (2002).mkv"]),
        ({"a/.ignore": b""}, ["b/Two (2002).mkv"]),
        ({".ignore": b"# mine\nTwo*\n"}, ["a/One (2001).mkv"]),
        ({".plexignore": b"a/*\n"}, ["b/Two (2002).mkv"]),
        ({".plexignore": b"*One*\nb\n"}, []),
        ({".plexignore": b""}, ["a/One (2001).mkv", "b/Two (2002).mkv"]),
    ],
)
def test_what_a_person_wants_nothing_of_is_passed_over(tmp_path, rules, left):
    plant(tmp_path, ["a/One (2001).mkv", "b/Two (2002).mkv"])
    plant(tmp_path, rules)
    assert sorted(found(tmp_path)) == left


def test_a_folder_apart_is_passed_over(tmp_path):
    plant(tmp_path, [FILM, "downloads/Half.2001.mkv"])
    assert list(found(tmp_path, apart=[tmp_path / "downloads"])) == [FILM]


def test_a_stop_ends_it_soon(tmp_path):
    plant(tmp_path, [FILM])
    stop = threading.Event()
    stop.set()
    with pytest.raises(Stopping, match="nothing in it was marked as gone"):
        list(FolderImporter("films", tmp_path).discover({}, stop))


def test_a_drive_that_hangs_is_away_and_hangs_nobody():
    answered = threading.Event()

    def reads(pulse):
        yield 1
        answered.wait(60)

    with pytest.raises(Away, match=r"/films has not answered for 0\.3 s"):
        list(hanging.read(reads, threading.Event(), 0.3, "/films"))
    answered.set()


@pytest.mark.slow
def test_a_slow_listener_is_no_drive_that_hangs():
    got = []
    for each in hanging.read(lambda pulse: iter(range(1200)), threading.Event(), 0.3, "/films"):
        if each == 5:
            time.sleep(0.7)
        got.append(each)
    assert got == list(range(1200))


@pytest.mark.slow
def test_twenty_thousand_files_are_found_in_seconds_and_seen_in_less_than_one(tmp_path):
    plant(
        tmp_path,
        [
            f"Show {n} ({1980 + n % 40})/Season {s}/Show.{n}.S0{s}E{e:02}.720p.HDTV.x264-GRP.mkv"
            for n in range(250)
            for s in range(1, 5)
            for e in range(1, 21)
        ],
    )
    start = time.perf_counter()
    known = known_of(tmp_path)
    first = time.perf_counter() - start
    start = time.perf_counter()
    again = look(tmp_path, known)
    second = time.perf_counter() - start
    assert (len(known), set(kinds(again))) == (20_000, {"Seen"})
    assert first < 20
    assert second < 5
