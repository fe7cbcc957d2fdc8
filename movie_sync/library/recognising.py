"""From files that wait to what they are, a page at a time: what a person said before, else what is
known here, else what the world says.

    run       all that wait, against our own titles; asks nobody outside
    `Asks`    an enricher: one file that only TMDB can tell, as an item of the queues

The files of one folder are decided together. Each page is stored in one transaction, so a kill
leaves files that wait, and nothing else.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from itertools import groupby
from pathlib import Path

from sqlalchemy import Connection

from movie_sync.library import asking, choices, identifying, matching, own_titles, recording
from movie_sync.library.catalogue import Answers, Both, Catalogue, Shelf
from movie_sync.library.choices import Choices
from movie_sync.library.enriching import Lacking
from movie_sync.library.identify import Holds, Identifier
from movie_sync.library.inbox import work_folder
from movie_sync.library.rows import Answer, Conflict, Unidentified
from movie_sync.library.store import LibraryStore
from movie_sync.library.verdicts import Ask, Rule, Sure, Unsure, Verdict, changed
from movie_sync.library_models import Told

PAGE = 500
KNOWN_FOR_S = 60.0  # so long our own titles are not read again

AsSet = Callable[[Unidentified], tuple[Holds, Rule | None]]  # as the source of a file is set


class Recognising:
    """Decides what can be decided here.

    Args:
        as_set: what may be found where a file lies, and whether the names there are trusted.
        asks_world: whether somebody can be asked; then what is not known here waits for that.
    """

    def __init__(self, store: LibraryStore, as_set: AsSet, *, asks_world: bool) -> None:
        self._store, self._as_set, self._asks_world = store, as_set, asks_world

    def run(self, now: datetime, stop: threading.Event) -> Counter[str]:
        """How many files are "matched", "in review", and "to be asked" about.

        Raises:
            FilesError, Unavailable: the database's; what was stored before stays.
        """
        counts: Counter[str] = Counter()
        after = 0
        if not self._store.unidentified(after, 1):
            return counts
        decided, shelf = choices.read(self._store), own_titles.shelf(self._store.db)
        catalogue: Catalogue = Both(shelf, Answers()) if self._asks_world else shelf
        while not stop.is_set() and (page := self._store.unidentified(after, PAGE)):
            page = _whole_folders(page)
            counts += _Page(self._store, page, decided, now).settle(catalogue, self._as_set)
            after = page[-1].asset_id
        return counts


def _whole_folders(page: list[Unidentified]) -> list[Unidentified]:
    """Without the last folder where more of it may follow, unless that is all there is."""
    if len(page) < PAGE:
        return page
    last, end = work_folder(_place(page[-1])), len(page)
    while end and work_folder(_place(page[end - 1])) == last:
        end -= 1
    return page[:end] or page


def _place(file: Unidentified) -> str:
    return file.path or file.uris[0]


class _Page:
    """Some files that wait, stored together."""

    def __init__(
        self, store: LibraryStore, files: Sequence[Unidentified], decided: Choices, now: datetime
    ) -> None:
        self._store, self._files, self._decided, self._now = store, files, decided, now

    def settle(self, catalogue: Catalogue, as_set: AsSet) -> Counter[str]:
        kept = {file.asset_id for file in self._files if self._choice(file)}
        decide = partial(self._decide, catalogue, as_set)
        for file in self._files:
            if file.asset_id in kept:
                identifying.settle(self._store, file, self._decided, _never, self._now)
        said = list(decide([file for file in self._files if file.asset_id not in kept]))
        with self._store.db.write() as connection:
            self._record(connection, said)
        names = {Sure: "matched", Unsure: "in review", Ask: "to be asked"}
        return Counter(names[type(one)] for _, one in said) + Counter(matched=len(kept))

    def _choice(self, file: Unidentified) -> bool:
        row = self._decided.of_file(file.path, file.content)
        return row is not None and row.kind != choices.SPLIT

    def _decide(
        self, catalogue: Catalogue, as_set: AsSet, files: Sequence[Unidentified]
    ) -> Iterator[tuple[Unidentified, Verdict]]:
        identifier = Identifier(catalogue)
        for (_, holds, rule), group in groupby(files, lambda file: self._where(file, as_set)):
            some = list(group)
            tellings = [file.told for file in some]
            verdicts = identifier.decide_together(tellings, holds=holds, rule=rule)
            for file, verdict in zip(some, verdicts, strict=True):
                yield file, identifying.denied(self._decided, file, verdict)

    def _where(self, file: Unidentified, as_set: AsSet) -> tuple[str, Holds, Rule | None]:
        place = _place(file)
        holds, rule = as_set(file)
        return work_folder(place), holds, self._decided.rule(place) or rule

    def _record(self, connection: Connection, said: Sequence[tuple[Unidentified, Verdict]]) -> None:
        titles: dict[object, int | Conflict] = {}
        answers = []
        for file, verdict in said:
            if isinstance(verdict, Unsure):
                recording.ask(connection, file.asset_id, verdict, self._now)
            elif isinstance(verdict, Sure):
                known = verdict.known
                if known.identity not in titles:
                    titles[known.identity] = recording.title(connection, known, self._now)
                title_id = titles[known.identity]
                if isinstance(title_id, Conflict):
                    recording.record(connection, file.asset_id, verdict, self._now)
                else:
                    answers.append(_answer(connection, file, title_id, verdict))
        matching.assign_many(connection, answers, self._now)


def _answer(connection: Connection, file: Unidentified, title_id: int, said: Sure) -> Answer:
    return Answer(
        asset_id=file.asset_id,
        title_id=title_id,
        episode_ids=tuple(recording.episodes(connection, title_id, said)),
        match=said.match,
        edition=said.edition,
        part=said.part,
    )


def _never(*_: object) -> Sure | Unsure:
    raise AssertionError("a person has said what it is")


class Asks:
    """An enricher for files that nobody here knows."""

    name = "identify"

    def __init__(self, store: LibraryStore, as_set: AsSet, world: asking.World) -> None:
        self._store, self._as_set, self._world = store, as_set, world
        self._desk: tuple[float, Shelf, Choices, Answers] | None = None
        self._lock = threading.Lock()

    def lacking(self, after: int, limit: int) -> Sequence[Lacking]:
        waiting = self._store.unidentified(after, limit)
        return [Lacking(one.asset_id, _name(one)) for one in waiting]

    def enrich(self, about: int, now: datetime) -> None:
        found = self._store.unidentified(about - 1, 1)
        if not found or found[0].asset_id != about:
            return
        file = found[0]
        shelf, decided, answers = self._known()
        holds, usual = self._as_set(file)

        def decide(told: tuple[Told, ...], rule: Rule | None) -> Sure | Unsure:
            rule = rule or usual
            return asking.identify(told, shelf, self._world, answers, holds=holds, rule=rule)

        identifying.settle(self._store, file, decided, decide, now)

    def _known(self) -> tuple[Shelf, Choices, Answers]:
        """Read once for many files that come one after the other."""
        with self._lock:
            if self._desk is None or time.monotonic() - self._desk[0] > KNOWN_FOR_S:
                shelf, decided = own_titles.shelf(self._store.db), choices.read(self._store)
                self._desk = (time.monotonic(), shelf, decided, Answers())
            return self._desk[1:]

    def rest(self) -> None:
        """Let go of what was read, when there is nothing to do."""
        with self._lock:
            self._desk = None


class Confirms:
    """An enricher for titles that are ours by their names alone, once TMDB can be asked."""

    name = "confirm"

    def __init__(self, store: LibraryStore, world: asking.World) -> None:
        self._store, self._world = store, world

    def lacking(self, after: int, limit: int) -> Sequence[Lacking]:
        return [Lacking(*row) for row in self._store.waiting_ids(after, limit)]

    def enrich(self, about: int, now: datetime) -> None:
        own = own_titles.known(self._store.db, about)
        if own is None or own.confirmed:
            return
        found = asking.confirm(own, self._world, Answers())
        if found is None:
            self._store.no_facts(about, now)  # asked again when its facts are due
            return
        with self._store.db.write() as connection:
            clash = recording.title(connection, changed(found, title_id=about), now)
            if isinstance(clash, Conflict):
                recording.ask_of_title(connection, about, changed(found, title_id=None), clash, now)
        if isinstance(clash, Conflict):
            self._store.no_facts(about, now)


def _name(file: Unidentified) -> str:
    return Path(file.path).name if file.path else file.uris[0]
