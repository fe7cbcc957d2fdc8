"""Plex Media Server: have one folder of a library looked at again.

Source: https://developer.plex.tv as of 2026. The token goes out in the header X-Plex-Token,
never in an address. A scan of a folder is asked of the library section that it lies in; the answer
comes at once, and says nothing of what was found.
"""

from urllib.parse import urlencode

import msgspec

from movie_sync.errors import BadAnswer, Refused
from movie_sync.http import Http
from movie_sync.media_server_settings import Plex as Section
from movie_sync.media_server_settings import there
from movie_sync.messages import Change

NAME = "plex"


class _Location(msgspec.Struct):
    path: str


class _Directory(msgspec.Struct):
    key: str
    type: str
    title: str = ""
    Location: list[_Location] = []


class _Sections(msgspec.Struct):
    Directory: list[_Directory] = []
    size: int | None = None


class _Answer(msgspec.Struct):
    MediaContainer: _Sections


def headers(token: str) -> dict[str, str]:
    return {"X-Plex-Token": token, "Accept": "application/json"}


class Plex:
    name = NAME

    def __init__(self, http: Http, section: Section) -> None:
        self._http, self._section = http, section

    def refresh(self, change: Change) -> None:
        """Have the folder scanned.

        Raises:
            Refused: no library of it holds the folder.
            ServiceError: it was not asked, or did not understand.
        """
        folder = there(change.folder, self._section.path_map)
        holding = [one for one in self._sections() if _holds(one, folder)]
        if not holding:
            raise Refused(NAME, f"no library of it holds {folder}; see plex.path_map")
        for one in holding:
            query = urlencode({"path": folder})
            self._http.get(f"/library/sections/{one.key}/refresh?{query}")

    def check(self) -> str:
        """One sentence on its libraries. Raises any `ServiceError`."""
        films = [one.title for one in self._sections() if one.type == "movie"]
        if not films:
            raise Refused(NAME, "it has no library of films")
        return f"login accepted; libraries of films: {', '.join(films)}"

    def _sections(self) -> list[_Directory]:
        answer = self._http.get_json("/library/sections")
        try:
            found = msgspec.convert(answer, _Answer, strict=False).MediaContainer
        except msgspec.ValidationError as error:
            raise BadAnswer(NAME, f"its libraries have an unknown form: {error}") from error
        return found.Directory


def _holds(section: _Directory, folder: str) -> bool:
    roots = [location.path.rstrip("/") for location in section.Location]
    return any(folder == root or folder.startswith(f"{root}/") for root in roots)
