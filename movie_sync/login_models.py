"""The nouns of logins that a service gives tokens for: begun, waiting, granted, kept. Pure facts.

What is secret in them is not shown by `repr`, and so in no log and no traceback.
"""

from datetime import UTC, datetime
from enum import StrEnum

from msgspec import Struct


class Tokens(Struct, frozen=True, kw_only=True):
    """What a service gave. Times are Unix seconds by our own clock."""

    access: str
    refresh: str
    got_at: float
    ends_at: float
    client_id: str = ""

    @property
    def half_at(self) -> float:
        return (self.got_at + self.ends_at) / 2

    def __repr__(self) -> str:  # what logs and tracebacks show
        return f"Tokens(until {datetime.fromtimestamp(self.ends_at, UTC):%Y-%m-%d %H:%M})"


class LoginState(Struct, frozen=True):
    """How it stands with a login, for a person."""

    sentence: str
    until: datetime | None = None  # the access token's end; it is renewed long before
    needs_login: bool = False  # a person has to log in, now or before `until`


class DeviceLogin(Struct, frozen=True, kw_only=True):
    """A login that waits for a person to type `user_code` at `url`. Times are Unix seconds.

    It may be written to JSON and read back; `device_code` is a secret until the login is done.
    """

    user_code: str
    url: str
    expires_at: float
    interval_s: float
    next_at: float  # not asked before
    device_code: str

    @property
    def address(self) -> str:
        """With the code in it, as a QR code has it."""
        return f"{self.url.rstrip('/')}/{self.user_code}"

    def __repr__(self) -> str:
        return f"DeviceLogin({self.user_code}, {self.url})"


class Pending(Struct, frozen=True):
    """Ask again with this login, from its `next_at` on."""

    login: DeviceLogin
    trouble: str | None = None  # why it was not told, where it was not


class Granted(Struct, frozen=True):
    tokens: Tokens


class End(StrEnum):
    DENIED = "denied"
    EXPIRED = "expired"
    USED = "used"
    INVALID = "invalid"


class Ended(Struct, frozen=True):
    """Nothing came of it; another login may be begun."""

    how: End
    sentence: str


class CodeLogin(Struct, frozen=True, kw_only=True):
    """A login that waits for a page to lead back here, or for a code to be pasted."""

    url: str  # for the person's browser
    state: str
    verifier: str
    ends_at: float  # by a clock that never goes back

    def __repr__(self) -> str:
        return "CodeLogin(...)"
