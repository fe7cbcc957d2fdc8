"""From forms about the history to wishes, and from their answers to the next page."""

from typing import Any
from urllib.parse import quote

from fastapi.responses import RedirectResponse, Response

from movie_sync.web.desk import Desk

MOST_SAID = 600  # a cookie carries it


def done(desk: Desk, there: str, answer: dict[str, Any]) -> Response:
    """To a page of the history that says what was done."""
    path = there if there.startswith("/watched") else "/watched"
    sent = RedirectResponse(f"{desk.pages.base}{quote(path, safe='/?=&#%')}", 303)
    sentence = str(answer["sentence"])
    desk.pages.say(sent, f"{sentence[:1].upper()}{sentence[1:]}"[:MOST_SAID])
    return sent
