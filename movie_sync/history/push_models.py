"""What pushing speaks of, and what it needs of Trakt. Pure facts."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Literal, Protocol

from msgspec import Struct, field

from movie_sync.history.rows import OutboxRow
from movie_sync.history_models import Play, Work
from movie_sync.library_models import Kind
from movie_sync.trakt_models import Account, Hit, Page, Place, Removed, Told, TraktPlay

PUSH, UNDO = "push", "undo"  # kinds of syncs
TOLD, THERE, NOT_FOUND, REFUSED = "told", "there", "not_found", "refused"  # what a sync counts
VERIFIED = "verified"  # of those told: they had arrived, though no answer had
BATCH = 100  # plays in one request

Rule = Literal["same_day", "ever", "never"]  # what is not told again; of `settings.Trakt`


class Trakt(Protocol):
    """The part of `services.trakt.Trakt` that pushing asks. All of it raises ServiceError."""

    name: str

    def settings(self) -> Account: ...
    def watched_times(self, kind: Kind) -> dict[Place, tuple[datetime, ...]]: ...
    def by_id(self, provider: str, id: str, kind: Kind) -> list[Hit]: ...
    def history(
        self,
        kind: Kind | None = None,
        start_at: datetime | None = None,
        end_at: datetime | None = None,
    ) -> Iterator[Page]: ...
    def plays_of(
        self, work: Work, start_at: datetime | None, end_at: datetime | None
    ) -> list[TraktPlay]: ...
    def add(self, plays: Sequence[Play]) -> Told: ...
    def remove(self, history_ids: Sequence[int]) -> Removed: ...


class Proposed(Struct, frozen=True, kw_only=True):
    """A play that waits, and whether it would go."""

    row: OutboxRow
    why_not: str | None = None


class Proposal(Struct, kw_only=True):
    """What a push would do now."""

    account: str
    go: int = 0
    there: int = 0
    unfit: int = 0  # never, as they are
    unmatched: int = 0  # not yet: they have no id that Trakt knows
    unsure: int = 0  # sent, and no answer came: they are looked for first
    problem: str | None = None  # why nothing goes at all
    first: list[Proposed] = field(default_factory=list)  # of all these, in order

    @property
    def sentence(self) -> str:
        kept = (
            (self.there, "there already"),
            (self.unmatched, "not matched yet"),
            (self.unfit, "not fit to be told"),
            (self.unsure, "to be looked for first"),
        )
        parts = [f"{self.go} would be told", *(f"{count} {what}" for count, what in kept if count)]
        return "; ".join(parts)


def play_of(row: OutboxRow) -> Play:
    """What Trakt is told."""
    return Play(
        key=f"play:{row.play_id}",
        source=row.source,
        work=row.work,
        watched_at=row.watched_at,
        day_only=row.day_only,
        zone=row.zone,
    )
