"""The library as plain data: titles by what a person asks for, what there is to narrow them by,
duplicates and sums.

What is large is imported where it is used: this module is there also while the library is off.
"""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, get_args

from msgspec import Struct, structs

from movie_sync.languages import name_of
from movie_sync.library.page_rows import Counts, Facets, Filters, TitleRow
from movie_sync.library_models import TMDB_ATTRIBUTION, TMDB_LOGOS, Kind
from movie_sync.views import library_files

if TYPE_CHECKING:
    from movie_sync.library.store import LibraryStore

PER_PAGE = 60
DOUBLES_A_PAGE = 25
MOST_ID = 2**31 - 1
CREDIT = f"{TMDB_ATTRIBUTION} {TMDB_LOGOS}"

Sort = Literal["name", "added", "year", "rating", "size", "runtime"]
Having = Literal["files", "gone", "none", "all"]  # files of it are there, were there, never were
Episodes = Literal["missing", "whole"]
SORTS: tuple[Sort, ...] = get_args(Sort)
HAVINGS: tuple[Having, ...] = get_args(Having)
EPISODES: tuple[Episodes, ...] = get_args(Episodes)


class Sought(Struct, frozen=True, kw_only=True):
    """What a list of titles is narrowed to, and its order."""

    kind: Kind | None = None
    text: str = ""
    having: Having = "files"
    episodes: Episodes | None = None
    genre: str | None = None
    decade: int | None = None  # its first year
    language: str | None = None  # spoken in some file: an English name, or a code
    lines: int | None = None
    hdr: bool | None = None
    source: str | None = None
    collection_id: int | None = None
    person_id: int | None = None
    played: bool | None = None
    broken: bool | None = None
    doubled: bool | None = None
    sort: Sort = "name"
    turned: bool = False  # the other way round than is usual


class LibraryTitle(TitleRow, frozen=True, kw_only=True):
    """A title in a list."""

    episodes_aired: int | None = None  # of a show, until today and without specials; None: unknown


class Shelf(Struct, frozen=True, kw_only=True):
    """One page of titles. Pages count from 1."""

    rows: tuple[LibraryTitle, ...]
    total: int
    page: int
    per_page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.per_page))


class Choices(Struct, frozen=True, kw_only=True):
    """What there is to narrow a list by, each with how many titles have it; the most first."""

    genres: dict[str, int]
    languages: dict[str, int]  # by English names, where they are known
    lines: dict[str, int]  # by their number
    decades: dict[str, int]  # by their first year
    sources: tuple[str, ...]


class LibraryStats(Struct, frozen=True, kw_only=True):
    """All of the library in figures."""

    counts: Counts
    reviews: dict[str, int]  # questions that are open, by their reason
    facets: Choices
    credit: str = CREDIT


class Doubled(Struct, frozen=True, kw_only=True):
    """More than one file of the same film or episode, edition, version and part."""

    title_id: int
    title: str
    year: int | None
    season: int | None
    episode: int | None
    edition: str | None
    identical: bool  # they are known to be the same, byte for byte
    files: tuple[library_files.LibraryFile, ...]  # the best picture first

    @property
    def spare_bytes(self) -> int:
        """What all but the best take."""
        return sum(file.size_bytes for file in self.files[1:])


class Doubles(Struct, frozen=True, kw_only=True):
    """One page of duplicates."""

    rows: tuple[Doubled, ...]
    total: int
    page: int
    per_page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.per_page))


def shelf(
    store: "LibraryStore", sought: Sought, today: date, page: int = 1, per_page: int = PER_PAGE
) -> Shelf:
    """One page of the titles that are sought; one past the end is the last."""
    found = _part(store, sought, today, page, per_page)
    if not found.rows and page > 1:
        page = max(1, -(-found.total // per_page))
        found = _part(store, sought, today, page, per_page)
    shows = [row.id for row in found.rows if row.kind is Kind.SHOW]
    aired = store.aired(shows, today) if shows else {}
    rows = tuple(_title(row, aired) for row in found.rows)
    return Shelf(rows=rows, total=found.total, page=page, per_page=per_page)


def _part(store: "LibraryStore", sought: Sought, today: date, page: int, per_page: int) -> Any:
    usual = {"name": False}.get(sought.sort, True)
    return store.titles(
        sought.kind, sought.text, filters(store, sought, today), sought.sort,
        descending=usual != sought.turned, offset=(page - 1) * per_page, limit=per_page,
    )  # fmt: skip


def filters(store: "LibraryStore", sought: Sought, today: date) -> Filters:
    """As the store knows them."""
    same = ("having", "genre", "lines", "hdr", "source", "collection_id", "person_id", "played")
    return Filters(
        **{name: getattr(sought, name) for name in same},
        broken=sought.broken,
        doubled=sought.doubled,
        year_from=sought.decade,
        year_to=None if sought.decade is None else sought.decade + 9,
        languages=codes_of(store, sought) if sought.language else (),
        missing_by=today if sought.episodes == "missing" else None,
        whole_by=today if sought.episodes == "whole" else None,
    )


def codes_of(store: "LibraryStore", sought: Sought) -> tuple[str, ...]:
    """Those by which files name the language, as "ger", "deu" and "de" all are German."""
    assert sought.language
    wanted = name_of(sought.language) or sought.language
    known = store.facets(sought.kind).languages
    return tuple(code for code in known if _language(code) == wanted) or (sought.language,)


def choices(store: "LibraryStore", kind: Kind | None = None) -> Choices:
    found: Facets = store.facets(kind)
    return Choices(
        genres=found.genres,
        languages=_by_name(found.languages),
        lines={str(number): count for number, count in found.lines.items()},
        decades={str(year): count for year, count in found.decades.items()},
        sources=tuple(source.name for source in store.sources()),
    )


def stats(store: "LibraryStore") -> LibraryStats:
    return LibraryStats(counts=store.counts(), reviews=store.count_reviews(), facets=choices(store))


def doubles(store: "LibraryStore", page: int = 1, per_page: int = DOUBLES_A_PAGE) -> Doubles:
    """Films and episodes of which there is more than one file; one page past the end is empty."""
    found, total = store.duplicates((page - 1) * per_page, per_page)
    names = ("title_id", "title", "year", "season", "episode", "edition", "identical")
    rows = tuple(
        Doubled(
            **{name: getattr(one, name) for name in names},
            files=tuple(map(library_files.file, one.files)),
        )
        for one in found
    )
    return Doubles(rows=rows, total=total, page=page, per_page=per_page)


def _title(row: TitleRow, aired: Mapping[int, int]) -> LibraryTitle:
    return LibraryTitle(**structs.asdict(row), episodes_aired=aired.get(row.id))


def _by_name(codes: Mapping[str, int]) -> dict[str, int]:
    """How many titles speak it, at least: of two codes for it, by that which more have."""
    found: dict[str, int] = {}
    for code, count in codes.items():
        found[_language(code)] = max(found.get(_language(code), 0), count)
    return dict(sorted(found.items(), key=lambda one: (-one[1], one[0])))


def _language(code: str) -> str:
    return name_of(code) or code
