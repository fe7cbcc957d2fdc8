import pytest
from hypothesis import given
from hypothesis import strategies as st

from movie_sync.history.scores import (
    score_of,
    score_of_step,
    stars_of,
    step_of,
    tenths_of,
    tenths_of_stars,
)
from movie_sync.history_models import Score


@pytest.mark.parametrize(
    ("tenths", "score", "step"),
    [
        (1, Score.WASTE, 1), (2, Score.WASTE, 1), (3, Score.MEH, 2), (4, Score.MEH, 2),
        (5, Score.DECENT, 3), (6, Score.DECENT, 3), (7, Score.ENTERTAINING, 4),
        (8, Score.ENTERTAINING, 4), (9, Score.OUTSTANDING, 5), (10, Score.OUTSTANDING, 5),
    ],
)  # fmt: skip
def test_ten_tenths_are_five_steps(tenths, score, step):
    assert score_of(tenths) == score
    assert step_of(score) == step
    assert score_of_step(step) == score


def test_five_steps_are_even_tenths():
    assert [tenths_of(score) for score in Score] == [2, 4, 6, 8, 10]


@given(st.integers().filter(lambda number: not 1 <= number <= 10))
def test_what_is_outside_of_the_scale_is_no_rating_and_never_a_waste(number):
    assert score_of(number) is None
    assert stars_of(number) is None
    assert tenths_of_stars(number / 2 if abs(number) < 2**60 else 0) is None


@given(st.sampled_from(Score))
def test_there_and_back_is_the_same_step(score):
    assert score_of(tenths_of(score)) == score


@given(st.integers(1, 10), st.integers(1, 10))
def test_a_better_rating_is_never_a_lower_step(one, other):
    low, high = sorted((one, other))
    assert step_of(score_of(low)) <= step_of(score_of(high))


@given(st.integers(1, 10))
def test_stars_are_halves_of_tenths_and_come_back(tenths):
    assert stars_of(tenths) in [half / 2 for half in range(1, 11)]
    assert tenths_of_stars(stars_of(tenths)) == tenths


@pytest.mark.parametrize("stars", [0, 0.25, 4.75, 5.5, -1, float("nan"), float("inf")])
def test_what_is_no_half_star_is_no_rating(stars):
    assert tenths_of_stars(stars) is None
