"""TVmaze: every show there is, page by page, and which of them changed.

Source: https://www.tvmaze.com/api, as of 2026. No login. It allows about 20 calls in 10 s from one
address, answers 429 beyond that, and asks for one connection and a name of one's own. Its data is
licensed CC BY-SA: the address of a show's page there is kept, and has to be shown with its facts.
Answers may be old: of the index up to a day, of all else up to an hour.

The one thing to know: page n holds ids 250 n to 250 n + 249. Deleted shows leave gaps, so a page
may be short or empty without being the last: only 404 ends the index.
"""

import logging
import random
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal, TypeVar

import msgspec
import requests
from msgspec import Meta, Struct

from movie_sync.errors import BadAnswer, Blocked, NotAuthorised, NotFound, ServiceError, Unavailable
from movie_sync.http import Http
from movie_sync.http_answers import retry_after_s
from movie_sync.models import Show
from movie_sync.rates import Rate

log = logging.getLogger(__name__)

NAME = "tvmaze"
ATTRIBUTION = "Data from TVmaze (https://www.tvmaze.com), licensed CC BY-SA"
PER_PAGE = 250
PER_S = 10.0  # `rate_limit` requests in so many seconds
LONGEST_WAIT_S = 60.0  # a longer pause ends the reading, which goes on from there later
BACK_OFF_S = (2.0, 4.0, 8.0, 16.0, 30.0)  # where a 429 does not say how long
MOST_ID = 2**31 - 1

Window = Literal["day", "week", "month"]
T = TypeVar("T")


class Country(Struct, frozen=True):
    code: str | None = None


class Channel(Struct, frozen=True):
    name: str | None = None
    country: Country | None = None


class Rating(Struct, frozen=True):
    average: float | None = None


class Externals(Struct, frozen=True):
    thetvdb: int | None = None
    imdb: str | None = None


class Told(Struct, frozen=True):
    """A show as TVmaze tells it. Whatever is not its id or name may be null or missing."""

    id: Annotated[int, Meta(ge=1, le=MOST_ID)]
    name: Annotated[str, Meta(min_length=1)]
    url: str | None = None
    updated: int | None = None
    type: str | None = None
    language: str | None = None
    genres: list[str] | None = None
    status: str | None = None
    runtime: float | None = None
    averageRuntime: float | None = None  # noqa: N815 - its own name
    premiered: str | None = None
    ended: str | None = None
    rating: Rating | None = None
    network: Channel | None = None
    webChannel: Channel | None = None  # noqa: N815
    externals: Externals | None = None


_page = msgspec.json.Decoder(list[Told])
_changes = msgspec.json.Decoder(dict[int, int])


class TvMaze:
    """The catalogue. Its `Http` should have `rate` as its pacer."""

    name = NAME

    def __init__(self, http: Http, rate: Rate) -> None:
        self._http, self._rate = http, rate
        # What was asked since the start: "index", "show" or "updates", and the status; 0 is none.
        self.answers: Counter[tuple[str, int]] = Counter()

    def page(self, number: int) -> list[Show] | None:
        """One page of the index, or None past its end.

        Raises:
            Unavailable: try the same page again later.
            BadAnswer: a show lacks its id or name.
        """
        path = f"/shows?page={number}"
        response = self._get(path, "index")
        if response.status_code == 404:
            _require_own(response, path)
            return None
        try:
            told = _page.decode(_plain(response))
        except msgspec.ValidationError:
            told = _mended(_decoded(response, path, list), path)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise _no_json(response, path) from None
        return [_show(one) for one in told]

    def show(self, tvmaze_id: int) -> Show:
        """One show, perhaps under another id where two were merged.

        Raises:
            NotFound: TVmaze has it no more.
            Unavailable, BadAnswer: as `page`.
        """
        path = f"/shows/{tvmaze_id}"
        response = self._get(path, "show")
        if response.status_code == 404:
            _require_own(response, path)
            raise NotFound(NAME, f"there is no show {tvmaze_id} any more")
        return _show(_mended([_decoded(response, path, dict)], path)[0])

    def updates(self, since: Window | None = None) -> dict[int, int]:
        """When each show changed last, in Unix seconds, by id: all shows, or those of a window."""
        path = f"/updates/shows?since={since}" if since else "/updates/shows"
        response = self._get(path, "updates")
        if response.status_code == 404:
            raise BadAnswer(NAME, f"{path} is not there")
        try:
            found = _changes.decode(response.content)
        except msgspec.MsgspecError:
            raise _no_json(response, path) from None
        if not found and since is None:
            raise BadAnswer(NAME, f"{path} names no show at all")
        return found

    def check(self) -> str:
        """One sentence. Raises what is wrong."""
        return f"answers; {len(self.updates('day'))} shows changed within a day"

    def _get(self, path: str, what: str) -> requests.Response:
        """An answer with 200 or 404. Who is told to slow down waits, and all others with him."""
        for back_off_s in (*BACK_OFF_S, None):
            if (left_s := self._rate.paused_s()) > LONGEST_WAIT_S:
                raise Unavailable(NAME, "asked us to slow down", left_s)
            response = self._ask(path, what)
            if response.status_code != 429:
                return response
            asked_s = retry_after_s(response)
            wait_s = asked_s if asked_s is not None else _jittered(back_off_s or BACK_OFF_S[-1])
            self._rate.pause(wait_s)
            if wait_s > LONGEST_WAIT_S or back_off_s is None:
                raise Unavailable(NAME, "asks us to slow down", wait_s)
            log.debug("tvmaze: asks us to slow down; next call in %.1f s", wait_s)
        raise AssertionError  # the last turn returns or raises

    def _ask(self, path: str, what: str) -> requests.Response:
        try:
            response = self._http.get(path, accept=(404, 429))
        except NotAuthorised:  # it knows no login, so something before it refuses
            self.answers[what, 401] += 1
            raise Blocked(NAME, f"{path.partition('?')[0]} is closed to us") from None
        except ServiceError:
            self.answers[what, 0] += 1
            raise
        self.answers[what, response.status_code] += 1
        return response


