"""The figures of docs/matching.md, and that they hold."""

import time
from pathlib import Path

import pytest
from msgspec import structs

from movie_sync.history.match_models import Candidate, Season, State
from movie_sync.history.matching import judge
from movie_sync.library_models import Kind
from tests.history import labelled
from tests.history.labelled import ALL, HALVES, MOST, Case
from tests.history.things_to_match import viewed

RECALL = 0.9
DOCS = Path(__file__).parents[2] / "docs" / "matching.md"


def counted(half: str) -> dict[str, list[Case]]:
    found: dict[str, list[Case]] = {"right": [], "wrong": [], "asked": [], "rightly asked": []}
    for case in labelled.cases(half):
        verdict = judge(case.viewed, case.candidates())
        if verdict.state is State.AUTO:
            right = case.is_right(verdict.candidate, verdict.mapping)
            found["right" if right else "wrong"].append(case)
        else:
            found["asked" if case.expected else "rightly asked"].append(case)
    return found


@pytest.mark.parametrize("half", ALL)
def test_no_match_is_false_and_nine_in_ten_are_made(half):
    found = counted(half)
    knowable = len([case for case in labelled.cases(half) if case.expected])
    assert not [case.text for case in found["wrong"]]
    missed = [case.text for case in found["asked"]]
    assert len(found["right"]) >= RECALL * knowable, missed
    name, share = half.replace("_", " "), 100 * len(found["right"]) / knowable
    (row,) = [one for one in DOCS.read_text(encoding="utf-8").splitlines() if f"| {name} |" in one]
    assert row.startswith(f"| {name} | {len(labelled.cases(half))} | {knowable} |")
    assert row.endswith(f"| {len(found['right'])} ({share:.1f} %) | 0 |")


@pytest.mark.slow
@pytest.mark.parametrize("half", ALL)
def test_where_the_right_one_is_in_no_catalogue_no_other_is_taken(half):
    assert not [
        case.text
        for case in labelled.cases(half)
        if case.expected
        and judge(
            case.viewed, [one for one in case.candidates() if one != case.expected]
        ).state is State.AUTO
    ]  # fmt: skip


def test_the_set_is_as_large_as_it_claims_and_no_case_is_in_both_halves():
    built, held_out = (labelled.cases(half) for half in HALVES)
    assert min(len(built), len(held_out)) >= 100
    assert not {case.viewed for case in ()} | (
        {one.text for one in built} & {one.text for one in held_out}
    )
    assert {case.of for case in built} == {case.of for case in held_out}


@pytest.mark.slow
def test_a_thousand_shows_with_thirty_candidates_each_take_less_than_five_seconds():
    shows = [
        (
            viewed(f"The Name of Show {at}", f"드라마 {at}번", also=(f"Drama {at}", f"Show {at}")),
            [_other(at, number) for number in range(MOST)],
        )
        for at in range(1000)
    ]
    began = time.process_time()
    verdicts = [judge(mine, candidates) for mine, candidates in shows]
    took_s = time.process_time() - began
    assert all(verdict.state is State.AUTO for verdict in verdicts)
    assert took_s < 5, f"{took_s:.1f} s"


def _other(at: int, number: int) -> Candidate:
    other = at + number * 1000
    one = Candidate(
        kind=Kind.SHOW,
        title=f"The Name of Show {other}",
        ids={"trakt": str(other), "tmdb": str(other)},
        year=2018 - number % 3,
        original_title=f"드라마 {other}번",
        others=(f"Drama {other}", f"连续剧{other}号", f"ドラマ{other}", f"Serie {other}"),
        countries=("kr",),
        seasons=(Season(1, 16, 2018), Season(2, 16, 2020)),
    )
    return structs.replace(one, seasons=one.seasons[:1]) if number == 0 else one
