"""What a pass over Viki came to, for people and for who called it. Pure facts."""

from enum import StrEnum

from msgspec import Struct

from movie_sync.history.rows import Saved


class Auth(StrEnum):
    """How Viki stands to our cookies."""

    UNKNOWN = "unknown"  # not asked
    NO_COOKIES = "no_cookies"
    SIGNED_IN = "signed_in"
    EXPIRED = "auth_expired"


class Refreshed(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One pass, or one file.

    Attributes:
        problem: why it is not whole; what was read before is kept.
        problems: of single shows and films, and what was left out.
        notice: to be told to the person now; there is one a day at most.
        waiting: plays of which it is not known yet what they are of.
    """

    sync_id: int
    auth: Auth = Auth.UNKNOWN
    markers: int = 0
    shows_read: int = 0
    shows_unchanged: int = 0
    saved: Saved = Saved()
    waiting: int = 0
    problem: str | None = None
    problems: tuple[str, ...] = ()
    notice: str | None = None

    @property
    def ok(self) -> bool:
        return self.problem is None

    @property
    def sentence(self) -> str:
        parts = [
            _counted(self.markers, "position") + " read",
            _counted(self.shows_read, "show") + " read"
            + (f", {self.shows_unchanged} unchanged" if self.shows_unchanged else ""),
            _counted(self.saved.new, "new play"),
        ]  # fmt: skip
        if self.waiting:
            parts.append(f"{_counted(self.waiting, 'play')} not placed yet")
        if self.problem:
            parts.append(self.problem)
        return "; ".join(parts)


def _counted(number: int, thing: str) -> str:
    return f"{number or 'no'} {thing}{'' if number == 1 else 's'}"
