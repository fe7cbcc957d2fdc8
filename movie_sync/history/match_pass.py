"""Which title each show of Viki's is, asked by itself; what a person says, see `match_desk`.

What is sure is acted on, what is unsure waits for a person, and what nothing is like is asked again
after 1, 7 and 30 days. Every answer is written down for ever. The one thing to know: what a person
said stays until that person says something else; taking a match away means to be asked.
"""

import logging
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from msgspec import Struct

from movie_sync.errors import BadAnswer, ConfigError, Refused, ServiceError, Stopping
from movie_sync.history import matching
from movie_sync.history.adopting import Adopting
from movie_sync.history.candidates import decide
from movie_sync.history.catalogues import Sources
from movie_sync.history.match_models import Candidate, State, Verdict, Viewed
from movie_sync.history.store import HistoryStore
from movie_sync.history.viewing import viewed_of
from movie_sync.history.viki_rows import ContainerRow
from movie_sync.library.rows import Conflict
from movie_sync.library_models import Facts

log = logging.getLogger(__name__)

AT_ONCE = 1000  # rows in one question to the store
UNASKABLE = "neither Trakt nor TMDB is set up, so nothing was matched; a person can, by their ids"
OTHER = "Viki says that this is neither film nor show"


@dataclass(frozen=True)
class MatchParts:
    """What a pass needs.

    Args:
        sources: who can be asked, now.
        most: shows in one pass.
        tell: what is being asked, for who waits for it.
    """

    store: HistoryStore
    adopting: Adopting
    sources: Callable[[], Sources]
    most: int = 50
    tell: Callable[[str], None] = lambda sentence: None
    stop: threading.Event = field(default_factory=threading.Event)


class Matched(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a pass came to."""

    auto: int = 0
    review: int = 0
    none: int = 0
    problem: str | None = None  # why it ended before its end
    problems: tuple[str, ...] = ()

    @property
    def asked(self) -> int:
        return self.auto + self.review + self.none

    @property
    def sentence(self) -> str:
        said = f"{self.asked} asked: {self.auto} matched, {self.review} to be asked, "
        return f"{said}{self.none} not found" + (f"; {self.problem}" if self.problem else "")


class MatchPass:
    def __init__(self, parts: MatchParts) -> None:
        self.parts = parts

    def run_pass(self, now: datetime) -> Matched:
        """Of those that are due, so many as one pass may ask for.

        Raises Stopping: the program ends; what was answered is kept.
        """
        store = self.parts.store
        self.parts.adopting.finish(now)
        due = [row for row in store.due_matches(now, AT_ONCE) if _can_be_asked(row)]
        sources = self.parts.sources()
        if due and sources.trakt is None and sources.tmdb is None:
            return Matched(problem=UNASKABLE)
        counts, problems, problem = Counter[str](), list[str](), None
        for row in due[: self.parts.most]:
            if self.parts.stop.is_set():
                raise Stopping("matching was not done to the end; what was answered is kept")
            try:
                counts[self._match(row, sources, now, problems)] += 1
            except (BadAnswer, Refused) as error:
                problems.append(f"{row.container.title}: {error}")
            except (ServiceError, ConfigError) as error:
                problem = str(error)
                break
        matched = Matched(
            auto=counts[State.AUTO], review=counts[State.REVIEW], none=counts[State.NONE],
            problem=problem, problems=tuple(problems),
        )  # fmt: skip
        if due:
            log.info("matching: %s", matched.sentence)
        return matched

    def _match(
        self, row: ContainerRow, sources: Sources, now: datetime, problems: list[str]
    ) -> State:
        store, container_id = self.parts.store, row.container.id
        shown = viewed(store, row)
        if shown is None:
            verdict = Verdict(state=State.NONE, confidence=0.0, sentence=OTHER)
        else:
            self.parts.tell(f"asking what {row.container.title} is")
            asked = decide(shown, sources, row.standing)
            problems += [f"{row.container.title}: {one}" for one in asked.problems]
            verdict = asked.verdict
        standing = matching.heed(row.standing, verdict, now)
        if standing.state is not State.AUTO or verdict.candidate is None:
            store.save_match(container_id, standing, now, verdict=verdict)
            return standing.state
        facts = _facts(verdict.candidate)
        title = self.parts.adopting.settle(container_id, standing, facts, now, verdict=verdict)
        return State.REVIEW if isinstance(title, Conflict) else State.AUTO


def _can_be_asked(row: ContainerRow) -> bool:
    """Viki has told what it is."""
    return row.container.type is not None


def viewed(store: HistoryStore, row: ContainerRow) -> Viewed | None:
    """As matching looks at it."""
    told = [one.video for one in store.videos(row.container.id) if one.video and one.video.type]
    return viewed_of(row.container, told)


def _facts(candidate: Candidate) -> Facts:
    return Facts(
        kind=candidate.kind, title=candidate.title, year=candidate.year, ids=dict(candidate.ids)
    )
