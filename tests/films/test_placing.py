import logging
from dataclasses import replace

import pytest

from movie_sync.errors import Refused, Unavailable
from movie_sync.films import leaving, recycle
from movie_sync.films.follow import Patience, follow_downloads
from movie_sync.films.items import version_id
from movie_sync.films.story import What
from movie_sync.films.sync import DOWNLOADING, PLACING, blocked
from movie_sync.models import MediaFacts, State
from movie_sync.settings import Profile
from tests import make

ID = "film:letterboxd:1"
OLD, NEW = "a" * 40, "b" * 40
NAME = "Film 1 (1999)"
SMALL = "Film.1.1999.720p.WEB-DL.x264-GRP"
LARGE = "Film.1.1999.1080p.BluRay.x264-GRP"
PROPER = "Film.1.1999.PROPER.1080p.BluRay.x264-NEW"


def loaded(parts, handle, release, content):
    """A whole download in the client."""
    folder = parts.download_folder / handle[:4]
    folder.mkdir(exist_ok=True)
    for ending in (".mkv", ".en.srt"):
        (folder / f"{release}{ending}").write_bytes(content + ending.encode())
    files = (folder / f"{release}.mkv", folder / f"{release}.en.srt")
    parts.client.had[handle] = make.transfer(*files, handle=handle, name=release)
    return files[0]


def take(parts, handle, release, content=b"the film", item=None, **data):
    """The download of a film is whole; it is followed next."""
    parts.queue.put_many([item or make.item(1)])
    taken = parts.queue.take("film")
    named = {"indexer": "fake", "id": handle[0], "name": release, "size_bytes": 9}
    parts.queue.update(taken.id, handle=handle, step=DOWNLOADING,
                       data={**taken.data, "release": named, **data})  # fmt: skip
    return loaded(parts, handle, release, content)


def follow(parts, now=make.NOON, patience=None):
    follow_downloads(parts, patience or Patience(), now)
    return parts.queue.get(ID)


