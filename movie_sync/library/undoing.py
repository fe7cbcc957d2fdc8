"""What an action of a person touches beside its answers, and how all of it is taken back.

Within a transaction of the caller's.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from movie_sync.library import matching, questions
from movie_sync.library.choices import MERGE
from movie_sync.library.merging import part_again
from movie_sync.library.rows import Standing
from movie_sync.library_tables import assets
from movie_sync.metadata_tables import choices, review_items


def undo(connection: Connection, choice_id: int, now: datetime) -> tuple[str, int] | None:
    """The choice's sentence, and how many files are again what they were."""
    mine = (choices.c.id == choice_id) & choices.c.undone_at.is_(None)
    row = connection.execute(select(choices).where(mine)).first()
    if row is None:
        return None
    connection.execute(update(choices).where(mine).values(undone_at=now))
    choice = questions.choice_of(row)
    data: dict[str, Any] = dict(choice.data)
    if choice.kind == MERGE:
        part_again(connection, data)
    count = 0
    for assignment_id in reversed(data.get("assignments", ())):
        count += matching.undo(connection, assignment_id, now)
    for review_id in data.get("reviews", ()):
        _ask_again(connection, review_id)
    if folder := data.get("folder"):
        decide_again(connection, folder, ruled=True)
    return choice.sentence, count


def close(connection: Connection, reviews: Sequence[int], choice_id: int, now: datetime) -> None:
    """Say by which choice they were settled, also those that its answers have closed."""
    if reviews:
        values = {"state": "settled", "settled_at": now, "choice_id": choice_id}
        connection.execute(
            update(review_items).where(review_items.c.id.in_(reviews)).values(values)
        )


def decide_again(connection: Connection, folder: str, *, ruled: bool = False) -> int:
    """Let the files of a folder be identified anew that wait for a person; with `ruled`, those too
    that a rule has settled. What a person said of a file itself stays."""
    c = assets.c
    which = c.state == str(Standing.REVIEW)
    if ruled:
        which = which | (c.matched_by == "folder")
    mine = c.path.startswith(folder, autoescape=True) & c.by_hand.is_(False) & which
    if ruled:
        asked = select(review_items.c.asset_id).where(review_items.c.state == questions.OPEN)
        mine = mine & c.id.not_in(asked.where(review_items.c.asset_id.is_not(None)))
    return connection.execute(
        update(assets).where(mine).values(state=str(Standing.WAITING))
    ).rowcount


def let_be_asked(connection: Connection, asset_id: int) -> None:
    """A person said only what the file is not, so that the answer is still open."""
    connection.execute(update(assets).where(assets.c.id == asset_id).values(by_hand=False))


def _ask_again(connection: Connection, review_id: int) -> None:
    if questions.reopen(connection, review_id):
        of = select(review_items.c.asset_id).where(review_items.c.id == review_id)
        waiting = assets.c.id.in_(of) & (assets.c.state == str(Standing.WAITING))
        connection.execute(update(assets).where(waiting).values(state=str(Standing.REVIEW)))
