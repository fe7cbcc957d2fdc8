"""What waits for a person's word as plain data: shows and films of Viki that nobody knows for
sure, with what they may be and why, and works whose ids name two titles.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal, get_args

from msgspec import Struct

from movie_sync.errors import MovieSyncError, NotFound
from movie_sync.history.match_models import Candidate, Choice, Mapping
from movie_sync.history.rows import QuestionRow
from movie_sync.library_models import Kind
from movie_sync.models import Moment
from movie_sync.views.history import library_of

if TYPE_CHECKING:
    from movie_sync.history.catalogues import Sources
    from movie_sync.history.store import HistoryStore
    from movie_sync.history.viki_rows import ContainerRow, MatchRow

PER_PAGE = 20
MOST_CHOICES, MOST_FOUND = 5, 12
LONGEST_ID = 40
MATCHED = ("auto", "manual")
Stands = Literal["review", "none", "new", "matched"]
STATES: tuple[Stands, ...] = get_args(Stands)


class Proposal(Struct, frozen=True, kw_only=True):
    """A title that may be meant."""

    key: str  # by which it is chosen: "trakt:245986"
    kind: Kind
    title: str
    year: int | None
    ids: dict[str, str]
    score: float  # 0.0 to 1.0
    reasons: tuple[str, ...]  # for it and against it
    mapping: str  # which of its episodes are meant, as a sentence


class Unmatched(Struct, frozen=True, kw_only=True):
    """A show or a film of Viki's, and what it may be."""

    id: str
    title: str
    also: tuple[str, ...]
    kind: Kind | None
    country: str | None
    episodes: int | None
    watched: int  # of its videos
    begun: int
    state: str  # "new": nobody asked yet; "review", "none", "auto", "manual"
    sentence: str
    retry_at: Moment | None
    url: str | None
    title_id: int | None  # what it is taken for
    choices: tuple[Proposal, ...]  # the likest first


class Answered(Struct, frozen=True, kw_only=True):
    """An answer to what a container is. None is ever changed."""

    id: int
    state: str
    confidence: float
    sentence: str
    mapping: str
    ids: dict[str, str]
    made_by: str  # "hand", "auto"
    made_at: Moment


class Matched(Struct, frozen=True, kw_only=True):
    """A container with all that was ever said of it, the newest first."""

    container: Unmatched
    mapping: str
    answers: tuple[Answered, ...]


class Asked(Struct, frozen=True, kw_only=True):
    """Which of two titles a work is."""

    id: int
    work: str
    sentence: str
    plays: int  # that wait for the answer
    asked_at: Moment
    titles: tuple[tuple[int, str, int | None], ...]  # number, title, year


class Found(Struct, frozen=True, kw_only=True):
    """Titles that may be meant by words that a person typed."""

    proposals: tuple[Proposal, ...]
    problem: str | None = None  # why nobody could be asked, as a sentence


class HistoryInbox(Struct, frozen=True, kw_only=True):
    """Some of what waits."""

    unmatched: tuple[Unmatched, ...]
    questions: tuple[Asked, ...]  # on the first page
    states: dict[str, int]  # how many shows and films of Viki's stand how
    next: str | None  # where the next page of `unmatched` begins; None: this is the last


def inbox(
    store: "HistoryStore", state: str = "review", after: str = "", limit: int = PER_PAGE
) -> HistoryInbox:
    """Of one of `STATES`."""
    from movie_sync.history.shelf import count_states

    asked = MATCHED if state == "matched" else (state,)
    rows = store.containers(asked, after_id=after[:LONGEST_ID], limit=limit + 1)
    questions = () if after else tuple(_asked(store, row) for row in store.questions(limit=limit))
    return HistoryInbox(
        unmatched=tuple(_unmatched(row, _choices(store, row)) for row in rows[:limit]),
        questions=questions,
        states=count_states(store.db),
        next=rows[limit - 1].container.id if len(rows) > limit else None,
    )


