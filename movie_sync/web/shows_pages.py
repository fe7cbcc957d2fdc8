"""Shows: how all of them are, lists of some, a show's own page, and what waits for a person's word.

`GET /shows` is also an address of the program's older design: who does not ask for a page is given
JSON there, as `shows_design` has it.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from movie_sync import settings_change
from movie_sync.errors import MovieSyncError
from movie_sync.shows import vocabulary
from movie_sync.shows.verdict import ShowState
from movie_sync.views import show_wishes
from movie_sync.views import shows as shows_view
from movie_sync.web import shows_design
from movie_sync.web.desk import AtDesk, Desk

MOST_CODES = 30
MOST_SAID = 600  # a cookie carries it
REVIEW_A_PAGE = 50

router = APIRouter(include_in_schema=False)


class Asked:
    """What the list is narrowed to, from the address; what makes no sense is left out."""

    def __init__(  # noqa: PLR0917 - one for each field of a form
        self,
        q: Annotated[str, Query(max_length=200)] = "",
        state: str = "",
        reason: Annotated[str, Query(max_length=100)] = "",
        rule: Annotated[str, Query(max_length=200)] = "",
        type: str = "",
        language: str = "",
        order: str = "newest",
        page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
    ) -> None:
        self.q, self.reason, self.rule, self.page = q, reason, rule, page
        self.state = state if state in set(ShowState) else ""
        self.type = type if type in vocabulary.TYPES else ""
        self.language = language if language in vocabulary.LANGUAGES else ""
        self.order = next((one for one in shows_view.ORDERS if one == order), "newest")

    @property
    def narrows(self) -> bool:
        return any((self.q, self.state, self.reason, self.rule, self.type, self.language))

    @property
    def fields(self) -> dict[str, str]:
        """Those that narrow it, for an address."""
        every = {
            "q": self.q, "state": self.state, "reason": self.reason, "rule": self.rule,
            "type": self.type, "language": self.language,
            "order": "" if self.order == "newest" else self.order,
        }  # fmt: skip
        return {name: value for name, value in every.items() if value}

    def found(self, desk: Desk) -> shows_view.ShowListing:
        there = desk.shows
        sought = shows_view.sought(
            states=(ShowState(self.state),) if self.state else (), code=self.reason,
            rule=self.rule, text=self.q, type=self.type, language=self.language, order=self.order,
        )  # fmt: skip
        return shows_view.listed(there, sought, self.page)


AsAsked = Annotated[Asked, Depends()]


@router.get("/shows")
def overview(
    request: Request, desk: AtDesk, asked: Annotated[shows_design.Asked, Depends()]
) -> Response:
    """How all shows are; JSON of some for programs of the older design."""
    if not shows_design.wants_page(request):
        return shows_design.shows(request, desk, asked)
    if asked.status is not None:
        return RedirectResponse(f"{desk.pages.base}/shows/all?state={asked.status}", 303)
    answer = desk.pages.page(
        request, "shows.html", summary=shows_view.summary(desk.shows, desk.now()), now=desk.now(),
        here="overview",
    )  # fmt: skip
    answer.headers["Vary"] = "Accept"
    return answer


@router.get("/shows/all")
def every(request: Request, desk: AtDesk, asked: AsAsked) -> HTMLResponse:
    """A list: filtered, searched, sorted."""
    shows, by_htmx = desk.shows, "hx-request" in request.headers
    codes = shows.store.counts_by_reason(ShowState(asked.state or ShowState.FILTERED))
    return desk.pages.page(
        request,
        "_shows_list.html" if by_htmx else "shows_all.html",
        asked=asked,
        found=asked.found(desk),
        states=list(ShowState),
        codes=sorted(codes, key=lambda code: -codes[code])[:MOST_CODES],
        rules=[rule.name for rule in shows.rules.selections],
        types=vocabulary.TYPES,
        languages=vocabulary.LANGUAGES,
        orders=shows_view.ORDERS,
        here="all",
    )


@router.get("/shows/review")
def review(
    request: Request, desk: AtDesk, page: Annotated[int, Query(ge=1, le=1_000_000)] = 1
) -> HTMLResponse:
    """Shows that wait for a person's word."""
    there = desk.shows
    sought = shows_view.sought(states=(ShowState.REVIEW,))
    found = shows_view.listed(there, sought, page, REVIEW_A_PAGE)
    return desk.pages.page(request, "shows_review.html", found=found, here="review")


