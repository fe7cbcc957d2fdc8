"""Who is left alone because asking failed, and until when; kept on disk, so that a restart does
not begin to knock afresh and a command beside the daemon knows it too.

The first failure opens the breaker. When its rest is over one single caller tries; an answer
closes it, another failure makes the next rest longer. A film that waits for it loses nothing.
"""

import hashlib
import logging
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Self, TypeVar

import msgspec

from movie_sync import atomic
from movie_sync.errors import Blocked, NotAuthorised, ServiceError, Unavailable
from movie_sync.retries import after_block, span
from movie_sync.turns import alone_with

log = logging.getLogger(__name__)

RESTS_S = (15.0, 60.0, 300.0, 900.0, 1800.0)  # after so many outages in a row
LOGIN_RESTS_S = (6 * 3600.0, 24 * 3600.0)  # trackers ban who keeps knocking with a wrong password
LONGEST_REST_S = 24 * 3600.0
PROBE_S = 180.0  # others wait so long for the one that tries; it may have died
PREFIX = "breaker_"

T = TypeVar("T")


class Rest(msgspec.Struct, omit_defaults=True):
    """What is known of one service's state. Times are Unix seconds."""

    failures: int = 0  # in a row; 0: it is well
    since: float = 0.0  # the first of them, or when it was well again
    at: float = 0.0  # the last of them
    wait_s: float = 0.0
    why: str = ""
    refused: str = ""  # salt and fingerprint of the login that was turned down
    blocked: bool = False  # it answers others, but not us

    @property
    def until(self) -> float:
        return self.at + self.wait_s


class Breaker:
    """The state of one service. Never raises for the disk: it then knows what it saw itself.

    Args:
        folder: where it is kept; None keeps it in memory alone.
        login: the credentials in use. With other ones a refused login says nothing.
    """

    def __init__(
        self,
        folder: Path | None,
        service: str,
        login: str = "",
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.service = service
        self._path = folder / f"{PREFIX}{service}.json" if folder else None
        self._login, self._clock = login, clock
        self._seen = Rest()
        self._compared = ("", False)  # a refused login, and whether it is ours
        self._lock = threading.Lock()

    def call(self, ask: Callable[[], T], *, at_once: bool = False) -> T:
        """What `ask` gives, or why it was not asked.

        Args:
            at_once: a person wants to know now: an outage is not waited out, a refused login is.

        Raises:
            Unavailable: it rests; says for how long.
            NotAuthorised: it rests, for this login was refused.
            ServiceError: what `ask` raised.
        """
        self._let_pass(at_once=at_once)
        try:
            answer = ask()
        except (Unavailable, Blocked, NotAuthorised) as error:
            self._failed(error)
            raise
        except ServiceError:
            self._answered()  # about this one question alone
            raise
        self._answered()
        return answer

    def renewed(self) -> Self:
        """Itself, with a refused login forgotten where another one is in use now: nobody has to
        be asked for it any more."""
        rest = self._load()
        if rest.refused and not self._is_ours(rest.refused):
            with self._alone(), suppress(OSError):
                self._seen = Rest()
                if self._path:
                    self._path.unlink(missing_ok=True)
        return self

    def _let_pass(self, *, at_once: bool) -> None:
        rest = self._load()
        if not rest.failures:
            return
        with self._alone():
            rest, now = self._load(), self._clock()
            if rest.refused and not self._is_ours(rest.refused):
                return
            if now < rest.at:  # the clock was set back: its rest counts from now
                rest.at = now
                self._write(rest)
            left_s = rest.until - now
            if left_s > 0 and (rest.refused or not at_once):
                if rest.refused:
                    raise NotAuthorised(self.service, rest.why)
                raise Unavailable(self.service, rest.why, left_s)
            if rest.failures:
                rest.at, rest.wait_s = now, PROBE_S
                self._write(rest)

    def _failed(self, error: ServiceError) -> None:
        with self._alone():
            rest, now = self._load(), self._clock()
            wait_s = _wait_s(error, rest.failures)
            if not rest.failures:
                level = logging.INFO if isinstance(error, Unavailable) else logging.WARNING
                log.log(level, "%s; it is left alone for %s", error, span(wait_s))
            self._write(
                Rest(
                    failures=rest.failures + 1,
                    since=rest.since if rest.failures else now,
                    at=now,
                    wait_s=wait_s,
                    why=error.message,
                    refused=self._fingerprint() if isinstance(error, NotAuthorised) else "",
                    blocked=isinstance(error, Blocked),
                )
            )
        if isinstance(error, Unavailable):
            error.retry_after_s = wait_s

    def _answered(self) -> None:
        if not self._load().failures:
            return
        with self._alone():
            self._write(Rest(since=self._clock()))
        log.info("%s: answers again", self.service)

    def _fingerprint(self, salt: str = "") -> str:
        """Made slowly, for a password may be short, and this tells whether a guess is right."""
        salt = salt or secrets.token_hex(8)
        made = hashlib.scrypt(self._login.encode(), salt=salt.encode(), n=2**14, r=8, p=1, dklen=16)
        return f"{salt}:{made.hex()}"

    def _is_ours(self, refused: str) -> bool:
        if self._compared[0] != refused:
            ours = self._fingerprint(refused.partition(":")[0]) == refused
            self._compared = (refused, ours)
        return self._compared[1]

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self._lock, ExitStack() as held:
            if self._path:
                try:
                    held.enter_context(alone_with(self._path))
                except OSError as error:
                    log.debug("%s: %s", self._path, error.strerror)
            yield

    def _load(self) -> Rest:
        if self._path is None:
            return msgspec.structs.replace(self._seen)
        kept = read(self._path)
        return msgspec.structs.replace(self._seen) if kept is None else kept

    def _write(self, rest: Rest) -> None:
        self._seen = rest
        if self._path is None:
            return
        try:
            atomic.write(self._path, [msgspec.json.encode(rest)])
        except OSError as error:
            log.debug("%s: %s; known until the program ends", self._path, error.strerror)
            with suppress(OSError):
                self._path.unlink(missing_ok=True)  # what it says is older than what we know


def read(path: Path) -> Rest | None:
    """What is kept of a service; None where nothing is, or nothing that can be read."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Rest)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None


def read_all(folder: Path) -> dict[str, Rest]:
    """By the name of the service."""
    found = {path: read(path) for path in sorted(folder.glob(f"{PREFIX}*.json"))}
    return {path.stem.removeprefix(PREFIX): rest for path, rest in found.items() if rest}


def _wait_s(error: ServiceError, failures: int) -> float:
    match error:
        case NotAuthorised():
            return LOGIN_RESTS_S[min(failures, len(LOGIN_RESTS_S) - 1)]
        case Blocked():
            return after_block(failures).total_seconds()
    wait_s = RESTS_S[min(failures, len(RESTS_S) - 1)]
    asked_s = error.retry_after_s if isinstance(error, Unavailable) else None
    return min(max(wait_s, asked_s or 0.0), LONGEST_REST_S)
