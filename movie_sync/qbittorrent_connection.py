"""Calls to qBittorrent, one at a time, with our names for what goes wrong.

A wrong password is sent once: five of them ban this address for an hour, and with it every other
program that uses qBittorrent from here. The library is imported with the first call.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from movie_sync.errors import (
    BadAnswer,
    NotAuthorised,
    NotFound,
    Refused,
    ServiceError,
    Unavailable,
)

NAME = "qbittorrent"
TIMEOUT_S = (5.0, 15.0)  # to connect, and between two bytes of an answer
LONGEST_ANSWER_S = 30.0  # one that fails is asked for once more
BAN_S = 3600.0  # as qBittorrent bans unless it is set otherwise
CLOSE_WITHIN_S = 0.5

T = TypeVar("T")


class Connection:
    """One login to qBittorrent. With other credentials, make a new one."""

    def __init__(
        self,
        url: str,
        username: str,
        password: str,
        *,
        timeout_s: tuple[float, float] = TIMEOUT_S,
        longest_s: float = LONGEST_ANSWER_S,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._timeout_s, self._longest_s = timeout_s, longest_s
        self._url, self._username, self._password = url, username, password
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._client: Any = None
        self._login_refused = self._said_no = self._let_in = False
        self._banned_until = 0.0

    @property
    def where(self) -> str:
        """Host and port, without what else an address may hold."""
        parts = urlsplit(self._url if "://" in self._url else f"//{self._url}")
        return f"{parts.hostname}:{parts.port}" if parts.port else f"{parts.hostname}"

    def ask(self, call: Callable[[Any], T]) -> T:
        """What a call of qbittorrent-api gives; it logs in by itself.

        Raises:
            NotAuthorised: the login was refused, now or before.
            Unavailable: no answer, a failure of its own, or a ban; says for how long.
            Refused: it understood, and says no.
            BadAnswer: it does not understand us, or we not it.
        """
        import qbittorrentapi

        with self._lock:
            self._let_pass()
            if self._client is None:
                self._client = self._new_client()
            try:
                return call(self._client)
            except qbittorrentapi.APIError as error:
                failure = self._failure(error)
        # Here, so that it is raised without the original, whose text may hold the address.
        raise failure

    def close(self) -> None:
        """Without a farewell: qBittorrent forgets an idle login after an hour by itself."""
        # The call of another thread is not waited for; it closes its own connection.
        if self._lock.acquire(timeout=CLOSE_WITHIN_S):
            self._client = None
            self._lock.release()

    def _new_client(self) -> Any:
        import qbittorrentapi

        # It logs addresses, and warns of what is our business to report.
        logging.getLogger("qbittorrentapi").setLevel(logging.CRITICAL)
        return qbittorrentapi.Client(
            host=self._url,
            username=self._username,
            password=self._password,
            # A streamed answer is ours to read, and so is how much of it.
            REQUESTS_ARGS={
                "timeout": self._timeout_s,
                "stream": True,
                "hooks": {"response": self._take_in},
            },
            EXTRA_HEADERS={"Connection": "close"},  # nothing is left open between two polls
            FORCE_SCHEME_FROM_HOST=True,
            SIMPLE_RESPONSES=True,
        )

    def _take_in(self, response: Any, **_: Any) -> None:
        from movie_sync.http_answers import read_whole

        read_whole(response, NAME, self._longest_s)
        if "/auth/login" in (response.request.url or ""):
            # Only these words are a refusal; a proxy's page of apology is none.
            self._said_no = response.status_code == 401 or response.text == "Fails."
            self._let_in = response.text == "Ok." or response.status_code == 204

    def _let_pass(self) -> None:
        """Raises what is known without asking."""
        if self._login_refused:
            raise NotAuthorised(NAME, self._no_entry)
        if (left_s := self._banned_until - self._monotonic()) > 0:
            raise Unavailable(NAME, self._ban, left_s)

    def _failure(self, error: Any) -> ServiceError:
        """Our name for an error of qbittorrent-api, and what is remembered of it."""
        import qbittorrentapi as api

        match error:
            case api.LoginFailed():
                return self._login_failed()
            case api.Forbidden403Error() if "/auth/login" in (error.request.url or ""):
                self._banned_until = self._monotonic() + BAN_S
                return Unavailable(NAME, self._ban, BAN_S)
            case api.HTTPError():
                return self._refusal(error.http_status_code, error.response.text or "")
            case api.APIConnectionError(__context__=ServiceError() as ours):
                return ours
            case api.APIConnectionError():
                return Unavailable(NAME, self._no_answer(error))
            case _:
                return BadAnswer(NAME, f"{self.where} does not answer as qBittorrent does")

    def _login_failed(self) -> ServiceError:
        if not self._said_no:
            where = self.where
            return Unavailable(NAME, f"{where} does not answer a login as qBittorrent does")
        self._login_refused = True
        return NotAuthorised(NAME, self._no_entry)

    def _turned_away(self) -> ServiceError:
        why = f"{self.where} turns our calls away; see its Web UI's security settings"
        if self._let_in:
            # The library drops a login with a connection that breaks; the next call makes it anew.
            self._client = None
            return Unavailable(NAME, why)
        return NotAuthorised(NAME, why)

    def _refusal(self, status: int, text: str) -> ServiceError:
        match status:
            case 401 | 403:
                return self._turned_away()
            case 404:
                return NotFound(NAME, f"{self.where} does not have what was asked for")
            case 415:
                return BadAnswer(NAME, "does not take this file for a torrent")
            case _ if status >= 500:
                return Unavailable(NAME, f"{self.where} answered {status}")
            case _:
                return Refused(NAME, f"answered {status} {text.strip()[:100]}".rstrip())

    def _no_answer(self, error: Any) -> str:
        import requests

        if isinstance(error.__context__, requests.ReadTimeout):
            return f"{self.where} did not answer within {self._timeout_s[1]:g} s"
        return f"could not be reached at {self.where}; is it running, with its Web UI switched on?"

    @property
    def _no_entry(self) -> str:
        return (
            f"refused the login of {self._username}; nothing was added, and it is not tried "
            "again until the password is changed here"
        )

    @property
    def _ban(self) -> str:
        return (
            "has banned this address for too many failed logins; "
            "it is asked again in an hour, or after a restart"
        )
