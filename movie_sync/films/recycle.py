"""Films that leave the library, moved to a folder of their own. Nothing is deleted here; what a
removal moved is emptied later, by the list in `recycled`.

A file gets its second name there before it loses the one in the library, so that the program may
be killed at any moment, and what was begun can be begun again.
"""

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from movie_sync import subtitle_names
from movie_sync.errors import FilesError
from movie_sync.films import bringing, contents
from movie_sync.media_names import DISC_FOLDERS

FOLDER = ".movie_sync-recycled"  # in the library, where no other is set; players pass it over

_PART = re.compile(r" - cd[1-9]$")
_VIDEO_ENDING = re.compile(r"(?: - cd[1-9])?\.\w{1,5}", re.ASCII)
_SUBTITLE_ENDING = re.compile(r"(?: - cd[1-9])?(?:\.[\w-]{1,12}){1,5}", re.ASCII)


def belongings(film: Path) -> tuple[Path, ...]:
    """The file of a film that we placed, and what came with it: its other parts, subtitles of
    its name, or the whole of its disc. Only what is there."""
    if discs := _disc_folders(film):
        below = (path for disc in discs for path in sorted(disc.rglob("*")))
        return tuple(path for path in below if path.is_file())
    stem = _PART.sub("", film.stem)
    with suppress(FileNotFoundError, NotADirectoryError):
        return tuple(path for path in sorted(film.parent.iterdir()) if _is_of(path, stem))
    return ()


def folder_of(film: Path) -> Path:
    """The folder of a film in the library, given its file; that of a disc lies deeper."""
    discs = _disc_folders(film)
    return discs[0].parent if discs else film.parent


def move(files: Iterable[Path], film: Path, into: Path) -> int:
    """Move files of a film out of the library; returns how many were still there.

    Args:
        film: its file as it was placed, which tells where its folder is.

    Raises:
        FilesError: one could not be moved; it, and those after it, are where they were.
    """
    folder, moved = folder_of(film), 0
    for path in files:
        if os.path.lexists(path):
            keep(path, folder, into)
            drop(path)
            moved += 1
    remove_if_empty(folder)
    return moved


def drop(path: Path) -> None:
    """Take a file's name away, for it has another one, or is to go for good."""
    with in_words(path.parent):
        path.unlink(missing_ok=True)
        bringing.sync(path.parent)


def keep(file: Path, folder: Path, into: Path) -> Path:
    """Give a file a second place, in a folder of its film's name; returns where.

    A name that another file has there gets a number: "Film (2010) [720p] (2).mkv".

    Raises:
        FilesError: that could not be done.
    """
    bringing.prepare(into, "nothing was moved")
    target = into / folder.name / file.relative_to(folder)
    with in_words(target.parent):
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.parent.samefile(file.parent):
            raise FilesError(
                f"{into} is the library itself; nothing was moved; set recycle_directory to"
                " another folder"
            )
        bringing.clear_unfinished(target.parent)
        number, named = 1, target
        while bringing.bring(file, named) is None:
            number += 1
            named = target.with_stem(f"{target.stem} ({number})")
        bringing.sync(named.parent)
    return named


def _disc_folders(film: Path) -> list[Path]:
    """All folders of the disc that a file is part of; none if it is of no disc."""
    above = film.parent.parent if film.parent.name.lower() == "stream" else film.parent
    if above.name.lower() not in DISC_FOLDERS:
        return []
    with suppress(FileNotFoundError, NotADirectoryError):
        beside = sorted(above.parent.iterdir())
        return [path for path in beside if path.name.lower() in DISC_FOLDERS]
    return []


def _is_of(path: Path, stem: str) -> bool:
    if not path.name.startswith(stem) or not path.is_file():
        return False
    ending = path.name[len(stem) :]
    if contents.is_video(path):
        return _VIDEO_ENDING.fullmatch(ending) is not None
    return subtitle_names.is_subtitle(path) and _SUBTITLE_ENDING.fullmatch(ending) is not None


def remove_if_empty(folder: Path) -> None:
    """Remove a film's folder and those in it, as far as nothing is in them."""
    with suppress(OSError):
        for path in sorted(folder.rglob("*"), reverse=True):
            if path.is_dir() and not path.is_symlink():
                with suppress(OSError):
                    path.rmdir()
        folder.rmdir()


@contextmanager
def in_words(folder: Path) -> Iterator[None]:
    """An error of the disk as one for a person."""
    try:
        yield
    except OSError as error:
        raise FilesError(f"{bringing.sentence(error, folder)}; nothing was deleted") from error
