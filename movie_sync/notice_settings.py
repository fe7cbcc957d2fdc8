"""Settings of the notices that a person gets, and the events that there are."""

from typing import Annotated, Literal

from msgspec import Meta, field

from movie_sync.setting_types import Settings

Event = Literal[
    "login_refused",
    "source_blocked",
    "disk_full",
    "given_up",
    "show_failed",
    "confirm",
    "trouble",
    "downloading",
    "arrived",
    "upgraded",
    "removed",
    "show_added",
]
NEEDS_YOU: tuple[Event, ...] = (
    "login_refused",
    "source_blocked",
    "disk_full",
    "given_up",
    "show_failed",
    "confirm",
    "trouble",
)


class Notifications(Settings, frozen=True):
    """Notices, by webhook, ntfy or Apprise. Where they go is a credential, such as notify.ntfy:
    storing one switches it on. docs/notifications.md says more."""

    enabled: Annotated[bool, Meta(description="Send notices where an address is stored.")] = True
    events: Annotated[
        tuple[Event, ...],
        Meta(
            description="What is told at once. Unless set: what needs you. Besides there are "
            "downloading, arrived, upgraded, removed and show_added."
        ),
    ] = NEEDS_YOU
    digest_at: Annotated[
        str,
        Meta(
            pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9])?$",
            description="Local time of a daily summary, as 08:00; empty sends none.",
            extra={"allowed": "a time of day such as 08:00, or empty"},
        ),
    ] = ""
    page_url: Annotated[
        str,
        Meta(
            pattern=r"^(https?://[^\s/?#@]+[^\s@]*)?$",
            description="Address of this program's page, for the link in a notice.",
            extra={"allowed": "an address that begins with http:// or https://, or empty"},
        ),
    ] = ""
    templates: Annotated[
        dict[str, str],
        Meta(
            description='Texts of your own: "arrived" or "arrived.title" -> a text with {film}, '
            "{release} and the like. `notify list` shows what there is."
        ),
    ] = field(default_factory=dict)
