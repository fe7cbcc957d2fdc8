"""What a person's rules say of a show: whether one of their selections takes it, or why none does.

Pure. What is excluded is refused first; then a show must fit one selection in every point. Only
then is asked whether it has the TVDB id that Sonarr needs. A list that is empty asks nothing; but
where there is no selection at all, nothing passes.
"""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from operator import attrgetter
from typing import Any

import msgspec
from msgspec import Struct

from movie_sync.models import Show
from movie_sync.setting_types import Settings
from movie_sync.shows import vocabulary
from movie_sync.shows.points import Asked, Refusal, points
from movie_sync.shows.rules import CODES, FACTS, Row, Rule, Rules, refusal_of, refused, taken
from movie_sync.shows.verdict import EXCLUDE, Verdict
from movie_sync.shows.vocabulary import Words
from movie_sync.shows_settings import (
    Both,
    Days,
    Filters,
    Rating,
    Runtime,
    Selection,
    Shows,
)

__all__ = ["Answer", "Explanation", "Rules", "explain", "judge", "row_of", "rules"]

OF_FILTERS = "filters"  # the name of the selection that is written in the plain form
VERSION = 1  # of how rules are read; another one judges all shows again
CODE_OF = {
    "types": "type",
    "languages": "language",
    "countries": "country",
    "genres": "genre",
    "networks": "network",
    "status": "status",
}
# Where a show goes does not change whether it passes.
OF_TARGET = (
    "sonarr", "root_folder", "quality_profile", "tags", "monitor", "series_type", "search_on_add",
)  # fmt: skip
_of_show = attrgetter(*FACTS)


class Answer(Struct, frozen=True):
    """What one selection says of a show."""

    rule: str
    takes: bool  # of what is excluded: it does not refuse
    reasons: tuple[tuple[str, str], ...]  # of each point that refuses: its code, and a sentence


class Explanation(Struct, frozen=True):
    """All that the rules say of a show."""

    verdict: Verdict
    answers: tuple[Answer, ...]  # first of what is excluded, then of each selection


def rules(shows: Shows) -> Rules:
    """The rules that are written, with what is wrong in them."""
    reading = _Reading()
    exclude = Rule(EXCLUDE, reading.points(shows.exclude, "shows.exclude"))
    selected = [
        Rule(
            name,
            reading.points(one, where),
            review=shows.review == "all" or (shows.review == "selections" and bool(one.review)),
            selection=one,
        )
        for name, where, one in _selections(shows)
    ]
    if shows.enabled and not selected:
        reading.notices.append(
            "shows: there is no selection, so that no show passes; write one into "
            "shows.selections, or what you like into shows.filters"
        )
    reading.notices += [
        f"shows: the selection {one.name} asks nothing, so that it takes every show"
        for one in selected
        if not one.points
    ]
    return Rules(
        exclude, selected, hash=_hash(shows, selected), problems=tuple(reading.problems),
        notices=tuple(reading.notices),
    )  # fmt: skip


def row_of(show: Show) -> Row:
    """The facts of a show that rules look at."""
    return tuple(_of_show(show))


def judge(show: Show, rules: Rules) -> Verdict:
    """What the rules say of a show."""
    row = row_of(show)
    return rules.verdict(row, *rules.decide(row))


def explain(show: Show, rules: Rules) -> Explanation:
    """What every selection says of a show, each for itself."""
    row = row_of(show)
    answers, refusals = [], []
    for rule in rules.every:
        found = [(code, one) for code in CODES if (one := refusal_of(rule, code, row))]
        reasons = tuple((code, one.sentence) for code, one in found)
        answers.append(Answer(rule.name, not found, reasons))
        refusals.append(found)
    return Explanation(_plainly(row, show.tvdb_id, rules, refusals), tuple(answers))


