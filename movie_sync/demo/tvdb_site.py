"""A TheTVDB on 127.0.0.1: its login, made-up shows with names in many languages, and episodes.

Other names are texts where a show is searched for and objects where it is shown whole, as with the
real one. `expire` ends every token. What goes wrong is said by setting `trouble`, or `troubles` for
the next requests one by one; `requests` tells what it was asked. No key is written down.
"""

import json
import re
import secrets
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from movie_sync.demo.server import LoopbackServer, Reply, Request

JSON = "application/json"
KEY, PIN = "0f1e2d3c-tvdb-demo-key-0f1e2d3c", "DEMO1234"
PER_PAGE = 500
SOURCES = {"imdb": ("IMDB", 2), "tmdb": ("TheMovieDB.com", 12), "tvmaze": ("TV Maze", 19)}

Answer = dict[str, Any]


@dataclass(frozen=True)
class MadeSeries:
    """`title` is in its own language; the seasons have so many episodes each."""

    id: int
    title: str
    first_on: date
    country: str = "kor"
    language: str = "kor"
    translations: Mapping[str, str] = field(default_factory=dict)
    aliases: Sequence[tuple[str, str]] = ()  # language and name
    ids: Mapping[str, str] = field(default_factory=dict)  # at others
    seasons: Mapping[int, int] = field(default_factory=lambda: {1: 16})

    @property
    def slug(self) -> str:
        return re.sub("[^a-z0-9]+", "-", self.translations.get("eng", "").lower()).strip("-")

    @property
    def names(self) -> tuple[str, ...]:
        return (self.title, *self.translations.values(), *(name for _, name in self.aliases))


def reply(data: Any, status: int = 200, **more: Any) -> Reply:
    said = {"status": "success" if status == 200 else "failure", "data": data, **more}
    return Reply(status, json.dumps(said, ensure_ascii=False).encode(), JSON)


def refusal(status: int, message: str) -> Reply:
    return reply(None, status, message=message)


WRONG_KEY = refusal(401, "InvalidAPIKey: apikey is not valid")
WRONG_PIN = refusal(401, "InvalidPIN: pin is required for this key")
UNKNOWN = refusal(401, "Unauthorized")
GONE = refusal(404, "NotFoundException: not found")
PROXY_404 = Reply(404, b"<html><h1>404 Not Found</h1><hr>nginx</html>")


class TvdbSite(LoopbackServer):
    """Its shows may be put while it runs.

    Args:
        needs_pin: whether the key is of no use without the PIN of a subscriber.
    """

    def __init__(self, shows: Iterable[MadeSeries] = (), *, needs_pin: bool = False) -> None:
        super().__init__()
        self.needs_pin, self.per_page = needs_pin, PER_PAGE
        self.trouble: Reply | None = None  # is said to every request
        self.troubles: deque[Reply | None] = deque()  # to the next ones, one each; None: no trouble
        self.requests: list[str] = []  # methods and paths with their queries
        self._shows = {each.id: each for each in shows}
        self._tokens: set[str] = set()
        self._lock = threading.RLock()

    def put(self, made: MadeSeries) -> None:
        with self._lock:
            self._shows[made.id] = made

    def expire(self) -> None:
        """A month has gone by: every token is refused now."""
        with self._lock:
            self._tokens.clear()

    def answer(self, request: Request) -> Reply:
        query = f"?{request.raw_query}" if request.raw_query else ""
        with self._lock:
            self.requests.append(f"{request.method} {request.path}{query}")
            trouble = (self.troubles.popleft() if self.troubles else None) or self.trouble
            if trouble:
                return trouble
            path = request.path.removeprefix("/v4")
            if path == "/login":
                return self._log_in(json.loads(request.body))
            shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
            return self._answer(path, request.query) if shown in self._tokens else UNKNOWN

    def _log_in(self, shown: Mapping[str, str]) -> Reply:
        if shown.get("apikey") != KEY:
            return WRONG_KEY
        if self.needs_pin and shown.get("pin") != PIN:
            return WRONG_PIN
        token = f"eyJhbGciOiJSUzI1NiJ9.{secrets.token_urlsafe(24)}.{secrets.token_urlsafe(24)}"
        self._tokens.add(token)
        return reply({"token": token})

    def _answer(self, path: str, query: Mapping[str, str]) -> Reply:
        answer = GONE
        match path.strip("/").split("/"):
            case ["search"]:
                answer = self._search(query)
            case ["search", "remoteid", id_]:
                found = [each for each in self._shows.values() if id_ in each.ids.values()]
                answer = reply([{"series": _base(each)} for each in found]) if found else GONE
            case ["series", number, *rest] if number.isdigit() and int(number) in self._shows:
                answer = self._series(self._shows[int(number)], rest, query)
        return answer

    def _search(self, query: Mapping[str, str]) -> Reply:
        """By any word of any name, those with most of them first."""
        wanted = _words(query.get("query", ""))
        rated = [
            (-max(len(wanted & _words(name)) / len(wanted | _words(name)) for name in made.names),
             made.id, made)
            for made in self._shows.values()
            if wanted and any(wanted & _words(name) for name in made.names)
            and query.get("country", made.country) == made.country
            and query.get("language", made.language) == made.language
            and query.get("year", str(made.first_on.year)) == str(made.first_on.year)
        ]  # fmt: skip
        some = [_hit(made) for *_, made in sorted(rated, key=lambda one: one[:2])]
        some = some[: int(query.get("limit", 50))]
        return reply(some, links={"prev": None, "self": "", "next": None, "total_items": len(some)})

    def _series(self, made: MadeSeries, rest: list[str], query: Mapping[str, str]) -> Reply:
        match rest:
            case []:
                return reply(_base(made))
            case ["extended"]:
                return reply(_extended(made))
            case ["translations", language] if language in made.translations:
                return reply(_translation(made, language))
            case ["episodes", order, *_] if order in ORDERS:
                return self._page(ORDERS[order](made), int(query.get("page") or 0), made)
        return GONE

    def _page(self, everything: Sequence[Answer], number: int, made: MadeSeries) -> Reply:
        some = everything[number * self.per_page : (number + 1) * self.per_page]
        more = (number + 1) * self.per_page < len(everything)
        following = f"https://api4.thetvdb.com/v4/series/{made.id}/episodes?page={number + 1}"
        links: Answer = {"prev": None, "self": "", "next": following if more else None}
        links |= {"total_items": len(everything), "page_size": self.per_page}
        return reply({"series": _base(made), "episodes": some}, links=links)


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))


