"""The demo of the library: the program runs, a person answers its one question, and the database
tells what it has come to know.
"""

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from movie_sync import control
from movie_sync.demo import library_shelf as shelf
from movie_sync.demo.library_world import LibraryWorld
from movie_sync.demo.play import GIVE_UP_AFTER_S, ended_as_by_ctrl_c, stop, until
from movie_sync.errors import MovieSyncError

if TYPE_CHECKING:
    from movie_sync.library.page_rows import TitleRow
    from movie_sync.library.store import LibraryStore

# Title: files, and how many of them cannot be used.
WANTED = {
    "Night of the Living Dead (1968)": (1, 0),
    "The General (1926)": (1, 0),
    "Charade (1963)": (1, 0),
    "His Girl Friday (1940)": (1, 0),
    "Nosferatu (1922)": (2, 0),
    "Detour (1945)": (1, 0),
    "The Kid (1921)": (1, 0),
    "The Phantom of the Opera (1925)": (1, 1),
    f"{shelf.SHOW} (2019)": (len(shelf.EPISODES), 0),
}
Tell = Callable[[str], object]


@dataclass(frozen=True)
class LibraryOutcome:
    ok: bool
    titles: list[dict[str, Any]]
    counts: dict[str, int]
    settled: str | None  # what a person said of the file that could not be told
    requests: int  # to TMDB
    seconds: float
    problems: list[str]


def play_library(world: LibraryWorld, tell: Tell) -> LibraryOutcome:
    """Run the program in this world until all is known; `tell` hears each step."""
    began_at = time.monotonic()
    play = _Play(world, tell)
    with (world.folder / "program.log").open("wb") as out, ended_as_by_ctrl_c():
        program = subprocess.Popen(
            world.command(), env=world.environment(), stdout=out, stderr=out,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            for _ in until(began_at + GIVE_UP_AFTER_S, program):
                if play.look():
                    break
        finally:
            stopped = stop(program)
            play.close()
    took = time.monotonic() - began_at
    with _store(world) as store:
        titles, counts = _titles(store), _counts(store)
    problems = [] if stopped else ["the program did not end when told to"]
    problems += list(_amiss(titles, counts, play.settled))
    return LibraryOutcome(
        not problems, titles, counts, play.settled, len(world.tmdb.requests), took, problems
    )


def as_data(world: LibraryWorld, outcome: LibraryOutcome) -> dict[str, Any]:
    """What `demo --library --json` prints."""
    return {
        "ok": outcome.ok,
        "titles": outcome.titles,
        "counts": outcome.counts,
        "settled": outcome.settled,
        "requests": outcome.requests,
        "seconds": round(outcome.seconds, 2),
        "problems": outcome.problems,
        "home": str(world.home),
        "shelf": str(world.shelf),
    }


class _Play:
    """Looks again and again, tells what is new, and answers what is asked."""

    def __init__(self, world: LibraryWorld, tell: Tell) -> None:
        self.settled: str | None = None
        self._world, self._tell = world, tell
        self._told: set[str] = set()
        self._open: Any = None
        self._looked: LibraryStore | None = None

    def look(self) -> bool:
        """Whether all is known."""
        if self._looked is None and not self._begin():
            return False
        store = self._looked
        assert store
        counts, titles = _counts(store), _titles(store)
        for one in titles:
            if one["files"] and one["told"] and one["title"] not in self._told:
                self._told.add(one["title"])
                self._tell(f"{one['title']} is known: {one['about']}")
        if counts["review"] and not self.settled:
            self._settle(store)
        done = all(one["told"] for one in titles if one["files"]) and self.settled
        left = counts["waiting"] + counts["unprobed"] + counts["review"]
        return bool(done) and not left and {one["title"] for one in titles} >= WANTED.keys()

    def close(self) -> None:
        if self._open:
            self._open.__exit__(None, None, None)

    def _begin(self) -> bool:
        """Whether the program has made its database."""
        with suppress(MovieSyncError, OSError):
            if control.ask(self._world.home, do="library", wish="status") is not None:
                self._open = _store(self._world)
                self._looked = self._open.__enter__()
        return self._looked is not None

    def _settle(self, store: "LibraryStore") -> None:
        """As a person does: by the candidate that is meant."""
        from movie_sync.library.inbox import groups

        for asked in groups(store):
            name = Path(asked.items[0].path or "").name
            self._tell(f"{name} waits for a word: {asked.sentence}")
            for number, one in enumerate(asked.candidates):
                if (one["title"], one["year"]) == shelf.MEANT:
                    answer = control.ask(
                        self._world.home, do="library", wish="approve", review=asked.id,
                        candidate=number,
                    )  # fmt: skip
                    self.settled = answer["sentence"] if answer else None
                    self._tell(f"{name}: {self.settled}")
                    return


@contextmanager
def _store(world: LibraryWorld) -> "Iterator[LibraryStore]":
    from movie_sync.db import FILE, Database
    from movie_sync.library.store import LibraryStore

    db = Database(world.home / FILE, backup=None)
    try:
        yield LibraryStore(db)
    finally:
        db.close()


def _titles(store: "LibraryStore") -> list[dict[str, Any]]:
    rows = store.titles(limit=100).rows
    return [
        {"id": row.id, "title": f"{row.title} ({row.year})", "kind": str(row.kind),
         "files": row.files, "broken": row.broken_files, "episodes": row.episodes_owned,
         "told": bool(row.genres), "about": _about(row)}
        for row in rows
    ]  # fmt: skip


def _about(row: "TitleRow") -> str:
    """Its files at a glance."""
    files = "1 file" if row.files == 1 else f"{row.files} files"
    words = (files, f"spoken {', '.join(row.audio_languages)}" if row.audio_languages else None,
             f"{row.broken_files} broken" if row.broken_files else None)  # fmt: skip
    return ", ".join(each for each in words if each)


def _counts(store: "LibraryStore") -> dict[str, int]:
    counts: dict[str, int] = msgspec.to_builtins(store.counts())
    return counts


def _amiss(
    titles: list[dict[str, Any]], counts: dict[str, int], settled: str | None
) -> Iterator[str]:
    """What is not as it should be."""
    there = {one["title"]: one for one in titles}
    for title, (files, broken) in WANTED.items():
        one = there.get(title)
        if one is None:
            yield f"{title} is not in the library"
        elif (one["files"], one["broken"]) != (files, broken):
            yield f"{title} has {one['files']} files, {one['broken']} of them broken"
        elif not one["told"]:
            yield f"nothing was told of {title}"
    for title in there.keys() - WANTED.keys():
        yield f"{title} is in the library, and lies nowhere"
    if not settled:
        yield "nothing was asked of a person"
    for what in ("waiting", "review", "unprobed"):
        if counts[what]:
            yield f"{counts[what]} files are {what} in the end"
