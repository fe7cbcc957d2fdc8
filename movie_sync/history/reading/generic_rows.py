"""One row of a table of our own shape, or of one that is much like it, as entries. Pure.

    what, kind, title, year, season, episode, watched_at, zone, rating, imdb, tmdb, tvdb, trakt ...

Only a title or an id, and one of `watched_at`, `rating` and `listed_at`, need be there; a row may
hold all three, and is then a play, a rating and a wish, unless `what` says which one it is.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from msgspec import Struct

from movie_sync.errors import ConfigError
from movie_sync.history.days import zone_named
from movie_sync.history.reading import cells
from movie_sync.history.reading.entries import Entry, Reader
from movie_sync.history.reading.moments import UNKNOWN, When, when
from movie_sync.history_models import Play, Rating, Wish, Work
from movie_sync.library_models import Kind
from movie_sync.table_cells import LONGEST_SHOWN, NOTHING, Malformed

WHATS = ("play", "rating", "wish")
LONGEST_KEY = 200


class Shape(Struct, frozen=True):
    """What holds for all rows of a table."""

    source: str  # "file:csv"
    stars: bool = False  # ratings are 0.5 to 5
    otherwise: str = ""  # what a row is that says nothing of the kind; none: it is malformed


def entries(told: Mapping[str, str], reader: Reader, shape: Shape) -> Iterator[Entry]:
    """What a row says; `told` by plain names of columns. Raises Malformed."""
    row = cells.known(told)
    work, source = cells.work_of(row), row["source"] or shape.source
    whats = _whats(row, shape)
    if "play" in whats:
        yield _play(row, work, source, reader)
    if "wish" in whats:
        yield Wish(work=work, source=source, listed_at=_at(row, "listed_at", reader))
    if "rating" in whats:
        tenths = cells.tenths_in(row, stars=shape.stars)
        if tenths is None:
            raise Malformed("is a rating, and says none")
        at = _at(row, "rated_at", reader)
        yield Rating(work=work, source=source, tenths=tenths, rated_at=at)


def _whats(row: Mapping[str, str], shape: Shape) -> set[str]:
    if said := row["what"].casefold():
        if said not in WHATS:
            shown = said[:LONGEST_SHOWN]
            raise Malformed(f'is a "{shown}", which is none of {", ".join(WHATS)}')
        return {said}
    rated = (row["tenths"] or row["rating"]).casefold() not in NOTHING - {"0"}
    said_by = (("play", row["watched_at"]), ("wish", row["listed_at"]), ("rating", rated))
    whats = {what for what, said in said_by if said}
    if shape.otherwise == "play" or not whats:
        whats.add(shape.otherwise)
    if whats == {""}:
        raise Malformed("says neither when it was watched or listed, nor how it was rated")
    return whats


def _play(row: Mapping[str, str], work: Work, source: str, reader: Reader) -> Play:
    if work.kind == Kind.SHOW and work.episode is None:
        raise Malformed("is a play of a whole show or season; which episodes is not said")
    told = _when(row, "watched_at", reader)
    if reader.is_ahead(told.at):
        raise Malformed(f"was watched {row['watched_at']}, which is still to come")
    if len(row["key"]) > LONGEST_KEY:
        raise Malformed(f"has a key of more than {LONGEST_KEY} letters")
    return Play(
        key=row["key"] or cells.key_of(work, told),
        source=source,
        work=work,
        watched_at=told.at,
        day_only=told.day_only,
        zone=row["zone"] or None,
        told_id=row["told_id"] or None,
    )


def _at(row: Mapping[str, str], name: str, reader: Reader) -> datetime | None:
    return _when(row, name, reader).at


def _when(row: Mapping[str, str], name: str, reader: Reader) -> When:
    if not row[name]:
        return UNKNOWN
    try:
        zone = zone_named(row["zone"]) if row["zone"] else reader.zone
    except ConfigError as error:
        raise Malformed(f'has the zone "{row["zone"][:LONGEST_SHOWN]}"') from error
    return when(row[name], zone)
