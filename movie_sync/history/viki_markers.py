"""One answer of watch markers, stored: what was seen of each video, plays, and how far we read."""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from movie_sync.history.rows import Batch, Saved
from movie_sync.history.store import HistoryStore
from movie_sync.history.viki_lists import Lists
from movie_sync.history.viki_plays import Told, shown_of, told_of
from movie_sync.history.viki_rows import VideoRow, VikiNews
from movie_sync.history.viki_watching import Rule, Viewing, followed, play_key
from movie_sync.services.viki_shapes import Container, Marker, Markers, Video

PROVIDER, MARK = "viki", "markers_until"


class Taken(Struct, frozen=True):
    saved: Saved
    waiting: int


class Taking:
    """Of one answer.

    Args:
        read_anew: every show that it tells of is asked for, as nothing else tells what changed.
    """

    def __init__(self, store: HistoryStore, lists: Lists, rule: Rule, *, read_anew: bool) -> None:
        self._store, self._lists, self._rule, self._anew = store, lists, rule, read_anew
        self._viewings: dict[str, tuple[str, Viewing]] = {}
        self._bare: list[Video] = []  # of which only a marker tells
        self._told = Told()

    def take(self, markers: Markers, now: datetime, sync_id: int, *, marked: bool) -> Taken:
        """All of it in one transaction, the mark too.

        Args:
            marked: the next reading begins where this answer ends.
        """
        by_container: dict[str, list[Marker]] = {}
        for marker in markers.markers:
            by_container.setdefault(marker.container_id, []).append(marker)
        for container_id, some in by_container.items():
            self._take(container_id, some)
        batch = Batch(
            plays=self._told.plays,
            progress=self._told.progress,
            sync_id=sync_id,
            marks=[(PROVIDER, MARK, str(markers.updated_till_s))] if marked else (),
        )
        news = VikiNews(videos=self._bare, viewings=self._viewings, batch=batch)
        return Taken(self._store.save_viki(news, now), self._told.waiting)

    def _take(self, container_id: str, markers: list[Marker]) -> None:
        row, known = self._store.container(container_id), self._videos(container_id)
        is_new = row is None or row.read_at is None
        if is_new or self._anew or any(one.video_id not in known for one in markers):
            self._lists.read(container_id)
            row, known = self._store.container(container_id), self._videos(container_id)
        touched: list[VideoRow] = []
        times: dict[str, datetime | None] = {}
        for marker in markers:
            if marker.video_id not in known:
                self._bare.append(_bare(marker))
            before = known.get(marker.video_id) or _bare_row(marker)
            viewing, crossings = followed(before.viewing, marker, self._rule)
            times |= {play_key(marker.video_id, each.number): each.at for each in crossings}
            self._viewings[marker.video_id] = container_id, viewing
            known[marker.video_id] = replace(before, viewing=viewing)
            touched.append(known[marker.video_id])
        shown = shown_of(row.container if row else Container(id=container_id), row)
        self._told += told_of(shown, touched, times)

    def _videos(self, container_id: str) -> dict[str, VideoRow]:
        return {row.id: row for row in self._store.videos(container_id)}


def _bare(marker: Marker) -> Video:
    return Video(id=marker.video_id, container_id=marker.container_id, number=marker.episode)


def _bare_row(marker: Marker) -> VideoRow:
    return VideoRow(
        id=marker.video_id,
        container_id=marker.container_id,
        number=marker.episode,
        video=None,
        viewing=Viewing(),
    )
