"""What a file of somebody's history comes to: one entry after another, in the order of the file.

A part that cannot be read is an entry too, so that nothing is a short list in silence.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo

from msgspec import Struct

from movie_sync.history_models import Play, Rating, Wish
from movie_sync.library_models import PROVIDERS

# A phone that is in another zone may be a day ahead of us.
AHEAD = timedelta(days=1)


class Problem(Struct, frozen=True):
    """Something in the file that is not among the entries, and why."""

    place: str  # "watched-history-2.json, entry 17"; "diary.csv, line 4"
    sentence: str  # what is wrong, what of it was kept

    def __str__(self) -> str:
        return f"{self.place}: {self.sentence}"


Entry = Play | Rating | Wish | Problem


class Reader(Struct, frozen=True):
    """Who reads: a date without a zone means theirs, and nothing was watched after `now`."""

    zone: tzinfo | None  # None: the machine's
    now: datetime

    def is_ahead(self, moment: datetime | None) -> bool:
        return moment is not None and moment > self.now + AHEAD


class Contents(Struct, frozen=True):
    """A file that is understood. `entries` are read once, while the file is there."""

    form: str  # "a Trakt export", for a person
    source: str  # "file:trakt": of the plays that name no other
    entries: Iterator[Entry]


def known_ids(told: object) -> dict[str, str]:
    """The ids of an object such as {"trakt": 4, "imdb": null, "slug": "x"} that we can use."""
    if not isinstance(told, dict):
        return {}
    return {provider: text for provider in PROVIDERS if (text := id_text(told.get(provider)))}


def id_text(value: object) -> str:
    """An id as text: of digits or letters without spaces, and not 0."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    text = str(value).strip()
    return "" if text in ("", "0") or len(text) > 200 or any(map(str.isspace, text)) else text
