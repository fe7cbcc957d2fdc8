"""A release held against a film: all that a rule or a preference may look at. Pure."""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property

from msgspec import Struct

from movie_sync.films import spoken
from movie_sync.films.profiles import Effective
from movie_sync.films.sizes import Size
from movie_sync.models import Film, Release
from movie_sync.releases import ReleaseName


class Case(Struct, frozen=True, kw_only=True, dict=True):
    """What is read from these facts is read once."""

    release: Release
    name: ReleaseName
    film: Film
    wants: Effective
    now: datetime
    blocked: Mapping[str, str] = {}  # "indexer:id" -> why it is not taken again
    have: ReleaseName | None = None  # what is in the library

    @property
    def ids_agree(self) -> bool | None:
        """Whether both name the same film by id; None if they have none of one kind.

        IMDb's goes first: TMDB numbers series apart, and indexers mix them up.
        """
        offered, wanted = _number(self.name.imdb_id), _number(self.film.imdb_id)
        if offered is None or wanted is None:
            offered, wanted = self.name.tmdb_id, self.film.tmdb_id
        return None if offered is None or wanted is None else offered == wanted

    @cached_property
    def place(self) -> int | None:
        return self.wants.place(self.name)

    @cached_property
    def score(self) -> int:
        return self.wants.score(self.release.name)

    @cached_property
    def language(self) -> spoken.Fit:
        return spoken.fit(self.name, self.film, self.wants.languages)

    @cached_property
    def size(self) -> Size:
        return Size(self.release.size_bytes, self.film.runtime_min, self.name.likely_resolution)


def _number(imdb_id: str | None) -> int | None:
    """Zeros in front do not count: "tt0133093" and "tt133093" are one."""
    digits = (imdb_id or "").removeprefix("tt")
    return int(digits) if digits.isdecimal() else None
