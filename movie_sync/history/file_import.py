"""A history that lies in a file, part by part, and from where it was left.

The file has to lie there until all of it is read. One that changed meanwhile is read anew, and
what is the same in it has the same keys.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, tzinfo
from itertools import islice
from pathlib import Path

from movie_sync.errors import FilesError
from movie_sync.history.import_models import Entry, Options, Part
from movie_sync.history.reading import Problem, read_file
from movie_sync.history_models import Play, Rating

FILE, DONE = "file", "done"
AT_ONCE = 500
OF_TRAKT = "file:trakt"


class FileReading:
    """Raises FilesError: the file cannot be read, or is not understood."""

    def __init__(self, path: Path, options: Options, zone: tzinfo | None, now: datetime) -> None:
        self._contents = read_file(path, zone=zone, now=now)
        self._options, self._path = options, path
        self.source = self._contents.source
        self.form = self._contents.form  # for a person
        self.needs_tmdb = self.source == OF_TRAKT

    def parts(self, checkpoint: Mapping[str, str]) -> Iterator[Part]:
        mark = _mark(self._path)
        done = int(checkpoint.get(DONE, "0")) if checkpoint.get(FILE) == mark else 0
        entries = islice(self._contents.entries, done, None)
        while some := list(islice(entries, AT_ONCE)):
            done += len(some)
            yield Part(
                entries=[one for one in some if not isinstance(one, Problem) and self._wants(one)],
                problems=[str(one) for one in some if isinstance(one, Problem)],
                checkpoint={FILE: mark, DONE: str(done)},
                sentence=f"{done} entries of {self._path.name}",
            )

    def _wants(self, entry: Entry) -> bool:
        if isinstance(entry, Play):
            return self._options.history
        if isinstance(entry, Rating):
            return self._options.rate != "none"
        return self._options.watchlist


def _mark(path: Path) -> str:
    try:
        found = path.expanduser().stat()
    except OSError as error:
        raise FilesError(f"{path} cannot be read: {error.strerror or error}") from error
    return f"{found.st_size}:{found.st_mtime_ns}"
