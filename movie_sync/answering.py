"""What the running program answers to a person, whichever door the wish came through."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from movie_sync import actions, cleanup
from movie_sync.errors import MovieSyncError, QueueError
from movie_sync.worker import Worker

if TYPE_CHECKING:
    from movie_sync.app import App

Request = dict[str, Any]
Answer = dict[str, Any]


class Area(Protocol):
    """A part beside the films, that may be off, or unavailable though it is on."""

    called: str  # "shows are": the beginning of a sentence
    names: tuple[str, ...]  # of its workers; none where it is off
    problem: MovieSyncError | None  # why it is unavailable; films go on without it

    def worker(self, name: str) -> Worker: ...
    def perform(self, request: Request) -> Answer: ...
    def troubles(self) -> list[str]: ...
    def close(self) -> None: ...


def answer(app: "App", request: Request) -> Answer:
    """Do what a person wishes, or say how the workers are.

    Raises:
        MovieSyncError: it could not be done; nothing was changed.
    """
    wish = str(request.get("do"))
    told: dict[str, Callable[[], Answer]] = {
        "status": lambda: _status(app),
        "moving": lambda: {"moving": msgspec.to_builtins(app.moving.look())},
        "read": lambda: _read_soon(app, request.get("source")),
    }
    if wish in told:
        return told[wish]()
    if wish in app.areas:
        return app.areas[wish].perform(request)
    if wish in cleanup.WISHES:
        return cleanup.perform(app.removal, app.queue, request)
    done = actions.perform(app.queue, app.memory, app.parts.stories, request)
    if wish == "confirm":
        app.workers[0].wake()
    return done


def _status(app: "App") -> Answer:
    workers = [
        {"name": one.name, "failure": one.failure, "since": one.failed_since} for one in app.workers
    ]
    areas = app.areas.values()
    lacking = [f"{one.called} unavailable: {one.problem}" for one in areas if one.problem]
    started_at: datetime = app.started_at
    return {"workers": workers, "trouble": app.sentences(), "started_at": started_at,
            "alive": app.is_alive(), "unavailable": lacking}  # fmt: skip


def _read_soon(app: "App", wanted: object) -> Answer:
    """Have one watchlist read now, or all."""
    names = [source.name for source in app.sources]
    if wanted is not None and wanted not in names:
        known = ", ".join(names) or "none"
        raise QueueError(f"no watchlist {wanted} is followed; those that are: {known}")
    asked = [name for name in names if wanted in (None, name)]
    for name in asked:
        app.memory.hasten(name)
    app.workers[0].wake()
    return {"sources": asked}
