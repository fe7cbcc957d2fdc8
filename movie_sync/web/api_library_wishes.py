"""What may be asked of the library: say what files are, take it back, look and ask again."""

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from msgspec import Meta, Struct

from movie_sync.library_models import Kind
from movie_sync.views import library_review
from movie_sync.web import api_library_examples as examples
from movie_sync.web.api_base import Body, Invalid, answer, body_of, decoded, gives, takes
from movie_sync.web.api_library import MOST_NUMBER, FileId, ReviewId, TitleId, number
from movie_sync.web.desk import AtDesk, Desk

Some = Annotated[int, Meta(ge=0, le=MOST_NUMBER)]
Files = Annotated[tuple[Some, ...], Meta(min_length=1, max_length=1000)]
Year = Annotated[int, Meta(ge=1800, le=2200)]
Season = Annotated[int, Meta(ge=0, le=9999)]
Episodes = Annotated[tuple[Annotated[int, Meta(ge=0, le=99_999)], ...], Meta(max_length=50)]
ChoiceId = Annotated[int, number("The number of the choice.", "choice")]


class LibraryDone(Struct, frozen=True, kw_only=True):
    """What was done."""

    said: str
    choice_id: int | None = None  # by which it is taken back
    files: int | None = None  # that it was done to
    title_id: int | None = None  # what they are now


