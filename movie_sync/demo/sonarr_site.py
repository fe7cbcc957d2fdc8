"""Sonarr on 127.0.0.1: what it has, what it adds, and each of its ways to say no.

It answers as version 3, 4 or 5 does: a list of complaints, an object with `errors`, one with
`message`, or nothing at all. It knows the TVDB ids of `world` alone, as Sonarr knows those that
its own server of facts has. What goes wrong is said by setting `trouble`; `asked` holds every
request, and `added` each show that was taken, in order.
"""

import json
import re
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from movie_sync.demo.server import LoopbackServer, Reply, Request

JSON = "application/json; charset=utf-8"
MONITORS = {"all", "future", "missing", "existing", "firstSeason", "latestSeason", "pilot", "none"}
OF_VERSION_4 = {"lastSeason", "recent", "monitorSpecials", "unmonitorSpecials", "skip"}
TYPES = {"standard", "daily", "anime"}
STARTING = Reply(503, b'{"errorMessage":"Sonarr is starting up, please try again later"}', JSON)
PROXY = Reply(502, b"<html><body><h1>502 Bad Gateway</h1></body></html>")
SKYHOOK = Reply(
    500, b'{"message":"Unable to communicate with SkyHook.","description":"at NzbDrone.Core"}', JSON
)
RACE = Reply(
    409, b'{"message":"constraint failed\\nUNIQUE constraint failed: Series.TitleSlug"}', JSON
)


