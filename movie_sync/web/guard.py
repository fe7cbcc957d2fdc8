"""Before everything else: who asks, by what name, from where, and whether they may.

An ASGI layer around the whole application, so that no route can be added past it. It reads no more
of a request than the token of a form, and holds back nothing of an answer: streams stay streams.
Not here: the page to sign in (`login`), and what is kept (`access`).
"""

import asyncio
import hmac
import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from movie_sync import log_about
from movie_sync.access import Access, Key
from movie_sync.errors import ConfigError, FilesError
from movie_sync.web import guard_answers, guard_lists, guard_rules
from movie_sync.web.guard_answers import Answer
from movie_sync.web.guard_arrival import (
    Arrival,
    Proxies,
    header,
    is_address,
    is_loopback,
    is_origin_of,
    name_of,
)
from movie_sync.web.guard_forms import Body, TooLong
from movie_sync.web.guard_visitor import Doorman, Visitor, WrongKey
from movie_sync.web_settings import Web

log = logging.getLogger(__name__)

ASKED_AGAIN_S = 5.0  # whether who hears a long answer may still
SAME_SITE = {"", "same-origin", "none"}  # "none" is a person who typed the address


class Refused(Exception):
    """The request is not passed on; `answer` is what it gets."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.detail)
        self.answer = answer


class Guard:
    """Passes on what is allowed, with `scope["access"]`: a Visitor. Every path that is passed on
    has the base URL in front, whether a proxy left it out or not.

    Raises:
        ConfigError: the settings name a network that is none.
        FilesError: the home cannot be written.
    """

    def __init__(
        self,
        app: Any,
        access: Access,
        web: Web,
        bound_host: str,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app, self._access, self._monotonic = app, access, monotonic
        self._told = ""
        self._base = base_path(web)
        self._bound_here = is_loopback(bound_host)
        self._hosts = {name.lower() for name in web.hosts}
        self._proxies = Proxies(web)
        self._doorman = Doorman(access, bound_here=self._bound_here, cookie=cookie_name(web))
        access.token_against_forgery("")  # makes the secret now, and not while somebody waits

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})

    async def _answer(self, scope: Any, receive: Any, send: Any) -> None:
        name = guard_answers.name_of(scope["headers"])
        with log_about.about(request=name):
            await self._answer_named(scope, receive, send, name)

    async def _answer_named(self, scope: Any, receive: Any, send: Any, name: str) -> None:
        path = self._path(scope["path"])
        scope, arrival = guard_lists.with_key(scope, path, self._proxies.arrival(scope))
        body, safely = Body(receive), guard_answers.sending(send, name)
        try:
            visitor = await self._let_in({**scope, "path": path}, arrival, body)
        except Refused as refused:
            as_page = guard_answers.wants_page(path, arrival.headers)
            await guard_answers.send_answer(
                safely, refused.answer, as_page=as_page, home=f"{self._base}/"
            )
            return
        inner = {
            **scope,
            "path": self._base + path,
            "raw_path": quote(self._base + path).encode(),
            "scheme": arrival.scheme,
            "client": (visitor.address, 0) if visitor.address else scope.get("client"),
            "headers": arrival.headers,
            "access": visitor,
            "state": {**scope.get("state", {}), "access": visitor},
        }
        if visitor.scope is None:
            await self._app(inner, body, safely)
        else:
            stream = _Watched(body, safely, self._monotonic, lambda: self._may_hear(inner, arrival))
            await self._app(inner, stream.receive, stream.send)

    def _path(self, path: str) -> str:
        """Without the base URL, which some proxies leave out."""
        if self._base and (path == self._base or path.startswith(f"{self._base}/")):
            return path[len(self._base) :] or "/"
        return path

    async def _let_in(self, asked: Any, arrival: Arrival, body: Body) -> Visitor:
        method, path = asked["method"], asked["path"]
        if not guard_rules.is_plain(path):
            raise Refused(Answer(400, "The address is not understood."))
        need = guard_rules.need(method, path)
        if path in guard_rules.HEALTH:
            return Visitor("nobody")
        self._check_host(arrival)
        if need == "open":
            return Visitor("nobody")
        safe = method in guard_rules.SAFE
        if not safe:
            _check_origin(arrival)
        visitor = self._visitor(arrival)
        if need != "anyone" and not visitor.may(need):
            raise Refused(self._not_allowed(asked, arrival, visitor, need))
        if arrival.key_in_address and visitor.scope != "read":
            raise Refused(guard_lists.TOO_MIGHTY)
        if visitor.key:
            await self._note_use(visitor.key)
        elif not safe:
            await _check_token(visitor, arrival, body)
        return visitor

    def _check_host(self, arrival: Arrival) -> None:
        """Against pages whose own name is turned to this machine's address (DNS rebinding)."""
        name = name_of(arrival.host)
        if name and (name in self._hosts or is_loopback(name)):
            return
        if name and not self._bound_here and (not self._hosts or is_address(name)):
            return
        raise Refused(
            Answer(
                421,
                f"Movie Sync is not known as {name or 'what was asked for'}; "
                "if it should be, add that name to web.hosts in the settings.",
            )
        )

    def _visitor(self, arrival: Arrival) -> Visitor:
        try:
            return self._doorman.visitor(arrival)
        except WrongKey:
            raise Refused(
                Answer(401, "This API key is not known here.", (("WWW-Authenticate", "Bearer"),))
            ) from None
        except (ConfigError, FilesError) as error:
            if self._told != str(error):  # once, and not for each who asks
                self._told = str(error)
                log.error("web: %s", error)  # noqa: TRY400 - the sentence says it all
            raise Refused(
                Answer(503, "It cannot be read who may in; the log of Movie Sync says why.")
            ) from None

    def _not_allowed(self, asked: Any, arrival: Arrival, visitor: Visitor, need: str) -> Answer:
        if visitor.who != "nobody":
            return Answer(403, f'This needs the scope "{need}"; yours is "{visitor.scope}".')
        if not self._access.is_closed:
            return Answer(
                403,
                "Nobody can sign in here, as no password is set; "
                'run "movie-sync web password" on the machine that Movie Sync runs on.',
            )
        by_htmx = bool(header(arrival.headers, b"hx-request"))
        if by_htmx or guard_answers.wants_page(asked["path"], arrival.headers):
            return guard_answers.to_login(self._base, asked, by_htmx=by_htmx)
        return Answer(
            401,
            'Sign in, or send an API key as "Authorization: Bearer KEY".',
            (("WWW-Authenticate", "Bearer"),),
        )

    async def _note_use(self, key: Key) -> None:
        if self._access.is_new_today(key):
            try:
                await asyncio.to_thread(self._access.note_use, key)
            except (ConfigError, FilesError) as error:
                log.debug("web: the use of a key is not noted: %s", error)

    def _may_hear(self, inner: Any, arrival: Arrival) -> bool:
        try:
            return self._doorman.is_still(inner["access"], arrival)
        except (ConfigError, FilesError):
            return False


