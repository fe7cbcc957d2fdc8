"""Reading what Viki answers: bytes in, facts out, and an error for what has another form.

Source: dev.viki.com as archived, and answers seen until 2026. Pure. The one thing to know: what has
a form that we do not know is a `BadAnswer` that names the field, and none of that answer is used.
"""

import re
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import UNSET, Meta, Raw, Struct, UnsetType, field

from movie_sync.errors import BadAnswer
from movie_sync.services.viki_shapes import Container, Marker, Markers, OnBillboard, User, Video

NAME = "viki"
MOST = 10**8  # no episode has this number, and no video so many seconds
LAST_S = 2**40

_NO_WORDS = re.compile(r"<(script|style)\b.*?(</\1>|\Z)|<[^>]*>", re.DOTALL | re.IGNORECASE)

T = TypeVar("T")


class _Origin(Struct):
    country: str | None = None
    language: str | None = None


class _Distributor(Struct):
    from_: str | int | None = field(default=None, name="from")


class _Flags(Struct):
    on_air: bool | None = None


class _Url(Struct):
    web: str | None = None


class _Container(Struct):
    id: str
    type: str | None = None
    titles: dict[str, str | None] | None = None
    titles_aka: dict[str, list[str | None] | str | None] | None = None
    titles_phonetic: dict[str, str | None] | None = None
    origin: _Origin | None = None
    planned_episodes: float | None = None
    distributors: list[_Distributor] | None = None
    created_at: str | int | float | None = None
    flags: _Flags | None = None
    url: _Url | None = None


class _Watched(Struct):
    id: str | None = None
    number: float | None = None
    updated_at: str | int | float | None = None


class _OnBillboard(Struct):
    last_watched: _Watched | None = None


class _Of(Struct):
    id: str | None = None


class _Video(Struct):
    id: str
    type: str | None = None
    number: float | None = None
    titles: dict[str, str | None] | None = None
    duration: float | None = None
    credits_marker: float | None = None
    part_index: float | None = None
    container: _Of | None = None
    viki_air_time: float | str | None = None
    blocked: bool | None = None
    blocking: dict[str, bool | None] | None = None


class _Marker(Struct):
    watch_marker: float | None = None
    credits_marker: float | None = None
    duration: float | None = None
    episode: float | None = None
    timestamp: str | int | float | None = None


class _Markers(Struct):
    markers: dict[str, dict[str, Raw]]
    updated_till: Annotated[float, Meta(ge=0, le=LAST_S)]
    more: bool | None = None


class _User(Struct):
    id: str | int | None = None
    username: str | None = None
    name: str | None = None
    user: "_User | UnsetType | None" = UNSET


class Page(Struct):
    """One page of a list."""

    response: list[Raw]
    more: bool | None = None


def read(content: bytes | Raw, form: type[T], what: str) -> T:
    """Raises BadAnswer, which says what has an unknown form, and where."""
    try:
        return msgspec.json.decode(content, type=form)
    except msgspec.ValidationError as error:
        message = f"{what} has an unknown form, and none of it was used: {error}"
        raise BadAnswer(NAME, message) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadAnswer(NAME, f"{what} is not JSON") from error


def markers(content: bytes, what: str) -> Markers:
    told = read(content, _Markers, what)
    found = [
        _marker(container_id, video_id, raw, what)
        for container_id, videos in told.markers.items()
        for video_id, raw in videos.items()
    ]
    return Markers(
        markers=tuple(found), updated_till_s=int(told.updated_till), more=bool(told.more)
    )


def _marker(container_id: str, video_id: str, raw: Raw, what: str) -> Marker:
    """Told as an object, or as nothing but the seconds."""
    told = read(raw, float | _Marker | None, f"{what}: the marker of {container_id}/{video_id}")  # type: ignore[arg-type]
    if not isinstance(told, _Marker):
        told = _Marker(watch_marker=told)
    return Marker(
        video_id=video_id,
        container_id=container_id,
        episode=whole(told.episode),
        seconds=_seconds(told.watch_marker),
        duration_s=_seconds(told.duration),
        credits_s=_seconds(told.credits_marker),
        at=moment(told.timestamp),
    )


