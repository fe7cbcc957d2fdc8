"""All known shows held against the rules: after a change of them, or to see what one would do.

Nothing is asked of anybody outside. Rows are judged as the database has them, without making shows
of them, and only what is not so already is written. What a person or Sonarr has decided stays.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct
from sqlalchemy import String, null, select, type_coerce

from movie_sync.db import Database
from movie_sync.shows.rules import FACTS, Row, Rules
from movie_sync.shows.statements import APPROVED
from movie_sync.shows.store import ShowStore
from movie_sync.shows.verdict import JUDGED, ShowState, Verdict
from movie_sync.tables import Moment, show_states, shows

HASH = "shows.rules_hash"  # in the meta table: the rules that all shows were judged by last
AT_ONCE = 2000  # rows in memory
EXAMPLES = 5  # of each selection
TAKEN = frozenset(map(str, (ShowState.PENDING, ShowState.PENDING_TVDB, ShowState.REVIEW)))
FAILED, FILTERED = str(ShowState.FAILED), str(ShowState.FILTERED)
# A verdict may also end a failure: what is wanted no more is not tried again.
UNDECIDED = frozenset((*map(str, JUDGED), FAILED))
_DAYS = ("ended_on", "premiered_on")
_ID, _STATE, _CODE = len(FACTS), len(FACTS) + 1, len(FACTS) + 3  # in a row of `_rows`
_TVDB_ID = FACTS.index("tvdb_id")
_state = show_states.c


class Judged(Struct, frozen=True):
    """What came of judging all shows."""

    shows: int  # that were judged; the others are decided
    written: int
    passing: int  # that pass, and did not before
    counts: dict[str, int]  # by the state that the rules give


class Preview(Struct, frozen=True):
    """What these rules would do, were they in force."""

    shows: int
    counts: dict[str, int]  # by the state that they would give; decided ones by theirs
    reasons: dict[str, int]  # of those that would not pass
    selections: dict[str, int]  # how many each selection takes, with those that are there already
    passing: int  # that would pass, and do not now
    leaving: int  # that pass now, and would not
    examples: dict[str, list[str]]  # for each selection titles that would newly pass


class _Stored(NamedTuple):
    """A verdict as the database has it."""

    state: str
    rule: str
    code: str
    sentence: str
    compared: str

    @classmethod
    def of(cls, verdict: Verdict) -> "_Stored":
        compared = msgspec.json.encode(verdict.compared, order="sorted").decode()
        parts = (str(verdict.state), verdict.rule, verdict.code, verdict.sentence, compared)
        return cls(*parts)


class _Change(NamedTuple):
    """A row that is to be written, with what stood there when it was read."""

    tvmaze_id: int
    state: str
    code: str
    verdict: _Stored


def is_due(store: ShowStore, rules: Rules) -> bool:
    """Whether the rules are others than those that all shows were judged by last."""
    return store.meta(HASH) != rules.hash


def judge_all(store: ShowStore, rules: Rules, now: datetime) -> Judged:
    """Judge every show again, and write what is new. Equal rules write nothing."""
    counts = Counter[str]()
    changed: list[_Change] = []
    new: list[tuple[int, Verdict]] = []  # never judged before
    made: dict[Any, _Stored] = {}  # one for all shows that are alike in what decides
    passing = 0
    kept = (_state.state, _state.rule, _state.code, _state.sentence, _state.compared)
    for row in _rows(store.db, rules, kept):
        was = row[_STATE]
        if was is not None and was not in UNDECIDED:
            continue
        at, code = rules.decide(row)
        key = (at, code, rules.looks_at(row, code))
        stored = made.get(key)
        if stored is None:
            stored = made[key] = _Stored.of(rules.verdict(row, at, code))
        counts[stored.state] += 1
        if was is None:
            new.append((row[_ID], rules.verdict(row, at, code)))
        elif row[_STATE:] == stored or _stays(was, row[_CODE], stored.state):
            continue
        else:
            changed.append(_Change(row[_ID], was, row[_CODE], stored))
        passing += stored.state in TAKEN and was not in TAKEN
    written = _write(store.db, changed, now) if changed else 0
    written += store.write_verdicts(new, now) if new else 0
    if is_due(store, rules):
        store.set_meta({HASH: rules.hash})
    return Judged(counts.total(), written, passing, dict(counts))


def preview(store: ShowStore, rules: Rules) -> Preview:
    """What these rules would do with all shows; nothing is written."""
    tally = Counter[tuple[Any, ...]]()
    found: dict[int, list[int]] = {}
    for row in _rows(store.db, rules, (_state.state,)):
        at, code = rules.decide(row)
        was, without_id = row[_STATE], row[_TVDB_ID] is None
        tally[was, at, code, without_id] += 1
        if not code and at and (was is None or was == FILTERED):
            ids = found.setdefault(at, [])
            if len(ids) < EXAMPLES:
                ids.append(row[_ID])
    examples = {rules.every[at].name: _titles(store.db, ids) for at, ids in found.items()}
    return _told(rules, tally, examples)


def _told(
    rules: Rules, tally: Mapping[tuple[Any, ...], int], examples: dict[str, list[str]]
) -> Preview:
    counts, reasons, selections = Counter[str](), Counter[str](), Counter[str]()
    passing = leaving = 0
    for (was, at, code, without_id), count in tally.items():
        if at and not code:
            selections[rules.taken(at, without_id=without_id).rule] += count
        if was is not None and was not in UNDECIDED:
            counts[was] += count
        elif code or not at:
            counts[FILTERED] += count
            reasons[code or "no_selection"] += count
            leaving += count if was in TAKEN else 0
        else:
            taken = rules.taken(at, without_id=without_id)
            counts[FAILED if was == FAILED else str(taken.state)] += count
            passing += count if was is None or was == FILTERED else 0
    every = sum(tally.values())
    found = (dict(counts), dict(reasons), dict(selections))
    return Preview(every, *found, passing, leaving, examples)


def _stays(was: str, code: str, state: str) -> bool:
    """Whether a verdict may not change what is stored: a person's word, or a failure."""
    if was == FAILED:
        return state != FILTERED
    approved = was == ShowState.PENDING and code == APPROVED
    return approved and state in (ShowState.REVIEW, ShowState.PENDING)


