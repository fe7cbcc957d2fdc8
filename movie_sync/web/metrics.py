"""`/metrics` for Prometheus: what is so at the moment it is asked, collected then and not before.

Every metric stands in docs/metrics.md. Nothing in them is secret, but the names of lists and
services are: who reads them needs the scope `read`.
"""

import shutil
from collections import Counter
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
    SummaryMetricFamily,
)
from prometheus_client.registry import Collector

from movie_sync import __version__
from movie_sync.films.items import KIND
from movie_sync.messages import is_errand
from movie_sync.models import State
from movie_sync.views import services, sources
from movie_sync.web.api_outside import needs_of
from movie_sync.web.desk import Desk
from movie_sync.web.tally import BOUNDS_S, Tally

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SERVICE_STATES = (services.WELL, services.RESTS, services.NEXT, services.REFUSED)


class Metrics:
    """All of one running program."""

    def __init__(self, desk: Desk) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(Program(desk))
        ProcessCollector(registry=self._registry)

    def text(self) -> bytes:
        return generate_latest(self._registry)


class Program(Collector):
    """Looks at the program each time it is asked."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._tally = Tally(desk.running.home / "stories", desk.running.started_at)

    def collect(self) -> Iterator[Metric]:
        info = _gauge("info", "The version that runs; always 1.", ["version"])
        info.add_metric([__version__], 1)
        yield info
        yield from self._queues()
        yield from self._journal()
        yield from self._workers()
        yield from self._happened()
        yield from self._moving()
        yield from self._outside()
        yield from self._page()
        if shows := self._desk.app.shows:
            from movie_sync.web import metrics_shows  # where shows are on, it is loaded anyway

            yield from metrics_shows.collected(shows, self._desk.queue, self._desk.now())
        if library := self._desk.app.library:
            from movie_sync.web import metrics_library  # as above

            yield from metrics_library.collected(library)

    def _queues(self) -> Iterator[Metric]:
        queue, now = self._desk.queue, self._desk.now()
        statistics = queue.get_statistics()
        films = _gauge("films", "Films in each state.", ["state"])
        for state in State:
            films.add_metric([state], statistics[state])
        yield films
        yield _gauge("films_given_up", "Failed films that are not tried again by themselves.",
                     value=statistics["permanent_failures"])  # fmt: skip
        waiting = (item.added_at for item in queue.iter(State.PENDING) if item.kind == KIND)
        oldest_at = min(waiting, default=now)
        yield _gauge("oldest_pending_seconds", "Since when the film that waits longest is wanted.",
                     value=max((now - oldest_at).total_seconds(), 0.0))  # fmt: skip
        unsent = sum(
            is_errand(item) for state in (State.PENDING, State.FAILED) for item in queue.iter(state)
        )
        yield _gauge("errands_waiting", "Notices and library refreshes that wait to be sent.",
                     value=unsent)  # fmt: skip
        yield _gauge("queues_writable", "1 while changes of the queues can be written.",
                     value=queue.broken is None)  # fmt: skip

    def _journal(self) -> Iterator[Metric]:
        syncs = self._desk.queue.syncs
        yield SummaryMetricFamily(
            "movie_sync_journal_sync_seconds", "Waiting for the disk to keep a change.",
            count_value=syncs.times, sum_value=syncs.total_s,
        )  # fmt: skip
        yield _gauge("journal_last_sync_seconds", "The last of these waits.", value=syncs.last_s)

    def _workers(self) -> Iterator[Metric]:
        alive = _gauge("worker_alive", "1 while the worker's thread lives.", ["worker"])
        failing = _gauge("worker_failing", "1 while its last pass failed.", ["worker"])
        failed = _counter("worker_failed_passes", "Passes that failed.", ["worker"])
        passes = SummaryMetricFamily(
            "movie_sync_worker_pass_seconds", "Passes of the worker.", labels=["worker"]
        )
        searches = SummaryMetricFamily(
            "movie_sync_search_seconds", "Searches for a film, with what was done of the result."
        )
        for worker in list(self._desk.app.workers):
            name = [worker.name]
            alive.add_metric(name, worker.is_alive())
            failing.add_metric(name, worker.failure is not None)
            failed.add_metric(name, worker.passes.failed)
            passes.add_metric(name, worker.passes.count, worker.passes.total_s)
            if worker.name == "download":
                searches.add_metric([], worker.passes.full, worker.passes.full_s)
        yield from (alive, failing, failed, passes, searches)

    def _happened(self) -> Iterator[Metric]:
        self._tally.look()
        events = _counter("events", "What happened to films, by kind.", ["what"])
        for what, count in sorted(self._tally.events.items()):
            events.add_metric([what], count)
        yield events
        within, total = Counter(self._tally.downloads), 0
        buckets: list[tuple[str, float]] = []
        for bound in (*BOUNDS_S, float("inf")):
            total += within[bound]
            buckets.append(("+Inf" if bound == float("inf") else f"{bound:.0f}", total))
        yield HistogramMetricFamily(
            "movie_sync_download_seconds", "From taking a release to its place in the library.",
            buckets=buckets, sum_value=self._tally.downloads_s,
        )  # fmt: skip

    def _moving(self) -> Iterator[Metric]:
        moving = self._desk.app.moving.look()
        speed = sum(one.speed_bytes_s or 0 for one in moving)
        stalled = sum(one.stalled_s is not None for one in moving)
        yield _gauge("download_speed_bytes", "Bytes a second, of all downloads.", value=speed)
        yield _gauge("downloads_stalled", "Downloads that get nothing.", value=stalled)
        free = _gauge("free_bytes", "Room on the disk of a folder.", ["folder"])
        parts = self._desk.app.parts
        for name, path in (("library", parts.library_folder), ("downloads", parts.download_folder)):
            try:
                free.add_metric([name], shutil.disk_usage(path).free)
            except OSError:
                continue  # a folder that is gone has no room to tell of
        yield free

    def _outside(self) -> Iterator[Metric]:
        running, app, now = self._desk.running, self._desk.app, self._desk.now()
        known = services.of(app, running.home, running.loaded.config, now)
        each_of = [*known.indexers, known.client, *known.facts, *known.notices,
                   *known.media_servers]  # fmt: skip
        state = _gauge("service_state", "1 for the state that it is in.", ["service", "state"])
        failures = _gauge("service_failures", "Failures in a row.", ["service"])
        left = _gauge("budget_calls_left", "Calls that it allows now.", ["service"])
        limit = _gauge("budget_calls_limit", "Calls that it allows in an hour.", ["service"])
        for one in {each.name: each for each in each_of}.values():
            for word in SERVICE_STATES:
                state.add_metric([one.name, word.replace(" ", "_")], one.state == word)
            failures.add_metric([one.name], one.failures)
            if one.budget:
                left.add_metric([one.name], one.budget.left)
                limit.add_metric([one.name], one.budget.limit)
        yield from (state, failures, left, limit)
        yield from self._sources()

    def _sources(self) -> Iterator[Metric]:
        app = self._desk.app
        films = _gauge("source_films", "Films that a watchlist names.", ["source"])
        read_at = _gauge("source_read_timestamp_seconds", "Its last good reading.", ["source"])
        problem = _gauge("source_problem", "1 while its last reading failed.", ["source"])
        followed = [source.name for source in app.sources]
        for one in sources.told(dict(app.memory.sources), followed):
            films.add_metric([one.name], one.films)
            problem.add_metric([one.name], one.problem is not None)
            if one.read_at:
                read_at.add_metric([one.name], one.read_at.timestamp())
        yield from (films, read_at, problem)

    def _page(self) -> Iterator[Metric]:
        needs = _gauge("needs", "What waits for a person, by kind.", ["kind"])
        for kind, count in Counter(need.kind for need in needs_of(self._desk)).items():
            needs.add_metric([kind], count)
        yield needs
        yield _gauge("event_listeners", "Pages and programs that listen to events.",
                     value=self._desk.events.listeners)  # fmt: skip


def _gauge(
    name: str, says: str, labels: list[str] | None = None, value: float | None = None
) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"movie_sync_{name}", says, value=value, labels=labels)


def _counter(name: str, says: str, labels: list[str]) -> CounterMetricFamily:
    return CounterMetricFamily(f"movie_sync_{name}", says, labels=labels)
