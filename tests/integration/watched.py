"""A home in which a history is kept: plays of films and a show, and what nobody is sure of."""

import json
from pathlib import Path

from movie_sync.demo.world import Place
from tests.web.history_site import put_history, watched
from tests.web.library_site import NOBODY


def watched_place(folder: Path) -> Place:
    """With settings for its program, which asks nobody outside."""
    place = Place(folder)
    place.make()
    settings = {
        "library_directory": str(place.library),
        "download_directory": str(place.downloads),
        "torrent_client": "libtorrent",
        "libtorrent": {"local_only": True, "listen": "127.0.0.1:0"},
        "archive_org": {"enabled": False},
        "tmdb": {"base_url": NOBODY},
        "history": {"enabled": True, "zone": "UTC"},
    }  # fmt: skip
    (place.home / "config.json").write_text(json.dumps(settings))
    put_history(place.home, watched)
    return place
