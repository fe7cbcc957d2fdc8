"""What `/metrics` tells of shows, by the names of the design that they began with.

Each stands in docs/metrics.md. All is looked up when it is asked for: a few questions to the
database, and none to anybody outside.
"""

from collections.abc import Iterator
from datetime import datetime

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from movie_sync.models import State
from movie_sync.queues import QueueManager
from movie_sync.shows.running import Shows
from movie_sync.shows.show_items import KIND
from movie_sync.shows.store import HIGHEST_ID
from movie_sync.shows.verdict import ShowState

LAST_READ = "shows.cycle_at"


def collected(shows: Shows, queue: QueueManager, now: datetime) -> Iterator[Metric]:
    """All of them."""
    marks = shows.store.all_meta()
    yield from _cycles(shows, marks, now)
    yield from _states(shows, marks)
    yield from _results(shows)
    yield from _outside(shows)
    yield _waiting(shows, queue)


def _cycles(shows: Shows, marks: dict[str, str], now: datetime) -> Iterator[Metric]:
    sync = shows.sync
    cycle = sync.cycle if sync.cycle and sync.cycle.ended_at else None
    known = marks.get(LAST_READ)
    last_at = cycle.ended_at if cycle else datetime.fromisoformat(known) if known else None
    took_s = (cycle.ended_at - cycle.began_at).total_seconds() if cycle and cycle.ended_at else 0.0
    yield _gauge("sync_last_run_timestamp", "The end of the last cycle, in Unix time; 0 is never.",
                 last_at.timestamp() if last_at else 0.0)  # fmt: skip
    yield _gauge("sync_last_run_duration_seconds", "How long it took.", took_s)
    yield _gauge("sync_next_run_timestamp", "When the catalogue is read next, in Unix time.",
                 sync.next_at(now).timestamp())  # fmt: skip
    yield _gauge("sync_initial_complete", "1 once the catalogue was read whole.",
                 "shows.complete" in marks)  # fmt: skip
    yield _gauge("sync_healthy", "0 while the last cycle failed.", sync.problem is None)


def _states(shows: Shows, marks: dict[str, str]) -> Iterator[Metric]:
    counts = shows.store.counts()
    total = GaugeMetricFamily("tvmaze_shows_total", "Shows in each state.", labels=["status"])
    for state in ShowState:
        total.add_metric([state], counts.get(state, 0))
    yield total
    reasons = GaugeMetricFamily(
        "tvmaze_shows_filtered_by_reason", "Shows that do not pass, by why.", labels=["reason"]
    )
    for reason, count in shows.store.counts_by_reason().items():
        reasons.add_metric([reason], count)
    yield reasons
    yield _gauge("shows_highest_id", "The highest id at TVmaze that is known.",
                 float(marks.get(HIGHEST_ID, 0)))  # fmt: skip


def _results(shows: Shows) -> Iterator[Metric]:
    total = CounterMetricFamily(
        "tvmaze_shows_processed", "Shows by what cycles did with them.", labels=["result"]
    )
    for result, count in shows.sync.totals.items():
        total.add_metric([result], count)
    yield total
    last = GaugeMetricFamily(
        "tvmaze_sync_shows_processed", "The same of the last cycle.", labels=["result"]
    )
    for result, count in (shows.sync.cycle.results if shows.sync.cycle else {}).items():
        last.add_metric([result], count)
    yield last


def _outside(shows: Shows) -> Iterator[Metric]:
    requests = CounterMetricFamily(
        "tvmaze_api_requests", "Answers of TVmaze and of each Sonarr; status 0 is none.",
        labels=["service", "endpoint", "status"],
    )  # fmt: skip
    asked: dict[str, object] = {"tvmaze": shows.source}
    asked |= {each.service.name: each.service for each in shows.sonarrs.instances.values()}
    for name, service in asked.items():
        answers = dict(getattr(service, "answers", {}))  # those of tests count nothing
        for (endpoint, status), count in answers.items():
            requests.add_metric([name, endpoint, str(status)], count)
    yield requests
    out = shows.reconciled.out if shows.reconciled else {}
    yield _gauge("sonarr_healthy", "1 while every Sonarr answered when it was asked last.", not out)


def _waiting(shows: Shows, queue: QueueManager) -> Metric:
    retry = GaugeMetricFamily(
        "tvmaze_shows_pending_retry", "Shows that wait to be tried again.", labels=["reason"]
    )
    retry.add_metric(["no_tvdb_id"], shows.store.count(ShowState.PENDING_TVDB))
    failed = (item for item in queue.iter(State.FAILED) if item.kind == KIND and item.retry_at)
    retry.add_metric(["sonarr"], sum(1 for _ in failed))
    return retry


def _gauge(name: str, says: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"tvmaze_{name}", says, value=value)
