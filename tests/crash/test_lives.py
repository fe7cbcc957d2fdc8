import random
import signal
import time

import pytest

from tests.crash.lives import Life, ended, kill_often
from tests.crash.promises import Book, found_by_the_program, found_in_files

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("threads", [1, 8])
def test_nothing_that_was_promised_is_lost_or_doubled_by_kill_9(threads):
    tally = kill_often(seed=threads * 100, operations=4000, threads=threads)
    assert tally.faults == []
    assert tally.counts["acknowledged"] >= 4000
    assert tally.counts["kills"] >= 3


def test_a_process_that_is_killed_while_it_starts_has_changed_nothing(tmp_path):
    Life(tmp_path, 1, "--steps=300", "--dies").end()
    before, chance = found_by_the_program(tmp_path), random.Random(1)
    for seed in range(5):
        life = Life(tmp_path, seed, "--steps=0")
        time.sleep(chance.uniform(0.05, 0.25))
        life.end(signal.SIGKILL)
        book = Book()
        book.settle(before)
        assert book.faults(found_by_the_program(tmp_path)) == []
        before = found_by_the_program(tmp_path)


def test_a_killed_process_leaves_whole_files_and_no_litter(tmp_path):
    for seed in range(4):
        Life(tmp_path, seed, f"--steps={200 + seed}", "--dies").end()
        assert found_in_files(tmp_path)[0]
    book = Book()
    book.settle(found_by_the_program(tmp_path))
    assert ended(tmp_path, book, seed=5).faults == []
    assert list(tmp_path.glob("*.tmp")) == []
