"""A film that is given to Radarr, in place of being searched for here.

The one thing to know: with that the film is done for this program. Radarr looks for it, downloads
it and places it; nothing of it lies in our library, and so nothing of it is ever removed here.
"""

import logging
from datetime import datetime

from movie_sync.errors import BadAnswer, Refused, Unavailable
from movie_sync.films.items import with_facts
from movie_sync.films.story import What
from movie_sync.films.sync import Parts
from movie_sync.giving import Outcome
from movie_sync.models import Film, Item
from movie_sync.queue_moves import has

log = logging.getLogger(__name__)

HOW = "given to Radarr"  # in an item's data


def is_handed_over(parts: Parts, item: Item, film: Film, now: datetime) -> bool:
    """Give it away, where somebody takes films; it is completed with that. One that lies in the
    library already and is only to be bettered stays ours.

    Raises:
        Refused: it is not taken, with the reason.
        ServiceError, ConfigError: nothing was said of this film.
    """
    target = parts.target
    if target is None or has(item):
        return False
    try:
        given = target.add(film)
    except BadAnswer as error:  # something else answers in its place
        raise Unavailable(error.service, error.message) from error
    if given.outcome not in (Outcome.ADDED, Outcome.EXISTS):
        raise Refused(target.name, given.sentence or str(given.outcome))
    was_there = given.outcome is Outcome.EXISTS
    told = "is in Radarr already" if was_there else HOW
    data = with_facts(item, film, how=HOW, radarr_id=given.id)
    if parts.queue.complete(item.id, data=data):
        parts.stories.tell(item.id, What.HANDED_OVER, told, now)
        log.info("%s: %s", item.title, told)
    return True
