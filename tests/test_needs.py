from datetime import timedelta
from types import SimpleNamespace

import pytest

from movie_sync import needs
from movie_sync.breaker import Breaker
from movie_sync.errors import Blocked, NotAuthorised, Unavailable
from movie_sync.films.starting import NEEDED
from movie_sync.films.sync import BROKEN, PLACING
from movie_sync.films.watchlists import Cause, Listed
from movie_sync.messages import NOTICE
from movie_sync.models import State
from movie_sync.needs import Trouble
from tests import make

NOON = make.NOON
LATER = NOON + timedelta(days=1)


def found(home, queue, sources=None, trouble=(), problems=()):
    memory = SimpleNamespace(sources=sources or {})
    return needs.needs_you(home, queue, memory, trouble, problems, NOON)


def failed(queue, number, why, retry_at=None, **changes):
    item = make.item(number)
    queue.put_many([item])
    queue.take("film")
    queue.fail(item.id, why, retry_at, permanent=retry_at is None, **changes)
    return item.id


def knock(home, service, error, at=NOON):
    breaker = Breaker(home, service, "secret", clock=at.timestamp)

    def ask():
        raise error

    with pytest.raises(type(error)):
        breaker.call(ask)


def test_where_all_is_well_nothing_is_needed(tmp_path, queue):
    queue.put_many([make.item(1), make.item(2)])
    failed(queue, 3, "nothing found", LATER, counted=False)
    fine = {"letterboxd:alice": Listed(read_at=NOON)}
    assert found(tmp_path, queue, fine) == []


def test_a_film_that_was_given_up_waits_for_a_person_and_one_they_skipped_does_not(tmp_path, queue):
    given_up = failed(queue, 1, "it is a series")
    skipped = failed(queue, 2, "nothing found", LATER)
    queue.skip(skipped)
    [need] = found(tmp_path, queue)
    assert (need.key, need.kind, need.action) == (f"given_up:{given_up}", "given_up", "retry")
    assert need.sentence == "Film 1 (1999) was given up: it is a series"
    assert need.item == given_up


def test_films_without_room_are_one_need(tmp_path, queue):
    for number in (1, 2):
        failed(queue, number, "the disk of /d is too full", LATER, counted=False,
               data={NEEDED: 5})  # fmt: skip
    [need] = found(tmp_path, queue)
    assert need.kind == "disk"
    assert need.sentence == "2 films wait; Film 1 (1999): the disk of /d is too full"


@pytest.mark.parametrize(("step", "kind"), [(PLACING, "disk"), (BROKEN, "trouble")])
def test_a_download_that_the_disk_or_the_client_holds_is_told(tmp_path, queue, step, kind):
    queue.put_many([make.item(1)])
    item = queue.take("film")
    queue.update(item.id, handle="a" * 40, step=step, last_error="no room")
    assert [need.kind for need in found(tmp_path, queue)] == [kind]


def test_a_refused_login_and_a_closed_door_are_told_and_an_outage_of_minutes_is_not(
    tmp_path, queue
):
    knock(tmp_path, "filelist", NotAuthorised("filelist", "the passkey was refused"))
    knock(tmp_path, "archive_org", Blocked("archive_org", "answers with a challenge"))
    knock(tmp_path, "tmdb", Unavailable("tmdb", "no answer in time"))
    blocked, login = found(tmp_path, queue)
    assert (login.key, login.action) == ("login:filelist", "credentials")
    assert login.sentence == "filelist: the passkey was refused"
    assert (blocked.key, blocked.kind) == ("blocked:archive_org", "blocked")
    assert login.since == NOON


def test_an_outage_of_a_day_is_told(tmp_path, queue):
    error = Unavailable("ntfy", "could not be reached")
    knock(tmp_path, "ntfy", error, NOON - timedelta(hours=7))
    [need] = found(tmp_path, queue)
    assert (need.key, need.service) == ("trouble:ntfy", "ntfy")


def test_what_nobody_asks_any_more_needs_nobody(tmp_path, queue):
    refused = NotAuthorised("old", "refused")
    knock(tmp_path, "old", refused, NOON - timedelta(days=3))
    assert found(tmp_path, queue) == []


def test_a_watchlist_says_what_it_takes(tmp_path, queue):
    def listed(cause, problem="it is so"):
        return Listed(problem=problem, problem_since=NOON, cause=cause)

    sources = {
        "letterboxd:a": listed(Cause.BLOCKED),
        "letterboxd:b": listed(Cause.CONFIRM),
        "letterboxd:c": listed(Cause.OTHER),
        "letterboxd:d": listed(Cause.CONFIRM, problem=None),
    }
    blocked, confirm = found(tmp_path, queue, sources)
    assert (blocked.key, blocked.source) == ("blocked:letterboxd:a", "letterboxd:a")
    assert "watchlist import" in blocked.do
    assert (confirm.key, confirm.action) == ("confirm:letterboxd:b", "confirm")


def test_a_login_that_several_workers_found_refused_is_one_need(tmp_path, queue):
    why = "qbittorrent: refused the login of ann"
    both = [
        Trouble(sentence=why, name=name, cause="NotAuthorised") for name in ("download", "follow")
    ]
    [need] = found(tmp_path, queue, trouble=both)
    assert (need.key, need.sentence) == ("login:qbittorrent", why)


@pytest.mark.parametrize(
    ("cause", "hours", "kinds"),
    [
        ("ConfigError", 0, ["trouble"]),
        ("FilesError", 0, ["disk"]),
        ("Blocked", 0, ["blocked"]),
        ("fault", 0, ["trouble"]),
        ("Unavailable", 1, []),
        ("Unavailable", 7, ["trouble"]),
    ],
)
def test_what_ends_a_workers_pass_is_named_by_what_to_do(tmp_path, queue, cause, hours, kinds):
    since = NOON - timedelta(hours=hours)
    trouble = [Trouble(sentence="x: so it is", name="download", cause=cause, since=since)]
    assert [need.kind for need in found(tmp_path, queue, trouble=trouble)] == kinds


def test_settings_come_first_and_a_message_that_was_given_up_last(tmp_path, queue):
    item = make.item(9, id="notice:test", kind=NOTICE, title="notice: hello")
    queue.put_many([item])
    queue.take(NOTICE)
    queue.fail(item.id, "webhook: its address is not there", None, permanent=True)
    first, last = found(tmp_path, queue, problems=["there is no setting x"])
    assert (first.kind, first.action) == ("settings", "settings")
    assert (last.kind, last.sentence) == (
        "errand",
        "notice: hello: webhook: its address is not there",
    )


def test_the_files_alone_tell_the_same(tmp_path, queue):
    failed(queue, 1, "it is a series")
    items = {state: {item.id: item for item in queue.iter(state)} for state in State}
    assert needs.of_files(tmp_path, items, NOON) == found(tmp_path, queue)
