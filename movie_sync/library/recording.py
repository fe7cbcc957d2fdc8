"""Stores what identifying has said of a file. Within a transaction of the caller's."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from movie_sync.library import episode_writing, matching, questions, title_writing
from movie_sync.library.rows import Conflict
from movie_sync.library.verdicts import Guess, Known, Sure, Unsure, changed
from movie_sync.library_models import Kind
from movie_sync.metadata_tables import assignments

CONFLICT = "conflict"  # the reason where the ids of one title are those of two of ours


def record(connection: Connection, asset_id: int, said: Sure | Unsure, now: datetime) -> bool:
    """False, and nothing is stored, where a person has said what the file is."""
    if isinstance(said, Unsure):
        return ask(connection, asset_id, said, now)
    title_id = title(connection, said.known, now)
    if isinstance(title_id, Conflict):
        asked = [candidate(Guess(said.known, 1.0, title_id.sentence))]
        return bool(
            questions.ask(connection, CONFLICT, title_id.sentence, asked, now, asset_id=asset_id)
        )
    return assign(connection, asset_id, title_id, said, now)


def title(connection: Connection, known: Known, now: datetime) -> int | Conflict:
    """Its number in our library, where it is made if it is not there; it gets the ids it lacks."""
    if known.title_id is None:
        return title_writing.put_title(connection, known.facts(), now)
    clash = title_writing.put_ids(connection, str(known.kind), known.title_id, known.ids)
    return clash or known.title_id


def assign(connection: Connection, asset_id: int, title_id: int, said: Sure, now: datetime) -> bool:
    return matching.assign(
        connection, asset_id, title_id, episodes(connection, title_id, said), said.match, now=now,
        edition=said.edition, part=said.part,
    )  # fmt: skip


def episodes(connection: Connection, title_id: int, said: Sure) -> Sequence[int]:
    """Their numbers in our library, where those that are not there are made."""
    if said.known.kind is not Kind.SHOW or said.season is None:
        return ()
    return episode_writing.episode_ids(connection, title_id, said.season, said.episodes)


def ask(connection: Connection, asset_id: int, said: Unsure, now: datetime) -> bool:
    best = said.guesses[0].score if said.guesses else None
    return bool(
        questions.ask(
            connection,
            str(said.reason),
            said.sentence,
            [candidate(guess) for guess in said.guesses],
            now,
            asset_id=asset_id,
            confidence=best,
        )
    )


def ask_of_title(
    connection: Connection, title_id: int, known: Known, clash: Conflict, now: datetime
) -> None:
    """Whether the title is the one that has its ids already."""
    other = next((one for one in clash.title_ids if one != title_id), None)
    asked = [candidate(Guess(changed(known, title_id=other), 1.0, clash.sentence))]
    questions.ask(connection, CONFLICT, clash.sentence, asked, now, title_id=title_id)


def candidate(guess: Guess) -> dict[str, Any]:
    """As the inbox keeps it, and shows it."""
    known = guess.known
    return {
        "kind": str(known.kind), "title": known.title, "year": known.year, "ids": known.ids,
        "title_id": known.title_id, "poster": known.poster, "score": guess.score, "why": guess.why,
    }  # fmt: skip


def known_of(told: dict[str, Any]) -> Known:
    """A candidate as it was kept, to be chosen."""
    names = ("title", "year", "ids", "title_id", "poster")
    return Known(kind=Kind(told["kind"]), **{name: told[name] for name in names if told.get(name)})


def confirmed(known: Known, title_id: int) -> Known:
    return changed(known, title_id=title_id)


def newest_assignment(connection: Connection, asset_id: int) -> int | None:
    c = assignments.c
    mine = (c.asset_id == asset_id) & c.undone_at.is_(None)
    return connection.execute(select(func.max(c.id)).where(mine)).scalar()