def container(store: "HistoryStore", container_id: str) -> Matched:
    """Raises NotFound: Viki showed none such."""
    row = store.container(container_id) if len(container_id) <= LONGEST_ID else None
    if row is None:
        raise NotFound("history", f"there is no {container_id} of Viki's")
    answers = store.matches(container_id)
    choices = next((one.choices for one in answers if one.choices), ())
    return Matched(
        container=_unmatched(row, choices),
        mapping=said(row.standing.mapping) if row.standing else "",
        answers=tuple(_answered(one) for one in answers),
    )


def search(sources: "Sources", text: str, kind: Kind | None) -> Found:
    """As Trakt, or else TMDB, knows them."""
    from movie_sync.history.catalogues import of_hit, of_suggestion

    words = text.strip()
    if not words:
        return Found(proposals=())
    kinds = (kind,) if kind else (Kind.SHOW, Kind.FILM)
    try:
        if sources.trakt:
            hits = [hit for one in kinds for hit in sources.trakt.search(one, words)[:MOST_FOUND]]
            return Found(proposals=_proposed(map(of_hit, hits)))
        if sources.tmdb:
            some = sources.tmdb.search(kind, words, other_titles=False)[:MOST_FOUND]
            return Found(proposals=_proposed(map(of_suggestion, some)))
    except MovieSyncError as error:
        return Found(proposals=(), problem=str(error))
    return Found(proposals=(), problem="neither Trakt nor TMDB can be asked; name an id instead")


def _proposed(candidates: Iterable[Candidate]) -> tuple[Proposal, ...]:
    return tuple(
        Proposal(
            key=one.key, kind=one.kind, title=one.title, year=one.year, ids=one.ids, score=0.0,
            reasons=(), mapping="",
        )
        for one in candidates
    )  # fmt: skip


def said(mapping: Mapping) -> str:
    """Empty: there is nothing to say."""
    return str(mapping) if mapping.stretches else ""


def _choices(store: "HistoryStore", row: "ContainerRow") -> tuple[Choice, ...]:
    """Of the last answer that had any."""
    if row.state == "new":
        return ()
    return next((one.choices for one in store.matches(row.container.id) if one.choices), ())


def _unmatched(row: "ContainerRow", choices: Iterable[Choice]) -> Unmatched:
    facts, standing = row.container, row.standing
    refused = standing.refused if standing else ()
    also = dict.fromkeys(filter(None, (facts.phonetic, *facts.titles.values())))
    also.pop(facts.title, None)
    return Unmatched(
        id=facts.id,
        title=facts.title,
        also=tuple(also)[:3],
        kind=facts.kind,
        country=facts.country,
        episodes=facts.planned_episodes,
        watched=row.watched or 0,
        begun=row.begun or 0,
        state=row.state,
        sentence=standing.sentence if standing else "",
        retry_at=standing.retry_at if standing else None,
        url=facts.url,
        title_id=row.title_id,
        choices=tuple(proposal(one) for one in choices if one.candidate.key not in refused)[
            :MOST_CHOICES
        ],
    )


def proposal(choice: Choice) -> Proposal:
    one = choice.candidate
    return Proposal(
        key=one.key, kind=one.kind, title=one.title, year=one.year, ids=one.ids,
        score=choice.score, reasons=choice.evidence.sentences, mapping=said(choice.mapping),
    )  # fmt: skip


def _answered(row: "MatchRow") -> Answered:
    return Answered(
        id=row.id, state=str(row.state), confidence=row.confidence, sentence=row.sentence,
        mapping=said(row.mapping), ids=row.ids, made_by=row.made_by, made_at=row.made_at,
    )  # fmt: skip


def _asked(store: "HistoryStore", row: QuestionRow) -> Asked:
    titles = library_of(store)
    found = [titles.row(number) for number in row.title_ids]
    return Asked(
        id=row.id, work=str(row.work), sentence=row.sentence, plays=row.plays,
        asked_at=row.asked_at,
        titles=tuple((one.id, one.title, one.year) for one in found if one),
    )  # fmt: skip
