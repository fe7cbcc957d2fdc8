"""One question to TMDB, answered from what is kept, else asked: once for many askers.

An answer that TMDB gave is good for as long as its kind lasts. When TMDB is away, one that is too
old serves in its place and says so; a title that is not there is remembered for a day. The key is
no part of what is kept, nor of where.
"""

import logging
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Generic, Protocol, TypeVar

import msgspec
from msgspec import Struct

from movie_sync.breaker import Breaker
from movie_sync.errors import BadAnswer, Blocked, FilesError, NotFound, ServiceError, Unavailable
from movie_sync.library.flights import Flights
from movie_sync.library.metadata_cache import Kept, MetadataCache
from movie_sync.retries import span
from movie_sync.services import tmdb_questions as questions
from movie_sync.services.tmdb_facts import slim
from movie_sync.services.tmdb_questions import MOST_PARTS, Question
from movie_sync.services.tmdb_shapes import Season

log = logging.getLogger(__name__)

ABSENT = timedelta(days=1)  # what is not there is not asked for again before
SERVED_LATE = timedelta(days=7)  # what expired is kept so long for when TMDB is away
OUTAGES = (Unavailable, Blocked, BadAnswer)

T = TypeVar("T")


class Source(Protocol):
    """Asks TMDB. Raises as `tmdb_api.TmdbApi` does."""

    @property
    def name(self) -> str: ...

    def ask(self, question: Question[T], language: str | None = None) -> T: ...

    def seasons(
        self, show_id: int, numbers: Collection[int], language: str | None = None
    ) -> dict[int, Season | None]: ...


class Answer(Struct, Generic[T], frozen=True):
    """What TMDB told, and when."""

    value: T
    told_at: datetime
    late: str | None = None  # one sentence, where it is older than it should be


