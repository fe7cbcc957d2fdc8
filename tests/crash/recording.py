"""What a process asked of the disk and what it said, in order, as strace writes it down.

Threads overlap, so that each call has a beginning and an end: what it does may happen at any
moment between, and a sync holds only what had ended before it began.
"""

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from movie_sync.models import State
from tests.crash.lives import TOP

CALLS = (
    "openat,write,writev,pwrite64,pwritev,fsync,fdatasync,sync_file_range,rename,renameat,renameat2,"
    "link,linkat,unlink,unlinkat,ftruncate,truncate,fallocate,close,dup,dup2,symlink,mkdir"
)
HARMLESS = {"close", "openat", "dup", "dup2"}  # to a disk, where the file is not one of the folder

_BEGUN = re.compile(rb"^(\d+) +(\w+)\((.*) <unfinished \.\.\.>$")
_GONE_ON = re.compile(rb"^(\d+) +<\.\.\. (\w+) resumed>(.*)$")
_WHOLE = re.compile(rb"^(\d+) +(\w+)\((.*)$")
_RESULT = re.compile(rb"^(.*)\) += (-?\d+|\?)")
_TEXT = re.compile(rb'"((?:\\x[0-9a-f]{2})*)"')


@dataclass(slots=True)
class Call:
    """One system call. `end` stays None where the process was killed in it."""

    name: str
    arguments: bytes
    begin: int
    end: int | None = None
    result: int | None = None

    @property
    def number(self) -> int:
        """The first argument, mostly a descriptor."""
        return int(self.arguments.split(b",", 1)[0])

    @property
    def last_number(self) -> int:
        return int(self.arguments.rsplit(b",", 1)[1])

    def texts(self) -> list[bytes]:
        return [
            bytes.fromhex(t.replace(b"\\x", b"").decode()) for t in _TEXT.findall(self.arguments)
        ]


@dataclass(eq=False, slots=True)
class Action:
    """What a call does to the folder, or what was said by it.

    kind: "write", "sync", "name" (of the names below), "sync names" or "said".
    """

    kind: str
    begin: int
    end: int | None
    file: int = -1  # an inode, by our own count
    at: int = 0
    text: bytes = b""
    becomes: dict[str, int | None] = field(default_factory=dict)  # names, and what they name then
    failed: bool = False


def strace(log: Path, *expressions: str) -> list[str]:
    """What to put before a command, to have calls of it written down."""
    options = [part for one in ("signal=none", *expressions) for part in ("-e", one)]
    return ["strace", "-f", "-qqq", *options, "-o", str(log)]


WHOLE = ("--seccomp-bpf", "-xx", "-s", "4000000")  # every byte, of these calls alone


def only(home: Path, names: Sequence[str] = ()) -> list[str]:
    """Let strace see and fail calls on these files alone; else on the folder and all of ours."""
    every = [f"queue_{state}.json" for state in State] + ["queue.journal"]
    files = [home / f"{name}{end}" for name in every for end in ("", ".tmp", "~")]
    paths = [home / name for name in names] or [home, *files]
    return [part for path in paths for part in ("-P", str(path))]


def failures(*inject: str) -> list[str]:
    """Let the kernel fail these calls: `fdatasync:error=EIO:when=5`."""
    return [part for one in inject for part in ("-e", f"inject={one}")]


def recorded(log: Path, module: str, *arguments: object, inject: Sequence[str] = ()) -> None:
    """Run a module of the tests to its end under strace. What it says is in the log too."""
    before = [*strace(log, f"trace={CALLS}"), *WHOLE, *failures(*inject)]
    command = [*before, sys.executable, "-m", module, *arguments]
    subprocess.run([str(word) for word in command], cwd=TOP, stdout=subprocess.DEVNULL, check=False)


def calls_of(log: Path) -> list[Call]:
    """The calls by their beginning; lines are counted as moments."""
    calls: list[Call] = []
    open_calls: dict[bytes, Call] = {}
    with log.open("rb") as lines:
        for moment, line in enumerate(one.rstrip(b"\n") for one in lines):
            if found := _BEGUN.match(line):
                thread, name, rest = found.groups()
                open_calls[thread] = Call(name.decode(), rest, moment)
                calls.append(open_calls[thread])
            elif found := _GONE_ON.match(line):
                thread, _, rest = found.groups()
                _end(open_calls.pop(thread), rest, moment)
            elif found := _WHOLE.match(line):
                _, name, rest = found.groups()
                calls.append(Call(name.decode(), b"", moment))
                _end(calls[-1], rest, moment)
    return calls


