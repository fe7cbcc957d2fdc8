"""Settings of each Sonarr that shows are added to. Its key is a credential: sonarr.NAME.api_key."""

from typing import Annotated, Literal

from msgspec import Meta

from movie_sync.setting_types import Settings, WebAddress

Monitor = Literal[
    "all", "future", "missing", "existing", "recent", "pilot", "firstSeason", "lastSeason",
    "latestSeason", "none",
]  # fmt: skip
SeriesType = Literal["auto", "standard", "daily", "anime"]


class Sonarr(Settings, frozen=True):
    """A Sonarr that shows are added to."""

    url: Annotated[WebAddress, Meta(description="Its address: http://127.0.0.1:8989.")]
    enabled: Annotated[bool, Meta(description="Add shows to it.")] = True
    root_folder: Annotated[
        str, Meta(description="Where it places shows; empty: the only root folder it has.")
    ] = ""
    quality_profile: Annotated[
        str, Meta(description="Name of its quality profile; empty: the only one it has.")
    ] = ""
    language_profile: Annotated[
        str, Meta(description="Name of its language profile; asked for by Sonarr 3 alone.")
    ] = ""
    monitor: Annotated[Monitor, Meta(description="Which episodes it looks for.")] = "all"
    series_type: Annotated[
        SeriesType,
        Meta(description="auto: anime, daily or standard, by the type and genres of the show."),
    ] = "auto"
    season_folder: Annotated[bool, Meta(description="A folder for each season.")] = True
    search_on_add: Annotated[
        bool, Meta(description="Search for missing episodes as soon as a show is added.")
    ] = True
    tags: Annotated[tuple[str, ...], Meta(description="Tags that shows get there.")] = ()
