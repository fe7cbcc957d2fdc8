"""What a person decides of files and titles, and taking it back.

Each action is one transaction, and one choice that is kept for ever: with the files by path and
content, so that it holds wherever they turn up again, and with all that it changed, so that `undo`
brings back what was before. Nothing of the history is lost by either.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, select

from movie_sync.library import inbox, matching, questions, recording, undoing
from movie_sync.library.choices import IGNORE, MATCH, MERGE, SPLIT, TRUST
from movie_sync.library.inbox import Group
from movie_sync.library.merging import Merged, merge
from movie_sync.library.own_titles import season_lists
from movie_sync.library.placing import Place, place
from movie_sync.library.rows import Conflict, Standing, Unidentified
from movie_sync.library.store import LibraryStore
from movie_sync.library.verdicts import Known, Sure
from movie_sync.library_models import Kind, Match, SeasonFacts
from movie_sync.library_tables import assets

BY_HAND = "hand"


class Numbers(Struct, frozen=True):
    """Of an episode that only a person can tell."""

    season: int
    episodes: tuple[int, ...]


class Done(Struct, frozen=True, kw_only=True):
    """What an action has come to."""

    choice_id: int | None  # to be undone by; None: nothing was done
    sentence: str
    files: int = 0
    title_id: int | None = None


class Review:
    """Actions of a person. For any number of threads."""

    def __init__(self, store: LibraryStore) -> None:
        self._store = store

    def approve(self, review_id: int, now: datetime, *, candidate: int = 0) -> Done:
        """Take one of the candidates, the first by default, for all files of the question."""
        group = inbox.group_of(self._store, review_id)
        if group is None:
            return _nothing("this question is open no more")
        if not 0 <= candidate < len(group.candidates):
            return _nothing(f"this question has {len(group.candidates)} candidates")
        known = recording.known_of(group.candidates[candidate])
        return self.choose(review_id, known, now)

    def choose(
        self,
        review_id: int,
        known: Known,
        now: datetime,
        *,
        numbers: Numbers | None = None,
        seasons: Sequence[SeasonFacts] | None = None,
    ) -> Done:
        """Take any title: one of TMDB's, one of ours, or a new one by its name and year.

        Args:
            seasons: what the world has of the show, where that is known.
        """
        group = inbox.group_of(self._store, review_id)
        if group is None:
            return _nothing("this question is open no more")
        if not group.asset_ids:
            return self._same_title(group, known, now)
        return self.match(
            group.asset_ids, known, now, numbers=numbers, seasons=seasons, group=group
        )

    def match(
        self,
        asset_ids: Sequence[int],
        known: Known,
        now: datetime,
        *,
        numbers: Numbers | None = None,
        seasons: Sequence[SeasonFacts] | None = None,
        group: Group | None = None,
    ) -> Done:
        """Take these files for it, whatever they were taken for until now."""
        files = self._files(asset_ids)
        if seasons is None and known.title_id and known.kind is Kind.SHOW:
            seasons = season_lists(self._store.db, known.title_id)
        with self._store.db.write() as connection:
            title_id = recording.title(connection, known, now)
            if isinstance(title_id, Conflict):
                return _nothing(f"{title_id.sentence}; nothing was changed; merge them first")
            known = recording.confirmed(known, title_id)
            sentence = f"a person said that it is {known}"
            made = [
                _assign(connection, file, _sure(file, known, sentence, numbers, seasons), now)
                for file in files
            ]
            data = _told(known) | self._kept(connection, files) | {"assignments": _some(made)}
            if numbers:
                data["numbers"] = {"season": numbers.season, "episodes": numbers.episodes}
            if group and group.folder and known.kind is Kind.SHOW and numbers is None:
                data["folder"] = group.folder
                undoing.decide_again(connection, group.folder)
            return _done(connection, MATCH, data, sentence, now, group=group, title_id=title_id)

    def ignore(self, review_id: int, now: datetime) -> Done:
        """Want the files of a question in no title."""
        group = inbox.group_of(self._store, review_id)
        if group is None:
            return _nothing("this question is open no more")
        if not group.asset_ids:
            self._store.settle(review_id, now)
            return _nothing("the titles stay as they are")
        return self.ignore_files(group.asset_ids, now, group=group)

    def ignore_files(
        self, asset_ids: Sequence[int], now: datetime, *, group: Group | None = None
    ) -> Done:
        """Want these files in no title, whatever they were taken for until now."""
        files = self._files(asset_ids)
        if not files:
            return _nothing("none of these files is there")
        sentence = "a person wants it in no title"
        match = Match(by=BY_HAND, confidence=1.0, sentence=sentence)
        with self._store.db.write() as connection:
            made = []
            for file in files:
                matching.unassign(connection, file.asset_id, Standing.IGNORED, match, now)
                made.append(recording.newest_assignment(connection, file.asset_id))
            data = self._kept(connection, files) | {"assignments": _some(made)}
            return _done(connection, IGNORE, data, sentence, now, group=group)

    def split(self, asset_ids: Sequence[int], now: datetime) -> Done:
        """These files are not what they are taken for: ask what they are, never say so again."""
        files = [file for file in self._files(asset_ids) if file.title_id is not None]
        if not files:
            return _nothing("none of these files is taken for anything")
        title_id = files[0].title_id
        sentence = "a person said that it is not what it was taken for"
        match = Match(by=BY_HAND, confidence=1.0, sentence=sentence)
        with self._store.db.write() as connection:
            made = []
            for file in files:
                matching.unassign(connection, file.asset_id, Standing.REVIEW, match, now)
                made.append(recording.newest_assignment(connection, file.asset_id))
                undoing.let_be_asked(connection, file.asset_id)
                questions.ask(connection, SPLIT, sentence, (), now, asset_id=file.asset_id)
            data = self._kept(connection, files) | {"assignments": _some(made)}
            return _done(connection, SPLIT, data | {"title_id": title_id}, sentence, now)

    def merge(self, title_id: int, into: int, now: datetime) -> Done:
        """Two titles are one: all that is of the first is of the second from now on."""
        with self._store.db.write() as connection:
            merged = merge(connection, title_id, into, now)
            if not isinstance(merged, Merged):
                return _nothing(merged)
            sentence = f"a person said that {merged.was} is {merged.now}"
            data = {"title_id": title_id, "into": into, "refs": merged.refs}
            data |= {"assignments": merged.assignments}
            choice = questions.add_choice(
                connection, MERGE, f"title:{title_id}", data, sentence, now=now
            )
        count = len(merged.assignments)
        return Done(choice_id=choice, sentence=sentence, files=count, title_id=into)

    def trust(self, folder: str, now: datetime) -> Done:
        """Take the names in this folder at their word, from now on, and for what waits there."""
        folder = folder.rstrip("/") + "/"
        sentence = f"a person trusts the names in {folder}"
        with self._store.db.write() as connection:
            count = undoing.decide_again(connection, folder)
            choice = questions.add_choice(
                connection, TRUST, f"folder:{folder}", {"folder": folder}, sentence, now=now
            )
        return Done(choice_id=choice, sentence=sentence, files=count)

    def undo(self, choice_id: int, now: datetime) -> Done:
        """Bring back what was before a choice; what was decided after it stays."""
        with self._store.db.write() as connection:
            undone = undoing.undo(connection, choice_id, now)
        if undone is None:
            return _nothing("there is no such choice, or it was undone before")
        return Done(choice_id=choice_id, sentence=f"undone: {undone[0]}", files=undone[1])

    def _same_title(self, group: Group, known: Known, now: datetime) -> Done:
        """Where a title is asked about, and not a file: it is that one of ours."""
        asked = group.items[0].title_id
        if asked is None or known.title_id is None:
            return _nothing("it is not in the library, so nothing can become one with it")
        done = self.merge(asked, known.title_id, now)
        if done.choice_id is not None:
            with self._store.db.write() as connection:
                undoing.close(connection, [row.id for row in group.items], done.choice_id, now)
        return done

    def _files(self, asset_ids: Sequence[int]) -> list[Unidentified]:
        found = (self._store.waiting_file(one) for one in asset_ids)
        return [file for file in found if file is not None]

    @staticmethod
    def _kept(connection: Connection, files: Sequence[Unidentified]) -> dict[str, Any]:
        """The files as they are known again by."""
        c = assets.c
        ids = [file.asset_id for file in files]
        query = select(c.id, c.path, c.content).where(c.id.in_(ids)).order_by(c.id)
        rows = connection.execute(query).all()
        return {
            "files": [
                {"asset_id": row.id, "path": row.path, "content": row.content} for row in rows
            ]
        }


def _sure(
    file: Unidentified,
    known: Known,
    sentence: str,
    numbers: Numbers | None,
    seasons: Sequence[SeasonFacts] | None,
) -> Sure:
    """With the episodes as the file's names tell them, where a person does not."""
    found = Place()
    if numbers:
        found = Place(season=numbers.season, episodes=numbers.episodes)
    elif known.kind is Kind.SHOW:
        found = place(file.told, known, seasons) or Place()
    match = Match(by=BY_HAND, confidence=1.0, sentence=sentence)
    of = first_of(file)
    return Sure(
        known=known, match=match, season=found.season, episodes=found.episodes,
        edition=of[0], part=of[1],
    )  # fmt: skip


