"""A Plex on 127.0.0.1: libraries in pages, items in full by their keys, and what was watched.

It takes the token in its header alone, tells lists in short and single items in full, and knows
films and episodes as `film` and `episode` make them, one by one or ten thousand at once. What goes
wrong is said by setting `trouble`; `requests` holds what it was asked, and `before` may change the
libraries before each answer.
"""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from movie_sync.demo.server import LoopbackServer, Reply, Request

JSON = "application/json"
TOKEN = "demo-token-of-plex"
TYPES = {"movie": "1", "show": "4"}
BEGAN = 1_650_000_000  # when the first item was added; each one a minute after the other

Facts = dict[str, Any]

REFUSED = Reply(401, b"<html><head><title>Unauthorized</title></head><body><h1>401</h1></body>")
NOT_THERE = Reply(404, b"<html><head><title>Not Found</title></head><body><h1>404</h1></body>")
BROKEN = Reply(500, b"<html><head><title>Internal Server Error</title></head></html>")


def film(key: int, title: str, year: int, *, file: str = "", **facts: Any) -> Facts:
    """One with a file, its streams and its ids; `facts` beside them or instead."""
    file = file or f"/data/films/{title} ({year})/{title} ({year}).mkv"
    made = _item(key, "movie", title) | {"year": year, "Media": [media(key * 10, [file])]}
    made["Guid"] = [{"id": f"imdb://tt{key:07}"}, {"id": f"tmdb://{key + 1000}"}]
    return made | {"originallyAvailableAt": f"{year}-06-01"} | facts


def show(key: int, title: str, year: int, **facts: Any) -> Facts:
    made = _item(key, "show", title) | {"year": year, "Guid": [{"id": f"tvdb://{key + 70_000}"}]}
    return made | {"key": f"/library/metadata/{key}/children"} | facts


def episode(
    of: Facts, key: int, season: int, number: int, *, file: str = "", **facts: Any
) -> Facts:
    title = of["title"]
    file = file or f"/data/shows/{title}/Season {season:02}/{title} S{season:02}E{number:02}.mkv"
    made = _item(key, "episode", f"Episode {number}") | {
        "index": number,
        "parentIndex": season,
        "parentTitle": f"Season {season}",
        "grandparentRatingKey": of["ratingKey"],
        "grandparentGuid": of["guid"],
        "grandparentTitle": title,
        "originallyAvailableAt": "2001-02-01",
        "Guid": [{"id": f"tvdb://{key + 80_000}"}],
        "Media": [media(key * 10, [file], duration=1_320_000)],
    }
    return made | facts


def media(number: int, files: Sequence[str], duration: int = 5_400_000, **facts: Any) -> Facts:
    """A version: of one file, or of several."""
    told = {"id": number, "duration": duration, "bitrate": 4192, "width": 1920, "height": 1080,
            "videoCodec": "h264", "videoResolution": "1080", "videoProfile": "high",
            "audioCodec": "aac", "audioChannels": 2, "container": "mkv"}  # fmt: skip
    parts = [
        {"id": number + at, "file": file, "size": 1_500_000_000 + at, "container": "mkv",
         "duration": duration // len(files), "key": f"/library/parts/{number + at}/1/file.mkv",
         "Stream": streams(number + at)}
        for at, file in enumerate(files)
    ]  # fmt: skip
    return told | facts | {"Part": parts}


def streams(number: int) -> list[Facts]:
    return [
        {"id": number * 10 + 1, "streamType": 1, "codec": "h264", "index": 0, "bitrate": 4000,
         "bitDepth": 8, "frameRate": 23.976, "width": 1920, "height": 1080, "profile": "high",
         "scanType": "progressive", "default": True, "displayTitle": "1080p (H.264)"},
        {"id": number * 10 + 2, "streamType": 2, "codec": "aac", "index": 1, "bitrate": 192,
         "channels": 2, "audioChannelLayout": "stereo", "samplingRate": 48000, "default": True,
         "language": "English", "languageCode": "eng", "languageTag": "en",
         "displayTitle": "English (AAC Stereo)"},
        {"id": number * 10 + 3, "streamType": 3, "codec": "srt", "index": 2,
         "language": "English", "languageCode": "eng", "languageTag": "en", "forced": True,
         "displayTitle": "English Forced (SRT)"},
    ]  # fmt: skip


def _item(key: int, kind: str, title: str) -> Facts:
    return {
        "ratingKey": str(key),
        "key": f"/library/metadata/{key}",
        "guid": f"plex://{kind}/{key:024x}",
        "type": kind,
        "title": title,
        "summary": "Invented.",
        "duration": 1_320_000 if kind == "episode" else 5_400_000,
        "addedAt": BEGAN + key * 60,
        "updatedAt": BEGAN + key * 60,
        "Genre": [{"tag": "Drama"}],
        "Role": [{"tag": "A. Actor", "role": "Hero"}],
        "Chapter": [{"id": 1, "tag": "Opening", "index": 1, "startTimeOffset": 0,
                     "endTimeOffset": 300_000}],
        "Marker": [{"id": 2, "type": "credits", "startTimeOffset": 1_200_000, "final": True,
                    "endTimeOffset": 1_320_000}],
    }  # fmt: skip


