"""Logins of the history: Trakt by a code, Viki by the cookies of a browser, and the addresses that
Plex and Jellyfin tell of plays at.

A code that waits to be typed is kept in memory alone: after a restart another one is begun.
"""

import threading
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response
from starlette.exceptions import HTTPException

from movie_sync import qr_codes, wiring_history_services
from movie_sync.errors import ConfigError
from movie_sync.login_models import DeviceLogin, Ended, Granted, LoginState
from movie_sync.table_cells import Malformed
from movie_sync.web import history_wishes
from movie_sync.web.desk import AtDesk, Desk

HERE = "/watched/logins"
LONGEST = 256 * 1024
HOOKS = ("plex", "jellyfin", "emby")

router = APIRouter(include_in_schema=False)


class Logins:
    """The login at Trakt that waits for its code to be typed; of any number of threads."""

    def __init__(self) -> None:
        self.begun: DeviceLogin | None = None
        self.lock = threading.Lock()


@router.get("/watched/logins")
def logins(request: Request, desk: AtDesk) -> HTMLResponse:
    """How each stands."""
    there, waits = desk.history, _logins(request).begun
    return desk.pages.page(
        request, "history_logins.html", here="logins", trakt=_trakt(desk), viki=_viki(desk),
        waits=waits, qr=qr_codes.as_svg(waits.address) if waits else None,
        config=desk.running.loaded.config, hooks=_hooks(request, desk),
        troubles=there.passes.problems,
    )  # fmt: skip


@router.post("/watched/logins/trakt/begin")
def begin(request: Request, desk: AtDesk) -> Response:
    """Have Trakt make a code for a person to type."""
    login = _login(desk)
    try:
        begun = login.begin()
    finally:
        login.close()
    with _logins(request).lock:
        _logins(request).begun = begun
    return _back(desk, f"type {begun.user_code} at {begun.url}")


@router.post("/watched/logins/trakt/look")
def look(request: Request, desk: AtDesk) -> Response:
    """Whether it was typed."""
    kept = _logins(request)
    with kept.lock:
        if kept.begun is None:
            return _back(desk, "no login is waiting")
        login = _login(desk)
        try:
            now = login.poll(kept.begun)
            if isinstance(now, Granted):
                _tokens(desk, login).store(now.tokens)
        finally:
            login.close()
        kept.begun = None if isinstance(now, Granted | Ended) else now.login
    if isinstance(now, Granted):
        desk.running.restart()
        return _back(desk, "you are logged in at Trakt")
    if isinstance(now, Ended):
        return _back(desk, now.sentence)
    return _back(desk, now.trouble or "the code was not typed yet")


@router.post("/watched/logins/trakt/out")
def log_out(desk: AtDesk) -> Response:
    """Forget the login, here and there."""
    login = _login(desk)
    try:
        trouble = _tokens(desk, login).forget(login.revoke)
    finally:
        login.close()
    desk.running.restart()
    told = f", and Trakt could not be told ({trouble})" if trouble else ""
    return _back(desk, f"the login at Trakt is forgotten{told}")


@router.post("/watched/logins/viki")
def paste(desk: AtDesk, text: Annotated[str, Form(max_length=LONGEST)] = "") -> Response:
    """Store the cookies of a browser that is signed in."""
    from movie_sync.history import viki_credentials as cookies

    vault = desk.running.credentials
    stored = vault.get(cookies.CREDENTIAL)
    login = cookies.merged(cookies.read(stored) if stored else None, cookies.read(text))
    if why := cookies.missing(login):
        raise ConfigError(why)
    vault.keep(cookies.CREDENTIAL, cookies.written(login))
    desk.running.restart()
    return _back(desk, "the cookies are stored, and used from now on")


@router.post("/watched/logins/viki/out")
def forget(desk: AtDesk) -> Response:
    from movie_sync.history.viki_credentials import CREDENTIAL

    gone = desk.running.credentials.remove(CREDENTIAL)
    desk.running.restart()
    return _back(desk, "the cookies are forgotten" if gone else "no cookies were stored")


@router.post("/watched/logins/hooks")
def make_addresses(desk: AtDesk) -> Response:
    """New ones; those from before are of no use any more."""
    from movie_sync.history import house

    desk.running.credentials.keep(house.CREDENTIAL, house.new_secret())
    return _back(desk, "the addresses are made; those from before are of no use any more")


@router.post("/hooks/{who}/{key}")
async def hear(request: Request, desk: AtDesk, who: str, key: str) -> Response:
    """A media server tells of something. Whoever does not know the secret is told nothing."""
    from anyio import to_thread

    from movie_sync.history import house

    if who not in HOOKS or not await to_thread.run_sync(_is_ours, desk, key):
        raise HTTPException(404)
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > house.LARGEST_BYTES:
            raise HTTPException(413, "this is too large for an event, and was not read")
    told = request.headers.get("content-type", "")
    return await to_thread.run_sync(_hear, desk, who, told, body)


def _is_ours(desk: Desk, key: str) -> bool:
    from movie_sync.history import house

    return house.is_secret(key, desk.running.credentials.get(house.CREDENTIAL))


def _hear(desk: Desk, who: str, content_type: str, body: bytes) -> Response:
    from movie_sync.history import house, house_store

    there, now = desk.history, desk.now()
    try:
        heard = house.heard(who, content_type, body, now)
    except Malformed as error:
        raise HTTPException(400, str(error)) from error
    if house_store.save_heard(there.store, heard, now).new:
        there.expect()
    return Response(f"{heard.sentence}\n", media_type="text/plain")


def _logins(request: Request) -> Logins:
    kept: Logins = request.app.state.history_logins
    return kept


def _login(desk: Desk) -> Any:
    """Raises ConfigError: Trakt is off, or has no client id."""
    desk.history  # noqa: B018 - says why there is none, before anything else
    running = desk.running
    return wiring_history_services.trakt_login(running.loaded.config, running.credentials)


def _tokens(desk: Desk, login: Any) -> Any:
    running = desk.running
    return wiring_history_services.trakt_tokens(
        running.loaded.config, running.home, running.credentials, login
    )


def _trakt(desk: Desk) -> LoginState:
    try:
        login = _login(desk)
    except ConfigError as error:
        return LoginState(str(error))
    try:
        state: LoginState = _tokens(desk, login).state()
    finally:
        login.close()
    return state


def _viki(desk: Desk) -> str:
    """What is stored of its login, and what it lacks; empty: nothing."""
    from movie_sync.history import viki_credentials as cookies

    text = desk.running.credentials.get(cookies.CREDENTIAL)
    if not text:
        return ""
    login = cookies.read(text)
    return cookies.missing(login) or cookies.missing_for_list(login) or "the cookies are stored"


def _hooks(request: Request, desk: Desk) -> dict[str, str]:
    """Addresses, as this page was reached; none where no secret was made."""
    from movie_sync.history import house

    secret = desk.running.credentials.get(house.CREDENTIAL)
    if not secret:
        return {}
    root = f"{request.url.scheme}://{request.url.netloc}{desk.pages.base}"
    return {who: f"{root}/hooks/{who}/{secret}" for who in HOOKS}


def _back(desk: Desk, sentence: str) -> Response:
    return history_wishes.done(desk, HERE, {"sentence": sentence})
