"""Which day it was where the person lives. Pure.

A moment is kept in UTC; its day is another in another zone. `zone` None is the machine's own, with
its summer time: each moment is read by the rules that held then.
"""

from datetime import UTC, date, datetime, time, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from movie_sync.errors import ConfigError
from movie_sync.history_models import Play

_NOON = time(12)


def zone_named(name: str) -> tzinfo | None:
    """By the IANA's name, as "Europe/Berlin"; the machine's own for none. Raises ConfigError."""
    if not name:
        return None
    zone = _known(name)
    if zone is None:
        raise ConfigError(
            f'history.zone "{name[:60]}" is no time zone that is known here; no day was told by '
            'it; names are as "Europe/Berlin", and empty is the zone of this machine'
        )
    return zone


def local_day(moment: datetime, zone: tzinfo | None) -> date:
    return moment.astimezone(zone).date()


def noon(day: date, zone: tzinfo | None) -> datetime:
    """Noon of a day there, in UTC; no zone has ever put its clocks forward or back over noon.

    A day that a zone left out, as Samoa did 2011-12-30, is the one that followed.
    """
    there = datetime.combine(day, _NOON, zone)  # without one, Python takes the machine's
    return there.astimezone(UTC)


def day_of(play: Play, home: tzinfo | None) -> date | None:
    """The day of a play where it was watched, as far as that was told, else at home."""
    if play.watched_at is None:
        return None
    return local_day(play.watched_at, _known(play.zone) or home if play.zone else home)


@lru_cache(64)
def _known(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):  # a folder, no path at all, a zone that there is not
        return None
