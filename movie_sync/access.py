"""Who may use the page and the API: one password, API keys, and who is signed in.

All of it is `access.json`, for its owner alone, and none of it lets anybody in who reads it: the
password is kept as `passwords` has it; keys and sessions, being 256 random bits, as SHA-256. The
running program and the commands both change it, one at a time, and each sees what the other did.
"""

import hashlib
import hmac
import secrets
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec.structs import replace

from movie_sync import passwords
from movie_sync.access_file import KEY_STARTS, SCOPES, AccessFile, Key, Scope, Session, Stored
from movie_sync.errors import ConfigError

__all__ = ["KEY_STARTS", "SCOPES", "Access", "Key", "Scope", "Session", "allows"]

SHORTEST_PASSWORD = 8
LONGEST_NAME = 60
MOST_SESSIONS = 50  # signed in at once; the oldest goes


class Access:
    """The store of one home. Safe from several threads and programs.

    Each method that reads raises ConfigError where access.json cannot be read: then nobody is let
    in. Each that changes it raises FilesError where it cannot be written: then it is as it was.
    """

    def __init__(
        self,
        home: Path,
        *,
        cost: passwords.Cost = passwords.COST,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._file, self._cost, self._now = AccessFile(home), cost, now
        self._one_try = threading.Lock()

    # The password

    @property
    def has_password(self) -> bool:
        return self._file.read().password is not None

    @property
    def is_closed(self) -> bool:
        """Whether there is anything that one has to know to be let in: a password or a key."""
        stored = self._file.read()
        return stored.password is not None or bool(stored.keys)

    def set_password(self, password: str) -> int:
        """Set it, and sign everybody out; returns how many were signed in.

        Raises:
            ConfigError: it is too short, too long or of more than one line; nothing was changed.
        """
        if not SHORTEST_PASSWORD <= len(password) <= passwords.LONGEST:
            raise ConfigError(
                f"a password has {SHORTEST_PASSWORD} to {passwords.LONGEST} characters, not "
                f"{len(password)}; nothing was changed"
            )
        if not password.isprintable():
            raise ConfigError("a password is one line of text; nothing was changed")
        line = passwords.kept(password, self._cost)
        return self._signing_out(lambda stored: replace(stored, password=line))

    def remove_password(self) -> int:
        """Forget it, and sign everybody out; returns how many were signed in."""
        return self._signing_out(lambda stored: replace(stored, password=None))

    def is_password(self, given: str) -> bool:
        """Whether it is the password; as slow where there is none. One try at a time."""
        with self._one_try:
            return passwords.is_it(given, self._file.read().password)

    # API keys

    def keys(self) -> tuple[Key, ...]:
        return self._file.read().keys

    def add_key(self, name: str, scope: Scope) -> tuple[Key, str]:
        """A new key, and what it is: nobody can tell that ever again.

        Raises:
            ConfigError: the name is empty, too long or taken; nothing was changed.
        """
        name = name.strip()
        if not name or len(name) > LONGEST_NAME or not name.isprintable():
            raise ConfigError(
                f"the name of a key has 1 to {LONGEST_NAME} characters, in one line; "
                "nothing was changed"
            )
        secret = KEY_STARTS + secrets.token_urlsafe(32)
        key = Key(secrets.token_hex(4), name, scope, _hash(secret), self._now())

        def added(stored: Stored) -> Stored:
            if any(name == known.name for known in stored.keys):
                raise ConfigError(f'there is a key "{name}" already; nothing was changed')
            return replace(stored, keys=(*stored.keys, key))

        self._file.change(added)
        return key, secret

    def remove_key(self, key_id: str) -> Key | None:
        """Forget a key, and sign out who came by it; None where there is no such key."""
        gone: list[Key] = []

        def removed(stored: Stored) -> Stored:
            gone.extend(key for key in stored.keys if key.id == key_id)
            keys = tuple(key for key in stored.keys if key.id != key_id)
            sessions = tuple(one for one in stored.sessions if one.key_id != key_id)
            return replace(stored, keys=keys, sessions=sessions) if gone else stored

        self._file.change(removed)
        return gone[0] if gone else None

    def key(self, given: str) -> Key | None:
        """The key that this is."""
        hashed, found = _hash(given), None
        for key in self._file.read().keys:
            if hmac.compare_digest(key.hash, hashed):
                found = key
        return found

    def is_new_today(self, key: Key) -> bool:
        """Whether `note_use` has something to write."""
        return key.last_used_on != self._now().date()

    def note_use(self, key: Key) -> None:
        """Keep the day on which a key was used last."""
        today = self._now().date()

        def noted(stored: Stored) -> Stored:
            keys = (
                replace(one, last_used_on=today) if one.id == key.id else one for one in stored.keys
            )
            return replace(stored, keys=tuple(keys))

        self._file.change(noted)

    # Who is signed in

    def sign_in(self, days: float, key: Key | None = None, instead_of: str = "") -> str:
        """A new session, by the password or a key; returns what the browser has to show.

        Args:
            instead_of: what it showed until now: that session ends.
        """
        token, now = secrets.token_urlsafe(32), self._now()
        scope: Scope = key.scope if key else "admin"
        key_id = key.id if key else ""
        new = Session(_hash(token), scope, now, now + timedelta(days=days), key_id)
        old = _hash(instead_of)

        def signed_in(stored: Stored) -> Stored:
            others = [one for one in stored.sessions if one.ends_at > now and one.hash != old]
            return replace(stored, sessions=(*others[1 - MOST_SESSIONS :], new))

        self._file.change(signed_in)
        return token

    def sessions(self) -> tuple[Session, ...]:
        """Every browser that is signed in now."""
        now = self._now()
        return tuple(one for one in self._file.read().sessions if one.ends_at > now)

    def session(self, token: str) -> Session | None:
        """The session that a browser shows, if it is still one."""
        stored, hashed, now = self._file.read(), _hash(token), self._now()
        for one in stored.sessions:
            if hmac.compare_digest(one.hash, hashed) and one.ends_at > now:
                return one
        return None

    def sign_out(self, token: str) -> None:
        hashed = _hash(token)

        def signed_out(stored: Stored) -> Stored:
            others = (one for one in stored.sessions if one.hash != hashed)
            return replace(stored, sessions=tuple(others))

        self._file.change(signed_out)

    def sign_out_everywhere(self) -> int:
        """End every session; returns how many there were."""
        return self._signing_out(lambda stored: stored)

    def token_against_forgery(self, visitor: str) -> str:
        """What a page of ours knows and a page of another origin does not: the CSRF token.

        Args:
            visitor: what the request is known by: a session's hash, a user of a proxy ...
        """
        stored = self._file.read()
        if not stored.secret:
            stored = self._file.change(lambda stored: stored)
        key = bytes.fromhex(stored.secret)
        return hmac.new(key, visitor.encode(errors="replace"), hashlib.sha256).hexdigest()

    def _signing_out(self, edit: Callable[[Stored], Stored]) -> int:
        now, ended = self._now(), 0

        def signed_out(stored: Stored) -> Stored:
            nonlocal ended
            ended = sum(one.ends_at > now for one in stored.sessions)
            return replace(edit(stored), sessions=())

        self._file.change(signed_out)
        return ended


def allows(scope: Scope | None, needed: Scope) -> bool:
    """Whether one who has this scope may do what needs that one."""
    return scope is not None and SCOPES.index(scope) >= SCOPES.index(needed)


def _hash(token: str) -> str:
    """Enough for 256 random bits, which nobody guesses however quick a try is."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
