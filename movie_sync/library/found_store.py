"""The part of the store that scans write: what each source shows, and how its scans went."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec
from sqlalchemy import Connection, func, select, update

from movie_sync.library import going
from movie_sync.library.rows import Saved, ScanRow, SourceRow
from movie_sync.library.saving import Batch
from movie_sync.library.statements import Part, as_json, batches, upsert
from movie_sync.library_models import Found
from movie_sync.library_tables import scans, sightings, sources
from movie_sync.tables import meta

REMEMBERED = "library.source."  # in the table `meta`, before the name of the source

_remembered = msgspec.json.Decoder(dict[str, int | str]).decode
_counts = msgspec.json.Decoder(dict[str, int]).decode


class FoundStore(Part):
    def put_source(self, name: str, kind: str) -> int:
        """Know a source of this name; gives its number. One that was removed is there again."""
        with self.db.write() as connection:
            return source_id(connection, name, kind)

    def known(self, source: str) -> dict[str, str]:
        """The fingerprint of each file that the source shows, by its uri."""
        c = sightings.c
        query = (
            select(c.uri, c.fingerprint)
            .join(sources, sources.c.id == c.source_id)
            .where(sources.c.name == source, c.deleted_at.is_(None))
        )
        with self.db.read() as connection:
            return {uri: fingerprint for uri, fingerprint in connection.execute(query)}  # noqa: C416 - no mapping

    def save_found(self, source: str, batch: Iterable[Found], now: datetime) -> Saved:
        """Store what a source was found to hold, whole or not at all.

        A file whose fingerprint is the one that is known is left as it is.
        """
        done = Saved()
        with self.db.write() as connection:
            known = source_id(connection, source)
            for some in batches(batch):
                done += Batch(connection, known, some, now).save()
        return done

    def mark_gone(self, source: str, uris: Iterable[str], now: datetime) -> Saved:
        """The source shows these no more: tells how many are `gone`, and how many have `moved`.

        A file is gone once no source shows it. It has moved where the source shows another of
        its size and time since its scan began (see `begin_scan`), of which no person has said
        anything.
        """
        return self._mark_gone(source, uris, now, may_have_moved=True)

    def _mark_gone(
        self, source: str, uris: Iterable[str], now: datetime, *, may_have_moved: bool
    ) -> Saved:
        done = Saved()
        with self.db.write() as connection:
            known = source_id(connection, source)
            for some in batches(uris):
                done += going.mark_gone(connection, known, some, now, may_have_moved=may_have_moved)
        return done

    def remove_source(self, source: str, now: datetime) -> Saved:
        """Forget a source: what no other shows is gone, until some source shows it again."""
        done = self._mark_gone(source, self.known(source), now, may_have_moved=False)
        with self.db.write() as connection:
            gone = update(sources).where(sources.c.name == source)
            connection.execute(gone.values(deleted_at=now))
        return done

    def begin_scan(self, source: str, now: datetime, kind: str = "folder") -> int:
        """Gives the number of the scan. One that a kill broke off stays without an end."""
        with self.db.write() as connection:
            known = _begin(connection, source, now, kind)
            begun = scans.insert().values(
                source_id=known, began_at=now, complete=False, counts="{}"
            )
            (scan_id,) = connection.execute(begun).inserted_primary_key or (0,)
            return int(scan_id)

    def begin_part(self, source: str, now: datetime, kind: str = "folder") -> None:
        """A look at some folders of it, which is no scan of its own."""
        with self.db.write() as connection:
            _begin(connection, source, now, kind)

    def end_scan(
        self,
        scan_id: int,
        now: datetime,
        counts: Mapping[str, int],
        problem: str | None = None,
        *,
        complete: bool,
        away: bool = False,
    ) -> None:
        """Args:
        problem: a sentence, where it is not complete or left a part out.
        away: the source is not there at all, as a drive that is not mounted.
        """
        with self.db.write() as connection:
            one = scans.c.id == scan_id
            ended = {"ended_at": now, "complete": complete, "problem": problem}
            ended["counts"] = as_json(counts)
            connection.execute(update(scans).where(one).values(ended))
            row = connection.execute(
                select(sources.c.id, sources.c.away_since).join(scans).where(one)
            ).one()
            values = {
                "last_scan_at": now,
                "problem": problem,
                "away_since": (row.away_since or now) if away else None,
            }
            if complete:
                values["last_complete_at"] = now
            connection.execute(update(sources).where(sources.c.id == row.id).values(values))

    def remembered(self, source: str) -> dict[str, int | str]:
        """What the last whole look wanted remembered; {} where there was none."""
        query = select(meta.c.value).where(meta.c.key == REMEMBERED + source)
        with self.db.read() as connection:
            kept = connection.execute(query).scalar()
        return _remembered(kept) if kept else {}

    def remember(self, source: str, what: Mapping[str, int | str]) -> None:
        row = {"key": REMEMBERED + source, "value": as_json(dict(what))}
        with self.db.write() as connection:
            upsert(connection, meta, [row])

    def sources(self) -> list[SourceRow]:
        """Every source by its name, with how many files it shows."""
        there = sightings.c.deleted_at.is_(None)
        counted = select(
            sightings.c.source_id, there, func.count(), func.sum(sightings.c.size_bytes)
        ).group_by(sightings.c.source_id, there)
        names = [name for name in SourceRow.__struct_fields__ if name in sources.c]
        query = select(*(sources.c[name] for name in names)).where(sources.c.deleted_at.is_(None))
        with self.db.read() as connection:
            counts = {(row[0], bool(row[1])): row[2:] for row in connection.execute(counted)}
            rows = connection.execute(query.order_by(sources.c.name)).all()
        found = []
        for row in rows:
            files, size = counts.get((row.id, True), (0, 0))
            gone, _ = counts.get((row.id, False), (0, 0))
            sums = {"files": files, "size_bytes": int(size), "gone_files": gone}
            found.append(SourceRow(**row._mapping, **sums))
        return found

    def scans(self, source: str | None = None, limit: int = 20) -> list[ScanRow]:
        """The newest first."""
        query = select(scans, sources.c.name.label("source")).join(sources)
        if source is not None:
            query = query.where(sources.c.name == source)
        with self.db.read() as connection:
            rows = connection.execute(query.order_by(scans.c.id.desc()).limit(limit)).all()
        return [_scan(dict(row._mapping)) for row in rows]


def _scan(row: dict[str, object]) -> ScanRow:
    fields = {name: row[name] for name in ScanRow.__struct_fields__}
    return ScanRow(**fields | {"counts": _counts(str(row["counts"]))})  # type: ignore[arg-type]


def _begin(connection: Connection, name: str, now: datetime, kind: str) -> int:
    """What came to its end last is not begun anew: files may have moved since its first try."""
    known = source_id(connection, name, kind)
    mine = sources.c.id == known
    row = connection.execute(
        select(sources.c.scan_began_at, sources.c.last_complete_at).where(mine)
    ).one()
    ended = row.scan_began_at is None or (
        row.last_complete_at is not None and row.last_complete_at >= row.scan_began_at
    )
    if ended:
        connection.execute(update(sources).where(mine).values(scan_began_at=now))
    return known


def source_id(connection: Connection, name: str, kind: str | None = None) -> int:
    """Of a new one, too; without a kind it stays what it is."""
    mine = sources.c.name == name
    row = connection.execute(select(sources.c.id, sources.c.kind, sources.c.deleted_at).where(mine))
    there = row.first()
    if there is None:
        made = connection.execute(sources.insert().values(name=name, kind=kind or "folder"))
        return int((made.inserted_primary_key or (0,))[0])
    if there.deleted_at is not None or (kind is not None and kind != there.kind):
        values = {"deleted_at": None, "kind": kind or there.kind}
        connection.execute(update(sources).where(mine).values(values))
    return int(there.id)
