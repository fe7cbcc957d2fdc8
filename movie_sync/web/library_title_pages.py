"""A title of the library, a file of it, and what a person may do there: say what a file really is,
undo what was said, and have the world asked again.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from movie_sync.library_models import Kind
from movie_sync.views import library_files, library_review, library_title
from movie_sync.views.library_title import LibraryTitlePage, Season
from movie_sync.web import library_wishes
from movie_sync.web.desk import AtDesk, Desk

FILE_WISHES = ("probe", "checksum", "ignore", "split")
CAST, HISTORY = 12, 12  # that are shown at first
WORDS = {
    "picture": library_files.picture_words, "sound": library_files.sound_words,
    "text": library_files.text_words, "language": library_files.language_words,
}  # fmt: skip

router = APIRouter(include_in_schema=False)


@router.get("/library/titles/{title_id}")
def title(request: Request, desk: AtDesk, title_id: int, season: int | None = None) -> Response:
    """A title; of a show, the episodes of one season."""
    one = _title(desk, title_id)
    if one.title.id != title_id:  # it was merged into another
        return RedirectResponse(f"{desk.pages.base}/library/titles/{one.title.id}", 303)
    shown = _season(one, season)
    held = {file.id: file for file in one.files}
    return desk.pages.page(
        request, "library_title.html", one=one, season=shown, held=held, words=WORDS,
        now=desk.now(), most_cast=CAST, most_history=HISTORY, here="titles",
    )  # fmt: skip


@router.post("/library/titles/{title_id}/refresh")
def refresh(desk: AtDesk, title_id: int) -> Response:
    """Ask TMDB for its facts again."""
    done = desk.wish("refresh", title=title_id)
    return library_wishes.done(desk, f"/library/titles/{title_id}", done)


@router.get("/library/titles/{title_id}/merge")
def merge_into(
    request: Request,
    desk: AtDesk,
    title_id: int,
    q: Annotated[str, Query(max_length=200)] = "",
) -> HTMLResponse:
    """Which other title it is one with."""
    one = _title(desk, title_id).title
    text = q.strip() or one.title
    found = library_review.search(desk.library.store, None, text, one.kind)
    others = [each for each in found.own if each.title_id != one.id]
    return desk.pages.page(
        request, "library_merge.html", one=one, q=text, found=others, here="titles"
    )


@router.post("/library/titles/{title_id}/merge")
def merge(desk: AtDesk, title_id: int, into: Annotated[int, Form()]) -> Response:
    """Make one title of two: the files of this one are of the other from now on."""
    done = desk.wish("merge", title=title_id, into=into)
    return library_wishes.done(desk, f"/library/titles/{into}", done)


@router.get("/library/files/{asset_id}")
def file(request: Request, desk: AtDesk, asset_id: int) -> HTMLResponse:
    store = desk.library.store
    one = library_files.one(store, asset_id)
    row = store.row(one.title_id) if one.title_id else None
    return desk.pages.page(
        request, "library_file.html", file=one, title=row, words=WORDS, here="files",
        history=store.assignments(asset_id=one.id, limit=HISTORY), now=desk.now(),
    )  # fmt: skip


@router.post("/library/files/{asset_id}/{wish}")
def wish(
    desk: AtDesk, asset_id: int, wish: str, back: Annotated[str, Form(max_length=200)] = ""
) -> Response:
    """Look into it again, have its checksum, want it in no title, or say that it is another."""
    if wish not in FILE_WISHES:
        raise HTTPException(404)
    several = wish in {"split", "ignore"}
    given: dict[str, Any] = {"assets": [asset_id]} if several else {"asset": asset_id}
    there = back if back.startswith("/library/") else f"/library/files/{asset_id}"
    return library_wishes.done(desk, there, desk.wish(wish, **given))


@router.post("/library/undo")
def undo(
    desk: AtDesk,
    choice: Annotated[int, Form()],
    back: Annotated[str, Form(max_length=200)] = "/library/review",
) -> Response:
    """Take back what a person decided."""
    there = back if back.startswith("/library") else "/library/review"
    return library_wishes.done(desk, there, desk.wish("undo", choice=choice), undone=True)


@router.get("/library/match")
def match(  # noqa: PLR0917 - one argument for each part of the address
    request: Request,
    desk: AtDesk,
    q: Annotated[str, Query(max_length=200)] = "",
    kind: str = "",
    year: str = "",
    review: int | None = None,
    title: int | None = None,
    file: Annotated[list[int] | None, Query(max_length=500)] = None,
) -> HTMLResponse:
    """What files really are: own titles and TMDB's, to choose from."""
    what = library_wishes.subject(desk, review, title, file or [])
    text = q.strip() or what.guess
    of = Kind(kind) if kind in set(Kind) else what.kind
    number = int(year) if year.isascii() and year.isdecimal() and len(year) == 4 else None
    library = desk.library
    found = library_review.search(library.store, library.metadata, text, of, number)
    return desk.pages.page(
        request, "library_match.html", what=what, q=text, kind=str(of) if of else "", year=year,
        found=found, here="review" if review else "titles",
    )  # fmt: skip


@router.post("/library/match")
def matched(  # noqa: PLR0917 - one argument for each field of a form
    desk: AtDesk,
    choice: Annotated[str, Form(max_length=200)] = "",
    name: Annotated[str, Form(max_length=300)] = "",
    year: Annotated[str, Form(max_length=4)] = "",
    kind: Annotated[str, Form(max_length=10)] = "",
    season: Annotated[str, Form(max_length=6)] = "",
    episodes: Annotated[str, Form(max_length=100)] = "",
    review: Annotated[int | None, Form()] = None,
    title: Annotated[int | None, Form()] = None,
    file: Annotated[list[int] | None, Form(max_length=500)] = None,
) -> Response:
    """Take the files for the title that was chosen, or for one of a name and year."""
    what = library_wishes.subject(desk, review, title, file or [])
    chosen = library_wishes.chosen(choice, name, year, kind)
    numbers = library_wishes.numbers(season, episodes)
    done = desk.wish("choose", **what.request, **chosen, **numbers)
    there = "/library/review" if review else what.back
    if not review and done.get("title"):
        there = f"/library/titles/{done['title']}"
    return library_wishes.done(desk, there, done)


def _title(desk: Desk, title_id: int) -> LibraryTitlePage:
    return library_title.whole(desk.library.store, title_id, desk.now().astimezone().date())


def _season(one: LibraryTitlePage, number: int | None) -> Season | None:
    """The one that is asked for; else the first that lacks something, else the last."""
    of_show = [each for each in one.seasons if each.number] or list(one.seasons)
    asked = [each for each in one.seasons if each.number == number]
    lacking = [each for each in of_show if each.missing and each.there]
    return next(iter([*asked, *lacking, *of_show[::-1]]), None)
