"""One title of the library as plain data: facts, files, episodes that are there and that are
missed, and what was decided about it.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct, structs

from movie_sync.errors import NotFound
from movie_sync.library.page_rows import SeasonRow, TitlePage, TitleRow
from movie_sync.library.rows import AssignmentRow, ChoiceRow, EpisodeRow
from movie_sync.library_models import Collection, Credit, Kind
from movie_sync.models import Moment
from movie_sync.views import library_files
from movie_sync.views.library import CREDIT, MOST_ID, LibraryTitle
from movie_sync.views.library_review import Decision, decision

if TYPE_CHECKING:
    from movie_sync.library.store import LibraryStore

LATEST = 500  # choices that are looked through for those of one title
LINKS = {
    (Kind.FILM, "tmdb"): ("TMDB", "https://www.themoviedb.org/movie/{}"),
    (Kind.SHOW, "tmdb"): ("TMDB", "https://www.themoviedb.org/tv/{}"),
    (Kind.FILM, "imdb"): ("IMDb", "https://www.imdb.com/title/{}/"),
    (Kind.SHOW, "imdb"): ("IMDb", "https://www.imdb.com/title/{}/"),
    (Kind.FILM, "tvdb"): ("TVDB", "https://thetvdb.com/dereferrer/movie/{}"),
    (Kind.SHOW, "tvdb"): ("TVDB", "https://thetvdb.com/dereferrer/series/{}"),
    (Kind.SHOW, "tvmaze"): ("TVmaze", "https://www.tvmaze.com/shows/{}"),
    (Kind.FILM, "trakt"): ("Trakt", "https://trakt.tv/movies/{}"),
    (Kind.SHOW, "trakt"): ("Trakt", "https://trakt.tv/shows/{}"),
    (Kind.FILM, "letterboxd"): ("Letterboxd", "https://letterboxd.com/film/{}/"),
    (Kind.SHOW, "viki"): ("Viki", "https://www.viki.com/tv/{}"),
}
_FACTS = (
    "ids", "original_title", "other_titles", "overview", "tagline", "ended_on", "countries",
    "votes", "backdrop", "collection", "cast", "crew",
)  # fmt: skip

Presence = Literal["there", "missing", "to come", "no day"]


class Episode(Struct, frozen=True, kw_only=True):
    """Of a show; one without a day is missed by nobody."""

    id: int
    number: int
    name: str | None
    aired_on: date | None
    runtime_min: int | None
    presence: Presence
    files: tuple[int, ...]  # numbers of those that hold it and are there


class Season(Struct, frozen=True, kw_only=True):
    """Of a show, with what of it is there."""

    number: int  # 0: specials
    name: str | None
    overview: str | None
    aired_on: date | None
    poster: str | None
    there: int
    missing: int
    to_come: int
    episodes: tuple[Episode, ...]


class Link(Struct, frozen=True):
    name: str
    url: str


class Decided(Struct, frozen=True, kw_only=True):
    """One answer to "what is this file"."""

    asset_id: int
    file: str  # its name
    sentence: str
    by: str | None  # as of `Match`
    confidence: float | None
    by_hand: bool
    made_at: Moment
    undone_at: Moment | None
    choice_id: int | None  # a person's, which can be taken back


class LibraryTitlePage(Struct, frozen=True, kw_only=True):
    """A title with all that is known of it."""

    title: LibraryTitle
    links: tuple[Link, ...]
    ids: dict[str, str]
    original_title: str | None
    other_titles: tuple[str, ...]
    overview: str | None
    tagline: str | None
    ended_on: date | None
    countries: tuple[str, ...]
    votes: int | None
    backdrop: str | None
    collection: Collection | None
    beside: tuple[LibraryTitle, ...]  # the others of the collection that are known here
    cast: tuple[Credit, ...]
    crew: tuple[Credit, ...]
    seasons: tuple[Season, ...]
    files: tuple[library_files.LibraryFile, ...]  # gone ones too
    extras: tuple[library_files.LibraryFile, ...]
    history: tuple[Decided, ...]  # the newest first
    merges: tuple[Decision, ...]  # titles that a person said to be this one
    reviews: tuple[int, ...]  # numbers of the open questions about it
    credit: str = CREDIT


def whole(store: "LibraryStore", title_id: int, today: date) -> LibraryTitlePage:
    """Of one that was merged, the other.

    Raises:
        NotFound: there is no such title.
    """
    page = store.title(title_id) if title_id <= MOST_ID else None
    if page is None:
        raise NotFound("library", f"there is no title of the number {title_id}")
    files = tuple(map(library_files.file, page.files))
    chosen = _choices(store, page)
    seasons = tuple(_season(one, _holders(page), today) for one in page.seasons)
    return LibraryTitlePage(
        title=_title(page.row, sum(one.there + one.missing for one in seasons if one.number)),
        links=tuple(_links(page)),
        **{name: getattr(page, name) for name in _FACTS},
        beside=tuple(_title(row, None) for row in page.beside),
        seasons=seasons,
        files=files,
        extras=tuple(map(library_files.file, page.extras)),
        history=tuple(_decided(page, chosen)),
        merges=tuple(
            decision(one) for one in chosen if one.kind == "merge" and _is_of(one, page.row.id)
        ),
        reviews=tuple(one.id for one in page.reviews),
    )


def _title(row: TitleRow, aired: int | None) -> LibraryTitle:
    return LibraryTitle(**structs.asdict(row), episodes_aired=aired or None)


def _holders(page: TitlePage) -> dict[int, list[int]]:
    """The files of each episode."""
    found: dict[int, list[int]] = {}
    for file in page.files:
        for episode_id in file.episode_ids if file.deleted_at is None else ():
            found.setdefault(episode_id, []).append(file.id)
    return found


def _season(row: SeasonRow, holders: Mapping[int, Sequence[int]], today: date) -> Season:
    episodes = tuple(_episode(one, tuple(holders.get(one.id, ())), today) for one in row.episodes)
    counted = [one.presence for one in episodes]
    names = ("number", "name", "overview", "aired_on", "poster")
    return Season(
        **{name: getattr(row, name) for name in names},
        there=counted.count("there"),
        missing=counted.count("missing") if row.number else 0,
        to_come=counted.count("to come"),
        episodes=episodes,
    )


def _episode(row: EpisodeRow, files: tuple[int, ...], today: date) -> Episode:
    presence: Presence = "missing"
    if files:
        presence = "there"
    elif row.aired_on is None:
        presence = "no day"
    elif row.aired_on > today:
        presence = "to come"
    names = ("id", "number", "name", "aired_on", "runtime_min")
    return Episode(**{name: getattr(row, name) for name in names}, presence=presence, files=files)


def _links(page: TitlePage) -> list[Link]:
    found = []
    for provider, key in page.ids.items():
        if (page.row.kind, provider) in LINKS:
            name, address = LINKS[page.row.kind, provider]
            found.append(Link(name, address.format(key)))
    return found


def _choices(store: "LibraryStore", page: TitlePage) -> list[ChoiceRow]:
    """Of a person, that count; only where there can be one of this title."""
    return store.choices(limit=LATEST) if page.history or page.row.files else []


def _is_of(choice: ChoiceRow, title_id: int) -> bool:
    return title_id in (choice.data.get("title_id"), choice.data.get("into"))


def _decided(page: TitlePage, chosen: Sequence[ChoiceRow]) -> list[Decided]:
    paths = {file.id: file.path for file in (*page.files, *page.extras)}
    of_choice: dict[Any, int] = {}
    for choice in chosen:
        made: Any = choice.data.get("assignments", ())
        of_choice |= dict.fromkeys(made, choice.id)
    return [_answer(row, paths.get(row.asset_id), of_choice) for row in page.history]


def _answer(row: AssignmentRow, path: str | None, of_choice: Mapping[Any, int]) -> Decided:
    name = library_files.path_text(path).rpartition("/")[2] if path else f"file {row.asset_id}"
    return Decided(
        asset_id=row.asset_id,
        file=name,
        sentence=row.match.sentence if row.match else "",
        by=row.match.by if row.match else None,
        confidence=row.match.confidence if row.match else None,
        by_hand=row.by_hand,
        made_at=row.made_at,
        undone_at=row.undone_at,
        choice_id=None if row.undone_at else of_choice.get(row.id),
    )
