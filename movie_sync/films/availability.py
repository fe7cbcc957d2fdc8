"""Until when looking for a film makes no sense, because it is not out yet. Pure.

What is offered under the name of a film that nobody has seen is a fake.
"""

from datetime import UTC, date, datetime, time, timedelta

from movie_sync.models import Film

ASK_AGAIN = timedelta(days=7)  # dates are moved, so they are asked for anew


def not_before(film: Film, now: datetime) -> tuple[datetime, str] | None:
    """When to look again and why, in words; None if it may be looked for now.

    The date on which it can be had at home counts, else that of its premiere, else its year.
    """
    dated = _dated(film)
    if dated is None or dated[0] <= now.date():
        return None
    day, what = dated
    out_at = datetime.combine(day, time(), UTC)
    return min(out_at, now + ASK_AGAIN), f"{what}; looked for from then on"


def _dated(film: Film) -> tuple[date, str] | None:
    if film.home_release_on:
        return film.home_release_on, f"it can be had at home from {film.home_release_on} on"
    if film.premiered_on:
        return film.premiered_on, f"it is first shown on {film.premiered_on}"
    if film.year:
        return date(film.year, 1, 1), f"it is a film of {film.year}"
    return None
