"""Asking all indexers for one film, together. The one thing to know: an answer that lacks one of
them is incomplete, and says so; it is never taken for "nobody has it".
"""

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from msgspec import Struct

from movie_sync.breaker import Breaker
from movie_sync.errors import ServiceError, Unavailable
from movie_sync.models import Film, Release
from movie_sync.services import Indexer

log = logging.getLogger(__name__)


class Answer(Struct, frozen=True):
    """What all indexers together said of a film."""

    releases: tuple[Release, ...]
    asked: tuple[str, ...]  # names of the indexers that answered
    silent: tuple[str, ...]  # why others did not, a sentence each

    @property
    def complete(self) -> bool:
        return not self.silent


def ask_all(indexers: Sequence[Indexer], film: Film) -> Answer:
    """Ask every indexer at the same time.

    Raises:
        ServiceError: none could answer; an outage, where one of them only has that, and the one
            that is over first.
    """
    asked = [partial(_ask, indexer, film) for indexer in indexers]
    if len(asked) == 1:
        answers = [asked[0]()]
    else:
        with ThreadPoolExecutor(len(asked), thread_name_prefix="indexer") as pool:
            answers = list(pool.map(lambda ask: ask(), asked))
    errors = [answer for answer in answers if isinstance(answer, ServiceError)]
    if len(errors) == len(answers):
        outages = [error for error in errors if isinstance(error, Unavailable)]
        raise min(outages, key=lambda error: error.retry_after_s or 0.0, default=errors[0])
    return Answer(
        tuple(release for answer in answers if isinstance(answer, list) for release in answer),
        tuple(i.name for i, answer in zip(indexers, answers, strict=True) if answer not in errors),
        tuple(map(str, errors)),
    )


def latest(indexers: Iterable[Indexer]) -> list[Release]:
    """The newest releases of all indexers; one that is silent is passed over, for the search of
    the next film tells of it."""
    found: list[Release] = []
    for indexer in indexers:
        try:
            found += indexer.latest()
        except ServiceError as error:
            log.debug("newest releases: %s", error)
    return found


def _ask(indexer: Indexer, film: Film) -> list[Release] | ServiceError:
    try:
        return indexer.search(film)
    except ServiceError as error:
        return error


class Rested:
    """An `Indexer` that is left alone for a while when it fails, longer each time, so that the
    films do not knock at it one by one."""

    def __init__(
        self,
        indexer: Indexer,
        breaker: Breaker | None = None,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.name = indexer.name
        self._indexer = indexer
        self._breaker = breaker or Breaker(None, indexer.name, clock=clock)

    def search(self, film: Film) -> list[Release]:
        return self._breaker.call(partial(self._indexer.search, film))

    def latest(self) -> list[Release]:
        return self._breaker.call(self._indexer.latest)

    def fetch(self, release: Release) -> bytes:
        return self._indexer.fetch(release)

    def check(self) -> str:
        return self._breaker.call(self._indexer.check, at_once=True)