class Shelf:
    """A library.

    Args:
        items: films, or episodes; a sequence may make them as they are asked for.
    """

    def __init__(
        self,
        key: str,
        title: str,
        items: Sequence[Facts] | None = None,
        *,
        kind: str = "movie",
        shows: Iterable[Facts] = (),
        roots: Sequence[str] = ("/data",),
    ) -> None:
        self.key, self.title, self.kind, self.roots = key, title, kind, tuple(roots)
        self.items: Any = [] if items is None else items
        self.shows = list(shows)
        self.scanned_at, self.changes = BEGAN, 1
        self.more = 0  # items that it counts and does not tell

    def changed(self) -> None:
        """Something in it is another one now."""
        self.changes += 1

    def told(self) -> Facts:
        places = [{"id": n, "path": path} for n, path in enumerate(self.roots, 1)]
        return {"key": self.key, "type": self.kind, "title": self.title, "agent": "tv.plex.agents",
                "language": "en-US", "uuid": f"0000-{self.key}", "scannedAt": self.scanned_at,
                "contentChangedAt": self.changes, "refreshing": False,
                "Location": places}  # fmt: skip

    def of(self, kind: str | None) -> Sequence[Facts]:
        """Those of a kind, the oldest first, as they are asked for."""
        if self.kind == "show" and kind == "2":
            return self.shows
        if kind != TYPES.get(self.kind):
            return ()
        some = self.items
        return sorted(some, key=lambda one: one["addedAt"]) if isinstance(some, list) else some


class MadeUp(Sequence[Facts]):
    """So many episodes of 100 a show, made when they are asked for."""

    def __init__(self, count: int) -> None:
        self._count, self._first = count, 100_000
        self.shows = [show(n + 1, f"Show {n}", 2001) for n in range((count + 99) // 100)]

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, slice):
            return [self[n] for n in range(*at.indices(self._count))]
        if not 0 <= at < self._count:
            raise IndexError(at)
        of = self.shows[at // 100]
        return episode(of, self._first + at, at % 100 // 10 + 1, at % 10 + 1)

    def keyed(self, key: str) -> Facts | None:
        at = int(key) - self._first
        made: Facts | None = self[at] if 0 <= at < self._count else None
        return made


class PlexSite(LoopbackServer):
    """One server, with its libraries, which may change while it runs."""

    def __init__(self, shelves: Iterable[Shelf] = (), *, token: str = TOKEN) -> None:
        super().__init__()
        self.shelves, self.token = list(shelves), token
        self.requests: list[str] = []  # paths with their queries
        self.before: Callable[[Request], object] = lambda request: None
        self.trouble: dict[str, Reply] = {}  # said instead, by the beginning of a path
        self._lock = threading.RLock()

    @classmethod
    def of(cls, count: int, **options: Any) -> "PlexSite":
        """One with a library of so many made-up episodes."""
        made = MadeUp(count)
        return cls([Shelf("2", "Shows", made, kind="show", shows=made.shows)], **options)

    def answer(self, request: Request) -> Reply:
        with self._lock:
            self.requests.append(f"{request.path}?{request.raw_query}")
            self.before(request)
            if request.headers.get("X-Plex-Token") != self.token:
                return REFUSED
            for path, trouble in self.trouble.items():
                if request.path.startswith(path):
                    return trouble
            return self._routed(request)

    def _routed(self, request: Request) -> Reply:
        match request.path.strip("/").split("/"):
            case ["identity"]:
                return _reply({"size": 0, "claimed": True, "version": "1.43.2.10687"})
            case ["library", "sections"]:
                some = [shelf.told() for shelf in self.shelves]
                return _reply({"size": len(some), "allowSync": False, "Directory": some})
            case ["library", "sections", key, "all"]:
                shelf = next((one for one in self.shelves if one.key == key), None)
                return self._page(shelf, request) if shelf else NOT_THERE
            case ["library", "sections", _, "refresh"]:
                return Reply(200)
            case ["library", "metadata", keys]:
                return self._whole(keys.split(","))
        return NOT_THERE

    def _page(self, shelf: Shelf, request: Request) -> Reply:
        asked = request.query
        some = shelf.of(asked.get("type"))
        start = int(asked.get("X-Plex-Container-Start", 0))
        page = some[start : start + int(asked.get("X-Plex-Container-Size", len(some)))]
        guids = asked.get("includeGuids") == "1"
        told = {"size": len(page), "totalSize": len(some) + shelf.more, "offset": start}
        return _reply(told | {"Metadata": [_in_short(one, guids=guids) for one in page]})

    def _whole(self, keys: Sequence[str]) -> Reply:
        found = [one for key in keys if (one := self._find(key))]
        return _reply({"size": len(found), "Metadata": found}) if found else NOT_THERE

    def _find(self, key: str) -> Facts | None:
        for shelf in self.shelves:
            some = (
                [*shelf.shows] if isinstance(shelf.items, MadeUp) else [*shelf.items, *shelf.shows]
            )
            found: Facts | None = next((one for one in some if one["ratingKey"] == key), None)
            if found is None and isinstance(shelf.items, MadeUp):
                found = shelf.items.keyed(key)
            if found is not None:
                return found
        return None


def _in_short(item: Facts, *, guids: bool) -> Facts:
    """As lists tell it: without streams, chapters and markers."""
    left_out = {"Chapter", "Marker", "Role"} | (set() if guids else {"Guid"})
    told = {name: fact for name, fact in item.items() if name not in left_out}
    if "Media" in told:
        told["Media"] = [
            version | {"Part": [_without(part, "Stream") for part in version["Part"]]}
            for version in told["Media"]
        ]
    return told


def _without(facts: Mapping[str, Any], name: str) -> Facts:
    return {key: fact for key, fact in facts.items() if key != name}


def _reply(container: Facts) -> Reply:
    return Reply(200, msgspec.json.encode({"MediaContainer": container}), JSON)
