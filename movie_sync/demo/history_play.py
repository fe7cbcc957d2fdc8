"""The demo of the history: the program runs, a person imports a file of Viki's, signs in there,
takes over what Trakt has, and takes one sync back; Trakt tells what it was told.
"""

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from movie_sync import control
from movie_sync.demo import history_world as at
from movie_sync.demo.history_world import HistoryWorld
from movie_sync.demo.play import GIVE_UP_AFTER_S, ended_as_by_ctrl_c, stop, until
from movie_sync.errors import MovieSyncError

if TYPE_CHECKING:
    from movie_sync.history.store import HistoryStore

Tell = Callable[[str], object]
FROM_FILE = at.EPISODES + at.SPLIT_EPISODES  # plays of a saved page that Trakt can be told
IMPORTED = len(at.EARLIER) + at.BINGE  # of Trakt's own; one more has no id elsewhere
UNMATCHED = 2  # plays of what Trakt does not know


@dataclass(frozen=True)
class HistoryOutcome:
    ok: bool
    steps: list[str]
    told: int  # plays that Trakt was told, before the undo
    preview: dict[str, Any]
    counts: dict[str, Any]
    seconds: float
    problems: list[str]


def play_history(world: HistoryWorld, tell: Tell) -> HistoryOutcome:
    """Run the program in this world to the end of the story; `tell` hears each step."""
    began_at = time.monotonic()
    story = _Story(world, tell)
    with (world.folder / "program.log").open("wb") as out, ended_as_by_ctrl_c():
        program = subprocess.Popen(
            world.command(), env=world.environment(), stdout=out, stderr=out,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            for _ in until(began_at + GIVE_UP_AFTER_S, program):
                if story.go_on():
                    break
        finally:
            stopped = stop(program)
    counts = _counts(world)
    problems = [] if stopped else ["the program did not end when told to"]
    problems += story.amiss(counts)
    took = time.monotonic() - began_at
    return HistoryOutcome(
        not problems, story.steps, story.told, story.preview, counts, took, problems
    )


def as_data(world: HistoryWorld, outcome: HistoryOutcome) -> dict[str, Any]:
    """What `demo --history --json` prints."""
    return {
        "ok": outcome.ok,
        "steps": outcome.steps,
        "told": outcome.told,
        "preview": outcome.preview,
        "counts": outcome.counts,
        "seconds": round(outcome.seconds, 2),
        "problems": outcome.problems,
        "home": str(world.home),
    }


class _Story:
    """One step after the other; each is begun when the one before it has come to its end."""

    def __init__(self, world: HistoryWorld, tell: Tell) -> None:
        self.steps: list[str] = []
        self.preview: dict[str, Any] = {}
        self.told = 0
        self._world, self._tell = world, tell
        self._steps = self._play()
        self._undone = 0  # a sync

    def go_on(self) -> bool:
        """Whether it is at its end."""
        with suppress(MovieSyncError, OSError):
            return next(self._steps, True) is True
        self._steps = self._play(len(self.steps))
        return False

    def amiss(self, counts: dict[str, Any]) -> list[str]:
        """What is not as it should be."""
        return list(self._amiss(counts))

    def _play(self, done: int = 0) -> Iterator[bool]:
        """False for each look that found nothing new yet."""
        parts = (self._import_file, self._sign_in, self._take_over, self._take_back)
        for number, part in enumerate(parts):
            if number >= done:
                yield from part()

    def _import_file(self) -> Iterator[bool]:
        """A page that was saved in a browser lands here, is matched, and Trakt is told of it."""
        while (answer := self._wish("viki-import", path=str(self._world.markers))) is None:
            yield False
        while len(self._world.told) < FROM_FILE:
            yield False
        self._say(f"{self._world.markers.name}: {answer['sentence']}; Trakt was told of "
                  f"{len(self._world.told)} plays")  # fmt: skip

    def _sign_in(self) -> Iterator[bool]:
        """The cookies of a browser; a film was watched since."""
        self._world.viki.watch(at.FILM_VIDEO, 6500)
        self._command("history", "viki", "login", "-", text=self._world.cookies())
        while len(self._world.told) <= FROM_FILE or not self._is_noted():
            yield False
        self._say("Viki was read by the cookies of a browser; Trakt was told of a film, and of "
                  "nothing twice")  # fmt: skip

    def _take_over(self) -> Iterator[bool]:
        """Trakt's own history: first a look, then the import."""
        answer = self._wish("preview", source="trakt")
        while answer is None:
            yield False
            answer = self._wish("preview", source="trakt")
        self.preview = answer["preview"]
        self._wish("import", source="trakt")
        while True:
            now = self._wish("import-status")
            if now and now["sync"] and now["sync"]["state"] == "done":
                break
            yield False
        self._say(f"Trakt's own history was looked at, and taken over: {now['sentence']}")

    def _take_back(self) -> Iterator[bool]:
        """The telling of the film is undone; Trakt's own plays stay."""
        self.told = len(self._world.told)
        newest = self._newest("push")
        while newest is None or newest["state"] != "done":
            yield False
            newest = self._newest("push")
        self._undone = newest["id"]
        answer = self._wish("undo", sync=self._undone)
        while len(self._world.told) >= self.told:
            yield False
        said = answer["sentence"] if answer else "undone"
        gone = self.told - len(self._world.told)
        plays = "1 play is" if gone == 1 else f"{gone} plays are"
        self._say(f"{said}: {plays} gone from Trakt")

    def _is_noted(self) -> bool:
        """Whether the program has stored all that it told."""
        with _store(self._world) as store:
            return store.counts().outbox.get("done", 0) == len(self._world.told)

    def _wish(self, wish: str, **request: Any) -> dict[str, Any] | None:
        return control.ask(self._world.home, answer_s=30.0, do="history", wish=wish, **request)

    def _newest(self, kind: str) -> dict[str, Any] | None:
        """The newest sync of a kind."""
        with _store(self._world) as store:
            rows = store.syncs(kind=kind, limit=1)
        found: dict[str, Any] | None = msgspec.to_builtins(rows[0]) if rows else None
        return found

    def _command(self, *words: str, text: str) -> None:
        """As a person types it."""
        done = subprocess.run(
            self._world.command(*words), env=self._world.environment(), input=text.encode(),
            capture_output=True, timeout=60, check=False,
        )  # fmt: skip
        if done.returncode:
            raise MovieSyncError(f"{' '.join(words)}: {done.stderr.decode()}")

    def _say(self, sentence: str) -> None:
        self.steps.append(sentence)
        self._tell(sentence)

    def _amiss(self, counts: dict[str, Any]) -> Iterator[str]:
        missing = 4 - len(self.steps)
        if missing:
            yield f"{missing} of 4 steps were not done"
            return
        told = self._world.told
        if len(set(told)) != len(told):
            yield "Trakt was told of a play twice"
        if self.told != FROM_FILE + 1:
            yield f"Trakt was told of {self.told} plays in place of {FROM_FILE + 1}"
        kept = {number for number, _, _ in self._world.trakt.world.plays}
        if lost := len(self._world.before - kept):
            yield f"{lost} plays that Trakt had of itself are gone"
        if self.preview["plays"]["new"] != IMPORTED:
            yield f"{self.preview['plays']['new']} plays were to be new, and not {IMPORTED}"
        here, wanted = counts["plays"], FROM_FILE + 1 + UNMATCHED + IMPORTED
        if here != wanted:
            yield f"{here} plays are here, and not {wanted}"
        if counts["unmatched"] != 1:
            yield f"{counts['unmatched']} shows are unmatched, and not 1"


def _counts(world: HistoryWorld) -> dict[str, Any]:
    from movie_sync.db import FILE

    if not (world.home / FILE).exists():
        return {"plays": 0, "unmatched": 0}
    with _store(world) as store:
        found: dict[str, Any] = msgspec.to_builtins(store.counts())
        return found


@contextmanager
def _store(world: HistoryWorld) -> "Iterator[HistoryStore]":
    from movie_sync.db import FILE, Database
    from movie_sync.history.store import HistoryStore

    db = Database(world.home / FILE, backup=None)
    try:
        yield HistoryStore(db)
    finally:
        db.close()
