"""Settings of shows: which of TVMaze's are wanted, and into which Sonarr they go.

A person writes either `selections`, a list of tables of which a show must fit one, or the plain
`filters`, which count as one selection more. What `exclude` names is never taken.
"""

import re
from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct

from movie_sync.setting_types import TEN_YEARS_S, Settings, WebAddress
from movie_sync.sonarr_settings import Monitor, SeriesType, Sonarr

__all__ = [
    "DEFAULT_SONARR", "NONE", "Both", "Days", "Exclude", "Filters", "Monitor", "Rating", "Runtime",
    "Selection", "SeriesType", "Shows", "Sonarr", "Status", "Target", "seconds", "target",
]  # fmt: skip

DEFAULT_SONARR = "main"
NONE = "none"  # stands in a list for a show that has no language, country, network ...
UNITS_S = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800, "y": 31_557_600}
_TIME = re.compile(r"0*([1-9]\d{0,8}) ?([smhdwy]?)")

Time = Annotated[
    str,
    Meta(
        pattern=r"^0*[1-9]\d{0,8} ?[smhdwy]?$",
        extra={"allowed": 'a text as "90s", "30m", "6h", "7d", "1w" or "1y"'},
    ),
]
Texts = tuple[str, ...]


class Days(Settings, frozen=True):
    """Days between which something was; both of them count."""

    after: Annotated[date | None, Meta(description="On this day or later: 2010-01-01.")] = None
    before: Annotated[date | None, Meta(description="On this day or earlier.")] = None


class Rating(Settings, frozen=True):
    """Ratings at TVMaze, from 0 to 10."""

    min: Annotated[
        Annotated[float, Meta(ge=0, le=10)] | None, Meta(description="Lowest rating.")
    ] = None
    max: Annotated[
        Annotated[float, Meta(ge=0, le=10)] | None, Meta(description="Highest rating.")
    ] = None


class Runtime(Settings, frozen=True):
    """Minutes of an episode; where that is not said, of one on average."""

    min: Annotated[
        Annotated[int, Meta(ge=0, le=10_000)] | None, Meta(description="Shortest episode.")
    ] = None
    max: Annotated[
        Annotated[int, Meta(ge=0, le=10_000)] | None, Meta(description="Longest episode.")
    ] = None


class Exclude(Settings, frozen=True):
    """Shows that no selection takes."""

    genres: Annotated[Texts, Meta(description="Genres of which a show may have none.")] = ()
    types: Annotated[
        Texts, Meta(description='Types that are not taken: "Reality", "Talk Show".')
    ] = ()
    languages: Annotated[
        Texts, Meta(description='Languages that are not taken; "none" is one that is not known.')
    ] = ()
    countries: Annotated[
        Texts, Meta(description='Countries that are not taken: "US"; "none" is a global streamer.')
    ] = ()
    networks: Annotated[
        Texts, Meta(description="Networks and streaming services that are not taken.")
    ] = ()


class Selection(Settings, frozen=True):
    """What a show must fit in every point, and where it goes. A list that is empty asks nothing."""

    name: Annotated[
        str,
        Meta(max_length=60, pattern=r"^[^/\x00-\x1f]*$", description="What you call it."),
    ] = ""
    enabled: Annotated[bool, Meta(description="Take shows by it.")] = True
    genres: Annotated[Texts, Meta(description="Genres of which a show must have one.")] = ()
    types: Annotated[Texts, Meta(description='Types: "Scripted", "Animation".')] = ()
    languages: Annotated[
        Texts, Meta(description='Languages: "Korean"; "none" is one that is not known.')
    ] = ()
    countries: Annotated[
        Texts,
        Meta(description='Countries by two letters: "GB"; "none" is a streamer of all the world.'),
    ] = ()
    networks: Annotated[Texts, Meta(description="Networks and streaming services.")] = ()
    exclude_genres: Annotated[Texts, Meta(description="Genres of which it may have none.")] = ()
    exclude_types: Annotated[Texts, Meta(description="Types that are not taken.")] = ()
    exclude_languages: Annotated[Texts, Meta(description="Languages that are not taken.")] = ()
    exclude_countries: Annotated[Texts, Meta(description="Countries that are not taken.")] = ()
    exclude_networks: Annotated[Texts, Meta(description="Networks that are not taken.")] = ()
    status: Annotated[
        Texts, Meta(description='"Running", "Ended", "To Be Determined", "In Development".')
    ] = ()
    exclude_ended: Annotated[bool, Meta(description="Take no show that has ended.")] = False
    premiered: Days = Days()
    ended: Days = Days()
    rating: Rating = Rating()
    runtime: Runtime = Runtime()
    when_unknown: Annotated[
        Literal["refuse", "pass"],
        Meta(description="Shows whose rating, running time or days are asked for and not known."),
    ] = "refuse"
    review: Annotated[
        bool | None, Meta(description="A person approves each show of it before it is added.")
    ] = None
    sonarr: Annotated[
        str, Meta(description="Name of the Sonarr its shows go to; empty: the default one.")
    ] = ""
    root_folder: Annotated[
        str, Meta(description="Where that places them; empty: as the Sonarr has it.")
    ] = ""
    quality_profile: Annotated[
        str, Meta(description="Its quality profile for them; empty: as the Sonarr has it.")
    ] = ""
    tags: Annotated[Texts, Meta(description="Tags they get, besides those of the Sonarr.")] = ()
    monitor: Annotated[
        Monitor | None, Meta(description="Episodes it looks for; null: as the Sonarr has it.")
    ] = None
    series_type: Annotated[
        SeriesType | None, Meta(description="Type of series; null: as the Sonarr has it.")
    ] = None
    search_on_add: Annotated[
        bool | None, Meta(description="Search at once; null: as the Sonarr has it.")
    ] = None


