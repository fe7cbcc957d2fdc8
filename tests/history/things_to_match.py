"""Ordinary containers and candidates, so that a test states only what is unusual."""

from movie_sync.history.match_models import Candidate, Season, Viewed, YearHint
from movie_sync.library_models import Kind


def viewed(title="My Mister", own="나의 아저씨", **unusual) -> Viewed:
    titles = {"en": title} | ({"ko": own} if own else {})
    usual = {
        "id": "1c",
        "kind": Kind.SHOW,
        "title": title,
        "titles": titles,
        "country": "kr",
        "language": "ko",
        "year": YearHint(2018),
        "planned_episodes": 16,
    }
    return Viewed(**(usual | unusual))


def candidate(title="My Mister", own="나의 아저씨", number=1, **unusual) -> Candidate:
    usual = {
        "kind": Kind.SHOW,
        "title": title,
        "ids": {"trakt": str(number)},
        "year": 2018,
        "original_title": own,
        "countries": ("kr",),
        "seasons": (Season(1, 16, 2018),),
    }
    return Candidate(**(usual | unusual))


def film(title="Mother", own="마더", number=1, **unusual) -> Candidate:
    usual = {"kind": Kind.FILM, "year": 2009, "seasons": ()}
    return candidate(title, own, number, **(usual | unusual))


def seasons(*counts_and_years: tuple[int, int]) -> tuple[Season, ...]:
    return tuple(Season(at, *told) for at, told in enumerate(counts_and_years, 1))