def tree(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def told(parts):
    return [(event.what, event.text) for event in parts.stories.read(ID)]


def probing(parts, facts):
    """With a probe that tells this of every file, or raises it; it counts what it was asked."""
    asked = []

    def probe(path):
        asked.append(path.name)
        if isinstance(facts, Exception):
            raise facts
        return facts

    return replace(parts, probe=probe), asked


# What is in it


def test_a_sample_is_blocked_and_keeps_seeding(parts):
    parts, _ = probing(parts, MediaFacts(duration_s=120))
    take(parts, NEW, LARGE, runtime_min=100)
    state, item = follow(parts)
    why = "it runs for 2 min, and the film for 100 min"
    assert (state, item.attempts) == (State.PENDING, 1)
    assert blocked(item) == {"fake:b": why, NEW: why}
    assert item.last_error == f"{LARGE}: {why}"
    assert told(parts) == [(What.BLOCKED, f"{LARGE}: {why}; it is not taken again")]
    assert (parts.client.removed, parts.client.labels) == ([], {NEW: "blocked"})
    assert list(parts.library_folder.iterdir()) == []


def test_a_film_in_another_language_than_the_profile_wants_is_blocked(parts):
    parts, _ = probing(parts, MediaFacts(duration_s=None, audio_languages=("ger",)))
    take(parts, NEW, LARGE)
    state, item = follow(replace(parts, profile=Profile(languages=("English",))))
    assert state is State.PENDING
    assert blocked(item)[NEW] == "it is spoken in German, and English is wanted"


def test_what_a_person_chose_by_hand_is_taken_as_it_is(parts):
    parts, _ = probing(parts, MediaFacts(duration_s=120))
    take(parts, NEW, LARGE, runtime_min=100)
    release = parts.queue.get(ID)[1].data["release"]
    parts.queue.note(ID, release={**release, "by_hand": True})
    assert follow(parts)[0] is State.COMPLETED


def test_a_file_that_is_no_video_is_blocked_whoever_chose_it(parts):
    parts, _ = probing(parts, Refused("media", "x.mkv is no video, whatever its name says"))
    take(parts, NEW, LARGE)
    assert blocked(follow(parts)[1])[NEW] == "x.mkv is no video, whatever its name says"


def test_what_could_not_be_looked_into_is_taken_for_the_film(parts, caplog):
    parts, asked = probing(parts, Unavailable("media", "x.mkv was not looked into: 60 s"))
    take(parts, NEW, LARGE, runtime_min=100)
    with caplog.at_level(logging.INFO):
        assert follow(parts)[0] is State.COMPLETED
    assert asked == [f"{LARGE}.mkv"]
    assert "x.mkv was not looked into: 60 s; it is taken for the film" in caplog.text


def test_a_film_that_waits_for_its_place_is_looked_into_once(parts):
    parts, asked = probing(parts, MediaFacts(duration_s=6000))
    take(parts, NEW, LARGE, runtime_min=100)
    (parts.library_folder / NAME).write_text("in the way")
    patience = Patience()
    for hour in range(3):
        _, item = follow(parts, make.NOON.replace(hour=12 + hour), patience)
    assert (item.step, len(asked)) == (PLACING, 1)


@pytest.mark.parametrize("name", ["film.iso", "BDMV/STREAM/00001.m2ts"])
def test_discs_are_not_looked_into(parts, name):
    parts, asked = probing(parts, MediaFacts(duration_s=5))
    take(parts, NEW, LARGE, runtime_min=100)
    path = parts.download_folder / LARGE / name
    path.parent.mkdir(parents=True)
    path.write_bytes(b"a disc")
    parts.client.had[NEW] = make.transfer(path, handle=NEW, name=LARGE)
    assert (follow(parts)[0], asked) == (State.COMPLETED, [])


# A better one


@pytest.fixture
def owned(parts):
    """Film 1 is in the library in 720p, and a better release is being looked for."""
    take(parts, OLD, SMALL, b"the old film")
    assert follow(parts)[0] is State.COMPLETED
    assert parts.queue.reopen(ID)
    return parts


@pytest.mark.parametrize("recycled", [None, "elsewhere"])
def test_a_better_release_takes_the_place_of_what_there_was(owned, tmp_path, recycled):
    parts = replace(owned, recycled=recycled and tmp_path / recycled)
    kept_in = parts.recycled or parts.library_folder / recycle.FOLDER
    take(parts, NEW, LARGE, b"a better film")
    state, item = follow(parts)
    path = parts.library_folder / NAME / f"{NAME} [1080p BluRay].mkv"
    assert (state, item.data["path"], item.data["handle"]) == (State.COMPLETED, str(path), NEW)
    assert (item.data["release"]["name"], "have" in item.data) == (LARGE, False)
    assert path.read_bytes() == b"a better film.mkv"
    assert tree(parts.library_folder / NAME) == [path.with_suffix(".en.srt").name, path.name]
    old = f"{NAME}/{NAME} [720p WEB-DL]"
    assert tree(kept_in) == [f"{old}.en.srt", f"{old}.mkv"]
    assert told(parts)[-1] == (
        What.UPGRADED,
        f"in the library as {path}: {LARGE} instead of {SMALL}; what it replaced is kept in"
        f" {kept_in}",
    )
    assert (parts.client.removed, parts.client.labels) == ([], {OLD: "replaced"})
    assert "leaving" not in item.data
    assert parts.library.find(make.film(1)) == path


def test_a_proper_takes_over_the_name_of_what_it_corrects(owned):
    take(owned, NEW, LARGE, b"a better film")
    follow(owned)
    owned.queue.reopen(ID)
    take(owned, "c" * 40, PROPER, b"the right film")
    state, item = follow(owned)
    path = owned.library_folder / NAME / f"{NAME} [1080p BluRay].mkv"
    assert (state, item.data["path"]) == (State.COMPLETED, str(path))
    assert path.read_bytes() == b"the right film.mkv"
    kept = owned.library_folder / recycle.FOLDER / NAME
    assert len(tree(kept)) == 4
    assert (kept / path.name).read_bytes() == b"a better film.mkv"


def test_a_persons_own_file_is_never_replaced(parts):
    own = parts.library_folder / NAME / f"{NAME} [720p].mkv"
    own.parent.mkdir()
    own.write_bytes(b"my own")
    have = {"path": str(own), "release": None, "handle": None, "taken": {}}
    take(parts, NEW, LARGE, b"a better film", have=have)
    state, item = follow(parts)
    assert state is State.COMPLETED
    assert own.read_bytes() == b"my own"
    assert item.data["path"] != str(own)
    assert not (parts.library_folder / recycle.FOLDER).exists()


def test_an_upgrade_that_is_something_else_leaves_the_film_as_it_is(owned):
    parts, _ = probing(owned, MediaFacts(duration_s=120))
    take(parts, NEW, LARGE, runtime_min=100)
    state, item = follow(parts)
    assert (state, item.data["handle"]) == (State.COMPLETED, OLD)
    assert item.data["release"]["name"] == SMALL
    assert NEW in blocked(item)
    assert item.data["upgrade_at"] == "2026-01-12T12:00:00+00:00"
    assert tree(parts.library_folder / NAME) == [
        f"{NAME} [720p WEB-DL].en.srt",
        f"{NAME} [720p WEB-DL].mkv",
    ]


def test_a_full_recycle_folder_loses_neither_film(owned, tmp_path):
    parts = replace(owned, recycled=tmp_path / "nas" / "bin")
    take(parts, NEW, LARGE, b"a better film")
    state, item = follow(parts)
    assert (state, item.step) == (State.ACTIVE, PLACING)
    assert "is the drive mounted?" in item.last_error
    assert len(tree(parts.library_folder / NAME)) == 4
    (tmp_path / "nas" / "bin").mkdir(parents=True)
    assert follow(parts)[0] is State.COMPLETED
    assert len(tree(parts.library_folder / NAME)) == 2


class Killed(BaseException):
    """The program ends here, at once."""


class Library:
    """Dies the first time that something is added."""

    def __init__(self, library):
        self.library, self.died = library, False

    def add(self, film, path):
        if not self.died:
            self.died = True
            raise Killed
        self.library.add(film, path)

    def refresh(self):
        self.library.refresh()


@pytest.mark.parametrize("release", [LARGE, SMALL.replace("GRP", "NEW")])
def test_an_upgrade_that_died_before_it_was_noted_is_finished_by_the_next_run(owned, release):
    take(owned, NEW, release, b"a better film")
    parts = replace(owned, library=Library(owned.library))
    with pytest.raises(Killed):
        follow(parts)
    assert owned.queue.get(ID)[0] is State.ACTIVE
    state, item = follow(parts)
    assert (state, item.data["handle"]) == (State.COMPLETED, NEW)
    assert len(tree(owned.library_folder / NAME)) == 2
    assert len(tree(owned.library_folder / recycle.FOLDER)) == 2
    assert owned.client.labels == {OLD: leaving.REPLACED}


# Side by side


def test_two_versions_lie_side_by_side(parts):
    parts = replace(parts, versions={"4k": Profile(qualities=("2160p",))})
    take(parts, OLD, LARGE)
    follow(parts)
    second = make.item(1, id=version_id(ID, "4k"), data={"year": 1999, "version": "4k"})
    take(parts, NEW, "Film.1.1999.2160p.WEB-DL.x265-GRP", b"in 2160p", item=second)
    follow(parts)
    assert parts.queue.get(second.id)[0] is State.COMPLETED
    assert [name for name in tree(parts.library_folder) if name.endswith(".mkv")] == [
        f"{NAME}/{NAME} [1080p BluRay].mkv",
        f"{NAME}/{NAME} [2160p WEB-DL].mkv",
    ]


def test_one_version_is_bettered_without_touching_the_other(parts):
    test_two_versions_lie_side_by_side(parts)
    parts.queue.reopen(ID)
    take(parts, "c" * 40, PROPER, b"the right film")
    assert follow(parts)[0] is State.COMPLETED
    folder = parts.library_folder / NAME
    assert (folder / f"{NAME} [1080p BluRay].mkv").read_bytes() == b"the right film.mkv"
    assert (folder / f"{NAME} [2160p WEB-DL].mkv").read_bytes() == b"in 2160p.mkv"
