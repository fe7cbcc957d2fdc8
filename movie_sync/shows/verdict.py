"""What became of a show, and what a person's rules say of one."""

from enum import StrEnum
from typing import Any

from msgspec import Struct

EXCLUDE = "exclude"  # the rule that refuses before every selection
PASSES, NO_SELECTION, NO_TVDB_ID = "passes", "no_selection", "no_tvdb_id"
ABANDONED = "abandoned"


class ShowState(StrEnum):
    """Each show is in one of these."""

    PENDING = "pending"  # passes, and is not queued yet
    FILTERED = "filtered"
    PENDING_TVDB = "pending_tvdb"  # passes, but Sonarr knows a show by its TVDB id alone
    REVIEW = "review"  # passes, and waits for a person
    QUEUED = "queued"
    ADDED = "added"
    EXISTS = "exists"  # was in Sonarr before us
    FAILED = "failed"
    SKIPPED = "skipped"  # a person wants it never
    GONE = "gone"  # was added, and taken out of Sonarr since


# What rules decide; in every other state, a person or Sonarr has decided already.
JUDGED = frozenset(
    (ShowState.PENDING, ShowState.FILTERED, ShowState.PENDING_TVDB, ShowState.REVIEW)
)


class Verdict(Struct, frozen=True):
    """What the rules say of a show."""

    state: ShowState  # one of JUDGED
    rule: str  # the selection that took it; else EXCLUDE, or the selection that came nearest
    code: str  # "language", "rating" ...; PASSES, NO_SELECTION, NO_TVDB_ID
    sentence: str
    compared: dict[str, Any] = {}  # what it has -> by key "is", what was asked by another
