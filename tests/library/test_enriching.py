from datetime import UTC, datetime, timedelta

import pytest

from movie_sync.errors import BadAnswer, FilesError, Stopping, Unavailable
from movie_sync.library.enriching import KIND, MOST_FAILED, WINDOW, Enriching, Lacking
from movie_sync.models import State
from movie_sync.queues import QueueManager
from movie_sync.retries import Retries

NOW = datetime(2026, 11, 20, 18, tzinfo=UTC)
LATER = NOW + timedelta(days=2)


class Facts:
    """Tells of numbers, and remembers in the way of a database."""

    name = "facts"

    def __init__(self, count, failing=()):
        self.left, self.failing = dict.fromkeys(range(1, count + 1)), dict(failing)
        self.told = []

    def lacking(self, after, limit):
        return [Lacking(n, f"film {n}") for n in sorted(self.left) if n > after][:limit]

    def enrich(self, about, now):
        if about in self.failing:
            raise self.failing[about]
        self.told.append(about)
        self.left.pop(about, None)


@pytest.fixture
def queue(tmp_path):
    queue = QueueManager(tmp_path, retries=Retries(3600, 2.0, 3), sync=lambda fd: None)
    yield queue
    queue.close()


def enriching(queue, facts, **more):
    return Enriching(queue, {facts.name: facts, **more}, Retries(3600, 2.0, 2))


def run(work, now=NOW):
    while work.run(now):
        pass


def test_all_that_is_lacking_is_told_though_few_are_queued_at_once(queue):
    facts = Facts(2 * WINDOW + 5)
    work = enriching(queue, facts)
    longest = 0
    while work.run(NOW):
        longest = max(longest, sum(1 for _ in queue.iter(State.PENDING)))
    assert facts.told == list(range(1, 2 * WINDOW + 6))
    assert longest < WINDOW


def test_what_is_done_is_forgotten_so_that_the_files_stay_short(queue):
    run(enriching(queue, Facts(3)))
    assert set(queue.counts().values()) == {0}


def test_an_outage_uses_up_no_attempt_and_is_tried_again(queue):
    facts = Facts(2, {1: Unavailable("tmdb", "no answer", 30.0)})
    work = enriching(queue, facts)
    run(work)
    (failed,) = queue.iter(State.FAILED)
    assert (failed.kind, failed.attempts, failed.last_error) == (KIND, 0, "tmdb: no answer")
    facts.failing.clear()
    run(work, LATER)
    assert facts.told == [2, 1]


def test_an_answer_that_cannot_be_read_is_given_up_after_so_many(queue):
    facts = Facts(1, {1: BadAnswer("tmdb", "no JSON")})
    work = enriching(queue, facts)
    for days in range(5):
        run(work, NOW + timedelta(days=days))
    (failed,) = queue.iter(State.FAILED)
    assert (failed.permanent, failed.attempts) == (True, 3)


def test_more_failures_than_a_window_hide_nothing_behind_them(queue):
    last = WINDOW + 7
    failing = {n: FilesError("/films is away") for n in range(1, last)}
    facts = Facts(last, failing)
    run(enriching(queue, facts))
    assert facts.told == [last]


def test_a_thousand_failures_are_one_trouble_and_not_more_of_them(queue):
    count = MOST_FAILED + 3 * WINDOW
    facts = Facts(count, {n: FilesError("/films is away") for n in range(1, count + 1)})
    work = enriching(queue, facts)
    run(work)
    failed = sum(1 for _ in queue.iter(State.FAILED))
    assert MOST_FAILED < failed <= MOST_FAILED + WINDOW
    assert "could not be asked about" in work.problem()


def test_who_is_told_to_stop_puts_the_item_back_as_it_was(queue):
    facts = Facts(1, {1: Stopping("the program is stopping")})
    work = enriching(queue, facts)
    with pytest.raises(Stopping):
        work.run(NOW)
    (item,) = queue.iter(State.PENDING)
    assert (item.claims, item.attempts) == (0, 0)


def test_what_a_switched_off_enricher_left_in_the_queue_goes(queue):
    work = enriching(queue, Facts(2))
    work.feed(NOW)
    run(Enriching(queue, {}, Retries()))
    assert set(queue.counts().values()) <= {0, 2}
    assert not list(queue.iter(State.PENDING))


def test_done_items_of_a_run_that_was_killed_are_forgotten_by_the_next(queue):
    first = enriching(queue, Facts(2))
    first.feed(NOW)
    while first.do_next(NOW):
        pass
    assert queue.counts()[State.COMPLETED] == 2
    run(enriching(queue, Facts(0)))
    assert queue.counts()[State.COMPLETED] == 0


def test_what_a_person_asks_for_is_done_though_it_was_given_up(queue):
    facts = Facts(1, {1: BadAnswer("tmdb", "no JSON")})
    work = enriching(queue, facts)
    for days in range(5):
        run(work, NOW + timedelta(days=days))
    facts.failing.clear()
    work.ask("facts", 1, "film 1", LATER)
    run(work, LATER)
    assert facts.told == [1]


def test_news_that_came_while_nothing_was_lacking_are_found(queue):
    facts = Facts(0)
    work = enriching(queue, facts)
    run(work)
    facts.left[5] = None
    assert not work.run(NOW)
    work.expect()
    run(work)
    assert facts.told == [5]


def test_what_a_person_asks_for_is_done_before_all_that_waits(queue):
    facts = Facts(5)
    work = enriching(queue, facts)
    work.feed(NOW)
    work.ask("facts", 9, "film 9", NOW)
    work.run(NOW)
    assert facts.told == [9]
