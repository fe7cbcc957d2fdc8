"""Pictures of TMDB for pages and for the library, in one folder `pictures/` of the home.

Posters of films need neither library nor database.
"""

import time
from collections.abc import Callable
from pathlib import Path

from movie_sync import settings
from movie_sync.http import Http, Pacer
from movie_sync.library.pictures import AGAIN_S, MB, Pictures

__all__ = ["AGAIN_S", "FOLDER", "PosterStore", "poster_store"]

FOLDER = "pictures"
SIZE = "w342"  # pixels of width; the page shows at most 200
MOST_MB = 1000
GAP_S = 0.05
TIMEOUT_S = (3.0, 5.0)  # to connect, and between two pieces


class PosterStore:
    """Posters of films, as their page shows them; all other pictures are in `pictures`.

    Safe from several threads.

    Args:
        fetch: a poster by TMDB's path of it, or a picture by path and size; raises ServiceError.
    """

    def __init__(
        self,
        folder: Path,
        fetch: Callable[..., bytes],
        clock: Callable[[], float] = time.monotonic,
        *,
        most_mb: int = MOST_MB,
    ) -> None:
        def ask(path: str, size: str) -> bytes:
            return fetch(path) if size == SIZE else fetch(path, size)

        self.pictures = Pictures(folder, ask, most_mb * MB, clock=clock)

    def file(self, path: str) -> Path | None:
        """Where the poster is; None where it cannot be had now."""
        return self.pictures.file("poster", SIZE, path)


def poster_store(home: Path, config: settings.Config) -> PosterStore | None:
    """None where TMDB, which alone knows of pictures, is switched off, or where none are kept."""
    if not (config.tmdb.enabled and config.library.pictures):
        return None
    from movie_sync.services.posters import NAME, Posters

    address = config.tmdb.image_url
    http = Http(NAME, address, pacer=Pacer(), gap_s=GAP_S, tries=1, timeout_s=TIMEOUT_S)
    most_mb = config.library.pictures_mb
    return PosterStore(home / FOLDER, Posters(http).fetch, most_mb=most_mb)
