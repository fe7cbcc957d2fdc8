"""Everything outside the program that the demo of the library needs, on this machine alone: that
of the demo of films, a shelf of files that are there already, and a TMDB that knows them.
"""

from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

from movie_sync.credentials import Credentials
from movie_sync.demo import library_shelf
from movie_sync.demo.tmdb_site import SHORT_KEY, TmdbSite
from movie_sync.demo.world import CLIP_BYTES, World

DOWNLOADED = 2  # films of the watchlist that arrive meanwhile
SHELF = "shelf"  # what the source is called


class LibraryWorld(World):
    """The outside, and a home folder with settings for it. Use it in a `with` block."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, DOWNLOADED, clip_bytes=CLIP_BYTES)
        self.shelf = folder / "shelf"
        self.tmdb = TmdbSite(library_shelf.catalogue())
        self._tmdb_open = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as opened:
            opened.enter_context(self.tmdb)
            if not self.shelf.exists():
                library_shelf.fill(self.shelf)
            super().__enter__()
            self._tmdb_open = opened.pop_all()
        return self

    def __exit__(self, *unused: object) -> None:
        super().__exit__(*unused)
        self._tmdb_open.close()

    def settings(self) -> dict[str, Any]:
        """What config.json says here."""
        source = {"path": str(self.shelf), "holds": "both"}
        tmdb = {"base_url": f"{self.tmdb.url}/3", "image_url": self.tmdb.image_url}
        library = {"enabled": True, "sources": {SHELF: source}}
        return super().settings() | {"library": library, "tmdb": tmdb}

    def _write_settings(self) -> None:
        super()._write_settings()
        Credentials(self.home, {}).set("tmdb.api_key", SHORT_KEY)
