"""What Sonarr has, held against what is known of each show: one look at each Sonarr in a cycle.

    in Sonarr, and was to be added       EXISTS
    was added, and is in Sonarr no more  GONE: a person took it out, and it is not added again
    on Sonarr's list of exclusions       SKIPPED

The one thing to know: a reading that fails says nothing, and neither does an empty library or one
that lost much at once: Sonarr may have been set up anew, or its disk be away.
"""

import logging
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from movie_sync.errors import ConfigError, ServiceError
from movie_sync.giving import Series
from movie_sync.models import Show
from movie_sync.shows.rows import StateRow
from movie_sync.shows.sonarrs import Sonarrs
from movie_sync.shows.statements import APPROVED
from movie_sync.shows.store import ShowStore
from movie_sync.shows.verdict import ShowState

log = logging.getLogger(__name__)

PAGE = 500  # shows in memory at a time
THERE = (ShowState.ADDED, ShowState.EXISTS)
WAITING = (ShowState.PENDING, ShowState.REVIEW)
MAY_BE_THERE = (*WAITING, ShowState.PENDING_TVDB, ShowState.FAILED, ShowState.GONE)
MOST_GONE, MOST_GONE_SHARE = 10, 5  # more, and more than a fifth, at once are not believed


@dataclass
class Reconciled:
    """What was found, over all Sonarrs."""

    exists: int = 0
    gone: int = 0
    excluded: int = 0
    held: dict[str, str] = field(default_factory=dict)  # by instance: why nothing is gone there
    out: dict[str, ServiceError | ConfigError] = field(default_factory=dict)  # not reached

    def require_all(self) -> None:
        """Raise the first error of those that could not be asked."""
        for error in self.out.values():
            raise error


class _Library:
    """Every show that one Sonarr has."""

    def __init__(self, series: Collection[Series]) -> None:
        self.size = len(series)
        self._ids = {each.id for each in series}
        self._of_tvdb = {each.tvdb_id: each.id for each in series}
        self._of_tvmaze = {each.tvmaze_id: each.id for each in series if each.tvmaze_id}

    def number(self, show: Show, row: StateRow) -> int | None:
        """The show's number there."""
        if show.tvdb_id in self._of_tvdb:
            return self._of_tvdb[show.tvdb_id]
        by_tvmaze = self._of_tvmaze.get(show.tvmaze_id)
        known = row.series_id if row.series_id in self._ids else None
        return by_tvmaze or (known if row.state in THERE else None)


def reconcile(
    store: ShowStore, sonarrs: Sonarrs, now: datetime, *, confirmed: bool = False
) -> Reconciled:
    """Ask each Sonarr what it has. One that fails changes nothing of its shows, and is in `out`.

    Args:
        confirmed: a person says that what is missing was taken out, however much it is.

    Raises:
        FilesError: the database cannot be written.
    """
    found = Reconciled()
    sonarrs.seen.clear()
    waits = any(store.count(state) for state in WAITING)
    for name, one in sonarrs.instances.items():
        look = _Look(store, sonarrs, name, now)
        before = look.there()  # what is added while Sonarr answers may not be in its answer
        try:
            library = _Library(one.breaker.call(one.service.library))
            excluded = one.breaker.call(one.service.exclusions) if waits else frozenset()
        except (ServiceError, ConfigError) as error:
            found.out[name] = error
            continue
        sonarrs.seen.add(name)
        found.exists += look.mark_there(library)
        found.excluded += look.mark_excluded(excluded)
        gone = look.mark_gone(library, before, confirmed=confirmed)
        if isinstance(gone, str):
            found.held[name] = gone
        else:
            found.gone += gone
    return found


@dataclass(frozen=True)
class _Look:
    """At the shows of one Sonarr. Each method says how many it marked."""

    store: ShowStore
    sonarrs: Sonarrs
    name: str
    now: datetime

    def there(self) -> set[int]:
        """The TVmaze ids of those that are there, as far as is known."""
        return {show.tvmaze_id for show, _ in self._shows(THERE)}

    def mark_there(self, library: _Library) -> int:
        there = {
            show.tvmaze_id: number
            for show, row in self._shows(MAY_BE_THERE)
            if (number := library.number(show, row)) is not None
        }
        why = f'is in Sonarr "{self.name}" already'
        for tvmaze_id, number in there.items():
            self._set(tvmaze_id, ShowState.EXISTS, "exists", why, number)
        return len(there)

    def mark_excluded(self, excluded: Collection[int]) -> int:
        if not excluded:
            return 0
        shows = [show for show, row in self._shows(WAITING)
                 if show.tvdb_id in excluded and row.code != APPROVED]  # fmt: skip
        why = f'Sonarr "{self.name}" has it on its list of exclusions'
        for show in shows:
            self._set(show.tvmaze_id, ShowState.SKIPPED, "excluded", why)
        return len(shows)

    def mark_gone(
        self, library: _Library, before: Collection[int], *, confirmed: bool
    ) -> int | str:
        """Or why none of those that are missing are believed to have been taken out."""
        known, missing = 0, []
        for show, row in self._shows(THERE):
            known += 1
            if show.tvmaze_id in before and library.number(show, row) is None:
                missing.append(show)
        if missing and not confirmed and (why := _too_many(len(missing), known, library.size)):
            log.warning('Sonarr "%s": %s', self.name, why)
            return why
        for show in missing:
            why = f'was taken out of Sonarr "{self.name}"; it is not added again'
            self._set(show.tvmaze_id, ShowState.GONE, "removed", why)
            log.info("%s: %s", show, why)
        return len(missing)

    def _set(
        self, tvmaze_id: int, state: ShowState, code: str, why: str, series_id: int | None = None
    ) -> None:
        facts = {"code": code, "sentence": why, "instance": self.name, "series_id": series_id}
        self.store.set_state(tvmaze_id, state, now=self.now, **facts)

    def _shows(self, states: Collection[ShowState]) -> Iterator[tuple[Show, StateRow]]:
        """Those in these states that are, or would be, in this Sonarr."""
        for state in states:
            at = 0
            while some := self.store.list(state, limit=PAGE, offset=at):
                for show, row in some:
                    if (row.instance or self.sonarrs.instance_of(row)) == self.name:
                        yield show, row
                at += PAGE


def _too_many(missing: int, known: int, size: int) -> str | None:
    """Why so many are not believed to have been taken out; None where they are."""
    if size == 0:
        return f"has no show at all, though {known} were there; none was marked as taken out"
    if missing > MOST_GONE and missing * MOST_GONE_SHARE > known:
        return f"lacks {missing} of {known} shows that were there; none was marked as taken out"
    return None
