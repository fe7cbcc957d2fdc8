"""A Trakt on 127.0.0.1: login and API in one, with one person's account that really changes.

It clamps pages at 250, counts requests where `limits` says so, knows who may ask, and keeps every
play as often as it is told. What goes wrong is said by `trouble` (for paths that begin so, or ""
for all), by `troubles` for the next requests one by one, or by `lose`: changes that are made and
never answered. `requests` tells what it was asked, and when.
"""

import json
import re
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Literal
from urllib.parse import parse_qs, urlencode, urlsplit

from movie_sync.demo.server import LoopbackServer, Reply, Request
from movie_sync.demo.trakt_changes import change
from movie_sync.demo.trakt_gate import Said, TraktGate
from movie_sync.demo.trakt_world import PLURAL, SINGULAR, Facts, TraktWorld

JSON = "application/json; charset=utf-8"
CLAMP = 250
USUAL = 100  # items a page, where nobody asks for a number
SECRET = "made-up-secret"
OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
CLOUDFLARE = Reply(403, b"<!DOCTYPE html><title>Attention Required! | Cloudflare</title>")
BROKEN_OFF = Reply(200, b'{"added', JSON, {"Content-Length": "5000"})
HEADERS = {
    423: {"X-Account-Locked": "true"},
    426: {"X-Upgrade-URL": "https://trakt.tv/vip"},
}

Trouble = Reply | Callable[[Request], Reply | None]


