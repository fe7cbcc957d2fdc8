"""The one moment of a restore that changes anything: files that were checked take their places.

They lie ready in `.restoring/new`. Once `.restoring/plan.json` is there the change counts as made:
each file that is in the way moves into a dated folder, each new one into its place, by renames.
Ended in the middle, whoever owns the home next goes on where it broke off, before reading anything.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from movie_sync import atomic
from movie_sync.errors import FilesError

SIDE = ".restoring"
NEW, PLAN = "new", "plan.json"


class Plan(Struct, frozen=True):
    """Names are of files and folders in the home."""

    kept: str  # the folder for what was there
    away: tuple[str, ...]
    new: tuple[str, ...]


def prepare(home: Path) -> Path:
    """A new folder for the files that are to come."""
    side = home / SIDE
    with _said(home):
        shutil.rmtree(side, ignore_errors=True)
        (side / NEW).mkdir(mode=0o700, parents=True)
        side.chmod(0o700)
    return side / NEW


def begin(home: Path, plan: Plan) -> None:
    """From here on the restore is made, whatever happens."""
    with _said(home):
        os.sync()  # all of the new files, which may be a story for each of thousands of films
        atomic.write(home / SIDE / PLAN, [msgspec.json.encode(plan)])


def abandon(home: Path) -> None:
    """Nothing was changed yet, or all is done. The plan goes first: without it there is none."""
    (home / SIDE / PLAN).unlink(missing_ok=True)
    shutil.rmtree(home / SIDE, ignore_errors=True)


def is_unfinished(home: Path) -> bool:
    return (home / SIDE / PLAN).exists()


def finish(home: Path) -> Path | None:
    """Do what is left of a restore; returns where the earlier files are, None if there was none.

    What had not come so far as to change anything is cleared away. Only for the home's owner.

    Raises:
        FilesError: a file cannot be moved; the next owner goes on.
    """
    side = home / SIDE
    if not side.exists():
        return None
    try:
        plan = msgspec.json.decode((side / PLAN).read_bytes(), type=Plan)
    except FileNotFoundError:
        abandon(home)
        return None
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise FilesError(f"{side / PLAN} cannot be read ({error}); nothing was started") from error
    kept = home / plan.kept
    with _said(home):
        kept.mkdir(mode=0o700, exist_ok=True)
        for name in dict.fromkeys((*plan.away, *plan.new)):
            _swap(home, kept, name, comes=name in plan.new)
        for folder in (home, kept):
            atomic.sync_folder(folder)
        (side / PLAN).unlink()
        atomic.sync_folder(side)
    abandon(home)
    with suppress(OSError):  # it holds something, as a rule
        kept.rmdir()
    return kept


def _swap(home: Path, kept: Path, name: str, *, comes: bool) -> None:
    """May be begun again at any point: what has come is no more in the side folder."""
    there, new = home / name, home / SIDE / NEW / name
    if comes and not new.exists():
        return
    if os.path.lexists(there):
        there.rename(_free(kept / name))
    if comes:
        new.rename(there)


def _free(path: Path) -> Path:
    """Beside what is kept already, where something was written between two tries."""
    while os.path.lexists(path):
        path = path.with_name(f"{path.name}+")
    return path


@contextmanager
def _said(home: Path) -> Iterator[None]:
    """An error of the disk as one for a person."""
    try:
        yield
    except OSError as error:
        raise FilesError(
            f"{home} cannot be written ({error.strerror}); look at the disk, then say it again"
        ) from error