def container(content: bytes | Raw, what: str) -> Container:
    told = read(content, _Container, what)
    origin, phonetic = told.origin or _Origin(), told.titles_phonetic or {}
    years = [_year(told.created_at), *(_year(each.from_) for each in told.distributors or ())]
    return Container(
        id=told.id,
        type=told.type,
        titles=_filled(told.titles),
        other_titles=_others(told.titles_aka),
        phonetic=phonetic.get("en") or next(filter(None, phonetic.values()), None),
        country=(origin.country or "").lower() or None,
        language=origin.language or None,
        planned_episodes=whole(told.planned_episodes) or None,
        on_air=told.flags.on_air if told.flags else None,
        url=told.url.web if told.url else None,
        not_after=min(filter(None, years), default=None),
    )


def on_billboard(raw: Raw, what: str) -> OnBillboard:
    last = read(raw, _OnBillboard, what).last_watched or _Watched()
    return OnBillboard(
        container=container(raw, what),
        last_video_id=last.id,
        last_watched_at=None if last.updated_at is None else str(last.updated_at),
        last_number=whole(last.number),
    )


def video(raw: Raw, what: str) -> Video:
    told = read(raw, _Video, what)
    blocking = [why for why, is_so in (told.blocking or {}).items() if is_so]
    return Video(
        id=told.id,
        container_id=told.container.id if told.container else None,
        type=told.type,
        number=whole(told.number),
        titles=_filled(told.titles),
        duration_s=_seconds(told.duration),
        credits_s=_seconds(told.credits_marker),
        part=whole(told.part_index),
        air_at=moment(told.viki_air_time),
        kept_back=tuple(blocking) or (("blocked",) if told.blocked else ()),
    )


def user(content: bytes, what: str) -> User | None:
    """Who is signed in; None: nobody is."""
    told: _User | None = read(content, _User | None, what)  # type: ignore[arg-type]
    found = told.user if told and not isinstance(told.user, UnsetType) else told
    if found is None:
        return None
    name = found.username or found.name or found.id
    if name is None:
        raise BadAnswer(NAME, f"{what} has an unknown form: it names no user")
    return User(None if found.id is None else str(found.id), str(name))


def whole(number: float | None) -> int | None:
    """None for what is no whole number: there is an episode 4.5, and it is none of the count."""
    is_whole = number is not None and abs(number) <= MOST and number == int(number)
    return int(number) if number is not None and is_whole else None


def moment(told: str | float | None) -> datetime | None:
    """A time of ISO 8601 or in Unix seconds; one that names no zone is in UTC. None: no time."""
    try:
        if isinstance(told, str):
            at = datetime.fromisoformat(told.strip())
            return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
        return datetime.fromtimestamp(told, UTC) if told and told > 0 else None
    except (ValueError, OverflowError, OSError):
        return None


def words(content: bytes) -> str:
    """What a refusal says of itself, in whatever form; empty where it says nothing."""
    try:
        told = msgspec.json.decode(content)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return _plain(_NO_WORDS.sub(" ", content[:4096].decode("utf-8", "replace")))
    return _plain(" ".join(_texts(told)))


def _texts(told: Any) -> list[str]:
    match told:
        case str():
            return [told]
        case list():
            return [text for each in told for text in _texts(each)]
        case dict():
            named = ("error", "errors", "message", "error_description", "details")
            return [text for name in named for text in _texts(told.get(name))]
        case _:
            return []


def _plain(text: str) -> str:
    """One line, and nothing in it that may be a secret."""
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    return re.sub("[A-Za-z0-9_-]{20,}", "...", " ".join(printable.split()))[:120]


def _seconds(told: float | None) -> int | None:
    return None if told is None or told > MOST else max(int(told), 0)


def _year(told: str | float | None) -> int | None:
    if isinstance(told, str) and (found := re.match(r"(19|20)\d\d(?!\d)", told.strip())):
        return int(found[0])
    at = moment(told) if not isinstance(told, str) else None
    return at.year if at else None


def _filled(titles: dict[str, str | None] | None) -> dict[str, str]:
    return {language: title.strip() for language, title in (titles or {}).items() if title}


def _others(told: dict[str, list[str | None] | str | None] | None) -> dict[str, tuple[str, ...]]:
    found = {}
    for language, names in (told or {}).items():
        listed = [names] if isinstance(names, str) else names or []
        if some := tuple(name.strip() for name in listed if name and name.strip()):
            found[language] = some
    return found
