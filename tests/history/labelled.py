"""The labelled set that matching is judged by: real titles with their traps.

`world.txt` is what catalogues have. `built.txt` was looked at while the rules were made;
`held_out.txt` was written before them and only counted; `later.txt` and `last.txt` were written
after them, counted, and then looked at. Each case is judged against the thirty works of the world
that a search for its names would bring up, namesakes first.
"""

import re
from functools import cache
from pathlib import Path

from msgspec import Struct

from movie_sync.history.match_models import Candidate, Mapping, Season, Viewed, YearHint
from movie_sync.history.names import name
from movie_sync.library_models import Kind

HERE = Path(__file__).parent / "labelled_pairs"
HALVES = ("built", "held_out")
ALL = (*HALVES, "later")
MOST = 30
KINDS = {"F": Kind.FILM, "S": Kind.SHOW}
LANGUAGES = {"kr": "ko", "cn": "zh", "tw": "zt", "hk": "zt", "jp": "ja", "th": "th"}


class Case(Struct, frozen=True):
    of: str  # what is difficult about it
    text: str
    viewed: Viewed
    expected: Candidate | None  # None: nobody may be sure
    seasons: tuple[int, ...] = ()

    def candidates(self) -> list[Candidate]:
        mine = _pieces(self.viewed.names)
        alike = zip(world(), _pieces_of_world(), strict=True)
        ranked = sorted(alike, key=lambda pair: (-len(mine & pair[1]), pair[0].key))
        found = [one for one, _ in ranked[:MOST]]
        if self.expected and self.expected not in found:
            found[-1] = self.expected
        return sorted(found, key=lambda one: one.key)

    def is_right(self, candidate: Candidate | None, mapping: Mapping) -> bool:
        there = tuple(one.season for one in mapping.stretches)
        return candidate == self.expected and there == self.seasons


@cache
def world() -> tuple[Candidate, ...]:
    lines = [one for one in _lines("world.txt") if one[:2] in ("F ", "S ")]
    return tuple(_candidate(line, number) for number, line in enumerate(lines, 1000))


@cache
def cases(half: str) -> tuple[Case, ...]:
    found, of = [], ""
    for line in _lines(f"{half}.txt"):
        if line.startswith("## "):
            of = line[3:]
        elif not line.startswith("#"):
            found.append(_case(line, of))
    return tuple(found)


def _lines(file: str) -> list[str]:
    return [one for one in (HERE / file).read_text(encoding="utf-8").splitlines() if one.strip()]


def _candidate(line: str, number: int) -> Candidate:
    head, seasons, title, native, others = (part.strip() for part in line.split("|"))
    kind, country, year = head.split()
    return Candidate(
        kind=KINDS[kind],
        title=title,
        ids={"trakt": str(number), "tmdb": str(number * 7)},
        year=int(year),
        original_title=native or title,
        others=tuple(one.strip() for one in others.split(";") if one.strip()),
        countries=(country,),
        seasons=tuple(_season(one, at, int(year)) for at, one in enumerate(seasons.split(), 1)),
    )


def _season(text: str, number: int, first: int) -> Season:
    episodes, year, named = re.fullmatch(r"(\d+)(?:@(\d+))?(?:=(.+))?", text).groups()
    year = int(year) if year else first if number == 1 else None
    return Season(number, int(episodes), year, named.replace("_", " ") if named else None)


def _case(line: str, of: str) -> Case:
    told, expected = line.split("=> ")
    kind = Kind.FILM if told.startswith("F ") else Kind.SHOW
    titles, facts = told.removeprefix("F ").rsplit("|", 1)
    title, native, others = (*(one.strip() for one in re.split(r" =(?= )", titles)), "", "")[:3]
    country, year, episodes = facts.split()
    language = LANGUAGES.get(country, "en")
    own = {language: native} if native else {}
    viewed = Viewed(
        id="1c",
        kind=kind,
        title=title,
        titles={"en": title, **own},
        also=tuple(one.strip() for one in others.split(";") if one.strip()),
        country=country,
        language=language,
        year=None if year == "?" else YearHint(int(year.strip("<")), "<" in year),
        planned_episodes=None if episodes == "?" else int(episodes),
    )
    if expected.strip() == "-":
        return Case(of, line, viewed, None)
    meant, numbered = re.fullmatch(r"(.+ \d{4})(?: ((?:s\d\+?)+))?", expected.strip()).groups()
    seasons = tuple(int(one[1:]) for one in (numbered or "s1").split("+"))
    return Case(of, line, viewed, _meant(viewed, meant), () if kind is Kind.FILM else seasons)


def _meant(viewed: Viewed, text: str) -> Candidate:
    """Of two with the title and year, that of the country."""
    title, year = text.rsplit(" ", 1)
    named = (viewed.kind, title, int(year))
    found = [one for one in world() if (one.kind, one.title, one.year) == named]
    (meant,) = [one for one in found if viewed.country in one.countries] or found
    return meant


@cache
def _pieces_of_world() -> tuple[frozenset[str], ...]:
    return tuple(_pieces((one.title, one.original_title or "", *one.others)) for one in world())


def _pieces(texts: tuple[str, ...]) -> frozenset[str]:
    """Words, and pairs of letters of what is in another script."""
    found: set[str] = set()
    for one in filter(None, map(name, texts)):
        found |= {one.exact, *one.words}
        if one.native:
            found |= {one.exact[at : at + 2] for at in range(len(one.exact) - 1)}
    return frozenset(found)