class SonarrSite(LoopbackServer):
    """One Sonarr.

    Args:
        world: TVDB ids that exist -> titles.
        version: that it says it has, and acts by.
        url_base: path below which alone it answers; it leads others there.
    """

    def __init__(
        self,
        world: Mapping[int, str],
        *,
        key: str = "k" * 32,
        version: str = "4.0.19.2979",
        url_base: str = "",
    ) -> None:
        super().__init__()
        self.key, self.version, self.url_base = key, version, url_base
        self.world = dict(world)
        self.folders = ["/tv"]
        self.qualities, self.languages = {"Any": 1, "HD-1080p": 4}, {"English": 1}
        self.tags: dict[str, int] = {}
        self.series: dict[int, dict[str, Any]] = {}  # by Sonarr's own number
        self.exclusions: dict[int, str] = {}  # TVDB ids -> titles
        self.asked: list[Request] = []
        self.added: list[dict[str, Any]] = []  # bodies, as they were sent
        # Said instead, by "METHOD /path" or "" for everything. A function may do as it likes.
        self.trouble: dict[str, Reply | Callable[[Request], Reply | None]] = {}
        self._last_id = 0
        self._lock = threading.RLock()

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])

    def own(self, tvdb_id: int, title: str = "", **facts: Any) -> int:
        """It has this show already; returns its number."""
        title = title or self.world.get(tvdb_id, f"Show {tvdb_id}")
        with self._lock:
            self._last_id += 1
            made = {"id": self._last_id, "tvdbId": tvdb_id, "title": title, "tags": []}
            made |= {"titleSlug": _slug(title), "path": f"{self.folders[0]}/{title}"}
            self.series[self._last_id] = made | facts
            return self._last_id

    def hears_and_says_nothing(self, request: Request) -> Reply | None:
        """A trouble: what was asked is done, and the answer never comes."""
        self._routed(request, self._below(request.path) or "")
        self.stopping.wait()
        return None

    def says_nothing(self, request: Request) -> Reply | None:
        """A trouble: nothing is done, and no answer comes."""
        self.stopping.wait()
        return None

    def answer(self, request: Request) -> Reply:
        with self._lock:
            self.asked.append(request)
        path = self._below(request.path)
        if path is None:
            return Reply(307, headers={"Location": f"{self.url_base}{request.path}"})
        trouble = self.trouble.get(f"{request.method} {path}") or self.trouble.get("")
        said = trouble(request) if callable(trouble) else trouble
        if said:
            return said
        if request.headers.get("X-Api-Key") != self.key:
            body = b'{"error": "Unauthorized"}' if self.major == 3 else b""
            return Reply(401, body, JSON)
        with self._lock:
            return self._routed(request, path)

    def _below(self, path: str) -> str | None:
        """The path of the API; None where it is asked below another URL base."""
        below = path.removeprefix(self.url_base) if path.startswith(self.url_base) else ""
        return below.removeprefix("/api/v3") if below.startswith("/api/v3/") else None

    def _routed(self, request: Request, path: str) -> Reply:
        ways: dict[str, Callable[[Request], Reply]] = {
            "GET /system/status": self._status,
            "GET /rootfolder": self._folders,
            "GET /qualityprofile": lambda _: self._json(_named(self.qualities)),
            "GET /languageprofile": self._languages,
            "GET /tag": lambda _: self._json(_named(self.tags, "label")),
            "POST /tag": self._tag,
            "GET /series": lambda asked: self._json(self._wanted(asked.query.get("tvdbId"))),
            "POST /series": lambda asked: self._add(json.loads(asked.body)),
            "GET /series/lookup": self._look_up,
            "GET /importlistexclusion": lambda _: self._json(list(self._exclusions())),
            "POST /importlistexclusion": self._exclude,
            "DELETE /series/": self._delete,
        }
        if self.major > 3:
            ways["GET /importlistexclusion/paged"] = self._page
        way = ways.get(f"{request.method} {re.sub('[0-9]+$', '', path)}")
        return way(request) if way else self._json({"message": "NotFound", "description": ""}, 404)

    def _status(self, request: Request) -> Reply:
        return self._json({"appName": "Sonarr", "version": self.version, "urlBase": self.url_base})

    def _folders(self, request: Request) -> Reply:
        some = enumerate(self.folders, 1)
        return self._json([{"id": n, "path": each, "accessible": True} for n, each in some])

    def _languages(self, request: Request) -> Reply:
        if self.major == 3:
            return self._json(_named(self.languages))
        return self._json(_named({"Deprecated": 1}), Deprecation="true")

    def _tag(self, request: Request) -> Reply:
        label = json.loads(request.body)["label"].lower()
        if self.major > 4 and not re.fullmatch("[a-z0-9-]+", label):
            return self._complain("Label", "RegularExpressionValidator", "Allowed characters a-z, "
                                  "0-9 and -")  # fmt: skip
        number = self.tags.setdefault(label, len(self.tags) + 1)
        return self._json({"id": number, "label": label}, 201)

    def _wanted(self, tvdb_id: str | None) -> list[dict[str, Any]]:
        everything = self.series.values()
        return [each for each in everything if tvdb_id in (None, str(each["tvdbId"]))]

    def _look_up(self, request: Request) -> Reply:
        tvdb_id = int(request.query["term"].partition(":")[2] or 0)
        there = self._wanted(str(tvdb_id))
        known = [{"tvdbId": tvdb_id, "title": title}] if (title := self.world.get(tvdb_id)) else []
        return self._json(there or known)

    def _add(self, body: dict[str, Any]) -> Reply:
        wrong = self._malformed(body)
        if wrong:
            field, words = wrong
            what = {"title": "One or more validation errors occurred.", "status": 400}
            return self._json(what | {"errors": {f"$.{field}": [words]}}, 400)
        complaint = self._complaint(body)
        if complaint:
            return self._complain(*complaint)
        self.added.append(body)
        title = self.world[body["tvdbId"]]
        facts = {name: body[name] for name in ("tags", "monitored") if name in body}
        number = self.own(body["tvdbId"], title, **facts)
        path = f"{body['rootFolderPath']}/{title}"
        self.series[number]["path"] = path
        return self._json(self.series[number], 201)

    def _malformed(self, body: Mapping[str, Any]) -> tuple[str, str] | None:
        monitors = MONITORS | OF_VERSION_4 if self.major > 3 else MONITORS
        unknown = "The JSON value could not be converted"
        if body["addOptions"]["monitor"] not in monitors:
            return "addOptions.monitor", unknown
        return None if body["seriesType"] in TYPES else ("seriesType", unknown)

    def _complaint(self, body: Mapping[str, Any]) -> tuple[str, str, str] | None:
        """Property, code and sentence of the first thing that is wrong."""
        tvdb_id, folder = body["tvdbId"], body["rootFolderPath"]
        title = self.world.get(tvdb_id, "")
        of_profile = "QualityProfileExistsValidator" if self.major > 3 else "ProfileExistsValidator"
        checks = (
            (self._wanted(str(tvdb_id)), "TvdbId", "SeriesExistsValidator",
             "This series has already been added"),
            (not title, "TvdbId", "",
             "A series with this ID was not found. http://skyhook.sonarr.tv/v1/tvdb/shows/en/1"),
            (body["qualityProfileId"] not in self.qualities.values(), "QualityProfileId",
             of_profile, "Quality Profile does not exist"),
            (self.major == 3 and body.get("languageProfileId") not in self.languages.values(),
             "LanguageProfileId", "LanguageProfileExistsValidator",
             "Language profile does not exist"),
            (self.major > 3 and folder not in self.folders, "RootFolderPath",
             "RootFolderExistsValidator", f"Root folder '{folder}' does not exist"),
            (any(each["path"] == f"{folder}/{title}" for each in self.series.values()), "Path",
             "SeriesPathValidator", f"Path '{folder}/{title}' is already configured for another "
             "series"),
            (any(each["titleSlug"] == _slug(title) for each in self.series.values()), "TitleSlug",
             "SeriesTitleSlugValidator", f"Title slug '{_slug(title)}' is in use by series "
             f"'{title}'"),
        )  # fmt: skip
        return next(((about, code, text) for bad, about, code, text in checks if bad), None)

    def _exclude(self, request: Request) -> Reply:
        body = json.loads(request.body)
        if body["tvdbId"] in self.exclusions:
            return self._complain("TvdbId", "ImportListExclusionExistsValidator",
                                  "This exclusion has already been added.")  # fmt: skip
        self.exclusions[body["tvdbId"]] = body["title"]
        return self._json({"id": len(self.exclusions)} | body, 201)

    def _exclusions(self) -> Iterable[dict[str, Any]]:
        for number, (tvdb_id, title) in enumerate(self.exclusions.items(), 1):
            yield {"id": number, "tvdbId": tvdb_id, "title": title}

    def _page(self, request: Request) -> Reply:
        page, size = int(request.query["page"]), int(request.query["pageSize"])
        everything = list(self._exclusions())
        some = everything[(page - 1) * size : page * size]
        return self._json(
            {"page": page, "pageSize": size, "totalRecords": len(everything), "records": some}
        )

    def _delete(self, request: Request) -> Reply:
        gone = self.series.pop(int(request.path.rpartition("/")[2]), None)
        if gone is None:
            return self._json({"message": "NotFound", "description": ""}, 404)
        if request.query.get("addImportListExclusion") == "true":
            self.exclusions[gone["tvdbId"]] = gone["title"]
        return self._json({})

    def _complain(self, about: str, code: str, words: str) -> Reply:
        complaint = {"propertyName": about, "errorMessage": words, "severity": "error"}
        return self._json([complaint | ({"errorCode": code} if code else {})], 400)

    def _json(self, value: object, status: int = 200, **headers: str) -> Reply:
        told = {"X-Application-Version": self.version} | headers
        return Reply(status, json.dumps(value, indent=2).encode(), JSON, told)


def _named(profiles: Mapping[str, int], called: str = "name") -> list[dict[str, Any]]:
    return [{"id": number, called: name} for name, number in profiles.items()]


def _slug(title: str) -> str:
    return re.sub("[^a-z0-9]+", "-", title.lower()).strip("-")
