"""Against SQLite, and against a real PostgreSQL where it is installed."""

import json
from datetime import timedelta

import msgspec
import pytest

from movie_sync.shows.judging import AT_ONCE, HASH, is_due, judge_all, preview
from movie_sync.shows.selection import explain, judge, rules
from movie_sync.shows.statements import APPROVED
from movie_sync.shows.store import ShowStore
from movie_sync.shows.verdict import ShowState
from movie_sync.shows_settings import Shows
from tests import make

NOON = make.NOON
LATER = NOON + timedelta(hours=1)
CATALOGUE = (
    make.show(1),
    make.show(2, language="Korean", country="KR"),
    make.show(3, type="Reality", genres=()),
    make.show(4, tvdb_id=None),
    make.show(5, rating=None, network=None, web_channel="Netflix", country=None),
)


def written(*selections, **shows):
    return rules(msgspec.convert({"selections": selections} | shows, Shows))


ENGLISH = written({"name": "english", "languages": ["English"], "types": ["Scripted"]})
KOREAN = written({"name": "korean", "languages": ["Korean"]})


@pytest.fixture
def judged(store):
    store.save(CATALOGUE, {show.tvmaze_id: judge(show, ENGLISH) for show in CATALOGUE}, NOON)
    return store


def states(store):
    return {tvmaze_id: str(row.state) for tvmaze_id, row in store.states().items()}


def test_equal_rules_write_nothing(judged):
    """Reasons are stored in the very form that they are compared in."""
    before = judged.states()
    assert judge_all(judged, ENGLISH, LATER).written == 0
    assert judged.states() == before


def test_no_show_is_left_out_between_two_parts(store):
    every = [make.show(number) for number in range(1, 2 * AT_ONCE + 2)]
    store.save(every, {show.tvmaze_id: judge(show, ENGLISH) for show in every}, NOON)
    assert judge_all(store, KOREAN, LATER).written == len(every)
    assert store.counts() == {"filtered": len(every)}
    assert preview(store, ENGLISH).counts == {"pending": len(every)}


def test_other_rules_write_what_is_other_and_say_what_passes_now(judged):
    done = judge_all(judged, KOREAN, LATER)
    assert (done.shows, done.written, done.passing) == (5, 5, 1)
    assert done.counts == {"pending": 1, "filtered": 4}
    assert states(judged) == {
        1: "filtered",
        2: "pending",
        3: "filtered",
        4: "filtered",
        5: "filtered",
    }
    assert judged.get(2)[1].sentence == "korean: it fits"
    assert judged.get(1)[1].compared == {"is": "English", "wanted": ["Korean"]}


def test_what_passes_now_is_pending_at_once_and_needs_no_new_start(judged):
    judge_all(judged, KOREAN, LATER)
    assert [show.tvmaze_id for show, _ in judged.list(ShowState.PENDING)] == [2]


def test_only_another_reason_is_written_where_the_state_stays(judged):
    english = {"name": "english", "languages": ["English"], "types": ["Scripted"]}
    done = judge_all(judged, written(english | {"countries": ["US"]}), LATER)
    assert (done.written, done.passing) == (1, 0)
    assert judged.get(5)[1].code == "country"
    assert {row.changed_at for known, row in judged.states().items() if known != 5} == {NOON}


@pytest.mark.parametrize("state", ["queued", "added", "exists", "skipped", "gone"])
def test_what_is_decided_stays(judged, state):
    before = judged.set_state(1, ShowState(state), now=NOON, series_id=7)
    judge_all(judged, KOREAN, LATER)
    assert judged.get(1)[1] == before


def test_a_failure_stays_until_the_show_is_wanted_no_more(judged):
    judged.set_state(1, ShowState.FAILED, now=NOON)
    judge_all(judged, written({"name": "all"}), LATER)
    assert judged.get(1)[1].state == ShowState.FAILED
    judge_all(judged, KOREAN, LATER)
    assert judged.get(1)[1].state == ShowState.FILTERED


def test_what_a_person_approved_is_not_reviewed_again(judged):
    judged.set_state(1, ShowState.PENDING, now=NOON, code=APPROVED)
    judge_all(judged, written({"name": "all"}, review="all"), LATER)
    assert judged.get(1)[1].state == ShowState.PENDING
    assert judged.get(5)[1].state == ShowState.REVIEW


def test_the_wait_for_a_tvdb_id_goes_on_counting_under_other_rules(judged):
    judge_all(judged, written({"name": "all"}), LATER)
    row = judged.get(4)[1]
    assert (row.rule, row.pending_since, row.changed_at) == ("all", NOON, LATER)
    judge_all(judged, KOREAN, LATER)
    assert judged.get(4)[1].pending_since is None
    judge_all(judged, ENGLISH, LATER)
    assert judged.get(4)[1].pending_since == LATER


def test_a_show_that_was_never_judged_is(store):
    store.save(CATALOGUE, {}, NOON)
    done = judge_all(store, ENGLISH, LATER)
    assert (done.written, done.passing) == (5, 3)
    assert judge_all(store, ENGLISH, LATER).written == 0


def test_the_rules_are_due_until_all_shows_are_judged_by_them(judged):
    assert is_due(judged, ENGLISH)
    judge_all(judged, ENGLISH, LATER)
    assert not is_due(judged, ENGLISH)
    assert is_due(judged, KOREAN)
    assert judged.meta(HASH) == ENGLISH.hash


def test_a_decision_that_is_made_meanwhile_is_not_overwritten(judged):
    class Meanwhile(ShowStore):
        """A person skips a show between the reading and the writing."""

        @property
        def db(self):
            self.asked += 1
            if self.asked == 2:
                ShowStore(judged.db).set_state(1, ShowState.SKIPPED, now=NOON)
            return judged.db

        @db.setter
        def db(self, db):
            self.asked = 0

    judge_all(Meanwhile(judged.db), KOREAN, LATER)
    assert judged.get(1)[1].state == ShowState.SKIPPED


def test_a_preview_tells_what_would_be_and_writes_nothing(judged):
    judged.set_state(3, ShowState.ADDED, now=NOON)
    before = judged.states()
    seen = preview(judged, KOREAN)
    assert (seen.shows, seen.passing, seen.leaving) == (5, 1, 3)
    assert seen.counts == {"pending": 1, "filtered": 3, "added": 1}
    assert seen.reasons == {"language": 3}
    assert (seen.selections, seen.examples) == ({"korean": 1}, {"korean": ["Show 2"]})
    assert judged.states() == before


def test_a_preview_and_judging_count_alike(judged):
    for ruled in (ENGLISH, KOREAN, written(), written({"name": "all", "review": True})):
        seen = preview(judged, ruled)
        assert judge_all(judged, ruled, LATER).counts == seen.counts
        assert sum(seen.reasons.values()) == seen.counts.get("filtered", 0)


def test_rows_are_judged_as_shows_are(judged):
    every = written(
        {
            "name": "fussy", "genres": ["Drama"], "networks": ["HBO"], "status": ["Running"],
            "premiered": {"after": "2020-01-01"}, "ended": {"after": "2020-01-01"},
            "runtime": {"min": 20}, "rating": {"min": 7},
        },
        exclude={"genres": ["War"], "countries": ["none"]},
    )  # fmt: skip
    judge_all(judged, every, LATER)
    for show in judged.all_shows():
        row = judged.get(show.tvmaze_id)[1]
        verdict = explain(show, every).verdict
        assert row.says(verdict)
        assert json.loads(msgspec.json.encode(row.compared)) == row.compared
