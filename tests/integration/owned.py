"""A home in which a library was read: films whose copyright has ended, a show, and questions."""

import json
from datetime import datetime
from pathlib import Path

from movie_sync.demo.world import PUBLIC_DOMAIN, Place
from movie_sync.library.store import LibraryStore
from movie_sync.media_models import Hdr
from tests.web.library_site import NOBODY, file, filled, film, media, put_library, taken

GENRES = {
    "Night of the Living Dead": "Horror", "The General": "Comedy", "Nosferatu": "Horror",
    "Charade": "Mystery", "His Girl Friday": "Comedy", "Sherlock Jr.": "Comedy",
    "Detour": "Crime", "A Trip to the Moon": "Science Fiction", "The Kid": "Comedy",
    "Carnival of Souls": "Horror", "D.O.A.": "Crime", "The Phantom of the Opera": "Horror",
}  # fmt: skip


def owned_place(folder: Path) -> Place:
    """With settings for its program, which looks at nothing outside."""
    place = Place(folder)
    place.make()
    (folder / "tv").mkdir(exist_ok=True)
    settings = {
        "library_directory": str(place.library),
        "download_directory": str(place.downloads),
        "torrent_client": "libtorrent",
        "libtorrent": {"local_only": True, "listen": "127.0.0.1:0"},
        "archive_org": {"enabled": False},
        "tmdb": {"base_url": NOBODY},
        "library": {
            "enabled": True, "probe": False, "pictures": False,
            "sources": {"tv": {"path": str(folder / "tv"), "holds": "shows"}},
        },
    }  # fmt: skip
    (place.home / "config.json").write_text(json.dumps(settings))
    put_library(place.home, _films_and_more)
    return place


def _films_and_more(store: LibraryStore, now: datetime) -> None:
    filled(store, now)
    for number, (title, year, imdb, tmdb) in enumerate(PUBLIC_DOMAIN):
        path = f"/films/{title} ({year})/{title} ({year}).mkv"
        store.save_found("films", [file(path)], now)
        ids = {"imdb": imdb, "tmdb": str(tmdb)}
        taken(store, now, film(title, year, ids=ids, genres=(GENRES[title],)), [path])
        hdr = Hdr.HDR10 if number == 3 else None
        for one in store.waiting_probe(0, 100):
            if one.path == path:
                lines = 2160 if hdr else 1080 if number % 3 else 720
                store.save_media(one.asset_id, one.content, media(lines, hdr), now)
