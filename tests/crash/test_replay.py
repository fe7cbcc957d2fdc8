import pytest

from tests.crash.asides import replay_asides
from tests.crash.recording import available
from tests.crash.replay import SCENES, replay_often, rounds

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(available() is not None, reason=available() or ""),
]


@pytest.mark.parametrize("scene", SCENES)
def test_a_power_cut_at_any_moment_takes_nothing_that_was_promised(scene):
    tally = replay_often(rounds(scene, seed=7, count=1))
    assert tally.faults == []
    assert tally.counts["states"] > 300


def test_what_was_put_aside_for_a_person_outlives_a_power_cut():
    assert replay_asides(seed=7, count=5).faults == []
