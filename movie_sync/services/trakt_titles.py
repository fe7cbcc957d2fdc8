"""What Trakt says of films and shows to anybody: searches, facts, seasons, other titles.

No login is needed, but a client id is.
"""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import quote

from movie_sync.library_models import Facts, Kind, SeasonFacts
from movie_sync.services import trakt_facts as facts
from movie_sync.services import trakt_shapes as shapes
from movie_sync.services.trakt_api import Params, TraktApi, decoded
from movie_sync.services.trakt_pages import LIMIT
from movie_sync.trakt_models import Hit, OtherTitle

FIELDS = "title,original_title,translations,aliases"
TYPES = {Kind.FILM: "movie", Kind.SHOW: "show"}
# They mean something in a search, unless they are told to stand for themselves.
_SPECIAL = re.compile(r'&&|\|\||[-+!(){}\[\]^"~*?:/\\]')

T = TypeVar("T")


class Titles:
    """The part of `Trakt` that needs no login."""

    _api: TraktApi
    _clock: Callable[[], datetime]

    def search(
        self,
        kind: Kind,
        query: str,
        *,
        exact: bool = False,
        years: str = "",
        countries: Sequence[str] = (),
        limit: int = 10,
    ) -> list[Hit]:
        """Works by name, best first.

        Args:
            exact: by a whole title or alias alone.
            years: one as "2024", or a range as "2024-2026".
            countries: by two letters.
        """
        path = f"/search/{TYPES[kind]}{'/exact' if exact else ''}"
        text = query if exact else escaped(query)
        params: dict[str, str | int] = {"query": text, "page": 1, "limit": min(limit, LIMIT)}
        if not exact:
            params["fields"] = FIELDS
        if years:
            params["years"] = years
        if countries:
            params["countries"] = ",".join(one.lower() for one in countries)
        hits = self._hits(path, params)
        return [one for one in hits if one.kind is kind]

    def by_id(self, provider: str, id: str, kind: Kind) -> list[Hit]:
        """The works that have this id; what else the search gives for it is left out."""
        hits = self._hits(f"/search/{provider}/{quote(id, safe='')}", {"type": TYPES[kind]})
        return [one for one in hits if one.kind is kind and one.ids.get(provider) == id]

    def work(self, kind: Kind, trakt_id: str) -> Facts:
        """All of a film or a show, but its seasons. Raises NotFound."""
        path = _path(kind, trakt_id)
        full = self._read(path, facts.Full, {"extended": "full"})
        return facts.facts(full, kind, self._clock())

    def show(self, trakt_id: str) -> Facts:
        return self.work(Kind.SHOW, trakt_id)

    def film(self, trakt_id: str) -> Facts:
        return self.work(Kind.FILM, trakt_id)

    def seasons(self, trakt_id: str) -> tuple[SeasonFacts, ...]:
        """A show's seasons with their episodes; 0 is specials. Raises NotFound."""
        path = f"{_path(Kind.SHOW, trakt_id)}/seasons"
        told = self._read(path, list[facts.FullSeason], {"extended": "full,episodes"})
        return tuple(map(facts.season, told))

    def aliases(self, kind: Kind, trakt_id: str) -> tuple[OtherTitle, ...]:
        return self._titles(f"{_path(kind, trakt_id)}/aliases")

    def translations(self, kind: Kind, trakt_id: str, language: str = "") -> tuple[OtherTitle, ...]:
        """Titles in other languages, or in one, as "ko"."""
        one = f"/{language}" if language else ""
        return self._titles(f"{_path(kind, trakt_id)}/translations{one}")

    def _titles(self, path: str) -> tuple[OtherTitle, ...]:
        told = self._read(path, list[facts.Alias])
        return tuple(one for one in map(facts.other_title, told) if one)

    def _hits(self, path: str, params: Params) -> list[Hit]:
        """What has an unknown form is left out, and costs no other hit."""
        items = self._read(path, list[Any], params)
        return [one for one in shapes.each(items, shapes.hit)[0] if one]

    def _read(self, path: str, form: type[T], params: Params | None = None) -> T:
        return decoded(self._api.get(path, params, public=True).body, form, path)


def _path(kind: Kind, trakt_id: str) -> str:
    return f"/{TYPES[kind]}s/{quote(trakt_id, safe='')}"


def escaped(query: str) -> str:
    """The text itself, whatever the search would take it for."""
    return _SPECIAL.sub(lambda found: f"\\{found[0]}", query)