class Both(Settings, frozen=True):
    """What is taken, and what is not."""

    include: Annotated[Texts, Meta(description="Of these; empty: of all.")] = ()
    exclude: Annotated[Texts, Meta(description="But of none of these.")] = ()


class Status(Settings, frozen=True):
    """How far a show is."""

    include: Annotated[
        Texts, Meta(description='"Running", "Ended", "To Be Determined", "In Development".')
    ] = ()
    exclude_ended: Annotated[bool, Meta(description="Take no show that has ended.")] = False


class Filters(Settings, frozen=True):
    """The plain form, for one selection. It is used once one of these is given."""

    genres: Both = Both()
    types: Both = Both()
    languages: Both = Both()
    countries: Both = Both()
    networks: Both = Both()
    status: Status = Status()
    premiered: Days = Days()
    ended: Days = Days()
    rating: Rating = Rating()
    min_runtime: Annotated[
        Annotated[int, Meta(ge=0, le=10_000)] | None,
        Meta(description="Shortest episode, in minutes."),
    ] = None
    max_runtime: Annotated[
        Annotated[int, Meta(ge=0, le=10_000)] | None,
        Meta(description="Longest episode, in minutes."),
    ] = None


class Shows(Settings, frozen=True):
    """Which shows of TVMaze are wanted; those that fit go into Sonarr."""

    enabled: Annotated[bool, Meta(description="Follow TVMaze's catalogue of shows.")] = False
    dry_run: Annotated[
        bool, Meta(description="Say which shows would be added to Sonarr, and add none.")
    ] = True
    poll_interval: Annotated[
        Time, Meta(description="Time between two looks for new and changed shows.")
    ] = "6h"
    update_window: Annotated[
        Literal["day", "week", "month"],
        Meta(description="How far back changes are asked for; all are, after a longer absence."),
    ] = "week"
    rate_limit: Annotated[
        int, Meta(ge=1, le=20, description="Most requests in 10 seconds; TVMaze allows 20.")
    ] = 18
    base_url: Annotated[WebAddress, Meta(description="Where TVMaze's API is found.")] = (
        "https://api.tvmaze.com"
    )
    max_adds_per_day: Annotated[
        int, Meta(ge=0, le=100_000, description="Most shows added in a day; 0 is no limit.")
    ] = 50
    max_adds_per_cycle: Annotated[
        int, Meta(ge=0, le=100_000, description="Most shows added after one look; 0 is no limit.")
    ] = 20
    review: Annotated[
        Literal["off", "all", "selections"],
        Meta(
            description="all: a person approves each show before it is added; selections: where "
            'a selection says "review": true.'
        ),
    ] = "selections"
    abandon_after: Annotated[
        Time, Meta(description="How long a show without a TVDB id is waited for.")
    ] = "1y"
    exclude: Exclude = Exclude()
    selections: Annotated[
        tuple[Selection, ...],
        Meta(description="Tables of what is wanted, of which a show must fit one."),
    ] = ()
    filters: Filters = Filters()

    @property
    def poll_interval_s(self) -> int:
        return max(seconds(self.poll_interval), 60)

    @property
    def abandon_after_s(self) -> int:
        return seconds(self.abandon_after)


def seconds(time: str) -> int:
    """How long "6h" is; a number alone is of seconds. At most ten years."""
    match = _TIME.fullmatch(time)
    if not match:
        raise ValueError(f"{time} is no time")
    return min(int(match[1]) * UNITS_S[match[2] or "s"], TEN_YEARS_S)


class Target(Struct, frozen=True):
    """Where the shows of a selection go, and how."""

    instance: str
    root_folder: str
    quality_profile: str
    tags: Texts
    monitor: Monitor
    series_type: SeriesType
    search_on_add: bool


def target(selection: Selection, sonarrs: dict[str, Sonarr]) -> Target | None:
    """None where the Sonarr that is meant is not there, or not switched on.

    Without a name it is the one called "main", or else the only one.
    """
    named = selection.sonarr or (DEFAULT_SONARR if DEFAULT_SONARR in sonarrs else "")
    name = named or (next(iter(sonarrs)) if len(sonarrs) == 1 else "")
    one = sonarrs.get(name)
    if one is None or not one.enabled:
        return None
    return Target(
        instance=name,
        root_folder=selection.root_folder or one.root_folder,
        quality_profile=selection.quality_profile or one.quality_profile,
        tags=tuple(dict.fromkeys((*one.tags, *selection.tags))),
        monitor=selection.monitor or one.monitor,
        series_type=selection.series_type or one.series_type,
        search_on_add=(
            one.search_on_add if selection.search_on_add is None else selection.search_on_add
        ),
    )
