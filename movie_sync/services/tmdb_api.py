"""TMDB's API: one question at a time, its key, its pace and its refusals.

Source: https://developer.themoviedb.org/reference, as of 2026. Needs a key of the person's own:
either the short one (32 hexadecimal digits), which goes into the query, or the long "read access
token", which goes into a header. It counts calls no more, but tells one address to slow down (429)
at about 40 a second. At most 20 parts are appended to an answer. It must be named where it is
used: `library_models.TMDB_ATTRIBUTION`.

The one thing to know: a key that was refused is not shown again.
"""

import logging
import re
from collections.abc import Collection
from typing import Any, TypeVar

import msgspec
import requests

from movie_sync.errors import BadAnswer, NotAuthorised, NotFound, Unavailable
from movie_sync.http import Http
from movie_sync.http_answers import retry_after_s
from movie_sync.rates import Rate
from movie_sync.services.tmdb_questions import MOST_PARTS, Question, authentication, season, show
from movie_sync.services.tmdb_shapes import Said, Season, Show

log = logging.getLogger(__name__)

NAME = "tmdb"
PER_S = 20  # calls a second, over all threads: half of what is told to slow down
SHORTEST_WAIT_S = 1.0  # after a 429, whatever it says
LONGEST_WAIT_S = 15.0  # a longer pause is for the caller to wait out
TURNS = 3

_SHORT_KEY = re.compile(r"[0-9a-fA-F]{32}")

T = TypeVar("T")


class TmdbApi:
    """For any number of threads.

    Args:
        http: with `headers(key)`; where `rate` is given, with it as its pacer.
        rate: all threads wait there when TMDB asks to slow down. Without one nobody does, and
            the caller is told.
    """

    name = NAME

    def __init__(self, http: Http, key: str, rate: Rate | None = None) -> None:
        self._http, self._rate = http, rate
        self._login: dict[str, str | int] = {"api_key": key} if _SHORT_KEY.fullmatch(key) else {}
        self._refused = False

    def ask(self, question: Question[T], language: str | None = None) -> T:
        """The answer.

        Raises:
            NotFound: TMDB knows no such thing.
            NotAuthorised: the key is refused; it is not shown again.
            Unavailable: later; says when, if TMDB did.
            BadAnswer: in a form that we do not know.
        """
        params = dict(question.params)
        if question.localised and language:
            params["language"] = language
        return _read(self._get(question, params), question.path, question.form)

    def seasons(
        self, show_id: int, numbers: Collection[int], language: str | None = None
    ) -> dict[int, Season | None]:
        """Up to `MOST_PARTS` seasons of a show in one call; None stands for one that it lacks.

        Raises as `ask` does; NotFound: there is no such show.
        """
        parts = [f"season/{number}" for number in sorted(numbers)]
        if not 0 < len(parts) <= MOST_PARTS:
            raise ValueError(f"{len(parts)} seasons in one call")
        question = show(show_id, parts)
        params = dict(question.params)
        if language:
            params["language"] = language
        told = _read(self._get(question, params), question.path, dict[str, Any])
        _converted(told, question.path, Show)  # else it would be one without these seasons
        # What is not there is left out, or is an object that says so.
        return {
            number: _converted(part, season(show_id, number).path, Season) if part else None
            for number in numbers
            for part in [_there(told.get(f"season/{number}"))]
        }

    def check(self) -> str:
        self.ask(authentication())
        return "the key is accepted"

    def close(self) -> None:
        self._http.close()

    def _get(self, question: Question[Any], params: dict[str, str | int]) -> bytes:
        wrong = "the key was refused; set another by `credentials set tmdb.api_key`"
        if self._refused:
            raise NotAuthorised(NAME, wrong)
        try:
            response = self._answer(question.path, params | self._login)
        except NotAuthorised as error:
            self._refused = True
            raise NotAuthorised(NAME, wrong) from error
        if response.status_code == 404:
            _require_own(response, question.path)
            raise NotFound(NAME, f"there is no {question.about}")
        return response.content

    def _answer(self, path: str, params: dict[str, str | int]) -> requests.Response:
        """One with 200 or 404. Who is told to slow down waits, and all others with him."""
        rate = self._rate
        if rate is None:
            return self._http.get(path, params=params, accept=(404,))
        for turns_left in reversed(range(TURNS)):
            if (left_s := rate.paused_s()) > LONGEST_WAIT_S:
                raise Unavailable(NAME, "asked us to slow down", left_s)
            response = self._http.get(path, params=params, accept=(404, 429))
            if response.status_code != 429:
                return response
            wait_s = max(retry_after_s(response) or 0.0, SHORTEST_WAIT_S)
            rate.pause(wait_s)
            if wait_s > LONGEST_WAIT_S or not turns_left:
                raise Unavailable(NAME, "asks us to slow down", wait_s)
            log.debug("tmdb: asks us to slow down; next call in %.1f s", wait_s)
        raise AssertionError  # the last turn returns or raises


def headers(key: str) -> dict[str, str]:
    """What each call carries: the long key. The short one goes into the query."""
    return {} if _SHORT_KEY.fullmatch(key) else {"Authorization": f"Bearer {key}"}


def rate(**options: Any) -> Rate:
    """The pace of all calls from this machine; `sleep` may raise when the program ends."""
    return Rate(PER_S, 1.0, **options)


def _there(part: Any) -> Any:
    """A part of an answer; None where it only says that there is none."""
    missing = isinstance(part, dict) and part.get("success") is False
    return None if missing else part


def _read(content: bytes, path: str, form: type[T]) -> T:
    try:
        return msgspec.json.decode(content, type=form)
    except msgspec.ValidationError as error:
        raise _unknown(path, error) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadAnswer(NAME, f"{path} answered something that is not JSON") from error


def _converted(value: Any, path: str, form: type[T]) -> T:
    try:
        return msgspec.convert(value, form)
    except msgspec.ValidationError as error:
        raise _unknown(path, error) from error


def _unknown(path: str, error: msgspec.ValidationError) -> BadAnswer:
    return BadAnswer(NAME, f"{path} has an unknown form, and none of it was used: {error}")


def _require_own(response: requests.Response, path: str) -> None:
    """A 404 of its own is JSON. One of a proxy would be remembered as "there is no such film"."""
    try:
        msgspec.json.decode(response.content, type=Said)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        message = f"{path} answered 404 in a form that is not its own"
        raise BadAnswer(NAME, message) from None
