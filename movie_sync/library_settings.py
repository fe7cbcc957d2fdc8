"""Settings of the library: where it looks, what it asks, and how much it does at once."""

from typing import Annotated, Literal

from msgspec import Meta, field

from movie_sync.setting_types import Folder, Settings

Language = Annotated[
    str,
    Meta(
        pattern=r"^[a-z]{2}(-[A-Z]{2})?$",
        extra={"allowed": 'a language as "en" or "pt-BR"'},
    ),
]


class Source(Settings, frozen=True):
    """Where films and shows are found: a folder, or a media server."""

    kind: Annotated[
        Literal["folder", "plex", "jellyfin"],
        Meta(description="A folder, or the media server of the section `plex` or `jellyfin`."),
    ] = "folder"
    path: Annotated[Folder | None, Meta(description="The folder; only where it is one.")] = None
    holds: Annotated[
        Literal["films", "shows", "both"], Meta(description="What may be found there.")
    ] = "both"
    sections: Annotated[
        tuple[str, ...],
        Meta(description="Libraries of the media server that are read, by name; empty is all."),
    ] = ()
    enabled: Annotated[bool, Meta(description="Look there.")] = True
    trusted: Annotated[
        bool,
        Meta(description="Take what its names say as sure, and ask nothing of a person."),
    ] = False
    watched: Annotated[
        bool, Meta(description="Notice changes of the folder at once, where the system can.")
    ] = True
    hours: Annotated[float, Meta(ge=0.1, le=8760, description="Hours between two whole looks.")] = (
        12.0
    )


class Library(Settings, frozen=True):
    """What we own, kept as one list."""

    enabled: Annotated[
        bool, Meta(description="Keep a library of all films and shows that are owned.")
    ] = False
    sources: Annotated[
        dict[str, Source],
        Meta(description="Where films and shows are found, by a name. The folder of finished "
             "films is always one of them, by the name \"films\"."),
    ] = field(default_factory=dict)  # fmt: skip
    probe: Annotated[
        bool, Meta(description="Look into each file for its streams, languages and chapters.")
    ] = True
    at_once: Annotated[int, Meta(ge=1, le=16, description="Files looked into at once.")] = 2
    language: Annotated[
        Language, Meta(description="Language of titles and descriptions, as TMDB has them.")
    ] = "en-US"
    pictures: Annotated[bool, Meta(description="Keep posters and pictures of TMDB.")] = True
    pictures_mb: Annotated[
        int, Meta(ge=10, le=1_000_000, description="Most space of pictures kept, in MB.")
    ] = 1000
