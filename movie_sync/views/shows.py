"""Shows as plain data: how all of them are, a list of some, one with every selection's answer.

What is large is imported where it is used: this module is there also while shows are off.
"""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from movie_sync.errors import NotQueued
from movie_sync.models import Show
from movie_sync.shows.verdict import ShowState
from movie_sync.views.show_wishes import wishes

if TYPE_CHECKING:
    from movie_sync.shows.finding import Order, Passing, Sought
    from movie_sync.shows.judging import Preview
    from movie_sync.shows.rows import StateRow
    from movie_sync.shows.running import Shows
    from movie_sync.shows_settings import Shows as Settings

PER_PAGE = 50
MOST_ID = 2**31 - 1
ATTRIBUTION = "Data from TVmaze"
SOURCE_URL = "https://www.tvmaze.com"
CREDIT = f"{ATTRIBUTION} ({SOURCE_URL}), licensed CC BY-SA"
ORDERS: tuple["Order", ...] = ("newest", "title", "rating", "premiered", "changed")


class ShowSonarr(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One Sonarr, as far as is known without asking it."""

    name: str
    url: str
    reached: bool = True  # at the last look, if there was one
    problem: str | None = None


class Would(Struct, frozen=True, kw_only=True):
    """Shows that a selection takes and that wait: in a dry run, what would be added."""

    rule: str
    count: int
    examples: tuple[str, ...]


class ShowCycle(Struct, frozen=True, kw_only=True):
    """The cycle in hand, or the last one."""

    began_at: datetime
    ended_at: datetime | None
    sentence: str
    requests: int  # to TVmaze


class ShowSummary(Struct, frozen=True, kw_only=True):
    """How all shows are."""

    total: int
    counts: dict[str, int]  # by state; every state is there
    reasons: dict[str, int]  # of those that are filtered
    would_add: tuple[Would, ...]
    dry_run: bool
    max_adds_per_cycle: int  # 0 is no limit
    max_adds_per_day: int
    complete: bool  # the catalogue was read whole once
    page: int | None  # of the catalogue, that was read last
    running: bool
    cycle: ShowCycle | None  # since the start of the program
    next_at: datetime
    problem: str | None  # of the last cycle
    troubles: tuple[str, ...]  # what a person should mend
    notices: tuple[str, ...]  # words of the rules that were read as others
    sonarrs: tuple[ShowSonarr, ...]
    attribution: str = CREDIT


class ShowRow(Struct, frozen=True, kw_only=True):
    """One show in a list: its facts, and what became of it."""

    tvmaze_id: int
    title: str
    url: str
    state: ShowState
    rule: str
    code: str
    sentence: str
    tvdb_id: int | None
    imdb_id: str | None
    type: str | None
    language: str | None
    genres: tuple[str, ...]
    status: str | None
    runtime_min: int | None
    premiered_on: date | None
    ended_on: date | None
    rating: float | None
    network: str | None
    web_channel: str | None
    country: str | None
    sonarr: str | None  # the name of the one that has it, or gets it
    series_id: int | None  # there
    added_at: datetime | None
    changed_at: datetime

    @property
    def year(self) -> int | None:
        return self.premiered_on.year if self.premiered_on else None

    @property
    def on(self) -> str | None:
        """Where it runs."""
        return self.network or self.web_channel


class ShowListing(Struct, frozen=True, kw_only=True):
    """One page of a list. Pages count from 1."""

    rows: tuple[ShowRow, ...]
    total: int
    page: int
    per_page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.per_page))


class Says(Struct, frozen=True, kw_only=True):
    """What one selection says of a show; `exclude` is what no selection takes."""

    rule: str
    takes: bool
    reasons: tuple[str, ...]  # every point that refuses, as a sentence


class ShowWhole(Struct, frozen=True, kw_only=True):
    """A show with all that is known of it."""

    show: ShowRow
    compared: dict[str, Any]  # what it has, by "is", and what was asked
    pending_since: datetime | None  # waits for a TVDB id since
    now: str  # what the rules say today, as a sentence
    answers: tuple[Says, ...]
    wishes: tuple[str, ...]  # what may be asked of it now
    attribution: str = CREDIT


_OF_SHOW = [name for name in ShowRow.__struct_fields__ if name in Show.__struct_fields__]
_OF_STATE = (
    "state", "rule", "code", "sentence", "series_id", "added_at", "changed_at",
)  # fmt: skip


def summary(shows: "Shows", now: datetime) -> ShowSummary:
    """All of it from the database and from memory: nobody is asked."""
    counts, marks = shows.store.counts(), shows.store.all_meta()
    page, cycle = marks.get("shows.page"), shows.sync.cycle
    return ShowSummary(
        total=sum(counts.values()),
        counts={str(state): counts.get(state, 0) for state in ShowState},
        reasons=_sorted(shows.store.counts_by_reason()),
        would_add=waiting(shows),
        dry_run=shows.settings.dry_run,
        max_adds_per_cycle=shows.settings.max_adds_per_cycle,
        max_adds_per_day=shows.settings.max_adds_per_day,
        complete="shows.complete" in marks,
        page=int(page) if page is not None else None,
        running=shows.sync.running,
        cycle=ShowCycle(
            began_at=cycle.began_at, ended_at=cycle.ended_at, sentence=cycle.sentence,
            requests=cycle.read.requests if cycle.read else 0,
        ) if cycle else None,
        next_at=shows.sync.next_at(now),
        problem=str(shows.sync.problem) if shows.sync.problem else None,
        troubles=tuple(shows.troubles()),
        notices=shows.rules.notices,
        sonarrs=tuple(_sonarrs(shows)),
    )  # fmt: skip


def waiting(shows: "Shows") -> tuple[Would, ...]:
    """What waits to be added, by the selection that takes it, the greatest first."""
    from movie_sync.shows import finding

    found: list[Passing] = finding.passing(shows.store)
    return tuple(Would(rule=one.rule, count=one.count, examples=one.examples) for one in found)


def id_of(shows: "Shows", name: str) -> int:
    """Of a show by its number, its address at TVmaze, or its title.

    Raises:
        NotQueued: none is called so, or more than one.
    """
    from movie_sync.shows.wishes import find

    return find(shows.store, name)[0].tvmaze_id


def tried(shows: "Shows", settings: "Settings") -> "tuple[Preview, tuple[str, ...]]":
    """What other rules would do, and what would not do in them what is meant."""
    from movie_sync.shows.selection import rules

    return shows.preview(settings), rules(settings).problems


def taken(shows: "Shows") -> dict[str, int]:
    """How many shows each selection has taken, whatever became of them since."""
    from movie_sync.shows import finding

    return finding.taken(shows.store)


def unfamiliar(shows: "Shows", settings: "Settings | None" = None) -> dict[str, str]:
    """Words of these rules, or of those in force, that no show has: sentences by key."""
    from movie_sync.shows import familiar

    found = familiar.unfamiliar(shows.store, settings or shows.settings)
    return {each.key: each.sentence for each in found}


def sought(**asked: Any) -> "Sought":
    """Of the fields of `finding.Sought`."""
    from movie_sync.shows.finding import Sought

    return Sought(**asked)


def part(shows: "Shows", sought: "Sought", limit: int, offset: int) -> tuple[ShowRow, ...]:
    """So many of the shows that are sought."""
    from movie_sync.shows import finding

    return tuple(row(*each) for each in finding.find(shows.store, sought, limit, offset))


def listed(
    shows: "Shows", sought: "Sought", page: int = 1, per_page: int = PER_PAGE
) -> ShowListing:
    """One page of the shows that are sought; one past the end is the last."""
    from movie_sync.shows import finding

    total = finding.count(shows.store, sought)
    page = max(1, min(page, -(-total // per_page)))
    rows = part(shows, sought, per_page, (page - 1) * per_page)
    return ShowListing(rows=rows, total=total, page=page, per_page=per_page)


def one(shows: "Shows", tvmaze_id: int) -> ShowWhole:
    """Raises NotQueued: there is no such show."""
    from movie_sync.shows.selection import explain

    known = shows.store.get(tvmaze_id) if tvmaze_id <= MOST_ID else None
    if known is None:
        raise NotQueued(f"there is no show with the TVmaze id {tvmaze_id}")
    show, state = known
    told = explain(show, shows.rules)
    return ShowWhole(
        show=row(show, state),
        compared=state.compared,
        pending_since=state.pending_since,
        now=told.verdict.sentence,
        answers=tuple(
            Says(rule=each.rule, takes=each.takes,
                 reasons=tuple(sentence for _, sentence in each.reasons))
            for each in told.answers
        ),
        wishes=wishes(show, state),
    )  # fmt: skip


def row(show: Show, state: "StateRow") -> ShowRow:
    return ShowRow(
        **{name: getattr(show, name) for name in _OF_SHOW},
        **{name: getattr(state, name) for name in _OF_STATE},
        sonarr=state.instance,
    )


def _sonarrs(shows: "Shows") -> list[ShowSonarr]:
    out = shows.reconciled.out if shows.reconciled else {}
    return [
        ShowSonarr(
            name=name,
            url=each.section.url,
            reached=name not in out,
            problem=str(out[name]) if name in out else None,
        )
        for name, each in shows.sonarrs.instances.items()
    ]


def _sorted(counts: dict[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
