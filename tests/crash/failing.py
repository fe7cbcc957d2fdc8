"""Disks that fail or are full: what is refused is told, and what was promised stays.

Failures are the kernel's own answers, which strace puts in the place of a call, a limit on the size
of a file, or a file system in memory that has no room.
"""

import os
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.crash.lives import ON_DISK, Life, Tally, ended, folder_in, look
from tests.crash.promises import Book, Fault
from tests.crash.recording import failures, only, strace
from tests.queue_home import NEVER_S

JOURNAL = ("queue.journal",)  # calls on this alone; else on all files of the queues
INJECTED: tuple[tuple[str, Sequence[str]], ...] = (
    ("openat:error=EMFILE:when=3+1", JOURNAL),
    ("openat:error=EIO:when=3", JOURNAL),
    ("pwrite64:error=ENOSPC:when=9..40", ()),
    ("pwrite64:error=ENOSPC:when=20+9", ()),
    ("fdatasync:error=EIO:when=7", ()),
    ("fdatasync:error=EIO:when=7+9", ()),
    ("fdatasync:error=ENOSPC:when=5+20", ()),
    ("fsync:error=EIO:when=20+17", ()),
    ("fsync:error=EIO:when=13+2", ()),
    ("pwrite64:error=EIO:when=9+30", ()),
    ("write:error=ENOSPC:when=25+7", ()),
    ("write:error=EIO:when=11", ()),
    ("rename:error=EIO:when=8+11", ()),
    ("openat:error=EMFILE:when=30+13", ()),
    ("link:error=EPERM:when=3+8", ()),
    ("link:error=EIO:when=4+3", ()),
    ("unlink:error=EIO:when=9+7", ()),
    ("close:error=EIO:when=9+5", ()),
)
LAST_WORDS = ("closed", "not closed: the queue files could not be written", "not started: ")
SMALLEST_JOURNAL = 300_000  # bytes; a journal needs a little less to begin
SMALL_DISK = "1500k"


def injected(
    inject: str, names: Sequence[str], *, seed: int, dies: bool, steps: int = 600
) -> Tally:
    """A life on a disk that fails now and then, to its end or killed, and what comes after it."""
    with folder_in(ON_DISK) as folder:
        home, log = folder / "home", folder / "log"
        home.mkdir()
        call = inject.partition(":")[0]
        before = [*strace(log, f"trace={call}"), *only(home, names), *failures(inject)]
        if names == JOURNAL:
            options = [f"--steps={steps}", "--begins-anew", f"--idle-s={NEVER_S}"]
        else:
            options = [f"--steps={steps}", "--bulk-bytes=4000", "--busy-files"]
        options += ["--dies"] if dies else []
        tally = _lived(home, seed, options, before, f"{inject} {' '.join(names)}", dies=dies)
        tally.counts["failures"] = log.read_bytes().count(b"(INJECTED)")
        return tally


def limited(*, seed: int, steps: int, dies: bool) -> Tally:
    """No file may grow beyond a limit: a write ends in part, and the next one with an error."""
    with folder_in(ON_DISK) as home:
        options = [f"--steps={steps}", "--bulk-bytes=20000", *["--dies"][: int(dies)]]
        options.append(f"--largest-file={SMALLEST_JOURNAL}")
        return _lived(home, seed, options, (), "no file over 300 kB", dies=dies)


def full(*, seed: int, steps: int) -> Tally:
    """A file system that gets full; then there is room again, and all goes on."""
    with small_disk(SMALL_DISK) as home:
        options = (f"--steps={steps}", "--bulk-bytes=20000", "--items=5000")
        return _lived(home, seed, options, (), f"a disk of {SMALL_DISK}", then=_make_room)


def _make_room(home: Path) -> None:
    subprocess.run(["mount", "-o", "remount,size=64m", home], check=True)


def _lived(
    home: Path,
    seed: int,
    options: Sequence[str],
    before: Sequence[str],
    where: str,
    *,
    dies: bool = False,
    then: Callable[[Path], object] = lambda home: None,
) -> Tally:
    book = Book()
    said = Life(home, seed, *options, before=before).end()
    book.hear(said)
    tally = Tally(Counter(failing=1))
    if not dies and not said[-1].startswith(LAST_WORDS):
        tally.judge([Fault("not started", f"its last words were {said[-1:]}")], where)
    tally.judge(look(home, book), where)
    tally.counts.update(acknowledged=book.acknowledged, refused=book.refused, unsure=book.unsure)
    if list(home.glob("*.edited-*")):
        tally.judge([Fault("misplaced", "what we wrote was taken for a person's edit")], where)
    then(home)
    return tally + ended(home, book, seed + 1)


@contextmanager
def small_disk(size: str) -> Iterator[Path]:
    """A file system of its own in memory. Needs root."""
    with folder_in(ON_DISK) as folder:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], check=True)
        try:
            yield folder
        finally:
            subprocess.run(["umount", folder], check=True)


def no_small_disk() -> str | None:
    """Why there can be none here, if so."""
    if os.geteuid() != 0:
        return "not root: no small disk was mounted and filled"
    try:
        with small_disk("64k"):
            return None
    except subprocess.CalledProcessError as error:
        return f"no file system may be mounted here ({error}): no disk was filled"
