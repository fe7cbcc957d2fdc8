"""What the readers of webhooks share: what an event comes to, and its JSON as facts."""

from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from movie_sync.history_models import Play, Rating
from movie_sync.table_cells import Malformed

T = TypeVar("T")


class Heard(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one event comes to.

    Attributes:
        sentence: for the log and for who asked.
        uri: how the library's source calls the file, as far as the event says: "plex:2:401:".
    """

    sentence: str
    play: Play | None = None
    rating: Rating | None = None
    uri: str | None = None


def read(text: bytes, form: type[T], whose: str) -> T:
    """Numbers may be told as texts, and what is told as an empty text is not told."""
    try:
        told = msgspec.json.decode(text)
        return msgspec.convert(_told(told), form, strict=False)
    except msgspec.ValidationError as error:
        raise Malformed(f"this is no event of {whose}: {error}") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(f"this is no event of {whose}, for it is not JSON") from error


def _told(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {name: _told(each) for name, each in value.items() if each not in ("", None)}
