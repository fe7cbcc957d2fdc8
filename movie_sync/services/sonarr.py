"""Sonarr: what it has, what it never wants, and the adding of shows.

Source: the API description and the source text of Sonarr 3.0.10, 4.0.0, 4.0.19 and 5 as of 2026:
version 3 of its API, which all of them serve. Needs the key that Sonarr shows under Settings,
General. It sets no limit. How it refuses is told in `arr.py`.

- No look-up is needed: Sonarr fetches what it needs to know of a TVDB id by itself.
- It does not ask its own list of exclusions when a show is added this way; so we do.
- Which Sonarr it is, is told by its version alone: 4 and 5 still answer for language profiles,
  with one that means nothing.
- A tag's number is not checked there, and a root folder is only from 4.0.9 on; so we do both.

The one thing to know: after an `add` that raised Unavailable or BadAnswer the show may be there.
"""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from movie_sync.errors import BadAnswer, ConfigError
from movie_sync.giving import Given, Outcome, Series, SeriesWish
from movie_sync.http import Http
from movie_sync.services.arr import Api, Complaint, Folder, Named, Reply, said
from movie_sync.services.arr_words import folder_of, listed, one_of

PROGRAM = "Sonarr"
TIMEOUT_S = (5.0, 60.0)  # it asks TVDB's facts of another server while we wait
LARGEST_LIBRARY_BYTES = 96 << 20  # some kilobytes a show, and no pages
PAGE = 1000  # exclusions
MOST_PAGES = 100

PAGED_EXCLUSIONS = (4, 0, 2, 1262)
MONITORS = ("all", "future", "missing", "existing", "firstSeason", "pilot", "none")
OF_VERSION_3 = (*MONITORS, "latestSeason")
OF_VERSION_4 = (*MONITORS, "lastSeason", "recent", "monitorSpecials", "unmonitorSpecials")
SAME_MONITOR = {"lastSeason": "latestSeason", "latestSeason": "lastSeason"}
# After which seasons that come later are not looked for: what was asked for is told by its name.
NO_NEW_SEASONS = {"existing", "firstSeason", "pilot", "none"}

# Complaints about one show. All others are about settings, and would come for every show.
CODES = {
    "SeriesExistsValidator": Outcome.EXISTS,
    "SeriesPathValidator": Outcome.CONFLICT,
    "SeriesTitleSlugValidator": Outcome.CONFLICT,
    "SeriesAncestorValidator": Outcome.CONFLICT,
    "SeriesFolderAsRootFolderValidator": Outcome.CONFLICT,  # a show "TV" in the root folder /tv
}
OF_SHOW = {"tvdbid": Outcome.UNKNOWN, "title": Outcome.REFUSED, "titleslug": Outcome.CONFLICT}
SETTINGS = {
    "rootfolderpath": "root_folder",
    "qualityprofileid": "quality_profile",
    "profileid": "quality_profile",
    "languageprofileid": "language_profile",
    "tags": "tags",
}


class _Series(Struct):
    id: int
    tvdbId: int  # noqa: N815 - as it is named there
    title: str = ""
    tvMazeId: int = 0  # noqa: N815 - as above


class _Exclusion(Struct):
    tvdbId: int  # noqa: N815 - as it is named there


class _Page(Struct):
    records: list[_Exclusion]
    totalRecords: int  # noqa: N815 - as it is named there


class _Added(Struct):
    id: int


class _Options(Struct, frozen=True):
    """What can be chosen there."""

    version: str
    folders: tuple[str, ...]
    qualities: Mapping[str, int]
    languages: Mapping[str, int]  # of version 3 alone


