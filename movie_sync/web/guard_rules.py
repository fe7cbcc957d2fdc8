"""What a request needs before it is answered: one table for all routes.

A route that is not named here may be read with `read` and used with `act`; so a new one is never
open by oversight. Paths are without the base URL.
"""

from typing import Literal

from movie_sync.access import Scope

SAFE = {"GET", "HEAD", "OPTIONS"}
LOGIN, LOGOUT = "/login", "/logout"
HEALTH = {"/health", "/ready"}  # also outside the base URL: whatever asks them knows no base URL

# "open" is answered without a look at who asks; "anyone" may ask, and is told apart.
Need = Scope | Literal["open", "anyone"]

OPEN = ("/static", "/favicon.ico", "/robots.txt")  # to look at; nothing in them is ours alone
EXACTLY: dict[str, Need] = {
    **dict.fromkeys(HEALTH, "open"),
    LOGIN: "anyone",
    LOGOUT: "read",
    "/theme": "anyone",  # light or dark is the browser's own affair
}
RULES: dict[str, Need] = {  # with all that lies below
    "/logout/everywhere": "admin",
    "/settings": "admin",
    "/setup": "admin",
    "/welcome": "admin",
    "/shows/rules": "admin",  # they are settings
    "/shows/dry-run": "admin",
    "/library/setup": "admin",
    "/hooks": "open",  # whoever knows the secret in the address
    "/watched/on": "admin",
    "/watched/logins": "admin",
    "/keys": "admin",
    "/system/access": "admin",
    "/system/backup": "admin",
    "/system/restore": "admin",
    "/system/report": "admin",
    "/api/v1/settings": "admin",
    "/api/v1/setup": "admin",
    "/api/v1/history/import": "admin",  # it may read any file
    "/api/v1/keys": "admin",
    "/api/v1/backup": "admin",
    "/api/v1/restore": "admin",
    "/api/v1/report": "admin",
    "/api/v1/system/access": "admin",
    "/api/v1/system/backup": "admin",
    "/api/v1/system/restore": "admin",
    "/api/v1/system/report": "admin",
}


def need(method: str, path: str) -> Need:
    """Of rules that a path lies below, the longest counts."""
    if path in EXACTLY:
        return EXACTLY[path]
    if method in SAFE and any(_is_below(path, each) for each in OPEN):
        return "open"
    known = [each for each in RULES if _is_below(path, each)]
    if known:
        return RULES[max(known, key=len)]
    return "read" if method in SAFE else "act"


def _is_below(path: str, rule: str) -> bool:
    return path == rule or path.startswith(f"{rule}/")


def is_plain(path: str) -> bool:
    """Whether it means the same to everybody: no step back in it, and nothing unseen."""
    return path.startswith("/") and path.isprintable() and not {".", ".."} & set(path.split("/"))