class ByNumber(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A title of the library."""

    title_id: Some
    season: Season | None = None  # where no name tells the episodes
    episodes: Episodes = ()


class ByTmdb(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A title by TMDB's number."""

    tmdb_id: Some
    kind: Kind = Kind.FILM
    season: Season | None = None
    episodes: Episodes = ()


class ByName(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A title that nobody has a number for."""

    title: Annotated[str, Meta(min_length=1, max_length=300, pattern=r"\S")]
    year: Year | None = None
    kind: Kind = Kind.FILM
    season: Season | None = None
    episodes: Episodes = ()


class FilesByNumber(ByNumber, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Files that are of a title of the library."""

    files: Files


class FilesByTmdb(ByTmdb, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Files that are of a title by TMDB's number."""

    files: Files


class FilesByName(ByName, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Files that are of a title that nobody has a number for."""

    files: Files


Chosen = ByNumber | ByTmdb | ByName


class OneOf:
    """A dependency that reads a title in one of three ways: `title_id`, `tmdb_id`, or by name."""

    def __init__(self, number: Any, tmdb: Any, name: Any) -> None:
        self._decoders: list[tuple[str, msgspec.json.Decoder[Chosen]]] = [
            ("title_id", msgspec.json.Decoder(number)),
            ("tmdb_id", msgspec.json.Decoder(tmdb)),
            ("title", msgspec.json.Decoder(name)),
        ]

    async def __call__(self, request: Request) -> Chosen:
        text = await body_of(request)
        given = decoded(text, _ANY)
        named = [decoder for field, decoder in self._decoders if field in given]
        return decoded(text, (named or [self._decoders[-1][1]])[0])


class SomeFiles(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Files by their numbers."""

    files: Files


class Approve(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which candidate; the likest is 0."""

    candidate: Annotated[int, Meta(ge=0, le=1000)] = 0


class Into(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The title that is left of the two."""

    into: Some


class Scan(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which source; all where none is named."""

    source: Annotated[str, Meta(max_length=100)] | None = None
    accept: bool = False  # what is not found is gone, however much it is


_ANY = msgspec.json.Decoder(dict[str, Any])
TITLES = (ByNumber, ByTmdb, ByName)
MATCHES = (FilesByNumber, FilesByTmdb, FilesByName)
SHAPES = (LibraryDone, *TITLES, *MATCHES, SomeFiles, Approve, Into, Scan)
DONE = gives(LibraryDone, examples.DONE, "What was done.")
BEGUN = gives(LibraryDone, examples.BEGUN, "What was begun.")

router = APIRouter(tags=["library"])


@router.post("/library/titles/{id}/refresh", responses=BEGUN)
def refresh(request: Request, desk: AtDesk, id_: TitleId) -> Response:
    """Have TMDB asked again what it knows of this title."""
    return _wished(request, desk, "refresh", title=id_)


@router.post(
    "/library/titles/{id}/merge", responses=DONE, openapi_extra=takes(Into, one=examples.INTO)
)
def merge(
    request: Request, desk: AtDesk, id_: TitleId, body: Annotated[Into, Depends(Body[Into](Into))]
) -> Response:
    """Make one title of two: files, ids and history of this one are of the other from now on."""
    return _wished(request, desk, "merge", title=id_, into=body.into)


@router.post("/library/files/{id}/probe", responses=BEGUN)
def probe(request: Request, desk: AtDesk, id_: FileId) -> Response:
    """Look into this file again."""
    return _wished(request, desk, "probe", asset=id_)


@router.post("/library/files/{id}/checksum", responses=BEGUN)
def checksum(request: Request, desk: AtDesk, id_: FileId) -> Response:
    """Make the SHA-256 of this file, which tells whether another one is the same."""
    return _wished(request, desk, "checksum", asset=id_)


@router.post("/library/match", responses=DONE, openapi_extra=takes(*MATCHES, one=examples.MATCH))
def match(
    request: Request,
    desk: AtDesk,
    body: Annotated[Any, Depends(OneOf(*MATCHES))],
) -> Response:
    """Take files for a title, whatever they were taken for; it holds for ever, or until undone."""
    return _wished(request, desk, "choose", assets=list(body.files), **_told(body))


@router.post("/library/ignore", responses=DONE, openapi_extra=takes(SomeFiles, one=examples.SOME))
def ignore(
    request: Request, desk: AtDesk, body: Annotated[SomeFiles, Depends(Body[SomeFiles](SomeFiles))]
) -> Response:
    """Want these files in no title."""
    return _wished(request, desk, "ignore", assets=list(body.files))


@router.post("/library/split", responses=DONE, openapi_extra=takes(SomeFiles, one=examples.SOME))
def split(
    request: Request, desk: AtDesk, body: Annotated[SomeFiles, Depends(Body[SomeFiles](SomeFiles))]
) -> Response:
    """Say that files are not what they are taken for; what they are is asked anew."""
    return _wished(request, desk, "split", assets=list(body.files))


@router.post(
    "/library/reviews/{id}/approve",
    responses=DONE,
    openapi_extra=takes(Approve, required=False, one=examples.APPROVE),
)
def approve(
    request: Request,
    desk: AtDesk,
    id_: ReviewId,
    body: Annotated[Approve, Depends(Body(Approve, Approve()))],
) -> Response:
    """Take a candidate for all files of the question."""
    return _wished(request, desk, "approve", review=id_, candidate=body.candidate)


@router.post(
    "/library/reviews/{id}/choose",
    responses=DONE,
    openapi_extra=takes(*TITLES, one=examples.CHOSEN),
)
def choose(
    request: Request,
    desk: AtDesk,
    id_: ReviewId,
    body: Annotated[Any, Depends(OneOf(*TITLES))],
) -> Response:
    """Take any other title for all files of the question."""
    return _wished(request, desk, "choose", review=id_, **_told(body))


@router.post("/library/reviews/{id}/ignore", responses=DONE)
def ignore_review(request: Request, desk: AtDesk, id_: ReviewId) -> Response:
    """Want the files of the question in no title."""
    return _wished(request, desk, "ignore", review=id_)


@router.post("/library/reviews/{id}/trust", responses=DONE)
def trust(request: Request, desk: AtDesk, id_: ReviewId) -> Response:
    """Take the names in the folder of the question at their word, from now on."""
    folder = library_review.folder_of(desk.library.store, id_)
    if folder is None:
        raise Invalid(409, "its files lie in no folder; nothing was changed")
    return _wished(request, desk, "trust", folder=folder)


@router.post("/library/choices/{id}/undo", responses=DONE)
def undo(request: Request, desk: AtDesk, id_: ChoiceId) -> Response:
    """Bring back what was before a choice; what was decided after it stays."""
    return _wished(request, desk, "undo", choice=id_)


@router.post(
    "/library/scan",
    status_code=202,
    responses=gives(LibraryDone, examples.SCANNED, "What was begun."),
    openapi_extra=takes(Scan, required=False, one=examples.SCAN),
)
def scan(
    request: Request, desk: AtDesk, body: Annotated[Scan, Depends(Body(Scan, Scan()))]
) -> Response:
    """Look at a source now, or at all of them."""
    asked = {"source": body.source, "accept": body.accept or None}
    return _wished(request, desk, "scan", status=202, **asked)


def _told(body: Chosen) -> dict[str, Any]:
    """As the wish has it."""
    given = msgspec.to_builtins(body)
    given.pop("files", None)
    return {name: value for name, value in given.items() if value not in (None, [], ())}


def _wished(
    request: Request, desk: Desk, wish: str, *, status: int = 200, **asked: Any
) -> Response:
    told = desk.wish(wish, **asked)
    if "choice" in told and told["choice"] is None:  # nothing was done, and the sentence says why
        raise Invalid(409, str(told["sentence"]))
    done = LibraryDone(
        said=str(told["sentence"]), choice_id=told.get("choice"), files=told.get("files"),
        title_id=told.get("title"),
    )  # fmt: skip
    return answer(request, done, status=status)
