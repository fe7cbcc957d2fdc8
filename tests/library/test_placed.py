import threading

from movie_sync.library.placed import WithPlaced
from movie_sync.library_models import Found, Kind, Seen, Teller, Told
from tests.library import things
from tests.library.test_ingest import Told as Importer

SAID = Told(by=Teller.DOWNLOAD, kind=Kind.FILM, titles=("Parasite",), ids={"imdb": "tt6751668"})
FILE = things.found()


def looked(placed, known):
    importer = WithPlaced(Importer(FILE), lambda: placed)
    return list(importer.discover(known, threading.Event()))


def test_what_was_placed_says_so_before_all_that_names_say():
    (found,) = looked({FILE.path: SAID}, {})
    assert isinstance(found, Found)
    assert found.told == (SAID, *FILE.told)
    assert looked({FILE.path: SAID}, {FILE.uri: found.fingerprint}) == [Seen(FILE.uri)]


def test_a_file_that_was_placed_meanwhile_is_told_of_anew():
    (plain,) = looked({}, {})
    (found,) = looked({FILE.path: SAID}, {FILE.uri: plain.fingerprint})
    assert isinstance(found, Found)
    (back,) = looked({}, {FILE.uri: found.fingerprint})
    assert (back.fingerprint, back.told) == (FILE.fingerprint, FILE.told)
