"""Dates that make sense, for a whole history that is read for the first time. Pure.

Who marks a season as seen in one evening has not seen it in one evening:

    IF more than 4 episodes of one series were watched on the same local day:
        FOR each episode of that day:
            watched = its air date, where it is known and lies before that day
                      else as it was told
    ELSE:
        watched = as it was told

The rulings that this leaves open:
- per series, never over several; the day is that of the person's zone, never of UTC;
- each episode counts once, by its earliest date, which is the one that is kept;
- specials (season 0) count, unless they are told not to; of a day that is over the limit they
  are given their air dates all the same;
- an air date after the day of the play is no air date of what was seen (a screening, a wrong
  date); one on that very day says less than the play's own time does. Both leave the play be;
- a play without a date stays without one, and counts on no day;
- only for a full import of a series that the history does not have yet. A later reading takes
  the dates as they are told, and so does whoever never calls this.
A play that is given another date keeps its key: it is the same play at each import.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, tzinfo

import msgspec

from movie_sync.history.days import day_of, noon
from movie_sync.history_models import Play

MOST_A_DAY = 4  # episodes of one series, of a person who watches them

Number = tuple[int, int]  # season and episode


def spread(
    plays: Iterable[Play],
    aired: Mapping[Number, date],
    zone: tzinfo | None,
    *,
    most: int = MOST_A_DAY,
    specials: bool = True,
) -> list[Play]:
    """One play for each episode of one series, with the date that it probably has, oldest first.

    Args:
        plays: of one series; those that name no episode are left out.
        aired: the day each episode was first shown, where that is known.
        most: episodes a day that are believed.
        specials: whether episodes of season 0 count towards the limit.
    """
    first = first_plays(plays)
    days = crowded(first, zone, most=most, specials=specials)

    def dated(number: Number, play: Play) -> Play:
        day, air_date = days.get(number), aired.get(number)
        if day is None or air_date is None or air_date >= day:
            return play
        return _aired(play, air_date, zone)

    return sorted((dated(number, play) for number, play in first.items()), key=_by_time)


def crowded(
    first: Mapping[Number, Play],
    zone: tzinfo | None,
    *,
    most: int = MOST_A_DAY,
    specials: bool = True,
) -> dict[Number, date]:
    """The episodes that were not watched on the day they are told for, and that day.

    Args: first: what `first_plays` gives.
    """
    days = {number: day for number, play in first.items() if (day := day_of(play, zone))}
    seen = Counter(day for (season, _), day in days.items() if season or specials)
    return {number: day for number, day in days.items() if seen[day] > most}


def first_plays(plays: Iterable[Play]) -> dict[Number, Play]:
    """The earliest play of each episode; one without a date only where there is no other."""
    first: dict[Number, Play] = {}
    for play in plays:
        if play.work.episode is None:
            continue
        number = (play.work.season or 0, play.work.episode)
        first[number] = min(first.get(number, play), play, key=_by_time)
    return first


def sessions(plays: Iterable[Play], zone: tzinfo | None, known: Iterable[date] = ()) -> list[Play]:
    """The plays of one film that are new, one a local day, oldest first: rewatches are kept.

    A play without a date is one only where the film has no other.

    Args:
        known: days on which the history has a play of this film already.
    """
    days = set(known)
    kept: list[Play] = []
    for play in sorted(plays, key=_by_time):
        day = day_of(play, zone)
        if day not in days if day else not days and not kept:
            kept.append(play)
        if day:
            days.add(day)
    return kept


def _aired(play: Play, day: date, zone: tzinfo | None) -> Play:
    return msgspec.structs.replace(play, watched_at=noon(day, zone), day_only=True, zone=None)


def _by_time(play: Play) -> tuple[bool, float, str]:
    """Plays without a date come last."""
    at = play.watched_at
    return at is None, at.timestamp() if at else 0.0, play.key