def _end(call: Call, rest: bytes, moment: int) -> None:
    whole = call.arguments + rest
    found = _RESULT.match(whole)
    assert found, f"strace wrote {whole[-100:]!r}"
    call.arguments = found[1]
    if found[2] != b"?":
        call.end, call.result = moment, int(found[2])


class Recorder:
    """Turns calls into actions on the files of one folder; from one life to the next."""

    def __init__(self, home: Path) -> None:
        self._home = str(home)
        self.names: dict[str, int] = {}  # as the living process sees them
        self.files = 0
        self._open: dict[int, int] = {}  # inode of a descriptor, -1 for the folder
        self._ends: dict[int, int] = {}  # where `write` goes on

    def begin_with(self, folder: Path) -> dict[str, bytes]:
        """Take over files that are there already; returns what they hold."""
        held = {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
        self.names = {name: self._new() for name in held}
        return held

    def actions(self, calls: Iterable[Call], after: int = 0) -> Iterator[Action]:
        """In the order of their beginning; `after` is added to each moment."""
        self._open, self._ends = {}, {}
        for call in calls:
            action = self._action(call)
            if action:
                action.begin += after
                action.end = None if action.end is None else action.end + after
                yield action

    def _action(self, call: Call) -> Action | None:
        failed = call.result is not None and call.result < 0
        match call.name:
            case "write" | "pwrite64" if not failed:
                return self._write(call)
            case "fsync" | "fdatasync":
                return self._sync(call, failed=failed)
            case "openat" if not failed:
                return self._opened(call)
            case "rename" | "link" | "unlink" if not failed:
                return self._named(call)
            case "close":
                self._open.pop(call.number, None)
            case "ftruncate":
                assert call.number not in self._open, "ftruncate of a queue file: unknown here"
            case name if not failed and name not in HARMLESS | {"write", "pwrite64"}:
                assert self._home not in str(call.texts()), f"{name} is unknown here"
        return None

    def _new(self) -> int:
        self.files += 1
        return self.files

    def _inside(self, path: bytes) -> str | None:
        folder, _, name = path.decode().rpartition("/")
        return name if folder == self._home else None

    def _opened(self, call: Call) -> Action | None:
        path = call.texts()[0].decode()
        if call.result is None:
            return None
        self._open.pop(call.result, None)
        if path == self._home:
            self._open[call.result] = -1
            return None
        name = self._inside(path.encode())
        if name is None:
            return None
        made = {}
        if name not in self.names:
            made = {name: self._new()}
            self.names |= made
        assert b"O_TRUNC" not in call.arguments, f"{name} is truncated: unknown here"
        self._open[call.result], self._ends[call.result] = self.names[name], 0
        return Action("name", call.begin, call.end, becomes=dict(made)) if made else None

    def _write(self, call: Call) -> Action | None:
        text = call.texts()[0]
        if call.number == 1:
            return Action("said", call.begin, call.end, text=text)
        if call.number not in self._open:
            return None
        done = text if call.result is None else text[: call.result]
        at = self._ends[call.number] if call.name == "write" else call.last_number
        if call.name == "write":
            self._ends[call.number] += len(done)
        return Action("write", call.begin, call.end, self._open[call.number], at, done)

    def _sync(self, call: Call, *, failed: bool) -> Action | None:
        file = self._open.get(call.number)
        if file is None:
            return None
        kind = "sync names" if file == -1 else "sync"
        return Action(kind, call.begin, call.end, file, failed=failed)

    def _named(self, call: Call) -> Action | None:
        old, *new = (self._inside(path) for path in call.texts())
        if old is None or old not in self.names:
            return None
        becomes: dict[str, int | None] = {new[0]: self.names[old]} if new and new[0] else {}
        if call.name != "link":
            becomes[old] = None
        for name, file in becomes.items():
            if file is None:
                del self.names[name]
            else:
                self.names[name] = file
        return Action("name", call.begin, call.end, becomes=becomes)


def moments(actions: Iterable[Action]) -> Iterator[tuple[Action, bool]]:
    """Beginnings of actions and, with True, their ends, as they came."""
    events = []
    for action in actions:
        events.append((action.begin, 0, action))
        if action.end is not None:
            events.append((action.end, 1, action))
    for _, ends, action in sorted(events, key=lambda event: event[:2]):
        yield action, bool(ends)


def available() -> str | None:
    """Why nothing can be recorded here, if so."""
    try:
        subprocess.run(
            [*strace(Path("/dev/null"), "trace=write"), "true"], check=True, capture_output=True
        )
    except FileNotFoundError:
        return (
            "strace is not installed: no state after a power cut was tried (apt-get install strace)"
        )
    except subprocess.CalledProcessError as error:
        return f"strace may not trace here: {error.stderr.decode().strip()}"
    return None
