"""FileList: a private tracker's releases, by its JSON API.

Source: the API page of https://filelist.io for its members, and what Prowlarr, Radarr and Jackett
send there, as of 2026. Needs a login: user name and passkey. Allows 150 calls an hour; we count
torrent files among them. Asks for a ratio of 1 or 48 hours of seeding.

An answer counts only as a whole: one row without id, name, size or seeders raises BadAnswer, for
then the format changed, and what is missing cannot be told. Other fields of an odd form are left
out. The links in it hold the passkey and are never read: a torrent is fetched by its id.
"""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from hashlib import sha256
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
import requests
from msgspec import Meta, Struct

from movie_sync import settings, torrents
from movie_sync.errors import (
    BadAnswer,
    Blocked,
    NotAuthorised,
    NotFound,
    Refused,
    ServiceError,
    Unavailable,
)
from movie_sync.http import Http
from movie_sync.http_answers import retry_after_s
from movie_sync.models import Film, Release
from movie_sync.services.title_queries import titles, with_year

NAME = "filelist"
EXPLAINED = (400, 401, 403, 404, 410, 429, 503)  # their body says more than the number
MOST_LISTED = 100  # by latest-torrents
LONGEST_COMPLAINT = 100
SLOW_DOWN_S = 3600.0  # where a 429 does not say how long
SLOW_DOWN_AT_LEAST_S = 60.0
LOCKED_S = 3600.0
LOCKED, NO_RESULTS = -1, -2  # for what it says in words only

# It speaks English or Romanian.
_LIMIT = re.compile(r"rate limit|too many|maxim|dep[aă][sșş]i", re.IGNORECASE)
_LOGIN = re.compile(r"passkey|username|authent|autent", re.IGNORECASE)
_WORDS = (
    (403, _LOGIN),
    (NO_RESULTS, re.compile(r"no results", re.IGNORECASE)),
    (400, re.compile(r"invalid", re.IGNORECASE)),
    (503, re.compile(r"unavailable|maintenance", re.IGNORECASE)),
)
_IMDB_ID = re.compile(r"(?:tt)?0*([1-9][0-9]*)")


class Row(Struct):
    """What an answer must hold of each release, and may hold besides."""

    id: Annotated[int, Meta(ge=1)]
    name: Annotated[str, Meta(pattern=r"\S")]
    size: Annotated[int, Meta(ge=0)]
    seeders: Annotated[int, Meta(ge=0)]
    leechers: Any = 0
    imdb: Any = None
    category: Any = None  # the name; numbers are for asking only
    freeleech: Any = 0
    doubleup: Any = 0
    internal: Any = 0
    upload_date: Any = None


class FileList:
    """An `Indexer`. Its `Http` should have a budget, and try once only: each call is counted."""

    name = NAME

    def __init__(self, http: Http, settings: settings.FileList, passkey: str) -> None:
        self._http, self._budget = http, http.budget
        self._auth = settings.username.strip(), passkey.strip()
        self._login = fingerprint(*self._auth)
        self._categories = ",".join(map(str, settings.categories))

    def search(self, film: Film) -> list[Release]:
        """Releases by the film's IMDb id; if there are none, by its titles.

        Each query is a call, and there are few: one by id, and at most four by title. What is
        found by title may be of another film.
        """
        found = self._found("imdb", film.imdb_id) if film.imdb_id else {}
        if found:
            return list(found.values())
        usual, given = titles(film, other_letters=False)
        if not (usual or given or film.imdb_id):
            usual = [film.title]  # in other letters than release names have; still, asked is asked
        for title in usual:
            if found := self._found("name", with_year(title, film)):
                break
        for title in given:
            found |= self._found("name", with_year(title, film))
        return list(found.values())

    def latest(self) -> list[Release]:
        return self._releases("latest-torrents", limit=MOST_LISTED)

    def fetch(self, release: Release) -> bytes:
        what, params = f"torrent {release.id}", {"id": release.id, "passkey": self._auth[1]}
        response = self._get("/download.php", params, what)
        if response is None:
            raise NotFound(NAME, f"{what} is not there")
        if response.content.lstrip().startswith(b"<"):
            message = "came back as a page of the site; open it in a browser to see what it says"
            raise BadAnswer(NAME, f"{what} {message}")
        torrents.read(response.content, NAME)
        return response.content

    def check(self) -> str:
        self._releases("latest-torrents", limit=1)
        return f"login accepted; {self._budget.sentence()}" if self._budget else "login accepted"

    def _found(self, kind: str, query: str) -> dict[str, Release]:
        return {one.id: one for one in self._releases("search-torrents", type=kind, query=query)}

    def _releases(self, action: str, **params: str | int) -> list[Release]:
        if self._categories:
            params["category"] = self._categories
        response = self._get("/api.php", {"action": action, **params}, action)
        return [] if response is None else [_release(row) for row in _rows(response, action)]

    def _get(self, path: str, params: dict[str, Any], what: str) -> requests.Response | None:
        """An answer that is no complaint; None where it says in words that nothing was found."""
        response = self._http.get(
            path, params=params, accept=EXPLAINED, login=self._login, auth=self._auth
        )
        complaint = _complaint(response).replace(self._auth[1], "...")[:LONGEST_COMPLAINT]
        if response.status_code // 100 == 2 and not complaint:
            return response
        meaning = _meaning(response.status_code, complaint)
        if meaning == NO_RESULTS:
            return None
        raise self._failure(meaning, response, complaint, what)

    def _failure(
        self, meaning: int, response: requests.Response, complaint: str, what: str
    ) -> ServiceError:
        """Our name for a complaint. What it asks of us is remembered over a restart."""
        if meaning == 429:
            asked_s = retry_after_s(response)
            wait_s = SLOW_DOWN_S if asked_s is None else max(asked_s, SLOW_DOWN_AT_LEAST_S)
            message = "asked us to slow down"
            self._pause(wait_s, message)
            return Unavailable(NAME, f"{message}; no call for {wait_s / 60:.0f} min", wait_s)
        if meaning == LOCKED:
            message = "locked the login after too many failed ones"
            self._pause(LOCKED_S, message)
            return NotAuthorised(NAME, f"{message}; check user name and passkey")
        if meaning == 401 or (meaning == 403 and complaint):
            if self._budget:
                self._budget.refuse_login(self._login)
            message = "user name or passkey was refused; nothing is asked until they change"
            return NotAuthorised(NAME, message)
        return _plain_failure(meaning, response, complaint, what)

    def _pause(self, wait_s: float, reason: str) -> None:
        if self._budget:
            self._budget.pause(wait_s, reason)


