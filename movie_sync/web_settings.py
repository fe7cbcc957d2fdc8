"""Settings of the web page: where it listens, and whose word it takes. See docs/web-access.md."""

from typing import Annotated

from msgspec import Meta

from movie_sync.setting_types import Settings

Network = Annotated[
    str,
    Meta(
        pattern=r"^[0-9A-Fa-f:.]+(/[0-9]{1,3})?$",
        extra={"allowed": "addresses or networks, as 172.18.0.0/16"},
    ),
]
HostName = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$",
        extra={"allowed": "host names without a port, as films.example.com"},
    ),
]


class Web(Settings, frozen=True):
    """The page and the API. Any other address than this machine's own needs a password or key."""

    enabled: Annotated[bool, Meta(description="Show the page and answer the API.")] = False
    host: Annotated[
        str,
        Meta(
            min_length=1,
            description="Address it listens on; 127.0.0.1 is for this machine alone, 0.0.0.0 is "
            "for all and needs a password or an API key.",
        ),
    ] = "127.0.0.1"
    port: Annotated[
        int, Meta(ge=0, le=65535, description="Port it listens on; 0 takes any that is free.")
    ] = 5000
    base_url: Annotated[
        str,
        Meta(
            pattern=r"^(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*/?$",
            description="Path below which a reverse proxy shows it, as /films; empty is none.",
            extra={"allowed": "a path, as /films, or empty"},
        ),
    ] = ""
    trusted_proxies: Annotated[
        tuple[Network, ...],
        Meta(
            description="Networks of reverse proxies whose X-Forwarded headers and user_header "
            "are believed."
        ),
    ] = ()
    user_header: Annotated[
        str,
        Meta(
            pattern=r"^[A-Za-z0-9-]*$",
            description="Header in which a trusted proxy names the user it let in, as "
            "Remote-User; empty: none is believed.",
            extra={"allowed": "the name of a header, as Remote-User, or empty"},
        ),
    ] = ""
    hosts: Annotated[
        tuple[HostName, ...],
        Meta(description="Names by which the page may be asked for, as films.example.com."),
    ] = ()
    session_days: Annotated[
        float,
        Meta(ge=0.01, le=3650, description="Days until one has to sign in again."),
    ] = 30.0
