"""Jellyfin, and Emby: say which folder has changed.

Source: https://api.jellyfin.org as of version 12, and Emby's REST API as of 4.9. The server notes
the change, and scans the folder about a minute later. From version 12 on Jellyfin takes the key in
the header Authorization alone; Emby wants X-Emby-Token. Both are sent.
"""

from typing import Any

import msgspec

from movie_sync.errors import BadAnswer
from movie_sync.http import Http
from movie_sync.media_server_settings import Jellyfin as Section
from movie_sync.media_server_settings import there
from movie_sync.messages import Change

NAME = "jellyfin"


def headers(api_key: str) -> dict[str, str]:
    return {
        "Authorization": f'MediaBrowser Token="{api_key}"',
        "X-Emby-Token": api_key,
        "Accept": "application/json",
    }


class Jellyfin:
    name = NAME

    def __init__(self, http: Http, section: Section) -> None:
        self._http, self._section = http, section

    def refresh(self, change: Change) -> None:
        """Raises any `ServiceError`."""
        folder = there(change.folder, self._section.path_map)
        update = {"Path": folder, "UpdateType": change.what.capitalize()}
        answer = self._http.post(
            "/Library/Media/Updated", msgspec.json.encode({"Updates": [update]})
        )
        if answer.content.strip():
            raise BadAnswer(NAME, "did not take the change; is this its address?")

    def check(self) -> str:
        """One sentence on its version. Raises any `ServiceError`."""
        answer: Any = self._http.get_json("/System/Info")
        try:
            return f"login accepted; version {answer['Version']}"
        except (KeyError, TypeError) as error:
            raise BadAnswer(NAME, "does not say its version; is this its address?") from error
