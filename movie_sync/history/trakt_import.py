"""All of a Trakt history, part by part, and from where it was left.

The history is read newest first. Where a reading goes on, it goes on by the time of the oldest
play that was read, and not by the number of a page: what was watched since has moved all pages.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Protocol

from movie_sync.history.import_models import Options, Part
from movie_sync.library_models import Kind
from movie_sync.services.trakt_shapes import NAME
from movie_sync.trakt_models import Listed, Page

STEP, BEFORE = "step", "before"
HISTORY, RATINGS, WATCHLIST, READ = "history", "ratings", "watchlist", "read"
EDGE = timedelta(seconds=1)  # plays of the very same second are read again


class Told(Protocol):
    """What an import asks of Trakt; `services.trakt.Trakt` is one."""

    def history(
        self,
        kind: Kind | None = None,
        start_at: datetime | None = None,
        end_at: datetime | None = None,
    ) -> Iterator[Page]: ...
    def ratings(self) -> Listed: ...
    def watchlist(self) -> Listed: ...


class TraktReading:
    source = NAME
    needs_tmdb = True

    def __init__(self, trakt: Told, options: Options) -> None:
        self._trakt, self._options = trakt, options

    def parts(self, checkpoint: Mapping[str, str]) -> Iterator[Part]:
        step = checkpoint.get(STEP, HISTORY)
        if step == HISTORY:
            if self._options.history:
                yield from self._history(checkpoint.get(BEFORE))
            step = RATINGS
        if step == RATINGS:
            if self._options.rate != "none":
                listed = self._trakt.ratings()
                yield _part(listed, {STEP: WATCHLIST}, "ratings")
            step = WATCHLIST
        if step == WATCHLIST:
            if self._options.watchlist:
                listed = self._trakt.watchlist()
                yield _part(listed, {STEP: READ}, "the watchlist")
            yield Part(checkpoint={STEP: READ})

    def _history(self, before: str | None) -> Iterator[Part]:
        oldest = datetime.fromisoformat(before) if before else None
        for page in self._trakt.history(end_at=oldest + EDGE if oldest else None):
            plays = [one.play for one in page.plays]
            times = [play.watched_at for play in plays if play.watched_at]
            oldest = min([*times, oldest] if oldest else times, default=None)
            yield Part(
                entries=plays,
                problems=[f"{NAME}: {problem}" for problem in page.problems],
                checkpoint={STEP: HISTORY} | ({BEFORE: oldest.isoformat()} if oldest else {}),
                total=page.items,
                sentence=f"page {page.number}" + (f" of {page.of}" if page.of else ""),
            )
        yield Part(checkpoint={STEP: RATINGS})


def _part(listed: Listed, checkpoint: Mapping[str, str], what: str) -> Part:
    return Part(
        entries=(*listed.ratings, *listed.wishes),
        problems=[f"{NAME}, {what}: {problem}" for problem in listed.problems],
        checkpoint=checkpoint,
        sentence=what,
    )
