"""The library for programs, to read: titles, files, questions, sources, and it all in figures."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response
from msgspec import Struct

from movie_sync.library.rows import ScanRow
from movie_sync.library_models import Kind
from movie_sync.views import (
    library,
    library_files,
    library_review,
    library_sources,
    library_title,
)
from movie_sync.web import api_library_examples as examples
from movie_sync.web.api_base import Part, answer, gives, links
from movie_sync.web.desk import AtDesk, Desk

MOST_NUMBER = 2**31 - 1


class LibraryTitles(Struct, frozen=True, kw_only=True):
    """One page of titles. Past the last page there are none."""

    titles: tuple[library.LibraryTitle, ...]
    total: int
    page: int
    pages: int
    per_page: int
    credit: str = library.CREDIT


class LibraryFiles(Struct, frozen=True, kw_only=True):
    """One page of files. Past the last page there are none."""

    files: tuple[library_files.LibraryFile, ...]
    total: int
    page: int
    pages: int
    per_page: int


class LibraryDuplicates(Struct, frozen=True, kw_only=True):
    """One page of films and episodes of which there is more than one file."""

    duplicates: tuple[library.Doubled, ...]
    total: int
    page: int
    pages: int
    per_page: int


class LibrarySources(Struct, frozen=True, kw_only=True):
    """Where films and shows are found, each as it was found at its last look."""

    sources: tuple[library_sources.LibrarySource, ...]
    trouble: list[str]  # what a person should know of them, as sentences


class Looks(Struct, frozen=True, kw_only=True):
    """Looks at sources, the newest first."""

    scans: list[ScanRow]


class LibraryChoices(Struct, frozen=True, kw_only=True):
    """What people decided and counts, the newest first."""

    choices: tuple[library_review.Decision, ...]


SHAPES = (
    LibraryTitles, library_title.LibraryTitlePage, LibraryFiles, library_files.LibraryFile,
    library_review.Inbox, library_review.Question, library_review.Searched, LibraryChoices,
    LibrarySources, Looks, LibraryDuplicates, library.LibraryStats,
)  # fmt: skip


def number(says: str, form: str) -> Any:
    """A number in an address, as a path's parameter."""
    return Path(
        alias="id", ge=0, le=MOST_NUMBER, description=says, json_schema_extra={"format": form}
    )


TitleId = Annotated[int, number("Its number in the library.", "title")]
FileId = Annotated[int, number("Its number in the library.", "asset")]
ReviewId = Annotated[int, number("The number of the question.", "review")]
Number = Annotated[int | None, Query(ge=0, le=MOST_NUMBER)]
Name = Annotated[str | None, Query(max_length=200)]

router = APIRouter(tags=["library"])


class Asked:
    """What the list of titles is narrowed to."""

    def __init__(  # noqa: PLR0917 - one for each part of the query
        self,
        text: Annotated[
            str, Query(max_length=200, description="Words of any title, however accented.")
        ] = "",
        kind: Annotated[Kind | None, Query(description="Only films, or only shows.")] = None,
        having: Annotated[
            library.Having, Query(description="Whose files are there, were, never were; or all.")
        ] = "files",
        episodes: Annotated[
            library.Episodes | None,
            Query(description="Shows that lack some that have aired, or none."),
        ] = None,
        genre: Annotated[Name, Query(description='Only of this: "Drama".')] = None,
        decade: Annotated[
            int | None, Query(ge=1800, le=2200, description="Made in these ten years: 1990.")
        ] = None,
        language: Annotated[
            Name, Query(description='Spoken in some file: "Korean", or a code.')
        ] = None,
        lines: Annotated[Number, Query(description="Of the best picture: 2160, 1080.")] = None,
        hdr: Annotated[bool | None, Query(description="Whether the best picture has it.")] = None,
        source: Annotated[Name, Query(description="Only those that it shows.")] = None,
        collection_id: Annotated[Number, Query(description="TMDB's number of it.")] = None,
        person_id: Annotated[Number, Query(description="TMDB's number of who is in it.")] = None,
        played: Annotated[bool | None, Query(description="Whether it was ever watched.")] = None,
        broken: Annotated[bool | None, Query(description="Whether a file is of no use.")] = None,
        doubled: Annotated[bool | None, Query(description="Whether there are duplicates.")] = None,
        order: Annotated[library.Sort, Query(description="What comes first.")] = "name",
        turned: Annotated[bool, Query(description="The other way round.")] = False,
    ) -> None:
        self.sought = library.Sought(
            kind=kind, text=text, having=having, episodes=episodes, genre=genre, decade=decade,
            language=language, lines=lines, hdr=hdr, source=source, collection_id=collection_id,
            person_id=person_id, played=played, broken=broken, doubled=doubled, sort=order,
            turned=turned,
        )  # fmt: skip


@router.get("/library/titles", responses=gives(LibraryTitles, examples.TITLES, listed=True))
def titles(
    request: Request,
    desk: AtDesk,
    asked: Annotated[Asked, Depends()],
    part: Annotated[Part, Depends()],
) -> Response:
    """Titles, page by page: narrowed, searched and sorted."""
    found = library.shelf(desk.library.store, asked.sought, _today(desk), part.page, part.per_page)
    body = LibraryTitles(
        titles=found.rows if found.page == part.page else (), total=found.total, page=part.page,
        pages=found.pages, per_page=part.per_page,
    )  # fmt: skip
    return answer(request, body, headers=links(request, part.page, found.pages))


