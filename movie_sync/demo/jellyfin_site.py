"""A Jellyfin, or an Emby, on 127.0.0.1: libraries in pages, and whose watching is asked for.

Jellyfin takes the key in the header Authorization alone, Emby in X-Emby-Token. Films and episodes
are made by `film` and `episode`, one by one or ten thousand at once. What goes wrong is said by
setting `trouble`; `requests` holds what it was asked, and `before` may change the libraries before
each answer.
"""

import re
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from movie_sync.demo.server import LoopbackServer, Reply, Request

JSON = "application/json; charset=utf-8"
KEY = "demo-key-of-jellyfin"
BEGAN = datetime(2022, 4, 15, tzinfo=UTC)  # when the first item was added; each a minute later
TICKS_A_MIN = 600_000_000
ANN, BEN = f"{1:032x}", f"{2:032x}"  # ids of people

Facts = dict[str, Any]

REFUSED = Reply(401)
NOT_THERE = Reply(404, b'{"title":"Not Found","status":404}', JSON)
BROKEN = Reply(500, b"Error processing request.", "text/plain")
OF_LISTS = {"Path", "MediaSources", "ProviderIds", "OriginalTitle", "Overview", "Genres"}
OF_LISTS |= {"Chapters", "DateLastSaved", "Etag"}  # told where they are asked for


def film(number: int, name: str, year: int, *, file: str = "", **facts: Any) -> Facts:
    file = file or f"/media/films/{name} ({year})/{name} ({year}).mkv"
    made = _item(number, "Movie", name, 90) | {"ProductionYear": year}
    made["ProviderIds"] = {"Imdb": f"tt{number:07}", "Tmdb": str(number + 1000)}
    return made | {"Path": file, "MediaSources": [source(f"{number:032x}", file)]} | facts


def show(number: int, name: str, year: int, **facts: Any) -> Facts:
    made = _item(number, "Series", name, 22) | {"ProductionYear": year, "IsFolder": True}
    return made | {"ProviderIds": {"Tvdb": str(number + 70_000), "Imdb": ""}} | facts


def episode(
    of: Facts, number: int, season: int, index: int, *, file: str = "", **facts: Any
) -> Facts:
    name = of["Name"]
    file = file or f"/media/shows/{name}/Season {season:02}/{name} S{season:02}E{index:02}.mkv"
    made = _item(number, "Episode", f"Episode {index}", 22) | {
        "SeriesId": of["Id"],
        "SeriesName": name,
        "ParentIndexNumber": season,
        "IndexNumber": index,
        "PremiereDate": "2001-02-01T00:00:00.0000000Z",
        "ProviderIds": {"Tvdb": str(number + 80_000)},
        "Path": file,
        "MediaSources": [source(f"{number:032x}", file, minutes=22)],
    }
    return made | facts


def source(source_id: str, file: str, *, minutes: int = 90, **facts: Any) -> Facts:
    told = {"Id": source_id, "Path": file, "Protocol": "File", "Type": "Default",
            "Container": "mkv", "Size": 1_500_000_000, "Bitrate": 4_192_000,
            "RunTimeTicks": minutes * TICKS_A_MIN, "MediaStreams": streams()}  # fmt: skip
    return told | facts


def streams() -> list[Facts]:
    return [
        {"Type": "Video", "Codec": "h264", "Index": 0, "Width": 1920, "Height": 1080,
         "BitDepth": 8, "BitRate": 4_000_000, "Profile": "High", "RealFrameRate": 23.976025,
         "VideoRange": "SDR", "VideoRangeType": "SDR", "IsInterlaced": False, "IsDefault": True},
        {"Type": "Audio", "Codec": "aac", "Index": 1, "Language": "eng", "Channels": 2,
         "ChannelLayout": "stereo", "SampleRate": 48000, "BitRate": 192_000, "IsDefault": True},
        {"Type": "Subtitle", "Codec": "subrip", "Index": 2, "Language": "eng", "IsForced": True,
         "IsExternal": False},
    ]  # fmt: skip


def _item(number: int, kind: str, name: str, minutes: int) -> Facts:
    added = moment(BEGAN + timedelta(minutes=number))
    return {
        "Id": f"{number:032x}",
        "Type": kind,
        "Name": name,
        "Overview": "Invented.",
        "Genres": ["Drama"],
        "RunTimeTicks": minutes * TICKS_A_MIN,
        "DateCreated": added,
        "DateLastSaved": added,
        "Etag": f"{number:x}",
        "LocationType": "FileSystem",
        "Chapters": [{"StartPositionTicks": 0, "Name": "Opening"},
                     {"StartPositionTicks": 5 * TICKS_A_MIN, "Name": "Chapter 2"}],
        "watched": {},
    }  # fmt: skip


def moment(when: datetime) -> str:
    return f"{when:%Y-%m-%dT%H:%M:%S}.0000000Z"


class Shelf:
    """A library.

    Args:
        kind: "movies", "tvshows", "music"; None is a mixed one.
        items: a sequence may make them as they are asked for.
    """

    def __init__(
        self,
        number: int,
        name: str,
        items: Sequence[Facts] | None = None,
        *,
        kind: str | None = "movies",
        shows: Iterable[Facts] = (),
    ) -> None:
        self.id, self.name, self.kind = f"{number:032x}", name, kind
        self.items: Any = [] if items is None else items
        self.shows = list(shows)
        self.more = 0  # items that it counts and does not tell

    def told(self) -> Facts:
        kind = {"CollectionType": self.kind} if self.kind else {}
        return {"Name": self.name, "ItemId": self.id, "Locations": ["/media"]} | kind

    def of(self, types: Iterable[str]) -> Sequence[Facts]:
        if isinstance(self.items, MadeUp):
            return self.items if "Episode" in types else self.shows
        some = [one for one in (*self.items, *self.shows) if one["Type"] in types]
        return sorted(some, key=lambda one: (one["DateCreated"], one["Name"]))


