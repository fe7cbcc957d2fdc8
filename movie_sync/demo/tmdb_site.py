"""A TMDB on 127.0.0.1: a catalogue of made-up films and shows, its API and its pictures.

`keys` are accepted, short ones in the query and long ones in the header; others are told 401. What
goes wrong is said by setting `trouble`, or `troubles` for the next requests one by one, or by
`limit`; `requests` and `starts` tell what it was asked, and when. No key is written down.
"""

import json
import re
import struct
import threading
import time
import zlib
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qsl, urlencode

from movie_sync.demo import tmdb_people as people
from movie_sync.demo import tmdb_titles as told
from movie_sync.demo.server import LoopbackServer, Reply, Request
from movie_sync.demo.tmdb_titles import ENGLISH, Answer, Made, MadeFilm, MadeShow

JSON = "application/json;charset=utf-8"
PER_PAGE, LAST_PAGE, MOST_PARTS = 20, 500, 20
SHORT_KEY = "0123456789abcdef0123456789abcdef"
LONG_KEY = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJkZW1vIn0.c2lnbmF0dXJl"
SIZES = {
    "backdrop_sizes": ["w300", "w780", "w1280", "original"],
    "logo_sizes": ["w45", "w92", "w154", "w185", "w300", "w500", "original"],
    "poster_sizes": ["w92", "w154", "w185", "w342", "w500", "w780", "original"],
    "profile_sizes": ["w45", "w185", "h632", "original"],
    "still_sizes": ["w92", "w185", "w300", "original"],
}
OF_BOTH: dict[str, Callable[[Any], Answer]] = {
    "credits": people.credits,
    "alternative_titles": told.alternative_titles,
    "translations": told.translations,
    "external_ids": told.external_ids,
}
OF_FILMS = OF_BOTH | {"release_dates": told.release_dates}
OF_SHOWS = OF_BOTH | {"aggregate_credits": people.aggregate_credits}


