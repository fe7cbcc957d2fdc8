"""Tokens of a login whose refresh token is good for one use: kept so that neither a crash nor a
second process loses the login.

Whoever renews them holds a lock over threads and processes, looks first whether another did it,
writes down that it asks (which shows too that it can be written), asks, and stores the new pair in
one durable step before anybody uses it. They are renewed at half their life, so that the old access
token still opens for days when something goes wrong.

The one thing to know: where the answer with the new pair is lost, by a crash or on its way, nothing
here can bring it back. The old refresh token is then tried once more, for a service may accept it
until the new one was used; if it does not, the access token in hand works until its end, and
`state` asks a person to log in again before that.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from movie_sync.credentials import Credentials
from movie_sync.errors import ConfigError, FilesError, LoggedOut, MovieSyncError, ServiceError
from movie_sync.login_models import LoginState, Tokens
from movie_sync.turns import alone_with

log = logging.getLogger(__name__)

REST_S = 300.0  # after an attempt that failed, while the access token in hand is good
MOST_REFUSALS, REFUSALS_S = 3, 600.0  # of tokens just renewed; then something else is wrong


class Kept(Struct, frozen=True, omit_defaults=True):
    """What the vault holds of a login."""

    tokens: Tokens
    asked_at: float | None = None  # new ones were asked for then, and never stored
    refused: str = ""  # why no new ones are given


class LoginTokens:
    """The login at one service.

    Args:
        name: of the service; "trakt" is kept as "trakt.tokens".
        renew: gives new tokens for old ones; raises LoggedOut where the old are used up.
        log_in: the command that a person is asked for, as '"history trakt login"'.
        client_id: tokens that were given to another client are of no use.
    """

    def __init__(
        self,
        vault: Credentials,
        home: Path,
        name: str,
        renew: Callable[[Tokens], Tokens],
        *,
        log_in: str,
        client_id: str = "",
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.service = name
        self._vault, self._name = vault, f"{name}.tokens"
        self._beside = home / f"{name}_tokens"
        self._renew, self._log_in, self._client_id = renew, log_in, client_id
        self._clock = clock
        self._seen: Kept | None = None
        self._unsaved: tuple[str, Kept] | None = None  # the refresh token that was used, and for it
        self._rest_until = 0.0
        self._refusals: list[float] = []
        self._lock = threading.Lock()  # of the fields; never held while somebody is asked

    def access(self) -> str:
        """The access token to be used now.

        Raises:
            LoggedOut: a person has to log in.
            NotAuthorised: the application is refused.
            Unavailable: it is used up, and the service does not answer.
            ConfigError, FilesError: the vault cannot be read or written.
        """
        with self._lock:
            kept = self._seen
        if kept is None or self._is_due(kept):
            kept = self._current()
        return kept.tokens.access

    def renewed(self, refused: str) -> str:
        """Another access token than this one, which the service refused. Raises as `access`."""
        with self._alone():
            kept = self._load()
            if kept.tokens.access == refused:
                self._count_refusal()
                kept = self._ask(kept, must=True)
            self._see(kept)
            return kept.tokens.access

    def store(self, tokens: Tokens) -> None:
        """Begin with these, which a person's login gave. Raises ConfigError, FilesError."""
        with self._alone():
            with self._lock:
                self._unsaved, self._rest_until, self._refusals = None, 0.0, []
            self._write(Kept(msgspec.structs.replace(tokens, client_id=self._client_id)))

    def forget(self, revoke: Callable[[Tokens], object]) -> ServiceError | None:
        """Log out: the tokens are forgotten here even if the service cannot be told, and why it
        could not is returned."""
        with self._alone():
            trouble = None
            try:
                kept = self._read()
                if kept:
                    revoke(kept.tokens)
            except ServiceError as error:
                trouble = error
            finally:
                self._vault.remove(self._name)
                with self._lock:
                    self._seen = self._unsaved = None
            return trouble

    def state(self) -> LoginState:
        """Asks nobody. Raises ConfigError: the vault cannot be opened."""
        kept = self._read()
        if kept is None:
            return LoginState(f"nobody is logged in; {self._log_in} does it", None, True)
        until = _moment(kept.tokens.ends_at)
        if kept.tokens.client_id != self._client_id:
            return LoginState(self._of_another(), until, True)
        if kept.refused and self._clock() >= kept.tokens.ends_at:
            return LoginState(f"{kept.refused}; log in again: {self._log_in}", until, True)
        if kept.refused:
            soon = f"{until:%Y-%m-%d %H:%M} UTC: {self._log_in}"
            return LoginState(f"{kept.refused}; log in again before {soon}", until, True)
        return LoginState("logged in", until)

    def _current(self) -> Kept:
        kept = self._load()  # another process may have renewed them
        if self._is_due(kept):
            with self._alone():
                kept = self._load()
                if self._is_due(kept):
                    kept = self._ask(kept, must=False)
        self._see(kept)
        return kept

    def _is_due(self, kept: Kept) -> bool:
        now = self._clock()
        if now >= kept.tokens.ends_at:
            return True
        return now >= kept.tokens.half_at and now >= self._rest_until and not kept.refused

    def _ask(self, kept: Kept, *, must: bool) -> Kept:
        """New tokens, or the old ones where they do and `must` is not said. We are alone."""
        now = self._clock()
        good = not must and now < kept.tokens.ends_at
        try:
            before, kept = kept, self._with_unsaved(kept)
            needed = self._is_due(kept) or (must and kept is before)
            return self._exchange(kept) if needed else kept
        except LoggedOut as error:
            kept = self._refused(kept, error, ended=not good)
            trouble: MovieSyncError = LoggedOut(
                self.service, f"{kept.refused}; log in again: {self._log_in}"
            )
        except (ServiceError, FilesError) as error:
            with self._lock:
                self._rest_until = now + REST_S
            trouble = error
        if not good:
            raise trouble
        log.warning("%s; what there is of the login is used on", trouble)
        return kept

    def _exchange(self, kept: Kept) -> Kept:
        if kept.refused:
            raise LoggedOut(self.service, kept.refused)
        lost = kept.asked_at
        self._write(msgspec.structs.replace(kept, asked_at=self._clock()))
        try:
            tokens = self._renew(kept.tokens)
        except LoggedOut as error:
            why = error.message
            if lost:
                why += f"; new tokens were asked for at {_moment(lost):%Y-%m-%d %H:%M} UTC and lost"
            raise LoggedOut(self.service, why) from error
        new = Kept(msgspec.structs.replace(tokens, client_id=self._client_id))
        with self._lock:
            self._unsaved = (kept.tokens.refresh, new)
        self._write(new)
        with self._lock:
            self._unsaved = None
        return new

    def _with_unsaved(self, kept: Kept) -> Kept:
        """What could not be written is tried again, unless somebody logged in since."""
        with self._lock:
            unsaved = self._unsaved
        if unsaved and unsaved[0] == kept.tokens.refresh:
            self._write(unsaved[1])
            kept = unsaved[1]
        with self._lock:
            self._unsaved = None
        return kept

    def _refused(self, kept: Kept, error: LoggedOut, *, ended: bool) -> Kept:
        """Never ask with this refresh token again, in whatever process."""
        ends_at = min(kept.tokens.ends_at, self._clock()) if ended else kept.tokens.ends_at
        tokens = msgspec.structs.replace(kept.tokens, ends_at=ends_at)
        marked = Kept(tokens, kept.asked_at, kept.refused or error.message)
        self._write(marked)
        return marked

    def _count_refusal(self) -> None:
        now = self._clock()
        with self._lock:
            self._refusals = [at for at in self._refusals if now - at < REFUSALS_S]
            if len(self._refusals) >= MOST_REFUSALS:
                what = "refuses tokens that are new; nothing is renewed for a while"
                raise LoggedOut(self.service, f"{what}; or log in again: {self._log_in}")
            self._refusals.append(now)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        try:
            with alone_with(self._beside):
                yield
        except OSError as error:
            message = f"{self._beside}.lock: {error.strerror}; the login is as it was"
            raise FilesError(message) from error

    def _see(self, kept: Kept) -> None:
        with self._lock:
            self._seen = kept

    def _load(self) -> Kept:
        kept = self._read()
        if kept is None:
            self._forget_seen()
            raise LoggedOut(self.service, f"nobody is logged in; {self._log_in} does it")
        if kept.tokens.client_id != self._client_id:
            self._forget_seen()
            raise LoggedOut(self.service, self._of_another())
        return kept

    def _forget_seen(self) -> None:
        with self._lock:
            self._seen = None

    def _of_another(self) -> str:
        return f"the login was made with another client id; log in again: {self._log_in}"

    def _read(self) -> Kept | None:
        text = self._vault.kept(self._name)
        if text is None:
            return None
        try:
            kept = msgspec.json.decode(text, type=Kept)
        except msgspec.MsgspecError:
            what = f"{self._name} in the vault cannot be read"
            raise ConfigError(f"{what}; log in again: {self._log_in}") from None
        self._hide(kept.tokens)
        return kept

    def _write(self, kept: Kept) -> None:
        self._hide(kept.tokens)
        self._vault.keep(self._name, msgspec.json.encode(kept).decode())
        self._see(kept)

    def _hide(self, tokens: Tokens) -> None:
        self._vault.hide(tokens.access)
        self._vault.hide(tokens.refresh)


def _moment(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)
