"""What a `.plexmatch` tells: a person's own hints of which show a folder holds.

Source: https://support.plex.tv/articles/plexmatch, as of 2026.
"""

import re

from msgspec import Struct, field

from movie_sync.library_models import Kind, Teller, Told

LARGEST_BYTES = 100_000
MOST_LINES = 5000

_LINE = re.compile(r"\s{0,20}([A-Za-z]{1,20})\s{0,20}:\s{0,20}(\S.{0,500})")
_GUID = re.compile(r"(imdb|tmdb|tvdb)://(?:show/)?(tt\d{7,9}|\d{1,9})")
_EPISODE = re.compile(
    r"(?:s(?P<season>\d{1,4}))?e?p?(?P<first>\d{1,5})(?:-e?(?P<last>\d{1,5}))?", re.I
)
_IDS = {"imdbid": "imdb", "tmdbid": "tmdb", "tvdbid": "tvdb"}
_MOST_EPISODES = 60


class Hints(Struct):
    """Of one folder; `files` are told by their names."""

    told: Told
    files: dict[str, Told] = field(default_factory=dict)


def read(data: bytes) -> Hints:
    """No fault of it is an error: what cannot be read is not told."""
    said: dict[str, str] = {}
    ids: dict[str, str] = {}
    files: dict[str, Told] = {}
    for line in (
        data[:LARGEST_BYTES].decode("utf-8-sig", errors="replace").splitlines()[:MOST_LINES]
    ):
        found = _LINE.fullmatch(line.rstrip())
        if found is None:
            continue
        key, value = found[1].lower(), found[2].strip()
        if key in _IDS:
            _put(ids, _IDS[key], value)
        elif key == "guid" and (guid := _GUID.search(value)):
            _put(ids, guid[1], guid[2])
        elif key in ("ep", "episode"):
            _take_episode(files, value, said.get("season"))
        else:
            said.setdefault(key, value)
    titles = tuple(said[key][:300] for key in ("title", "show") if key in said)[:1]
    told = Told(
        by=Teller.NFO,
        kind=Kind.SHOW,
        titles=titles,
        year=_number(said.get("year")),
        ids=ids,
        season=_number(said.get("season")),
    )
    return Hints(told, files)


def _take_episode(files: dict[str, Told], value: str, season: str | None) -> None:
    """ "S01E02: name.mkv", or "2: name.mkv" where the season is said above."""
    number, _, name = value.partition(":")
    found = _EPISODE.fullmatch(number.strip())
    if found is None or not name.strip():
        return
    first, last = int(found["first"]), int(found["last"] or found["first"])
    if first <= last < first + _MOST_EPISODES:
        files[name.strip()] = Told(
            by=Teller.NFO,
            kind=Kind.SHOW,
            season=_number(found["season"] or season),
            episodes=tuple(range(first, last + 1)),
        )


def _number(text: str | None) -> int | None:
    return int(text) if text and re.fullmatch(r"\d{1,4}", text, re.ASCII) else None


def _put(ids: dict[str, str], provider: str, value: str) -> None:
    if (provider == "imdb") == value.startswith("tt") and re.fullmatch(r"(?:tt)?\d{1,9}", value):
        ids.setdefault(provider, value)