class Sonarr:
    """One Sonarr.

    Args:
        http: with `headers(key)`, `TIMEOUT_S` and `LARGEST_LIBRARY_BYTES`.
        instance: what the settings call it.
    """

    def __init__(self, http: Http, instance: str) -> None:
        self.instance = instance
        setting = f"sonarr.{instance}"
        self._api = Api(http, PROGRAM, setting, f"{setting}.api_key")
        self._options: _Options | None = None

    @property
    def name(self) -> str:
        return self._api.name

    @property
    def answers(self) -> Counter[tuple[str, int]]:
        """What was asked since the start: path and status; 0 is no answer."""
        return self._api.answers

    def check(self) -> str:
        """One sentence. Raises what is wrong."""
        there = self._options = self._read_options()
        return (
            f"Sonarr {there.version} answers; {listed(there.folders, 'root folders')}; "
            f"{listed(there.qualities, 'quality profiles')}"
        )

    def require(self, wish: SeriesWish) -> None:
        """Raises ConfigError: what it names is not there, and what is; nothing was added."""
        self._body(wish, self._chosen())

    def library(self) -> list[Series]:
        """Every show it has."""
        return [_series(each) for each in self._api.get("/series", list[_Series])]

    def find(self, tvdb_id: int) -> Series | None:
        """The show, where it has it."""
        found = self._api.get("/series", list[_Series], tvdbId=tvdb_id)
        return next((_series(each) for each in found if each.tvdbId == tvdb_id), None)

    def exclusions(self) -> frozenset[int]:
        """TVDB ids that its lists never add."""
        if numbers(self._version()) < PAGED_EXCLUSIONS:
            listed = self._api.get("/importlistexclusion", list[_Exclusion])
            return frozenset(each.tvdbId for each in listed)
        found: set[int] = set()
        for number in range(1, MOST_PAGES + 1):
            page = self._api.get("/importlistexclusion/paged", _Page, page=number, pageSize=PAGE)
            found |= {each.tvdbId for each in page.records}
            if not page.records or number * PAGE >= page.totalRecords:
                break
        return frozenset(found)

    def exclude(self, tvdb_id: int, title: str) -> None:
        """Have none of its lists add this show; one that is excluded already stays so."""
        reply = self._api.post("/importlistexclusion", {"tvdbId": tvdb_id, "title": title})
        known = any("already" in each.words for each in reply.complaints)
        if not known and (reply.complaints or reply.malformed):
            raise BadAnswer(self.name, f"took no exclusion of {title}: {said(reply)}")

    def add(self, wish: SeriesWish) -> Given:
        """Give it a show; tags that it lacks are made.

        Raises:
            Unavailable, BadAnswer: the show may be there or not: ask `find` before it is repeated.
            NotAuthorised: nothing was added.
            ConfigError: a setting names what is not there; it says what is; nothing was added.
        """
        options = self._chosen()
        body = self._body(wish, options)
        if wish.tags:
            body["tags"] = self._api.tags(wish.tags)
        reply = self._api.post("/series", body)
        if reply.malformed:
            raise self._wrong_setting(reply)
        if reply.status == 409:
            return self._in_the_way(wish, reply)
        if reply.complaints:
            return self._refused(reply)
        if reply.status == 400:
            return Given(Outcome.REFUSED, None, "it was refused without a word")
        return Given(Outcome.ADDED, self._api.decode(reply.body, _Added, "the new show").id)

    def close(self) -> None:
        self._api.close()

    def _in_the_way(self, wish: SeriesWish, reply: Reply) -> Given:
        """Somebody added it at the same moment, or another show has its name in addresses."""
        if there := self.find(wish.tvdb_id):
            return Given(Outcome.EXISTS, there.id)
        return Given(Outcome.CONFLICT, None, said(reply))

    def _refused(self, reply: Reply) -> Given:
        known = [(each, outcome) for each in reply.complaints if (outcome := _of_show(each))]
        if len(known) < len(reply.complaints) and not any(o is Outcome.EXISTS for _, o in known):
            raise self._wrong_setting(reply)
        first, outcome = min(known, key=lambda pair: pair[1] is not Outcome.EXISTS)
        return Given(outcome, None, first.words)

    def _wrong_setting(self, reply: Reply) -> ConfigError:
        self._options = None  # what was there when we asked may be gone
        about = next((each.about for each in reply.complaints if not _of_show(each)), "")
        name = SETTINGS.get(about.casefold()) or ("monitor" if "monitor" in about else "")
        what = f"set {self._api.settings}.{name}" if name else "look at its settings there"
        return ConfigError(f"{self.name} refuses: {said(reply)}; nothing was added; {what}")

    def _body(self, wish: SeriesWish, there: _Options) -> dict[str, Any]:
        version = numbers(there.version)
        monitor = self._monitor(wish.monitor, version)
        body: dict[str, Any] = {
            "title": wish.title,
            "tvdbId": wish.tvdb_id,
            "qualityProfileId": one_of(
                wish.quality_profile, there.qualities, self.name, "quality profile"
            ),
            "rootFolderPath": folder_of(wish.root_folder, there.folders, self.name),
            "monitored": monitor != "none",
            "seasonFolder": wish.season_folder,
            "seriesType": wish.series_type,
            "addOptions": {
                "monitor": monitor,
                "searchForMissingEpisodes": wish.search,
                "searchForCutoffUnmetEpisodes": False,
            },
        }
        if version[0] == 3:
            body["languageProfileId"] = one_of(
                wish.language_profile, there.languages, self.name, "language profile"
            )
        else:
            body["monitorNewItems"] = "none" if monitor in NO_NEW_SEASONS else "all"
        return body

    def _monitor(self, wanted: str, version: tuple[int, ...]) -> str:
        has = OF_VERSION_3 if version[0] == 3 else OF_VERSION_4
        for name in (wanted, SAME_MONITOR.get(wanted, wanted)):
            if name in has:
                return name
        raise ConfigError(
            f'Sonarr {version[0]} does not know "{wanted}" in {self._api.settings}.monitor; it '
            f"knows {', '.join(has)}"
        )

    def _chosen(self) -> _Options:
        """What can be chosen; asked once, and again after another Sonarr has begun to answer."""
        if self._options is None or self._api.version not in (None, self._options.version):
            self._options = self._read_options()
        return self._options

    def _version(self) -> str:
        return self._api.version or self._read_status()

    def _read_status(self) -> str:
        version = self._api.status().version
        if numbers(version) < (3,):
            raise ConfigError(
                f"{self.name} is Sonarr {version}, which has no interface that we know; 3, 4 and "
                "5 have it"
            )
        self._api.version = version
        return version

    def _read_options(self) -> _Options:
        version = self._read_status()
        of_3 = numbers(version)[0] == 3
        folders = tuple(each.path for each in self._api.get("/rootfolder", list[Folder]))
        qualities = _by_name(self._api.get("/qualityprofile", list[Named]))
        languages = _by_name(self._api.get("/languageprofile", list[Named])) if of_3 else {}
        return _Options(self._api.version or version, folders, qualities, languages)


def numbers(version: str) -> tuple[int, ...]:
    """ "4.0.19.2979" as numbers, to compare."""
    return tuple(int(each) for each in re.findall(r"\d{1,9}", version)[:4]) or (0,)


def _of_show(complaint: Complaint) -> Outcome | None:
    """What it says of this one show; None where it would be said of every show."""
    if complaint.code in CODES:
        return CODES[complaint.code]
    about = complaint.about.casefold()
    if about == "tvdbid" and "already been added" in complaint.words:
        return Outcome.EXISTS  # as it was told before there were codes
    return OF_SHOW.get(about)


def _series(each: _Series) -> Series:
    return Series(each.id, each.tvdbId, each.tvMazeId or None, each.title)


def _by_name(profiles: list[Named]) -> dict[str, int]:
    return {each.name: each.id for each in profiles}