def _jittered(wait_s: float) -> float:
    return wait_s * random.uniform(1.0, 1.25)  # noqa: S311 - not a secret


def _require_own(response: requests.Response, path: str) -> None:
    """A 404 of its own is JSON. One of a proxy would be taken for the end of the catalogue."""
    try:
        told = msgspec.json.decode(response.content) if response.content else None
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise BadAnswer(NAME, f"{path} answered 404 in a form that is not its own") from None
    if told is not None and not (isinstance(told, dict) and told.get("status", 404) == 404):
        raise BadAnswer(NAME, f"{path} answered 404 in a form that is not its own")


def _no_json(response: requests.Response, path: str) -> BadAnswer:
    kind = response.headers.get("Content-Type", "nothing").split(";")[0]
    what = "in another form than is known" if kind.endswith("json") else f"{kind}, not JSON"
    return BadAnswer(NAME, f"{path} answered {what}")


def _plain(response: requests.Response) -> bytes:
    """Its JSON without the one character that PostgreSQL cannot keep."""
    return response.content.replace(b"\\u0000", b"")


def _decoded(response: requests.Response, path: str, form: type[T]) -> T:
    try:
        return msgspec.json.decode(_plain(response), type=form)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise _no_json(response, path) from None


def _mended(values: Sequence[Any], path: str) -> list[Told]:
    """One by one: a fact of an unknown form is left out, and costs no other fact or show."""
    found = []
    for value in values:
        try:
            found.append(msgspec.convert(value, Told))
        except msgspec.ValidationError:
            found.append(_without_odd_facts(value, path))
    return found


def _without_odd_facts(value: Any, path: str) -> Told:
    if not isinstance(value, dict):
        raise BadAnswer(NAME, f"{path} holds something that is no show")
    kept = {"id": value.get("id"), "name": value.get("name")}
    try:
        told = msgspec.convert(kept, Told)
    except msgspec.ValidationError as error:
        raise BadAnswer(NAME, f"show {kept['id']!r} has an unknown form: {error}") from error
    for field in Told.__struct_fields__:
        if field in value and field not in kept:
            try:
                told = msgspec.convert(kept | {field: value[field]}, Told)
            except msgspec.ValidationError as error:
                log.debug("tvmaze: show %s: %s is left out: %s", told.id, field, error)
            else:
                kept[field] = value[field]
    return told if len(kept) == 2 else msgspec.convert(kept, Told)


def _show(told: Told) -> Show:
    network, web = told.network or Channel(), told.webChannel or Channel()
    countries = (channel.country.code for channel in (network, web) if channel.country)
    externals = told.externals or Externals()
    runtime = told.runtime or told.averageRuntime
    return Show(
        tvmaze_id=told.id,
        title=told.name,
        url=told.url or f"https://www.tvmaze.com/shows/{told.id}",
        updated_s=told.updated or 0,
        type=told.type or None,
        language=told.language or None,
        genres=tuple(told.genres or ()),
        status=told.status or None,
        runtime_min=_number(round(runtime)) if runtime else None,
        premiered_on=_day(told.premiered),
        ended_on=_day(told.ended),
        rating=told.rating.average if told.rating else None,
        network=network.name or None,
        web_channel=web.name or None,
        country=next((code for code in countries if code), None),
        tvdb_id=_number(externals.thetvdb),
        imdb_id=externals.imdb or None,
    )


def _number(value: int | None) -> int | None:
    return value if value and 0 < value <= MOST_ID else None


def _day(value: str | None) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        return None
