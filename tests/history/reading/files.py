"""Small files as those services write them, and what is read of them."""

import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from movie_sync.history.reading import Problem, read_file
from movie_sync.history.reading.entries import Reader

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 1, 20, 12, tzinfo=UTC)
READER = Reader(BERLIN, NOW)


def entries(path: Path, zone: ZoneInfo = BERLIN) -> list[Any]:
    return list(read_file(path, zone=zone, now=NOW).entries)


def problems(path: Path) -> list[str]:
    return [str(entry) for entry in entries(path) if isinstance(entry, Problem)]


def zipped(path: Path, files: dict[str, Any]) -> Path:
    """What is no text and no bytes is written as JSON."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            raw = content if isinstance(content, str | bytes) else json.dumps(content)
            archive.writestr(name, raw)
    return path


def movie(number: int = 7, **changes: Any) -> dict[str, Any]:
    ids = {"trakt": number, "slug": "heat-1995", "imdb": f"tt{number:07}", "tmdb": number + 100}
    told = {"title": "Heat", "year": 1995, "ids": ids}
    item = {"id": 9_000_000_000 + number, "watched_at": "2026-01-10T20:15:00.000Z"}
    return {**item, "action": "watch", "type": "movie", "movie": told, **changes}


def episode(number: int = 1, **changes: Any) -> dict[str, Any]:
    show = {"title": "Taxi Driver", "year": 2021, "ids": {"trakt": 5, "tvdb": 50, "imdb": None}}
    of = {"season": 1, "number": number, "title": "First", "ids": {"trakt": 500 + number}}
    item = {"id": 8_000_000_000 + number, "watched_at": "2026-01-11T20:15:00.000Z"}
    return {**item, "action": "scrobble", "type": "episode", "episode": of, "show": show, **changes}
