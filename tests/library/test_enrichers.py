import threading
from hashlib import sha256

import pytest

from movie_sync.errors import FilesError, NotFound, Unavailable
from movie_sync.library.enrichers import Checksum, Probe, TitleFacts
from movie_sync.library.rows import Probe as Probed
from movie_sync.library_models import Facts, Kind
from movie_sync.media_models import Broken, Media, Picture, Sound
from tests.library import things
from tests.library.things import LATER, NOON

MEDIA = Media(
    container="matroska", duration_ms=1000, pictures=(Picture(codec="h264", height=1080),),
    sounds=(Sound(codec="aac", language="ro"),),
)  # fmt: skip


class Reads:
    def __init__(self, said):
        self.said = said

    def read(self, path):
        if isinstance(self.said, Exception):
            raise self.said
        return self.said


class World:
    def __init__(self, said):
        self.said = said

    def film(self, number):
        if isinstance(self.said, Exception):
            raise self.said
        return self.said

    def find(self, provider, id_, kind=None):
        return (Kind.FILM, 7)


@pytest.fixture
def asset(store):
    things.owned(store, things.film(ids={"imdb": "tt6751668"}), things.found())
    return things.only(store)


def test_what_is_in_a_file_is_told_once(store, asset):
    probe = Probe(store, Reads(MEDIA))
    (lacking,) = probe.lacking(0, 10)
    assert (lacking.id, lacking.name) == (asset, "Parasite (2019).mkv")
    probe.enrich(asset, NOON)
    assert store.file(asset).media == MEDIA
    assert not probe.lacking(0, 10)


def test_a_broken_file_is_a_state_with_a_sentence(store, asset):
    Probe(store, Reads(Broken(sentence="it is no video"))).enrich(asset, NOON)
    row = store.file(asset)
    assert (row.probe, row.problem) == (Probed.BROKEN, "it is no video")
    assert not Probe(store, Reads(MEDIA)).lacking(0, 10)


@pytest.mark.parametrize("said", [
    FilesError("it cannot be read"), Unavailable("media", "no reader"),
    Broken(sentence="it ends too early", fresh=True),
])  # fmt: skip
def test_what_says_nothing_of_the_file_leaves_it_waiting(store, asset, said):
    probe = Probe(store, Reads(said))
    with pytest.raises((FilesError, Unavailable)):
        probe.enrich(asset, NOON)
    assert len(probe.lacking(0, 10)) == 1


def test_a_file_that_is_gone_is_nothing_to_do(store, asset):
    store.mark_gone("films", list(store.known("films")), LATER)
    probe = Probe(store, Reads(AssertionError("it was read")))
    assert not probe.lacking(0, 10)
    probe.enrich(asset, NOON)


def test_a_checksum_is_made_where_it_is_asked_for(store, tmp_path):
    path = tmp_path / "film.mkv"
    path.write_bytes(b"film")
    store.save_found("films", [things.found(uri=str(path), path=str(path))], NOON)
    checksum = Checksum(store, threading.Event())
    assert not checksum.lacking(0, 10)
    checksum.enrich(things.only(store), NOON)
    assert store.file(things.only(store)).checksum == sha256(b"film").hexdigest()


def test_what_tmdb_says_of_a_title_is_kept(store, asset):
    said = Facts(kind=Kind.FILM, title="Parasite", year=2019, ids={"tmdb": "7"}, genres=("Drama",))
    facts = TitleFacts(store, World(said), None)
    (lacking,) = facts.lacking(0, 10)
    facts.enrich(lacking.id, NOON)
    assert store.row(lacking.id).genres == ("Drama",)


@pytest.mark.parametrize("said", [NotFound("tmdb", "no such film")])
def test_a_title_that_tmdb_does_not_know_is_asked_about_no_more(store, asset, said):
    facts = TitleFacts(store, World(said), None)
    (lacking,) = facts.lacking(0, 10)
    facts.enrich(lacking.id, LATER.replace(year=2100))
    assert not facts.lacking(0, 10)


def test_while_tmdb_is_away_a_title_stays_to_be_asked_about(store, asset):
    facts = TitleFacts(store, World(Unavailable("tmdb", "no answer")), None)
    (lacking,) = facts.lacking(0, 10)
    with pytest.raises(Unavailable):
        facts.enrich(lacking.id, NOON)
    assert facts.lacking(0, 10) == [lacking]