def status(code: int, body: Any = None, **headers: str) -> Reply:
    """One of its refusals; most have no body. `Retry_After="10"` becomes a header."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    content = b"" if body is None else json.dumps(body).encode()
    return Reply(code, content, JSON, HEADERS.get(code, {}) | named)


def slow_down(seconds: float | None = 10) -> Reply:
    """A 429 that says how long, or nothing."""
    return status(429) if seconds is None else status(429, Retry_After=f"{seconds:.0f}")


class TraktSite(LoopbackServer):
    """Films and shows are added to `world`; who is logged in is `gate`'s business.

    Args:
        clock: Unix seconds.
        limits: most questions in 300 s, and least seconds between two changes; 0 is none.
    """

    def __init__(
        self,
        *,
        client_id: str = "made-up-client-id",
        secret: str | None = SECRET,
        redirect_uri: str = OUT_OF_BAND,
        clock: Callable[[], float] = time.time,
        grace: Literal["none", "until_used"] = "none",
        limits: tuple[int, float] = (0, 0.0),
    ) -> None:
        super().__init__()
        self.world = TraktWorld(clock)
        self.gate = TraktGate(
            clock, client_id=client_id, secret=secret, redirect_uri=redirect_uri, grace=grace
        )
        self.limits = limits
        self.settings: Facts = {
            "user": {"username": "ann", "name": "Ann", "vip": True, "ids": {"slug": "ann"}},
            "account": {"timezone": "Europe/Berlin", "date_format": "dmy", "time_24hr": True},
            "limits": {"list": {"count": 5, "item_count": 250}, "watchlist": {"item_count": 250}},
            "browsing": {"watch_only_once": False},
        }
        self.trouble: dict[str, Trouble] = {}
        self.troubles: deque[Trouble] = deque()
        self.counted = True  # whether headers tell of pages
        self.slow_s = 0.0  # before each answer
        self.slow_login_s = 0.0  # before a token is given, and once more after
        self.after_page: Callable[[int], object] = lambda number: None
        self.requests: list[Request] = []
        self.starts: list[float] = []  # of the same, by the monotonic clock
        self._lose = 0
        self._reads: deque[float] = deque()
        self._written_at = float("-inf")
        self._lock = threading.RLock()

    def lose(self, answers: int = 1) -> None:
        """The next changes are made, and their answers break off."""
        self._lose = answers

    def asked(self, path: str, method: str = "") -> list[Request]:
        """The requests for paths that begin so."""
        return [one for one in self.requests if one.path.startswith(path) and method in one.method]

    def answer(self, request: Request) -> Reply:
        with self._lock:
            self.requests.append(request)
            self.starts.append(time.monotonic())
            trouble: Trouble | None = self.troubles.popleft() if self.troubles else None
            for path, other in self.trouble.items():
                if trouble is None and f"{request.method} {request.path}".startswith(path):
                    trouble = other
        if self.slow_s:
            self.stopping.wait(self.slow_s)
        said = trouble(request) if callable(trouble) else trouble
        return said or self._kept_out(request) or self._limited(request) or self._routed(request)

    def hears_and_says_nothing(self, request: Request) -> Reply | None:
        """A trouble: what was asked is done, and no answer comes."""
        self._routed(request)
        self.stopping.wait()
        return None

    def says_nothing(self, request: Request) -> Reply | None:
        """A trouble: nothing is done, and no answer comes."""
        self.stopping.wait()
        return status(503)

    def _kept_out(self, request: Request) -> Reply | None:
        headers = request.headers
        if not re.match(r"[\w .-]+/\S+", headers.get("User-Agent", "")):
            return CLOUDFLARE
        form_is_right = request.method == "GET" or "json" in headers.get("Content-Type", "")
        if request.path.startswith("/oauth/"):
            return None if form_is_right else status(412)
        if headers.get("trakt-api-key") != self.gate.client_id:
            return status(403)
        if not form_is_right or headers.get("trakt-api-version") != "2":
            return status(412)
        _, _, token = headers.get("Authorization", "").partition("Bearer ")
        is_of_person = request.path.startswith(("/sync/", "/users/"))
        return status(401) if is_of_person and not self.gate.is_good(token) else None

    def _limited(self, request: Request) -> Reply | None:
        """By the monotonic clock, as it is the real pace that counts."""
        most, gap_s = self.limits
        now = time.monotonic()
        with self._lock:
            if request.method == "GET" and most:
                while self._reads and now - self._reads[0] > 300:
                    self._reads.popleft()
                if len(self._reads) >= most:
                    return slow_down(300 - (now - self._reads[0]) + 1)
                self._reads.append(now)
            if request.method == "POST" and gap_s and not request.path.startswith("/oauth/"):
                if now - self._written_at < gap_s:
                    return slow_down(1)
                self._written_at = now
        return None

    def _routed(self, request: Request) -> Reply:
        if request.path.startswith("/oauth/"):
            return self._of_login(request)
        if request.method == "POST":
            said = change(self.world, request.path, json.loads(request.body))
            with self._lock:
                self._lose -= 1 if (losing := self._lose > 0) else 0
            return BROKEN_OFF if losing else status(*said)
        with self.world.lock:
            return self._of_api(request)

    def _of_login(self, request: Request) -> Reply:
        if request.path == "/oauth/authorize":
            return self._page(request)
        body = json.loads(request.body)
        if request.path == "/oauth/token":
            self.stopping.wait(self.slow_login_s)
            said = self.gate.token(body)
            self.stopping.wait(self.slow_login_s)
            with self._lock:
                self._lose -= 1 if (losing := self._lose > 0) else 0
            return BROKEN_OFF if losing else status(*said)
        calls: dict[str, Callable[[Facts], Said]] = {
            "/oauth/device/code": self._begin_device,
            "/oauth/device/token": self.gate.poll_device,
            "/oauth/revoke": self.gate.revoke,
        }
        return status(*calls[request.path](body)) if request.path in calls else status(404)

    def _begin_device(self, body: Facts) -> Said:
        code, told = self.gate.begin_device(body)
        return code, {**told, "verification_url": f"{self.url}/activate"} if told else None

    def _page(self, request: Request) -> Reply:
        """The person says yes at once: the page leads back, or shows the code."""
        query = {name: values[0] for name, values in parse_qs(request.raw_query).items()}
        code = self.gate.code(query.get("code_challenge", ""))
        back = query.get("redirect_uri", "")
        if back != self.gate.redirect_uri:
            return Reply(400, b"<p>The redirect uri included is not valid.</p>")
        if not urlsplit(back).netloc:
            return Reply(200, f"<p>{code}</p>".encode())
        told = urlencode({"code": code, "state": query.get("state", "")})
        return Reply(302, headers={"Location": f"{back}?{told}"})

    def _of_api(self, request: Request) -> Reply:
        query, world, said = request.query, self.world, status(404)
        match request.path.strip("/").split("/"):
            case ["users", "settings"]:
                said = status(200, self.settings)
            case ["sync", "last_activities"]:
                said = status(200, self._activities())
            case ["users", "me", "watched", many] if query.get("extended") == "min":
                said = status(200, world.watched("movie" if many == "movies" else "episode"))
            case ["sync", "history", *rest]:
                said = self._paged(query, self._history(rest, query), world.listed)
            case ["sync", "ratings" | "watchlist" as name, *_]:
                kept = world.ratings if name == "ratings" else world.wishes
                said = self._paged(query, list(kept), lambda one: kept[one] | world.told(one))
            case ["sync", "playback", *_]:
                said = status(200, list(world.paused.values()))
            case ["search", *rest]:
                said = self._search(rest, query)
            case ["movies" | "shows" as many, number, *rest] if number.isdigit():
                said = self._of_title((SINGULAR[many], int(number)), rest)
        return said

    def _history(self, rest: list[str], query: dict[str, str]) -> list[int]:
        start, end = query.get("start_at", ""), query.get("end_at", "9")
        if not rest:
            return self.world.history(start=start, end=end)
        kind = "movie" if rest[0] == "movies" else "episode"
        items = {int(rest[1])} if len(rest) > 1 else None
        if items and rest[0] == "shows":
            items = {number for _, number in self.world.episodes(*items)}
        return self.world.history([kind], items, start, end)

    def _paged(
        self, query: dict[str, str], found: list[Any], tell: Callable[[Any], Facts]
    ) -> Reply:
        limit = min(int(query.get("limit", USUAL)), CLAMP)
        number = int(query.get("page", 1))
        some = [tell(one) for one in found[(number - 1) * limit : number * limit]]
        told = {
            "Page": number, "Limit": limit, "Page-Count": -(-len(found) // limit),
            "Item-Count": len(found),
        }  # fmt: skip
        headers = {f"X-Pagination-{name}": str(one) for name, one in told.items()}
        made = status(200, some, **(headers if self.counted else {}))
        self.after_page(number)
        return made

    def _search(self, rest: list[str], query: dict[str, str]) -> Reply:
        if rest[0] not in PLURAL:
            found = self.world.by_id(rest[0], rest[1])
        else:
            asked = re.sub(r"\\(.)", r"\1", query.get("query", "")).casefold()
            found = [
                item
                for item, facts in self.world.known.items()
                if item[0] == rest[0] and self._is_called(item, facts, asked, "exact" in rest)
            ]
            limit = min(int(query.get("limit", 50)), CLAMP)
            found = found[(int(query.get("page", 1)) - 1) * limit :][:limit]
        hits = [{"score": 1000 - place, **self.world.told(one)} for place, one in enumerate(found)]
        return status(200, hits)

    def _is_called(self, item: tuple[str, int], facts: Facts, asked: str, exact: bool) -> bool:
        others = [alias["title"] for alias in self.world.aliases.get(item, [])]
        names = [str(name).casefold() for name in (facts.get("title"), *others) if name]
        if exact:
            return asked in names
        return any(word in name for name in names for word in asked.split())

    def _of_title(self, item: tuple[str, int], rest: list[str]) -> Reply:
        facts = self.world.known.get(item)
        if facts is None:
            return status(404)
        match rest:
            case ["aliases"]:
                return status(200, self.world.aliases[item])
            case ["translations", *_]:
                return status(200, self.world.full[item].get("translations", []))
            case ["seasons"]:
                return status(200, [
                    {**self.world.known[season], "episodes": [
                        self.world.known[one]
                        for one in self.world.episodes(item[1], season[1] % 100)
                    ]}
                    for season in self.world.seasons(item[1])
                ])  # fmt: skip
        return status(200, {**facts, **self.world.full[item]})

    def _activities(self) -> Facts:
        changed = self.world.changed
        told: Facts = {"all": max(changed.values(), default=None)}
        for section in PLURAL.values():
            told[section] = {field: at for (of, field), at in changed.items() if of == section}
        return told | {"watchlist": {}, "account": {}}
