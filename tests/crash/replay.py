"""The queues, opened in every state that a power cut may leave at any moment of two lives.

The first life is killed, the second goes on in the same folder and ends in peace; what neither has
synced is in doubt to the end. The next two lives may begin with one of these states.
"""

import random
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from movie_sync.errors import QueueError
from movie_sync.journal import read
from movie_sync.queues import QueueManager
from tests.crash.disk import Disk, Files
from tests.crash.lives import Tally
from tests.crash.promises import Book, Fault, Standing, found_by_the_program, found_in_files
from tests.crash.recording import Action, Recorder, calls_of, moments, recorded
from tests.queue_home import NEVER_S, quick_folder

ENOUGH = 5  # faults; more of them say nothing new
OPENED_EVERY = 8  # of the states; the others are only read


@dataclass
class Scene:
    """What two lives are to be like, as options of the worker."""

    first: Sequence[str]
    second: Sequence[str]
    inject: Sequence[str] = ()  # into the second life, as strace has it
    first_judged: bool = True
    seed: int = 1
    begin: Files = field(default_factory=dict)


def replay(scene: Scene) -> tuple[Tally, Files]:
    """Judge every state; returns the counts, and one state to go on from."""
    with quick_folder() as folder:
        home = folder / "home"
        _lay_out(home, scene.begin)
        recorder = Recorder(home)
        judge = Judge(scene, folder / "judged", recorder.begin_with(home))
        for life, actions in enumerate(_lives(scene, home, folder / "log", recorder)):
            for action, ends in moments(actions):
                judge.see(action, ends=ends, judged=bool(life) or scene.first_judged)
                if len(judge.tally.faults) >= ENOUGH:
                    return judge.tally, {}
        return judge.tally, judge.chosen


def replay_often(scenes: Sequence[Scene]) -> Tally:
    """One after the other; each begins with what a power cut left of the one before."""
    tally, begin = Tally(), Files()
    for scene in scenes:
        scene.begin = begin
        found, begin = replay(scene)
        tally += found
        if tally.faults:
            break
    return tally


def _lay_out(folder: Path, files: Files) -> None:
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_bytes(text)


def _lives(scene: Scene, home: Path, log: Path, recorder: Recorder) -> Iterator[Iterator[Action]]:
    after = 0
    for life, options in enumerate(([*scene.first, "--dies"], scene.second)):
        seed, inject = scene.seed * 2 + life, scene.inject if life else ()
        recorded(log, "tests.crash.worker", home, seed, *options, inject=inject)
        calls = calls_of(log)
        yield recorder.actions(calls, after)
        after += 2 * len(calls)  # each has two moments at most


class Judge:
    """Walks along the actions and judges what a power cut would leave at each."""

    def __init__(self, scene: Scene, folder: Path, held: Files) -> None:
        self.tally = Tally(Counter(replays=1))
        self.chosen: Files = {}
        self._scene, self._folder = scene, folder
        self._chance = random.Random(scene.seed)
        self._disk, self._book = Disk(held), Book()
        if held:
            found = self._find(held)
            assert isinstance(found, dict)
            self._book.settle(found)
        self._known: dict[int, dict[str, Standing] | Fault] = {}
        self._judged: set[tuple[int, int]] = set()  # state, and how much had been said
        self._said = 0

    def see(self, action: Action, *, ends: bool, judged: bool = True) -> None:
        if action.kind == "said":
            if not ends:
                self._book.hear(action.text.decode().splitlines())
                self._said += 1
                self.tally.counts["acknowledged"] += action.text.startswith(b"!")
            changed = not ends
        else:
            changed = self._disk.end(action) if ends else self._disk.begin(action)
        if changed and judged:
            self.tally.counts["moments"] += 1
            for files in self._disk.states(self._chance):
                self._judge(files)

    def _judge(self, files: Files) -> None:
        state = hash(tuple(sorted(files.items())))
        if (state, self._said) in self._judged:
            return
        self._judged.add((state, self._said))
        self.tally.counts["judgements"] += 1
        if state not in self._known:
            self._known[state] = self._find(files)
            self.tally.counts["states"] += 1
            if self._chance.randrange(self.tally.counts["states"]) == 0:
                self.chosen = files
        found = self._known[state]
        faults = [found] if isinstance(found, Fault) else self._book.faults(found)
        where = f"scene {self._scene.seed}, moment {self.tally.counts['moments']}"
        self.tally.judge(faults[:ENOUGH], where)

    def _find(self, files: Files) -> dict[str, Standing] | Fault:
        """What the program sees in this state, and that it lives with it."""
        _lay_out(self._folder, files)
        try:
            found = found_by_the_program(self._folder)
            if self.tally.counts["states"] % OPENED_EVERY == 0:
                self._open(found)
        except (QueueError, OSError, ValueError, KeyError, msgspec.MsgspecError) as error:
            return Fault("not started", str(error))
        finally:
            shutil.rmtree(self._folder)
        return found

    def _open(self, found: dict[str, Standing]) -> None:
        """Open and close the queues there, and look at what is at rest then."""
        self.tally.counts["opened"] += 1
        QueueManager(self._folder, idle_s=NEVER_S).close()
        book = Book()
        book.settle(found)
        at_rest, doubled = found_in_files(self._folder)
        self.tally.judge([*book.faults(at_rest), *doubled], "opened and closed")
        if read(self._folder / "queue.journal")[1]:
            self.tally.judge([Fault("torn", "the journal is not empty at rest")], "closed")


SLOW = "fdatasync:delay_enter=20000"  # microseconds: a disk that takes its time
FEW, BUSY, LATE = "--items=24", "--busy-files", f"--idle-s={NEVER_S}"


def _scene(*options: str, inject: str | None = None) -> Scene:
    """Two lives of the same sort."""
    return Scene(options, options, [inject] if inject else [])


SCENES = {
    "one": _scene("--steps=25"),
    "threads": _scene("--steps=5", "--threads=4", BUSY),
    "slow": Scene(
        ("--steps=60", "--threads=2", FEW),
        ("--steps=7", "--threads=2", FEW, "--merges=0.4", BUSY),
        [SLOW],
        first_judged=False,
    ),
    "large": _scene("--steps=12", "--bulk-bytes=100000", "--merges=0.2", LATE),
    "old-blocks": _scene("--steps=1", "--old-blocks", LATE),
    "journal-fails": _scene("--steps=20", inject="fdatasync:error=EIO:when=9"),
    "journal-fails-threads": _scene(
        "--steps=6", "--threads=4", inject="fdatasync:error=EIO:when=4+5:delay_enter=9000"
    ),
    "files-fail": _scene("--steps=20", inject="fsync:error=EIO:when=15+4"),
}


def rounds(name: str, *, seed: int, count: int) -> list[Scene]:
    """A scene so often, each time with other chances."""
    return [replace(SCENES[name], seed=seed * 100 + number) for number in range(count)]
