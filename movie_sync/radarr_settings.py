"""Settings of Radarr as the one that takes care of films, in place of our own searching."""

from typing import Annotated, Literal

from msgspec import Meta

from movie_sync.setting_types import Settings, WebAddress


class Radarr(Settings, frozen=True):
    """Radarr, given each wanted film in place of the indexers. Needs radarr.api_key."""

    enabled: Annotated[
        bool, Meta(description="Give wanted films to Radarr, and search for none here.")
    ] = False
    url: Annotated[WebAddress, Meta(description="Its address.")] = "http://127.0.0.1:7878"
    root_folder: Annotated[
        str, Meta(description="Where it places films; empty: the only root folder it has.")
    ] = ""
    quality_profile: Annotated[
        str, Meta(description="Name of its quality profile; empty: the only one it has.")
    ] = ""
    tags: Annotated[tuple[str, ...], Meta(description="Tags that films get there.")] = ()
    monitored: Annotated[bool, Meta(description="Have it look for the films.")] = True
    minimum_availability: Annotated[
        Literal["announced", "inCinemas", "released"],
        Meta(description="From when on it looks for a film."),
    ] = "released"
    search_on_add: Annotated[
        bool, Meta(description="Have it search as soon as a film is added.")
    ] = True
