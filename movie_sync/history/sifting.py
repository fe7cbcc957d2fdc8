"""What Trakt is not told: what it has already, and what cannot be told as it is. Pure,
but for `Known`, which asks.

The map of all that is watched there names episodes by show, season and number, as Trakt counts
them; what we tell is added to it, so that one pass never tells the same twice.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, tzinfo

from movie_sync.errors import ConfigError
from movie_sync.history.days import local_day, zone_named
from movie_sync.history.push_models import Rule, Trakt
from movie_sync.history.rows import OutboxRow
from movie_sync.history_models import Work
from movie_sync.library_models import Kind
from movie_sync.trakt_models import Place

TRAKT = "trakt"
OF_FILMS = (TRAKT, "imdb", "tmdb")  # TVDB's are not taken for films
OF_SHOWS = (*OF_FILMS, "tvdb")
CLOSE = timedelta(minutes=2)  # two plays of a work so close are one
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
AHEAD = timedelta(minutes=10)  # that a clock may be wrong by

Times = tuple[datetime, ...]


class Known:
    """When each work was watched, as far as Trakt knows."""

    def __init__(self, trakt: Trakt) -> None:
        """Raises ServiceError: it could not be asked."""
        self._trakt = trakt
        self._times = {**trakt.watched_times(Kind.FILM), **trakt.watched_times(Kind.SHOW)}
        self._trakt_ids: dict[tuple[Kind, str, str], str | None] = {}
        self.plays = sum(map(len, self._times.values()))

    def times(self, row: OutboxRow) -> Times:
        """Raises ServiceError."""
        place = self._place(row.work)
        if place is not None:
            return self._times.get(place, ())
        found = self._trakt.plays_of(row.work, None, None)
        return tuple(one.play.watched_at for one in found if one.play.watched_at)

    def add(self, rows: Iterable[OutboxRow]) -> None:
        """These are there as well, from now on."""
        for row in rows:
            place = self._place(row.work)
            if place is not None and row.watched_at is not None:
                self._times[place] = (*self._times.get(place, ()), row.watched_at)

    def _place(self, work: Work) -> Place | None:
        trakt_id = work.ids.get(TRAKT) or self._asked(work)
        return Place(trakt_id, work.season, work.episode) if trakt_id else None

    def _asked(self, work: Work) -> str | None:
        """The Trakt id of the film or show; asked for once."""
        for provider in OF_SHOWS[1:]:
            key = work.ids.get(provider)
            if not key or (work.kind is Kind.FILM and provider not in OF_FILMS):
                continue
            asked = (work.kind, provider, key)
            if asked not in self._trakt_ids:
                hits = self._trakt.by_id(provider, key, work.kind)
                self._trakt_ids[asked] = hits[0].ids.get(TRAKT) if len(hits) == 1 else None
            if found := self._trakt_ids[asked]:
                return found
        return None


class Sieve:
    """Says of each play whether Trakt has it.

    Args:
        home: the zone of days, where a play names none.
        once: the account counts each work once, and Trakt drops whatever comes after.
    """

    def __init__(
        self, known: Known, rule: Rule, home: tzinfo | None = None, *, once: bool = False
    ) -> None:
        self.known = known
        self._rule, self._home, self._once = rule, home, once

    def there_already(self, row: OutboxRow, going: Times = ()) -> str | None:
        """Why it is not told again, as a sentence; None where it is.

        Args:
            going: when the same work was watched, in plays that are just being told.

        Raises:
            ServiceError: Trakt could not be asked which work is meant.
        """
        return there_already(
            row, (*self.known.times(row), *going), self._rule, self._home, once=self._once
        )


def there_already(
    row: OutboxRow, times: Times, rule: Rule, home: tzinfo | None, *, once: bool = False
) -> str | None:
    """The same, of all times that the work was watched. Pure."""
    if not times:
        return None
    last = max(times)
    if once:
        return f"the account counts a work once, and has a play of {last:%Y-%m-%d}"
    if row.watched_at is None:
        what = f"Trakt has a play of {last:%Y-%m-%d}, and when this one was is not known"
        return None if rule == "never" else what
    watched_at = row.watched_at
    closest = min(times, key=lambda at: abs(at - watched_at))
    if abs(closest - watched_at) <= CLOSE:
        return f"Trakt has this play, of {closest:%Y-%m-%d %H:%M} UTC"
    if rule == "ever":
        return f"Trakt has a play of {last:%Y-%m-%d}"
    day = _shared_day(row, times, home) if rule == "same_day" else None
    return f"Trakt has a play of the same day, {day}" if day else None


def has_id(work: Work) -> bool:
    """Whether Trakt can know what is meant; a show that is not matched yet has none."""
    names = OF_FILMS if work.kind is Kind.FILM else OF_SHOWS
    of_episode = work.is_episode and any(work.episode_ids.get(name) for name in names)
    return of_episode or any(work.ids.get(name) for name in names)


def unfit(row: OutboxRow, now: datetime) -> str | None:
    """Why it can never be told as it is, as a sentence."""
    work, at = row.work, row.watched_at
    if work.kind is Kind.SHOW and not work.is_episode:
        return "it names a whole show, and Trakt would mark all of it as watched"
    if work.is_episode and work.season is None and not work.episode_ids:
        return "it names no season, and Trakt would mark its whole show"
    if at is not None and not EARLIEST <= at <= now + AHEAD:
        return f"nobody has watched it on {at:%Y-%m-%d}"
    return None


def _shared_day(row: OutboxRow, times: Times, home: tzinfo | None) -> date | None:
    zone = _zone(row.zone, home)
    day = row.local_day or (local_day(row.watched_at, zone) if row.watched_at else None)
    return day if any(local_day(at, zone) == day for at in times) else None


def _zone(name: str | None, home: tzinfo | None) -> tzinfo | None:
    try:
        return zone_named(name) if name else home
    except ConfigError:  # of another machine, which this one does not know
        return home
