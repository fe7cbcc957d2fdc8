"""Trakt's API: one question or one change at a time, its headers, its pace and its pages.

Source: Trakt's API guide and contract as of 2026 (https://docs.trakt.tv). Every call names the
client id; those about a person need a token too. It allows 500 questions in 5 minutes and one
change a second to each person, and answers 429 beyond that. A page holds 250 items at most,
whatever is asked for, and only headers tell how many pages there are.

The one thing to know: a change whose answer was lost raises Unsure, for Trakt keeps every play as
often as it is told. Look before it is told again.
"""

import logging
import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol, TypeVar

import msgspec
import requests
from msgspec import Struct

from movie_sync.errors import (
    BadAnswer,
    Blocked,
    ConfigError,
    NotAuthorised,
    ServiceError,
    Unavailable,
    Unsure,
)
from movie_sync.http import Http
from movie_sync.http_answers import is_challenge, retry_after_s
from movie_sync.rates import Rate
from movie_sync.services.trakt_failures import ENDING, LONGEST_PAUSE_S, NAME, failure
from movie_sync.services.trakt_pages import MOST, Counted

log = logging.getLogger(__name__)

PER_S = 300.0  # `reads` questions in so many seconds
SHORTEST_PAUSE_S = 2.0  # after a 429, whatever it says
LONGEST_WAIT_S = 15.0  # a longer pause is for the caller to wait out
TURNS = 3
ALL = (*range(200, 300), *range(400, 600))
OVERLOADED = (500, 520, 521, 522)  # 502, 503 and 504 are asked again below us

Params = Mapping[str, str | int]
T = TypeVar("T")


class Access(Protocol):
    """Who has the tokens; `login_tokens.LoginTokens` is one. Both raise NotAuthorised."""

    def access(self) -> str: ...

    def renewed(self, refused: str) -> str:
        """Another one than this, which was refused."""


class Answer(Struct, frozen=True):
    body: bytes
    counted: Counted


