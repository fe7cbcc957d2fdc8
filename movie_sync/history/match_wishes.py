"""What a person says of works: which title a show of Viki's is, and which of two is meant."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from movie_sync.errors import NotQueued, QueueError
from movie_sync.history.running import History
from movie_sync.history.viki_rows import ContainerRow
from movie_sync.history.wording import counts_sentence
from movie_sync.library.rows import Conflict
from movie_sync.library_models import Kind

WISHES = ("match-set", "match-choose", "match-clear", "settle")
PROVIDERS = ("trakt", "tmdb", "imdb", "tvdb")

Answer = dict[str, Any]


def perform(history: History, request: Mapping[str, Any], now: datetime) -> Answer:
    """One of `WISHES`. Raises as `wishes.perform`."""
    match request:
        case {"wish": "match-set", "viki": str() as viki}:
            done = _set(history, viki, request, now)
        case {"wish": "match-choose", "viki": str() as viki, "key": str() as key}:
            done = _choose(history, viki, key, now)
        case {"wish": "match-clear", "viki": str() as viki}:
            done = _clear(history, viki, now)
        case {"wish": "settle", "question": int() as question, "title": int() as title}:
            done = _settle(history, question, title, now)
        case _:
            raise QueueError(f"this is no way to say {request.get('wish')}; nothing was changed")
    history.expect()
    return done


def _set(history: History, viki: str, request: Mapping[str, Any], now: datetime) -> Answer:
    row = _container(history, viki)
    ids = {one: str(request[one]) for one in PROVIDERS if request.get(one)}
    if not ids:
        raise QueueError(f"it was not said what {viki} is; name it by one of {_listed()}")
    given = request.get("kind")
    kind = Kind(given) if given in list(Kind) else row.kind or row.container.kind or Kind.SHOW
    season = request.get("season")
    done = history.desk.choose(viki, kind, ids, now,
        season=season if isinstance(season, int) else None, offset=int(request.get("offset") or 0),
    )  # fmt: skip
    return _matched(history, viki, done)


def _choose(history: History, viki: str, key: str, now: datetime) -> Answer:
    _container(history, viki)
    done = history.desk.accept(viki, key, now)
    if done is None:
        raise NotQueued(f"{key} was not proposed for {viki}; nothing was changed")
    return _matched(history, viki, done)


def _clear(history: History, viki: str, now: datetime) -> Answer:
    row = _container(history, viki)
    if not history.desk.clear(viki, now):
        raise NotQueued(f"{row.container.title} has no match; nothing was changed")
    return {"viki": viki, "sentence": f"{row.container.title}: its match is taken away"}


def _settle(history: History, question: int, title: int, now: datetime) -> Answer:
    saved = history.store.settle_question(question, title, now)
    if saved is None:
        raise NotQueued(f"there is no question {question}, or no title {title}; nothing changed")
    said = f"question {question} is settled: {counts_sentence(saved.counts)}"
    return {"saved": saved.counts, "sentence": said}


def _matched(history: History, viki: str, done: int | Conflict | None) -> Answer:
    if done is None:
        raise NotQueued(f"Viki shows no {viki} here; nothing was changed")
    if isinstance(done, Conflict):
        raise QueueError(f"{done.sentence}; nothing was changed")
    row = _container(history, viki)
    standing = row.standing
    ids = standing.ids if standing else {}
    named = ", ".join(f"{one} {ids[one]}" for one in PROVIDERS if one in ids)
    said = f"{row.container.title} is {row.title or 'matched'}" + (f" ({named})" if named else "")
    return {"viki": viki, "title": done, "ids": ids, "sentence": said}


def _container(history: History, viki: str) -> ContainerRow:
    row = history.store.container(viki)
    if row is None:
        raise NotQueued(
            f"Viki shows no {viki} here; `history match list` shows those that there are"
        )
    return row


def _listed() -> str:
    return ", ".join(PROVIDERS)
