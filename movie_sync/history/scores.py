"""How a work was liked: out of ten, in five steps, in stars. Pure.

    tenths   1-2    3-4   5-6      7-8            9-10
    step     1      2     3        4              5
    word     waste  meh   decent   entertaining   outstanding
    back     2      4     6        8              10

Letterboxd's stars are halves of the tenths: 0.5 to 5. A number outside of its scale, 0 among them,
is no rating at all, and never a low one; None says so.
"""

from movie_sync.history_models import Score

STEPS = tuple(Score)  # from the lowest
TENTHS = range(1, 11)


def score_of(tenths: int) -> Score | None:
    return STEPS[(tenths - 1) // 2] if tenths in TENTHS else None


def tenths_of(score: Score) -> int:
    """The higher of the two that mean it."""
    return step_of(score) * 2


def step_of(score: Score) -> int:
    return STEPS.index(score) + 1


def score_of_step(step: int) -> Score | None:
    return STEPS[step - 1] if step in range(1, 6) else None


def stars_of(tenths: int) -> float | None:
    return tenths / 2 if tenths in TENTHS else None


def tenths_of_stars(stars: float) -> int | None:
    """None also for what is no whole or half star."""
    doubled = stars * 2
    return int(doubled) if doubled in TENTHS else None
