"""TMDB's pictures, by the path that its facts name.

Source: https://developer.themoviedb.org/docs/image-basics, as of 2026: `BASE/SIZE/PATH`, no login.
Pictures do not count as calls of the API. Some logos are SVG, which can hold programs: none is
taken.
"""

import re

import requests

from movie_sync.errors import BadAnswer
from movie_sync.http import Http

NAME = "posters"
SIZE = "w342"  # pixels of width; the page shows at most 200
MOST_BYTES = 4_000_000
MOST_ORIGINAL_BYTES = 25_000_000

_PATH = re.compile(r"/[A-Za-z0-9_-]{1,80}\.(jpg|png)")
_BEGINS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
_OTHER = re.compile(r"svg|html|xml|json|javascript")


def is_path(path: str) -> bool:
    """Whether it has the form of those that TMDB names, and no other."""
    return _PATH.fullmatch(path) is not None


class Posters:
    """Fetches pictures, and keeps none."""

    name = NAME

    def __init__(self, http: Http) -> None:
        self._http = http

    def fetch(self, path: str, size: str = SIZE) -> bytes:
        """A JPEG or PNG.

        Raises:
            ServiceError: it cannot be had; BadAnswer where something else came.
        """
        if not is_path(path):
            raise BadAnswer(NAME, f"{path[:40]!r} is not the path of a picture")
        answer = self._http.get(f"/{size}{path}")
        most = MOST_ORIGINAL_BYTES if size == "original" else MOST_BYTES
        if not _is_picture(answer) or len(answer.content) > most:
            raise BadAnswer(NAME, f"{path} is no picture of a usual size")
        return answer.content


def _is_picture(answer: requests.Response) -> bool:
    """By what it is said to be, and by what it is."""
    said = answer.headers.get("Content-Type", "").lower()
    return answer.content.startswith(_BEGINS) and not _OTHER.search(said)
