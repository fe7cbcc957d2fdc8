"""Settings of what releases are found with."""

from typing import Annotated

from msgspec import Meta

from movie_sync.setting_types import Settings, WebAddress


class FileList(Settings, frozen=True):
    """A private tracker, searched for releases."""

    enabled: Annotated[bool, Meta(description="Search FileList for releases.")] = True
    username: Annotated[str, Meta(description="Login name, not the e-mail address.")] = ""
    base_url: Annotated[WebAddress, Meta(description="Where FileList is found.")] = (
        "https://filelist.io"
    )
    calls_per_hour: Annotated[
        int, Meta(ge=1, le=150, description="FileList allows 150 calls an hour.")
    ] = 150
    seconds_between_requests: Annotated[
        float, Meta(ge=0, le=3600, description="Least time between two requests.")
    ] = 2.0
    categories: Annotated[
        tuple[int, ...],
        Meta(description="Category numbers that are searched; 4, 6, 1 and 19 are films."),
    ] = (4, 6, 1, 19)


class Torznab(Settings, frozen=True):
    """An indexer that speaks Torznab or Newznab, such as one of Prowlarr's or Jackett's."""

    url: Annotated[
        WebAddress,
        Meta(description="Its Torznab address, without the key: http://127.0.0.1:9696/1/api."),
    ]
    enabled: Annotated[bool, Meta(description="Search it for releases.")] = True
    categories: Annotated[
        tuple[int, ...], Meta(description="Category numbers that are searched; 2000 is films.")
    ] = (2000,)
    calls_per_hour: Annotated[
        int, Meta(ge=0, le=100_000, description="Most calls in an hour; 0 is no limit.")
    ] = 0
    seconds_between_requests: Annotated[
        float, Meta(ge=0, le=3600, description="Least time between two requests.")
    ] = 2.0


class ArchiveOrg(Settings, frozen=True):
    """The Internet Archive's films whose copyright has ended; needs no account."""

    enabled: Annotated[
        bool, Meta(description="Search the Internet Archive for films in the public domain.")
    ] = True
    base_url: Annotated[WebAddress, Meta(description="Where the Internet Archive is found.")] = (
        "https://archive.org"
    )
    seconds_between_requests: Annotated[
        float, Meta(ge=0, le=3600, description="Least time between two requests.")
    ] = 2.0
