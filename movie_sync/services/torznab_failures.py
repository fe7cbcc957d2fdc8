"""What a Torznab indexer complains of, in our names for failures.

The one thing to know: a complaint may repeat a key, ours or that of a tracker behind it, so its
words are told without addresses and without all that may be a key.
"""

import re
from hashlib import sha256
from urllib.parse import quote, quote_plus

import requests

from movie_sync.budgets import Budget
from movie_sync.errors import (
    Blocked,
    NotAuthorised,
    NotFound,
    Refused,
    ServiceError,
    Unavailable,
)
from movie_sync.http_answers import retry_after_s
from movie_sync.services import torznab_xml
from movie_sync.services.torznab_xml import Complaint

EXPLAINED = (400, 401, 403, 404, 409, 410, 429, 500, 503)  # a complaint may come with them
LONGEST_COMPLAINT = 120
SLOW_DOWN_S = 3600.0  # where a limit is reached and nobody says for how long
SLOW_DOWN_AT_LEAST_S = 60.0

_PRIVATE = re.compile(r"\b\w+://\S+|\b\w{20,}\b", re.ASCII)


class Failures:
    """Turns answers of one indexer into errors; what they ask of us is remembered in `budget`."""

    def __init__(self, name: str, api_key: str, budget: Budget | None) -> None:
        self.login = _fingerprint(name, api_key)
        self._name, self._key, self._budget = name, api_key, budget

    def check(self, response: requests.Response, what: str, *, ours: bool) -> None:
        """Raise what an answer complains of, if it does.

        Args:
            what: "torrent 7": what a sentence about it begins with.
            ours: our key went out with the question.
        """
        complaint = torznab_xml.complaint(response.content)
        if response.status_code // 100 != 2 or complaint:
            raise self._failure(response, complaint, what, ours=ours)

    def _failure(
        self, response: requests.Response, complaint: Complaint | None, what: str, *, ours: bool
    ) -> ServiceError:
        status = response.status_code
        code = complaint.code if complaint else status
        words = self._cleaned(complaint.words) if complaint else ""
        if _is_limit(code, status, complaint):
            return self._slow_down(response, words)
        if 100 <= code < 200 or code == 401 or (ours and not self._key and code == 200):
            return self._not_authorised(words, what, ours=ours)
        said = f": {words}" if words else ""
        if code == 403:
            return Blocked(self._name, f"{what}: kept out (403){said}")
        if code in (300, 404, 410):
            return NotFound(self._name, f"{what} is not there{said}")
        if code >= 500:
            wait_s = retry_after_s(response)
            return Unavailable(self._name, f"{what} did not come ({code}){said}", wait_s)
        return Refused(self._name, f"{what} was refused ({code}){said}")

    def _slow_down(self, response: requests.Response, words: str) -> Unavailable:
        asked_s = retry_after_s(response)
        wait_s = SLOW_DOWN_S if asked_s is None else max(asked_s, SLOW_DOWN_AT_LEAST_S)
        message = f"its limit is reached ({words})" if words else "its limit is reached"
        if self._budget:
            self._budget.pause(wait_s, message)
        return Unavailable(self._name, f"{message}; no call for {wait_s / 60:.0f} min", wait_s)

    def _not_authorised(self, words: str, what: str, *, ours: bool) -> NotAuthorised:
        if not ours:
            said = f": {words}" if words else ""
            return NotAuthorised(self._name, f"{what} was not given to us{said}")
        if self._budget:
            self._budget.refuse_login(self.login)
        refused = "the API key was refused" if self._key else "an API key is asked for"
        said = f" ({words})" if words else ""
        do = f"run `credentials set torznab.{self._name}.api_key`"
        return NotAuthorised(self._name, f"{refused}{said}; {do}")

    def _cleaned(self, words: str) -> str:
        for spelt in (self._key, quote(self._key, safe=""), quote_plus(self._key)):
            words = words.replace(spelt, "...") if spelt else words
        return " ".join(_PRIVATE.sub("...", words).split())[:LONGEST_COMPLAINT]


def _fingerprint(name: str, key: str) -> str:
    """Tells one key from another, and tells nothing else: a key has 128 random bits."""
    return sha256(f"movie-sync torznab\0{name}\0{key}".encode()).hexdigest()[:16]


def _is_limit(code: int, status: int, complaint: Complaint | None) -> bool:
    """Newznab's own 500 and 501 are limits, of calls and of downloads, and 910 is a pause; where
    HTTP says 500 too, it is a fault of the server."""
    return code == 429 or (complaint is not None and status < 500 and code in (500, 501, 910))
