import threading
from datetime import UTC, datetime

import pytest

from movie_sync.errors import Away, NotAuthorised, NotQueued, QueueError
from movie_sync.library.enriching import Enriching
from movie_sync.library.recognising import Recognising
from movie_sync.library.rounds import Place
from movie_sync.library.running import Library
from movie_sync.library.wishes import perform
from movie_sync.library_settings import Source
from movie_sync.retries import Retries
from tests.library import things
from tests.library.test_ingest import Told


class Places:
    """Sources that show what they are given; an exception among them is raised there."""

    def __init__(self, **shown):
        self.shown, self.looks = shown, []

    def all(self):
        return [
            Place(name, "folder", Source(path=f"/{name}"), lambda _, name=name: self.importer(name))
            for name in self.shown
        ]

    def importer(self, name):
        self.looks.append(name)
        if isinstance(self.shown[name], Exception):
            raise self.shown[name]
        importer = Told(*self.shown[name])
        importer.name = name
        return importer


@pytest.fixture
def library(store, queue):
    def made(places):
        return Library(
            store, places.all(),
            recognising=Recognising(store, lambda file: ("films", None), asks_world=False),
            enriching=Enriching(queue, {}, Retries(3600, 2.0, 2)),
            metadata=None, pictures=None, stop=threading.Event(),
        )  # fmt: skip

    return made


def now():
    return datetime.now(UTC)


def run(library):
    while library.look_pass(now()) == 0.0:
        pass


def test_every_source_is_looked_at_once_and_what_was_found_is_known(library):
    places = Places(films=[things.found()], nas=[])
    run(library(places))
    assert places.looks == ["films", "nas"]


def test_one_source_without_a_login_holds_up_no_other_and_is_told_of(library):
    refused = NotAuthorised("plex", "it has no token")
    made = library(Places(plex=refused, films=[things.found()]))
    run(made)
    assert made.store.counts().files == 1
    assert made.troubles() == ["library plex: plex: it has no token"]
    assert [row.problem for row in made.store.sources() if row.name == "plex"] == [str(refused)]


def test_a_source_that_is_away_says_so_until_it_is_back(library):
    places = Places(nas=[things.found()])
    made = library(places)
    run(made)
    places.shown["nas"] = [Away("/nas is not there")]
    made.scan("nas")
    run(made)
    assert made.troubles() == ["library nas: /nas is not there"]
    assert made.store.counts().gone_files == 0
    places.shown["nas"] = [things.found()]
    made.scan("nas")
    run(made)
    assert made.troubles() == []


def test_a_look_that_a_kill_broke_off_is_taken_up_at_the_next_start(library, store):
    places = Places(films=[])
    run(library(places))
    store.begin_scan("films", now())
    again = library(places)
    run(again)
    assert places.looks == ["films", "films"]


def test_a_wish_of_a_person_is_decided_without_a_look(library, store):
    told = things.found().told
    places = Places(films=[things.found("Parasite", told=(told[0].__class__(
        by=told[0].by, titles=("Parasite",)),))])  # fmt: skip
    made = library(places)
    run(made)
    assert store.counts().review == 1
    said = perform(made, {"wish": "trust", "folder": "films"})["sentence"]
    assert said == "a person trusts the names in /films/"
    run(made)
    assert (store.counts().review, store.counts().films) == (0, 1)
    assert places.looks == ["films"]


def test_a_source_is_forgotten_when_no_setting_names_it_any_more(library, store):
    run(library(Places(films=[], nas=[things.found()])))
    made = library(Places(films=[]))
    run(made)
    assert store.counts().files == 1
    with pytest.raises(QueueError, match="films is still a source"):
        made.forget("films", now())
    with pytest.raises(NotQueued):
        made.forget("usb", now())
    assert made.forget("nas", now()).gone == 1
    assert [row.name for row in store.sources()] == ["films"]


def test_no_wish_is_taken_for_another(library):
    made = library(Places(films=[]))
    with pytest.raises(NotQueued, match="there is no source usb; those that are: films"):
        perform(made, {"wish": "scan", "source": "usb"})
    with pytest.raises(QueueError, match="no such wish for the library: fly"):
        perform(made, {"wish": "fly"})
    assert perform(made, {"wish": "scan"})["sentence"] == "a look at films begins"
