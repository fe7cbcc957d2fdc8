"""Ordinary facts of a history, so that a test states only what is unusual."""

from datetime import datetime, timedelta
from typing import Any

from movie_sync.history.store import HistoryStore
from movie_sync.history_models import Play, Work
from movie_sync.library_models import Kind
from tests import make

NOON = make.NOON
LATER = NOON + timedelta(hours=1)
DAY = timedelta(days=1)
IDS = {"trakt": "285120", "tmdb": "428078"}


def film(title: str = "Mortal Engines", year: int | None = 2018, **facts: Any) -> Work:
    return Work(kind=Kind.FILM, title=title, year=year, **{"ids": IDS} | facts)


def episode(number: int = 1, season: int = 1, **facts: Any) -> Work:
    usual = {"title": "Parks and Recreation", "year": 2009, "ids": {"trakt": "4", "tvdb": "84912"}}
    return Work(kind=Kind.SHOW, season=season, episode=number, **usual | facts)


def play(
    key: str = "trakt:1", work: Work | None = None, at: datetime | None = NOON, **facts: Any
) -> Play:
    """Its source is what stands before the colon of its key."""
    source, _, told_id = key.partition(":")
    usual = {"source": source, "told_id": told_id, "work": work or film(), "watched_at": at}
    return Play(key=key, **usual | facts)


def days(store: HistoryStore, **asked: Any) -> list[str]:
    """Of the plays, the newest first."""
    return [str(row.local_day) for row in store.plays(**asked)]


def only(store: HistoryStore) -> int:
    """The number of the only play."""
    (row,) = store.plays()
    return row.id
