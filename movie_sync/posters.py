"""Posters of films, kept in `posters/` of the home once they were fetched. For the page alone.

A poster that cannot be had is not asked for again for a while: a page must not wait for it twice.
"""

import logging
import threading
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from movie_sync import atomic, settings
from movie_sync.errors import ServiceError
from movie_sync.http import Http, Pacer

log = logging.getLogger(__name__)

FOLDER = "posters"
AGAIN_S = 600.0
TIMEOUT_S = (3.0, 5.0)  # to connect, and between two pieces


class PosterStore:
    """Safe from several threads.

    Args:
        fetch: a picture by TMDB's path of it; raises ServiceError.
    """

    def __init__(
        self,
        folder: Path,
        fetch: Callable[[str], bytes],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folder, self._fetch, self._clock = folder, fetch, clock
        self._failed_at: dict[str, float] = {}
        self._lock = threading.Lock()

    def file(self, path: str) -> Path | None:
        """Where the picture is; None where it cannot be had now."""
        kept = self._folder / f"{sha256(path.encode()).hexdigest()[:24]}{Path(path).suffix}"
        if kept.exists():
            return kept
        with self._lock:  # one at a time: a page that shows fifty asks for them gently
            if kept.exists():
                return kept
            if self._clock() - self._failed_at.get(path, -AGAIN_S) < AGAIN_S:
                return None
            try:
                picture = self._fetch(path)
                self._folder.mkdir(mode=0o700, exist_ok=True)
                atomic.write(kept, [picture])
            except (ServiceError, OSError) as error:
                log.debug("a poster cannot be had: %s", error)
                self._failed_at[path] = self._clock()
                return None
        return kept


def poster_store(home: Path, config: settings.Config) -> PosterStore | None:
    """None where TMDB is switched off, which alone knows of posters."""
    if not config.tmdb.enabled:
        return None
    from movie_sync.services.posters import NAME, Posters

    http = Http(NAME, config.tmdb.image_url, pacer=Pacer(), tries=1, timeout_s=TIMEOUT_S)
    return PosterStore(home / FOLDER, Posters(http).fetch)
