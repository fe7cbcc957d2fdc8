from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from movie_sync.breaker import Rest
from movie_sync.views import services
from tests import make

NOW = make.NOON
AT = NOW.timestamp()
REFUSED = Rest(1, AT - 60, AT, 3600, "the key was refused", "salt:made")
BLOCKED = Rest(1, AT - 60, AT, 3600, "answers with a challenge", blocked=True)


def note(home, name, rest):
    (home / f"breaker_{name}.json").write_bytes(msgspec.json.encode(rest))


@pytest.mark.parametrize(
    ("rest", "state", "blocked"),
    [
        (Rest(since=AT - 60), "well", False),
        (Rest(3, AT - 60, AT, 600, "did not answer"), "rests", False),
        (Rest(3, AT - 900, AT - 700, 600, "did not answer"), "asked next", False),
        (REFUSED, "login refused", False),
        (BLOCKED, "rests", True),
    ],
)
def test_how_a_service_is(tmp_path, rest, state, blocked):
    note(tmp_path, "filelist", rest)
    one = services.known(tmp_path, NOW)["filelist"]
    assert (one.state, one.blocked) == (state, blocked)
    assert one.since == datetime.fromtimestamp(AT - (900 if state == "asked next" else 60), UTC)


def test_a_service_that_is_well_waits_for_nothing(tmp_path):
    note(tmp_path, "filelist", Rest(since=AT - 60))
    one = services.data(services.known(tmp_path, NOW)["filelist"])
    assert one == {
        "state": "well",
        "why": None,
        "since": NOW - timedelta(seconds=60),
        "rests_until": None,
        "failures": 0,
    }


def test_what_is_left_of_each_budget(tmp_path):
    (tmp_path / "budget_filelist.json").write_text('{"limit": 150, "per_s": 3600, "calls": [1]}')
    (tmp_path / "budget_nas.json").mkdir()
    found = services.budget_sentences(tmp_path, NOW)
    assert found["filelist"] == "150 of 150 calls left this hour"
    assert "Is a directory" in found["nas"]
