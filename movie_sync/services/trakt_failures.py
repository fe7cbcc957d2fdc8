"""What Trakt's refusals mean, and what a person does about each. Pure.

Source: Trakt's API guide of 2026-10 and its maintainers' answers.
"""

import logging

import requests

from movie_sync.errors import (
    BadAnswer,
    Blocked,
    Full,
    NotAuthorised,
    NotFound,
    Refused,
    ServiceError,
    Unavailable,
)
from movie_sync.http_answers import is_challenge, retry_after_s

log = logging.getLogger(__name__)

NAME = "trakt"
OVERLOADED_S = 30.0  # Trakt asks for so long after 502, 503 and 504
LONGEST_PAUSE_S = 300.0  # where it does not say how long
# Nothing more is asked after one of these until a person did something.
ENDING = (403, 423)
# The error, and what its sentence says after the path.
REFUSALS: dict[int, tuple[type[ServiceError], str]] = {
    400: (Refused, "was refused as not valid (400); nothing was changed"),
    401: (NotAuthorised, "refused the login (401); log in again"),
    403: (
        NotAuthorised,
        "refused the client id as not valid or not approved (403); since July 2026 Trakt gives "
        "access to the applications of VIP accounts alone; nothing is asked until it is changed",
    ),
    404: (NotFound, "is not there"),
    409: (Refused, "says that Trakt has this already (409); nothing was changed"),
    410: (NotFound, "is not there any more"),
    412: (Refused, "was refused for its form (412); nothing was changed"),
    420: (
        Full,
        "says that the account is full (420); nothing was added; take something away there, or "
        "become VIP",
    ),
    422: (Refused, "was refused as not valid (422); nothing was changed"),
    423: (
        NotAuthorised,
        "says that the account is locked or deactivated (423); nothing more is asked; write to "
        "Trakt's support",
    ),
    426: (Full, "is for VIP accounts alone (426)"),
}


def failure(response: requests.Response, path: str) -> ServiceError:
    """Our name for an answer that is none."""
    status, kind = response.status_code, response.headers.get("Content-Type", "")
    if is_challenge(response) or (status == 403 and "html" in kind):
        what = "something before its API keeps this address or this program out"
        return Blocked(NAME, f"{what} ({status}, a page); nothing was changed")
    if status == 404 and "html" in kind:  # of a proxy; Trakt's own is empty
        return BadAnswer(NAME, f"{path} answered 404 in a form that is not its own")
    if status in REFUSALS:
        # What was sent holds no secret, and what is said about it hardly does.
        log.debug("trakt: %s answered %d: %.200s", path, status, response.text)
        error, what = REFUSALS[status]
        return error(NAME, f"{path} {what}")
    if status == 429:
        return Unavailable(NAME, "asks us to slow down", retry_after_s(response))
    if status >= 500 or status == 408:
        wait_s = retry_after_s(response)
        later_s = OVERLOADED_S if wait_s is None else wait_s
        return Unavailable(NAME, f"{path} answered {status}", later_s)
    return Refused(NAME, f"{path} was refused with {status}")
