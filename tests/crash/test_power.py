import pytest

from tests.crash.power import MAKE, cut_often, unavailable

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("kind", MAKE)
def test_a_power_cut_on_a_real_file_system_takes_nothing_that_was_promised(kind):
    if reason := unavailable(kind):
        pytest.skip(reason)
    tally = cut_often(kind, seed=7, cuts=2, threads=2)
    assert tally.faults == []
    assert tally.counts["power cuts"] == 2