class TraktApi:
    """For any number of threads, which share its pace and its pauses.

    Args:
        reads: paces questions; `Rate(450, PER_S)`.
        writes: paces changes; `Rate(1, 1.05)`.
        options: of both `Http`s.
    """

    def __init__(
        self,
        base_url: str,
        client_id: str,
        tokens: Access | None,
        reads: Rate,
        writes: Rate,
        *,
        gap_s: float = 0.05,
        **options: Any,
    ) -> None:
        headers = {
            "Content-Type": "application/json",
            "trakt-api-version": "2",
            "trakt-api-key": client_id,
        }
        self._reading = Http(NAME, base_url, pacer=reads, gap_s=gap_s, headers=headers, **options)
        self._writing = Http(NAME, base_url, pacer=writes, gap_s=0.0, headers=headers, **options)
        self._tokens, self._reads, self._writes = tokens, reads, writes
        self._ended: ServiceError | None = None
        self._slowed = 0  # in a row
        self._lock = threading.Lock()

    def get(self, path: str, params: Params | None = None, *, public: bool = False) -> Answer:
        """The answer to a question; `public` ones need no login.

        Raises:
            NotAuthorised: a person has to do what it says; nothing more is asked until then.
            Blocked: something before the API keeps us out.
            NotFound, Refused, BadAnswer: of this question alone.
            Unavailable: later.
        """
        response = self._signed(
            public,
            lambda headers: self._reading.get(path, params=params, accept=ALL, headers=headers),
            again=OVERLOADED,
        )
        self._require_good(response, path)
        return Answer(response.content, Counted.of(response.headers))

    def post(self, path: str, body: object) -> bytes:
        """Change something, once.

        Raises:
            Unsure: it may have been changed.
            Unavailable: nothing was changed; later.
            Full: nothing was added, and nothing can be.
            NotAuthorised, Blocked, NotFound, Refused: nothing was changed.
        """
        encoded = msgspec.json.encode(body)
        response = self._signed(False, lambda headers: self._posted(path, encoded, headers))
        if response.status_code >= 500:
            raise Unsure(NAME, f"{path} answered {response.status_code}", retry_after_s(response))
        self._require_good(response, path)
        return response.content

    def pages(self, path: str, params: Params) -> Iterator[tuple[int, Answer]]:
        """Each page and its number, until the headers or an empty page end it; once through."""
        number, last = 1, b""
        while number <= MOST:
            answer = self.get(path, {**params, "page": number})
            yield number, answer
            if answer.counted.is_last(number, answer.body, last):
                return
            number, last = number + 1, answer.body
        raise BadAnswer(NAME, f"{path} has more than {MOST} pages")

    def try_again(self) -> None:
        """Ask once more after a refusal of the whole account, for a person wants to know."""
        self._ended = None

    def close(self) -> None:
        self._reading.close()
        self._writing.close()

    def _posted(self, path: str, body: bytes, headers: Mapping[str, str]) -> requests.Response:
        try:
            return self._writing.post(path, body, headers=headers, accept=ALL)
        except (Unavailable, BadAnswer) as error:
            raise Unsure(NAME, f"{error.message}; it may have been heard") from error

    def _signed(
        self,
        public: bool,
        ask: Callable[[Mapping[str, str]], requests.Response],
        again: tuple[int, ...] = (),
    ) -> requests.Response:
        """Ask with the token, and once more with a new one where this one is refused."""
        if self._ended:
            raise self._ended
        if public or self._tokens is None:
            if not public:
                raise NotAuthorised(NAME, 'nobody is logged in; "history trakt login" does it')
            return self._in_turn(lambda: ask({}), again)
        token = self._tokens.access()
        response = self._in_turn(lambda: ask(_bearer(token)), again)
        if response.status_code != 401 or is_challenge(response):
            return response
        newer = self._tokens.renewed(token)
        return self._in_turn(lambda: ask(_bearer(newer)), again)

    def _in_turn(
        self, ask: Callable[[], requests.Response], again: tuple[int, ...]
    ) -> requests.Response:
        """Who is told to slow down waits, and all others with him; a longer pause is raised."""
        for turns_left in reversed(range(TURNS)):
            if (left_s := self._reads.paused_s()) > LONGEST_WAIT_S:
                raise Unavailable(NAME, "asked us to slow down", left_s)
            response = ask()
            if response.status_code == 429:
                wait_s = self._slow_down(response)
                if wait_s > LONGEST_WAIT_S or not turns_left:
                    raise Unavailable(NAME, "asks us to slow down", wait_s)
                continue
            self._slowed = 0
            if response.status_code not in again or is_challenge(response) or not turns_left:
                return response
            self._reads.pause(SHORTEST_PAUSE_S * (TURNS - turns_left))
        raise AssertionError  # the last turn returns or raises

    def _slow_down(self, response: requests.Response) -> float:
        """Pause everything for as long as it asks, or ever longer where it does not say."""
        with self._lock:
            longer_s = SHORTEST_PAUSE_S * 2 ** min(self._slowed, 10)
            self._slowed += 1
        asked_s = retry_after_s(response)
        if asked_s is None:
            jitter = random.uniform(1.0, 1.25)  # noqa: S311 - not a secret
            asked_s = min(longer_s * jitter, LONGEST_PAUSE_S)
        wait_s = max(asked_s, SHORTEST_PAUSE_S)
        self._reads.pause(wait_s)
        self._writes.pause(wait_s)
        log.debug("trakt: asks us to slow down; next call in %.1f s", wait_s)
        return wait_s

    def _require_good(self, response: requests.Response, path: str) -> None:
        if response.status_code // 100 == 2 and not is_challenge(response):
            return
        error = failure(response, path)
        if response.status_code in ENDING and not isinstance(error, Blocked):
            self._ended = error
        raise error


def connect(
    base_url: str,
    client_id: str,
    tokens: Access | None,
    *,
    reads_per_5_min: int = 450,
    seconds_between_reads: float = 0.05,
    seconds_between_writes: float = 1.05,
    sleep: Callable[[float], object] = time.sleep,
    monotonic: Callable[[], float] = time.monotonic,
    **options: Any,
) -> TraktApi:
    """With paces of its own, as the settings have them."""
    if not client_id:
        what = "trakt.client_id is not set; make an application of your own at Trakt"
        raise ConfigError(f"{what}: Settings, Your API Apps")
    return TraktApi(
        base_url,
        client_id,
        tokens,
        Rate(reads_per_5_min, PER_S, sleep=sleep, monotonic=monotonic),
        Rate(1, seconds_between_writes, sleep=sleep, monotonic=monotonic),
        gap_s=seconds_between_reads,
        **options,
    )


def decoded(body: bytes, form: type[T], path: str) -> T:
    try:
        return msgspec.json.decode(body, type=form, strict=False)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise BadAnswer(NAME, f"{path} answered in a form that is not known") from None


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
