"""From forms about the library to wishes, and from their answers to the next page."""

import re
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from fastapi.responses import RedirectResponse, Response
from msgspec import Struct
from starlette.exceptions import HTTPException

from movie_sync.library_models import Kind
from movie_sync.views import library_files, library_review, library_title
from movie_sync.web.desk import Desk

MOST_SAID = 600  # a cookie carries it
MOST_SHOWN = 12


class Subject(Struct, frozen=True, kw_only=True):
    """The files that are to be taken for something."""

    sentence: str  # whose they are now, or why it is asked
    files: tuple[str, ...]  # names of the first
    count: int
    guess: str  # what to search for at first
    kind: Kind | None
    request: dict[str, Any]  # of the wish
    fields: tuple[tuple[str, int], ...]  # of a form, to ask for the same again
    back: str


def subject(desk: Desk, review: int | None, title: int | None, files: list[int]) -> Subject:
    """Of a question, of a title, or of files by their numbers.

    Raises:
        NotFound: there is none such.
        HTTPException: none is named.
    """
    store = desk.library.store
    if review is not None:
        return _of_question(library_review.asked(store, review))
    if title is not None:
        page = library_title.whole(store, title, desk.now().date())
        held = [one for one in page.files if one.is_there]
        back = f"/library/titles/{title}"
        return _of_files(held, page.title.title, page.title.kind, (("title", title),), back)
    if not files:
        raise HTTPException(422, "no file is named; nothing was changed")
    found = [library_files.one(store, number) for number in files]
    row = store.row(found[0].title_id) if found[0].title_id else None
    fields = tuple(("file", one.id) for one in found)
    back = f"/library/files/{found[0].id}"
    named = row.title if row else _words(found[0].name)
    return _of_files(found, named, row.kind if row else None, fields, back)


def _of_question(asked: library_review.Question) -> Subject:
    first = asked.candidates[0].title if asked.candidates else ""
    name = _words(asked.files[0].name) if asked.files else ""
    return Subject(
        sentence=asked.sentence,
        files=tuple(one.name for one in asked.files),
        count=asked.count,
        guess=first or name,
        kind=asked.candidates[0].kind if asked.candidates else None,
        request={"review": asked.id},
        fields=(("review", asked.id),),
        back="/library/review",
    )


def _of_files(
    held: list[library_files.LibraryFile],
    named: str,
    kind: Kind | None,
    fields: tuple[tuple[str, int], ...],
    back: str,
) -> Subject:
    if not held:
        raise HTTPException(409, "no file of it is there; nothing was changed")
    return Subject(
        sentence=f"now taken for {named}" if kind else "not taken for anything yet",
        files=tuple(one.name for one in held[:MOST_SHOWN]),
        count=len(held),
        guess=named,
        kind=kind,
        request={"assets": [one.id for one in held]},
        fields=fields,
        back=back,
    )


def chosen(choice: str, name: str, year: str, kind: str) -> dict[str, Any]:
    """What "title:12" or "tmdb:film:496243" names, or a title by its name and year."""
    match choice.split(":"):
        case ["title", number] if number.isdecimal():
            return {"title_id": int(number)}
        case ["tmdb", of, number] if number.isdecimal() and of in set(Kind):
            return {"tmdb_id": int(number), "kind": of}
    if not name.strip():
        raise HTTPException(422, "no title was chosen; nothing was changed")
    if year.strip() and not re.fullmatch(r"[12]\d{3}", year.strip()):
        raise HTTPException(422, "a year has four digits; nothing was changed")
    told = {"title": name.strip(), "kind": kind if kind in set(Kind) else str(Kind.FILM)}
    return told | ({"year": int(year)} if year.strip() else {})


def numbers(season: str, episodes: str) -> dict[str, Any]:
    """Of episodes that only a person can tell: "3" and "4, 5"."""
    if not (season.strip() or episodes.strip()):
        return {}
    some = [part for part in re.split(r"[\s,]+", episodes.strip()) if part]
    if not season.strip().isdecimal() or not some or not all(one.isdecimal() for one in some):
        raise HTTPException(422, "season and episodes are numbers, as 3 and 4, 5")
    return {"season": int(season), "episodes": [int(one) for one in some]}


def done(desk: Desk, there: str, answer: dict[str, Any], *, undone: bool = False) -> Response:
    """To a page that says what was done, and offers to take it back."""
    choice = None if undone else answer.get("choice")
    address = f"{desk.pages.base}{quote(there, safe='/?=&')}"
    if choice is not None:
        address += f"{'&' if '?' in there else '?'}undo={choice}"
    sent = RedirectResponse(address, 303)
    sentence = str(answer["sentence"])
    desk.pages.say(sent, f"{sentence[:1].upper()}{sentence[1:]}"[:MOST_SAID])
    return sent


def _words(name: str) -> str:
    """Of a file's name, up to a year or the like."""
    stem = PurePosixPath(name).stem
    words = re.split(r"[\W_]+", re.split(r"(?<=.)[\W_](?:19|20)\d\d\b", stem)[0])
    return " ".join(words).strip()
