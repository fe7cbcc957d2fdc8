import shutil

import pytest

from movie_sync.models import State
from tests.crash.company import Ledger, together

NO_JQ = "jq is not installed: nobody has read the files while others wrote them"


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("jq") is None, reason=NO_JQ)
def test_the_program_commands_and_readers_do_not_get_in_each_others_way():
    tally = together(seed=7, lives=3)
    assert tally.faults == []
    assert tally.counts["acknowledged"] > 20


def test_what_commands_were_told_is_held_against_them():
    ledger = Ledger()
    ledger.hear(["? 1.1 film:1 add", "! 1.1 film:1 add", "? 1.2 film:1 remove"])
    assert ledger.faults({"film:1": State.PENDING}) == []
    assert [fault.kind for fault in ledger.faults({})] == ["lost"]
    assert [fault.kind for fault in ledger.faults({"film:1": State.REMOVED})] == ["misplaced"]
    ledger.end_of_a_command()
    assert ledger.faults({"film:1": State.REMOVED}) == []
