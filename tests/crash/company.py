"""The program itself, commands and readers on one home at once, and each killed now and then.

`python -m tests.crash.company HOME NUMBER` is one command after another, as a person gives them:
each is done by the running program, or right there in the moments when none runs. It says what it
asks and what was answered, as `promises.py` tells, with a state in the place of a standing.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path

from movie_sync.actions import ask
from movie_sync.errors import Busy, QueueError
from movie_sync.instance import owner
from movie_sync.models import State
from movie_sync.queue_files import path_of
from movie_sync.queue_load import load
from tests.crash.lives import ON_DISK, TOP, Tally, folder_in
from tests.crash.promises import Fault, found_in_files
from tests.crash.worker import tell

ENDLESS = 10**9
STARTS_WITHIN_S = STOPS_WITHIN_S = 120.0
ELSEWHERE = set(State) - {State.REMOVED}
BECOMES = {"add": ELSEWHERE, "restore": ELSEWHERE, "skip": ELSEWHERE, "retry": ELSEWHERE,
           "remove": {State.REMOVED}}  # fmt: skip


def give_commands(home: Path, number: int) -> None:
    chance, mine = random.Random(number), 0
    for command in range(ENDLESS):
        wish = chance.choice(("add", "add", "remove", "restore", "skip", "retry"))
        mine += wish == "add" or not mine
        film = mine if wish == "add" else chance.randrange(mine) + 1
        imdb_id = f"tt{number * 10_000 + film:08}"
        about = {"title": f"Film {imdb_id}", "imdb_id": imdb_id} if wish == "add" else {}
        time.sleep(chance.uniform(0, 0.05))  # a person is not so quick
        told = (f"{number}.{command}", f"film:imdb:{imdb_id}", wish)
        tell("?", *told)
        try:
            ask(home, do=wish, id=f"film:imdb:{imdb_id}", **about)
        except (QueueError, Busy) as error:
            tell("~" if "did not answer" in str(error) else "-", *told)
        else:
            tell("!", *told)


class Ledger:
    """In which states each film may be, after all that commands were answered."""

    def __init__(self) -> None:
        self.may_be: dict[str, set[State]] = {}  # of what was acknowledged at least once
        self.asked: set[str] = set()
        self.counts: Counter[str] = Counter()
        self._begun: dict[str, tuple[str, str]] = {}

    def hear(self, lines: Iterable[str]) -> None:
        for line in lines:
            sign, operation, id_, wish = line.split()
            self._begun.pop(operation, None)
            match sign:
                case "?":
                    self.asked.add(id_)
                    self._begun[operation] = id_, wish
                case "!":
                    self.counts["acknowledged"] += 1
                    self.may_be[id_] = BECOMES[wish]
                case "~":
                    self.counts["unsure"] += 1
                    self._doubt(id_, wish)
                case "-":
                    self.counts["refused"] += 1

    def end_of_a_command(self) -> None:
        """What it had begun was done or not."""
        for id_, wish in self._begun.values():
            self._doubt(id_, wish)
        self._begun.clear()

    def faults(self, found: dict[str, State]) -> list[Fault]:
        lost = [Fault("lost", f"{id_} is not there") for id_ in self.may_be.keys() - found.keys()]
        alien = found.keys() - self.asked
        return [
            *lost,
            *(Fault("misplaced", f"{id_} is there, and nobody asked for it") for id_ in alien),
            *(
                Fault("misplaced", f"{id_} is {found[id_]}, and was to be one of {states}")
                for id_, states in self.may_be.items()
                if id_ in found and found[id_] not in states
            ),
        ]

    def _doubt(self, id_: str, wish: str) -> None:
        if id_ in self.may_be:
            self.may_be[id_] = self.may_be[id_] | BECOMES[wish]


class Commands:
    """A process of `give_commands`."""

    def __init__(self, home: Path, number: int, log: Path) -> None:
        command = [sys.executable, "-m", __name__, str(home), str(number)]
        self._said = log / f"commands{number}"
        with self._said.open("wb") as out:
            self._process = subprocess.Popen(command, cwd=TOP, stdout=out)

    def end(self) -> list[str]:
        self._process.kill()
        self._process.wait()
        return self.said()

    def said(self) -> list[str]:
        text = self._said.read_text(encoding="utf-8")
        return text[: text.rfind("\n") + 1].splitlines()


def together(*, seed: int, lives: int, commands: int = 3) -> Tally:
    """The program lives so often, each time killed but the last; commands never cease."""
    chance, ledger = random.Random(seed), Ledger()
    with folder_in(ON_DISK) as folder, ExitStack() as undo:
        home = folder / "home"
        home.mkdir(mode=0o700)
        running = {number: Commands(home, number, folder) for number in range(1, commands + 1)}
        undo.callback(lambda: [each.end() for each in running.values()])
        tally = Tally()
        for life in range(lives):
            program = _program(home, folder)
            undo.callback(program.kill)
            deadline = time.monotonic() + chance.uniform(0.3, 1.5)
            while time.monotonic() < deadline:
                tally += _read(home, [line for each in running.values() for line in each.said()])
            oldest = min(running)
            ledger.hear(running.pop(oldest).end())
            ledger.end_of_a_command()
            running[oldest + commands] = Commands(home, oldest + commands, folder)
            if life < lives - 1:
                program.send_signal(signal.SIGKILL)
                program.wait()
                tally.counts["kills"] += 2
        for each in running.values():
            ledger.hear(each.end())
            ledger.end_of_a_command()
        program.send_signal(signal.SIGTERM)
        if program.wait(STOPS_WITHIN_S):
            tally.judge([Fault("not started", _words_of(folder))], "the program ended badly")
        return tally + _at_rest(home, ledger, f"in company, seed {seed}")


def _program(home: Path, folder: Path) -> "subprocess.Popen[bytes]":
    """The program, once the home is its own: a command that is at work there keeps it out."""
    command = [sys.executable, "-m", "movie_sync", "--home", str(home)]
    deadline = time.monotonic() + STARTS_WITHIN_S
    while True:
        with (folder / "program.log").open("ab") as out:
            program = subprocess.Popen(command, cwd=TOP, stdout=out, stderr=out)
        while program.poll() is None:
            if owner(home) == program.pid:
                return program
            time.sleep(0.01)
        assert time.monotonic() < deadline, _words_of(folder)


def _words_of(folder: Path) -> str:
    return (folder / "program.log").read_text(encoding="utf-8")[-1000:]


def _read(home: Path, said: Iterable[str]) -> Tally:
    """As reading commands and jq do at any moment: all that was answered is there, and every file
    is whole."""
    tally, ledger = Tally(Counter(readings=1)), Ledger()
    ledger.hear(said)
    items, _ = load(home, reader=True)
    there = {id_ for state in State for id_ in items[state]}
    lost = [Fault("lost", f"{id_} is not there") for id_ in ledger.may_be.keys() - there]
    tally.judge(lost, "a reading command")
    for state in State:
        path = path_of(home, state)
        if path.exists():
            ended = subprocess.run(
                ["jq", "-r", ".[].id", path], capture_output=True, text=True, check=False
            )
            ids = ended.stdout.split()
            if ended.returncode or len(ids) != len(set(ids)):
                tally.judge([Fault("torn", ended.stderr or str(ids))], f"jq {path.name}")
    return tally


def _at_rest(home: Path, ledger: Ledger, where: str) -> Tally:
    found, doubled = found_in_files(home)
    states = {id_: State(standing.state) for id_, standing in found.items()}
    tally = Tally(Counter(closed=1) + ledger.counts)
    tally.judge([*doubled, *ledger.faults(states)], where)
    return tally


if __name__ == "__main__":
    os.umask(0o077)
    give_commands(Path(sys.argv[1]), int(sys.argv[2]))
