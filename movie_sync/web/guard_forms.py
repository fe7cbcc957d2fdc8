"""The token against forgery in the body of a form, found without taking the body away.

What is read here is given on as if nothing had been read. Of a long form with files only the
beginning is read: there the token has to be the first field.
"""

import re
from typing import Any
from urllib.parse import parse_qs

from movie_sync.web.guard_arrival import Headers, header

FIELD = "csrf"
LONGEST_FORM_BYTES = 256 * 1024
FIRST_FIELD_BYTES = 8 * 1024
MOST_FIELDS = 10_000
URLENCODED, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
BOUNDARY = re.compile(r'boundary="?([^";,]{1,70})"?', re.IGNORECASE)
FIRST_PART = re.compile(
    rb'content-disposition: *form-data; *name="?'
    + FIELD.encode()
    + rb'"?\r\n\r\n([0-9a-f]{1,200})\r\n',
    re.IGNORECASE,
)


class TooLong(Exception):  # an answer of 413, and no failure of ours
    """The form is longer than any of ours."""


class Body:
    """Stands in for `receive`: first what was read ahead, then whatever comes."""

    def __init__(self, receive: Any) -> None:
        self._receive = receive
        self._ahead: list[dict[str, Any]] = []

    async def __call__(self) -> Any:
        return self._ahead.pop(0) if self._ahead else await self._receive()

    async def token(self, headers: Headers) -> str:
        """The token in a form; empty where the body is none, or has none.

        Raises:
            TooLong: it was not read to its end.
        """
        content_type = header(headers, b"content-type")
        kind = content_type.partition(";")[0].strip().lower()
        if kind == URLENCODED:
            return _of_fields(await self._read(LONGEST_FORM_BYTES, whole=True))
        boundary = BOUNDARY.search(content_type)
        if kind == MULTIPART and boundary:
            begins = b"--" + boundary[1].encode("latin-1") + b"\r\n"
            text = await self._read(FIRST_FIELD_BYTES, whole=False)
            part = FIRST_PART.match(text.removeprefix(begins)) if text.startswith(begins) else None
            return part[1].decode() if part else ""
        return ""

    async def _read(self, most_bytes: int, *, whole: bool) -> bytes:
        read: bytes = b""
        while True:
            message = await self._receive()
            self._ahead.append(message)
            if message["type"] != "http.request":
                return b""  # whoever asked is gone
            read += message.get("body", b"")
            if whole and len(read) > most_bytes:
                raise TooLong
            if not message.get("more_body") or len(read) >= most_bytes:
                return read


def _of_fields(body: bytes) -> str:
    try:
        fields = parse_qs(body.decode(), max_num_fields=MOST_FIELDS)
    except ValueError:
        return ""
    values = fields.get(FIELD, [])
    return values[0] if len(values) == 1 else ""
