"""Who asks: an API key, a user of a proxy, a browser that signed in, this machine, or nobody.

The first of these counts. Whoever sits at this machine is let in where no password is set.
"""

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from movie_sync.access import Access, Key, Scope, allows
from movie_sync.access_file import KEY_STARTS
from movie_sync.web.guard_arrival import Arrival, header, is_loopback, name_of

Who = Literal["nobody", "this machine", "session", "key", "user"]


class Visitor(Struct, frozen=True):
    """Who asks, and what they may: `scope["access"]` of every request that gets past the guard.

    `csrf` is what a form holds in its field of this name, and htmx sends as X-CSRF-Token.
    """

    who: Who
    scope: Scope | None = None
    name: str = ""  # of a key, or of a user
    csrf: str = ""
    address: str = ""
    session: str = ""  # what the cookie shows
    key: Key | None = None

    def may(self, scope: Scope) -> bool:
        return allows(self.scope, scope)

    @property
    def can_sign_out(self) -> bool:
        return self.who == "session"


class WrongKey(Exception):
    """What was shown as an API key is none."""


class Doorman:
    """Knows everybody by what they show."""

    def __init__(self, access: Access, *, bound_here: bool, cookie: str) -> None:
        self._access, self._bound_here, self._cookie = access, bound_here, cookie

    def visitor(self, arrival: Arrival) -> Visitor:
        """Raises WrongKey, and ConfigError where it cannot be known who may in."""
        address = str(arrival.address or "")
        if key := self.key(arrival):
            return Visitor("key", key.scope, key.name, address=address, key=key)
        if arrival.user:
            csrf = self._csrf(f"user:{arrival.user}")
            return Visitor("user", "admin", arrival.user, csrf, address)
        for token in self._tokens(arrival):
            if session := self._access.session(token):
                csrf = self._csrf(f"session:{session.hash}")
                return Visitor("session", session.scope, "", csrf, address, token)
        if self._is_here(arrival) and not self._access.has_password:
            return Visitor("this machine", "admin", "", self._csrf("here"), address)
        return Visitor("nobody", None, "", self._csrf("nobody"), address)

    def key(self, arrival: Arrival) -> Key | None:
        """The API key that is shown, if one is.

        A bearer token of another kind is none of ours where a proxy let its user in.

        Raises:
            WrongKey: it is none.
        """
        given = header(arrival.headers, b"x-api-key").strip()
        if not given:
            scheme, _, given = header(arrival.headers, b"authorization").strip().partition(" ")
            given = given.strip()
            if scheme.lower() != "bearer" or not given:
                return None
            if arrival.user and not given.startswith(KEY_STARTS):
                return None
        key = self._access.key(given)
        if key is None:
            raise WrongKey
        return key

    def is_still(self, visitor: Visitor, arrival: Arrival) -> bool:
        """Whether an answer that takes long may go on."""
        try:
            now = self.visitor(arrival)
        except WrongKey:
            return False
        return now.who == visitor.who and now.scope == visitor.scope

    def _is_here(self, arrival: Arrival) -> bool:
        """At this machine, and not behind a proxy on it: by its own name, and nobody between."""
        return (
            self._bound_here
            and not arrival.by_proxy
            and arrival.address is not None
            and arrival.address.is_loopback
            and is_loopback(name_of(arrival.host))
        )

    def _tokens(self, arrival: Arrival) -> Iterator[str]:
        """What is in our cookie; there may be an old one of another path beside it."""
        for name, value in arrival.headers:
            if name == b"cookie":
                for pair in value.decode("latin-1").split(";"):
                    known, _, token = pair.strip().partition("=")
                    if known == self._cookie and token:
                        yield token

    def _csrf(self, of: str) -> str:
        return self._access.token_against_forgery(of)
