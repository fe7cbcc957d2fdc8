"""What every page and every answer of the API is made from."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, Request

from movie_sync.app import App
from movie_sync.errors import MovieSyncError, NotFound, Unavailable
from movie_sync.films.story import Stories
from movie_sync.needs import Need, needs_you
from movie_sync.posters import PosterStore
from movie_sync.queues import QueueManager
from movie_sync.running import Running
from movie_sync.web.events import Events
from movie_sync.web.render import Renderer

if TYPE_CHECKING:
    from movie_sync.history.running import History
    from movie_sync.library.running import Library
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
        why = self.app.shows_problem or "their database is not open yet"
        raise Unavailable("shows", f"unavailable for now: {why}")

    @property
    def library(self) -> "Library":
        """Raises NotFound: it is off. Unavailable: its database cannot be opened yet."""
        if library := self.app.library:
            return library
        if not self.running.loaded.config.library.enabled:
            raise NotFound("library", "it is off; set library.enabled to true")
        why = self.app.areas["library"].problem or "its database is not open yet"
        raise Unavailable("library", f"unavailable for now: {why}")

    @property
    def history(self) -> "History":
        """Raises NotFound: it is off. Unavailable: its database cannot be opened yet."""
        if history := self.app.history:
            return history
        if not self.running.loaded.config.history.enabled:
            raise NotFound("history", "it is off; set history.enabled to true")
        why = self.app.areas["history"].problem or "its database is not open yet"
        raise Unavailable("history", f"unavailable for now: {why}")

    def tell_history(self, wish: str, **request: Any) -> dict[str, Any]:
        """As `wish`, of the history."""
        given = {name: value for name, value in request.items() if value is not None}
        self.history  # noqa: B018 - says why there is none, before anything else
        return self.running.perform({"do": "history", "wish": wish, **given})

    def wish(self, wish: str, **request: Any) -> dict[str, Any]:
        """Have something of the library done that a person wishes; the answer says what in its
        "sentence"."""
        given = {name: value for name, value in request.items() if value is not None}
        self.library  # noqa: B018 - says why there is none, before anything else
        return self.running.perform({"do": "library", "wish": wish, **given})

    def needs(self) -> list[Need]:
        """What needs a person, the most urgent first."""
        app, problems = self.app, self.running.loaded.problems
        return needs_you(
            self.running.home, app.queue, app.memory, app.troubles(),
            [problem.message for problem in problems], self.now(), reviews=self.reviews(),
        )  # fmt: skip

    def reviews(self) -> int:
        """Files of the library that wait for a person's word."""
        try:
            library = self.app.library
            return sum(library.store.count_reviews().values()) if library else 0
        except MovieSyncError:  # the library's own trouble is told of by its worker
            return 0

    def unmatched(self) -> int:
        """Shows and films that somebody watched, and a person has to say what they are."""
        from movie_sync.history.shelf import count_asked

        try:
            history = self.app.history
            return count_asked(history.store.db) if history else 0
        except MovieSyncError:  # the history's own trouble is told of by its worker
            return 0

    def perform(self, do: str, **request: Any) -> dict[str, Any]:
        """As `Running.perform`."""
        return self.running.perform({"do": do, **request})


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


AtDesk = Annotated[Desk, Depends(_desk)]
