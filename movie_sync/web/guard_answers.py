"""What the guard itself answers, and the headers that go with every answer.

Programs get problem details (RFC 9457), browsers a page without script or style that can be read.
"""

import html
import re
import secrets
from typing import Any
from urllib.parse import quote

import msgspec
from msgspec import Struct

from movie_sync.web.guard_arrival import Headers, header

CONTENT_SECURITY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# With "no-referrer" browsers would send "Origin: null" with our own forms.
ALWAYS: Headers = [
    (b"content-security-policy", CONTENT_SECURITY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
]
REQUEST = re.compile(r"[A-Za-z0-9._-]{1,64}")  # a name of a request that may stand in a log
UNLESS_SAID: Headers = [(b"cache-control", b"private, no-cache")]
TITLES = {
    400: "Not understood",
    401: "Not signed in",
    403: "Not allowed",
    413: "Too long",
    421: "Asked by another name",
    429: "Too many tries",
    503: "Nobody can be let in",
}


class Answer(Struct, frozen=True):
    """What to send in place of what was asked for."""

    status: int
    detail: str = ""
    headers: tuple[tuple[str, str], ...] = ()


def name_of(headers: Headers) -> str:
    """Of a request: as whoever asks calls it, where that is a plain word; else a new one."""
    given = header(headers, b"x-request-id")
    return given if REQUEST.fullmatch(given) else secrets.token_hex(6)


def sending(send: Any, name: str) -> Any:
    """Sends every answer with what goes along with it, and the name of its request."""

    async def safely(message: Any) -> None:
        if message["type"] == "http.response.start":
            message = with_headers(message)
            message["headers"].append((b"x-request-id", name.encode()))
        await send(message)

    return safely


def with_headers(message: dict[str, Any]) -> dict[str, Any]:
    """The beginning of an answer, with what goes with every one; nobody can send it weaker."""
    ours = {name for name, _ in ALWAYS}
    kept = [(name, value) for name, value in message.get("headers", ()) if name.lower() not in ours]
    said = {name.lower() for name, _ in kept}
    more = [(name, value) for name, value in UNLESS_SAID if name not in said]
    return {**message, "headers": [*kept, *more, *ALWAYS]}


def to_login(base: str, asked: Any, *, by_htmx: bool) -> Answer:
    """A way to the login, and back again to what was read; htmx is told to go as a whole page."""
    there, path, query = f"{base}/login", asked["path"], asked.get("query_string", b"")
    if by_htmx:
        return Answer(401, "Sign in again.", (("HX-Redirect", there),))
    if asked["method"] == "GET" and path != "/":
        back = f"{path}?{query.decode('latin-1')}" if query else path
        there += f"?next={quote(back, safe='')}"
    return Answer(303, "", (("Location", there),))


def wants_page(path: str, headers: Headers) -> bool:
    """Whether a person will read the answer."""
    return not path.startswith("/api/") and "text/html" in header(headers, b"accept")


async def send_answer(send: Any, answer: Answer, *, as_page: bool, home: str) -> None:
    kind, body = "text/html; charset=utf-8", b""
    if answer.status != 303:
        title = TITLES[answer.status]
        if as_page:
            body = _page(title, answer.detail, home).encode()
        else:
            kind, body = "application/problem+json", _problem(title, answer)
    headers = [
        ("Content-Type", kind),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"),
        *answer.headers,
    ]
    encoded = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers]
    await send({"type": "http.response.start", "status": answer.status, "headers": encoded})
    await send({"type": "http.response.body", "body": body})


def _problem(title: str, answer: Answer) -> bytes:
    return msgspec.json.encode(
        {"type": "about:blank", "title": title, "status": answer.status, "detail": answer.detail}
    )


def _page(title: str, detail: str, home: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{html.escape(title)} - Movie Sync</title></head><body><main>"
        f"<h1>{html.escape(title)}</h1><p>{html.escape(detail)}</p>"
        f'<p><a href="{html.escape(home)}">Movie Sync</a></p></main></body></html>\n'
    )
