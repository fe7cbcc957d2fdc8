"""All known shows held against the rules: after a change of them, or to see what one would do.

Nothing is asked of anybody outside. Rows are judged as the database has them, without making shows
of them, and only what is not so already is written: some thousand at a time, so that memory stays
flat, and all of it in one transaction. What a person or Sonarr has decided stays.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, String, literal_column, null, select, type_coerce

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
MOST_ID = 2**31  # more than any
_STORED = tuple(show_states.c[name] for name in ("state", "rule", "code", "sentence", "compared"))
_BELOW = "BELOW"  # stands in a question for the id that the rows begin under
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


_Change = tuple[int, str, str, _Stored]  # a show, the state and the code that it has, the new words


@dataclass
class _Judging:
    """What judging has come to so far."""

    rules: Rules
    counts: Counter[str] = field(default_factory=Counter)
    new: list[tuple[int, Verdict]] = field(default_factory=list)  # never judged before
    passing: int = 0
    _made: dict[Any, _Stored] = field(default_factory=dict)  # one for all shows that are alike

    def changes(self, rows: Sequence[Row]) -> Iterator[_Change]:
        for row in rows:
            was = row[_STATE]
            if was is not None and was not in UNDECIDED:
                continue
            stored = self._verdict(row)
            self.counts[stored.state] += 1
            if was is None:
                at, code = self.rules.decide(row)
                self.new.append((row[_ID], self.rules.verdict(row, at, code)))
            elif row[_STATE:] == stored or _stays(was, row[_CODE], stored.state):
                continue
            else:
                yield row[_ID], was, row[_CODE], stored
            self.passing += stored.state in TAKEN and was not in TAKEN

    def _verdict(self, row: Row) -> _Stored:
        at, code = self.rules.decide(row)
        key = (at, code, self.rules.looks_at(row, code))
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = _Stored.of(self.rules.verdict(row, at, code))
        return made


def is_due(store: ShowStore, rules: Rules) -> bool:
    """Whether the rules are others than those that all shows were judged by last."""
    return store.meta(HASH) != rules.hash


def judge_all(store: ShowStore, rules: Rules, now: datetime) -> Judged:
    """Judge every show again, and write what is new. Equal rules write nothing."""
    judging, written = _Judging(rules), 0
    with store.db.write() as connection:  # nobody decides anything meanwhile
        for rows in _parts(connection, rules, _STORED):
            written += _write(connection, judging.changes(rows), now)
    if judging.new:
        written += store.write_verdicts(judging.new, now)
    if is_due(store, rules):
        store.set_meta({HASH: rules.hash})
    counts = dict(judging.counts)
    return Judged(judging.counts.total(), written, judging.passing, counts)


def preview(store: ShowStore, rules: Rules) -> Preview:
    """What these rules would do with all shows; nothing is written."""
    tally = Counter[tuple[Any, ...]]()
    found: dict[int, list[int]] = {}
    with store.db.read() as connection:
        for row in chain.from_iterable(_parts(connection, rules, (_state.state,))):
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


def _parts(connection: Connection, rules: Rules, kept: Sequence[Any]) -> Iterator[Sequence[Row]]:
    """Every show, the newest first: its FACTS as far as the rules look at them, its id, and what
    was asked for of its state. No question is open between two parts, so that one may write."""
    columns = [_fact(name) if name in rules.columns else null() for name in FACTS]
    query = select(*columns, shows.c.tvmaze_id, *kept).select_from(shows.outerjoin(show_states))
    query = query.where(shows.c.tvmaze_id < literal_column(_BELOW))
    query = query.order_by(shows.c.tvmaze_id.desc()).limit(AT_ONCE)
    asked = str(query.compile(connection, compile_kwargs={"literal_binds": True}))
    below = MOST_ID
    # The driver's own rows: to wrap 80,000 of them takes as long as to judge them.
    cursor = connection.connection.cursor()
    while some := cursor.execute(asked.replace(_BELOW, str(below))).fetchall():
        yield some
        below = some[-1][_ID]
    cursor.close()


def _fact(name: str) -> Any:
    """As it is stored: days stay texts in SQLite, for each is read once only."""
    column = shows.c[name]
    return type_coerce(column, String) if name in _DAYS else column


def _titles(db: Database, ids: Sequence[int]) -> list[str]:
    query = select(shows.c.title).where(shows.c.tvmaze_id.in_(ids))
    with db.read() as connection:
        return list(connection.execute(query.order_by(shows.c.tvmaze_id.desc())).scalars())


def _write(connection: Connection, changes: Iterable[_Change], now: datetime) -> int:
    """The driver is given plain values, which takes a third of the time for 80,000 rows; and
    columns are left alone that stay as they are, so that their indexes need no work."""
    dialect = connection.dialect
    moment = Moment().dialect_impl(dialect).bind_processor(dialect)
    at = moment(now) if moment else now
    alike: dict[tuple[bool, bool, bool], list[tuple[Any, ...]]] = {}
    for tvmaze_id, was, code, new in changes:
        waits = new.state == ShowState.PENDING_TVDB
        kind = (new.state != was, new.code != code, waits)
        values = (
            new.rule, new.sentence, new.compared, at,
            *((new.state,) if kind[0] else ()),
            *((new.code,) if kind[1] else ()),
            *((at,) if waits else ()),
            tvmaze_id,
        )  # fmt: skip
        alike.setdefault(kind, []).append(values)
    mark = "?" if dialect.name == "sqlite" else "%s"
    for kind, rows in alike.items():
        connection.exec_driver_sql(_update(*kind).replace("?", mark), rows)
    return sum(map(len, alike.values()))


def _update(new_state: bool, new_code: bool, waits: bool) -> str:
    columns = ["rule = ?", "sentence = ?", "compared = ?", "changed_at = ?"]
    columns += ["state = ?"] * new_state + ["code = ?"] * new_code
    columns.append(f"pending_since = {'COALESCE(pending_since, ?)' if waits else 'NULL'}")
    return f"UPDATE show_states SET {', '.join(columns)} WHERE tvmaze_id = ?"  # noqa: S608
