"""What Plex says of a file, in our words. Pure.

Source: https://developer.plex.tv/pms as of 2026. Older agents write their ids into the guid itself,
as "com.plexapp.agents.imdb://tt0123456?lang=en"; an item of "local://" has none.
"""

import re
from collections.abc import Iterable, Sequence

from msgspec import Struct

from movie_sync.library_models import Found, Kind, Marker, MarkerKind, Teller, Told, Views
from movie_sync.services import plex_shapes as plex
from movie_sync.services.plex_streams import media_of
from movie_sync.services.server_words import (
    day_in,
    ids_of,
    line_of,
    moment_of,
    positive,
    titles_of,
)

_OLD_AGENT = re.compile(r"com\.plexapp\.agents\.(\w+)://([^?/]+)")
_OLD_AGENTS = {"imdb": "imdb", "themoviedb": "tmdb", "thetvdb": "tvdb"}
_PREFIXED = re.compile(r"(imdb|tmdb|tvdb|tsdb)\d?-(\w+)")  # of the agent Hama: "tvdb-81797"
_NEW = re.compile(r"plex://(?:movie|show|episode)/(\w+)")
_MARKERS = {
    "intro": MarkerKind.INTRO, "credits": MarkerKind.CREDITS, "commercial": MarkerKind.BREAK,
}  # fmt: skip
_EXTRAS = {
    "trailer": "trailer", "deletedScene": "deleted", "interview": "interview",
    "behindTheScenes": "behind_the_scenes", "sceneOrSample": "scene", "featurette": "featurette",
    "short": "short",
}  # fmt: skip
_SAME_MS = 2000  # two versions whose lengths differ by less show the same cut


class Show(Struct, frozen=True):
    """What its episodes are told with."""

    titles: tuple[str, ...]
    year: int | None
    ids: dict[str, str]
    genres: tuple[str, ...]


def show_of(item: plex.Item) -> Show:
    return Show(
        titles=titles_of(item.title, item.original_title),
        year=positive(item.year),
        ids=_ids(item.guid, item.guids),
        genres=_genres(item),
    )


class Place(Struct, frozen=True):
    """Which of an item's files it is."""

    item: plex.Item
    media: plex.Media
    part: plex.Part


def places_of(item: plex.Item) -> Iterable[Place]:
    return (
        Place(item, media, part)
        for media in item.versions
        if not media.made_by_plex
        for part in media.parts
    )


def found_of(uri: str, path: str | None, places: Sequence[Place], shows: dict[str, Show]) -> Found:
    """Args:
    places: of the one file, in all items that it holds: of a film one, of episodes several.
    """
    first = places[0]
    items = [place.item for place in places]
    return Found(
        uri=uri,
        fingerprint="",
        told=_told(first, items, shows),
        path=path,
        size_bytes=max(first.part.size, 0),
        markers=_markers(first),
        media=media_of(first.media, first.part),
        views=_views(items),
        problem=_problem(first),
    )


def _told(first: Place, items: Sequence[plex.Item], shows: dict[str, Show]) -> tuple[Told, ...]:
    if first.item.type == "episode":
        seasons: dict[tuple[str | None, int | None], list[plex.Item]] = {}
        for item in items:
            of = (item.grandparent_rating_key, item.parent_index)
            seasons.setdefault(of, []).append(item)
        return tuple(_episodes(some, shows) for some in seasons.values())
    item = first.item
    parts = first.media.parts
    return (
        Told(
            by=Teller.SERVER,
            kind=Kind.FILM,
            titles=titles_of(item.title, item.original_title),
            year=positive(item.year),
            ids=_ids(item.guid, item.guids),
            edition=line_of(item.edition_title),
            part=_number(parts, first.part) if len(parts) > 1 else None,
            extra=_extra(item),
            overview=item.summary.strip() or None,
            runtime_min=_minutes(item.duration),
            genres=_genres(item),
        ),
    )


