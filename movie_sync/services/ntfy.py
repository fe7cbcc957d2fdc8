"""ntfy: notices to a phone, by a topic of ntfy.sh or of a server of one's own.

Source: https://docs.ntfy.sh/publish/ as of 2026. A message is posted as JSON to the server, not to
the topic; it is cut at 4096 bytes. From version 2.16 on a message with the same `sequence_id` takes
the place of the one before, so that one sent again after a crash shows once. The address with the
topic is a secret: whoever knows it can read along, unless a token protects it. A free account of
ntfy.sh may send 250 messages a day.
"""

import hashlib
from typing import Any
from urllib.parse import urlsplit

import msgspec

from movie_sync.errors import BadAnswer, ConfigError
from movie_sync.http import Http
from movie_sync.messages import Notice

NAME = "ntfy"
MOST_BYTES = 4000
HIGH, NORMAL = 4, 3
TAGS = {
    "arrived": "clapper",
    "upgraded": "clapper",
    "downloading": "arrow_down",
    "removed": "wastebasket",
    "digest": "newspaper",
}
WARNING = "warning"


class Ntfy:
    name = NAME

    def __init__(self, http: Http, topic: str) -> None:
        self._http, self._topic = http, topic

    def send(self, notice: Notice) -> None:
        """Raises any `ServiceError`."""
        message: dict[str, Any] = {
            "topic": self._topic,
            "title": notice.title,
            "message": cut(notice.text, MOST_BYTES),
            "priority": HIGH if notice.urgent else NORMAL,
            "tags": [TAGS.get(notice.event, WARNING if notice.urgent else "clapper")],
            "sequence_id": hashlib.sha256(notice.id.encode()).hexdigest()[:32],
        }
        if notice.link:
            message["click"] = notice.link
        answer = self._http.post("/", msgspec.json.encode(message)).content
        if not isinstance(_object(answer).get("id"), str):
            raise BadAnswer(NAME, "did not say that it took the message; is this address ntfy's?")

    def check(self) -> str:
        """One sentence on its state; sends nothing. Raises any `ServiceError`."""
        if self._http.get_json("/v1/health") != {"healthy": True}:
            raise BadAnswer(NAME, "does not say that it is well; is this address ntfy's?")
        return "it is well"


def parted(address: str) -> tuple[str, str]:
    """Server and topic of "https://ntfy.sh/my_topic".

    Raises:
        ConfigError: it is no address of a topic; says how one looks.
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        parts = urlsplit("")
    topic = parts.path.strip("/")
    if parts.scheme not in ("http", "https") or not parts.netloc or not topic or "/" in topic:
        raise ConfigError(
            "notify.ntfy must be the address of a topic, such as https://ntfy.sh/my_topic; no "
            "notice goes there"
        )
    return f"{parts.scheme}://{parts.netloc}", topic


def cut(text: str, most_bytes: int) -> str:
    """As much of it as fits, whole characters only."""
    encoded = text.encode()
    if len(encoded) <= most_bytes:
        return text
    return encoded[: most_bytes - 3].decode(errors="ignore") + "…"


def _object(content: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(content, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BadAnswer(NAME, "its answer is not JSON; is this address ntfy's?") from error
