"""Kodi: have it look at one folder, or forget what is gone.

Source: https://kodi.wiki/view/JSON-RPC_API/v13 as of 2026. Its web server must be switched
on, under Settings, Services, Control. Kodi cleans no single folder up, so when a film is gone it
looks at all its films. Kodi is often switched off: then it is told later.
"""

from typing import Any

import msgspec

from movie_sync.errors import BadAnswer, Refused
from movie_sync.http import Http
from movie_sync.media_server_settings import Kodi as Section
from movie_sync.media_server_settings import there
from movie_sync.messages import Change

NAME = "kodi"


class _Error(msgspec.Struct):
    message: str = ""


class _Answer(msgspec.Struct):
    jsonrpc: str
    result: Any = None
    error: _Error | None = None


class Kodi:
    name = NAME

    def __init__(self, http: Http, section: Section) -> None:
        self._http, self._section = http, section

    def refresh(self, change: Change) -> None:
        """Raises any `ServiceError`."""
        if change.what == "deleted":
            self._ask("VideoLibrary.Clean", showdialogs=False, content="movies")
            return
        folder = there(change.folder, self._section.path_map).rstrip("/")
        self._ask("VideoLibrary.Scan", directory=f"{folder}/", showdialogs=False)

    def check(self) -> str:
        """One sentence. Raises any `ServiceError`."""
        self._ask("JSONRPC.Ping")
        return "login accepted"

    def _ask(self, method: str, **params: Any) -> None:
        question = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        content = self._http.post("/jsonrpc", msgspec.json.encode(question)).content
        try:
            answer = msgspec.json.decode(content, type=_Answer)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise BadAnswer(NAME, "its answer is not JSON-RPC; is this its address?") from error
        if answer.error:
            raise Refused(NAME, f"{method} was refused: {answer.error.message}")
        if answer.result not in ("OK", "pong"):
            raise BadAnswer(NAME, f"{method} answered neither OK nor pong")
