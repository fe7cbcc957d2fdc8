"""A container of Viki's, as matching looks at it. Pure.

The one thing to know: Viki tells no year. What it tells is when it had a work, so that the work is
from then or before.
"""

from collections.abc import Iterable, Mapping

from movie_sync.history.match_models import Viewed, YearHint
from movie_sync.library_models import Kind
from movie_sync.services.viki_shapes import Container, Video


def viewed_of(
    container: Container, videos: Iterable[Video] = (), ids: Mapping[str, str] | None = None
) -> Viewed | None:
    """None where it is neither a film nor a show.

    Args:
        videos: all of the container's.
        ids: of the work elsewhere, where a person or MyDramaList told them.
    """
    kind = container.kind
    if kind is None:
        return None
    counted = [video for video in videos if video.counts]
    shown = [video.air_at.year for video in counted if video.air_at]
    years = [*shown, *([container.not_after] if container.not_after else [])]
    longest_s = max((video.duration_s or 0 for video in counted), default=0)
    numbers = {video.number for video in counted if video.number}
    return Viewed(
        id=container.id,
        kind=kind,
        title=container.title,
        titles=container.titles,
        also=tuple(name for names in container.other_titles.values() for name in names),
        phonetic=(container.phonetic,) if container.phonetic else (),
        country=container.country,
        language=container.language,
        year=YearHint(min(years)) if years else None,
        planned_episodes=container.planned_episodes if kind is Kind.SHOW else None,
        actual_episodes=max(numbers, default=None) if kind is Kind.SHOW else None,
        minutes=round(longest_s / 60) or None if kind is Kind.FILM else None,
        ids=dict(ids or {}),
    )
