"""What every page and every answer of the API is made from."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, Request

from movie_sync.app import App
from movie_sync.errors import NotFound, Unavailable
from movie_sync.films.story import Stories
from movie_sync.needs import Need, needs_you
from movie_sync.posters import PosterStore
from movie_sync.queues import QueueManager
from movie_sync.running import Running
from movie_sync.web.events import Events
from movie_sync.web.render import Renderer

if TYPE_CHECKING:
    from movie_sync.shows.running import Shows


@dataclass(frozen=True)
class Desk:
    """One for a running program; the parts in it change when settings do, so ask anew each time."""

    running: Running
    pages: Renderer
    events: Events
    now: Callable[[], datetime]
    posters: PosterStore | None = None

    @property
    def app(self) -> App:
        return self.running.app

    @property
    def queue(self) -> QueueManager:
        return self.running.app.queue

    @property
    def stories(self) -> Stories:
        return self.running.app.parts.stories

    @property
    def shows(self) -> "Shows":
        """Raises NotFound: they are off. Unavailable: their database cannot be opened yet."""
        if shows := self.app.shows:
            return shows
        if not self.running.loaded.config.shows.enabled:
            raise NotFound("shows", "they are off; set shows.enabled to true")
        why = next((one.sentence for one in self.app.troubles() if one.name == "shows"), "")
        raise Unavailable("shows", why or "their database is not open yet")

    def needs(self) -> list[Need]:
        """What needs a person, the most urgent first."""
        app, problems = self.app, self.running.loaded.problems
        return needs_you(
            self.running.home, app.queue, app.memory, app.troubles(),
            [problem.message for problem in problems], self.now(),
        )  # fmt: skip

    def perform(self, do: str, **request: Any) -> dict[str, Any]:
        """As `Running.perform`."""
        return self.running.perform({"do": do, **request})


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


AtDesk = Annotated[Desk, Depends(_desk)]
