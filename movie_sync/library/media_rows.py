"""What is stored of the inside of a file, whoever looked into it: a probe, or a server."""

from collections.abc import Collection, Mapping
from datetime import datetime

import msgspec
from sqlalchemy import ColumnElement, Connection, bindparam, select

from movie_sync.library.statements import Row, as_json, joined, upsert
from movie_sync.library_models import Marker, Sidecar, Views
from movie_sync.library_tables import asset_media, assets
from movie_sync.media_models import Media

PROBE = 0  # who told, where no source did

media_of = msgspec.json.Decoder(Media).decode


def summary(media: Media | None) -> Row:
    """What lists of files and titles go by."""
    picture = media.picture if media else None
    return {
        "duration_ms": media.duration_ms if media else None,
        "lines": lines_of(picture.width, picture.height) if picture else None,
        "video_codec": picture.codec if picture else None,
        "hdr": str(picture.hdr) if picture and picture.hdr else None,
        "audio_languages": joined(one.language for one in media.sounds) if media else "",
        "text_languages": joined(one.language for one in media.texts) if media else "",
    }


def lines_of(width: int | None, height: int | None) -> int | None:
    """The quality that a picture is called by: a wide film of 1920 x 800 is one of 1080 lines."""
    if not width and not height:
        return None
    for lines, columns in ((2160, 3840), (1440, 2560), (1080, 1920), (720, 1280), (576, 1024)):
        if (height or 0) >= lines * 0.95 or (width or 0) >= columns * 0.95:
            return lines
    return 480


def media_row(asset_id: int, media: Media, now: datetime, *, probed: bool) -> Row:
    return {"asset_id": asset_id, "media": as_json(media), "probed": probed, "told_at": now}


def put_told(
    connection: Connection, told: Mapping[int, Media], now: datetime, known: Collection[int]
) -> None:
    """Keep what a server says of files, save of those that were looked into."""
    old = [asset_id for asset_id in told if asset_id in set(known)]
    probed = select(asset_media.c.asset_id).where(asset_media.c.probed, _of(old))
    better = set(connection.execute(probed).scalars()) if old else set()
    kept = {asset_id: media for asset_id, media in told.items() if asset_id not in better}
    upsert(
        connection,
        asset_media,
        [media_row(asset_id, media, now, probed=False) for asset_id, media in kept.items()],
    )
    later = [(asset_id, summary(kept[asset_id])) for asset_id in old if asset_id in kept]
    if later:
        put_summaries(connection, dict(later))


def put_summaries(connection: Connection, of: Mapping[int, Row]) -> None:
    names = list(next(iter(of.values())))
    update = assets.update().where(assets.c.id == bindparam("known_id"))
    connection.execute(
        update.values({name: bindparam(f"to_{name}") for name in names}),
        [{f"to_{k}": v for k, v in row.items()} | {"known_id": one} for one, row in of.items()],
    )


def _of(asset_ids: Collection[int]) -> ColumnElement[bool]:
    return asset_media.c.asset_id.in_(asset_ids)


def marker(asset_id: int, source_id: int, position: int, one: Marker) -> Row:
    return {
        "asset_id": asset_id,
        "source_id": source_id,
        "position": position,
        "kind": str(one.kind),
        "start_ms": one.start_ms,
        "end_ms": one.end_ms,
        "title": one.title,
    }


def sidecar(asset_id: int, source_id: int, position: int, one: Sidecar) -> Row:
    whole = msgspec.structs.asdict(one)
    return {"asset_id": asset_id, "source_id": source_id, "position": position} | whole


def views(asset_id: int, source_id: int, one: Views) -> Row:
    return {"asset_id": asset_id, "source_id": source_id} | msgspec.structs.asdict(one)
