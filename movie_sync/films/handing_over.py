"""A film that is given to Radarr, in place of being searched for here.

The one thing to know: with that the film is done for this program. Radarr looks for it, downloads
it and places it; nothing of it lies in our library, and so nothing of it is ever removed here.
"""

import logging
from datetime import datetime
from typing import TYPE_CHECKING

from movie_sync.errors import Refused
from movie_sync.films.items import with_facts
from movie_sync.films.story import What
from movie_sync.giving import Outcome
from movie_sync.models import Film, Item

if TYPE_CHECKING:
    from movie_sync.films.sync import Parts
    from movie_sync.services import FilmTarget

log = logging.getLogger(__name__)

HOW = "given to Radarr"  # in an item's data


def hand_over(parts: "Parts", target: "FilmTarget", item: Item, film: Film, now: datetime) -> None:
    """Give it away; it is completed with that.

    Raises:
        Refused: it is not taken, with the reason.
        ServiceError, ConfigError: nothing was said of this film.
    """
    given = target.add(film)
    if given.outcome not in (Outcome.ADDED, Outcome.EXISTS):
        raise Refused(target.name, given.sentence or str(given.outcome))
    was_there = given.outcome is Outcome.EXISTS
    told = "is in Radarr already" if was_there else HOW
    data = with_facts(item, film, how=HOW, radarr_id=given.id)
    if parts.queue.complete(item.id, data=data):
        parts.stories.tell(item.id, What.HANDED_OVER, told, now)
        log.info("%s: %s", item.title, told)
