"""The addresses of the design that the shows began with, with its JSON, for programs that know it.

    GET  /state    how far the shows are        POST /trigger    read the catalogue now
    GET  /shows    shows, by `status`           POST /refilter   judge every show again
    GET  /lists/<selection>.json   for Sonarr's Custom List

They stand at the root, as in the design. `/shows` is a page too: a browser, which asks for HTML,
gets that. New programs are better served by `/api/v1/shows`.
"""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from msgspec import Struct, json
from msgspec.structs import asdict

from movie_sync.shows.verdict import ShowState
from movie_sync.views import shows as shows_view
from movie_sync.web.api_base import answer
from movie_sync.web.desk import AtDesk, Desk

MOST = 1000
BUSY = "a cycle is in hand; nothing was triggered"

router = APIRouter(include_in_schema=False)


class State(Struct, frozen=True, kw_only=True):
    """`GET /state`."""

    last_full_sync: datetime | None
    last_incremental_sync: datetime | None
    last_tvmaze_page: int | None
    highest_tvmaze_id: int | None
    last_filter_hash: str | None
    last_updates_check: datetime | None
    next_scheduled_run: datetime
    sync_running: bool
    status_counts: dict[str, int]
    total_shows: int


class Show(Struct, frozen=True, kw_only=True):
    """One of `GET /shows`."""

    tvmaze_id: int
    tvdb_id: int | None
    imdb_id: str | None
    title: str
    language: str | None
    country: str | None
    type: str | None
    status: str | None
    premiered: date | None
    ended: date | None
    network: str | None
    web_channel: str | None
    genres: tuple[str, ...]
    runtime: int | None
    rating: float | None
    processing_status: str
    filter_reason: str | None
    sonarr_series_id: int | None
    added_to_sonarr_at: datetime | None


class Asked:
    """Which shows."""

    def __init__(
        self,
        status: ShowState | None = None,
        limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
        offset: Annotated[int, Query(ge=0, le=2**31)] = 0,
    ) -> None:
        self.status, self.limit, self.offset = status, limit, offset


@router.get("/state")
def state(request: Request, desk: AtDesk) -> Response:
    from movie_sync.shows.state_file import of_meta

    shows = desk.shows
    counts = shows.store.counts()
    found = State(
        **asdict(of_meta(shows.store.all_meta())),
        next_scheduled_run=shows.sync.next_at(desk.now()),
        sync_running=shows.sync.running,
        status_counts=counts,
        total_shows=sum(counts.values()),
    )
    return answer(request, found)


@router.post("/trigger")
def trigger(desk: AtDesk) -> Response:
    """202, and it is being read; 409 where a cycle is in hand already."""
    if desk.shows.trigger():
        return _json(202, {"status": "triggered"})
    return _json(409, {"status": "already_running", "error": BUSY})


@router.post("/refilter")
def refilter(desk: AtDesk) -> Response:
    """202: all are being judged, or will be as soon as the cycle in hand has ended."""
    return _json(202, {"status": "triggered" if desk.shows.refilter() else "scheduled"})


@router.get("/lists/{selection}.json")
def custom_list(desk: AtDesk, selection: str) -> Response:
    """For Sonarr's Custom List; its key may stand in the address, see `guard_lists`."""
    return list_of(desk, selection)


def shows(request: Request, desk: Desk, asked: Asked) -> Response:
    """`GET /shows` for a program; also the way to it from the page's route."""
    there = desk.shows
    sought = shows_view.sought(states=(asked.status,) if asked.status else ())
    rows = shows_view.part(there, sought, asked.limit, asked.offset)
    return answer(request, [_show(row) for row in rows], headers={"Vary": "Accept"})


def wants_page(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "") or "hx-request" in request.headers


def list_of(desk: Desk, selection: str) -> Response:
    """Raises Unavailable where the list could be short: Sonarr may clean up what it lacks."""
    from movie_sync.shows.custom_lists import custom_list

    shows = desk.shows
    content = custom_list(shows.store, shows.rules, selection)
    return Response(content, headers={"Cache-Control": "no-store"}, media_type="application/json")


def _show(row: shows_view.ShowRow) -> Show:
    filtered = row.state is ShowState.FILTERED
    return Show(
        tvmaze_id=row.tvmaze_id, tvdb_id=row.tvdb_id, imdb_id=row.imdb_id, title=row.title,
        language=row.language, country=row.country, type=row.type, status=row.status,
        premiered=row.premiered_on, ended=row.ended_on, network=row.network,
        web_channel=row.web_channel, genres=row.genres, runtime=row.runtime_min,
        rating=row.rating, processing_status=str(row.state),
        filter_reason=row.sentence if filtered else None, sonarr_series_id=row.series_id,
        added_to_sonarr_at=row.added_at,
    )  # fmt: skip


def _json(status: int, value: dict[str, str]) -> Response:
    return Response(json.encode(value), status, media_type="application/json")
