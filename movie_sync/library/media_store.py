"""The part of the store that says what is inside of each file."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from movie_sync.library import media_rows
from movie_sync.library.rows import Probe, ToProbe
from movie_sync.library.statements import Part, batches, insert, refresh, upsert
from movie_sync.library_models import Marker, MarkerKind
from movie_sync.library_tables import asset_media, assets, markers
from movie_sync.media_models import Media


class MediaStore(Part):
    def waiting_probe(self, after_id: int, limit: int) -> list[ToProbe]:
        """Files that were not looked into since they are as they are, by their numbers."""
        c = assets.c
        query = (
            select(c.id, c.path, c.content)
            .where(c.probe == str(Probe.WAITING), c.id > after_id)
            .where(c.deleted_at.is_(None), c.path.is_not(None))
        )
        with self.db.read() as connection:
            rows = connection.execute(query.order_by(c.id).limit(limit)).all()
        return [ToProbe(row.id, row.path, row.content) for row in rows]

    def save_media(self, asset_id: int, content: str, media: Media, now: datetime) -> bool:
        """Keep what is inside. False, and nothing is kept, where the file is another by now.

        Args:
            content: as `waiting_probe` gave it.
        """
        return self.save_many([(asset_id, content, media)], now) == 1

    def save_many(self, probed: Iterable[tuple[int, str, Media]], now: datetime) -> int:
        """As `save_media`, for many in one transaction; tells how many are kept."""
        kept = []
        with self.db.write() as connection:
            for asset_id, content, media in probed:
                done = {"probe": str(Probe.DONE), "problem": None} | media_rows.summary(media)
                mine = (assets.c.id == asset_id) & (assets.c.content == content)
                if connection.execute(update(assets).where(mine).values(done)).rowcount == 1:
                    kept.append((asset_id, media))
            _put_inside(connection, kept, now)
        return len(kept)

    def save_broken(self, asset_id: int, content: str, sentence: str, now: datetime) -> bool:
        """Keep that it cannot be used, and why. False as with `save_media`."""
        mine = (assets.c.id == asset_id) & (assets.c.content == content)
        values = {"probe": str(Probe.BROKEN), "problem": sentence, "changed_at": now}
        with self.db.write() as connection:
            if connection.execute(update(assets).where(mine).values(values)).rowcount == 0:
                return False
            title = select(assets.c.title_id).where(assets.c.id == asset_id)
            refresh(connection, [connection.execute(title).scalar()])
        return True

    def probe_again(self, asset_id: int) -> bool:
        """Have it looked into once more; False where it lies on no disk of ours."""
        mine = (assets.c.id == asset_id) & assets.c.path.is_not(None)
        values = {"probe": str(Probe.WAITING)}
        with self.db.write() as connection:
            return connection.execute(update(assets).where(mine).values(values)).rowcount == 1

    def media(self, asset_id: int) -> Media | None:
        query = select(asset_media.c.media).where(asset_media.c.asset_id == asset_id)
        with self.db.read() as connection:
            found = connection.execute(query).scalar()
        return media_rows.media_of(found) if found is not None else None

    def waiting_checksum(self, after_id: int, limit: int) -> list[ToProbe]:
        c = assets.c
        query = select(c.id, c.path, c.content).where(c.checksum.is_(None), c.id > after_id)
        query = query.where(c.deleted_at.is_(None), c.path.is_not(None))
        with self.db.read() as connection:
            rows = connection.execute(query.order_by(c.id).limit(limit)).all()
        return [ToProbe(row.id, row.path, row.content) for row in rows]

    def save_checksum(self, asset_id: int, content: str, sha256: str) -> bool:
        """False as with `save_media`."""
        mine = (assets.c.id == asset_id) & (assets.c.content == content)
        with self.db.write() as connection:
            done = connection.execute(update(assets).where(mine).values(checksum=sha256))
        return done.rowcount == 1


def _put_inside(connection: Connection, probed: Sequence[tuple[int, Media]], now: datetime) -> None:
    for some in batches(probed):
        ids = [asset_id for asset_id, _ in some]
        rows = [media_rows.media_row(*one, now, probed=True) for one in some]
        upsert(connection, asset_media, rows)
        told = markers.c.asset_id.in_(ids) & (markers.c.source_id == media_rows.PROBE)
        connection.execute(delete(markers).where(told))
        insert(connection, markers, [
            media_rows.marker(asset_id, media_rows.PROBE, n, marker)
            for asset_id, media in some for n, marker in enumerate(_chapters(media))
        ])  # fmt: skip
        titles = select(assets.c.title_id).where(assets.c.id.in_(ids))
        refresh(connection, connection.execute(titles).scalars().all())


def _chapters(media: Media) -> list[Marker]:
    return [
        Marker(kind=MarkerKind.CHAPTER, start_ms=one.start_ms, end_ms=one.end_ms, title=one.title)
        for one in media.chapters
    ]
