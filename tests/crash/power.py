"""Real file systems whose power is cut: ext4, xfs and btrfs in an image, mounted through a loop.

Where the kernel lets a file system be shut down at once (ext4, xfs), that is done while all goes
on; what it had not sent to the disk is lost. btrfs knows no such thing, so there the worker is
stopped and the image copied: it holds what was sent, and no more. Either way all that was sent has
arrived in order, which is kinder than a disk may be: `replay.py` tries what is not so kind. Beside
the worker a neighbour syncs a file of its own all the time, which sends others' names to the disk
ahead of their data. Needs root.
"""

import fcntl
import os
import random
import shutil
import signal
import struct
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.crash.lives import Life, Tally, ended, look
from tests.crash.promises import Book
from tests.queue_home import quick_folder

SIZE_BYTES = 320 * 1024 * 1024  # of an image, at least 300 MiB for xfs; mostly holes
MAKE = {"ext4": ("-q", "-F"), "xfs": ("-q", "-f"), "btrfs": ("-q", "-f")}
SHUT_DOWN = 0x8004587D  # FS_IOC_SHUTDOWN, for ext4 and xfs
NOTHING_MORE = struct.pack("I", 2)  # not even its log is written any more
LONGEST_LIFE_S = 0.7
STOPPED_WITHIN_S = 60.0


def cut_often(kind: str, *, seed: int, cuts: int, threads: int = 1) -> Tally:
    """Lives on one file system, each ended by a power cut, and the end of the last in peace."""
    tally, book, chance = Tally(), Book(), random.Random(seed)
    with quick_folder() as folder:
        disk = Disk(kind, folder)
        for life in range(cuts):
            with disk.mounted() as top:
                home = top / "home"
                home.mkdir(exist_ok=True)
                lively = _live_until_cut(disk, home, seed + life, threads, chance)
            book.hear(lively)
            disk.come_back()
            with disk.mounted() as top:
                tally.judge(look(top / "home", book), f"{kind}, cut {life + 1} of seed {seed}")
            tally.counts["power cuts"] += 1
            if tally.faults:
                return tally
        with disk.mounted() as top:
            tally += ended(top / "home", book, seed)
    return tally + Tally(Counter(acknowledged=book.acknowledged))


def _live_until_cut(
    disk: "Disk", home: Path, seed: int, threads: int, chance: random.Random
) -> list[str]:
    with _neighbour(home.parent) as still:
        life = Life(home, seed, f"--threads={threads}", "--bulk-bytes=2000")
        try:
            life.until(1)
            time.sleep(chance.uniform(0, LONGEST_LIFE_S))
            disk.cut(life, still)
        finally:
            said = life.end(signal.SIGKILL)
    return said


class Disk:
    """An image with a file system, mounted by a loop device."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.kind = kind
        self._image, self._copy = folder / "image", folder / "copy"
        self._top = folder / "mounted"
        self._top.mkdir()
        with self._image.open("wb") as image:
            image.truncate(SIZE_BYTES)
        run(f"mkfs.{kind}", *MAKE[kind], self._image)

    @contextmanager
    def mounted(self) -> Iterator[Path]:
        run("mount", "-o", "loop", self._image, self._top)
        try:
            yield self._top
        finally:
            run("umount", self._top)

    def cut(self, life: Life, still: Callable[[], object]) -> None:
        """From now on nothing more reaches the disk, whatever anybody is told."""
        if self.kind != "btrfs":
            descriptor = os.open(self._top, os.O_RDONLY)
            try:
                fcntl.ioctl(descriptor, SHUT_DOWN, NOTHING_MORE)
            finally:
                os.close(descriptor)
            return
        still()
        life.process.send_signal(signal.SIGSTOP)
        _until_stopped(life.process.pid)
        self._copy_at_rest()

    def come_back(self) -> None:
        """The power is on again: what the cut has left is what there is."""
        if self._copy.exists():
            self._copy.replace(self._image)

    def _copy_at_rest(self) -> None:
        """A copy of a moment: taken again until nothing was sent while it was taken."""
        while True:
            before = _changed_at(self._image)
            run("cp", "--sparse=always", self._image, self._copy)
            if _changed_at(self._image) == before:
                return


def _changed_at(path: Path) -> int:
    return path.stat().st_mtime_ns


def _until_stopped(process: int) -> None:
    deadline = time.monotonic() + STOPPED_WITHIN_S
    for thread in Path(f"/proc/{process}/task").iterdir():
        while (thread / "stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "T":
            assert time.monotonic() < deadline, "the worker does not stop"
            time.sleep(0.001)


@contextmanager
def _neighbour(folder: Path) -> Iterator[Callable[[], object]]:
    """Somebody who syncs a small file all the time, until there is no disk any more; yields what
    makes them stop."""
    done = threading.Event()

    def sync() -> None:
        with suppress(OSError), (folder / "neighbour").open("ab", buffering=0) as file:
            while not done.wait(0.002):
                file.write(b"x")
                os.fsync(file.fileno())

    def still() -> None:
        done.set()
        thread.join()

    thread = threading.Thread(target=sync)
    thread.start()
    try:
        yield still
    finally:
        still()


def run(*command: object) -> None:
    subprocess.run([str(word) for word in command], check=True, capture_output=True)


def unavailable(kind: str) -> str | None:
    """Why no power can be cut here, if so."""
    if os.geteuid() != 0:
        return f"not root: no power cut on {kind} was tried"
    if shutil.which(f"mkfs.{kind}") is None:
        return f"mkfs.{kind} is not installed: no power cut on it was tried"
    try:
        with quick_folder() as folder, Disk(kind, folder).mounted():
            return None
    except subprocess.CalledProcessError as error:
        return f"no {kind} can be mounted here ({error.stderr.decode().strip()}): no cut was tried"
