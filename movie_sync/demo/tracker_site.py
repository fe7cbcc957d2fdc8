"""A private tracker on 127.0.0.1, which answers as FileList does, and its announce address.

It keeps the budget of calls, checks logins, filters by category number while it answers with
names, and puts the passkey into its links. What goes wrong is said by setting `trouble`, or
`spoil` for one torrent; `requests` counts what it was asked.
"""

import base64
import binascii
import json
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from movie_sync.demo.announce import Swarms
from movie_sync.demo.server import LoopbackServer, Reply, Request

JSON = "application/json"
CATEGORIES = {
    1: "Filme SD",
    2: "Filme DVD",
    3: "Filme DVD-RO",
    4: "Filme HD",
    6: "Filme 4K",
    19: "Filme HD-RO",
    20: "Filme Blu-Ray",
    21: "Seriale HD",
    25: "Filme 3D",
    26: "Filme 4K Blu-Ray",
}
MOST_LISTED = 100
HOUR_S = 3600.0


def complaint(text: str, status: int = 200, **headers: str) -> Reply:
    """What the API says instead of an answer; `Retry_After="60"` becomes a header."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, json.dumps({"error": text}).encode(), JSON, named)


BAD_SEARCH = complaint("Invalid search/filter", 400)
NO_LOGIN = complaint("Username and passkey cannot be empty.", 401)
WRONG_LOGIN = complaint("Invalid passkey/username", 403)
LOCKED = complaint("Too many failed authentications", 403)
SLOW_DOWN = complaint("Rate limit reached", 429)
OUT_OF_SERVICE = complaint("Service unavailable", 503)
PAGE = Reply(200, b"<!DOCTYPE html><title>FileList</title><p>Your account needs attention")
GONE = Reply(404, b"<h1>Not found</h1>")


class TrackerSite(LoopbackServer):
    """Settings may change while it runs.

    Args:
        username, passkey: the one login it knows.
        calls_per_hour: the next one is told to slow down.
        clock: Unix seconds, for the budget.
    """

    def __init__(
        self,
        username: str = "demo",
        passkey: str = "0123456789abcdef0123456789abcdef",
        *,
        calls_per_hour: int = 150,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__()
        self.username, self.passkey, self.calls_per_hour = username, passkey, calls_per_hour
        self.trouble: Reply | None = None  # is said to every call of the API and every download
        self.slow_s = 0.0  # before each answer
        self.requests: Counter[str] = Counter()  # by action; "download", "announce"
        self.swarms = Swarms()
        self._clock, self._calls = clock, list[float]()
        self._rows: dict[str, dict[str, Any]] = {}
        self._torrents: dict[str, bytes] = {}
        self._spoilt: dict[str, tuple[Reply, int]] = {}
        self._lock = threading.Lock()

    @property
    def announce_url(self) -> str:
        return f"{self.url}/announce"

    def add(
        self,
        torrent: bytes,
        *,
        name: str,
        size_bytes: int,
        seeders: int,
        imdb_id: str | None = None,
        category: str = "Filme HD",
        **fields: Any,
    ) -> str:
        """List a torrent; returns its id. `fields` stand in its row as they are, odd or not."""
        with self._lock:
            number = 665_000 + len(self._rows)
            self._torrents[str(number)] = torrent
            self._rows[str(number)] = {
                "id": number,
                "name": name,
                "imdb": imdb_id,
                "freeleech": 0,
                "doubleup": 0,
                "internal": 0,
                "moderated": 1,
                "upload_date": "2026-01-05 14:00:00",
                "download_link": f"{self.url}/download.php?id={number}&passkey={self.passkey}",
                "size": size_bytes,
                "category": category,
                "seeders": seeders,
                "leechers": 0,
                "times_completed": 0,
                "comments": 0,
                "files": 1,
                "small_description": "Drama",
            } | fields
            return str(number)

    def spoil(self, torrent_id: str, reply: Reply, times: int = -1) -> None:
        """Give this for a torrent, so many times; without end by default."""
        with self._lock:
            self._spoilt[torrent_id] = reply, times

    def answer(self, request: Request) -> Reply:
        if self.slow_s:
            self.stopping.wait(self.slow_s)
        if request.path == "/announce":
            self._count("announce")
            return Reply(200, self.swarms.announce(request.raw_query), "text/plain")
        if request.path == "/api.php":
            self._count(request.query.get("action", ""))
            return self._refusal(request) or self._api(request.query)
        if request.path == "/download.php":
            self._count("download")
            return self.trouble or self._download(request.query)
        return GONE

    def _count(self, kind: str) -> None:
        with self._lock:
            self.requests[kind] += 1

    def _refusal(self, request: Request) -> Reply | None:
        if self.trouble:
            return self.trouble
        username, passkey = _login(request)
        if not (username and passkey):
            return NO_LOGIN
        if (username, passkey) != (self.username, self.passkey):
            return WRONG_LOGIN
        with self._lock:
            now = self._clock()
            self._calls = [at for at in self._calls if at > now - HOUR_S]
            if len(self._calls) >= self.calls_per_hour:
                return SLOW_DOWN
            self._calls.append(now)
        return None

    def _api(self, query: dict[str, str]) -> Reply:
        action, numbers = query.get("action"), query.get("category")
        with self._lock:
            rows = list(self._rows.values())[::-1]
        if numbers:
            names = {CATEGORIES.get(int(number)) for number in numbers.split(",")}
            rows = [row for row in rows if row["category"] in names]
        if action == "latest-torrents":
            limit = min(int(query.get("limit", MOST_LISTED)), MOST_LISTED)
            rows = [row for row in rows if _of_film(row, query.get("imdb", ""))][:limit]
        elif action == "search-torrents" and query.get("query"):
            match query.get("type"):
                case "imdb":
                    rows = [row for row in rows if _of_film(row, query["query"])]
                case "name":
                    rows = [row for row in rows if _is_named(row, query["query"])]
                case _:
                    return BAD_SEARCH
        else:
            return BAD_SEARCH
        return Reply(200, json.dumps(rows).encode(), JSON)

    def _download(self, query: dict[str, str]) -> Reply:
        if query.get("passkey") != self.passkey:
            return WRONG_LOGIN
        torrent_id = query.get("id", "")
        with self._lock:
            torrent = self._torrents.get(torrent_id)
            reply, times = self._spoilt.get(torrent_id, (None, 0))
            if reply and times:
                self._spoilt[torrent_id] = reply, times - 1
                return reply
        return Reply(200, torrent, "application/x-bittorrent") if torrent else GONE


def _login(request: Request) -> tuple[str, str]:
    """User name and passkey, from the header or the query; empty where there are none."""
    kind, _, coded = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic":
        return request.query.get("username", ""), request.query.get("passkey", "")
    try:
        username, _, passkey = base64.b64decode(coded).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return username, passkey


def _of_film(row: dict[str, Any], imdb_id: str) -> bool:
    wanted = imdb_id.removeprefix("tt")
    return not wanted or str(row["imdb"] or "").removeprefix("tt") == wanted


def _is_named(row: dict[str, Any], query: str) -> bool:
    words = str(row["name"]).lower().replace(".", " ").replace("-", " ").split()
    return set(query.lower().split()) <= set(words)
