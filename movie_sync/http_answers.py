"""Taking in what the web answers: never without end, and told of without secrets.

Used where answers are read, ours and those that a library asks for us.
"""

import re
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError, ProtocolError, ReadTimeoutError

from movie_sync.errors import BadAnswer, Unavailable

LARGEST_ANSWER_BYTES = 32 * 1024**2
LONGEST_RETRY_AFTER_S = 24 * 3600.0
HICCUPS = (502, 503, 504)
PIECE_BYTES = 64 * 1024

# What Cloudflare names its challenges: by this header since 2023, by this title before.
_CHALLENGE = re.compile(
    rb"<title>\s*(just a moment(\.|\xe2\x80\xa6)*|attention required!?( \|[^<]*)?)\s*</title>",
    re.IGNORECASE,
)


def read_whole(
    response: requests.Response,
    service: str,
    longest_s: float,
    path: str | None = None,
    largest_bytes: int = LARGEST_ANSWER_BYTES,
) -> None:
    """Take in the body, but not without end. It is then in `response.content`.

    Args:
        path: what messages call the address, where it is not its path.

    Raises:
        BadAnswer: larger than any answer we ask for.
        Unavailable: not whole in time.
        RequestException, HTTPError: the connection failed.
    """
    path = path or path_of(response.url)
    body, until = bytearray(), time.monotonic() + longest_s
    while chunk := response.raw.read1(PIECE_BYTES, decode_content=True):
        body += chunk
        if len(body) > largest_bytes:
            response.close()
            most = f"{largest_bytes >> 20} MiB"
            raise BadAnswer(service, f"{path} answered with more than {most}")
        if time.monotonic() > until:
            response.close()
            raise Unavailable(service, f"{path}: not whole in {longest_s:g} s")
    response._content = bytes(body)


def retry_after_s(response: requests.Response) -> float | None:
    """The wait that an answer asks for, in seconds or as a date, at most a day."""
    value = response.headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdigit():
        return min(float(value), LONGEST_RETRY_AFTER_S)
    until = _date(value)
    if until is None:
        return None
    # By its own clock where it tells it: ours may be wrong.
    now = _date(response.headers.get("Date", "")) or datetime.now(UTC)
    return min(max((until - now).total_seconds(), 0.0), LONGEST_RETRY_AFTER_S)


def _date(value: str) -> datetime | None:
    """A date of HTTP; one that names no zone is in UTC."""
    try:
        date = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def path_of(url: str) -> str:  # without what may be a key, as some put one into their paths
    return re.sub("[A-Za-z0-9]{20,}", "...", urlsplit(url).path) or "/"


def is_challenge(response: requests.Response) -> bool:
    """Whether a page for browsers came in place of the answer, whatever its status."""
    if response.headers.get("cf-mitigated") == "challenge":
        return True
    is_page = "html" in response.headers.get("Content-Type", "")
    return is_page and _CHALLENGE.search(response.content[:4096]) is not None


def is_hiccup(response: requests.Response) -> bool:
    return response.status_code in HICCUPS and "Retry-After" not in response.headers


def plainly(error: requests.RequestException | HTTPError) -> str:
    match error:
        case requests.Timeout() | ReadTimeoutError():
            return "no answer in time"
        case ProtocolError() | requests.ConnectionError(args=(ProtocolError(), *_)):
            return "the answer broke off"
        case requests.exceptions.SSLError():
            return "the secure connection failed"
        case requests.ConnectionError():
            return "could not be reached"
        case _:
            return type(error).__name__