def first_of(file: Unidentified) -> tuple[str | None, int | None]:
    """The edition and the part that are told of it."""
    edition = next((one.edition for one in file.told if one.edition), None)
    part = next((one.part for one in file.told if one.part), None)
    return edition, part


def _assign(connection: Connection, file: Unidentified, sure: Sure, now: datetime) -> int | None:
    """The number of the new answer; None where it was that already."""
    before = recording.newest_assignment(connection, file.asset_id)
    recording.assign(connection, file.asset_id, sure.known.title_id or 0, sure, now)
    after = recording.newest_assignment(connection, file.asset_id)
    return after if after != before else None


def _some(made: Sequence[int | None]) -> list[int]:
    return [one for one in made if one is not None]


def _told(known: Known) -> dict[str, Any]:
    return {
        "kind": str(known.kind), "title": known.title, "year": known.year,
        "ids": known.ids, "title_id": known.title_id,
    }  # fmt: skip


def _done(
    connection: Connection,
    kind: str,
    data: dict[str, Any],
    sentence: str,
    now: datetime,
    *,
    group: Group | None = None,
    title_id: int | None = None,
) -> Done:
    """Keep the choice, and close the questions that it answers."""
    first = data["files"][0]["asset_id"] if data["files"] else 0
    asked = [row.id for row in group.items] if group else []
    data |= {"reviews": asked}
    subject = f"folder:{data['folder']}" if "folder" in data else f"asset:{first}"
    choice = questions.add_choice(connection, kind, subject, data, sentence, now=now)
    undoing.close(connection, asked, choice, now)
    count = len(data["files"])
    return Done(choice_id=choice, sentence=sentence, files=count, title_id=title_id)


def _nothing(sentence: str) -> Done:
    return Done(choice_id=None, sentence=sentence)
