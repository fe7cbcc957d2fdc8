"""What an answer of Viki means that is none: by its status, and by its words.

The one thing to know: a session that is over is told with 400, as is anything else that is wrong;
only the words tell which. A refusal without any is that of a session, for nothing else in what we
ask can be wrong.
"""

import re
from collections.abc import Callable

import msgspec
import requests

from movie_sync.errors import (
    BadAnswer,
    Blocked,
    ConfigError,
    NotFound,
    Refused,
    ServiceError,
)
from movie_sync.http_answers import is_challenge
from movie_sync.services import viki_reading as reading
from movie_sync.services.viki_reading import NAME

EXPLAINED = (400, 401, 403, 404, 451)  # the words of the answer say what it means

_SIGNED_OUT = re.compile(
    r"(not|n't|no longer|please|must|need to|to continue,?) (be )?(sign(ed)?|log(ged)?)[ -]?in"
    r"|sign(ed)?[ -]?in required|log ?in required|unauthori[sz]ed|unauthenticated"
    r"|(session|token)\b.{0,30}\b(expired|invalid|not found|missing)"
    r"|(expired|invalid|missing|bad)\b.{0,20}\b(session|token)",
    re.IGNORECASE,
)
_REGION = re.compile(r"\b(region|country|territor|geo)", re.IGNORECASE)
_APP = re.compile(r"signature|timestamp|\bapp(lication)?\b", re.IGNORECASE)


def app_refused(response: requests.Response, app_id: str) -> ConfigError | None:
    """None: it is about something else."""
    said = reading.words(response.content)
    if response.status_code == 404 or _is_page(response) or not _APP.search(said):
        return None
    return ConfigError(
        f'viki: its API does not take the app id "{app_id}" ({said}); set viki.app_id to the one '
        "that its page sends now"
    )


def failure(
    response: requests.Response, path: str, gone: str, signed_out: Callable[[], ServiceError]
) -> ServiceError:
    """What an answer that is none means, by its status and its words."""
    said, status = reading.words(response.content), response.status_code
    if is_challenge(response):
        return Blocked(NAME, "answers with a challenge for browsers")
    if status == 404:
        return _not_there(response, path, gone)
    if status == 451 or (status == 403 and _REGION.search(said)):
        return Blocked(NAME, f"is closed to this region: {said or 'it says no more'}")
    if status == 403 and _is_page(response):
        return Blocked(NAME, f"{path} is closed to us by a page: {said or 'it says no more'}")
    if status in (401, 403) or not said or _SIGNED_OUT.search(said):
        return signed_out()
    return Refused(NAME, f"{path} was refused with {status}: {said}")


def _is_page(response: requests.Response) -> bool:
    return "html" in response.headers.get("Content-Type", "")


def _not_there(response: requests.Response, path: str, gone: str) -> ServiceError:
    """A 404 of its own is JSON. One of a proxy would be taken for the end of a show."""
    try:
        msgspec.json.decode(response.content or b"{}")
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return BadAnswer(NAME, f"{path} answered 404 in a form that is not its own")
    return NotFound(NAME, gone)


def closed(path: str) -> Blocked:
    """It knows no login for this, so something before it refuses, or its programs have new ids."""
    return Blocked(NAME, f"{path} is closed to us, though it needs no login; see viki.app_id")
