"""What the follow worker remembers between two passes. Losing all of it costs a minute or so."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from movie_sync.films.stalls import Stall

AFRESH = timedelta(hours=1)  # after a start, peers have to be found again


@dataclass(slots=True)
class Patience:
    """One worker's memory.

    Args:
        left_over: handles that an earlier run had not given to its client before it ended.
    """

    left_over: set[str] = field(default_factory=set)
    missing_since: dict[str, datetime] = field(default_factory=dict)  # by handle
    stalls: dict[tuple[str, str], Stall] = field(default_factory=dict)  # by id and handle
    place_again_at: dict[str, datetime] = field(default_factory=dict)  # by id
    genuine: set[tuple[str, str]] = field(default_factory=set)  # looked into, by id and handle
    began_at: datetime | None = None  # the first pass
    let_go_at: datetime | None = None  # when it is looked again what clients are to let go of

    def begin_pass(self, now: datetime) -> None:
        self.began_at = min(self.began_at or now, now)

    def ran_for(self, wait: timedelta, now: datetime) -> bool:
        """Whether this run is old enough to judge what waited that long; the longest need is an
        hour."""
        return self.began_at is not None and now - self.began_at >= min(wait, AFRESH)

    def keep_only(self, loading: set[tuple[str, str]]) -> None:
        """Forget what is known of downloads but these, each an id and a handle."""
        self.stalls = {key: stall for key, stall in self.stalls.items() if key in loading}

    def rest(self) -> None:
        """The client is out of reach: until it is back, no time counts."""
        self.missing_since.clear()  # when it comes back it may list nothing at first
        self.stalls = {key: stall.rest() for key, stall in self.stalls.items()}
