import pytest

from tests.crash import failing
from tests.crash.recording import available

pytestmark = pytest.mark.slow

needs_strace = pytest.mark.skipif(available() is not None, reason=available() or "")
needs_mount = pytest.mark.skipif(
    failing.no_small_disk() is not None, reason=failing.no_small_disk() or ""
)


@needs_strace
@pytest.mark.parametrize(
    ("inject", "names"), failing.INJECTED, ids=[" ".join((i, *n)) for i, n in failing.INJECTED]
)
def test_a_failing_disk_is_told_and_takes_nothing_that_was_promised(inject, names):
    tally = failing.injected(inject, names, seed=7, dies=bool(names))
    assert tally.faults == []
    assert tally.counts["failures"] > 0
    if inject.startswith(("fdatasync", "pwrite64")):
        assert tally.counts["refused"] + tally.counts["unsure"] > 0


@pytest.mark.parametrize("dies", [True, False])
def test_files_that_may_not_grow_are_as_a_full_disk(dies):
    tally = failing.limited(seed=7, steps=400, dies=dies)
    assert tally.faults == []
    assert tally.counts["refused"] > 0


@needs_mount
def test_on_a_full_disk_all_stays_and_goes_on_when_there_is_room():
    tally = failing.full(seed=7, steps=3000)
    assert tally.faults == []
    assert tally.counts["refused"] > 0
