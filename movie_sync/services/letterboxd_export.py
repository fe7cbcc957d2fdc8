"""What a member exports from Letterboxd: watchlist.csv, alone or in the zip, and list files.

The sanctioned way to a watchlist; no login, no network, no limits. watchlist.csv and watched.csv
have the same columns, so they are told apart by their names and never by what is in them.
Source: https://letterboxd.com/data/export/ as of 2026; UTF-8, columns Date, Name, Year,
Letterboxd URI. Letterboxd's import format (LetterboxdURI, tmdbID, imdbID, Title, Year, ...),
which other tools write, is read too, less the rows with a WatchedDate.
"""

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from movie_sync import zip_members
from movie_sync.errors import FilesError, Unavailable
from movie_sync.models import Watchlist
from movie_sync.services.entries import Malformed, collect, read_csv

EXPORT_PAGE = "https://letterboxd.com/data/export/"
LARGEST_CSV_BYTES = 32 * 1024**2
SETTLED_S = 2.0  # a file that changed less than this ago may still be arriving

_OTHERS = re.compile(r"(watched|diary|ratings|reviews|comments|profile)\b.*")
_EXPORT_COLUMNS = "date,name,year,letterboxd uri"
_LEFT_OUT = {"deleted", "orphaned", "lists", "likes"}
_NAMED_AT = re.compile(r"\d{4}(?:-\d\d){4}")


def read_export(path: Path, source: str = "") -> Watchlist:
    """The films of a watchlist.csv, an export zip, a list's CSV or an import CSV.

    Rows that cannot be read make it incomplete; `problem` names the first.

    Args:
        source: what the reading is called; by default "export:" and the file's name.

    Raises:
        FilesError: the file is missing, broken, or no watchlist; nothing of it was taken.
    """
    path = path.expanduser()
    try:
        raw = _from_zip(path) if path.suffix.lower() == ".zip" else _from_csv(path)
    except OSError as error:
        raise FilesError(f"{path} cannot be read: {error.strerror or error}") from error
    try:
        text = raw.decode("utf-8-sig")
        _check_name(path, text)
        collected = collect(read_csv(text))
    except UnicodeDecodeError as error:
        raise FilesError(f"{path} is not UTF-8 text; nothing of it was read") from error
    except Malformed as error:
        raise FilesError(f"{path}: {error}; nothing of it was read") from error
    if collected.entries and not collected.films:
        reason = collected.problem or f"none of its {collected.entries} rows is a film to see"
        raise FilesError(f"{path}: {reason}; nothing of it was read")
    return Watchlist(
        source=source or f"export:{path.name}",
        films=tuple(collected.films.values()),
        complete=not collected.bad,
        problem=f"{path.name}: {collected.problem}" if collected.bad else None,
    )


class WatchedFolder:
    """The newest export in a folder where they are dropped.

    Only the newest counts, by the time in its name or else of the file: an older one would
    bring back films that have left the watchlist since.
    """

    def __init__(self, folder: Path, *, clock: Callable[[], float] = time.time) -> None:
        self._folder, self._clock = folder.expanduser(), clock
        self.name = f"folder:{self._folder.name}"

    def read(self) -> Watchlist:
        """Raises FilesError where there is no export, Unavailable while one is arriving."""
        try:
            newest = max(self._exports(), key=_exported_at, default=None)
            age_s = self._clock() - newest.stat().st_mtime if newest else 0.0
        except OSError as error:
            raise FilesError(f"{self._folder} cannot be read: {error.strerror}") from error
        if newest is None:
            raise FilesError(
                f"{self._folder} holds no export; put watchlist.csv or the zip from "
                f"{EXPORT_PAGE} there"
            )
        if 0 <= age_s < SETTLED_S:
            raise Unavailable(self.name, f"{newest.name} is still arriving", SETTLED_S - age_s)
        return read_export(newest, self.name)

    def _exports(self) -> list[Path]:
        """Also of a zip that was unpacked here, into a folder of its own."""
        if not self._folder.is_dir():
            raise FilesError(f"the watchlist folder {self._folder} is not there")
        found = [*self._folder.iterdir(), *self._folder.glob("*/watchlist.csv")]
        return [
            path
            for path in found
            if path.is_file()
            and not path.name.startswith(".")
            and path.parent.name not in _LEFT_OUT
            and (path.suffix.lower() == ".zip" or _is_watchlist(path.name))
        ]


def _is_watchlist(name: str) -> bool:
    """Also "watchlist (1).csv" and "watchlist-alice-2026-01-02-03-04-utc.csv"."""
    return "watchlist" in name.lower() and name.lower().endswith(".csv")


def _exported_at(path: Path) -> datetime:
    named = _NAMED_AT.search(f"{path.parent.name}/{path.name}")
    if named:
        try:
            return datetime.strptime(f"{named[0]}+0000", "%Y-%m-%d-%H-%M%z")
        except ValueError:
            pass  # such digits are no time
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _from_csv(path: Path) -> bytes:
    if _OTHERS.fullmatch(path.name.lower()):
        raise FilesError(
            f"{path} is no watchlist by its name but another part of the export; "
            "nothing of it was read; take watchlist.csv"
        )
    if path.stat().st_size > LARGEST_CSV_BYTES:
        raise FilesError(f"{path} is larger than {LARGEST_CSV_BYTES >> 20} MiB; it was not read")
    return path.read_bytes()


def _from_zip(path: Path) -> bytes:
    with zip_members.opened(path) as archive:
        found = [info for info in archive.infolist() if _is_the_watchlist(info.filename)]
        if len(found) != 1:
            raise FilesError(
                f"{path} holds {len(found) or 'no'} watchlist.csv where one is due; "
                f"nothing of it was read; export again at {EXPORT_PAGE}"
            )
        raw = zip_members.read(archive, found[0], LARGEST_CSV_BYTES)
    if raw is None:
        raise FilesError(
            f"watchlist.csv in {path} is larger than {LARGEST_CSV_BYTES >> 20} MiB; "
            "nothing of it was read"
        )
    return raw


def _is_the_watchlist(name: str) -> bool:
    *folders, file = PurePosixPath(name).parts or ("",)
    return file == "watchlist.csv" and len(folders) <= 1 and not _LEFT_OUT & set(folders)


def _check_name(path: Path, text: str) -> None:
    header = text.partition("\n")[0].strip().lower()
    if path.suffix.lower() == ".zip" or not header.startswith(_EXPORT_COLUMNS):
        return
    if not _is_watchlist(path.name):
        raise FilesError(
            f"{path} may hold films to see or films seen, for the columns are the same; "
            'nothing of it was read; a watchlist has "watchlist" in its name'
        )
