import pytest

from tests.crash.lives import TOP
from tests.crash.mutants import MUTANTS, caught, checked, copied
from tests.crash.recording import available

AT_ONCE = [mutant for mutant in MUTANTS if mutant.quick]

needs_strace = pytest.mark.skipif(available() is not None, reason=available() or "")


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_every_fault_can_still_be_put_in(mutant):
    text = (TOP / "movie_sync" / mutant.file).read_text(encoding="utf-8")
    assert text.count(mutant.text) == 1, "change tests/crash/mutants.py with the program"
    compile(text.replace(mutant.text, mutant.becomes), mutant.file, "exec")


@needs_strace
@pytest.mark.slow
@pytest.mark.parametrize("mutant", AT_ONCE, ids=lambda mutant: mutant.name)
def test_a_fault_that_is_put_in_is_found(mutant, tmp_path):
    assert caught(mutant, tmp_path, seed=1)


@needs_strace
@pytest.mark.slow
def test_a_copy_without_a_fault_has_none(tmp_path):
    copied(tmp_path)
    assert checked(tmp_path, "old-blocks,asides", seed=1) is None