def fingerprint(username: str, passkey: str) -> str:
    """Tells one login from another, and tells nothing else: a passkey has 128 random bits."""
    return sha256(f"movie-sync filelist\0{username}\0{passkey}".encode()).hexdigest()[:16]


def _complaint(response: requests.Response) -> str:
    """The text of `{"error": text}`, which may come with 200 too; empty if it is none."""
    if not response.content.lstrip().startswith(b"{"):
        return ""
    try:
        answer = msgspec.json.decode(response.content.decode("utf-8", "replace"))
    except msgspec.MsgspecError:
        return ""
    return str(answer.get("error", ""))


def _meaning(status: int, complaint: str) -> int:
    """The number that goes with a complaint, where it came with none or with too wide a one."""
    if status in (200, 401, 403) and _LIMIT.search(complaint):
        return LOCKED if status in (401, 403) or _LOGIN.search(complaint) else 429
    if status not in (200, 404):
        return status
    return next((number for number, words in _WORDS if words.search(complaint)), status)


def _plain_failure(
    meaning: int, response: requests.Response, complaint: str, what: str
) -> ServiceError:
    match meaning:
        case 400:
            return Refused(NAME, f"{what} was refused: {complaint or 'no reason given'}")
        case 403:
            return Blocked(NAME, f"{what}: kept out with a page (403) that is not the API's")
        case 404 | 410:
            return NotFound(NAME, f"{what} is not there")
        case 503:
            return Unavailable(NAME, f"{what}: out of service (503)", retry_after_s(response))
        case _:
            return BadAnswer(NAME, f"{what} answered with an error we do not know: {complaint}")


def _rows(response: requests.Response, action: str) -> list[Row]:
    # Names are typed by people: a stray byte in one of them must not spoil the answer.
    text = response.content.decode("utf-8-sig", "replace")
    try:
        return msgspec.json.decode(text, type=list[Row], strict=False)
    except msgspec.ValidationError as error:
        message = f"{action} has an unknown form, and none of it was used: {error}"
        raise BadAnswer(NAME, message) from error
    except msgspec.DecodeError as error:
        kind = response.headers.get("Content-Type", "nothing").split(";")[0]
        what = "broken JSON" if kind.endswith("json") else f"{kind}, not JSON"
        raise BadAnswer(NAME, f"{action} answered {what}") from error


def _release(row: Row) -> Release:
    imdb_id = _IMDB_ID.fullmatch(str(row.imdb).strip())
    return Release(
        indexer=NAME,
        id=str(row.id),
        name=row.name.strip(),
        size_bytes=row.size,
        seeders=row.seeders,
        leechers=row.leechers if isinstance(row.leechers, int) else 0,
        imdb_id=f"tt{imdb_id[1]:0>7}" if imdb_id else None,
        category=row.category.strip() or None if isinstance(row.category, str) else None,
        freeleech=_flag(row.freeleech),
        doubleup=_flag(row.doubleup),
        internal=_flag(row.internal),
        uploaded_at=_uploaded_at(row.upload_date),
    )


def _flag(value: object) -> bool:
    """0 or 1 today; true or false in 2020."""
    return str(value).lower() in ("1", "true")


def _uploaded_at(value: object) -> datetime | None:
    """From the local time of Romania, such as "2020-01-25 22:20:19"."""
    try:
        return datetime.fromisoformat(str(value)).replace(tzinfo=_romania()).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _romania() -> tzinfo:
    try:
        return ZoneInfo("Europe/Bucharest")  # kept by zoneinfo once it was read
    except ZoneInfoNotFoundError:
        return timezone(timedelta(hours=3))  # all year, as Prowlarr and Jackett read it
