"""Histories that lie in files: nobody's account is asked, and nothing is written.

    Trakt's export            its zip, or a list of it as JSON
    Letterboxd's export       its zip, or diary.csv, watched.csv, ratings.csv, watchlist.csv
    SIMKL's backup            SimklBackup.json, alone or in its zip
    IMDb's ratings, watchlist, Letterboxd's import format, what Trakt imports     CSV
    our own shape             CSV or JSON; what the export of the history writes

A file is known by what is in it. The entries come one after another, and the same file gives the
same keys each time, so that it may be imported twice. What cannot be read is among them as a
`Problem`; a file that is not understood at all is refused.
"""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, tzinfo
from pathlib import Path, PurePosixPath
from typing import IO

from movie_sync import zip_members
from movie_sync.errors import FilesError
from movie_sync.history.reading import (
    generic_csv,
    generic_json,
    letterboxd,
    simkl,
    trakt_items,
    trakt_zip,
)
from movie_sync.history.reading.entries import Contents, Entry, Problem, Reader
from movie_sync.table_cells import Malformed

__all__ = ["Contents", "Entry", "Problem", "read_file"]

LARGEST_BYTES = 256 * 1024**2
UNDERSTOOD = (
    "a zip of Trakt, Letterboxd or SIMKL, or a CSV or JSON file with titles or ids and what was "
    "watched, rated or listed"
)


def read_file(path: Path, *, zone: tzinfo | None, now: datetime) -> Contents:
    """What a file holds. Its entries are read while the file is there, and may raise FilesError.

    Args:
        zone: where the person lives, for dates that name no zone; None is the machine's.
        now: nothing was watched after it.

    Raises:
        FilesError: it cannot be read, would do harm, or is not understood.
    """
    path = path.expanduser()
    with _named(path):
        found = _contents(path, Reader(zone, now))
    return Contents(found.form, found.source, _entries(path, found.entries))


def _entries(path: Path, entries: Iterator[Entry]) -> Iterator[Entry]:
    with _named(path):
        yield from entries


@contextmanager
def _named(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise FilesError(f"{path} cannot be read: {error.strerror or error}") from error
    except Malformed as error:
        raise FilesError(
            f"{path} {error}; nothing of it was read; understood are {UNDERSTOOD}"
        ) from error


def _contents(path: Path, reader: Reader) -> Contents:
    if not path.is_file():
        raise FilesError(f"{path} is no file that is there; nothing was read")
    if zipfile.is_zipfile(path) or path.suffix.lower() == ".zip":
        return _zip(path, reader)
    if path.stat().st_size > LARGEST_BYTES:
        raise FilesError(f"{path} is larger than {LARGEST_BYTES >> 20} MiB; it was not read")
    return _plain_file(path, reader)


def _plain_file(path: Path, reader: Reader) -> Contents:
    with path.open("rb") as file:
        begins = file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if begins in (b"[", b"{"):
        return generic_json.read(lambda: path.open("rb"), path.name, reader)
    with path.open(encoding="utf-8-sig", newline="") as lines:
        found = generic_csv.read(lines, path.name, reader)
    # Opened again for the entries, so that who asks for the form alone leaves nothing open.
    return Contents(found.form, found.source, _csv(path, reader))


def _csv(path: Path, reader: Reader) -> Iterator[Entry]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        yield from generic_csv.read(lines, path.name, reader).entries


def _zip(path: Path, reader: Reader) -> Contents:
    with zip_members.opened(path) as archive:
        names = archive.namelist()
    if trakt_zip.is_one(names):
        return Contents(trakt_zip.FORM, trakt_items.SOURCE, _trakt(path, reader))
    if letterboxd.is_one(names):
        return Contents(letterboxd.FORM, letterboxd.SOURCE, _letterboxd(path, reader))
    backups = [name for name in names if PurePosixPath(name).name == "SimklBackup.json"]
    if backups:
        return Contents(simkl.FORM, simkl.SOURCE, _simkl(path, backups[0], reader))
    raise Malformed(f"holds {len(names)} files, and none that is known")


def _trakt(path: Path, reader: Reader) -> Iterator[Entry]:
    with zip_members.opened(path) as archive:
        yield from trakt_zip.read(archive, reader)


def _letterboxd(path: Path, reader: Reader) -> Iterator[Entry]:
    with zip_members.opened(path) as archive:
        yield from letterboxd.read(archive, reader)


def _simkl(path: Path, name: str, reader: Reader) -> Iterator[Entry]:
    with zip_members.opened(path) as archive:
        raw = zip_members.read(archive, archive.getinfo(name), generic_json.LARGEST_BYTES)
    if raw is None:
        raise Malformed(f"holds more than {generic_json.LARGEST_BYTES >> 20} MiB of {name}")

    def opened() -> IO[bytes]:
        return io.BytesIO(raw)

    yield from generic_json.read(opened, name, reader).entries
