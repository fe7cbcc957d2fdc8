"""Films that are a folder, as they lie on a DVD or Blu-ray: one thing, however many files it has.

The disc is known by its folder; what is looked into and played is its longest part, the largest
file, as a film has by far the most of it.
"""

import os
import re
from collections.abc import Callable

from msgspec import Struct

from movie_sync.library import folder_walk
from movie_sync.library.folder_walk import File, Folder

_TITLE_SET = re.compile(r"vts_(\d\d)_[1-9]\.vob", re.IGNORECASE)
_DISCS = {"bdmv": ".m2ts", "video_ts": ".vob"}
_DEEPEST = 3


class Disc(Struct, frozen=True):
    path: str  # BDMV, VIDEO_TS, or the folder that their files lie loose in
    main: File
    size_bytes: int
    mtime_ns: int


def name_of(folder: Folder) -> str | None:
    """The folder in it that makes it a disc; "" if its own files do."""
    for name in folder.folders:
        if name.lower() in _DISCS:
            return name
    loose = any(_TITLE_SET.fullmatch(file.name) for file in folder.videos)
    return "" if loose else None


def read(path: str, beat: Callable[[], None]) -> Disc | None:
    """None where it holds no film.

    Raises:
        OSError: some of it cannot be read.
    """
    files = _files(path, beat, _DEEPEST)
    if not files:
        return None
    main = _main(files)
    return Disc(
        path,
        main,
        sum(file.size_bytes for file in files),
        max(file.mtime_ns for file in files),
    )


def _files(path: str, beat: Callable[[], None], deep: int) -> list[File]:
    folder = folder_walk.look(path, beat)
    if folder.unread:
        raise PermissionError(13, folder.unread[0][1], folder.unread[0][0])
    files = [file for file in folder.videos if file.size_bytes]
    inner = folder.folders if deep else []
    return files + [
        file for name in inner for file in _files(os.path.join(path, name), beat, deep - 1)
    ]


def _main(files: list[File]) -> File:
    """Of a DVD the first part of its longest set of titles: the others go on from there."""
    sets: dict[str, int] = {}
    for file in files:
        if found := _TITLE_SET.fullmatch(file.name):
            sets[found[1]] = sets.get(found[1], 0) + file.size_bytes
    if sets:
        longest = max(sets, key=lambda number: (sets[number], number))
        parts = [file for file in files if file.name.lower().startswith(f"vts_{longest}_")]
        parts = [file for file in parts if _TITLE_SET.fullmatch(file.name)]
        return min(parts, key=lambda file: file.name.lower())
    return max(files, key=lambda file: (file.size_bytes, file.path))
