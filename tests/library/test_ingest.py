import threading

import pytest

from movie_sync.errors import Away, Stopping, Unavailable
from movie_sync.library.ingest import BATCH, MANY, look, look_at
from movie_sync.library_models import Found, Seen, Unread
from tests.library import things
from tests.library.things import LATER, NOON

STOP = threading.Event()


class Told:
    """An importer that tells what it is given; an exception among it is raised there."""

    name, unsettled = "films", ()

    def __init__(self, *everything):
        self.everything, self.remembers = everything, {}

    def scope(self, only):
        return tuple(f"{folder}/" for folder in only)

    def discover(self, known, stop, only=None):
        for one in self.everything:
            if isinstance(one, Exception):
                raise one
            same = isinstance(one, Found) and known.get(one.uri) == one.fingerprint
            yield Seen(one.uri) if same else one


def films(count, first=0):
    return [things.found(f"Film {n} (2019)", size_bytes=1000 + n) for n in range(first, count)]


def scanned(store, *everything, now=NOON, **how):
    return look(Told(*everything), store, now, STOP, clock=lambda: now, **how)


def test_a_look_says_what_it_came_to(store):
    done = scanned(store, *films(3))
    assert (done.discovered, done.saved.new, done.whole, done.problem) == (3, 3, True, None)
    (scan,) = store.scans()
    assert (scan.complete, scan.counts["new"], scan.problem) == (True, 3, None)


def test_what_a_whole_look_does_not_find_is_gone_and_back_when_it_is_found(store):
    scanned(store, *films(3))
    assert scanned(store, *films(2), now=LATER).saved.gone == 1
    assert store.counts().gone_files == 1
    assert scanned(store, *films(3), now=LATER).saved.back == 1


@pytest.mark.parametrize("error", [
    Away("the drive is not there"), Unavailable("plex", "no answer"), Stopping("it ends"),
])  # fmt: skip
def test_a_look_that_breaks_off_marks_nothing_as_gone_and_keeps_what_it_found(store, error):
    scanned(store, *films(BATCH + 5))
    new = things.found("New (2019)")
    with pytest.raises(type(error)):
        scanned(store, new, *films(BATCH), error, now=LATER)
    assert store.counts().gone_files == 0
    assert len(store.known("films")) == BATCH + 5
    (row,) = store.sources()
    assert row.problem == (None if isinstance(error, Stopping) else str(error))
    assert bool(row.away_since) == isinstance(error, Away)
    assert row.last_complete_at < LATER


def test_whole_batches_before_the_break_are_stored(store):
    with pytest.raises(Unavailable):
        scanned(store, *films(2 * BATCH + 5), Unavailable("plex", "no answer"))
    assert len(store.known("films")) == 2 * BATCH


def test_what_lies_in_a_part_that_could_not_be_read_is_not_gone(store):
    kept, lost = things.found("Kept (2019)"), things.found("Lost (2019)")
    scanned(store, kept, lost)
    sentence = "/films/Kept (2019) may not be read"
    done = scanned(store, Unread("/films/Kept (2019)/", sentence), now=LATER)
    assert done.saved.gone == 1
    assert set(store.known("films")) == {kept.uri}
    assert done.problem == f"{sentence}; what is in there stays as it was"
    assert not store.scans()[0].complete


def test_a_great_deal_that_is_suddenly_missing_is_held_until_a_person_says_that_it_is_gone(store):
    scanned(store, *films(2 * MANY))
    done = scanned(store, *films(10), now=LATER)
    assert (done.held, done.saved.gone) == (2 * MANY - 10, 0)
    assert done.problem == (
        "90 of its files are not there any more; nothing was marked as gone, for a drive may be "
        "missing; if they are gone, run `library scan films --accept`"
    )
    assert store.counts().gone_files == 0
    assert scanned(store, *films(10), now=LATER, accept=True).saved.gone == 90


def test_a_few_of_many_are_believed_to_be_gone(store):
    scanned(store, *films(3 * MANY))
    assert scanned(store, *films(2 * MANY), now=LATER).saved.gone == MANY


def test_files_that_all_moved_are_not_held(store):
    old = films(2 * MANY)
    scanned(store, *old)
    moved = [things.moved(one, f"/films/sorted/{one.uri.rpartition('/')[2]}") for one in old]
    done = scanned(store, *moved, now=LATER)
    assert (done.held, done.saved.moved + done.saved.gone) == (0, 2 * MANY)
    assert done.saved.moved == 2 * MANY
    assert store.counts().gone_files == 0


def test_a_look_at_some_folders_says_nothing_of_others(store):
    scanned(store, *films(3))
    new = things.found("Film 9 (2019)")
    importer = Told(new)
    done = look_at(importer, ["/films/Film 9 (2019)", "/films/Film 1 (2019)"], store, LATER, STOP)
    assert (done.saved.new, done.saved.gone) == (1, 1)
    assert store.counts().gone_files == 1


def test_how_far_it_is_is_told_after_each_batch(store):
    told = []
    scanned(store, *films(BATCH + 5), tell=lambda done: told.append(done.discovered))
    assert told[:2] == [BATCH, BATCH + 5]
