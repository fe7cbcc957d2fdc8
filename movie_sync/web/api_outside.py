"""What is outside and around the queues: lists, services, what moves, what needs a person."""

import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response, StreamingResponse
from msgspec import Struct

from movie_sync.checks import Check
from movie_sync.films.moving import Move
from movie_sync.needs import Need
from movie_sync.views import services, sources, system
from movie_sync.web import api_examples as examples
from movie_sync.web.api_base import PROBLEMS, answer, gives
from movie_sync.web.desk import AtDesk, Desk

CHECKED_ANEW_S = 60.0  # each check of all costs a call of every indexer's budget


class Sources(Struct, frozen=True, kw_only=True):
    """Where films come from, and who is asked for them."""

    watchlists: list[sources.Source]
    services: services.Services


class Confirmed(Struct, frozen=True, kw_only=True):
    """How many films may leave this list at its next readings."""

    source: str
    films: int


class Needs(Struct, frozen=True, kw_only=True):
    """What waits for a person, the most urgent first."""

    needs: list[Need]


class Moving(Struct, frozen=True, kw_only=True):
    """Films on their way at this moment."""

    moving: list[Move]


class Examined(Struct, frozen=True, kw_only=True):
    """How every part is."""

    ok: bool
    checks: list[Check]
    checked_at: datetime


class Doctor:
    """Checks everything, at most once a minute however many ask; a repeated answer says when."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._lock, self._monotonic = threading.Lock(), monotonic
        self._last: Examined | None = None
        self._last_s = 0.0

    def examine(self, desk: Desk) -> Examined:
        with self._lock:
            if self._last is None or self._monotonic() - self._last_s > CHECKED_ANEW_S:
                found = list(system.doctor(desk.running))
                self._last = Examined(
                    ok=all(each.ok for each in found), checks=found, checked_at=desk.now()
                )
                self._last_s = self._monotonic()
            return self._last


SHAPES = (Sources, Confirmed, Needs, Moving, Examined)
STREAM = {
    200: {
        "description": "Events without end, each only a name: `hello` first; `films`, `moving` or "
        "`needs` when what these routes give has changed; `bye` when the program ends.",
        "content": {
            "text/event-stream": {"schema": {"type": "string"}, "example": examples.EVENTS}
        },
    },
    **PROBLEMS,
}
Source = Annotated[
    str,
    Path(
        alias="name",
        description="Name of a watchlist.",
        examples=["letterboxd:alice"],
        json_schema_extra={"format": "watchlist"},
    ),
]

router = APIRouter(tags=["around"])


@router.get("/sources", responses=gives(Sources, examples.SOURCES))
def all_sources(request: Request, desk: AtDesk) -> Response:
    """Watchlists with their last good reading, and services with what they still allow."""
    running, app = desk.running, desk.app
    found = Sources(
        watchlists=sources.told(dict(app.memory.sources), [each.name for each in app.sources]),
        services=services.of(app, running.home, running.loaded.config, desk.now()),
    )
    return answer(request, found)


@router.post("/sources/{name:path}/confirm", responses=gives(Confirmed, examples.CONFIRMED))
def confirm(request: Request, desk: AtDesk, name: Source) -> Response:
    """Believe that so many films were taken off this list."""
    return answer(request, desk.perform("confirm", source=name))


@router.get("/moving", responses=gives(Moving, examples.MOVING))
def moving(request: Request, desk: AtDesk) -> Response:
    """Films on their way: how far, how fast, until when, and what stalls."""
    return answer(request, Moving(moving=desk.app.moving.look()))


@router.get("/needs", responses=gives(Needs, examples.NEEDS))
def needs(request: Request, desk: AtDesk) -> Response:
    """What needs a person, and what to do about it."""
    return answer(request, Needs(needs=needs_of(desk)))


@router.get("/doctor", responses=gives(Examined, examples.DOCTOR))
def doctor(request: Request, desk: AtDesk) -> Response:
    """Check every part now, which asks all services; within a minute the same answer again."""
    examined: Doctor = request.app.state.doctor
    return answer(request, examined.examine(desk))


@router.get("/events", responses=STREAM)
async def events(desk: AtDesk) -> StreamingResponse:
    """Server-sent events: what has changed, so that nobody has to ask again and again."""
    quiet = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(desk.events.listen(), media_type="text/event-stream", headers=quiet)


def needs_of(desk: Desk) -> list[Need]:
    return desk.needs()
