"""What all sections of the settings are made of."""

from typing import Annotated

from msgspec import Meta, Struct

TEN_YEARS_S = 315_360_000

WebAddress = Annotated[
    str,
    Meta(
        pattern=r"^https?://[^\s/?#@]+[^\s@]*$",
        extra={"allowed": "an address that begins with http:// or https:// and holds no login"},
    ),
]
Folder = Annotated[
    str,
    Meta(pattern=r"^(/|~(/|$))", extra={"allowed": "a whole path, from / or ~/ on"}),
]

DatabaseUrl = Annotated[
    str,
    Meta(
        pattern=r"^$|^postgresql://([^\s:/@?#]+@)?[^\s/@?#]+/[^\s/@?#]+(\?(?!.*password=)[^\s@#]*)?$",
        extra={
            "allowed": "empty, or as postgresql://name@host/database; the password is a "
            'credential: "credentials set database.password"'
        },
    ),
]


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of all sections: unknown keys are errors."""
