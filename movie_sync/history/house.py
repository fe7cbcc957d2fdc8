"""Plays that the house tells of: webhooks of Plex, Jellyfin and Emby. Parsing alone.

Who asks must know a secret that stands in the address, for none of the three signs what it sends.
An event that is no play is no fault: most of them are none. The one thing to know: a server tells
of everybody who watches there, so only the named accounts count; with none named, of Plex only its
owner does.
"""

import hmac
import secrets
from collections.abc import Callable, Collection
from datetime import datetime
from email import message_from_bytes, policy
from email.message import Message

from movie_sync.history import house_jellyfin, house_plex
from movie_sync.history.house_reading import Heard
from movie_sync.table_cells import Malformed

__all__ = ["Heard", "Malformed", "heard", "is_secret", "new_secret"]

LARGEST_BYTES = 4 * 1024**2  # Plex sends the poster along
LARGEST_JSON_BYTES = 1024**2
CREDENTIAL = "history.webhook_secret"
SHORTEST_SECRET = 16

_READERS: dict[str, Callable[[bytes, datetime, frozenset[str]], Heard]] = {
    "plex": house_plex.heard,
    "jellyfin": house_jellyfin.of_jellyfin,
    "emby": house_jellyfin.of_emby,
}


def new_secret() -> str:
    """For the address; to be stored as the credential `CREDENTIAL`."""
    return secrets.token_urlsafe(24)


def is_secret(given: str, right: str | None) -> bool:
    """In the same time whatever is given. Without a secret of a fair length nobody knows it."""
    if not right or len(right) < SHORTEST_SECRET:
        return False
    return hmac.compare_digest(given.encode(errors="replace"), right.encode())


def heard(
    who: str, content_type: str, body: bytes, now: datetime, accounts: Collection[str] = ()
) -> Heard:
    """What "plex", "jellyfin" or "emby" tells.

    Args:
        now: when it came, for Plex does not say when it was.
        accounts: whose plays count, in any case of letters.

    Raises:
        Malformed: it is no event of theirs; the message is one sentence, for an answer 400.
    """
    if who not in _READERS:
        raise Malformed(f'there is no webhook of "{who[:20]}"; known are {", ".join(_READERS)}')
    text = content_of(content_type, body)
    return _READERS[who](text, now, frozenset(map(str.casefold, accounts)))


def content_of(content_type: str, body: bytes) -> bytes:
    """The JSON of an event: the body, or the part of it that is called payload or data."""
    if len(body) > LARGEST_BYTES:
        raise Malformed(f"this is larger than {LARGEST_BYTES >> 20} MiB, and was not read")
    if not content_type.lower().startswith("multipart/"):
        return _short_enough(body)
    header = "".join(letter for letter in content_type if letter.isprintable())
    told = message_from_bytes(
        b"Content-Type: " + header.encode(errors="replace") + b"\r\n\r\n" + body, policy=policy.HTTP
    )
    for part in told.walk():
        if part.get_param("name", header="content-disposition") in ("payload", "data"):
            return _short_enough(_bytes_of(part))
    raise Malformed("this form has no part that is called payload, as Plex and Emby send it")


def _short_enough(text: bytes) -> bytes:
    if len(text) > LARGEST_JSON_BYTES:
        raise Malformed(f"its JSON is larger than {LARGEST_JSON_BYTES >> 20} MiB: it was not read")
    return text


def _bytes_of(part: Message) -> bytes:
    told = part.get_payload(decode=True)
    return told if isinstance(told, bytes) else b""
