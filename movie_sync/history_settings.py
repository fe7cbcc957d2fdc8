"""Settings of the history: what was watched, where that is asked for, and where it is told.

Tokens, cookies and the secret of a client are not settings: `credentials.py` keeps them.
"""

from typing import Annotated, Literal

from msgspec import Meta

from movie_sync.setting_types import Settings, WebAddress

# What Trakt calls an application that no page can be called back of: it shows a code to be typed.
NO_PAGE = "urn:ietf:wg:oauth:2.0:oob"

Hours = Annotated[float, Meta(ge=0.1, le=8760)]
Zone = Annotated[
    str,
    Meta(
        pattern=r"^$|^[A-Za-z]+(/[A-Za-z0-9_+-]+){0,2}$",
        extra={"allowed": 'empty, or a time zone as "Europe/Berlin"'},
    ),
]


class History(Settings, frozen=True):
    """What was watched, wherever, kept at home."""

    enabled: Annotated[bool, Meta(description="Keep a history of what was watched.")] = False
    zone: Annotated[
        Zone,
        Meta(description="Time zone that days are counted in; empty is the one of this machine."),
    ] = ""
    binge_episodes: Annotated[
        int,
        Meta(
            ge=0,
            le=1000,
            description="More episodes of a show than these on one day were not watched that day: "
            "a full import takes the days they were aired on; 0 is never.",
        ),
    ] = 4
    binge_specials: Annotated[
        bool, Meta(description="Count specials among the episodes of such a day.")
    ] = True


class Trakt(Settings, frozen=True):
    """Trakt: what it knows is taken over, and it is told what was watched elsewhere."""

    enabled: Annotated[bool, Meta(description="Ask Trakt, once somebody is logged in.")] = False
    client_id: Annotated[
        str,
        Meta(
            pattern=r"^[\x21-\x7e]*$",
            description="Client id of an application of your own: trakt.tv, Settings, Your API "
            "Apps. Its secret is the credential trakt.client_secret.",
        ),
    ] = ""
    redirect_uri: Annotated[
        str,
        Meta(
            pattern=r"^[a-z][a-z0-9+.-]*:[^\s]+$",
            description="Redirect URI exactly as the application has it; only for the login "
            "with a code.",
        ),
    ] = NO_PAGE
    base_url: Annotated[WebAddress, Meta(description="Where Trakt's API is found.")] = (
        "https://api.trakt.tv"
    )
    login_url: Annotated[WebAddress, Meta(description="Where Trakt's login is found.")] = (
        "https://auth.trakt.tv"
    )
    pull: Annotated[bool, Meta(description="Take over what Trakt knows.")] = True
    push: Annotated[bool, Meta(description="Tell Trakt of what was watched elsewhere.")] = False
    push_if_watched: Annotated[
        Literal["same_day", "ever", "never"],
        Meta(
            description="What Trakt has already is not told again. same_day: where it has a play "
            "of that day; ever: where it has any play; never: everything is told."
        ),
    ] = "same_day"
    every_hours: Annotated[Hours, Meta(description="Hours between two looks at Trakt.")] = 6.0
    overlap_hours: Annotated[
        float, Meta(ge=0, le=8760, description="Each look goes back behind the last one so far.")
    ] = 24.0
    full_every_days: Annotated[
        float,
        Meta(ge=0.1, le=3650, description="Days between two comparisons of the whole history."),
    ] = 7.0
    reads_per_5_min: Annotated[
        int, Meta(ge=1, le=500, description="Most questions in 5 minutes; Trakt allows 500.")
    ] = 450
    seconds_between_reads: Annotated[
        float, Meta(ge=0, le=60, description="Least time between two questions.")
    ] = 0.05
    seconds_between_writes: Annotated[
        float, Meta(ge=0, le=60, description="Least time between two changes; Trakt allows 1 s.")
    ] = 1.05


class Viki(Settings, frozen=True):
    """Viki: what was watched there, by the cookies of a browser."""

    enabled: Annotated[bool, Meta(description="Ask Viki what was watched there.")] = False
    base_url: Annotated[WebAddress, Meta(description="Where Viki is found.")] = (
        "https://www.viki.com"
    )
    api_url: Annotated[WebAddress, Meta(description="Where Viki's API is found.")] = (
        "https://api.viki.io/v4"
    )
    app_id: Annotated[
        str,
        Meta(
            pattern=r"^[A-Za-z0-9]+$",
            description="Which of Viki's programs its API takes us for; Viki changes them.",
        ),
    ] = "100000a"
    watched_percent: Annotated[
        float,
        Meta(ge=1, le=100, description="Watched from here on, or from where the credits begin."),
    ] = 90.0
    every_hours: Annotated[Hours, Meta(description="Hours between two looks at Viki.")] = 1.0
    seconds_between_requests: Annotated[
        float, Meta(ge=0, le=3600, description="Least time between two requests.")
    ] = 1.0


class Tvdb(Settings, frozen=True):
    """TheTVDB: other names of shows, for finding them at Trakt."""

    enabled: Annotated[bool, Meta(description="Ask TheTVDB, once its key is stored.")] = False
    base_url: Annotated[WebAddress, Meta(description="Where TheTVDB's API is found.")] = (
        "https://api4.thetvdb.com/v4"
    )
