"""What waits for a person: open questions, all files of one folder that are asked alike as one.

The one thing to know: a folder of a show is one question, however many episodes lie in it; films
side by side in one folder are as many questions as they are films.
"""

from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import Any

from msgspec import Struct

from movie_sync.library import folder_extras
from movie_sync.library.folder_names import part_folder, season_of
from movie_sync.library.match_store import MatchStore
from movie_sync.library.rows import ReviewRow
from movie_sync.library.verdicts import Reason

PAGE = 500
EACH_ALONE = (Reason.WHICH_EPISODE,)  # every file has another answer


class Group(Struct, frozen=True, kw_only=True):
    """One question to a person."""

    id: int  # of its first review item
    reason: str
    sentence: str
    folder: str | None  # with its "/"; what is chosen may hold for all that comes there
    candidates: tuple[dict[str, Any], ...]  # best first: title, year, poster, score, why
    items: tuple[ReviewRow, ...]

    @property
    def asset_ids(self) -> tuple[int, ...]:
        return tuple(row.asset_id for row in self.items if row.asset_id is not None)


def groups(store: MatchStore) -> list[Group]:
    """All that is open, the oldest first."""
    return grouped(_open(store))


def group_of(store: MatchStore, review_id: int) -> Group | None:
    """The open question that this item belongs to."""
    found = groups(store)
    return next((one for one in found if any(row.id == review_id for row in one.items)), None)


def grouped(rows: Iterable[ReviewRow]) -> list[Group]:
    found: dict[tuple[object, ...], list[ReviewRow]] = {}
    for row in rows:
        found.setdefault(_likeness(row), []).append(row)
    return [_group(some) for some in found.values()]


def work_folder(path: str) -> str:
    """Of the film or the show, above the folders of seasons, parts and extras; with its "/"."""
    folder = PurePath(path).parent
    while folder.name and _is_within(folder.name):
        folder = folder.parent
    return f"{folder}/"


def _open(store: MatchStore) -> list[ReviewRow]:
    rows: list[ReviewRow] = []
    while some := store.reviews("open", after=rows[-1].id if rows else 0, limit=PAGE):
        rows += some
    return rows


def _is_within(name: str) -> bool:
    return (
        season_of(name) is not None
        or part_folder(name) is not None
        or folder_extras.of_folder(name) is not None
    )


def _likeness(row: ReviewRow) -> tuple[object, ...]:
    if row.path is None or row.reason in EACH_ALONE:
        return (row.id,)
    meant = tuple(_identity(one) for one in row.candidates)
    return work_folder(row.path), row.reason, row.sentence, meant


def _identity(candidate: dict[str, Any]) -> object:
    return candidate.get("kind"), candidate.get("title"), candidate.get("year")


def _group(rows: Sequence[ReviewRow]) -> Group:
    first = rows[0]
    return Group(
        id=first.id,
        reason=first.reason,
        sentence=first.sentence,
        folder=work_folder(first.path) if first.path else None,
        candidates=first.candidates,
        items=tuple(rows),
    )