def _rows(db: Database, rules: Rules, kept: Sequence[Any]) -> Iterator[Row]:
    """Every show, the newest first: its FACTS as far as the rules look at them, its id, and what
    was asked for of its state."""
    columns = [_fact(name) if name in rules.columns else null() for name in FACTS]
    query = select(*columns, shows.c.tvmaze_id, *kept).select_from(shows.outerjoin(show_states))
    query = query.order_by(shows.c.tvmaze_id.desc())
    with db.read() as connection:
        # The driver's own rows: to wrap 80,000 of them takes as long as to judge them.
        cursor = connection.connection.cursor()
        cursor.execute(str(query.compile(connection)))
        while some := cursor.fetchmany(AT_ONCE):
            yield from some
        cursor.close()


def _fact(name: str) -> Any:
    """As it is stored: days stay texts in SQLite, for each is read once only."""
    column = shows.c[name]
    return type_coerce(column, String) if name in _DAYS else column


def _titles(db: Database, ids: Sequence[int]) -> list[str]:
    query = select(shows.c.title).where(shows.c.tvmaze_id.in_(ids))
    with db.read() as connection:
        return list(connection.execute(query.order_by(shows.c.tvmaze_id.desc())).scalars())


def _write(db: Database, changed: Iterable[_Change], now: datetime) -> int:
    """All or nothing. What was decided since it was read stays as it is.

    The driver is given plain values, which takes a third of the time for 80,000 rows; and columns
    are left alone that stay as they are, so that their indexes need no work.
    """
    alike: dict[tuple[bool, bool, bool], list[_Change]] = {}
    for one in changed:
        new = one.verdict
        waits = new.state == ShowState.PENDING_TVDB
        alike.setdefault((new.state != one.state, new.code != one.code, waits), []).append(one)
    written = 0
    with db.write() as connection:
        dialect = connection.dialect
        moment = Moment().dialect_impl(dialect).bind_processor(dialect)
        at = moment(now) if moment else now
        for (new_state, new_code, waits), some in alike.items():
            statement = _update(new_state=new_state, new_code=new_code, waits=waits)
            rows = [
                (
                    one.verdict.rule, one.verdict.sentence, one.verdict.compared, at,
                    *((one.verdict.state,) if new_state else ()),
                    *((one.verdict.code,) if new_code else ()),
                    *((at,) if waits else ()),
                    one.tvmaze_id, one.state, one.code,
                )
                for one in some
            ]  # fmt: skip
            if not db.is_sqlite:
                statement = statement.replace("?", "%s")
            written += connection.exec_driver_sql(statement, rows).rowcount
    return written


def _update(*, new_state: bool, new_code: bool, waits: bool) -> str:
    columns = ["rule = ?", "sentence = ?", "compared = ?", "changed_at = ?"]
    columns += ["state = ?"] * new_state + ["code = ?"] * new_code
    columns.append(f"pending_since = {'COALESCE(pending_since, ?)' if waits else 'NULL'}")
    where = "tvmaze_id = ? AND state = ? AND code = ?"
    return f"UPDATE show_states SET {', '.join(columns)} WHERE {where}"  # noqa: S608 - our words
