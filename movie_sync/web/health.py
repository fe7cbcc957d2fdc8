"""For whatever watches the program: does it live, can it work, and the figures of both.

The first two tell nobody anything but that, and are answered to everybody.
"""

import time

from fastapi import APIRouter, Request
from fastapi.responses import Response
from msgspec import Struct, json

from movie_sync.app import LONGEST_PASS_S
from movie_sync.web.desk import AtDesk, Desk
from movie_sync.wiring import shows_alone

NO_STORE = {"Cache-Control": "no-store"}


class Ready(Struct, frozen=True, omit_defaults=True):
    """Whether films can be carried on now; `why_not` is in words that tell nothing of them."""

    ready: bool
    why_not: list[str]
    status: str  # "ready" or "not ready"
    # Where shows are on: whether their database is open, and every Sonarr answered last.
    database: bool | None = None
    sonarr: bool | None = None


router = APIRouter(include_in_schema=False)


@router.api_route("/health", methods=["GET", "HEAD"])
def health() -> Response:
    """The process lives and answers."""
    return Response(b'{"status":"healthy"}', headers=NO_STORE, media_type="application/json")


@router.api_route("/ready", methods=["GET", "HEAD"])
def ready(desk: AtDesk) -> Response:
    """200 while the queues can be changed and every worker lives; else 503. A Sonarr that is away,
    or a database of shows that cannot be opened, is told, and holds up nothing but shows; so that
    the latter is 503 only where shows are all that is wanted of the program."""
    why_not = [*_queues(desk), *_workers(desk), *_shows(desk)]
    shows, are_on = desk.app.shows, desk.running.loaded.config.shows.enabled
    body = json.encode(
        Ready(
            not why_not,
            why_not,
            "not ready" if why_not else "ready",
            database=shows is not None if are_on else None,
            sonarr=not (shows.reconciled and shows.reconciled.out) if shows else None,
        )
    )
    return Response(body, 503 if why_not else 200, NO_STORE, "application/json")


@router.get("/metrics")
def metrics(request: Request, desk: AtDesk) -> Response:
    # Loaded when it is first asked for, which in many homes is never.
    from movie_sync.web.metrics import CONTENT_TYPE, Metrics

    state = request.app.state
    if not hasattr(state, "metrics"):
        state.metrics = Metrics(desk)
    return Response(state.metrics.text(), headers=NO_STORE | {"Content-Type": CONTENT_TYPE})


def _queues(desk: Desk) -> list[str]:
    return ["the queues are read-only"] if desk.queue.broken else []


def _shows(desk: Desk) -> list[str]:
    config = desk.running.loaded.config
    is_missing = desk.app.shows is None and shows_alone(config)
    return ["the database of the shows is not open"] if is_missing else []


def _workers(desk: Desk) -> list[str]:
    """One that was replaced is alive again; one whose pass never ends is not."""
    dead_before = time.monotonic() - LONGEST_PASS_S
    return [
        f"the worker {worker.name} is dead"
        for worker in desk.app.workers
        if not worker.is_alive() or worker.beat_at < dead_before
    ]
