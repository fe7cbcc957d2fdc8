"""The part of the store that says what each file is taken for, and what a person decided."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, select, update

from movie_sync.library import matching, questions
from movie_sync.library.rows import (
    Answer,
    AssignmentRow,
    ChoiceRow,
    ReviewRow,
    Standing,
    Unidentified,
)
from movie_sync.library.statements import Part, numbers_of
from movie_sync.library_models import Match, Teller, Told
from movie_sync.library_tables import assets, sightings, sources
from movie_sync.metadata_tables import assignments, choices

_told = msgspec.json.Decoder(tuple[Told, ...]).decode
_TRUST = {teller: place for place, teller in enumerate(Teller)}


class MatchStore(Part):
    def unidentified(self, after_id: int, limit: int) -> list[Unidentified]:
        """Files that wait for identification, by their numbers: new ones, and those of which
        other things are told now, unless a person has said what they are."""
        c = assets.c
        query = (
            select(c.id, c.path, c.size_bytes, c.duration_ms, c.title_id, c.content)
            .where(c.state == str(Standing.WAITING), c.id > after_id, c.deleted_at.is_(None))
            .order_by(c.id)
            .limit(limit)
        )
        with self.db.read() as connection:
            rows = connection.execute(query).all()
            told = _tellings(connection, [row.id for row in rows])
        return [_unidentified(row, told.get(row.id, [])) for row in rows]

    def waiting_file(self, asset_id: int) -> Unidentified | None:
        """One file with all that is told of it, whether it waits or not; None: it is gone."""
        c = assets.c
        query = select(c.id, c.path, c.size_bytes, c.duration_ms, c.title_id, c.content)
        with self.db.read() as connection:
            row = connection.execute(query.where(c.id == asset_id, c.deleted_at.is_(None))).first()
            told = _tellings(connection, [asset_id]).get(asset_id, [])
        return _unidentified(row, told) if row else None

    def assign(
        self,
        asset_id: int,
        title_id: int,
        episode_ids: Sequence[int],
        match: Match,
        now: datetime,
        *,
        edition: str | None = None,
        version: str | None = None,
        part: int | None = None,
    ) -> bool:
        """Take the file for this. False, and nothing is changed, where a person said otherwise.

        Args:
            match: by "hand" where a person says so.
            version: what a person calls it beside others of the same title; a program's answer
                leaves it.
        """
        with self.db.write() as connection:
            return matching.assign(
                connection, asset_id, title_id, episode_ids, match, now=now,
                edition=edition, version=version, part=part,
            )  # fmt: skip

    def assign_many(self, answers: Iterable[Answer], now: datetime) -> int:
        """As `assign`, for many in one transaction; tells of how many no person said otherwise."""
        with self.db.write() as connection:
            return matching.assign_many(connection, answers, now)

    def unassign(self, asset_id: int, standing: Standing, match: Match, now: datetime) -> bool:
        """Take the file for nothing: WAITING, REVIEW, or IGNORED. False as with `assign`."""
        with self.db.write() as connection:
            return matching.unassign(connection, asset_id, standing, match, now)

    def undo_assignment(self, assignment_id: int, now: datetime) -> bool:
        """Take it back: the answer before it counts again, or the file waits for one.

        False where there is none of this number, or it was undone before.
        """
        with self.db.write() as connection:
            return matching.undo(connection, assignment_id, now)

    def assignments(
        self, *, asset_id: int | None = None, title_id: int | None = None, limit: int = 100
    ) -> list[AssignmentRow]:
        """What a file was taken for, or what was taken for a title; the newest first."""
        c = assignments.c
        query = select(assignments).order_by(c.id.desc()).limit(limit)
        if asset_id is not None:
            query = query.where(c.asset_id == asset_id)
        if title_id is not None:
            query = query.where(c.title_id == title_id)
        with self.db.read() as connection:
            return [assignment_of(row) for row in connection.execute(query)]

    def add_choice(
        self, kind: str, subject: str, data: Mapping[str, Any], sentence: str, now: datetime
    ) -> int:
        """Keep what a person decided; gives its number.

        Args:
            kind: "match", "ignore", "trust", "split", "merge" ...
            subject: what of: "asset:12", "title:7", "folder:films:/films/new/".
        """
        with self.db.write() as connection:
            return questions.add_choice(connection, kind, subject, data, sentence, now=now)

    def undo_choice(self, choice_id: int, now: datetime) -> ChoiceRow | None:
        """Mark it as undone, and no more; None where it is, or there is none."""
        with self.db.write() as connection:
            mine = (choices.c.id == choice_id) & choices.c.undone_at.is_(None)
            row = connection.execute(select(choices).where(mine)).first()
            connection.execute(update(choices).where(mine).values(undone_at=now))
        return questions.choice_of(row) if row else None

    def choices(
        self,
        kind: str | None = None,
        subject: str | None = None,
        *,
        undone: bool = False,
        limit: int = 1000,
    ) -> list[ChoiceRow]:
        """Those that count, the newest first; with `undone`, the others too."""
        c = choices.c
        query = select(choices).order_by(c.id.desc()).limit(limit)
        if kind is not None:
            query = query.where(c.kind == kind)
        if subject is not None:
            query = query.where(c.subject == subject)
        if not undone:
            query = query.where(c.undone_at.is_(None))
        with self.db.read() as connection:
            return [questions.choice_of(row) for row in connection.execute(query)]

    def choice(self, choice_id: int) -> ChoiceRow | None:
        """Undone or not."""
        with self.db.read() as connection:
            row = connection.execute(select(choices).where(choices.c.id == choice_id)).first()
        return questions.choice_of(row) if row else None

    def ask(
        self,
        reason: str,
        sentence: str,
        candidates: Sequence[Mapping[str, Any]],
        now: datetime,
        *,
        asset_id: int | None = None,
        title_id: int | None = None,
        confidence: float | None = None,
    ) -> int:
        """Ask a person of a file, or of a title; gives the number of the question.

        One question of one thing is open at a time: asked again, it changes. A file of which a
        person has said something is not asked about: 0.
        """
        with self.db.write() as connection:
            return questions.ask(
                connection, reason, sentence, candidates, now,
                asset_id=asset_id, title_id=title_id, confidence=confidence,
            )  # fmt: skip

    def settle(
        self, review_id: int, now: datetime, choice_id: int | None = None, state: str = "settled"
    ) -> bool:
        """False where it is open no more."""
        with self.db.write() as connection:
            return questions.settle(connection, review_id, now, choice_id, state)

    def reviews(
        self, state: str = "open", after: int = 0, limit: int = 50, *, reason: str | None = None
    ) -> list[ReviewRow]:
        """The oldest first."""
        with self.db.read() as connection:
            return questions.reviews(connection, state, after, limit, reason)

    def review(self, review_id: int) -> ReviewRow | None:
        with self.db.read() as connection:
            return questions.review(connection, review_id)

    def count_reviews(self) -> dict[str, int]:
        """How many open questions there are of each reason."""
        with self.db.read() as connection:
            return questions.counts(connection)


def _tellings(connection: Connection, asset_ids: Sequence[int]) -> dict[int, list[Any]]:
    c = sightings.c
    query = (
        select(c.asset_id, c.told, c.uri, sources.c.name)
        .join(sources, sources.c.id == c.source_id)
        .where(c.asset_id.in_(asset_ids), c.deleted_at.is_(None))
        .order_by(c.asset_id, c.source_id, c.uri)
    )
    found: dict[int, list[Any]] = {}
    for row in connection.execute(query):
        found.setdefault(row.asset_id, []).append(row)
    return found


def _unidentified(row: Any, tellings: Sequence[Any]) -> Unidentified:
    told = [one for telling in tellings for one in _told(telling.told)]
    return Unidentified(
        asset_id=row.id,
        path=row.path,
        size_bytes=row.size_bytes,
        told=tuple(sorted(told, key=lambda one: _TRUST[one.by])),
        sources=tuple(one.name for one in tellings),
        uris=tuple(one.uri for one in tellings),
        duration_ms=row.duration_ms,
        title_id=row.title_id,
        content=row.content,
    )


def assignment_of(row: Any) -> AssignmentRow:
    match = None
    if row.matched_by is not None:
        match = Match(by=row.matched_by, confidence=row.confidence, sentence=row.sentence)
    return AssignmentRow(
        id=row.id,
        asset_id=row.asset_id,
        standing=Standing(row.state),
        title_id=row.title_id,
        episode_ids=numbers_of(row.episode_ids),
        match=match,
        by_hand=row.by_hand,
        made_at=row.made_at,
        undone_at=row.undone_at,
        edition=row.edition,
        version=row.version,
        part=row.part,
    )
