"""How files that were found are stored: which of them is new, changed, moved or back.

A path is one file, whoever tells of it. A file that is found at a new path, of the size and the
very time of one that is gone there, is that one: it keeps its number, its match and its history.
What a person decided of a file stays, whatever is told of it later.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from pathlib import PurePath
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, bindparam, delete, select

from movie_sync.library import media_rows
from movie_sync.library.rows import Probe, Saved, Standing
from movie_sync.library.statements import Row, insert, next_id, refresh, told_json, upsert
from movie_sync.library_models import Found
from movie_sync.library_tables import asset_views, assets, markers, sidecars, sightings

_UPDATED = (
    *("path", "size_bytes", "mtime_ns", "content", "state", "extra", "probe", "checksum"),
    *("problem", "deleted_at", "changed_at"),
)
_COLUMNS = ("id", *_UPDATED, "by_hand", "title_id")


class _Sighting(Struct, frozen=True):
    asset_id: int
    fingerprint: str
    told: str
    gone: bool


class _Gone(Struct, frozen=True):
    uri: str
    asset_id: int
    told: str


class Batch:
    """What is stored of some files that a source was found to hold, in one transaction."""

    def __init__(
        self, connection: Connection, source_id: int, found: Sequence[Found], now: datetime
    ) -> None:
        self.connection, self.source_id, self.now = connection, source_id, now
        self.found = {one.uri: one for one in found}
        self.before = self._sightings()
        changed = [one for one in self.found.values() if not self._is_same(one)]
        self.same = len(self.found) - len(changed)
        self.assets = self._assets(changed)
        self.by_path = {row["path"]: known for known, row in self.assets.items() if row["path"]}
        self.gone = self._gone(changed)
        self.next_id = next_id(connection, assets)
        self.new: dict[int, Row] = {}
        self.touched: dict[int, Found] = {}  # by the number of the asset
        self.seen: list[Row] = []
        self.left: list[str] = []  # uris that files moved away from
        self.counts = {"new": 0, "changed": 0, "moved": 0, "back": 0}
        for one in changed:
            self._take(one)

    def save(self) -> Saved:
        connection = self.connection
        old = [row for known, row in self.assets.items() if known in self.touched]
        if old:
            connection.execute(_update(), [_bound(row) for row in old])
        insert(connection, assets, list(self.new.values()))
        upsert(connection, sightings, self.seen, kept=("first_at",))
        if self.left:
            connection.execute(delete(sightings).where(self._mine(self.left)))
        self._put_beside(old)
        refresh(connection, (row["title_id"] for row in old))
        return Saved(**self.counts, same=self.same)

    def _mine(self, uris: Collection[str]) -> Any:
        return (sightings.c.source_id == self.source_id) & sightings.c.uri.in_(uris)

    def _sightings(self) -> dict[str, _Sighting]:
        c = sightings.c
        query = select(c.uri, c.asset_id, c.fingerprint, c.told, c.deleted_at)
        rows = self.connection.execute(query.where(self._mine(self.found)))
        return {row[0]: _Sighting(row[1], row[2], row[3], row[4] is not None) for row in rows}

    def _is_same(self, one: Found) -> bool:
        before = self.before.get(one.uri)
        return before is not None and not before.gone and before.fingerprint == one.fingerprint

    def _assets(self, changed: Iterable[Found]) -> dict[int, Row]:
        ids = {self.before[one.uri].asset_id for one in changed if one.uri in self.before}
        paths = [one.path for one in changed if one.path is not None]
        return _read(self.connection, assets.c.id.in_(ids) | assets.c.path.in_(paths))

    def _gone(self, changed: Iterable[Found]) -> dict[tuple[int, int], list[_Gone]]:
        """Files of this source that are gone, by size and time: one of them may have moved."""
        sizes = {one.size_bytes for one in changed if self._may_have_moved(one)}
        if not sizes:
            return {}
        c = sightings.c
        found: dict[tuple[int, int], list[_Gone]] = {}
        query = select(c.size_bytes, c.mtime_ns, c.uri, c.asset_id, c.told).where(
            c.source_id == self.source_id, c.deleted_at.is_not(None), c.size_bytes.in_(sizes)
        )
        for size, mtime, *place in self.connection.execute(query):
            found.setdefault((size, mtime), []).append(_Gone(*place))
        ids = {one.asset_id for some in found.values() for one in some} - self.assets.keys()
        if ids:
            self.assets |= _read(self.connection, assets.c.id.in_(ids))
        return found

    def _may_have_moved(self, one: Found) -> bool:
        known = one.uri in self.before or one.path in self.by_path
        return not known and one.size_bytes > 0 and one.mtime_ns > 0

    def _take(self, one: Found) -> None:
        before = self.before.get(one.uri)
        told = told_json(one.told)
        asset_id = self.by_path.get(one.path or "", before.asset_id if before else None)
        left = self._moved(one) if asset_id is None else None
        if left is not None:
            self.left.append(left.uri)
            asset_id = left.asset_id
        if asset_id is None:
            asset_id, what = self._add(one), "new"
        else:
            row = self.new.get(asset_id) or self.assets[asset_id]
            what = "moved" if left else "back" if row["deleted_at"] else "changed"
            known = left or before
            self._change(row, one, tells_news=known is None or known.told != told)
        self.counts[what] += 1
        self.touched[asset_id] = one
        self.seen.append(self._seen(one, asset_id, told))

    def _moved(self, one: Found) -> _Gone | None:
        """The one that this must be; of several, the one of its name. Else it is a new file."""
        if not self._may_have_moved(one):
            return None
        there = self.gone.get((one.size_bytes, one.mtime_ns), [])
        alike = [each for each in there if PurePath(each.uri).name == PurePath(one.uri).name]
        chosen = there if len(there) == 1 else alike
        if len(chosen) != 1:
            return None
        (moved,) = chosen
        there.remove(moved)
        return moved

    def _add(self, one: Found) -> int:
        asset_id = self.next_id
        self.next_id += 1
        self.new[asset_id] = {
            "id": asset_id,
            "path": one.path,
            "size_bytes": one.size_bytes,
            "mtime_ns": one.mtime_ns,
            "content": content_of(one),
            "state": str(Standing.WAITING),
            "extra": extra_of(one),
            "by_hand": False,
            "probe": str(Probe.WAITING if one.path else Probe.NONE),
            "discovered_at": self.now,
            "changed_at": self.now,
            "problem": None,
            "deleted_at": None,
            "title_id": None,
        } | media_rows.summary(one.media)
        if one.path is not None:
            self.by_path[one.path] = asset_id
        return asset_id

    def _change(self, row: Row, one: Found, *, tells_news: bool) -> None:
        if one.path is not None and one.path != row["path"] and self._may_leave(row):
            self.by_path.pop(row["path"], None)
            self.by_path[one.path], row["path"] = row["id"], one.path
        if not _same_content(row, one):
            row |= {"content": content_of(one), "checksum": None, "problem": None}
            row["probe"] = str(Probe.WAITING if row["path"] else Probe.NONE)
        if one.mtime_ns or not row["mtime_ns"] or row["size_bytes"] != one.size_bytes:
            row |= {"size_bytes": one.size_bytes, "mtime_ns": one.mtime_ns}
            row["content"] = content_of(one)
        if row["path"] and row["probe"] == Probe.NONE:
            row["probe"] = str(Probe.WAITING)
        if tells_news and not row["by_hand"]:
            row["state"] = str(Standing.WAITING)
            row["extra"] = extra_of(one) or row["extra"]
        row |= {"deleted_at": None, "changed_at": self.now}

    def _may_leave(self, row: Row) -> bool:
        """Whether no other source finds it at its old path still."""
        others = select(sightings.c.uri).where(
            sightings.c.asset_id == row["id"],
            sightings.c.path == row["path"],
            sightings.c.source_id != self.source_id,
            sightings.c.mtime_ns > 0,
            sightings.c.deleted_at.is_(None),
        )
        return self.connection.execute(others.limit(1)).first() is None

    def _seen(self, one: Found, asset_id: int, told: str) -> Row:
        return {
            "source_id": self.source_id,
            "uri": one.uri,
            "asset_id": asset_id,
            "fingerprint": one.fingerprint,
            "path": one.path,
            "size_bytes": one.size_bytes,
            "mtime_ns": one.mtime_ns,
            "told": told,
            "problem": one.problem,
            "first_at": self.now,
            "changed_at": self.now,
            "deleted_at": None,
        }

    def _put_beside(self, old: Sequence[Row]) -> None:
        """Subtitles, markers, views and media, as this source tells them now."""
        ids = [row["id"] for row in old]
        for table in (sidecars, markers, asset_views):
            if ids:
                mine = (table.c.asset_id.in_(ids)) & (table.c.source_id == self.source_id)
                self.connection.execute(delete(table).where(mine))
        of = self.touched.items()
        insert(self.connection, sidecars, [
            media_rows.sidecar(asset_id, self.source_id, n, each)
            for asset_id, one in of for n, each in enumerate(one.sidecars)
        ])  # fmt: skip
        insert(self.connection, markers, [
            media_rows.marker(asset_id, self.source_id, n, each)
            for asset_id, one in of for n, each in enumerate(one.markers)
        ])  # fmt: skip
        insert(self.connection, asset_views, [
            media_rows.views(asset_id, self.source_id, one.views)
            for asset_id, one in of if one.views is not None
        ])  # fmt: skip
        told = {asset_id: one.media for asset_id, one in of if one.media is not None}
        media_rows.put_told(self.connection, told, self.now, known=ids)


def content_of(one: Found) -> str:
    return f"{one.size_bytes}-{one.mtime_ns}" if one.mtime_ns else str(one.size_bytes)


def extra_of(one: Found) -> str | None:
    return next((told.extra for told in one.told if told.extra), None)


def _same_content(row: Row, one: Found) -> bool:
    """A server knows no times: for it, the size has to do."""
    if not one.mtime_ns or not row["mtime_ns"]:
        return bool(row["size_bytes"] == one.size_bytes)
    return bool(row["content"] == content_of(one))


def _read(connection: Connection, which: Any) -> dict[int, Row]:
    query = select(*(assets.c[name] for name in _COLUMNS)).where(which)
    return {row[0]: dict(row._mapping) for row in connection.execute(query)}


def _update() -> Any:
    return (
        assets.update()
        .where(assets.c.id == bindparam("known_id"))
        .values({name: bindparam(f"to_{name}") for name in _UPDATED})
    )


def _bound(row: Row) -> Row:
    return {f"to_{name}": row[name] for name in _UPDATED} | {"known_id": row["id"]}