def _remote(made: MadeSeries) -> list[Answer]:
    named = ((SOURCES[source], id_) for source, id_ in made.ids.items())
    return [{"id": id_, "type": type_, "sourceName": name} for (name, type_), id_ in named]


def _aliases(made: MadeSeries) -> list[Answer]:
    return [{"language": language, "name": name} for language, name in made.aliases]


def _hit(made: MadeSeries) -> Answer:
    return {
        "objectID": f"series-{made.id}",
        "id": f"series-{made.id}",
        "tvdb_id": str(made.id),
        "name": made.title,
        "aliases": [name for _, name in made.aliases],
        "translations": dict(made.translations),
        "first_air_time": made.first_on.isoformat(),
        "year": str(made.first_on.year),
        "country": made.country,
        "primary_language": made.language,
        "primary_type": "series",
        "type": "series",
        "status": "Ended",
        "slug": made.slug,
        "remote_ids": _remote(made) or None,
    }


def _base(made: MadeSeries) -> Answer:
    return {
        "id": made.id,
        "name": made.title,
        "slug": made.slug,
        "aliases": _aliases(made) or None,
        "firstAired": made.first_on.isoformat(),
        "year": str(made.first_on.year),
        "originalCountry": made.country,
        "originalLanguage": made.language,
        "status": {"id": 2, "name": "Ended", "recordType": "series"},
    }


def _extended(made: MadeSeries) -> Answer:
    names = [_translation(made, language) for language in made.translations]
    return _base(made) | {
        "nameTranslations": list(made.translations),
        "remoteIds": _remote(made) or None,
        "translations": {"nameTranslations": names, "overviewTranslations": []},
    }


def _translation(made: MadeSeries, language: str) -> Answer:
    return {
        "name": made.translations[language],
        "overview": "Made up.",
        "language": language,
        "aliases": [name for of, name in made.aliases if of == language],
        "isPrimary": language == made.language,
    }


def _episodes(made: MadeSeries) -> list[Answer]:
    numbers = [(season, n + 1) for season, count in made.seasons.items() for n in range(count)]
    return [
        {
            "id": made.id * 1000 + place,
            "seriesId": made.id,
            "name": f"Episode {number}",
            "aired": (made.first_on + timedelta(weeks=place)).isoformat(),
            "runtime": 65,
            "seasonNumber": season,
            "number": number,
            "absoluteNumber": 0,
        }
        for place, (season, number) in enumerate(numbers)
    ]


def _through(made: MadeSeries) -> list[Answer]:
    """All in one season, without the specials."""
    regular = [each for each in _episodes(made) if each["seasonNumber"]]
    return [each | {"seasonNumber": 1, "number": n} for n, each in enumerate(regular, 1)]


ORDERS: dict[str, Callable[[MadeSeries], list[Answer]]] = {
    "default": _episodes,
    "official": _episodes,
    "absolute": _through,
}
