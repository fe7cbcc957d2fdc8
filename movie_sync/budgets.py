"""How often a service may be asked, kept on disk so that a restart does not start afresh.

A tracker that allows 150 calls an hour counts them whether or not we were restarted in between,
and one that told us to wait an hour means it after a restart too. The file is read anew each
time, so that a command that runs beside the daemon spends from the same purse.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec

from movie_sync import atomic
from movie_sync.errors import FilesError, NotAuthorised, Unavailable
from movie_sync.turns import alone_with

LONGEST_PAUSE_S = 24 * 3600.0
MARGIN_S = 10.0  # the service counts a call when it arrives there, which is later than we do


class Spent(msgspec.Struct, omit_defaults=True):
    """What is known of one service's patience. Times are Unix seconds."""

    limit: int = 0
    per_s: int = 0
    calls: list[float] = []
    paused_until: float = 0.0
    pause_reason: str = ""
    refused_login: str = ""  # fingerprint of the credentials that were turned down


class Budget:
    """At most `limit` calls in any `per_s` seconds to one service, over restarts and threads.

    Every method raises FilesError when the file cannot be read or written; no call may then be
    made, for it could not be counted.
    """

    def __init__(
        self,
        folder: Path,
        service: str,
        limit: int,
        per_s: int,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.service = service
        self._path = folder / f"budget_{service}.json"
        self._limit, self._per_s, self._clock = limit, per_s, clock
        self._lock = threading.Lock()

    @property
    def left(self) -> int:
        """Calls that may still be made now."""
        with self._alone():
            spent = self._load()
        return max(0, spent.limit - len(spent.calls))

    def sentence(self) -> str:
        """For a person: "143 of 150 calls left this hour"."""
        with self._alone():
            return sentence(self._load(), self._clock())

    def check(self, login: str = "") -> None:
        """Raise what `spend` would, and count nothing."""
        with self._alone():
            self._refuse(self._load(), login)

    def spend(self, login: str = "") -> None:
        """Count one call before it is made; `login` is a fingerprint of the credentials it uses.

        Raises:
            Unavailable: the budget is used up or the service asked us to wait; says for how long.
            NotAuthorised: these very credentials were turned down before.
        """
        with self._alone():
            spent = self._load()
            self._refuse(spent, login)
            spent.calls.append(self._clock())
            self._write(spent)

    def pause(self, wait_s: float, reason: str) -> None:
        """Make no call for so long, whatever is left. A longer pause stays as it is."""
        with self._alone():
            spent = self._load()
            until = self._clock() + min(wait_s, LONGEST_PAUSE_S)
            if until > spent.paused_until:
                spent.paused_until, spent.pause_reason = until, reason
                self._write(spent)

    def refuse_login(self, login: str) -> None:
        """Remember that these credentials were turned down; other ones may be tried."""
        with self._alone():
            spent = self._load()
            spent.refused_login = login
            self._write(spent)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self._lock, ExitStack() as held:
            try:
                held.enter_context(alone_with(self._path))
            except OSError as error:
                raise self._not_written(error) from error
            yield

    def _refuse(self, spent: Spent, login: str) -> None:
        now = self._clock()
        if login and login == spent.refused_login:
            message = "this login was refused before and is not tried again; set a new one"
            raise NotAuthorised(self.service, message)
        if spent.paused_until > now:
            raise Unavailable(self.service, spent.pause_reason, spent.paused_until - now)
        if len(spent.calls) >= spent.limit:
            # Not the oldest call, where the limit was lowered since.
            wait_s = spent.calls[-spent.limit] + spent.per_s + MARGIN_S - now
            message = f"{spent.limit} calls {_span(spent.per_s)} are used up"
            raise Unavailable(self.service, message, wait_s)

    def _load(self) -> Spent:
        spent, now = read(self._path), self._clock()
        latest = max(spent.calls, default=0.0)
        spent.limit, spent.per_s = self._limit, self._per_s
        spent.calls = _counted(spent, now)
        longest = now + LONGEST_PAUSE_S
        if latest > now or spent.paused_until > longest:
            # The clock was set back; written now, or what counts from now would do so for ever.
            spent.paused_until = min(spent.paused_until, longest)
            self._write(spent)
        return spent

    def _write(self, spent: Spent) -> None:
        try:
            atomic.write(self._path, [msgspec.json.encode(spent)])
        except OSError as error:
            raise self._not_written(error) from error

    def _not_written(self, error: OSError) -> FilesError:
        what = f"{self.service} is not asked until it can be written"
        return FilesError(f"{self._path}: {error.strerror}; {what}")


def read(path: Path) -> Spent:
    """What a budget file holds; a file that is missing or damaged counts as nothing spent."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Spent)
    except (FileNotFoundError, msgspec.MsgspecError, UnicodeDecodeError):
        return Spent()
    except OSError as error:
        what = "it says how often a service may be asked"
        raise FilesError(f"{path}: {error.strerror}; {what}") from error


def left(spent: Spent, now: float) -> int:
    """Calls that may still be made now."""
    return max(0, spent.limit - len(_counted(spent, now)))


def sentence(spent: Spent, now: float) -> str:
    text = f"{left(spent, now)} of {spent.limit} calls left {_span(spent.per_s)}"
    if spent.paused_until > now:
        wait_min = -(-(spent.paused_until - now) // 60)
        text += f"; paused for {wait_min:.0f} min more: {spent.pause_reason}"
    return text


def _counted(spent: Spent, now: float) -> list[float]:
    # A call dated in the future was made before the clock was set back: it counts from now.
    first = now - spent.per_s - MARGIN_S
    return sorted(min(at, now) for at in spent.calls if at > first)


def _span(per_s: int) -> str:
    if per_s == 3600:
        return "this hour"
    return f"in {per_s // 60} min" if per_s >= 120 else f"in {per_s} s"
