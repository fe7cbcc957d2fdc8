"""What Trakt says of an account: its settings, what changed when, all times of watching. Pure."""

from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from movie_sync.errors import BadAnswer
from movie_sync.library_models import Kind
from movie_sync.services.trakt_api import decoded
from movie_sync.services.trakt_shapes import NAME, Odd, latest, moment
from movie_sync.trakt_models import Account, Activities, Place

Moments = dict[str, str | None]


class _User(Struct):
    username: str
    vip: bool | None = None
    vip_ep: bool | None = None


class _Account(Struct):
    timezone: str | None = None


class _Settings(Struct):
    user: _User
    account: _Account = msgspec.field(default_factory=_Account)
    limits: dict[str, Any] | None = None
    browsing: dict[str, Any] | None = None


class _Activities(Struct):
    """Whatever else it names is left alone."""

    all: str | None
    movies: Moments
    episodes: Moments
    shows: Moments = {}
    seasons: Moments = {}
    watchlist: Moments = {}
    account: Moments = {}


def account(body: bytes, path: str) -> Account:
    told = decoded(body, _Settings, path)
    return Account(
        username=told.user.username,
        vip=bool(told.user.vip or told.user.vip_ep),
        zone=told.account.timezone or None,
        limits=dict(_numbers("", told.limits or {})),
        watch_only_once=(told.browsing or {}).get("watch_only_once") is True,
    )


def activities(body: bytes, path: str) -> Activities:
    told = decoded(body, _Activities, path)
    rated = (told.movies, told.shows, told.seasons, told.episodes)
    try:
        return Activities(
            all_at=moment(told.all),
            films_watched_at=moment(told.movies.get("watched_at")),
            episodes_watched_at=moment(told.episodes.get("watched_at")),
            rated_at=latest(moment(one.get("rated_at")) for one in rated),
            wished_at=latest(
                moment(one)
                for one in (
                    told.watchlist.get("updated_at"),
                    *(each.get("watchlisted_at") for each in rated),
                )
            ),
            paused_at=latest(moment(one.get("paused_at")) for one in (told.movies, told.episodes)),
            settings_at=moment(told.account.get("settings_at")),
        )
    except Odd as error:
        raise BadAnswer(NAME, f"{path}: {error}") from error


def places(body: bytes, kind: Kind, path: str) -> dict[Place, tuple[datetime, ...]]:
    """Of `{"film": [times]}`, or `{"show": {"season": {"episode": [times]}}}`."""
    try:
        if kind is Kind.FILM:
            films = decoded(body, dict[str, list[str]], path)
            return {Place(film): _moments(times) for film, times in films.items()}
        shows = decoded(body, dict[str, dict[int, dict[int, list[str]]]], path)
        return {
            Place(show, season, episode): _moments(times)
            for show, seasons in shows.items()
            for season, episodes in seasons.items()
            for episode, times in episodes.items()
        }
    except Odd as error:
        raise BadAnswer(NAME, f"{path}: {error}") from error


def _moments(times: list[str]) -> tuple[datetime, ...]:
    return tuple(at for at in map(moment, times) if at)


def _numbers(before: str, told: dict[str, Any]) -> Any:
    """Each number by where it stands: "watchlist.item_count"."""
    for name, value in told.items():
        if isinstance(value, dict):
            yield from _numbers(f"{before}{name}.", value)
        elif isinstance(value, int) and not isinstance(value, bool):
            yield f"{before}{name}", value