@router.get("/library/titles/{id}", responses=gives(library_title.LibraryTitlePage, examples.TITLE))
def title(request: Request, desk: AtDesk, id_: TitleId) -> Response:
    """A title with its files, episodes, credits and history; of one that was merged, the other."""
    return answer(request, library_title.whole(desk.library.store, id_, _today(desk)))


@router.get("/library/files", responses=gives(LibraryFiles, examples.FILES, listed=True))
def files(
    request: Request,
    desk: AtDesk,
    part: Annotated[Part, Depends()],
    which: Annotated[library_files.Which, Query(description="Only of this state.")] = "all",
    source: Annotated[Name, Query(description="Only those that it shows.")] = None,
) -> Response:
    """Files by their numbers, whatever their titles are."""
    store = desk.library.store
    found = library_files.listed(store, which, source, part.page, part.per_page)
    body = LibraryFiles(
        files=found.rows, total=found.total, page=part.page, pages=found.pages,
        per_page=part.per_page,
    )  # fmt: skip
    return answer(request, body, headers=links(request, part.page, found.pages))


@router.get("/library/files/{id}", responses=gives(library_files.LibraryFile, examples.FILE))
def file(request: Request, desk: AtDesk, id_: FileId) -> Response:
    """A file: what it is taken for and why, what is inside of it, and who shows it."""
    return answer(request, library_files.one(desk.library.store, id_))


@router.get("/library/reviews", responses=gives(library_review.Inbox, examples.INBOX))
def reviews(
    request: Request,
    desk: AtDesk,
    reason: Annotated[
        Name, Query(description='Only of this reason: "namesakes", "no_year".')
    ] = None,
    after: Annotated[
        int, Query(ge=0, le=MOST_NUMBER, description="Where it goes on: `next_after`.")
    ] = 0,
) -> Response:
    """What waits for a person's word, the oldest first; files of one folder are one question."""
    return answer(request, library_review.inbox(desk.library.store, after, reason))


@router.get("/library/reviews/{id}", responses=gives(library_review.Question, examples.QUESTION))
def review(request: Request, desk: AtDesk, id_: ReviewId) -> Response:
    """One question that is open."""
    return answer(request, library_review.asked(desk.library.store, id_))


@router.get("/library/choices", responses=gives(LibraryChoices, examples.CHOICES))
def choices(
    request: Request,
    desk: AtDesk,
    limit: Annotated[int, Query(ge=1, le=200, description="How many at most.")] = 50,
) -> Response:
    """What people decided, the newest first; each can be undone."""
    body = LibraryChoices(choices=library_review.lately(desk.library.store, limit))
    return answer(request, body)


@router.get("/library/search", responses=gives(library_review.Searched, examples.SEARCHED))
def search(
    request: Request,
    desk: AtDesk,
    text: Annotated[str, Query(max_length=200, description="A title, or an id: tt6751668.")],
    kind: Annotated[Kind | None, Query(description="Only films, or only shows.")] = None,
    year: Annotated[int | None, Query(ge=1800, le=2200, description="Of the title.")] = None,
) -> Response:
    """Titles of the library and of TMDB that may be meant, for `choose`."""
    there = desk.library
    return answer(request, library_review.search(there.store, there.metadata, text, kind, year))


@router.get("/library/sources", responses=gives(LibrarySources, examples.SOURCES))
def sources(request: Request, desk: AtDesk) -> Response:
    """Sources with their last looks, and how far those in hand are."""
    there = desk.library
    found = library_sources.listed(there, desk.running.loaded.config)
    return answer(request, LibrarySources(sources=found, trouble=there.troubles()))


@router.get("/library/scans", responses=gives(Looks, examples.SCANS))
def scans(
    request: Request,
    desk: AtDesk,
    source: Annotated[Name, Query(description="Only at this source.")] = None,
    limit: Annotated[int, Query(ge=1, le=200, description="How many at most.")] = 20,
) -> Response:
    """Looks at sources with their counts; one that a kill broke off has no end."""
    return answer(request, Looks(scans=desk.library.store.scans(source, limit)))


@router.get(
    "/library/duplicates", responses=gives(LibraryDuplicates, examples.DUPLICATES, listed=True)
)
def duplicates(request: Request, desk: AtDesk, part: Annotated[Part, Depends()]) -> Response:
    """Films and episodes of which there is more than one file, the best picture first."""
    found = library.doubles(desk.library.store, part.page, part.per_page)
    body = LibraryDuplicates(
        duplicates=found.rows, total=found.total, page=part.page, pages=found.pages,
        per_page=part.per_page,
    )  # fmt: skip
    return answer(request, body, headers=links(request, part.page, found.pages))


@router.get("/library/stats", responses=gives(library.LibraryStats, examples.STATS))
def stats(request: Request, desk: AtDesk) -> Response:
    """How many titles and files there are, what is open, and what there is to narrow lists by."""
    return answer(request, library.stats(desk.library.store))


def _today(desk: Desk) -> Any:
    return desk.now().astimezone().date()
