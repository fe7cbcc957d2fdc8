"""Who may in: the password, API keys and sessions, for an admin."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from movie_sync.access import SCOPES, Access
from movie_sync.errors import ConfigError
from movie_sync.web.desk import AtDesk, Desk
from movie_sync.web.guard_arrival import is_loopback
from movie_sync.web.guard_rules import LOGIN

WRONG = 422

router = APIRouter(include_in_schema=False, prefix="/system/access")


@router.get("")
def overview(request: Request, desk: AtDesk) -> Response:
    return _page(request, desk)


@router.post("/password")
def set_password(
    request: Request,
    desk: AtDesk,
    password: Annotated[str, Form()] = "",
    again: Annotated[str, Form()] = "",
) -> Response:
    """Set it, which signs everybody out."""
    try:
        if password != again:
            raise ConfigError("the two are not the same; nothing was changed")  # noqa: TRY301
        _access(desk).set_password(password)
    except ConfigError as error:
        return _page(request, desk, status=WRONG, bad_password=str(error))
    return _gone(desk, LOGIN, "The password is set; sign in with it")


@router.post("/password/remove")
def remove_password(desk: AtDesk) -> Response:
    """Let everybody in who sits at this machine."""
    if not is_loopback(_host(desk)):
        raise ConfigError(
            f"others can reach the page at {_host(desk)}, so its password stays; set web.host to "
            "127.0.0.1 first"
        )
    _access(desk).remove_password()
    return _gone(desk, "/system/access", "The password is removed")


@router.post("/keys")
def add_key(
    request: Request,
    desk: AtDesk,
    name: Annotated[str, Form()] = "",
    scope: Annotated[str, Form()] = "read",
) -> Response:
    """A new key; the answer shows it, and nothing ever again."""
    chosen = next((known for known in SCOPES if known == scope), SCOPES[0])
    try:
        key, secret = _access(desk).add_key(name, chosen)
    except ConfigError as error:
        return _page(request, desk, status=WRONG, bad_name=str(error), typed=name)
    return _page(request, desk, new=key, secret=secret)


@router.post("/keys/{key_id}/remove")
def remove_key(desk: AtDesk, key_id: str) -> Response:
    gone = _access(desk).remove_key(key_id)
    sentence = f'The key "{gone.name}" is removed' if gone else "That key was removed already"
    return _gone(desk, "/system/access", sentence)


def _page(request: Request, desk: Desk, *, status: int = 200, **more: Any) -> Response:
    access, visitor = _access(desk), request.scope.get("access")
    keys = access.keys()
    mine = access.session(visitor.session) if visitor and visitor.session else None
    shown = {
        "now": desk.now(), "keys": keys, "sessions": access.sessions()[::-1],
        "names": {key.id: key.name for key in keys}, "mine": mine, "scopes": SCOPES,
        "has_password": access.has_password, "host": _host(desk),
        "is_here": is_loopback(_host(desk)), "bad_password": "", "bad_name": "", "typed": "",
        "new": None, "secret": "", **more,
    }  # fmt: skip
    answer = desk.pages.page(request, "system_access.html", status=status, **shown)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _access(desk: Desk) -> Access:
    return Access(desk.running.home)


def _host(desk: Desk) -> str:
    return desk.running.loaded.config.web.host


def _gone(desk: Desk, path: str, sentence: str) -> Response:
    answer = RedirectResponse(f"{desk.pages.base}{path}", 303)
    desk.pages.say(answer, sentence)
    return answer
