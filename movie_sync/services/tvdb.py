"""TheTVDB: what a show is called elsewhere, its ids at others, its episodes in several orders.

Source: https://thetvdb.github.io/v4-api, as of 2026. Needs a key of the person's own, and with most
keys the PIN of a subscriber. Both are shown once, for a token that lasts a month; it names no
limit of calls. TheTVDB has to be named where its data is shown.

The one thing to know: a key that was refused is not shown again, and a token that is refused is
renewed once.
"""

import re
import threading
from collections.abc import Mapping
from typing import Literal
from urllib.parse import quote

import msgspec
import requests

from movie_sync.errors import BadAnswer, NotAuthorised, NotFound
from movie_sync.http import Http
from movie_sync.services import tvdb_shapes as shapes
from movie_sync.services.tvdb_shapes import Answer, TvdbEpisode, TvdbSeries, TvdbTranslation

NAME = "tvdb"
ATTRIBUTION = "Metadata provided by TheTVDB (https://thetvdb.com)"
MOST_HITS = 25
MOST_PAGES = 200  # of 500 episodes
KEY_REFUSED = "the key was refused; set another by `credentials set tvdb.api_key`"
PIN_REFUSED = (
    "the key needs the PIN of a subscriber; set yours by `credentials set tvdb.pin` (thetvdb.com, "
    "Dashboard, Account, Subscription)"
)

Order = Literal["default", "official", "dvd", "absolute", "alternate", "regional"]


class Tvdb:
    """For any number of threads."""

    name = NAME

    def __init__(self, http: Http, key: str, pin: str | None = None) -> None:
        self._http, self._key, self._pin = http, key, pin
        self._token: str | None = None
        self._refused: str | None = None
        self._lock = threading.Lock()  # so that one logs in, and the others wait

    def check(self) -> str:
        self._logged_in(None)
        return "the key is accepted"

    def search(
        self,
        query: str,
        *,
        year: int | None = None,
        country: str | None = None,
        language: str | None = None,
    ) -> list[TvdbSeries]:
        """Shows that may be meant, the likeliest first.

        Args:
            country: where they are from, in three letters: see `tvdb_shapes.COUNTRIES`.
            language: that they are in, in three letters.

        Raises:
            NotAuthorised: the key is refused; it is not shown again.
            BadAnswer: in a form that we do not know.
        """
        given = {"year": year, "country": country, "language": language}
        wanted: dict[str, str | int] = {"query": query, "type": "series", "limit": MOST_HITS}
        wanted |= {name: value for name, value in given.items() if value}
        return shapes.hits(self._get("/search", wanted, "such show").data, "/search")

    def by_id_of(self, other_id: str) -> list[TvdbSeries]:
        """Shows with this id at IMDb, TMDB or elsewhere, whichever has it: check whose it is."""
        path = f"/search/remoteid/{quote(other_id, safe='')}"
        try:
            answer = self._get(path, {}, "such id")
        except NotFound:
            return []
        return shapes.found(answer.data, "/search/remoteid")

    def series(self, tvdb_id: int) -> TvdbSeries:
        """With every title. Raises NotFound: it has no such show."""
        path = f"/series/{tvdb_id}/extended"
        wanted: dict[str, str | int] = {"meta": "translations", "short": "true"}
        return shapes.series(self._get(path, wanted, f"show {tvdb_id}").data, path)

    def translation(self, tvdb_id: int, language: str) -> TvdbTranslation | None:
        """Of a show; None: there is none in this language. The language has three letters."""
        path = f"/series/{tvdb_id}/translations/{_letters(language)}"
        try:
            answer = self._get(path, {}, f"translation of show {tvdb_id}")
        except NotFound:
            return None
        return shapes.translation(answer.data, language, path)

    def episodes(self, tvdb_id: int, order: Order = "default") -> list[TvdbEpisode]:
        """Every one, specials too, with the season and number that this order gives it.

        Raises:
            NotFound: it has no such show, or none in this order.
            BadAnswer: a page has a form that we do not know, or they do not end.
        """
        path = f"/series/{tvdb_id}/episodes/{order}"
        found: dict[int, TvdbEpisode] = {}
        for page in range(MOST_PAGES):
            answer = self._get(path, {"page": page}, f"show {tvdb_id} in this order")
            some = shapes.episodes(answer.data, path)
            found |= {each.tvdb_id: each for each in some}
            if not (answer.links and answer.links.next):
                return list(found.values())
            if not some:
                raise BadAnswer(NAME, f"{path} says that there is more, but page {page} is empty")
        raise BadAnswer(NAME, f"{path} did not end after {MOST_PAGES} pages")

    def close(self) -> None:
        self._http.close()

    def _get(self, path: str, params: Mapping[str, str | int], what: str) -> Answer:
        used = self._logged_in(None)
        response = self._asked(path, params, used)
        if response.status_code == 401:
            response = self._asked(path, params, self._logged_in(used))
        if response.status_code == 401:
            raise NotAuthorised(NAME, f"{path} is closed to this key")
        if response.status_code == 404:
            _require_own(response, path)
            raise NotFound(NAME, f"there is no {what}")
        return shapes.read(response.content, Answer, path)

    def _asked(self, path: str, params: Mapping[str, str | int], token: str) -> requests.Response:
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        return self._http.get(path, params=params, headers=headers, accept=(401, 404))

    def _logged_in(self, refused: str | None) -> str:
        """The token, which is another one than was refused."""
        with self._lock:
            if self._refused:
                raise NotAuthorised(NAME, self._refused)
            if self._token is None or self._token == refused:
                self._token = self._log_in()
            return self._token

    def _log_in(self) -> str:
        shown = {"apikey": self._key} | ({"pin": self._pin} if self._pin else {})
        response = self._http.post("/login", msgspec.json.encode(shown), accept=(401,))
        if response.status_code == 401:
            self._refused = self._why(response)
            raise NotAuthorised(NAME, self._refused)
        answer = shapes.read(response.content, Answer, "/login")
        return shapes.token(answer.data, "/login")

    def _why(self, response: requests.Response) -> str:
        needs_pin = re.search(rb"\bpin\b", response.content, re.IGNORECASE)
        return PIN_REFUSED if needs_pin else KEY_REFUSED


def _require_own(response: requests.Response, path: str) -> None:
    """A 404 of its own is JSON. One of a proxy would be taken for "there is no such show"."""
    try:
        msgspec.json.decode(response.content, type=dict[str, object])
    except (msgspec.MsgspecError, UnicodeDecodeError):
        message = f"{path} answered 404 in a form that is not its own"
        raise BadAnswer(NAME, message) from None


def _letters(language: str) -> str:
    if not re.fullmatch("[a-z]{2,5}", language):
        raise NotFound(NAME, f'"{language[:20]}" is no language')
    return language
