"""What an import is asked to do, and what it reads from: plain facts and one shape."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, Protocol

from msgspec import Struct

from movie_sync.history.binge import MOST_A_DAY
from movie_sync.history_models import Play, Rating, Wish

# Kinds in the log of syncs.
IMPORT, NEWS, COMPARE = "import", "trakt", "trakt-compare"

Entry = Play | Rating | Wish


class Options(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a person chose for an import."""

    source: Literal["trakt", "file"] = "trakt"
    path: str | None = None  # of the file
    history: bool = True
    rate: Literal["missing", "all", "none"] = "missing"
    watchlist: bool = True
    most_a_day: int = MOST_A_DAY  # episodes of a new series that are believed; 0: all are
    specials: bool = True


class Part(Struct, frozen=True, kw_only=True):
    """A part of what there is to be read."""

    entries: Sequence[Entry] = ()
    problems: Sequence[str] = ()  # of entries that cannot be read
    checkpoint: Mapping[str, str] = {}  # how far the reading is, with this part
    total: int | None = None  # entries that there are in all, as far as that is said
    sentence: str = ""  # what is being read: "page 3 of 400"


class Reading(Protocol):
    """A source that is read from its beginning, or from where it was left."""

    source: str  # "trakt", "file:letterboxd"
    needs_tmdb: bool  # its works have TMDB ids, or are not to be known at all

    def parts(self, checkpoint: Mapping[str, str]) -> Iterator[Part]:
        """Raises as the source does; what was given until then is right."""
        ...
