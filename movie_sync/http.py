"""The one way out to the web: time limits, short retries, pacing, and our names for failures.

A service holds one `Http`. Messages and log lines carry the path but never the query or the
headers, for those hold passkeys and tokens; a redirect is followed only within the same host.
"""

import logging
import random
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

import msgspec
import requests
from requests.auth import HTTPBasicAuth
from urllib3.exceptions import HTTPError

from movie_sync import __version__
from movie_sync.budgets import Budget
from movie_sync.errors import (
    BadAnswer,
    Blocked,
    NotAuthorised,
    NotFound,
    Refused,
    ServiceError,
    Unavailable,
)
from movie_sync.http_answers import (
    LARGEST_ANSWER_BYTES,
    is_challenge,
    is_hiccup,
    path_of,
    plainly,
    read_whole,
    retry_after_s,
)

log = logging.getLogger(__name__)
# Its lines hold whole addresses, passkeys included, some of them at WARNING; ours stand in for it.
logging.getLogger("urllib3").setLevel(logging.CRITICAL)

PAGE = "https://github.com/movie-sync/movie-sync"
USER_AGENT = f"movie-sync/{__version__} (+{PAGE})"
TIMEOUT_S = (5.0, 20.0)  # to connect, and between two bytes of an answer
LONGEST_ANSWER_S = 120.0
REDIRECTS = 5
HICCUP_S = 0.5  # before the first retry, doubled for each further one
LOOPBACK = ("127.0.0.1", "::1", "localhost")


