"""The way back for a film that was taken out of the library: its files first, then its item.

Every step can be done twice, so what was begun is finished by asking again, or by the next pass.
"""

import logging
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from movie_sync.errors import QueueError
from movie_sync.films.items import film_of
from movie_sync.films.owned import Library
from movie_sync.films.recycled import Recycled
from movie_sync.films.story import Stories, What
from movie_sync.models import Item, State
from movie_sync.queues import QueueManager

log = logging.getLogger(__name__)

CLEANED = "cleaned"  # in an item's data: what it said while its film was in the library
RETURNING = "returning"  # said there, once it is on its way back


class WayBack(NamedTuple):
    """What it takes; less than a whole program, for a command may ask while none runs."""

    queue: QueueManager
    library: Library
    stories: Stories
    recycled: Recycled

    def bring_back(self, id_: str, now: datetime) -> Path:
        """Give a film its place in the library again; returns where that is.

        Raises:
            QueueError: it was not removed by `cleanup`, or its recycled files are deleted by now.
            FilesError: they cannot be brought back; they are where they were.
        """
        state, item = self.queue.get(id_) or (None, None)
        if state is None or item is None or CLEANED not in item.data:
            title = item.title if item else id_
            raise QueueError(f"{title} was not removed by cleanup; nothing was changed")
        name = item.data[CLEANED]["recycled"]
        if name not in self.recycled.entries():
            raise QueueError(
                f"{item.title} is not in the recycle folder any more; `queue restore` loads it"
                " again"
            )
        self.library.refresh()  # notices a drive that is gone
        self.queue.note(id_, **{CLEANED: {**item.data[CLEANED], RETURNING: True}})
        path = self.recycled.bring_back(name)
        _complete(self.queue, state, item)
        self.recycled.forget(name)
        self.library.add(film_of(item), path)
        self.stories.tell(id_, What.PLACED, f"back in the library as {path}", now)
        log.info("%s: back in the library as %s", item.title, path)
        return path


def _complete(queue: QueueManager, state: State, item: Item) -> None:
    """Done as it was; what marks it as on its way goes last."""
    noted: dict[str, Any] = {**item.data[CLEANED]}
    for key in ("recycled", RETURNING):
        noted.pop(key, None)
    queue.note(item.id, **noted)
    if state is State.REMOVED:
        queue.restore(item.id)
    elif state is State.FAILED:
        queue.retry(item.id, afresh=True)
    queue.complete(item.id)
    queue.note(item.id, **{CLEANED: None})