@router.post("/shows/review")
def decide(
    desk: AtDesk,
    do: Annotated[str, Form()] = "",
    one: Annotated[str, Form()] = "",
    show: Annotated[list[int] | None, Form()] = None,
) -> Response:
    """Approve, reject or exclude what is ticked; or the one whose own button was pressed."""
    if one:
        do, _, number = one.partition(" ")
        show = [int(number)] if number.isdecimal() else []
    if do not in show_wishes.WISHES:
        raise HTTPException(422, "nothing was chosen to do; nothing was changed")
    return _said(desk, "/shows/review", _decided(desk, do, show or []))


@router.post("/shows/trigger")
def trigger(desk: AtDesk) -> Response:
    """Read the catalogue now."""
    begun = desk.shows.trigger()
    sentence = "The catalogue is being read" if begun else "A cycle is in hand already"
    return _said(desk, "/shows", sentence)


@router.post("/shows/refilter")
def refilter(desk: AtDesk) -> Response:
    """Judge every show again."""
    begun = desk.shows.refilter()
    sentence = "All shows are judged again" if begun else "All are judged again after this cycle"
    return _said(desk, "/shows", sentence)


@router.post("/shows/dry-run")
def dry_run(desk: AtDesk, on: Annotated[bool, Form()] = False) -> Response:
    """Have shows added, or only say which would be."""
    said = settings_change.change(desk.running, {"shows.dry_run": on}).sentence
    now = "Dry run: no show is added" if on else "The dry run is off: shows that pass are added now"
    return _said(desk, "/shows", f"{now} ({said})")


@router.get("/shows/{tvmaze_id:int}")
def show(request: Request, desk: AtDesk, tvmaze_id: int) -> HTMLResponse:
    """A show's own page."""
    one = shows_view.one(desk.shows, tvmaze_id)
    dry = desk.shows.settings.dry_run
    return desk.pages.page(request, "show.html", one=one, now=desk.now(), dry_run=dry, here="")


@router.post("/shows/{tvmaze_id:int}/{do}")
def wish(desk: AtDesk, tvmaze_id: int, do: str) -> Response:
    """Do one of the wishes that the show's page offers."""
    if do not in show_wishes.WISHES:
        raise HTTPException(404)
    one = shows_view.one(desk.shows, tvmaze_id)
    sentence = show_wishes.wish(desk.shows, desk.queue, do, tvmaze_id, desk.now())
    return _said(desk, f"/shows/{tvmaze_id}", f"{one.show.title} {sentence}")


def _decided(desk: Desk, do: str, numbers: list[int]) -> str:
    """Each for itself: one that cannot be told to Sonarr hinders no other."""
    if not numbers:
        return "Nothing was ticked; nothing was changed"
    done, problems = list[str](), list[str]()
    for number in numbers:
        try:
            one = shows_view.one(desk.shows, number)
            sentence = show_wishes.wish(desk.shows, desk.queue, do, number, desk.now())
            done.append(f"{one.show.title} {sentence}")
        except MovieSyncError as error:
            problems.append(str(error))
    told: list[Any] = done
    if len(done) > 1:
        words = {"approve": "approved", "add": "queued, or approved"}
        told = [f"{len(done)} shows are {words.get(do, 'never added')}"]
    return "; ".join([*told, *dict.fromkeys(problems)])


def _said(desk: Desk, where: str, sentence: str) -> Response:
    answer = RedirectResponse(f"{desk.pages.base}{where}", 303)
    desk.pages.say(answer, sentence[:MOST_SAID])
    return answer