class MadeUp(Sequence[Facts]):
    """So many episodes of 100 a show, made when they are asked for."""

    def __init__(self, count: int) -> None:
        self._count = count
        self.shows = [show(n + 1, f"Show {n}", 2001) for n in range((count + 99) // 100)]

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, slice):
            return [self[n] for n in range(*at.indices(self._count))]
        if not 0 <= at < self._count:
            raise IndexError(at)
        return episode(self.shows[at // 100], 100_000 + at, at % 100 // 10 + 1, at % 10 + 1)


class JellyfinSite(LoopbackServer):
    """One server, with its libraries, which may change while it runs.

    Args:
        emby: it is an Emby.
    """

    def __init__(
        self, shelves: Iterable[Shelf] = (), *, key: str = KEY, emby: bool = False
    ) -> None:
        super().__init__()
        self.shelves, self.key, self.emby = list(shelves), key, emby
        self.users = [
            {"Id": BEN, "Name": "Ben", "Policy": {"IsAdministrator": False, "IsDisabled": False}},
            {"Id": ANN, "Name": "Ann", "Policy": {"IsAdministrator": True, "IsDisabled": False}},
        ]
        self.parts: dict[str, list[Facts]] = {}  # further files, by an item's id
        self.segments: dict[str, list[Facts]] = {}  # by an item's id
        self.requests: list[str] = []  # paths with their queries
        self.before: Callable[[Request], object] = lambda request: None
        self.trouble: dict[str, Reply] = {}  # said instead, by a part of a path with its query
        self._lock = threading.RLock()

    @classmethod
    def of(cls, count: int, **options: Any) -> "JellyfinSite":
        """One with a library of so many made-up episodes."""
        made = MadeUp(count)
        return cls([Shelf(2, "Shows", made, kind="tvshows", shows=made.shows)], **options)

    def answer(self, request: Request) -> Reply:
        with self._lock:
            asked = f"{request.path}?{request.raw_query}"
            self.requests.append(asked)
            self.before(request)
            if not self._may(request):
                return REFUSED
            for part, trouble in self.trouble.items():
                if part in asked:
                    return trouble
            return self._routed(request)

    def _may(self, request: Request) -> bool:
        if self.emby:
            return request.headers.get("X-Emby-Token") == self.key
        told = request.headers.get("Authorization") or ""
        return re.search(r'^MediaBrowser .*\bToken="([^"]*)"', told) is not None and (
            f'Token="{self.key}"' in told
        )

    def _routed(self, request: Request) -> Reply:
        plain: dict[str, Callable[[], Reply]] = {
            "/System/Info": lambda: _reply({"Version": "4.9.1.2" if self.emby else "12.0.1"}),
            "/Users": lambda: _reply(self.users),
            "/Library/VirtualFolders": lambda: _reply([one.told() for one in self.shelves]),
            "/Library/Media/Updated": lambda: Reply(204),
            "/Items": lambda: self._items(request.query),
        }
        if request.path in plain:
            return plain[request.path]()
        match request.path.strip("/").split("/"):
            case ["Videos", item_id, "AdditionalParts"]:
                return _listed(self.parts.get(item_id, []))
            case ["MediaSegments", item_id] if not self.emby:
                return _listed(self.segments.get(item_id, []))
        return NOT_THERE

    def _items(self, asked: Mapping[str, str]) -> Reply:
        shelf = next((one for one in self.shelves if one.id == asked.get("ParentId")), None)
        if shelf is None:
            return NOT_THERE
        some = shelf.of(asked["IncludeItemTypes"].split(","))
        user = asked.get("UserId", "")
        since = asked.get("MinDateLastSaved")
        if since:
            some = [one for one in some if one["DateLastSaved"] >= since]
        if asked.get("SortBy") == "DatePlayed" and not isinstance(some, MadeUp):
            some = sorted(some, key=lambda one: _played(one, user), reverse=True)
        start = int(asked.get("StartIndex", 0))
        page = some[start : start + int(asked.get("Limit", len(some)))]
        fields = set(asked.get("Fields", "").split(","))
        return _listed([_told(one, fields, user) for one in page], len(some) + shelf.more)


def _played(item: Facts, user: str) -> str:
    return str(item["watched"].get(user, {}).get("LastPlayedDate", ""))


def _told(item: Facts, fields: set[str], user: str) -> Facts:
    """What is asked for of it, with what the one who asks has watched of it."""
    left_out = (OF_LISTS - fields) | {"watched", "DateCreated"}
    told = {name: fact for name, fact in item.items() if name not in left_out}
    if user:
        none = {"Played": False, "PlayCount": 0, "PlaybackPositionTicks": 0}
        told["UserData"] = none | item["watched"].get(user, {})
    return told


def _listed(items: Sequence[Facts], total: int | None = None) -> Reply:
    total = len(items) if total is None else total
    return _reply({"Items": items, "TotalRecordCount": total, "StartIndex": 0})


def _reply(value: Any) -> Reply:
    return Reply(200, msgspec.json.encode(value), JSON)
