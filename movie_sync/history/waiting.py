"""Plays of works whose ids name two titles: kept whole until a person says which is meant.

In a transaction of the caller's.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Connection, delete, select

from movie_sync.history.statements import batches
from movie_sync.history.works import identity
from movie_sync.history_models import Play, Work
from movie_sync.history_tables import waiting_plays, work_questions
from movie_sync.library.rows import Conflict
from movie_sync.library.statements import as_json, upsert

play_of = msgspec.json.Decoder(Play).decode
work_of = msgspec.json.Decoder(Work).decode


def put(
    connection: Connection,
    asked: Sequence[tuple[Play, Conflict]],
    now: datetime,
    sync_id: int | None,
) -> int:
    """How many of them were not waiting before."""
    if not asked:
        return 0
    questions = {identity(play.work): (play.work, clash) for play, clash in asked}
    numbers = {name: _question(connection, name, *one, now) for name, one in questions.items()}
    w = waiting_plays.c
    before = set(connection.execute(
        select(w.key).where(w.key.in_([play.key for play, _ in asked]))
    ).scalars())  # fmt: skip
    upsert(connection, waiting_plays, [
        {"key": play.key, "question_id": numbers[identity(play.work)], "play": as_json(play),
         "sync_id": sync_id, "noted_at": now}
        for play, _ in asked
    ], kept=("sync_id", "noted_at"))  # fmt: skip
    return len({play.key for play, _ in asked} - before)


def _question(connection: Connection, name: str, work: Work, clash: Conflict, now: datetime) -> int:
    c = work_questions.c
    mine = connection.execute(select(c.id).where(c.work == name)).scalar()
    said = {"sentence": clash.sentence, "title_ids": as_json(clash.title_ids)}
    if mine is not None:
        connection.execute(work_questions.update().where(c.id == mine).values(said))
        return int(mine)
    shown = msgspec.structs.replace(
        work, season=None, episode=None, episode_title=None, episode_ids={}
    )
    row = said | {"work": name, "shown": as_json(shown), "asked_at": now}
    made = connection.execute(work_questions.insert().values(row))
    return int((made.inserted_primary_key or (0,))[0])


def forget(connection: Connection, keys: Iterable[str]) -> None:
    """They are placed."""
    for some in batches(keys):
        connection.execute(delete(waiting_plays).where(waiting_plays.c.key.in_(some)))


def of_question(connection: Connection, question_id: int) -> list[Play]:
    w = waiting_plays.c
    query = select(w.play).where(w.question_id == question_id).order_by(w.key)
    return [play_of(told) for told in connection.execute(query).scalars()]
