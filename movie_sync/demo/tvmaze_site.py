"""A TVmaze on 127.0.0.1: an index in pages by id, single shows, and what has changed.

It may keep old answers as the real one does (`keep_index`, `keep_updates`), count requests and
tell to slow down. What goes wrong is said by setting `trouble`, or `troubles` for the next
requests one by one; `requests` and `starts` tell what it was asked, and when.
"""

import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from email.utils import formatdate
from typing import Any

from movie_sync.demo.server import LoopbackServer, Reply, Request
from movie_sync.demo.shows_made_up import ids, made_up

JSON = "application/json; charset=utf-8"
PER_PAGE = 250
WINDOWS_S = {"day": 86_400.0, "week": 7 * 86_400.0, "month": 30 * 86_400.0}

Facts = dict[str, Any]


def reply(value: Any, status: int = 200, **headers: str) -> Reply:
    """An answer in JSON; `Retry_After="60"` becomes a header."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    usual = {"Cache-Control": "public, max-age=3600"}
    return Reply(status, json.dumps(value).encode(), JSON, usual | named)


GONE = reply({"name": "Not Found", "message": "", "code": 0, "status": 404}, 404)
NULL = reply(None, 404)
PAGE = Reply(200, b"<!DOCTYPE html><title>Sign in</title><p>Welcome to this hotel's network")
PROXY_404 = Reply(404, b"<html><h1>404 Not Found</h1><hr>nginx</html>")
OUT_OF_SERVICE = Reply(503, b"<h1>Service unavailable</h1>")
BROKEN_OFF = Reply(200, b'[{"id": 1, "name": "The', JSON, {"Content-Length": "5000"})


def slow_down(seconds: float | None = None, *, as_date: bool = False) -> Reply:
    """A 429; it says how long, as a number or a date, or says nothing."""
    told = {"name": "Too Many Requests", "message": "", "code": 0, "status": 429}
    if seconds is None:
        return reply(told, 429)
    if as_date:
        return reply(told, 429, Retry_After=formatdate(time.time() + seconds, usegmt=True))
    return reply(told, 429, Retry_After=f"{seconds:.0f}")


class TvMazeSite(LoopbackServer):
    """Shows may change while it runs.

    Args:
        shows: as TVmaze would tell them.
        clock: Unix seconds, for changes.
        limit: most requests in 10 s; the next one is told to slow down. 0 is no limit.
    """

    def __init__(
        self,
        shows: Iterable[Facts] = (),
        *,
        clock: Callable[[], float] = time.time,
        limit: int = 0,
    ) -> None:
        super().__init__()
        self.limit = limit
        self.trouble: Reply | None = None  # is said to every request
        self.troubles: deque[Reply] = deque()  # are said to the next ones, one each
        self.slow_s = 0.0  # before each answer
        self.requests: list[str] = []  # paths with their queries
        self.starts: list[float] = []  # of the same, by the monotonic clock
        self._clock = clock
        self._shows: dict[int, Facts] = {show["id"]: show for show in shows}
        self._merged: dict[int, int] = {}
        self._index: dict[int, bytes] | None = None
        self._updates: dict[str, int] | None = None
        self._lock = threading.RLock()

    @classmethod
    def of(cls, count: int, seed: int = 7, **options: Any) -> "TvMazeSite":
        """One with so many made-up shows."""
        return cls((made_up(tvmaze_id, seed) for tvmaze_id in ids(count, seed)), **options)

    @property
    def ids(self) -> list[int]:
        with self._lock:
            return sorted(self._shows)

    @property
    def pages(self) -> int:
        """How many the index has now."""
        return max(self.ids, default=-1) // PER_PAGE + 1

    def put(self, tvmaze_id: int, **facts: Any) -> None:
        """Change a show, or add one; it then counts as changed now."""
        with self._lock:
            before = self._shows.get(tvmaze_id) or made_up(tvmaze_id)
            self._shows[tvmaze_id] = before | {"updated": int(self._clock())} | facts

    def remove(self, tvmaze_id: int) -> None:
        with self._lock:
            del self._shows[tvmaze_id]

    def merge(self, tvmaze_id: int, into: int) -> None:
        """The first is asked for, and the second answers."""
        with self._lock:
            self._shows.pop(tvmaze_id, None)
            self._merged[tvmaze_id] = into

    def keep_index(self, keep: bool = True) -> None:
        """Whether the index stays as it is at this moment, whatever changes."""
        with self._lock:
            self._index = None
            self._index = self._encoded() if keep else None

    def keep_updates(self, keep: bool = True) -> None:
        """Whether what has changed stays as it is now."""
        with self._lock:
            self._updates = self._changed(None) if keep else None

    def answer(self, request: Request) -> Reply:
        with self._lock:
            now = time.monotonic()
            lately = sum(now - at <= 10.0 for at in self.starts[-self.limit :]) if self.limit else 0
            self.starts.append(now)
            query = f"?{request.raw_query}" if request.raw_query else ""
            self.requests.append(f"{request.path}{query}")
            trouble = self.troubles.popleft() if self.troubles else self.trouble
        if self.slow_s:
            self.stopping.wait(self.slow_s)
        if trouble:
            return trouble
        if self.limit and lately >= self.limit:
            return slow_down(10)
        with self._lock:
            return self._answer(request.path, request.query)

    def _answer(self, path: str, query: dict[str, str]) -> Reply:
        if path == "/shows" and query.get("page", "").isdigit():
            return self._page(int(query["page"]))
        if path == "/updates/shows":
            kept = self._changed(query.get("since")) if self._updates is None else self._updates
            return reply(kept)
        number = path.removeprefix("/shows/")
        if not number.isdigit():
            return GONE
        tvmaze_id = int(number)
        if tvmaze_id in self._merged:
            here = f"{self.url}/shows/{self._merged[tvmaze_id]}"
            return Reply(301, b"null", JSON, {"Location": here})
        show = self._shows.get(tvmaze_id)
        return reply(show) if show else GONE

    def _page(self, number: int) -> Reply:
        if self._index is not None:
            page = self._index.get(number)
            return Reply(200, page, JSON) if page else GONE
        if number * PER_PAGE > max(self._shows, default=-1):
            return GONE
        ids = range(number * PER_PAGE, (number + 1) * PER_PAGE)
        return reply([self._shows[tvmaze_id] for tvmaze_id in ids if tvmaze_id in self._shows])

    def _encoded(self) -> dict[int, bytes]:
        return {number: self._page(number).body for number in range(self.pages)}

    def _changed(self, since: str | None) -> dict[str, int]:
        first = self._clock() - WINDOWS_S[since] if since in WINDOWS_S else 0.0
        return {
            str(i): show["updated"] for i, show in self._shows.items() if show["updated"] >= first
        }


def main() -> None:
    """A catalogue of so many shows, for those who measure: prints its address, until it is ended
    by the end of its input."""
    import sys

    with TvMazeSite.of(int(sys.argv[1])) as site:
        site.keep_index()
        site.keep_updates()
        sys.stdout.write(f"{site.url} {site.pages}\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
