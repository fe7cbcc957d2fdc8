"""What is given to Sonarr and Radarr to take care of, and what they answer. Pure facts.

Only answers about the one show or film stand here. That the program is down, wants another login
or lacks a folder that a setting names is an error, and says nothing of the show.
"""

from enum import StrEnum

from msgspec import Struct


class Outcome(StrEnum):
    """What became of one show or film."""

    ADDED = "added"
    EXISTS = "exists"  # it was there before
    CONFLICT = "conflict"  # its folder or address there belongs to another one
    UNKNOWN = "unknown"  # nobody there knows its id
    REFUSED = "refused"  # for another reason, which `sentence` gives


class Given(Struct, frozen=True):
    """The answer to one adding."""

    outcome: Outcome
    id: int | None = None  # its number there, where it was told
    sentence: str = ""  # for a person; empty where there is nothing to explain


class Series(Struct, frozen=True):
    """A show as Sonarr has it."""

    id: int  # Sonarr's own
    tvdb_id: int
    tvmaze_id: int | None
    title: str


class SeriesWish(Struct, frozen=True, kw_only=True):
    """A show and how it is wanted. Folders, profiles and tags by their names there."""

    title: str
    tvdb_id: int
    root_folder: str = ""  # empty, as both below: the only one that there is
    quality_profile: str = ""
    language_profile: str = ""  # Sonarr 3 alone has them
    tags: tuple[str, ...] = ()
    monitor: str = "all"
    series_type: str = "standard"
    season_folder: bool = True
    search: bool = False
