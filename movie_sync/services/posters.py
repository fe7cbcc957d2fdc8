"""TMDB's pictures of films, by the path that its facts name.

Source: https://developer.themoviedb.org/docs/image-basics, as of 2026: `BASE/SIZE/PATH`, no login.
"""

import re

from movie_sync.errors import BadAnswer
from movie_sync.http import Http

NAME = "posters"
SIZE = "w342"  # pixels of width; the page shows at most 200
MOST_BYTES = 2_000_000

_PATH = re.compile(r"/[A-Za-z0-9_-]{1,80}\.(jpg|png)")
_BEGINS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


def is_path(path: str) -> bool:
    """Whether it has the form of those that TMDB names, and no other."""
    return _PATH.fullmatch(path) is not None


class Posters:
    """Fetches pictures, and keeps none."""

    name = NAME

    def __init__(self, http: Http) -> None:
        self._http = http

    def fetch(self, path: str) -> bytes:
        """A JPEG or PNG.

        Raises:
            ServiceError: it cannot be had; BadAnswer where something else came.
        """
        if not is_path(path):
            raise BadAnswer(NAME, f"{path[:40]!r} is not the path of a picture")
        content = self._http.get(f"/{SIZE}{path}").content
        if not content.startswith(_BEGINS) or len(content) > MOST_BYTES:
            raise BadAnswer(NAME, f"{path} is no picture of a usual size")
        return content