def reply(value: Any, status: int = 200, **headers: str) -> Reply:
    """An answer in JSON; `Retry_After="60"` becomes a header."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    usual = {"Cache-Control": "public, max-age=21600"}
    return Reply(status, json.dumps(value).encode(), JSON, usual | named)


def refusal(status: int, code: int, message: str, **headers: str) -> Reply:
    said = {"success": False, "status_code": code, "status_message": message}
    return reply(said, status, **headers)


def slow_down(seconds: float | None = None) -> Reply:
    after = {} if seconds is None else {"Retry_After": f"{seconds:.0f}"}
    return refusal(429, 25, "Your request count is over the allowed limit.", **after)


WRONG_KEY = refusal(401, 7, "Invalid API key: You must be granted a valid key.")
GONE = refusal(404, 34, "The resource you requested could not be found.")
WRONG_PAGE = refusal(400, 22, "Invalid page: Pages start at 1 and max at 500.")
TOO_MANY_PARTS = refusal(400, 27, "Too many append to response objects.")
MAINTENANCE = refusal(503, 46, "The API is undergoing maintenance. Try again later.")
PROXY_404 = Reply(404, b"<html><h1>404 Not Found</h1><hr>nginx</html>")


class TmdbSite(LoopbackServer):
    """Titles may be put and removed while it runs.

    Args:
        limit: most calls of the API in a second; the next one is told to slow down. 0 is none.
    """

    def __init__(
        self,
        titles: Iterable[Made] = (),
        *,
        keys: Iterable[str] = (SHORT_KEY, LONG_KEY),
        limit: int = 0,
    ) -> None:
        super().__init__()
        self.keys, self.limit = set(keys), limit
        self.trouble: Reply | None = None  # is said to every request
        self.troubles: deque[Reply] = deque()  # are said to the next ones, one each
        self.slow_s = 0.0  # before each answer
        self.requests: list[str] = []  # paths with their queries, without the key
        self.starts: list[float] = []  # of the same, by the monotonic clock
        self._films: dict[int, MadeFilm] = {}
        self._shows: dict[int, MadeShow] = {}
        self._lock = threading.RLock()
        for title in titles:
            self.put(title)

    @property
    def image_url(self) -> str:
        return f"{self.url}/t/p"

    def put(self, title: Made) -> None:
        with self._lock:
            of_kind: dict[int, Any] = self._films if isinstance(title, MadeFilm) else self._shows
            of_kind[title.id] = title

    def remove(self, title: Made) -> None:
        with self._lock:
            (self._films if isinstance(title, MadeFilm) else self._shows).pop(title.id)

    def answer(self, request: Request) -> Reply:
        pairs = parse_qsl(request.raw_query, keep_blank_values=True)
        asked = [(name, value) for name, value in pairs if name != "api_key"]
        with self._lock:
            now = time.monotonic()
            lately = sum(now - at <= 1.0 for at in self.starts[-self.limit :]) if self.limit else 0
            self.starts.append(now)
            self.requests.append(f"{request.path}{'?' if asked else ''}{urlencode(asked)}")
            trouble = self.troubles.popleft() if self.troubles else self.trouble
        if self.slow_s:
            self.stopping.wait(self.slow_s)
        if trouble:
            return trouble
        if picture := re.fullmatch(r"/t/p/(\w+)(/\w+\.(?:jpg|png))", request.path):
            return self._picture(*picture.groups())
        if self.limit and lately >= self.limit:
            return slow_down(1)
        if not self._is_known(request, dict(pairs)):
            return WRONG_KEY
        with self._lock:
            return self._answer(request.path.removeprefix("/3"), dict(asked))

    def _is_known(self, request: Request, query: dict[str, str]) -> bool:
        shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return bool(self.keys & {shown, query.get("api_key", "")})

    def _answer(self, path: str, query: dict[str, str]) -> Reply:
        language = query.get("language", ENGLISH)
        answer = GONE
        match path.strip("/").split("/"):
            case ["authentication"]:
                answer = reply({"success": True, "status_code": 1, "status_message": "Success."})
            case ["configuration"]:
                base = f"{self.image_url}/"
                images = {"base_url": base, "secure_base_url": base, **SIZES}
                answer = reply({"images": images, "change_keys": ["images", "title"]})
            case ["search", kind]:
                answer = self._search(kind, query, language)
            case ["trending", kind, "week" | "day"]:
                answer = self._page(self._listed(kind), query, language, typed=True)
            case ["find", id_]:
                answer = self._find(id_, query.get("external_source", ""), language)
            case ["person", number, *rest] if number.isdigit():
                answer = self._person(int(number), rest, language)
            case ["collection", number] if number.isdigit():
                answer = self._collection(int(number), language)
            case [("movie" | "tv") as kind, number, *rest] if number.isdigit():
                answer = self._title(kind, int(number), rest, query, language)
        return answer

    def _title(
        self, kind: str, number: int, rest: list[str], query: dict[str, str], language: str
    ) -> Reply:
        one = self._films.get(number) if kind == "movie" else self._shows.get(number)
        parts = query.get("append_to_response", "").split(",")
        if one is None:
            return GONE
        if len(parts) > MOST_PARTS:
            return TOO_MANY_PARTS
        if rest:
            part = self._part(one, "/".join(rest), language)
            return reply(part) if part else GONE
        if isinstance(one, MadeFilm):
            whole = told.film(one, language)
        else:
            assert isinstance(one, MadeShow)
            whole = told.show(one, language)
        for name in filter(None, parts):
            if part := self._part(one, name, language):
                if not name.startswith("season/"):
                    del part["id"]
                whole[name] = part
        return reply(whole)

    def _part(self, one: Made, name: str, language: str) -> Answer | None:
        if isinstance(one, MadeShow):
            number = name.removeprefix("season/")
            if number.isdigit():
                has = int(number) in one.seasons
                return told.season(one, int(number), language) if has else None
        parts = OF_FILMS if isinstance(one, MadeFilm) else OF_SHOWS
        return parts[name](one) if name in parts else None

    def _listed(self, kind: str) -> list[Made]:
        found: list[Made] = []
        found += self._films.values() if kind != "tv" else ()
        found += self._shows.values() if kind != "movie" else ()
        return sorted(found, key=lambda one: (-one.votes, one.id))

    def _search(self, kind: str, query: dict[str, str], language: str) -> Reply:
        """By words, and not by their order; other titles count too."""
        wanted = _words(query.get("query", ""))
        year = query.get("primary_release_year") or query.get("first_air_date_year") or ""
        found = [
            one
            for one in self._listed(kind)
            if wanted and any(wanted <= _words(title) for title in one.titles)
            and one.day.startswith(year)
        ]  # fmt: skip
        return self._page(found, query, language, typed=kind == "multi")

    def _page(
        self, found: list[Made], query: dict[str, str], language: str, *, typed: bool
    ) -> Reply:
        page = query.get("page", "1")
        if not page.isdigit() or not 1 <= int(page) <= LAST_PAGE:
            return WRONG_PAGE
        some = found[(int(page) - 1) * PER_PAGE : int(page) * PER_PAGE]
        return reply({
            "page": int(page),
            "results": [told.hit(one, language, typed=typed) for one in some],
            "total_pages": -(-len(found) // PER_PAGE),
            "total_results": len(found),
        })  # fmt: skip

    def _find(self, id_: str, source: str, language: str) -> Reply:
        found: dict[str, list[Answer]] = {
            f"{kind}_results": [] for kind in ("movie", "person", "tv", "tv_episode", "tv_season")
        }
        for one in self._listed("all"):
            ids = {"imdb_id": one.imdb_id, "tvdb_id": str(getattr(one, "tvdb_id", ""))}
            if id_ and ids.get(source) == id_:
                kind = "movie" if isinstance(one, MadeFilm) else "tv"
                found[f"{kind}_results"].append(told.hit(one, language, typed=True))
            if isinstance(one, MadeShow) and source == "imdb_id" and id_ in one.episode_ids:
                made = told.episode(one, *one.episode_ids[id_], language)
                found["tv_episode_results"].append(made | {"media_type": "tv_episode"})
        return reply(found)

    def _person(self, number: int, rest: list[str], language: str) -> Reply:
        works = [one for one in self._listed("all") if number in {p for p, _, _ in one.people}]
        if not works:
            return GONE
        if rest == ["combined_credits"]:
            return reply(people.filmography(number, works, language))
        return reply(people.person(number, works)) if not rest else GONE

    def _collection(self, number: int, language: str) -> Reply:
        films = self._films.values()
        parts = [one for one in films if one.collection and one.collection[0] == number]
        return reply(people.collection(number, parts, language)) if parts else GONE

    def _picture(self, size: str, path: str) -> Reply:
        """A real PNG, the larger the larger it was asked for."""
        width = int(size[1:]) if size[1:].isdigit() else 2000
        return Reply(200, _png(max(width // 10, 1)), "image/png")


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))


def _png(width: int) -> bytes:
    """A grey square."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checked = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checked)

    head = struct.pack(">IIBBBBB", width, width, 8, 0, 0, 0, 0)
    lines = zlib.compress((b"\0" + b"\x80" * width) * width)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", lines) + chunk(b"IEND", b"")
