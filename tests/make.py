"""Short ways to make the facts that tests are about; every default is an ordinary case."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from movie_sync.demo.watchlist_pages import SiteFilm
from movie_sync.messages import Notice
from movie_sync.models import (
    Film,
    Item,
    Phase,
    Release,
    Show,
    Transfer,
    TransferFile,
    Watchlist,
)

NOON = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
GIB = 1024**3


def film(number: int = 1, **changes: Any) -> Film:
    facts = {"key": f"letterboxd:{number}", "title": f"Film {number}", "year": 1999}
    return Film(**(facts | changes))


def release(**changes: Any) -> Release:
    facts = {"indexer": "fake", "id": "7", "name": "Film.1.1999.1080p.BluRay.x264-GRP"}
    return Release(**(facts | {"size_bytes": 8 * GIB, "seeders": 20} | changes))


def watchlist(*films: Film, **changes: Any) -> Watchlist:
    facts: dict[str, Any] = {"source": "letterboxd:alice", "films": films, "complete": True}
    return Watchlist(**(facts | changes))


def item(number: int = 1, **changes: Any) -> Item:
    facts: dict[str, Any] = {
        "id": f"film:letterboxd:{number}",
        "kind": "film",
        "title": f"Film {number} (1999)",
        "wanted_by": ("letterboxd:alice",),
        "added_at": NOON,
        "data": {"year": 1999},
    }
    return Item(**(facts | changes))


def site_film(number: int = 1, **changes: Any) -> SiteFilm:
    facts: dict[str, Any] = {
        "number": number,
        "title": f"Film {number}",
        "year": 1999,
        "slug": f"film-{number}",
        "imdb_id": f"tt{number:07}",
        "tmdb_id": number + 1000,
        "runtime_min": 100,
    }
    return SiteFilm(**(facts | changes))


def transfer(*files: Path, **changes: Any) -> Transfer:
    """A download that is done, of files that are there."""
    held = tuple(TransferFile(file, file.stat().st_size) for file in files)
    facts = {"handle": "3fa9c1d2" * 5, "name": "Film.1.1999.1080p.BluRay.x264-GRP"}
    return Transfer(**(facts | {"phase": Phase.DONE, "progress": 1.0, "files": held} | changes))


def torrent(name: str = "Film.1.mkv", size_bytes: int = 5, announce: str = "") -> bytes:
    """A torrent file of one file whose content nobody has."""
    tracker = b"8:announce%d:%b" % (len(announce), announce.encode()) if announce else b""
    named = name.encode()
    info = b"d6:lengthi%de4:name%d:%b12:piece lengthi16384e6:pieces20:%be" % (
        *(size_bytes, len(named), named),
        bytes(20),
    )
    return b"d%b4:info%be" % (tracker, info)


def torrent_of_files(name: str, files: dict[str, int]) -> bytes:
    """A torrent file of several files in a folder, each by its path and size."""
    listed = b"".join(
        b"d6:lengthi%de4:pathl%bee"
        % (size, b"".join(b"%d:%b" % (len(part), part) for part in path.encode().split(b"/")))
        for path, size in files.items()
    )
    named = name.encode()
    return b"d4:infod5:filesl%be4:name%d:%b12:piece lengthi16384e6:pieces20:%bee" % (
        *(listed, len(named), named),
        bytes(20),
    )


def notice(**changes: Any) -> Notice:
    facts: dict[str, Any] = {
        "id": "notice:arrived:film:letterboxd:1:2026-01-05T12:00:00+00:00",
        "event": "arrived",
        "title": "Film 1 (1999) is in the library",
        "text": "Film.1.1999.1080p.BluRay.x264-GRP",
        "at": NOON,
        "film": {"title": "Film 1", "year": 1999},
    }
    return Notice(**(facts | changes))


def show(number: int = 1, **changes: Any) -> Show:
    facts: dict[str, Any] = {
        "tvmaze_id": number,
        "title": f"Show {number}",
        "url": f"https://www.tvmaze.com/shows/{number}/show-{number}",
        "updated_s": 1_700_000_000,
        "type": "Scripted",
        "language": "English",
        "genres": ("Drama", "Crime"),
        "status": "Running",
        "runtime_min": 60,
        "premiered_on": date(2024, 3, 1),
        "rating": 8.1,
        "network": "HBO",
        "country": "US",
        "tvdb_id": 100_000 + number,
        "imdb_id": f"tt{number:07}",
    }
    return Show(**(facts | changes))
