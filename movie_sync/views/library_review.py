"""What waits for a person as plain data: questions with their files and candidates, and what was
decided lately, to be taken back.

Questions are read a part at a time: one of a folder that has very many files may be on two pages,
and is answered as a whole on either.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct, structs

from movie_sync.errors import MovieSyncError, NotFound
from movie_sync.library_models import Kind
from movie_sync.models import Moment
from movie_sync.views.library import MOST_ID
from movie_sync.views.library_files import path_text

if TYPE_CHECKING:
    from movie_sync.library.inbox import Group
    from movie_sync.library.metadata import Metadata
    from movie_sync.library.store import LibraryStore

A_PAGE, WINDOW = 20, 400
MOST_FILES = 12  # of a question, that are shown
LATELY = 8
OWN, OF_WORLD = 8, 12  # titles that a search shows


class AskedFile(Struct, frozen=True, kw_only=True):
    review_id: int
    asset_id: int | None
    path: str | None
    size_bytes: int | None
    duration_ms: int | None

    @property
    def name(self) -> str:
        return (self.path or "").rpartition("/")[2]


class CandidateTitle(Struct, frozen=True, kw_only=True):
    """A title that may be meant."""

    kind: Kind
    title: str
    year: int | None = None
    ids: dict[str, str] = {}
    title_id: int | None = None  # of our own library, where it is there
    poster: str | None = None  # TMDB's path of it
    score: float | None = None  # 0.0 to 1.0
    why: str = ""
    overview: str | None = None

    @property
    def key(self) -> str:
        """By which it is chosen: "title:12", "tmdb:film:496243"; empty: by its name alone."""
        if self.title_id is not None:
            return f"title:{self.title_id}"
        return f"tmdb:{self.kind}:{self.ids['tmdb']}" if "tmdb" in self.ids else ""


class Question(Struct, frozen=True, kw_only=True):
    """What a person is asked, of one file or of all that lie in one folder."""

    id: int
    reason: str
    sentence: str
    folder: str | None
    count: int  # of files
    files: tuple[AskedFile, ...]  # the first of them
    title_id: int | None  # where a title is asked about
    asked_at: Moment
    candidates: tuple[CandidateTitle, ...]  # the likest first


class Inbox(Struct, frozen=True, kw_only=True):
    """Some of the questions, the oldest first."""

    questions: tuple[Question, ...]
    total: int  # files that are asked about, in all
    reasons: dict[str, int]
    next_after: int | None  # where the next page begins; None: this is the last


class Decision(Struct, frozen=True, kw_only=True):
    """What a person decided."""

    id: int
    kind: str
    sentence: str
    about: str
    count: int  # of files
    made_at: Moment
    undone_at: Moment | None


class Searched(Struct, frozen=True, kw_only=True):
    """What may be meant by words that a person typed."""

    own: tuple[CandidateTitle, ...]
    world: tuple[CandidateTitle, ...]
    problem: str | None = None  # why the world was not asked, as a sentence


def inbox(store: "LibraryStore", after: int = 0, reason: str | None = None) -> Inbox:
    """So many questions as one page has, of one reason or of all."""
    from movie_sync.library.inbox import grouped

    reasons = store.count_reviews()
    rows = store.reviews("open", after=after, limit=WINDOW, reason=reason)
    groups = grouped(rows)
    more = groups[A_PAGE].id - 1 if len(groups) > A_PAGE else None
    if more is None and len(rows) == WINDOW:
        more = rows[-1].id
    return Inbox(
        questions=tuple(map(question, groups[:A_PAGE])),
        total=reasons.get(reason, 0) if reason else sum(reasons.values()),
        reasons=dict(sorted(reasons.items(), key=lambda one: (-one[1], one[0]))),
        next_after=more,
    )


def asked(store: "LibraryStore", review_id: int) -> Question:
    """Raises NotFound: it is open no more."""
    from movie_sync.library.inbox import group_of

    found = group_of(store, review_id) if review_id <= MOST_ID else None
    if found is None:
        raise NotFound("library", f"the question {review_id} is open no more")
    return question(found)


def folder_of(store: "LibraryStore", review_id: int) -> str | None:
    """Where the files of a question lie, as it is stored. Raises NotFound: it is open no more."""
    from movie_sync.library.inbox import group_of

    found = group_of(store, review_id) if review_id <= MOST_ID else None
    if found is None:
        raise NotFound("library", f"the question {review_id} is open no more")
    return found.folder


def question(group: "Group") -> Question:
    files = tuple(
        AskedFile(
            review_id=row.id, asset_id=row.asset_id, size_bytes=row.size_bytes,
            duration_ms=row.duration_ms, path=path_text(row.path) if row.path else None,
        )
        for row in group.items
    )  # fmt: skip
    return Question(
        id=group.id,
        reason=group.reason,
        sentence=group.sentence,
        folder=path_text(group.folder) if group.folder else None,
        count=len(files),
        files=files[:MOST_FILES],
        title_id=group.items[0].title_id,
        asked_at=min(row.asked_at for row in group.items),
        candidates=tuple(map(candidate, group.candidates)),
    )


def candidate(told: Mapping[str, Any]) -> CandidateTitle:
    """As the inbox keeps it."""
    return CandidateTitle(
        kind=Kind(told.get("kind") or Kind.FILM),
        title=str(told.get("title") or ""),
        year=told.get("year"),
        ids=dict(told.get("ids") or {}),
        title_id=told.get("title_id"),
        poster=told.get("poster"),
        score=told.get("score"),
        why=str(told.get("why") or ""),
    )


def lately(store: "LibraryStore", limit: int = LATELY) -> tuple[Decision, ...]:
    """What was decided and counts, the newest first."""
    return tuple(decision(row) for row in store.choices(limit=limit))


def decision(row: Any) -> Decision:
    files = row.data.get("files", ())
    about = row.data.get("folder") or next((one.get("path") for one in files), None) or row.subject
    return Decision(
        id=row.id, kind=row.kind, sentence=row.sentence, about=path_text(str(about)),
        count=len(files), made_at=row.made_at, undone_at=row.undone_at,
    )  # fmt: skip


def search(
    store: "LibraryStore",
    metadata: "Metadata | None",
    text: str,
    kind: Kind | None,
    year: int | None = None,
) -> Searched:
    """Titles of ours and of TMDB that may be meant; an id as tt0111161 names its very one."""
    from movie_sync.library.page_rows import Filters

    if not text.strip():
        return Searched(own=(), world=())
    years = Filters(having="all", year_from=year, year_to=year)
    rows = store.titles(kind, text, years, limit=OWN).rows
    own = tuple(
        CandidateTitle(
            kind=row.kind, title=row.title, year=row.year, title_id=row.id, poster=row.poster,
            why=f"{row.files} files" if row.files != 1 else "1 file",
        )
        for row in rows
    )  # fmt: skip
    if metadata is None:
        return Searched(own=own, world=(), problem="TMDB has no key, and was not asked")
    try:
        world = _of_world(metadata, text.strip(), kind, year)
    except MovieSyncError as error:
        return Searched(own=own, world=(), problem=str(error))
    return Searched(own=own, world=_owned(store, world))


def _of_world(
    metadata: "Metadata", text: str, kind: Kind | None, year: int | None
) -> list[CandidateTitle]:
    if text.startswith("tt") and text[2:].isdecimal():
        found = metadata.find("imdb", text, kind)
        if found is None:
            return []
        facts = metadata.film(found[1]) if found[0] is Kind.FILM else metadata.show(found[1])
        return [
            CandidateTitle(
                kind=facts.kind, title=facts.title, year=facts.year, ids=facts.ids,
                poster=facts.poster, overview=facts.overview, why="has this id",
            )
        ]  # fmt: skip
    some = metadata.search(kind, text, year, other_titles=False)
    return [
        CandidateTitle(
            kind=one.kind, title=one.title, year=one.year, ids={"tmdb": str(one.tmdb_id)},
            poster=one.poster, overview=one.overview,
        )
        for one in some[:OF_WORLD]
    ]  # fmt: skip


def _owned(store: "LibraryStore", some: Sequence[CandidateTitle]) -> tuple[CandidateTitle, ...]:
    """Those that our library knows are told by its number, and say so."""
    found = []
    for one in some:
        title_id = store.find_ids(one.kind, one.ids)
        if isinstance(title_id, int):
            one = structs.replace(one, title_id=title_id, why="in your library")  # noqa: PLW2901
        found.append(one)
    return tuple(found)
