"""A database as it is at one moment, also while it is written: the file alone is not all of it."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO


@contextmanager
def whole(path: Path) -> Iterator[BinaryIO | None]:
    """A copy of the database; None where the file is none, or is damaged, and taken as it is."""
    if path.suffix != ".db":
        yield None
        return
    import sqlite3  # large, and mostly nobody asks for a copy

    with TemporaryDirectory(dir=path.parent, prefix=".copy-") as folder:
        copy = Path(folder, path.name)
        try:
            with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
                source.backup(target)
        except sqlite3.Error:
            yield None
        else:
            with copy.open("rb") as file:
                yield file