def _episodes(items: Sequence[plex.Item], shows: dict[str, Show]) -> Told:
    """Of one season, in one file."""
    first = min(items, key=lambda item: item.index or 0)
    show = shows.get(first.grandparent_rating_key or "")
    titles = titles_of(*(item.title for item in items))
    if show is None:
        show = Show(titles_of(first.grandparent_title), None, _ids(first.grandparent_guid), ())
    return Told(
        by=Teller.SERVER,
        kind=Kind.SHOW,
        titles=show.titles,
        year=show.year,
        ids=show.ids or _ids_of_show(first.guid),
        season=first.parent_index,
        episodes=tuple(sorted({item.index for item in items if item.index is not None})),
        aired_on=day_in(first.originally_available_at),
        episode_title=" / ".join(titles) or None,
        episode_ids=_ids_of_episode(first) if len(items) == 1 else {},
        extra=_extra(first),
        runtime_min=_minutes(first.duration),
        genres=show.genres,
    )


def _ids(guid: str, guids: Iterable[plex.Guid] = ()) -> dict[str, str]:
    found: dict[str, str | None] = {}
    old, prefixed = _OLD_AGENT.match(guid), _PREFIXED.search(guid)
    if old and old[1] in _OLD_AGENTS:
        found[_OLD_AGENTS[old[1]]] = old[2]
    elif old and old[1].startswith("xbmcnfo") and old[2].startswith("tt"):
        found["imdb"] = old[2]
    elif old and prefixed:
        found["tmdb" if prefixed[1] == "tsdb" else prefixed[1]] = prefixed[2]
    for one in guids:
        provider, _, number = one.id.partition("://")
        found.setdefault(provider, number)
    new = _NEW.match(guid)
    return ids_of(found) | ({"plex": new[1]} if new else {})


def _ids_of_show(guid: str) -> dict[str, str]:
    """An older agent's guid of an episode begins with the id of its show."""
    return {} if guid.startswith("plex://") else _ids(guid)


def _ids_of_episode(item: plex.Item) -> dict[str, str]:
    return _ids(item.guid if item.guid.startswith("plex://") else "", item.guids)


def _genres(item: plex.Item) -> tuple[str, ...]:
    return titles_of(*(genre.tag for genre in item.genres))


def _extra(item: plex.Item) -> str | None:
    return None if item.extra_type is None else _EXTRAS.get(item.subtype or "", "other")


def _minutes(duration_ms: int | None) -> int | None:
    return positive(round((duration_ms or 0) / 60_000))


def _number(parts: Sequence[plex.Part], part: plex.Part) -> int:
    return next(n for n, each in enumerate(parts, 1) if each.id == part.id)


def _views(items: Sequence[plex.Item]) -> Views | None:
    """Of several episodes in one file, the one that was watched most: it was that file."""
    told = Views(
        count=max(item.view_count for item in items),
        last_at=max(filter(None, (moment_of(item.last_viewed_at) for item in items)), default=None),
        offset_ms=max(item.view_offset for item in items),
    )
    return told if told != Views() else None


def _problem(place: Place) -> str | None:
    gone = place.item.deleted_at or place.media.deleted_at or place.part.deleted_at
    if gone or not place.part.exists:
        return "Plex does not find this file any more; is its drive away?"
    return None


def _markers(place: Place) -> tuple[Marker, ...]:
    """They are of the first version, and of those that are as long; of a film in several files,
    nothing says which of them they are in."""
    item, media = place.item, place.media
    length = item.versions[0].duration
    alike = media is item.versions[0] or (
        length is not None
        and media.duration is not None
        and abs(media.duration - length) < _SAME_MS
    )
    if not alike or len(media.parts) > 1:
        return ()
    told = [_marker(_MARKERS[one.type], one) for one in item.markers if one.type in _MARKERS] + [
        _marker(MarkerKind.CHAPTER, one) for one in item.chapters
    ]
    return tuple(one for one in told if 0 <= one.start_ms < one.end_ms)


def _marker(kind: MarkerKind, one: plex.Stretch) -> Marker:
    title = line_of(one.tag)
    return Marker(
        kind=kind, start_ms=one.start_time_offset, end_ms=one.end_time_offset, title=title
    )