class _Watched:
    """An answer as it goes out; it ends early when who hears it may no longer."""

    def __init__(
        self, receive: Any, send: Any, monotonic: Callable[[], float], may: Callable[[], bool]
    ) -> None:
        self._receive, self._send, self._monotonic, self._may = receive, send, monotonic, may
        self._asked_s = monotonic()
        self._ended = False

    async def receive(self) -> Any:
        return {"type": "http.disconnect"} if self._ended else await self._receive()

    async def send(self, message: Any) -> None:
        if self._ended:
            return
        if message["type"] == "http.response.body" and message.get("more_body"):
            now_s = self._monotonic()
            if now_s - self._asked_s >= ASKED_AGAIN_S:
                self._asked_s = now_s
                self._ended = not self._may()
        if self._ended:
            message = {"type": "http.response.body", "body": b"", "more_body": False}
        await self._send(message)


def guarded(app: Any, home: Path, web: Web, bound_host: str) -> Guard:
    """The application, with the guard before it; raises as `Guard` does."""
    return Guard(app, Access(home), web, bound_host)


def refuse_if_open(home: Path, web: Web) -> None:
    """Let nobody start a page that everybody could use.

    Raises:
        ConfigError: others reach the address, and neither a password nor an API key is set.
    """
    if not is_loopback(web.host) and not Access(home).is_closed:
        raise ConfigError(
            f"web.host is {web.host}, which others can reach, and neither a password nor an API "
            'key is set; nothing was started; run "movie-sync web password" first, or set '
            "web.host to 127.0.0.1"
        )


def base_path(web: Web) -> str:
    """What all addresses of the page begin with: "" or "/films"."""
    return web.base_url.rstrip("/")


def cookie_name(web: Web) -> str:
    """Cookies know no port: two of us on one machine keep theirs apart by name."""
    return f"movie_sync_{web.port}"


def _check_origin(arrival: Arrival) -> None:
    """A page of another origin changes nothing, whatever it knows."""
    origin = header(arrival.headers, b"origin")
    site = header(arrival.headers, b"sec-fetch-site")
    if site not in SAME_SITE or (origin and not is_origin_of(origin, arrival)):
        raise Refused(
            Answer(
                403,
                "This was sent by a page of another origin, and nothing was changed; behind a "
                "proxy, let it pass the Host header on.",
            )
        )


async def _check_token(visitor: Visitor, arrival: Arrival, body: Body) -> None:
    try:
        given = header(arrival.headers, b"x-csrf-token") or await body.token(arrival.headers)
    except TooLong:
        raise Refused(Answer(413, "The form is too long; nothing was changed.")) from None
    if not visitor.csrf or not hmac.compare_digest(given.encode(), visitor.csrf.encode()):
        raise Refused(
            Answer(
                403,
                "The page this was sent from is too old, or it was sent by a program without an "
                "API key; nothing was changed; load the page anew.",
            )
        )
