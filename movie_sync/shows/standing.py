"""How the shows stand, told by the database and the settings alone: for every door alike."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from msgspec import Struct

from movie_sync.shows.adding import passing
from movie_sync.shows.catalogue import COMPLETE, UPDATES_AT
from movie_sync.shows.proposal import Proposal
from movie_sync.shows.rules import Rules
from movie_sync.shows.selection import judge
from movie_sync.shows.statements import APPROVED
from movie_sync.shows.store import HIGHEST_ID, PAGE, ShowStore
from movie_sync.shows.sync import CYCLE_AT, RULES_HASH
from movie_sync.shows.verdict import JUDGED, ShowState
from movie_sync.shows_settings import Selection, Shows, Sonarr, target


class Standing(Struct, frozen=True, kw_only=True):
    """What is known, and what would be added."""

    enabled: bool
    dry_run: bool
    shows: int
    counts: dict[str, int]  # by state
    reasons: dict[str, int]  # of those that do not pass
    page: int | None  # of the first reading, the last one that is stored
    highest_id: int | None
    complete_at: datetime | None  # when the whole catalogue had been read
    changes_at: datetime | None  # when changes were read last
    next_at: datetime | None  # when they are read next; None: at once
    judged: bool  # by the rules as they are now
    proposal: Proposal
    problems: tuple[str, ...]  # of the rules, as sentences


class Foreseen(NamedTuple):
    """A show that would be added."""

    title: str
    rule: str  # empty where a person approved it and no selection takes it
    sonarr: str | None  # None where there is none that it could go to


def standing(
    store: ShowStore, settings: Shows, sonarrs: Mapping[str, Sonarr], rules: Rules
) -> Standing:
    """As things are; nothing is asked of anybody, and nothing changed."""
    marks, counts = store.all_meta(), store.counts()
    page, highest = marks.get(PAGE), marks.get(HIGHEST_ID)
    cycle_at = _moment(marks.get(CYCLE_AT))
    every = timedelta(seconds=settings.poll_interval_s)
    return Standing(
        enabled=settings.enabled,
        dry_run=settings.dry_run,
        shows=sum(counts.values()),
        counts=counts,
        reasons=store.counts_by_reason(),
        page=int(page) if page is not None else None,
        highest_id=int(highest) if highest is not None else None,
        complete_at=_moment(marks.get(COMPLETE)),
        changes_at=_moment(marks.get(UPDATES_AT)),
        next_at=cycle_at + every if cycle_at else None,
        judged=marks.get(RULES_HASH) == rules.hash,
        proposal=proposed(store, settings, sonarrs, rules),
        problems=rules.problems,
    )


def proposed(
    store: ShowStore, settings: Shows, sonarrs: Mapping[str, Sonarr], rules: Rules
) -> Proposal:
    """Every show that passes and is not queued, by the rule that takes it."""
    goes = _places(sonarrs, rules)
    found = Proposal(dry_run=settings.dry_run)
    for show, row in passing(store):
        found.count(show, row.rule, goes(row.rule))
    return found


def foreseen(store: ShowStore, sonarrs: Mapping[str, Sonarr], rules: Rules) -> list[Foreseen]:
    """Every show that these rules would give to a Sonarr, whatever the stored ones said, with what
    is queued already; the newest first. Nothing is written."""
    goes, found = _places(sonarrs, rules), []
    for show, row in store.all_known():
        if row and (row.state is ShowState.QUEUED or row.code == APPROVED):
            rule = row.rule if row.state in (ShowState.QUEUED, ShowState.PENDING) else None
        elif row is None or row.state in JUDGED:
            verdict = judge(show, rules)
            rule = verdict.rule if verdict.state is ShowState.PENDING else None
        else:
            rule = None
        if rule is not None:
            found.append(Foreseen(str(show), rule, goes(rule)))
    return found[::-1]


def homeless(sonarrs: Mapping[str, Sonarr], rules: Rules) -> list[str]:
    """What is to be said of selections whose shows can go nowhere."""
    goes = _places(sonarrs, rules)
    return [
        f"{rule.name}: there is no such Sonarr, or none is switched on, so that no show of it can "
        "be added"
        for rule in rules.selections
        if goes(rule.name) is None
    ]


def _places(sonarrs: Mapping[str, Sonarr], rules: Rules) -> Callable[[str], str | None]:
    """The Sonarr that the shows of a rule go to, by the name of the rule."""
    enabled = {name: one for name, one in sonarrs.items() if one.enabled}
    known: dict[str, str | None] = {}

    def place(rule: str) -> str | None:
        if rule not in known:
            there = target(rules.selection(rule) or Selection(), enabled)
            known[rule] = there.instance if there else None
        return known[rule]

    return place


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
