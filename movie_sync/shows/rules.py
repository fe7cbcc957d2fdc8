"""A person's rules as numbers: the selections are bits, and each value that was seen in a column is
remembered with the selections that refuse it.

So a show costs a few look-ups, however many selections there are. What is excluded refuses first;
then the first selection that a show fits in every point takes it. A show that fits none is told of
by the selection that it fitted the longest, the points being asked in the order of
`points.COLUMNS`. `selection.explain` asks every selection plainly, and both always agree.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from operator import itemgetter
from typing import Any

import msgspec
from msgspec import Struct

from movie_sync.shows.points import COLUMNS, Point, Refusal
from movie_sync.shows.verdict import EXCLUDE, NO_SELECTION, NO_TVDB_ID, PASSES, ShowState, Verdict
from movie_sync.shows_settings import Selection

# What a rule may look at, in the order of a row that is judged.
FACTS = (
    "type", "language", "country", "genres", "network", "web_channel", "status", "ended_on",
    "premiered_on", "runtime_min", "rating", "tvdb_id",
)  # fmt: skip
CODES = tuple(COLUMNS)
MOST_REMEMBERED = 100_000  # values of a column, as the days of premieres
_genres = msgspec.json.Decoder(tuple[str, ...]).decode
_TVDB_ID = FACTS.index("tvdb_id")
_COLUMNS_OF = {code: itemgetter(*map(FACTS.index, names)) for code, names in COLUMNS.items()}

Row = tuple[Any, ...]  # the values of FACTS; genres may be JSON, and days texts, as in a database


class Rule(Struct, frozen=True):
    """A selection, or what is excluded, with the points that it asks."""

    name: str
    points: tuple[Point, ...]
    review: bool = False
    selection: Selection = Selection()


class Rules:
    """The rules of a person, made ready; `selection.rules` makes them.

    Attributes:
        hash: is another when shows may be judged otherwise.
        problems: what is written, and does not do what was meant; sentences.
        notices: what was read as something else.
    """

    def __init__(
        self,
        exclude: Rule,
        selections: Iterable[Rule],
        *,
        hash: str = "",
        problems: tuple[str, ...] = (),
        notices: tuple[str, ...] = (),
    ) -> None:
        self.every = (exclude, *selections)
        self.hash, self.problems, self.notices = hash, problems, notices
        self._excluded = list(_memories([(1, exclude)]))
        selected = [(1 << at, rule) for at, rule in enumerate(self.every) if at]
        self._selected = list(_memories(selected))
        self._all = sum(bit for bit, _ in selected)
        asked = {code for code, _, _ in (*self._excluded, *self._selected)}
        self.columns = {"tvdb_id"}.union(*(COLUMNS[code] for code in asked))  # that are looked at

    @property
    def selections(self) -> tuple[Rule, ...]:
        return self.every[1:]

    def selection(self, name: str) -> Selection | None:
        """What the selection of this name says of where its shows go."""
        return next((one.selection for one in self.selections if one.name == name), None)

    def decide(self, row: Row) -> tuple[int, str]:
        """The place of the rule that decides, and its point that refuses; empty: it takes."""
        for code, columns, memory in self._excluded:
            if memory[columns(row)]:
                return 0, code
        left = self._all
        for code, columns, memory in self._selected:
            still = left & ~memory[columns(row)]
            if not still:
                return _first(left), code
            left = still
        return _first(left), ""

    def looks_at(self, row: Row, code: str) -> Any:
        """What of a row the words of a decision depend on."""
        return _COLUMNS_OF[code](row) if code else row[_TVDB_ID] is None

    def verdict(self, row: Row, at: int, code: str) -> Verdict:
        """A decision in words."""
        if code:
            rule = self.every[at]
            refusal = refusal_of(rule, code, row)
            assert refusal
            return refused(rule, code, refusal)
        if not at:
            sentence = "there is no selection, so that no show passes"
            return Verdict(ShowState.FILTERED, "", NO_SELECTION, sentence)
        return self.taken(at, without_id=row[_TVDB_ID] is None)

    def taken(self, at: int, *, without_id: bool) -> Verdict:
        """The words of the selection at this place for a show that it takes."""
        return taken(self.every[at], without_id=without_id)


class _Memory(dict[Any, int]):
    """A value in some columns -> the bits of the rules that refuse it."""

    def __init__(self, code: str) -> None:
        super().__init__()
        self._code, self._asked = code, list[tuple[int, Point]]()

    def ask(self, bit: int, point: Point) -> None:
        self._asked.append((bit, point))

    def __missing__(self, value: Any) -> int:
        values = _read(self._code, value if len(COLUMNS[self._code]) > 1 else (value,))
        bits = sum(bit for bit, point in self._asked if point.refusal(*values))
        if len(self) > MOST_REMEMBERED:
            self.clear()
        self[value] = bits
        return bits


def refusal_of(rule: Rule, code: str, row: Row) -> Refusal | None:
    """Why this point of a rule refuses, if it does and is asked at all."""
    for point in rule.points:
        if point.code == code:
            values = tuple(row[FACTS.index(column)] for column in COLUMNS[code])
            return point.refusal(*_read(code, values))
    return None


def refused(rule: Rule, code: str, refusal: Refusal) -> Verdict:
    """By a point of a rule."""
    told = refusal.sentence if rule.name == EXCLUDE else f"{rule.name}: {refusal.sentence}"
    return Verdict(ShowState.FILTERED, rule.name, code, told, refusal.compared)


def taken(rule: Rule, *, without_id: bool) -> Verdict:
    """By a rule. Only now is asked for the id: most shows without one fit nothing anyway."""
    if without_id:
        sentence = f"{rule.name}: it fits, but has no TVDB id yet, which Sonarr needs"
        return Verdict(ShowState.PENDING_TVDB, rule.name, NO_TVDB_ID, sentence)
    if rule.review:
        sentence = f"{rule.name}: it fits, and waits for your word"
        return Verdict(ShowState.REVIEW, rule.name, PASSES, sentence)
    return Verdict(ShowState.PENDING, rule.name, PASSES, f"{rule.name}: it fits")


def _memories(rules: list[tuple[int, Rule]]) -> Iterator[tuple[str, Any, _Memory]]:
    """For each point that is asked by any of them: its code, how to find its columns, the bits."""
    for code in CODES:
        memory = _Memory(code)
        asking = [
            (bit, point) for bit, rule in rules for point in rule.points if point.code == code
        ]
        for bit, point in asking:
            memory.ask(bit, point)
        if asking:
            yield code, _COLUMNS_OF[code], memory


def _read(code: str, values: tuple[Any, ...]) -> tuple[Any, ...]:
    """As points know them, where they are as a database has them."""
    if code == "genre" and isinstance(values[0], str):
        return _genres(values[0]), values[1]
    if code in ("ended", "premiered") and isinstance(values[-1], str):
        return *values[:-1], date.fromisoformat(values[-1])
    return values


def _first(bits: int) -> int:
    """The place of the lowest bit; 0 where there is none."""
    return (bits & -bits).bit_length() - 1 if bits else 0