class Answers:
    """For any number of threads.

    Args:
        breaker: TMDB's, so that nobody knocks while it is away.
        at_once: a person wants to know now, and knocks all the same.
    """

    def __init__(
        self,
        source: Source,
        cache: MetadataCache,
        language: str,
        *,
        breaker: Breaker | None = None,
        at_once: bool = False,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._source, self._cache, self.language = source, cache, language
        self._breaker, self._at_once, self._clock = breaker, at_once, clock
        self._flights: Flights[Answer[Any]] = Flights()
        self._many: Flights[dict[int, Answer[Season]]] = Flights()

    def answer(self, question: Question[T]) -> Answer[T]:
        """What TMDB says.

        Raises:
            NotFound: it knows no such thing, or did not a day ago.
            NotAuthorised: its key is refused; what is kept and too old is not given either.
            Unavailable, Blocked, BadAnswer: it is away, and nothing of this is kept.
        """
        key = question.key_in(self.language)
        kept = self._cache.read([key]).get(key)
        found = self._fresh(kept, question)
        return found or self._flights.share(key, partial(self._renewed, question, key))

    def seasons(self, show_id: int, numbers: Collection[int]) -> dict[int, Answer[Season]]:
        """Those that the show has, up to twenty of them by one call. Raises as `answer` does."""
        wanted = sorted(set(numbers))
        asked = {number: questions.season(show_id, number) for number in wanted}
        kept = self._kept(asked)
        found = self._those_fresh(asked, kept)
        lacking = [number for number in wanted if number not in found]
        for at in range(0, len(lacking), MOST_PARTS):
            some = tuple(lacking[at : at + MOST_PARTS])
            ask = partial(self._renewed_seasons, show_id, some)
            found |= self._many.share((show_id, some), ask)
        return {number: one for number, one in sorted(found.items()) if one is not None}

    def tidy(self, now: datetime) -> int:
        """Forget what expired long ago; says how many entries."""
        return self._cache.clear_expired(now, SERVED_LATE)

    def _fresh(self, kept: Kept | None, question: Question[T]) -> Answer[T] | None:
        if kept is None or not kept.is_fresh(self._clock()):
            return None
        if kept.value is None:
            raise NotFound(self._source.name, f"there is no {question.about}")
        return _opened(kept, question.form)

    def _renewed(self, question: Question[T], key: str) -> Answer[T]:
        kept = self._cache.read([key]).get(key)
        if found := self._fresh(kept, question):  # it came just now
            return found
        try:
            told = slim(self._ask(lambda: self._source.ask(question, self.language)))
        except NotFound:
            self._keep({key: None}, ABSENT)
            raise
        except OUTAGES as error:
            if late := self._late(kept, question.form, error):
                return late
            raise
        self._keep({key: _encoded(told)}, timedelta(seconds=question.lasts_s))
        return Answer(told, self._clock())

    def _renewed_seasons(self, show_id: int, numbers: Collection[int]) -> dict[int, Answer[Season]]:
        asked = {number: questions.season(show_id, number) for number in numbers}
        kept = self._kept(asked)
        found = self._those_fresh(asked, kept)
        lacking = [number for number in numbers if number not in found]
        if not lacking:
            return _there(found)
        try:
            told = self._ask(lambda: self._source.seasons(show_id, lacking, self.language))
        except OUTAGES as error:
            late = {number: self._late(kept.get(number), Season, error) for number in lacking}
            if None in late.values():
                raise
            return _there(found | late)
        keys = {number: asked[number].key_in(self.language) for number in told}
        there = {keys[number]: _encoded(one) for number, one in told.items() if one}
        self._keep(there, timedelta(seconds=questions.DAY_S))
        self._keep({keys[number]: None for number, one in told.items() if not one}, ABSENT)
        now = self._clock()
        return _there(found | {n: Answer(one, now) for n, one in told.items() if one})

    def _kept(self, asked: Mapping[int, Question[Season]]) -> dict[int, Kept]:
        keys = {number: one.key_in(self.language) for number, one in asked.items()}
        kept = self._cache.read(list(keys.values()))
        return {number: kept[key] for number, key in keys.items() if key in kept}

    def _those_fresh(
        self, asked: Mapping[int, Question[Season]], kept: Mapping[int, Kept]
    ) -> dict[int, Answer[Season] | None]:
        """None for a season that is known not to be there."""
        found: dict[int, Answer[Season] | None] = {}
        for number, question in asked.items():
            try:
                if answer := self._fresh(kept.get(number), question):
                    found[number] = answer
            except NotFound:
                found[number] = None
        return found

    def _late(self, kept: Kept | None, form: type[T], error: ServiceError) -> Answer[T] | None:
        """What is kept and too old, in place of none."""
        found = _opened(kept, form) if kept and kept.value is not None else None
        if kept is None or found is None:
            return None
        age = span(max((self._clock() - kept.fetched_at).total_seconds(), 0.0))
        return Answer(found.value, found.told_at, f"told {age} ago, for now {error}")

    def _ask(self, ask: Callable[[], T]) -> T:
        if self._breaker is None:
            return ask()
        return self._breaker.call(ask, at_once=self._at_once)

    def _keep(self, values: Mapping[str, str | None], lasts: timedelta) -> None:
        """A database that is full or away costs us the keeping, and not the answer."""
        if not values:
            return
        try:
            self._cache.write(values, self._clock(), lasts)
        except (FilesError, Unavailable) as error:
            log.warning("what TMDB told is used and not kept: %s", error)


def _encoded(told: object) -> str:
    return msgspec.json.encode(told).decode()


def _opened(kept: Kept, form: type[T]) -> Answer[T] | None:
    """None where it is of an older program, or damaged: it is asked for again."""
    try:
        return Answer(msgspec.json.decode(kept.value or "", type=form), kept.fetched_at)
    except msgspec.MsgspecError as error:
        log.debug("what was kept of TMDB is not used: %s", error)
        return None


def _there(found: Mapping[int, Answer[Season] | None]) -> dict[int, Answer[Season]]:
    return {number: one for number, one in found.items() if one is not None}
