"""How often a wrong password may be tried: ten times a minute, over all who try.

Of the ten, other machines have seven together and five each; so whoever guesses from outside
never keeps the owner out who sits at the machine itself. A try counts from its beginning, so that
a hundred at once are ten as well; the right password gives it back. Kept in memory, as there are
never more than ten to know of.
"""

import logging
import threading
import time
from collections.abc import Callable
from ipaddress import IPv6Address, ip_network

from msgspec import Struct

from movie_sync.web.guard_arrival import IPAddress

log = logging.getLogger(__name__)

WITHIN_S = 60.0
ALL, OTHER_MACHINES, ONE_MACHINE = 10, 7, 5


class Try(Struct, frozen=True, eq=False):
    """One password, being tried or found wrong."""

    at_s: float
    who: str
    here: bool


class Limit:
    """The tries of the last minute. Safe from several threads."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._tries: list[Try] = []

    def begin(self, address: IPAddress | None) -> Try | float:
        """A try to be made now, or the seconds until there is one again."""
        with self._lock:
            now_s = self._monotonic()
            self._tries = [one for one in self._tries if one.at_s > now_s - WITHIN_S]
            mine = Try(now_s, _who(address), address is not None and address.is_loopback)
            wait_s = max(self._wait_s(mine, most, alike) for most, alike in self._limits(mine))
            if wait_s > 0:
                return wait_s
            self._tries.append(mine)
            return mine

    def was_right(self, one: Try) -> None:
        with self._lock:
            if one in self._tries:
                self._tries.remove(one)

    def was_wrong(self, one: Try) -> None:
        """Log it, once for each burst: an address is not named again while it goes on."""
        with self._lock:
            before = [known for known in self._tries if known.who == one.who and known is not one]
        if not before:
            log.warning("web: a wrong password was tried from %s", one.who)

    def _limits(self, mine: Try) -> list[tuple[int, list[Try]]]:
        if mine.here:
            return [(ALL, self._tries)]
        others = [one for one in self._tries if not one.here]
        same = [one for one in others if one.who == mine.who]
        return [(ALL, self._tries), (OTHER_MACHINES, others), (ONE_MACHINE, same)]

    def _wait_s(self, mine: Try, most: int, alike: list[Try]) -> float:
        """Until so many are over that one more is within the most."""
        if len(alike) < most:
            return 0.0
        return alike[len(alike) - most].at_s + WITHIN_S - mine.at_s


def _who(address: IPAddress | None) -> str:
    """The address; of IPv6 the network, as one household has a whole one."""
    if isinstance(address, IPv6Address) and not address.is_loopback:
        return str(ip_network((address, 64), strict=False))
    return str(address) if address else "an unknown address"
