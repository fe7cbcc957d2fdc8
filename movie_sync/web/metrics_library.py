"""What `/metrics` tells of the library. Each stands in docs/metrics.md.

All is looked up when it is asked for: a few questions to the database, and none to anybody outside.
"""

from collections.abc import Iterator

from prometheus_client.core import GaugeMetricFamily, Metric

from movie_sync.library.rows import ScanRow
from movie_sync.library.running import Library
from movie_sync.views.library_sources import SCANS, last


def collected(library: Library) -> Iterator[Metric]:
    """All of them."""
    store = library.store
    counts = store.counts()
    titles = _gauge("titles", "Titles of which files are there.", "kind")
    titles.add_metric(["film"], counts.films)
    titles.add_metric(["show"], counts.shows)
    yield titles
    yield _gauge("episodes", "Episodes that are there.", value=counts.episodes)
    files = _gauge("files", "Files, by what is so of them; one may be in several.", "state")
    for state in ("files", "waiting", "review", "ignored", "unprobed", "broken", "gone_files"):
        name = {"files": "there", "gone_files": "gone"}.get(state, state)
        files.add_metric([name], getattr(counts, state))
    yield files
    yield _gauge("bytes", "What the files that are there take.", value=counts.size_bytes)
    reviews = _gauge("reviews", "Files of which a person has to say what they are.", "reason")
    for reason, count in store.count_reviews().items():
        reviews.add_metric([reason], count)
    yield reviews
    yield from _sources(library)


def _sources(library: Library) -> Iterator[Metric]:
    ended = last(library.store.scans(limit=SCANS))
    files = _gauge("source_files", "Files that a source shows.", "source")
    away = _gauge("source_away", "1 while it is not there.", "source")
    problem = _gauge("source_problem", "1 while its last look was not whole.", "source")
    whole_at = _gauge("source_read_timestamp_seconds", "Its last whole look.", "source")
    took = _gauge("scan_seconds", "How long the last look at it took.", "source")
    for row in library.store.sources():
        files.add_metric([row.name], row.files)
        away.add_metric([row.name], row.away_since is not None)
        problem.add_metric([row.name], bool(row.problem or library.problems.get(row.name)))
        if row.last_complete_at:
            whole_at.add_metric([row.name], row.last_complete_at.timestamp())
        if row.name in ended:
            took.add_metric([row.name], _seconds(ended[row.name]))
    yield from (files, away, problem, whole_at, took)
    yield _gauge("scans_running", "Looks in hand.", value=len(library.looking()))


def _seconds(scan: ScanRow) -> float:
    assert scan.ended_at
    return (scan.ended_at - scan.began_at).total_seconds()


def _gauge(
    name: str, says: str, label: str | None = None, value: float | None = None
) -> GaugeMetricFamily:
    labels = [label] if label else None
    return GaugeMetricFamily(f"movie_sync_library_{name}", says, value=value, labels=labels)