def _plainly(
    row: Row, tvdb_id: int | None, rules: Rules, refusals: list[list[tuple[str, Refusal]]]
) -> Verdict:
    """The verdict, by asking one selection after another."""
    if refusals[0]:
        return refused(rules.every[0], *refusals[0][0])
    pairs = list(zip(rules.selections, refusals[1:], strict=True))
    for rule, found in pairs:
        if not found:
            return taken(rule, without_id=tvdb_id is None)
    if not pairs:
        return rules.verdict(row, 0, "")
    rule, found = max(pairs, key=lambda pair: CODES.index(pair[1][0][0]))  # the first of equals
    return refused(rule, *found[0])


class _Reading:
    """Settings made into points, and what is to be said of their words."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.notices: list[str] = []

    def points(self, of: Any, where: str) -> tuple[Any, ...]:
        """Of `Exclude`, a `Selection` or `Filters`."""
        values = msgspec.structs.asdict(of)
        excluding = where == "shows.exclude"
        asked = Asked(
            wanted={} if excluding else dict(self._words(values, "", where)),
            excluded=dict(self._words(values, "" if excluding else "exclude_", where)),
            exclude_ended=values.get("exclude_ended", False),
            ended=self._limits(values, "ended", where),
            premiered=self._limits(values, "premiered", where),
            runtime=self._limits(values, "runtime", where),
            rating=self._limits(values, "rating", where),
            unknown_passes=values.get("when_unknown") == "pass",
        )
        return tuple(points(asked))

    def _words(
        self, values: dict[str, Any], before: str, where: str
    ) -> Iterator[tuple[str, Words]]:
        for kind, code in CODE_OF.items():
            if words := values.get(before + kind):
                read = vocabulary.read(kind, words, _key(where, before, kind))
                self.problems += read.problems
                self.notices += read.notices
                yield code, read

    def _limits(self, values: dict[str, Any], name: str, where: str) -> tuple[Any, Any]:
        limits: Days | Rating | Runtime | None = values.get(name)
        if limits is None:
            return None, None
        (low, least), (high, most) = msgspec.structs.asdict(limits).items()
        if least is not None and most is not None and least > most:
            self.problems.append(
                f"{where}.{name}: {low} is {least} and {high} is {most}, so that nothing can fit"
            )
        return least, most


def _key(where: str, before: str, kind: str) -> str:
    """Where a list is written; the plain form parts it otherwise."""
    if where == f"shows.{OF_FILTERS}":
        return f"{where}.{kind}.{'exclude' if before else 'include'}"
    return f"{where}.{before}{kind}"


def _selections(shows: Shows) -> Iterator[tuple[str, str, Selection]]:
    """Each that is switched on, by a name that no other has, and where it is written."""
    given = [(f"shows.selections[{at}]", one) for at, one in enumerate(shows.selections)]
    if shows.filters != Filters():
        given.insert(0, ("shows.filters", of_filters(shows.filters)))
    taken = {EXCLUDE}
    for at, (where, one) in enumerate(given, 1):
        name = free = one.name.strip() or f"selection {at}"
        count = 1
        while free in taken:
            count += 1
            free = f"{name} {count}"
        taken.add(free)
        if one.enabled:
            yield free, where, one


def of_filters(filters: Filters) -> Selection:
    """The plain form as a selection."""
    lists: dict[str, Any] = {}
    for kind in CODE_OF:
        both: Settings = getattr(filters, kind)
        lists[kind] = both.include  # type: ignore[attr-defined]
        if isinstance(both, Both):
            lists[f"exclude_{kind}"] = both.exclude
    return Selection(
        name=OF_FILTERS,
        exclude_ended=filters.status.exclude_ended,
        premiered=filters.premiered,
        ended=filters.ended,
        rating=filters.rating,
        runtime=Runtime(min=filters.min_runtime, max=filters.max_runtime),
        **lists,
    )


def _hash(shows: Shows, selected: Iterable[Rule]) -> str:
    """Equal for rules that judge every show alike, wherever they put it."""
    parts = []
    for rule in selected:
        values = msgspec.structs.asdict(rule.selection)
        kept = {name: value for name, value in values.items() if name not in OF_TARGET}
        parts.append(kept | {"name": rule.name, "review": rule.review})
    text = msgspec.json.encode([VERSION, shows.exclude, parts])
    return sha256(text).hexdigest()[:16]
