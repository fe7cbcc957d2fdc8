"""Signing in and out, by plain forms. What is right is known to `access`, how often one may be
wrong to `access_limit`, and that the form is our own was seen by the guard.
"""

import asyncio
import math
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from movie_sync.access import KEY_STARTS, Access, Key
from movie_sync.web.access_limit import Limit
from movie_sync.web.guard import base_path, cookie_name
from movie_sync.web.guard_arrival import address_of
from movie_sync.web.guard_rules import LOGIN, LOGOUT
from movie_sync.web.guard_visitor import Visitor
from movie_sync.web_settings import Web

LONGEST_FORM_BYTES = 16 * 1024
OURS = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")  # a path of this site, and no other site's
DAY_S = 86400

Page = Callable[..., Response]  # (request, template, status=..., **context), as Renderer.page


class Login:
    """The answers; `router` has them at their addresses."""

    def __init__(self, access: Access, web: Web, page: Page, limit: Limit) -> None:
        self._access, self._web, self._page, self._limit = access, web, page, limit
        self._base = base_path(web)

    async def form(self, request: Request) -> Response:
        there = _way(request.query_params.get("next", ""))
        visitor: Visitor = request.scope["access"]
        return self._form(request, there) if visitor.scope is None else self._go(there)

    async def sign_in(self, request: Request) -> Response:
        fields = await _fields(request)
        given, there = fields.get("password", ""), _way(fields.get("next", ""))
        visitor: Visitor = request.scope["access"]
        one_try = self._limit.begin(address_of(visitor.address))
        if isinstance(one_try, float):
            wait_s = max(1, math.ceil(one_try))
            answer = self._form(request, there, status=429, wait_s=wait_s)
            answer.headers["Retry-After"] = str(wait_s)
            return answer
        right, key = await asyncio.to_thread(self._check, given)
        if not right:
            self._limit.was_wrong(one_try)
            return self._form(request, there, status=401, wrong=True)
        self._limit.was_right(one_try)
        token = await asyncio.to_thread(
            self._access.sign_in, self._web.session_days, key, visitor.session
        )
        answer = self._go(there)
        self._set_cookie(request, answer, token, int(self._web.session_days * DAY_S))
        return answer

    async def sign_out(self, request: Request) -> Response:
        visitor: Visitor = request.scope["access"]
        await asyncio.to_thread(self._access.sign_out, visitor.session)
        return self._gone(request)

    async def sign_out_everywhere(self, request: Request) -> Response:
        await asyncio.to_thread(self._access.sign_out_everywhere)
        return self._gone(request)

    def _check(self, given: str) -> tuple[bool, Key | None]:
        """Whether it is the password, or else which key; either way as slow."""
        right = self._access.is_password(given)
        key = self._access.key(given) if given.startswith(KEY_STARTS) else None
        return right or key is not None, None if right else key

    def _form(self, request: Request, there: str, status: int = 200, **context: Any) -> Response:
        shown = {
            "wrong": False, "wait_s": 0, "next": there, "login": self._base + LOGIN,
            "by_key_alone": not self._access.has_password, **context,
        }  # fmt: skip
        answer = self._page(request, "login.html", status=status, **shown)
        answer.headers["Cache-Control"] = "no-store"
        return answer

    def _go(self, there: str) -> Response:
        return RedirectResponse(self._base + there, 303)

    def _gone(self, request: Request) -> Response:
        answer = self._go(LOGIN)
        self._set_cookie(request, answer, "", 0)
        return answer

    def _set_cookie(self, request: Request, answer: Response, token: str, age_s: int) -> None:
        # A proxy that takes https may not have said so, but the browser does.
        safely = "https" in (
            request.url.scheme,
            request.headers.get("origin", "").partition(":")[0],
        )
        answer.set_cookie(
            cookie_name(self._web),
            token,
            max_age=age_s,
            path=self._base or "/",
            secure=safely,
            httponly=True,
            samesite="lax",
        )


def router(access: Access, web: Web, page: Page, limit: Limit | None = None) -> APIRouter:
    """Their addresses, without the base URL."""
    login, made = Login(access, web, page, limit or Limit()), APIRouter(include_in_schema=False)
    made.add_api_route(LOGIN, login.form, methods=["GET"])
    made.add_api_route(LOGIN, login.sign_in, methods=["POST"])
    made.add_api_route(LOGOUT, login.sign_out, methods=["POST"])
    made.add_api_route(f"{LOGOUT}/everywhere", login.sign_out_everywhere, methods=["POST"])
    return made


async def _fields(request: Request) -> dict[str, str]:
    """The fields of a form of ours; none of one that is too long."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LONGEST_FORM_BYTES:
            return {}
    try:
        fields = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=20)
    except ValueError:
        return {}
    return {name: values[0] for name, values in fields.items()}


def _way(there: str) -> str:
    """Where to go next: a path of ours, else the first page."""
    return there if OURS.fullmatch(there) and not there.startswith(LOGIN) else "/"
