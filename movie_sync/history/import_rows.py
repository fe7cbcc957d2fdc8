"""What an import has read, kept until it is stored; and what is left out, with the reason.

A part of a source and how far it was read are kept in one transaction, and a row goes in the one
that stores it, so that an import that was ended at any moment goes on where it was. The same entry
read twice is one row.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, delete, func, select

from movie_sync.db import Database
from movie_sync.history.import_models import Entry, Part
from movie_sync.history.statements import add_counts, batches, put_checkpoint
from movie_sync.history.works import identity
from movie_sync.history_import_tables import import_rows
from movie_sync.history_models import Play, Rating, Wish
from movie_sync.library.statements import Row, upsert
from movie_sync.models import Moment

AT_ONCE = 500  # rows that are stored together, more or less
PROBLEM = "problem"

_FORMS: dict[str, type[Entry]] = {"play": Play, "rating": Rating, "wish": Wish}
_encode = msgspec.json.Encoder().encode
_decode = {what: msgspec.json.Decoder(form).decode for what, form in _FORMS.items()}
_c = import_rows.c


class Bundle(Struct, frozen=True):
    """All that was read of one film or show."""

    name: str
    entries: list[Entry]


class LeftOut(Struct, frozen=True, kw_only=True):
    """What was read and not stored, and why."""

    key: str
    source: str
    what: str  # "play", "rating", "wish"; "problem": it could not be read
    title: str
    why: str
    noted_at: Moment
    sync_id: int


def key_of(entry: Entry) -> str:
    """Ratings and wishes are one for each work and source."""
    if isinstance(entry, Play):
        return entry.key
    work = entry.work
    part = "" if work.season is None else f":{work.season}x{work.episode}"
    return f"{_what(entry)}:{entry.source}:{identity(work)}{part}"


class ImportRows:
    """For any number of threads."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def stage(
        self,
        sync_id: int,
        source: str,
        part: Part,
        now: datetime,
    ) -> None:
        """Keep a part of a source, and how far it was read."""
        rows = {key_of(one): _row(one) for one in part.entries}
        with self.db.write() as connection:
            _put(connection, sync_id, source, rows, now)
            if part.problems:
                new = leave_out_problems(connection, sync_id, source, part.problems, now)
                add_counts(connection, sync_id, {"unread": len(new)}, new)
            put_checkpoint(connection, sync_id, part.checkpoint)

    def waiting(self, sync_id: int) -> int:
        with self.db.read() as connection:
            query = select(func.count()).select_from(import_rows).where(_of(sync_id))
            return int(connection.execute(query).scalar_one())

    def next_bundles(self, sync_id: int) -> list[Bundle]:
        """Some that wait, each of them whole; none where all is stored."""
        query = select(_c.bundle, _c.what, _c.told).where(_of(sync_id))
        query = query.order_by(_c.bundle, _c.key)
        with self.db.read() as connection:
            rows = connection.execute(query.limit(AT_ONCE)).all()
            if len(rows) == AT_ONCE:
                last = rows[-1].bundle
                whole = [row for row in rows if row.bundle != last]
                rows = whole or connection.execute(query.where(_c.bundle == last)).all()
        return _bundled(rows)

    def left_out(
        self, source: str | None = None, after: str = "", limit: int = 100
    ) -> list[LeftOut]:
        """What was not stored, and why; by key."""
        columns = [_c[name] for name in LeftOut.__struct_fields__]
        query = select(*columns).where(_c.why.is_not(None), _c.key > after)
        if source is not None:
            query = query.where(_c.source == source)
        with self.db.read() as connection:
            rows = connection.execute(query.order_by(_c.key).limit(limit)).all()
        return [LeftOut(**row._mapping) for row in rows]

    def entries_left_out(self, source: str) -> list[Entry]:
        """To be tried again, for a work may be known by now."""
        query = select(_c.what, _c.told).where(_c.source == source, _c.why.is_not(None))
        with self.db.read() as connection:
            rows = connection.execute(query.where(_c.what != PROBLEM).order_by(_c.key)).all()
        return [_decode[row.what](row.told) for row in rows]

    def drop(self, sync_id: int) -> None:
        """What waits of a sync that goes on no more. What is left out stays."""
        with self.db.write() as connection:
            connection.execute(delete(import_rows).where(_of(sync_id)))


def forget(connection: Connection, keys: Collection[str]) -> None:
    """They are stored."""
    for some in batches(keys):
        connection.execute(delete(import_rows).where(_c.key.in_(some)))


def leave_out(
    connection: Connection,
    sync_id: int,
    source: str,
    entries: Iterable[tuple[Entry, str]],
    now: datetime,
) -> None:
    """Keep why these are not stored."""
    rows = {key_of(one): _row(one) | {"why": why} for one, why in entries}
    _put(connection, sync_id, source, rows, now)


def leave_out_problems(
    connection: Connection, sync_id: int, source: str, problems: Iterable[str], now: datetime
) -> list[str]:
    """Keep what could not be read; gives those that this sync did not know yet."""
    rows = dict(map(_problem, problems))
    known = set[str]()
    for some in batches(rows):
        query = select(_c.key).where(_c.key.in_(some), _c.sync_id == sync_id)
        known |= set(connection.execute(query).scalars())
    _put(connection, sync_id, source, rows, now)
    return [row["why"] for key, row in rows.items() if key not in known]


def _put(
    connection: Connection, sync_id: int, source: str, rows: Mapping[str, Row], now: datetime
) -> None:
    bare = {"sync_id": sync_id, "source": source, "noted_at": now}
    for some in batches(bare | {"key": key} | row for key, row in rows.items()):
        upsert(connection, import_rows, some)


def _of(sync_id: int) -> Any:
    return (_c.sync_id == sync_id) & _c.why.is_(None)


def _what(entry: Entry) -> str:
    return type(entry).__name__.lower()


def _row(entry: Entry) -> Row:
    return {
        "what": _what(entry),
        "bundle": identity(entry.work),
        "title": str(entry.work),
        "told": _encode(entry).decode(),
        "why": None,
    }


def _problem(sentence: str) -> tuple[str, Row]:
    """The same sentence is the same problem, however often it is read."""
    key = f"{PROBLEM}:{sha256(sentence.encode(errors='replace')).hexdigest()[:32]}"
    return key, {"what": PROBLEM, "bundle": "", "title": "", "told": "", "why": sentence}


def _bundled(rows: Sequence[Any]) -> list[Bundle]:
    found: dict[str, Bundle] = {}
    for row in rows:
        bundle = found.setdefault(row.bundle, Bundle(row.bundle, []))
        bundle.entries.append(_decode[row.what](row.told))
    return list(found.values())
