"""One process that looks into media files, seen from its parent: asked, waited for, ended.

The one thing to know: nothing here waits for longer than it says, whatever the process or the
disk below it does. One that cannot even be killed, as it hangs in a dead network drive, is left.
"""

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import msgspec

from movie_sync.errors import Stopping
from movie_sync.media_probe import Answer, Ready

STARTS_WITHIN_S = 60.0
ENDS_WITHIN_S = 2.0
LONGEST_LINE = 4 * 1024**2

# No file does that; somebody does, or a system that runs out of memory.
_BY_OTHERS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_LOOK_S = 0.1  # between two looks whether this program ends
_PACKAGES = str(Path(__file__).parent.parent)
_OURS = "MOVIE_SYNC_"  # variables of ours may hold secrets


T = TypeVar("T")


class Crashed(Exception):
    """The process ended where it should have answered; the message says how."""

    def __init__(self, code: int | None) -> None:
        self.out_of_time = code == -signal.SIGXCPU
        self.by_others = code is not None and -code in _BY_OTHERS
        super().__init__(f"its reader ended with {code}")


class Late(Exception):
    """It did not answer in time. `busy_s`: CPU that it used meanwhile; the rest was waiting."""

    def __init__(self, within_s: float, busy_s: float) -> None:
        self.busy = busy_s > within_s / 2
        super().__init__(f"{within_s:.0f} s were not enough")


class Reader:
    """For one thread at a time. After an error it is of no use any more, and to be ended."""

    def __init__(self, ending: Callable[[], bool]) -> None:
        """Start it.

        Args:
            ending: whether this program ends, which ends all waiting.

        Raises:
            Crashed, Late, Stopping, OSError: it did not start.
        """
        self._ending = ending
        self.rested_at = 0.0  # monotonic; when it was last given back
        self._rest = b""
        command = [sys.executable, "-P", "-m", "movie_sync.media_probe"]
        # Its folder is none that a drive could be taken out below; Ctrl+C is not for it.
        self._process = subprocess.Popen(
            command, env=_environment(), cwd="/", start_new_session=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._in, self._out = self._process.stdin, self._process.stdout
        try:
            self._decoded(self._line(STARTS_WITHIN_S), Ready)
        except BaseException:
            self.end()
            raise

    @property
    def pid(self) -> int:
        return self._process.pid

    def ask(self, path: Path, within_s: float) -> Answer:
        """What the file is.

        Raises:
            Crashed, Late, Stopping: it is not known.
        """
        busy_s = self._busy_s()
        try:
            self._in.write(json.dumps(os.path.abspath(path)).encode() + b"\n")
            self._in.flush()
        except OSError:
            raise Crashed(self._ended()) from None
        try:
            return self._decoded(self._line(within_s), Answer)
        except Late:
            raise Late(within_s, self._busy_s() - busy_s) from None

    def end(self, within_s: float = ENDS_WITHIN_S) -> bool:
        """Kill it; False if it goes on all the same, as a process does that waits for a disk."""
        self._process.kill()
        with contextlib.suppress(OSError):
            self._in.close()
        self._out.close()
        try:
            self._process.wait(within_s)
        except subprocess.TimeoutExpired:
            return False
        return True

    def gone(self) -> bool:
        return self._process.poll() is not None

    def _line(self, within_s: float) -> bytes:
        end = time.monotonic() + within_s
        waiting = select.poll()
        waiting.register(self._out, select.POLLIN)
        while b"\n" not in self._rest:
            if self._ending():
                raise Stopping("the program ends")
            left_s = end - time.monotonic()
            if left_s <= 0:
                raise Late(within_s, 0)
            if waiting.poll(max(1, min(left_s, _LOOK_S) * 1000)):
                self._take()
        line, _, self._rest = self._rest.partition(b"\n")
        return line

    def _take(self) -> None:
        got = os.read(self._out.fileno(), 1 << 16)
        self._rest += got
        if not got or len(self._rest) > LONGEST_LINE:
            raise Crashed(self._ended())

    def _decoded(self, line: bytes, shape: type[T]) -> T:
        try:
            return msgspec.json.decode(line, type=shape)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise Crashed(None) from None

    def _ended(self) -> int | None:
        """Its exit code; minus the signal that ended it."""
        try:
            return self._process.wait(ENDS_WITHIN_S)
        except subprocess.TimeoutExpired:
            return None

    def _busy_s(self) -> float:
        """CPU used up to now; 0 where the system does not tell."""
        try:
            told = Path(f"/proc/{self.pid}/stat").read_bytes().rpartition(b")")[2].split()
        except OSError:
            return 0.0
        return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    return kept | {"PYTHONPATH": _PACKAGES}
