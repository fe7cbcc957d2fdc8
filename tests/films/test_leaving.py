import shutil
from dataclasses import replace
from datetime import timedelta

import pytest

from movie_sync.errors import Refused, Unavailable
from movie_sync.films.follow import Patience, follow_downloads
from movie_sync.films.story import What
from movie_sync.films.sync import DOWNLOADING, STALLED, blocked
from movie_sync.models import Phase, State
from movie_sync.queues import QueueManager
from tests import make
from tests.fakes import FakeClient

ID = "film:letterboxd:1"
HANDLE, OTHER = "a" * 40, "b" * 40
ENTRY = {"handle": HANDLE, "with_files": True}


def take(queue, number=1, handle=HANDLE, **data):
    queue.put_many([make.item(number)])
    item = queue.take("film")
    release = {"indexer": "fake", "id": "7", "name": "Film.1.1999", "size_bytes": 5}
    queue.update(item.id, handle=handle, step=DOWNLOADING,
                 data={**item.data, "release": release, **data})  # fmt: skip


def has(parts, *handles):
    for handle in handles:
        parts.client.had[handle] = make.transfer(handle=handle, phase=Phase.STALLED, progress=0.4)


def let_go(parts, now=make.NOON):
    follow_downloads(parts, Patience(), now)


def leaving(queue, id_=ID):
    return queue.get(id_)[1].data.get("leaving")


@pytest.fixture
def given_up(parts, queue):
    """Film 1 waits for its next search, and its client has the old download still."""
    queue.put_many([make.item(1, data={"year": 1999, "leaving": [ENTRY]})])
    has(parts, HANDLE)
    return parts


@pytest.mark.parametrize("wish", ["take", "skip", "remove", "none"])
def test_it_is_let_go_whatever_became_of_the_film(given_up, queue, wish):
    {"take": lambda: queue.take("film"), "none": lambda: None,
     "skip": lambda: queue.skip(ID), "remove": lambda: queue.remove(ID)}[wish]()  # fmt: skip
    let_go(given_up)
    assert given_up.client.removed == [(HANDLE, True)]
    assert leaving(queue) is None


def test_what_another_film_has_is_not_taken_from_it(given_up, queue):
    take(queue, 2)
    has(given_up, HANDLE)
    let_go(given_up)
    assert (given_up.client.removed, leaving(queue)) == ([], None)


def test_what_a_finished_film_came_from_keeps_seeding(given_up, queue):
    queue.put_many([make.item(2, data={"handle": HANDLE})])
    queue.complete("film:letterboxd:2")
    let_go(given_up)
    assert (given_up.client.removed, leaving(queue)) == ([], None)


def test_an_outage_leaves_it_for_later_and_says_so(given_up, queue):
    given_up.client.error = Unavailable("fakeclient", "could not be reached")
    with pytest.raises(Unavailable):
        let_go(given_up)
    assert leaving(queue) == [ENTRY]
    given_up.client.error = None
    let_go(given_up)
    assert given_up.client.removed == [(HANDLE, True)]


def test_what_a_client_refuses_is_told_and_not_asked_again(given_up, queue, caplog):
    given_up.client.error = Refused("fakeclient", "answered 409")
    let_go(given_up)
    assert leaving(queue) is None
    assert caplog.messages == [
        f"Film 1 (1999): fakeclient: answered 409; see to torrent {HANDLE} by hand"
    ]


@pytest.mark.parametrize("noted", [5, "x", [5], [{}], [{"with_files": True}]])
def test_what_a_person_wrote_there_in_another_form_is_passed_over(parts, queue, noted):
    queue.put_many([make.item(1, data={"leaving": noted})])
    has(parts, HANDLE)
    let_go(parts)
    assert parts.client.removed == []


def test_it_is_not_looked_for_in_every_pass(given_up, queue):
    patience = Patience()
    follow_downloads(given_up, patience, make.NOON)
    queue.note(ID, leaving=[{"handle": OTHER, "with_files": False}])
    has(given_up, OTHER)
    follow_downloads(given_up, patience, make.NOON + timedelta(seconds=9))
    assert given_up.client.removed == [(HANDLE, True)]
    follow_downloads(given_up, patience, make.NOON + timedelta(seconds=10))
    assert given_up.client.removed == [(HANDLE, True), (OTHER, False)]


# Killed between any two steps of giving a download up


class Killed(BaseException):
    """The program ends here, at once."""


class DyingQueue(QueueManager):
    """Ends the program just before or just after one of its moves is on disk."""

    dies = ""

    def fail(self, *args, **changes):
        return self._or_die("fail", lambda: super(DyingQueue, self).fail(*args, **changes))

    def retry(self, *args, **changes):
        return self._or_die("retry", lambda: super(DyingQueue, self).retry(*args, **changes))

    def note(self, *args, **changes):
        name = "note" if "leaving" in changes else ""
        return self._or_die(name, lambda: super(DyingQueue, self).note(*args, **changes))

    def _or_die(self, name, move):
        if self.dies == f"before {name}":
            raise Killed
        moved = move()
        if self.dies == f"after {name}":
            raise Killed
        return moved


class DyingClient(FakeClient):
    dies = ""

    def remove(self, handle, *, with_files):
        if self.dies == "before remove":
            raise Killed
        super().remove(handle, with_files=with_files)
        if self.dies == "after remove":
            raise Killed


STEPS = [f"{when} {step}" for step in ("fail", "retry", "remove", "note")
         for when in ("before", "after")]  # fmt: skip


def after_kill_9(home, other):
    """The files as a killed program leaves them; what it has in memory is lost."""
    shutil.copytree(home, other)
    return QueueManager(other, idle_s=60)


def follow_for_half_an_hour(parts, begin):
    patience = Patience()
    for minute in range(31):
        follow_downloads(parts, patience, begin + timedelta(minutes=minute))


@pytest.mark.parametrize("step", STEPS)
def test_a_stall_is_gone_through_once_wherever_the_program_is_killed(parts, tmp_path, step):
    client, home, after = DyingClient(), tmp_path / "home", timedelta(minutes=10)
    home.mkdir()
    queue = DyingQueue(home, idle_s=60)
    parts = replace(parts, queue=queue, client=client, stalled_after=after)
    take(queue)
    has(parts, HANDLE)
    queue.dies = client.dies = step
    with pytest.raises(Killed):
        follow_for_half_an_hour(parts, make.NOON)
    again = after_kill_9(home, tmp_path / "again")
    try:
        client.dies = queue.dies = ""
        parts = replace(parts, queue=again)
        follow_for_half_an_hour(parts, make.NOON + timedelta(hours=1))
        for item in again.ready(make.NOON + timedelta(hours=2)):
            again.retry(item.id)
        state, item = again.get(ID)
        assert (state, item.attempts, item.data.get("leaving")) == (State.PENDING, 0, None)
        assert set(blocked(item)) == {"fake:7", HANDLE}
        assert len(item.data["blocked"]) == 1
        assert client.removed == [(HANDLE, True)]
        assert sum(event.times for event in parts.stories.read(ID)) <= 1
        assert all(event.what is What.STALLED for event in parts.stories.read(ID))
    finally:
        queue.close()
        again.close()


def test_a_stalled_download_makes_room_long_before_it_is_given_up(parts, queue):
    take(queue)
    has(parts, HANDLE)
    patience = Patience()
    for minute in range(11):
        follow_downloads(parts, patience, make.NOON + timedelta(minutes=minute))
    assert queue.get(ID)[1].step == STALLED
