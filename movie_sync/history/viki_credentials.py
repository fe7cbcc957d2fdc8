"""What a person copies from a signed-in browser, read as Viki's login.

Taken is whatever the browser's tools give: the header of the cookies, a request "as cURL" of any
shell, rows of the table of cookies, cookies.txt, JSON of an extension, an address with the token in
it, or the token alone. The one thing to know: it is stored as `written` has it, which is one line
that is read again in the same way; no message ever holds any of it.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any
from urllib.parse import quote, unquote

import msgspec

from movie_sync.errors import ConfigError
from movie_sync.services.viki_shapes import COOKIES, SENDABLE, VikiLogin

CREDENTIAL = "viki.login"
LONGEST = 256 * 1024
HOW = (
    "in the developer tools of your browser open Application (Firefox: Storage), Cookies, "
    "https://www.viki.com, and copy"
)
HOW_TO_LIST = (
    "in the developer tools open Network, load your list on www.viki.com anew, and copy any "
    "request to api.viki.io as cURL"
)

_OURS = {**COOKIES, "token": "token", "user_id": "user_id"}
# As name=value, "name": "value" or "name", "value". No cookie is as short as a word.
_PAIR = re.compile(
    r"""(?<![\w.-])(?P<name>session__id|_viki_session|token|user_id)"""
    r"""(?:["']?\s*[=:]\s*["']?|"\s*,\s*")(?P<value>[^\s;,"'\\]+)"""
)
_SHORTEST = {"user_id": 2}
_SHORT = 8
_TOKEN = re.compile(r"ex1[\x21\x23-\x26\x28-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]{6,}")
_USER_IN_PATH = re.compile(r"/users/(\d+u)\b")
# How shells write what the browser sent: a line that goes on, a quote within quotes, a letter.
_GOES_ON = re.compile(r"[\\^`]\r?\n")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})")


def read(text: str) -> VikiLogin:
    """What of a login is in it; see `missing`.

    Raises:
        ConfigError: nothing is, or a value cannot be sent; nothing was changed.
    """
    if len(text) > LONGEST:
        raise ConfigError(f"this is longer than {LONGEST >> 10} KiB, and was not read")
    found: dict[str, str] = {}
    for name, value in (*_from_json(text), *_from_rows(text), *_from_text(_plain(text))):
        if name in _OURS and value:
            found.setdefault(_OURS[name], value)
    if "token" in found:
        found["token"] = unquote(found["token"])
        found.setdefault("user_id", _user_in(text, found["token"]) or "")
    _require_sendable(found)
    found = {name: value for name, value in found.items() if value}
    if not found:
        raise ConfigError(
            "neither cookies of www.viki.com nor a token are in what was pasted; nothing was "
            f"changed; {HOW} session__id and _viki_session"
        )
    return VikiLogin(**found)


def merged(old: VikiLogin | None, new: VikiLogin) -> VikiLogin:
    """The new one; what it lacks is as it was. Two cookies that belong together stay so."""
    if old is None:
        return new
    kept = {name: getattr(old, name) for name in old.__struct_fields__}
    if new.session_id or new.viki_session:
        kept |= {"session_id": None, "viki_session": None}
    if new.token:
        kept |= {"token": None, "user_id": None}
    told = {name: getattr(new, name) for name in new.__struct_fields__ if getattr(new, name)}
    return VikiLogin(**(kept | told))


def written(login: VikiLogin) -> str:
    """One line, for the vault; `read` reads it."""
    values = {theirs: getattr(login, ours) for theirs, ours in _OURS.items()}
    values["token"] = quote(login.token or "")
    return "; ".join(f"{name}={value}" for name, value in values.items() if value)


def missing(login: VikiLogin) -> str | None:
    """What still has to be pasted before Viki can be asked how far somebody is; None: nothing."""
    absent = [theirs for theirs, ours in COOKIES.items() if not getattr(login, ours)]
    if not absent:
        return None
    if len(absent) == len(COOKIES):
        return f"the token is there, but no cookies are; {HOW} {' and '.join(absent)}"
    (there,) = set(COOKIES) - set(absent)
    return f"{there} is there, but {absent[0]} is missing; {HOW} both"


def missing_for_list(login: VikiLogin) -> str | None:
    """What the list "continue watching" lacks, which is not needed; None: nothing."""
    if login.token and not login.user_id:
        return f"the token is there, but not whose it is; {HOW_TO_LIST}"
    if not login.token:
        return f"without a token every show is asked for each time; {HOW_TO_LIST}"
    return None


def _plain(text: str) -> str:
    """A command as its shell would understand it, as far as that matters here."""
    joined = _GOES_ON.sub(" ", text)
    joined = _ESCAPED.sub(lambda found: chr(int(found[1] or found[2], 16)), joined)
    return re.sub(r"\^(.)", r"\1", joined) if '^"' in joined else joined


def _from_text(text: str) -> Iterator[tuple[str, str]]:
    for found in _PAIR.finditer(text):
        name, value = found["name"], found["value"]
        if name not in COOKIES:  # it may stand in an address
            value = value.partition("&")[0]
        if len(value) >= _SHORTEST.get(name, _SHORT):
            yield name, value
    if alone := _TOKEN.fullmatch(text.strip().strip("'\"")):
        yield "token", alone[0]


def _from_rows(text: str) -> Iterator[tuple[str, str]]:
    """Rows with tabs between: the value stands right of the name."""
    for line in text.splitlines():
        cells = [cell.strip().strip('"') for cell in line.split("\t")]
        for name, value in pairwise(cells):
            if name in _OURS:
                yield name, value


def _from_json(text: str) -> Iterator[tuple[str, str]]:
    """Cookies as extensions write them, or names and values."""
    if not text.lstrip().startswith(("[", "{")):
        return
    try:
        told = msgspec.json.decode(text)
    except msgspec.MsgspecError:
        return
    yield from _in_json(told)


def _in_json(told: Any) -> Iterator[tuple[str, str]]:
    match told:
        case list():
            for each in told:
                yield from _in_json(each)
        case {"name": str(name), "value": str(value)}:
            yield name, value
        case dict():
            for name, value in told.items():
                if isinstance(value, str):
                    yield name, value
                else:
                    yield from _in_json(value)


def _user_in(text: str, token: str) -> str | None:
    """Whose token it is: that stands in the address, or else in the token."""
    found = _USER_IN_PATH.search(text) or re.search(r"_2u(\d+)u", token)
    return f"{found[1].removesuffix('u')}u" if found else None


def _require_sendable(found: Mapping[str, str]) -> None:
    for ours, value in found.items():
        theirs = next(name for name, own in _OURS.items() if own == ours)
        if value and not SENDABLE.fullmatch(value):
            raise ConfigError(
                f"the value of {theirs} has letters that no browser sends; nothing was changed; "
                f"{HOW} it once more"
            )
