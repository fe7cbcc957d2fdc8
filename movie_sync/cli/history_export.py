"""What `history export` writes: everything as JSON or CSV, or films as Letterboxd takes them."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from movie_sync import atomic
from movie_sync.errors import FilesError

if TYPE_CHECKING:
    from movie_sync.history.store import HistoryStore
    from movie_sync.history_models import Play, Rating, Wish

AT_ONCE = 1000


def write(store: "HistoryStore", file: Path, form: str) -> str:
    """One sentence on what was written. Raises FilesError: it could not be."""
    if form == "letterboxd":
        return _letterboxd(store, file)
    from movie_sync.history import exports

    entries: list[Play | Rating | Wish] = [*plays(store), *ratings(store), *wishes(store)]
    text = exports.as_csv if form == "csv" else exports.as_json
    _written(file, text(entries, store.zone))
    return f"{len(entries):,} entries are in {file}"


def plays(store: "HistoryStore") -> Iterator["Play"]:
    after = 0
    while some := store.export(after, AT_ONCE):
        yield from (play for _, play in some)
        after = some[-1][0]


def ratings(store: "HistoryStore") -> Iterator["Rating"]:
    after = 0
    while some := store.ratings(after_title=after, limit=AT_ONCE):
        yield from (rating for _, rating in some)
        after = some[-1][0].title_id


def wishes(store: "HistoryStore") -> Iterator["Wish"]:
    from movie_sync.history_models import Wish, Work

    after: tuple[int, int, int, str] | None = None
    while some := store.wishes(after_row=after, limit=AT_ONCE):
        for row in some:
            if row.season is None and row.episode_id is None:
                work = Work(kind=row.kind, title=row.title, year=row.year, ids=row.ids)
                yield Wish(work=work, source=row.source, listed_at=row.listed_at)
        last = some[-1]
        season = -1 if last.season is None else last.season
        after = (last.title_id, season, last.episode_id or 0, last.source)


def _letterboxd(store: "HistoryStore", file: Path) -> str:
    """Letterboxd takes files of 1 MB, so a long history is in several, with a number each."""
    from movie_sync.history import letterboxd_import

    made = letterboxd_import.seen(plays(store), ratings(store), store.zone)
    names = []
    for number, text in enumerate(made.texts, 1):
        path = file if number == 1 else file.with_stem(f"{file.stem}-{number}")
        _written(path, [text])
        names.append(str(path))
    return f"{made}: {', '.join(names) or 'no file'}"


def _written(file: Path, lines: Iterable[str]) -> None:
    try:
        atomic.write(file, (line.encode() for line in lines))
    except OSError as error:
        raise FilesError(f"{file} cannot be written: {error.strerror or error}") from error
