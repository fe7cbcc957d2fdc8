"""Trakt's login: a code typed on another device, or a page that leads back with a code.

Source: Trakt's API guide and contract as of 2026 (https://docs.trakt.tv). The login lives on
auth.trakt.tv; every application has a client id of its own, and perhaps a secret. Access tokens
have lived for three months, a day and a week by turns, so nothing is assumed; a refresh token is
good for one use. A device's code lives 10 minutes and may be asked for every 5 seconds.

The one thing to know: nothing here waits, repeats or remembers. A login by code is a value that
`poll` turns into another one; what is polled too early is not asked.
"""

import base64
import hashlib
import hmac
import logging
import secrets
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

import msgspec
import requests
from msgspec import Struct

from movie_sync.errors import BadAnswer, Blocked, LoggedOut, NotAuthorised, Refused, Unavailable
from movie_sync.http import Http
from movie_sync.http_answers import is_challenge, retry_after_s
from movie_sync.login_models import (
    CodeLogin,
    DeviceLogin,
    End,
    Ended,
    Granted,
    Pending,
    Tokens,
)

log = logging.getLogger(__name__)

NAME = "trakt"
VERIFIER_BYTES = 48  # 64 characters; 43 to 128 are allowed
LONGEST_STATE_S = 600.0
MOST_STATES = 20  # logins begun and not ended; the oldest is dropped
MOST_INTERVAL_S = 60.0
OF_APPLICATION = ("invalid_client", "unauthorized_client")
ALL = tuple(range(200, 300)) + tuple(range(400, 600))

T = TypeVar("T")


ENDS = {
    404: (End.INVALID, "Trakt does not know this code; begin again"),
    409: (End.USED, "this code was used already; begin again"),
    410: (End.EXPIRED, "the code ran out before it was typed; begin again"),
    418: (End.DENIED, "the login was refused at Trakt; nothing was changed"),
}


class _Device(Struct):
    device_code: str
    user_code: str
    verification_url: str
    expires_in: float = 600.0
    interval: float = 5.0


class _Token(Struct):
    access_token: str
    refresh_token: str
    expires_in: float
    created_at: float | None = None


class TraktLogin:
    """One application's ways in.

    Args:
        http: of the login's address.
        secret: applications may have none.
        clock: Unix seconds.
    """

    name = NAME

    def __init__(
        self,
        http: Http,
        client_id: str,
        secret: str | None,
        redirect_uri: str,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._http, self._client_id, self._secret = http, client_id, secret
        self._redirect_uri, self._clock = redirect_uri, clock

    def begin(self) -> DeviceLogin:
        """A new login by device. Raises any `ServiceError`."""
        now = self._clock()
        told = self._asked("/oauth/device/code", {"client_id": self._client_id}, _Device)
        interval_s = min(max(told.interval, 1.0), MOST_INTERVAL_S)
        return DeviceLogin(
            user_code=told.user_code,
            url=told.verification_url,
            expires_at=now + told.expires_in,
            interval_s=interval_s,
            next_at=now + interval_s,
            device_code=told.device_code,
        )

    def poll(self, login: DeviceLogin) -> Pending | Granted | Ended:
        """How far the login is. Nothing is asked before its time, nor after its end.

        Raises:
            NotAuthorised: the application itself is refused.
            Blocked: something before Trakt keeps us out.
        """
        now = self._clock()
        if now >= login.expires_at:
            return Ended(*ENDS[410])
        if now < login.next_at:
            return Pending(login)
        body = {"code": login.device_code, **self._client()}
        try:
            response = self._post("/oauth/device/token", body)
        except (Unavailable, BadAnswer) as error:
            return Pending(_later(login, now), error.message)
        status = response.status_code
        if status in ENDS:
            return Ended(*ENDS[status])
        if status == 200:
            return Granted(self._tokens(self._read(response, _Token)))
        return _asked_later(login, now, response)

    def begin_with_page(self, states: "States", *, sign_up: bool = False) -> CodeLogin:
        """A new login by a page, which `states` remembers."""
        state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(VERIFIER_BYTES)
        query = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": self._redirect_uri,
            "state": state,
            "code_challenge": challenge(verifier),
            "code_challenge_method": "S256",
        } | ({"signup": "true"} if sign_up else {})
        url = f"{self._http.base_url}/oauth/authorize?{urlencode(query)}"
        return states.begun(url, state, verifier)

    def exchange(self, login: CodeLogin, code: str) -> Tokens:
        """The tokens for a code that Trakt gave. Raises LoggedOut: it is of no use."""
        return self._granted({
            "code": code.strip(),
            "grant_type": "authorization_code",
            "code_verifier": login.verifier,
        })  # fmt: skip

    def renew(self, tokens: Tokens) -> Tokens:
        """New tokens for old ones, whose refresh token is then used up.

        Raises:
            LoggedOut: a person has to log in again.
            NotAuthorised: the application is refused; the old ones are as they were.
            Unavailable, BadAnswer: the old ones may be used up or not.
        """
        return self._granted({"refresh_token": tokens.refresh, "grant_type": "refresh_token"})

    def revoke(self, tokens: Tokens) -> None:
        """Have Trakt forget a login."""
        self._asked("/oauth/revoke", {"token": tokens.access, **self._client()}, dict[str, Any])

    def close(self) -> None:
        self._http.close()

    def _granted(self, body: dict[str, str]) -> Tokens:
        sent = {**body, **self._client(), "redirect_uri": self._redirect_uri}
        return self._tokens(self._asked("/oauth/token", sent, _Token))

    def _client(self) -> dict[str, str]:
        known = {"client_id": self._client_id}
        return known | {"client_secret": self._secret} if self._secret else known

    def _tokens(self, told: _Token) -> Tokens:
        now = self._clock()
        made = told.created_at if told.created_at is not None else now
        # Its clock and ours may differ; a token that is older than it lives is a clock's fault.
        got_at = made if now - told.expires_in < made <= now else now
        ends_at = got_at + told.expires_in
        return Tokens(
            access=told.access_token, refresh=told.refresh_token, got_at=got_at, ends_at=ends_at
        )

    def _asked(self, path: str, body: dict[str, str], form: type[T]) -> T:
        return self._read(self._post(path, body), form)

    def _post(self, path: str, body: dict[str, str]) -> requests.Response:
        """An answer with any status but those of which no caller knows more."""
        response = self._http.post(path, msgspec.json.encode(body), accept=ALL)
        kind = response.headers.get("Content-Type", "")
        if is_challenge(response) or (response.status_code == 403 and "html" in kind):
            what = "something before its login keeps this address out (403, a page)"
            raise Blocked(NAME, f"{what}; nothing was changed")
        is_ours = response.status_code == 403 or _error(response) in OF_APPLICATION
        if is_ours or (response.status_code == 401 and not path.endswith("oauth/token")):
            what = f"the application was refused ({response.status_code})"
            check = "check trakt.client_id and trakt.client_secret, and that Trakt approved it"
            raise NotAuthorised(NAME, f"{what}; {check}")
        return response

    def _read(self, response: requests.Response, form: type[T]) -> T:
        path, status = urlsplit(response.url).path, response.status_code
        if status // 100 == 2:
            try:
                return msgspec.json.decode(response.content, type=form)
            except (msgspec.MsgspecError, UnicodeDecodeError):
                raise BadAnswer(NAME, f"{path} answered in a form that is not known") from None
        if status == 429:
            raise Unavailable(NAME, "asks us to slow down", retry_after_s(response))
        if status >= 500:
            raise Unavailable(NAME, f"{path} answered {status}", retry_after_s(response))
        if status in (400, 401) and path.endswith("/token"):
            raise LoggedOut(NAME, "the login is of no use any more (invalid grant)")
        raise Refused(NAME, f"{path} was refused with {status}")


