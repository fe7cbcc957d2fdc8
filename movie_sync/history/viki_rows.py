"""What the store knows of Viki, as its callers need it, and how that is kept in rows."""

from collections.abc import Collection, Sequence
from collections.abc import Mapping as Dictionary
from typing import Any

import msgspec
from msgspec import Struct

from movie_sync.history.match_models import Choice, Mapping, State
from movie_sync.history.matching import Standing
from movie_sync.history.rows import Batch
from movie_sync.history.viki_watching import Glance, Viewing
from movie_sync.library_models import Kind
from movie_sync.models import Moment
from movie_sync.services.viki_shapes import Container, Video

NEW = "new"  # nobody has asked yet what it is

container_of = msgspec.json.Decoder(Container).decode
video_of = msgspec.json.Decoder(Video).decode
standing_of = msgspec.json.Decoder(Standing).decode
glance_of = msgspec.json.Decoder(Glance).decode
_ids_of = msgspec.json.Decoder(dict[str, str]).decode
_mapping_of = msgspec.json.Decoder(Mapping).decode
_choices_of = msgspec.json.Decoder(tuple[Choice, ...]).decode
VIEWING = Viewing.__struct_fields__


class ContainerRow(Struct, frozen=True, kw_only=True):
    """A show or film of Viki's."""

    container: Container
    state: str  # of its match, or "new"
    title_id: int | None = None
    kind: Kind | None = None  # of that title
    title: str | None = None
    standing: Standing | None = None
    read_at: Moment | None = None
    listed_at: Moment
    watched: int = 0  # of its videos
    begun: int = 0


class VideoRow(Struct, frozen=True, kw_only=True):
    """A video, and how far it was seen."""

    id: str
    container_id: str
    number: int | None
    video: Video | None  # None: only a marker told of it
    viewing: Viewing


class MatchRow(Struct, frozen=True, kw_only=True):
    """One answer to "which title is this container"."""

    id: int
    container_id: str
    state: State
    confidence: float
    sentence: str
    ids: dict[str, str]
    mapping: Mapping
    choices: tuple[Choice, ...]
    made_by: str
    made_at: Moment


class VikiNews(Struct, frozen=True, kw_only=True):
    """What one answer of Viki's tells: stored together with the plays that come of it.

    Attributes:
        glances: of the billboard; kept once the videos behind them were read.
        viewings: by video.
        read: containers whose videos were read whole.
    """

    containers: Sequence[Container] = ()
    glances: Dictionary[str, Glance] = {}
    videos: Sequence[Video] = ()
    viewings: Dictionary[str, tuple[str, Viewing]] = {}  # with the container
    read: Collection[str] = ()
    batch: Batch = Batch()


def container_row(row: Any) -> ContainerRow:
    return ContainerRow(
        container=container_of(row.facts),
        state=row.state,
        title_id=row.title_id,
        kind=Kind(row.kind) if row.kind else None,
        title=row.named,
        standing=standing_of(row.standing) if row.standing else None,
        read_at=row.read_at,
        listed_at=row.listed_at,
        watched=row.watched or 0,
        begun=row.begun or 0,
    )


def viewing_of(row: Any) -> Viewing:
    told = row._mapping
    return Viewing(**{name: told[name] for name in VIEWING} | {"anew": bool(row.anew)})


def video_row(row: Any) -> VideoRow:
    return VideoRow(
        id=row.id,
        container_id=row.container_id,
        number=row.number,
        video=video_of(row.facts) if row.facts else None,
        viewing=viewing_of(row),
    )


def match_row(row: Any) -> MatchRow:
    return MatchRow(
        id=row.id,
        container_id=row.container_id,
        state=State(row.state),
        confidence=row.confidence,
        sentence=row.sentence,
        ids=_ids_of(row.ids),
        mapping=_mapping_of(row.mapping),
        choices=_choices_of(row.choices),
        made_by=row.made_by,
        made_at=row.made_at,
    )
