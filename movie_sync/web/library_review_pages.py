"""The review inbox: what nobody can tell for sure, approved, chosen or ignored in one step."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, Response

from movie_sync.library.verdicts import Reason
from movie_sync.views import library_review
from movie_sync.web import library_wishes
from movie_sync.web.desk import AtDesk

ANSWERS = ("approve", "ignore", "trust")
MOST_REASON = 40

router = APIRouter(include_in_schema=False)


@router.get("/library/review")
def inbox(
    request: Request,
    desk: AtDesk,
    reason: Annotated[str, Query(max_length=MOST_REASON)] = "",
    after: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
    undo: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
) -> HTMLResponse:
    store = desk.library.store
    found = library_review.inbox(store, after, reason or None)
    if after and not found.questions:  # they were answered meanwhile
        after, found = 0, library_review.inbox(store, 0, reason or None)
    decided = library_review.lately(store)
    return desk.pages.page(
        request, "library_review.html", found=found, reason=reason, after=after, decided=decided,
        undo=next((one for one in decided if one.id == undo), None), now=desk.now(), here="review",
        known_reasons=[str(one) for one in Reason],
    )  # fmt: skip


@router.post("/library/review/{review_id}/{answer}")
def answer(
    desk: AtDesk,
    review_id: int,
    answer: str,
    candidate: Annotated[int, Form(ge=0, le=1000)] = 0,
    back: Annotated[str, Form(max_length=200)] = "/library/review",
) -> Response:
    """Take a candidate, want these files in no title, or trust the names in their folder."""
    if answer not in ANSWERS:
        raise HTTPException(404)
    given: dict[str, Any] = {"review": review_id}
    if answer == "approve":
        given["candidate"] = candidate
    elif answer == "trust":
        folder = library_review.folder_of(desk.library.store, review_id)
        if folder is None:
            raise HTTPException(409, "its files lie in no folder; nothing was changed")
        given = {"folder": folder}
    there = back if back.startswith("/library/review") else "/library/review"
    return library_wishes.done(desk, there, desk.wish(answer, **given))
