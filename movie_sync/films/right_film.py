"""The rules on whether a release is of the film at all, and not a fake. Pure.

Nothing in a profile changes these: what is another film, or none yet, is never taken.
"""

from datetime import timedelta

from movie_sync import titles
from movie_sync.films.case import Case
from movie_sync.films.profiles import EARLY_COPIES
from movie_sync.films.reasons import Reason, Rejection
from movie_sync.releases import Kind, ReleaseName

# Dates of first showings are often wrong by some weeks, as those of festivals come late.
DATES_ARE_WRONG_BY = timedelta(days=30)
MOST_EPISODES = 6  # that a sentence names


def other_film(case: Case) -> Rejection | None:
    if case.ids_agree is not False:
        return None
    pair = (case.name.imdb_id, case.film.imdb_id)
    if not all(pair):
        pair = (f"TMDB's {case.name.tmdb_id}", f"TMDB's {case.film.tmdb_id}")
    return Rejection(Reason.OTHER_FILM, f"is of {pair[0]}, wanted {pair[1]}")


def wrong_title(case: Case) -> Rejection | None:
    why = None if case.ids_agree else titles.other_title(case.film, case.name.titles)
    return Rejection(Reason.WRONG_TITLE, why) if why else None


def wrong_year(case: Case) -> Rejection | None:
    why = None if case.ids_agree else titles.other_year(case.film, case.name.year)
    if why is None:
        return None
    unknown = case.film.year is None or case.name.year is None
    return Rejection(Reason.YEAR_UNKNOWN if unknown else Reason.WRONG_YEAR, why)


def not_a_film(case: Case) -> Rejection | None:
    if case.name.kind is Kind.TV:
        return Rejection(Reason.NOT_A_FILM, f"is {_episode(case.name)}")
    if case.name.kind is Kind.UNKNOWN:
        return Rejection(Reason.NOT_A_FILM, "is not named like a release of one film")
    return None


def _episode(name: ReleaseName) -> str:
    said = [] if name.season is None else [f"season {name.season}"]
    numbers = [f"{number:g}" for number in name.episodes or name.absolute]
    if numbers:
        said.append(f"episode {', '.join(numbers[:MOST_EPISODES])}")
    return f"of a series ({', '.join(said)})" if said else "of a series"


def early_copy(case: Case) -> Rejection | None:
    what = EARLY_COPIES.get(case.name.source) if case.name.source else None
    return Rejection(Reason.EARLY_COPY, f"is {what}, which is never taken") if what else None


def before_premiere(case: Case) -> Rejection | None:
    """What is offered of a film that nobody has seen yet is a fake."""
    offered = (case.release.uploaded_at or case.now).date()
    first, year = case.film.premiered_on, case.film.year
    if first is None:
        if year is None or offered.year >= year - 1:
            return None
        return Rejection(
            Reason.BEFORE_PREMIERE, f"is offered since {offered}, and the film is of {year}"
        )
    if first - offered <= DATES_ARE_WRONG_BY:
        return None
    days = (first - offered).days
    why = f"is offered since {offered}, {days} days before the film is first shown"
    return Rejection(Reason.BEFORE_PREMIERE, why)
