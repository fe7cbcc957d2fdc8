"""SIMKL's backup: `SimklBackup.json`, alone or in its zip.

Source: https://api.simkl.com, sync/all-items, as of 2026: {"movies": [...], "shows": [...],
"anime": [...]}, each with a status, `last_watched_at`, `user_rating` of 1 to 10, and of a show the
seasons with their episodes, where each may say `watched_at`. A play of 1970 is one without a date.
"""

from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Struct, field

from movie_sync.history.reading.cells import key_of
from movie_sync.history.reading.entries import Entry, Problem, Reader, known_ids
from movie_sync.history.reading.moments import When, moment
from movie_sync.history.scores import TENTHS
from movie_sync.history_models import Play, Rating, Wish, Work
from movie_sync.library_models import Kind
from movie_sync.table_cells import YEARS, Malformed

FORM, SOURCE = "a SIMKL backup", "file:simkl"
LISTS = ("movies", "shows", "anime")

_TO_SEE = "plantowatch"
_SEEN = "completed"


class _Named(Struct):
    title: str | None = None
    year: int | None = None
    ids: dict[str, Any] = field(default_factory=dict)


class _Episode(Struct):
    number: int
    watched_at: str | None = None


class _Season(Struct):
    number: int
    episodes: list[_Episode] = field(default_factory=list)


class _Item(Struct):
    status: str = ""
    last_watched_at: str | None = None
    added_to_watchlist_at: str | None = None
    user_rating: int | None = None
    user_rated_at: str | None = None
    movie: _Named | None = None
    show: _Named | None = None
    seasons: list[_Season] | None = None


def is_one(document: dict[str, Any]) -> bool:
    return any(isinstance(document.get(name), list) for name in LISTS)


def read(document: dict[str, Any], reader: Reader) -> Iterator[Entry]:
    for name in LISTS:
        items = document.get(name) or []
        for number, item in enumerate(items if isinstance(items, list) else [], 1):
            place = f"{name}, entry {number}"
            try:
                told = msgspec.convert(item, _Item)
                yield from _plays(told, place, reader)
                yield from _wishes(told)
                yield from _ratings(told)
            except (Malformed, msgspec.ValidationError) as error:
                yield Problem(place, f"{error}; it was left out")


def _plays(item: _Item, place: str, reader: Reader) -> Iterator[Entry]:
    work = _work(item)
    if work.kind == Kind.FILM:
        if item.last_watched_at or item.status == _SEEN:
            yield _play(work, item.last_watched_at, reader)
        return
    if item.status == _SEEN and not item.seasons:
        yield Problem(place, f"does not say which episodes of {work} were watched")
    for season in item.seasons or ():
        for episode in season.episodes:
            named = msgspec.structs.replace(work, season=season.number, episode=episode.number)
            try:
                yield _play(named, episode.watched_at, reader)
            except Malformed as error:
                yield Problem(f"{place}, {named}", f"{error}; it was left out")


def _wishes(item: _Item) -> Iterator[Wish]:
    if item.status == _TO_SEE:
        at = moment(item.added_to_watchlist_at)
        yield Wish(work=_work(item), source=SOURCE, listed_at=at)


def _ratings(item: _Item) -> Iterator[Rating]:
    if not item.user_rating:
        return
    if item.user_rating not in TENTHS:
        raise Malformed(f"has the rating {item.user_rating}, which is none of 1 to 10")
    at = moment(item.user_rated_at)
    yield Rating(work=_work(item), source=SOURCE, tenths=item.user_rating, rated_at=at)


def _play(work: Work, said: str | None, reader: Reader) -> Play:
    at = moment(said)
    if reader.is_ahead(at):
        raise Malformed(f"was watched {said}, which is still to come")
    return Play(key=key_of(work, When(at)), source=SOURCE, work=work, watched_at=at)


def _work(item: _Item) -> Work:
    told, kind = (item.movie, Kind.FILM) if item.movie else (item.show, Kind.SHOW)
    if told is None:
        raise Malformed("names neither a film nor a show")
    ids = known_ids(told.ids)
    if not told.title and not ids:
        raise Malformed("has no title and no id")
    title = told.title or next(f"{name}:{id_}" for name, id_ in ids.items())
    return Work(kind=kind, title=title, year=told.year if told.year in YEARS else None, ids=ids)