class Pacer:
    """Keeps a distance between calls to one host, over all threads."""

    def __init__(
        self,
        sleep: Callable[[float], object] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._sleep, self._monotonic = sleep, monotonic
        self._next_at: dict[str, float] = {}
        self._lock = threading.Lock()

    def wait(self, host: str, gap_s: float, after_s: float = 0.0) -> None:
        """Wait for our turn, at least `after_s`; the lock is held only to take a number."""
        with self._lock:
            now = self._monotonic()
            turn = max(now + after_s, self._next_at.get(host, now))
            self._next_at[host] = turn + gap_s
        if turn > now:
            self._sleep(turn - now)


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> None:
        """None, for even when told not to follow, it reads a redirect's body without a limit."""


class Http:
    """Requests to one service.

    Args:
        service: what messages call it.
        base_url: where its paths begin.
        pacer: shared by all services, so that two that live on one host keep its distance.
        gap_s: least time between two calls to this host.
        budget: spent before each call, where the service counts them.
        longest_s: most time that the body of an answer may take.
        largest_bytes: a larger answer is none that was asked for.
        tries: how often a GET is sent before an outage is reported. Each one is paced and counted.
        private: the address itself is a secret, and no message or log line names its path.
    """

    def __init__(
        self,
        service: str,
        base_url: str,
        *,
        pacer: Pacer | None = None,
        gap_s: float = 0.5,
        budget: Budget | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout_s: tuple[float, float] = TIMEOUT_S,
        longest_s: float = LONGEST_ANSWER_S,
        largest_bytes: int = LARGEST_ANSWER_BYTES,
        tries: int = 3,
        private: bool = False,
    ) -> None:
        self.service, self.base_url, self.budget = service, base_url.rstrip("/"), budget
        self._pacer, self._gap_s, self._tries = pacer or Pacer(), gap_s, tries
        self._timeout_s, self._longest_s, self._largest_bytes = timeout_s, longest_s, largest_bytes
        self._path_of = _its_address if private else path_of
        self._session = _Session()
        self._session.headers.update({"User-Agent": USER_AGENT, **(headers or {})})
        self._session.auth = _basic(auth) if auth else _no_login
        # A proxy named in the environment would look for this machine on its own.
        self._session.trust_env = urlsplit(self.base_url).hostname not in LOOPBACK

    def get_json(self, path: str, **params: str | int) -> Any:
        """The decoded answer to a GET. Raises any `ServiceError`."""
        response = self.get(path, params=params)
        try:
            return msgspec.json.decode(response.content)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            kind = response.headers.get("Content-Type", "nothing").split(";")[0]
            what = "broken JSON" if kind.endswith("json") else f"{kind}, not JSON"
            raise BadAnswer(self.service, f"{self._path_of(path)} answered {what}") from error

    def post(
        self,
        path: str,
        body: bytes,
        *,
        headers: Mapping[str, str] | None = None,
        accept: tuple[int, ...] = (),
    ) -> requests.Response:
        """One POST of JSON. It is sent once, and no redirect is followed, for what was sent may
        have been heard. Accepts and raises as `get` does; Refused for any redirect."""
        url = f"{self.base_url}{path}"
        self._take_turn(urlsplit(url).netloc, "", 0)
        sent = {"Content-Type": "application/json", **(headers or {})}
        response = self._ask(url, None, None, body, sent)
        if response.status_code in accept:
            return response
        if response.is_redirect:
            where = "sends us to another address; set that one"
            raise Refused(self.service, f"{self._path_of(url)} {where}")
        return self._good(response, url)

    def get(
        self,
        path: str,
        *,
        params: Mapping[str, str | int] | None = None,
        accept: tuple[int, ...] = (),
        login: str = "",
        auth: tuple[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """One GET. A status in `accept` is returned for the caller to read; others raise. `login`
        is a fingerprint of the credentials, for the budget; `auth` (user name, password) and
        `headers` are what this call needs otherwise than the rest.

        Raises:
            Unavailable: no answer, a 5xx, or it asks us to slow down (429).
            NotAuthorised: 401 or 403.
            Blocked: a challenge for browsers, with whatever status.
            NotFound: 404 or 410.
            Refused: any other 4xx, or a redirect to another host.
            BadAnswer: larger than any answer we ask for, or a redirect that leads nowhere.
        """
        url = path if path.startswith(("http://", "https://")) else f"{self.base_url}{path}"
        for _ in range(REDIRECTS):
            response = self._send(url, params, login, auth, headers)
            if response.is_redirect:
                url, params = self._following(url, response.headers["Location"]), None
                continue
            if response.status_code in accept:
                return response
            return self._good(response, url)
        raise BadAnswer(self.service, f"{self._path_of(path)} was redirected {REDIRECTS} times")

    def close(self) -> None:
        self._session.close()

    def _good(self, response: requests.Response, url: str) -> requests.Response:
        if is_challenge(response):
            raise Blocked(self.service, "answers with a challenge for browsers")
        if response.status_code // 100 == 2:
            return response
        raise self.failure(response, self._path_of(url))

    def _following(self, url: str, target: str) -> str:
        """Where a redirect leads, if our login may be shown there too."""
        try:
            following = urljoin(url, target)
            here, there = urlsplit(url), urlsplit(following)
        except ValueError as error:
            raise BadAnswer(self.service, f"{self._path_of(url)} leads to no address") from error
        if there.netloc != here.netloc or there.scheme not in (here.scheme, "https"):
            elsewhere = f"leads to another host ({there.scheme}://{there.hostname})"
            raise Refused(self.service, f"{self._path_of(url)} {elsewhere}")
        return following

    def _send(
        self,
        url: str,
        params: Mapping[str, str | int] | None,
        login: str,
        auth: tuple[str, str] | None,
        headers: Mapping[str, str] | None,
    ) -> requests.Response:
        """Ask, and ask again after a hiccup, unless it says itself how long to wait."""
        failures = 0
        while True:
            self._take_turn(urlsplit(url).netloc, login, failures)
            failures += 1
            last = failures >= self._tries
            try:
                response = self._ask(url, params, auth, headers=headers)
            except Unavailable:
                if last:
                    raise
            else:
                if last or not is_hiccup(response):
                    return response

    def _take_turn(self, host: str, login: str, failures: int) -> None:
        if self.budget:
            self.budget.check(login)  # before we wait for nothing
        jitter = random.uniform(0.5, 1.0)  # noqa: S311 - not a secret
        after_s = HICCUP_S * 2 ** (failures - 1) * jitter if failures else 0.0
        self._pacer.wait(host, self._gap_s, after_s)
        if self.budget:
            self.budget.spend(login)

    def _ask(
        self,
        url: str,
        params: Mapping[str, str | int] | None,
        auth: tuple[str, str] | None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> requests.Response:
        path = self._path_of(url)
        try:
            response = self._session.request(
                "GET" if body is None else "POST",
                url,
                params=params,
                data=body,
                headers=headers,
                auth=_basic(auth) if auth else None,
                timeout=self._timeout_s,
                allow_redirects=False,
                stream=True,
            )
            read_whole(response, self.service, self._longest_s, path, self._largest_bytes)
        except (requests.RequestException, HTTPError) as error:
            # `from None`: the library's own text holds the whole address, passkey included.
            if isinstance(error, ValueError):
                message = "was not asked; its address is not one of the web"
                raise Refused(self.service, message) from None
            raise Unavailable(self.service, f"{path}: {plainly(error)}") from None
        log.debug("%s: %s answered %d", self.service, path, response.status_code)
        return response

    def failure(self, response: requests.Response, path: str) -> ServiceError:
        """Our name for an answer that is none."""
        match response.status_code:
            case 401 | 403:
                return NotAuthorised(self.service, f"{path} refused our login; renew it")
            case 404 | 410:
                return NotFound(self.service, f"{path} is not there")
            case 429:
                return Unavailable(self.service, "asks us to slow down", retry_after_s(response))
            case status if status >= 500 or status == 408:
                wait_s = retry_after_s(response)
                return Unavailable(self.service, f"{path} answered {status}", wait_s)
            case status if status < 400:
                return BadAnswer(self.service, f"{path} answered {status} and nothing more")
            case status:
                return Refused(self.service, f"{path} was refused with {status}")


def _its_address(url: str) -> str:
    return "its address"


def _basic(auth: tuple[str, str]) -> HTTPBasicAuth:
    user, password = auth
    return HTTPBasicAuth(user.encode(), password.encode())  # as text it would have to be Latin-1


def _no_login(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Stands where requests would else look into ~/.netrc, and override our own headers by it."""
    return request
