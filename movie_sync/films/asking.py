"""Asking all indexers for one film, together. The one thing to know: an answer that lacks one of
them is incomplete, and says so; it is never taken for "nobody has it".
"""

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from msgspec import Struct

from movie_sync.errors import Blocked, NotAuthorised, ServiceError, Unavailable
from movie_sync.models import Film, Release
from movie_sync.services import Indexer

log = logging.getLogger(__name__)

RESTS_S = (60.0, 300.0, 900.0, 1800.0, 3600.0)  # after so many silent answers in a row
LOGIN_REST_S = 6 * 3600.0  # trackers ban an address that keeps knocking with a wrong password


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
        ServiceError: none could answer; an outage, where one of them only has that.
    """
    asked = [partial(_ask, indexer, film) for indexer in indexers]
    if len(asked) == 1:
        answers = [asked[0]()]
    else:
        with ThreadPoolExecutor(len(asked), thread_name_prefix="indexer") as pool:
            answers = list(pool.map(lambda ask: ask(), asked))
    errors = [answer for answer in answers if isinstance(answer, ServiceError)]
    if len(errors) == len(answers):
        raise next((error for error in errors if isinstance(error, Unavailable)), errors[0])
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
    """An `Indexer` beside others that is left alone for a while when it fails, longer each time,
    so that the films do not wait for it one by one."""

    def __init__(self, indexer: Indexer, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.name = indexer.name
        self._indexer, self._clock = indexer, clock
        self._failures = 0
        self._until = float("-inf")
        self._why: ServiceError | None = None

    def search(self, film: Film) -> list[Release]:
        return self._unless_resting(partial(self._indexer.search, film))

    def latest(self) -> list[Release]:
        return self._unless_resting(self._indexer.latest)

    def fetch(self, release: Release) -> bytes:
        return self._indexer.fetch(release)

    def check(self) -> str:
        return self._indexer.check()

    def _unless_resting(self, ask: Callable[[], list[Release]]) -> list[Release]:
        if self._why and self._clock() < self._until:
            raise self._why
        try:
            answer = ask()
        except (Unavailable, Blocked, NotAuthorised) as error:
            self._rest(error)
            raise
        if self._failures:
            log.info("%s: answers again", self.name)
        self._failures, self._why = 0, None
        return answer

    def _rest(self, error: ServiceError) -> None:
        if not self._failures:
            log.warning("%s; the other indexers are asked without it", error)
        wait_s = RESTS_S[min(self._failures, len(RESTS_S) - 1)]
        if isinstance(error, Unavailable) and error.retry_after_s:
            wait_s = max(wait_s, error.retry_after_s)
        if isinstance(error, NotAuthorised):
            wait_s = LOGIN_REST_S
        self._failures += 1
        self._until, self._why = self._clock() + wait_s, error
