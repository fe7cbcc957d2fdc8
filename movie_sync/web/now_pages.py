"""The first page: what needs a person, what moves, what comes next and what has just arrived."""

from typing import Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from movie_sync.models import State
from movie_sync.views import listing
from movie_sync.web import welcome_pages
from movie_sync.web.desk import AtDesk, Desk
from movie_sync.web.render import THEMES

NEXT, ARRIVED, SHOWN = 5, 12, 6
A_YEAR_S = 365 * 86400

router = APIRouter(include_in_schema=False)


@router.get("/")
def now_page(request: Request, desk: AtDesk) -> Response:
    if welcome_pages.is_first_visit(request, desk):
        return welcome_pages.lead_here(desk)
    return desk.pages.page(request, "now.html", **_now(desk))


@router.get("/parts/now")
def now_part(request: Request, desk: AtDesk) -> HTMLResponse:
    """What of it changes while one looks."""
    return desk.pages.page(request, "_now.html", **_now(desk))


@router.post("/theme")
def theme(request: Request, desk: AtDesk, theme: str = Form()) -> Response:
    """Light, dark, or as the system has it."""
    answer = RedirectResponse(_back(request, desk), 303)
    answer.set_cookie("theme", theme if theme in THEMES else "auto", max_age=A_YEAR_S,
                      path=f"{desk.pages.base}/", samesite="lax")  # fmt: skip
    return answer


def _now(desk: Desk) -> dict[str, Any]:
    now, needs = desk.now(), desk.needs()
    return {
        "now": now,
        "needs": needs[:SHOWN],
        "more_needs": len(needs[SHOWN:]),
        "counts": desk.queue.get_statistics(),
        "moving": desk.app.moving.look(),
        "next": listing.films(desk.queue, (State.PENDING,), now, order="next", per_page=NEXT),
        "arrived": listing.films(
            desk.queue, (State.COMPLETED,), now, order="done", per_page=ARRIVED
        ),
        "has_source": bool(desk.app.sources),
    }


def _back(request: Request, desk: Desk) -> str:
    """The page that a form was on, if it is one of ours."""
    came_from = request.headers.get("referer", "")
    own = str(request.base_url).rstrip("/")
    return came_from if came_from.startswith(f"{own}/") else f"{desk.pages.base}/"
