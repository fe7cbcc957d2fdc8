"""Which film an item is: its ids and dates, asked of who knows them, and other items of the
same film.

Without ids a film is searched by its title, so no source that is silent or closed is waited for.
"""

import logging
import time
from collections.abc import Callable, Iterable
from datetime import date
from functools import partial

from movie_sync.breaker import Breaker
from movie_sync.errors import FilesError, NotFound, Refused, ServiceError
from movie_sync.films.items import KIND, film_of, version_of
from movie_sync.films.sync import same_ids
from movie_sync.models import Film, Item, State
from movie_sync.queues import QueueManager
from movie_sync.services import FilmFacts

log = logging.getLogger(__name__)


class LeftAlone:
    """A `FilmFacts` that is not asked for a while after it was down or turned us away.

    Each film that is searched asks, and a hundred questions at a closed door would be a siege.
    """

    def __init__(
        self,
        source: FilmFacts,
        breaker: Breaker | None = None,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name, self.adds = source.name, source.adds
        self._source = source
        self._breaker = breaker or Breaker(None, source.name, clock=monotonic)

    def facts(self, film: Film) -> Film | None:
        """Raises what the source raises, and Unavailable while it is left alone."""
        return self._breaker.call(partial(self._source.facts, film))


def look_up(sources: Iterable[FilmFacts], film: Film, today: date) -> Film:
    """The film with what each source can add; as it was where none can tell now.

    A date that lies ahead is asked for anew, for it may have been moved.

    Raises:
        Refused: it is a series.
    """
    for source in sources:
        if all(_is_known(getattr(film, fact), today) for fact in source.adds):
            continue
        try:
            known = source.facts(film)
        except (ServiceError, FilesError) as error:
            if isinstance(error, Refused) and not isinstance(error, NotFound):
                raise
            log.debug("%s: searched without its facts: %s", film, error)
            continue
        film = known or film
    return film


def _is_known(fact: object, today: date) -> bool:
    return fact is not None and not (isinstance(fact, date) and fact > today)


def merge_with_same(queue: QueueManager, item: Item, film: Film) -> bool:
    """Two items that turn out to be one film become one; True if this one was given up for it."""
    for state in State:
        for other in queue.iter(state):
            alike = other.kind == KIND and version_of(other) == version_of(item)
            if alike and other.id != item.id and same_ids(film_of(other), film):
                log.info("%s: the same film as %s", item.title, other.id)
                queue.merge(item.id, other.id)
                return True
    return False
