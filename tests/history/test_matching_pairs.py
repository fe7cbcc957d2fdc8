"""Pairs that others have collected, held to the same goals; skipped where they do not lie beside.

They name no candidates, so each is judged against the works of all of them that are named alike,
and a title that is told alone is given what the program would be told besides.
"""

import json
from pathlib import Path

import pytest

from movie_sync.history.match_models import Candidate, Season, State, Viewed, YearHint
from movie_sync.history.matching import judge
from movie_sync.library_models import Kind

PAIRS = Path(__file__).parents[3] / "shared" / "fixtures" / "history" / "labelled_pairs.json"
LANGUAGES = {"kr": "ko", "cn": "zh", "jp": "ja", "th": "th"}
# Shows with seasons of their own at Viki: the title elsewhere, and its seasons' years.
SPLIT = {"Dr. Romantic": (2016, 2020, 2023), "Taxi Driver": (2021, 2023),
         "The Penthouse": (2020, 2021, 2021), "Age of Youth": (2016, 2017),
         "Yumi's Cells": (2021, 2022), "Reply 1988": (2015,)}  # fmt: skip

pytestmark = pytest.mark.skipif(
    not PAIRS.is_file(), reason=f"no labelled pairs at {PAIRS}; what others paired is not checked"
)


@pytest.fixture(scope="module")
def pairs():
    return json.loads(PAIRS.read_text(encoding="utf-8"))


def viewed(title, country="kr", year=2025, own=None, *, also=()) -> Viewed:
    language = LANGUAGES.get(country, "en")
    titles = {"en": title} | ({language: own} if own else {})
    return Viewed(
        id="1c", kind=Kind.SHOW, title=title, titles=titles,
        also=also, country=country, language=language, year=YearHint(year), planned_episodes=16,
    )  # fmt: skip


def candidate(number, title, country="kr", year=2025, *, own=None, others=()) -> Candidate:
    return Candidate(
        kind=Kind.SHOW, title=title, ids={"trakt": str(number)}, year=year, original_title=own,
        others=others, countries=(country,), seasons=(Season(1, 16, year),),
    )  # fmt: skip


def aliased(pairs) -> list[Candidate]:
    rows = enumerate(pairs["alias_positive"])
    return [
        candidate(at, row["other_title"], row["country"], row["year"], own=row["native_title"])
        for at, row in rows
    ]


def test_works_of_other_titles_are_found_by_the_title_in_their_script(pairs):
    rows, candidates = pairs["alias_positive"], aliased(pairs)
    verdicts = [
        judge(viewed(row["title"], row["country"], row["year"], row["native_title"]), candidates)
        for row in rows
    ]
    right = [at for at, one in enumerate(verdicts) if one.candidate is candidates[at]]
    assert not [one for at, one in enumerate(verdicts)
                if one.state is State.AUTO and at not in right]  # fmt: skip
    assert len(right) >= 0.9 * len(rows)


def test_works_are_found_by_what_else_they_are_called(pairs):
    for at, row in enumerate(pairs["alias_positive"]):
        others = tuple(row["other_title"].split(" / "))
        found = candidate(at, others[0], row["country"], row["year"], others=others)
        seen = viewed(row["title"], row["country"], row["year"], also=others)
        assert judge(seen, [found]).state is State.AUTO, row


def test_other_works_of_nearly_the_same_title_are_never_taken(pairs):
    for at, row in enumerate(pairs["alias_negative"]):
        for mine, other in ((row["left"], row["right"]), (row["right"], row["left"])):
            is_article = "article" in row["why"]
            own, others = ("三生三世十里桃花", "双世宠妃") if is_article else (None, None)
            found = candidate(at, other["title"], other["country"], other["year"], own=others)
            seen = viewed(mine["title"], mine["country"], mine["year"], own)
            assert judge(seen, [found]).state is not State.AUTO, row


def watched(pairs) -> list[tuple[str, str, str]]:
    rows = [*pairs["original_real_watchlist"], *pairs["original_unit_tests"]]
    told = [(row["viki_title"], row.get("trakt_title"), str(row["trakt_id"])) for row in rows]
    return [(mine, theirs or mine, id_) for mine, theirs, id_ in told]


def test_shows_of_a_real_watchlist_are_found_among_each_other_and_their_traps(pairs):
    traps = [
        candidate(row["trakt_id"], row["trakt_title"])
        for row in pairs["original_unit_tests_must_not_match"]
    ]
    works = {id_: (mine, theirs) for mine, theirs, id_ in watched(pairs)}
    candidates = [
        candidate(id_, theirs, others=(mine,)) for id_, (mine, theirs) in works.items()
    ] + [*traps, candidate("1", "The Witcher", "us", 2019)]
    for title, _, id_ in watched(pairs):
        verdict = judge(viewed(title), candidates)
        assert verdict.state is State.AUTO, title
        assert verdict.candidate
        assert verdict.candidate.ids == {"trakt": id_}


def test_seasons_of_their_own_are_found_in_their_show(pairs):
    shows = [
        Candidate(
            kind=Kind.SHOW, title=title, ids={"trakt": str(at)}, year=years[0], countries=("kr",),
            others=("Hello, My Twenties!",) if title == "Age of Youth" else (),
            seasons=tuple(Season(n, 16, year) for n, year in enumerate(years, 1)),
        )
        for at, (title, years) in enumerate(SPLIT.items())
    ]  # fmt: skip
    alone = [candidate(77, "Cinderella at 2 AM"), candidate(78, "IDOL I")]
    for row in pairs["season_split"]:
        expected = row["expect"]
        years = SPLIT.get(expected.get("show", ""), (2025,))
        verdict = judge(viewed(row["viki_title"], year=years[expected["season"] - 1]),
                        [*shows, *alone])  # fmt: skip
        assert verdict.state is State.AUTO, row
        assert verdict.mapping.stretches[0].season == expected["season"]
        assert verdict.candidate
        assert verdict.candidate.title == expected.get("show", verdict.candidate.title)
