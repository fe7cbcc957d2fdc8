"""access.json: what it holds, how it is read and how it is changed, one at a time."""

import os
import secrets
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from movie_sync import atomic, passwords
from movie_sync.errors import ConfigError, FilesError
from movie_sync.turns import alone_with

NAME = "access.json"
KEY_STARTS = "ms_"  # so that people and programs that look for secrets know it for one

Scope = Literal["read", "act", "admin"]
SCOPES: tuple[Scope, ...] = ("read", "act", "admin")  # each may what those before it may


class Key(Struct, frozen=True, forbid_unknown_fields=True):
    """An API key, without what it is."""

    id: str
    name: str
    scope: Scope
    hash: str
    created_at: datetime
    last_used_on: date | None = None  # UTC


class Session(Struct, frozen=True, forbid_unknown_fields=True):
    """A browser that is signed in."""

    hash: str
    scope: Scope
    began_at: datetime
    ends_at: datetime
    key_id: str = ""  # of the key it signed in with; empty is by the password


class Stored(Struct, frozen=True, forbid_unknown_fields=True):
    """access.json as a whole."""

    secret: Annotated[str, Meta(pattern="^([0-9a-f]{64})?$")] = ""
    password: Annotated[str, Meta(pattern=passwords.FORM)] | None = None
    keys: tuple[Key, ...] = ()
    sessions: tuple[Session, ...] = ()


class AccessFile:
    """The file of one home; safe from several threads and programs."""

    def __init__(self, home: Path) -> None:
        self._path = home / NAME
        self._seen: tuple[tuple[int, ...], Stored] | None = None

    def read(self) -> Stored:
        """As it is now; it is read again only where it was changed.

        Raises:
            ConfigError: it cannot be read; nobody is let in then.
        """
        try:
            with self._path.open("rb") as file:
                status = os.fstat(file.fileno())
                mark = (status.st_ino, status.st_mtime_ns, status.st_ctime_ns, status.st_size)
                seen = self._seen
                if seen and seen[0] == mark:
                    return seen[1]
                stored = msgspec.json.decode(file.read(), type=Stored)
        except FileNotFoundError:
            return Stored()
        except (OSError, msgspec.MsgspecError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            raise ConfigError(
                f"{self._path} cannot be read ({reason}); nobody is let in; mend it, or delete it "
                "and set the password and keys anew"
            ) from None
        self._seen = (mark, stored)
        return stored

    def change(self, edit: Callable[[Stored], Stored]) -> Stored:
        """Write it as `edit` has it; what that raises leaves it as it was.

        Raises:
            ConfigError: it cannot be read.
            FilesError: it cannot be written.
        """
        try:
            with alone_with(self._path):
                before = self.read()
                after = edit(before)
                if not after.secret:
                    after = replace(after, secret=secrets.token_hex(32))
                if after != before:
                    atomic.write(self._path, [msgspec.json.format(msgspec.json.encode(after))])
        except OSError as error:
            message = f"{self._path} cannot be written ({error.strerror}); it is as it was"
            raise FilesError(message) from error
        return after