class States:
    """Logins by page that were begun: each is good once, for ten minutes. For any threads."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._begun: list[CodeLogin] = []
        self._lock = threading.Lock()

    def begun(self, url: str, state: str, verifier: str) -> CodeLogin:
        ends_at = self._monotonic() + LONGEST_STATE_S
        login = CodeLogin(url=url, state=state, verifier=verifier, ends_at=ends_at)
        with self._lock:
            self._begun = [*self._begun, login][-MOST_STATES:]
        return login

    def take(self, state: str) -> CodeLogin:
        """The login that led back here. Raises NotAuthorised: none of ours, or too late."""
        now = self._monotonic()
        with self._lock:
            # All are compared, each in constant time, so that nobody learns how near he was.
            ours = [
                each
                for each in self._begun
                if hmac.compare_digest(each.state.encode(), state.encode())
            ]
            self._begun = [each for each in self._begun if each not in ours and each.ends_at > now]
        if not ours or ours[0].ends_at <= now:
            what = "this login was not begun here, was used already, or is older than ten minutes"
            raise NotAuthorised(NAME, f"{what}; nothing was changed; begin again")
        return ours[0]


def challenge(verifier: str) -> str:
    """Of PKCE, by S256 (RFC 7636)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _later(login: DeviceLogin, now: float, wait_s: float | None = None) -> DeviceLogin:
    return msgspec.structs.replace(login, next_at=now + (wait_s or login.interval_s))


def _asked_later(login: DeviceLogin, now: float, response: requests.Response) -> Pending:
    """By the status alone, for the body may be empty."""
    match response.status_code:
        case 400:
            return Pending(_later(login, now))
        case 429:
            slower_s = min(2 * login.interval_s, MOST_INTERVAL_S)
            slower = msgspec.structs.replace(login, interval_s=slower_s)
            asked_s = retry_after_s(response) or 0.0
            return Pending(_later(slower, now, max(slower_s, asked_s)), "Trakt asks for calm")
        case status if status >= 500:
            return Pending(_later(login, now), f"Trakt answered {status}")
        case status:
            raise Refused(NAME, f"the login was refused with {status}; begin again")


def _error(response: requests.Response) -> str:
    """What it calls the matter itself: "invalid_grant"."""
    try:
        told = msgspec.json.decode(response.content)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return ""
    return str(told.get("error", "")) if isinstance(told, dict) else ""
