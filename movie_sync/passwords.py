"""A password as it is kept: a line of text by which it can be checked, and not be found out.

scrypt, at a cost that OWASP names for it (Password Storage Cheat Sheet, 2026: N=2^14, r=8, p=5),
16 MiB and a fraction of a second for each try. The line names its cost, so that it can be raised.
"""

import base64
import hashlib
import hmac
import os
import unicodedata
from typing import NamedTuple

FORM = r"^scrypt:[0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}:[A-Za-z0-9+/=]{20,}:[A-Za-z0-9+/=]{40,}$"
SALT_BYTES, HASH_BYTES = 16, 32
LONGEST = 1024  # characters; a longer one is no password, but an attempt to keep us busy


class Cost(NamedTuple):
    """The numbers of scrypt; N is two to the power of `log_n`."""

    log_n: int = 14
    r: int = 8
    p: int = 5


COST = Cost()


def kept(password: str, cost: Cost = COST) -> str:
    """The line to keep."""
    salt = os.urandom(SALT_BYTES)
    return _line(cost, salt, _hash(password, cost, salt))


def is_it(password: str, line: str | None) -> bool:
    """Whether this is the password. It takes as long where none is kept."""
    _, log_n, r, p, salt, right = (line or _NONE).split(":")
    cost = Cost(int(log_n), int(r), int(p))
    given = _hash(password[:LONGEST], cost, base64.b64decode(salt))
    same = hmac.compare_digest(given, base64.b64decode(right))
    return same and line is not None and len(password) <= LONGEST


def _hash(password: str, cost: Cost, salt: bytes) -> bytes:
    # Keyboards differ in how they compose an accented letter.
    text = unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
    n = 2**cost.log_n
    most_bytes = 128 * cost.r * (n + cost.p + 2) * 2
    return hashlib.scrypt(
        text, salt=salt, n=n, r=cost.r, p=cost.p, maxmem=most_bytes, dklen=HASH_BYTES
    )


def _line(cost: Cost, salt: bytes, hashed: bytes) -> str:
    words = (base64.b64encode(part).decode() for part in (salt, hashed))
    return ":".join(("scrypt", *map(str, cost), *words))


_NONE = _line(COST, bytes(SALT_BYTES), bytes(HASH_BYTES))
