"""What the videos of one container of Viki's come to in the history: plays, and how far one is.

Pure, and the same for ever: a play has its video and a number for its key, so that all plays that
are known of a container may be told again at any time. The one thing to know: a play is told only
once it is known what it is of. Until Viki says what a container is, or while its match places an
episode nowhere, its plays wait in what is kept of the videos, and none is lost.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from msgspec import Struct

from movie_sync.history.match_models import State
from movie_sync.history.matching import Standing
from movie_sync.history.viki_rows import ContainerRow, VideoRow
from movie_sync.history.viki_watching import Viewing, play_key
from movie_sync.history_models import Play, Progress, Work
from movie_sync.library_models import Kind
from movie_sync.services.viki_shapes import Container

SOURCE = "viki"
LEAST_S = 600  # a video of which nothing else is known is no clip from here on

Times = Mapping[str, datetime | None]  # of plays, by their keys


class Told(Struct, frozen=True, kw_only=True):
    plays: tuple[Play, ...] = ()
    progress: tuple[Progress, ...] = ()
    waiting: int = 0  # plays of which it is not known what they are of

    def __add__(self, other: "Told") -> "Told":
        return Told(
            plays=self.plays + other.plays,
            progress=self.progress + other.progress,
            waiting=self.waiting + other.waiting,
        )


class Shown(Struct, frozen=True, kw_only=True):
    """A container, and what it is taken for."""

    container: Container
    kind: Kind | None  # None: that is not known
    title: str
    standing: Standing | None = None  # only one that its title bears

    @property
    def is_other(self) -> bool:
        """Whether Viki says that it is neither film nor show, as news are."""
        return self.kind is None and self.container.type is not None


def shown_of(container: Container, row: ContainerRow | None) -> Shown:
    """As Viki tells of it now, and as it is stored."""
    settled = row is not None and row.title_id is not None and row.standing is not None
    if row is None or not settled or row.standing is None:
        return Shown(container=container, kind=container.kind, title=container.title)
    if row.standing.state not in (State.AUTO, State.MANUAL):
        return Shown(container=container, kind=container.kind, title=container.title)
    return Shown(
        container=container,
        kind=row.kind or container.kind,
        title=row.title or container.title,
        standing=row.standing,
    )


def told_of(shown: Shown, videos: Iterable[VideoRow], times: Times | None = None) -> Told:
    """All of it.

    Args:
        times: of plays that came about just now; of others, what the video remembers.
    """
    told = Told()
    for one in videos:
        told += _of_video(shown, one, times or {})
    return told


def _of_video(shown: Shown, one: VideoRow, times: Times) -> Told:
    if shown.is_other or not _counts(shown, one):
        return Told()
    keyed = dict(_times(one.id, one.viewing)) | {
        key: at for key, at in times.items() if key.startswith(f"{SOURCE}:{one.id}:")
    }
    work, whole = _work(shown, one.number)
    if work is None:
        return Told(waiting=len(keyed))
    plays = tuple(
        Play(key=key, source=SOURCE, work=work, watched_at=at, told_id=one.id)
        for key, at in keyed.items()
        if whole
    )
    return Told(plays=plays, progress=tuple(_progress(work, one.viewing)))


def _counts(shown: Shown, one: VideoRow) -> bool:
    """No clip, trailer or special. Of a video that Viki does not list only its length tells."""
    if one.video and one.video.type is not None:
        return one.video.counts
    numbered = shown.kind is not Kind.SHOW or (one.number or 0) > 0
    return numbered and (one.viewing.duration_s or 0) >= LEAST_S


def _times(video_id: str, viewing: Viewing) -> Iterator[tuple[str, datetime | None]]:
    """Of the plays between the first and the last one the times are told once, as they come."""
    for number in range(1, viewing.plays + 1):
        at = viewing.watched_at if number == 1 else None
        if number == viewing.plays > 1:
            at = viewing.last_play_at
        yield play_key(video_id, number), at


def _work(shown: Shown, number: int | None) -> tuple[Work | None, bool]:
    """What a video is of, and whether who has seen it has seen that to its end."""
    viki = {SOURCE: shown.container.id}
    ids = {**shown.standing.ids, **viki} if shown.standing else viki
    if shown.kind is Kind.FILM:
        return Work(kind=Kind.FILM, title=shown.title, ids=ids), True
    if shown.kind is None or number is None:
        return None, False
    if shown.standing is None:
        work = Work(kind=Kind.SHOW, title=shown.title, ids=ids, season=1, episode=number)
        return work, True
    place = shown.standing.mapping.place(number)
    if place is None:
        return None, False
    work = Work(
        kind=Kind.SHOW, title=shown.title, ids=ids, season=place.season, episode=place.number
    )
    return work, place.whole


def _progress(work: Work, viewing: Viewing) -> Iterator[Progress]:
    """Where somebody stopped, also where they begin anew."""
    if viewing.last_at is None or viewing.last_s is None:
        return
    yield Progress(
        work=work,
        source=SOURCE,
        at=viewing.last_at,
        position_s=viewing.last_s,
        duration_s=viewing.duration_s,
        credits_s=viewing.credits_s,
    )
