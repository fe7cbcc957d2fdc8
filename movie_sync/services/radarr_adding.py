"""The adding of films to Radarr, which then looks for them itself.

Source: the API description and the source text of Radarr 5, version 3 of its API. Needs the key
that Radarr shows under Settings, General. How it refuses is told in `arr.py`.

The one thing to know: Radarr knows a film by its TMDB number alone, and fetches what it needs to
know of it by itself. A film of which only the IMDb id is known is looked up first.
"""

from typing import Any

from msgspec import Struct

from movie_sync.errors import ConfigError
from movie_sync.giving import Given, Outcome
from movie_sync.http import Http
from movie_sync.models import Film
from movie_sync.radarr_settings import Radarr as Section
from movie_sync.services.arr import Api, Complaint, Folder, Named, Reply, said
from movie_sync.services.arr_words import folder_of, one_of

PROGRAM, NAME = "Radarr", "radarr"
TIMEOUT_S = (5.0, 60.0)  # it asks a server of its own for facts while we wait

CODES = {
    "MovieExistsValidator": Outcome.EXISTS,
    "MoviePathValidator": Outcome.CONFLICT,
    "MovieAncestorValidator": Outcome.CONFLICT,
    "MovieFolderAsRootFolderValidator": Outcome.CONFLICT,
}
OF_FILM = {"tmdbid": Outcome.UNKNOWN, "title": Outcome.REFUSED, "titleslug": Outcome.CONFLICT}
SETTINGS = {"rootfolderpath": "root_folder", "qualityprofileid": "quality_profile"}


class Found(Struct, frozen=True):
    """A film as Radarr finds it."""

    tmdb_id: int
    title: str
    id: int | None = None  # Radarr's own, where it has it


class _Movie(Struct):
    tmdbId: int  # noqa: N815 - as it is named there
    title: str = ""
    imdbId: str = ""  # noqa: N815 - as above
    id: int = 0


class _Added(Struct):
    id: int


class RadarrAdding:
    """One Radarr. Its `Http` should have `arr.headers(key)` and `TIMEOUT_S`."""

    def __init__(self, http: Http, section: Section) -> None:
        self.name = NAME
        self._section = section
        self._api = Api(http, PROGRAM, NAME, "radarr.api_key")
        self._chosen: tuple[str, int] | None = None  # root folder and quality profile

    def check(self) -> str:
        """One sentence; the settings name what is there. Raises what is wrong."""
        version, self._chosen = self._api.status().version, self._choose()
        return f"Radarr {version} answers; films go to {self._chosen[0]}"

    def lookup(self, film: Film) -> Found | None:
        """The film by its TMDB number, else by its IMDb id; None where Radarr finds none."""
        if film.tmdb_id is None and film.imdb_id is None:
            return None
        term = f"tmdb:{film.tmdb_id}" if film.tmdb_id else f"imdb:{film.imdb_id}"
        movies = self._api.get("/movie/lookup", list[_Movie], term=term)
        same = (
            each
            for each in movies
            if each.tmdbId and (each.tmdbId == film.tmdb_id or each.imdbId == film.imdb_id)
        )
        each = next(same, None)
        return Found(each.tmdbId, each.title, each.id or None) if each else None

    def add(self, film: Film) -> Given:
        """Give it a film; one that it has is no error, so that this can be repeated.

        Raises:
            Unavailable, BadAnswer: the film may be there or not.
            NotAuthorised: nothing was added.
            ConfigError: a setting names what is not there; it says what is; nothing was added.
        """
        tmdb_id = film.tmdb_id
        if tmdb_id is None:
            found = self.lookup(film)
            if found is None:
                why = "Radarr knows films by their TMDB number, and none is known of this one"
                return Given(Outcome.UNKNOWN, None, why)
            tmdb_id = found.tmdb_id
            if found.id:
                return Given(Outcome.EXISTS, found.id)
        reply = self._api.post("/movie", self._body(film, tmdb_id))
        if reply.malformed:
            raise self._wrong_setting(reply)
        if reply.status == 409:
            return Given(Outcome.EXISTS)  # it has each TMDB number once; somebody was faster
        if reply.complaints:
            return self._refused(reply)
        if reply.status == 400:
            return Given(Outcome.REFUSED, None, "it was refused without a word")
        return Given(Outcome.ADDED, self._api.decode(reply.body, _Added, "the new film").id)

    def close(self) -> None:
        self._api.close()

    def _body(self, film: Film, tmdb_id: int) -> dict[str, Any]:
        folder, quality = self._chosen = self._chosen or self._choose()
        section = self._section
        body: dict[str, Any] = {
            "title": film.title,
            "tmdbId": tmdb_id,
            "qualityProfileId": quality,
            "rootFolderPath": folder,
            "monitored": section.monitored,
            "minimumAvailability": section.minimum_availability,
            "addOptions": {
                "monitor": "movieOnly" if section.monitored else "none",
                "searchForMovie": section.search_on_add,
            },
        }
        if film.year:
            body["year"] = film.year
        if section.tags:
            body["tags"] = self._api.tags(section.tags)
        return body

    def _choose(self) -> tuple[str, int]:
        folders = [each.path for each in self._api.get("/rootfolder", list[Folder])]
        profiles = self._api.get("/qualityprofile", list[Named])
        qualities = {each.name: each.id for each in profiles}
        return (
            folder_of(self._section.root_folder, folders, NAME),
            one_of(self._section.quality_profile, qualities, NAME, "quality profile"),
        )

    def _refused(self, reply: Reply) -> Given:
        outcomes = [_of_film(each) for each in reply.complaints]
        if Outcome.EXISTS in outcomes:
            return Given(Outcome.EXISTS)
        if None in outcomes or outcomes[0] is None:
            raise self._wrong_setting(reply)
        return Given(outcomes[0], None, said(reply))

    def _wrong_setting(self, reply: Reply) -> ConfigError:
        self._chosen = None  # what was there when we asked may be gone
        about = next((each.about for each in reply.complaints if not _of_film(each)), "")
        name = SETTINGS.get(about.casefold())
        what = f"set {NAME}.{name}" if name else "look at its settings there"
        return ConfigError(f"{NAME} refuses: {said(reply)}; nothing was added; {what}")


def _of_film(complaint: Complaint) -> Outcome | None:
    """What it says of this one film; None where it would be said of every film."""
    about = complaint.about.casefold()
    if about == "tmdbid" and "already been added" in complaint.words:
        return Outcome.EXISTS
    return CODES.get(complaint.code) or OF_FILM.get(about)
