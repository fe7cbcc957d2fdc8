"""Where films and shows are found, as plain data: what is set up, what the last look at each came
to, and how far the one in hand is.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from movie_sync import settings
from movie_sync.library.rows import ScanRow, SourceRow
from movie_sync.library_settings import Source
from movie_sync.models import Moment

if TYPE_CHECKING:
    from movie_sync.library.running import Library
    from movie_sync.library.store import LibraryStore

FILMS = "films"  # the folder of finished films, which is always a source
SCANS = 200  # that are looked through for the last one of each source


class LibrarySource(Struct, frozen=True, kw_only=True):
    """A source: its settings, and how it was found at the last look."""

    name: str
    kind: str  # "folder", "plex", "jellyfin"
    path: str | None
    holds: str
    sections: tuple[str, ...]
    enabled: bool
    trusted: bool
    watched: bool
    hours: float  # between two whole looks
    is_ours: bool  # where this program places films; it cannot be taken away
    is_set_up: bool  # one that no setting names any more is still remembered
    files: int
    size_bytes: int
    gone_files: int
    waiting: int  # files that are to be identified yet
    review: int  # of which a person has to say what they are
    broken: int  # that cannot be used
    last_scan_at: Moment | None
    last_complete_at: Moment | None
    away_since: Moment | None
    problem: str | None  # of the last look, as a sentence
    counts: dict[str, int]  # of the last look that ended: discovered, new, changed, moved, gone ...
    now: dict[str, int] | None  # of the look in hand; None: there is none

    @property
    def held(self) -> int:
        """Files that were not found, and are not believed to be gone."""
        return self.counts.get("held", 0)


def listed(library: "Library", config: settings.Config) -> tuple[LibrarySource, ...]:
    """Those that are set up in their order, and then those that were."""
    looks = {look.source: look.counts for look in library.looking()}
    return of_store(library.store, config, looks)


def of_store(
    store: "LibraryStore", config: settings.Config, looks: Mapping[str, dict[str, int]]
) -> tuple[LibrarySource, ...]:
    """As `listed`, where the looks in hand are another process's."""
    known = {row.name: row for row in store.sources()}
    standing = store.by_source()
    ended = last(store.scans(limit=SCANS))
    ours = set_up(config)
    return tuple(
        _source(
            name, ours.get(name), known.get(name),
            standing=standing.get(name, {}), scan=ended.get(name), now=looks.get(name),
        )
        for name in dict.fromkeys([*ours, *known])
    )  # fmt: skip


def unseen(config: settings.Config) -> tuple[LibrarySource, ...]:
    """Those that are set up, while nothing was looked at yet."""
    return tuple(
        _source(name, source, None, standing={}, scan=None, now=None)
        for name, source in set_up(config).items()
    )


def set_up(config: settings.Config) -> dict[str, Source]:
    """Every source that the settings name, the folder of finished films first."""
    finished = Source(path=config.library_directory, holds="films")
    return {FILMS: finished, **config.library.sources}


def last(scans: Iterable[ScanRow]) -> dict[str, ScanRow]:
    """Of scans, the newest first: the newest of each source that has ended."""
    found: dict[str, ScanRow] = {}
    for scan in scans:
        if scan.ended_at is not None:
            found.setdefault(scan.source, scan)
    return found


def _source(
    name: str,
    of_person: Source | None,
    row: SourceRow | None,
    *,
    standing: Mapping[str, int],
    scan: ScanRow | None,
    now: dict[str, int] | None,
) -> LibrarySource:
    section = of_person or Source(enabled=False)
    same = ("holds", "sections", "enabled", "trusted", "watched", "hours")
    return LibrarySource(
        name=name,
        kind=section.kind if of_person or row is None else row.kind,
        path=str(section.path) if section.path else None,
        **{field: getattr(section, field) for field in same},
        is_ours=name == FILMS,
        is_set_up=of_person is not None,
        files=row.files if row else 0,
        size_bytes=row.size_bytes if row else 0,
        gone_files=row.gone_files if row else 0,
        waiting=standing.get("waiting", 0),
        review=standing.get("review", 0),
        broken=standing.get("broken", 0),
        last_scan_at=row.last_scan_at if row else None,
        last_complete_at=row.last_complete_at if row else None,
        away_since=row.away_since if row else None,
        problem=row.problem if row else None,
        counts=scan.counts if scan else {},
        now=now,
    )
