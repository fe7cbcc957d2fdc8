"""What Jellyfin and Emby tell of: that playing stopped, and whether at the end.

Source: https://github.com/jellyfin/jellyfin-plugin-webhook as of 2026, the destination "Generic"
with "Send All Properties", and Emby's webhooks as of 4.9. The one thing to know: the ids and the
year that they tell of an episode are the episode's, and not the show's.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from msgspec import Struct, field

from movie_sync.history.house_reading import Heard, read
from movie_sync.history.reading.moments import moment
from movie_sync.history_models import Play, Work
from movie_sync.library_models import Kind
from movie_sync.table_cells import Malformed

PROVIDERS = ("imdb", "tmdb", "tvdb")
BELIEVED = timedelta(days=7)  # a server may have been cut off so long; its clock is wrong beyond


class _Stopped(Struct, rename="pascal"):
    """By the plugin of Jellyfin."""

    notification_type: str
    item_type: str = ""
    item_id: str = ""
    name: str = ""
    year: int | None = None
    series_name: str = ""
    season_number: int | None = None
    episode_number: int | None = None
    played_to_completion: bool = False
    notification_username: str = ""
    user_id: str = ""
    server_id: str = ""
    utc_timestamp: str | None = None
    imdb: str | None = field(default=None, name="Provider_imdb")
    tmdb: str | None = field(default=None, name="Provider_tmdb")
    tvdb: str | None = field(default=None, name="Provider_tvdb")

    @property
    def ids(self) -> dict[str, str | None]:
        return {"imdb": self.imdb, "tmdb": self.tmdb, "tvdb": self.tvdb}


class _User(Struct, rename="pascal"):
    name: str = ""
    id: str = ""


class _Item(Struct, rename="pascal"):
    type: str = ""
    id: str = ""
    name: str = ""
    production_year: int | None = None
    series_name: str = ""
    parent_index_number: int | None = None
    index_number: int | None = None
    provider_ids: dict[str, str] = field(default_factory=dict)


class _Server(Struct, rename="pascal"):
    id: str = ""


class _Playback(Struct, rename="pascal"):
    played_to_completion: bool = False


class _EmbyEvent(Struct, rename="pascal"):
    event: str
    user: _User = field(default_factory=_User)
    item: _Item = field(default_factory=_Item)
    server: _Server = field(default_factory=_Server)
    playback_info: _Playback = field(default_factory=_Playback)
    date: str | None = None


class _Ended(Struct, frozen=True, kw_only=True):
    """The same of both."""

    source: str
    item: str
    user: str
    user_id: str
    server: str
    at: datetime
    work: Work
    to_its_end: bool


def of_jellyfin(text: bytes, now: datetime, accounts: frozenset[str]) -> Heard:
    """Raises Malformed."""
    told = read(text, _Stopped, "Jellyfin")
    if told.notification_type != "PlaybackStop":
        return Heard(sentence=f"jellyfin: {told.notification_type[:40]} is no play")
    work = _work(
        "Jellyfin", told.item_type, (told.name, told.year, told.series_name),
        (told.season_number, told.episode_number), told.ids,
    )  # fmt: skip
    if work is None:
        return Heard(sentence=f"jellyfin: {told.item_type[:20]} is neither film nor episode")
    return _heard(
        _Ended(
            source="jellyfin", item=told.item_id, user=told.notification_username,
            user_id=told.user_id, server=told.server_id, at=_at(told.utc_timestamp, now),
            work=work, to_its_end=told.played_to_completion,
        ),
        accounts,
    )  # fmt: skip


def of_emby(text: bytes, now: datetime, accounts: frozenset[str]) -> Heard:
    """Raises Malformed."""
    told = read(text, _EmbyEvent, "Emby")
    if told.event != "playback.stop":
        return Heard(sentence=f"emby: {told.event[:40]} is no play")
    item = told.item
    ids = {name.casefold(): id_ for name, id_ in item.provider_ids.items()}
    work = _work(
        "Emby", item.type, (item.name, item.production_year, item.series_name),
        (item.parent_index_number, item.index_number), ids,
    )  # fmt: skip
    if work is None:
        return Heard(sentence=f"emby: {item.type[:20]} is neither film nor episode")
    return _heard(
        _Ended(
            source="emby", item=item.id, user=told.user.name, user_id=told.user.id,
            server=told.server.id, at=_at(told.date, now), work=work,
            to_its_end=told.playback_info.played_to_completion,
        ),
        accounts,
    )  # fmt: skip


def _heard(told: _Ended, accounts: frozenset[str]) -> Heard:
    who = told.source
    if accounts and told.user.casefold() not in accounts:
        return Heard(sentence=f"{who}: {told.user[:40]} is none of the accounts that count")
    if not told.to_its_end:
        return Heard(sentence=f"{who}: {told.work} was stopped before its end")
    minute = int(told.at.timestamp() // 60)
    play = Play(
        key=f"{who}:{told.server}:{told.user_id or told.user}:{told.item}:{minute}",
        source=who,
        work=told.work,
        watched_at=told.at,
        told_id=told.item or None,
    )
    uri = f"{who}:%:{told.item}:" if told.item.isalnum() else None
    return Heard(sentence=f"{who}: {told.work} was watched", play=play, uri=uri)


def _work(
    whose: str,
    type_: str,
    named: tuple[str, int | None, str],
    number: tuple[int | None, int | None],
    ids: Mapping[str, str | None],
) -> Work | None:
    """Args: `named` is title, year and series."""
    name, year, series = named
    known = {one: id_ for one in PROVIDERS if (id_ := ids.get(one))}
    if type_.casefold() == "movie":
        if not name:
            raise Malformed(f"this event of {whose} tells no title")
        return Work(kind=Kind.FILM, title=name, year=year, ids=known)
    if type_.casefold() != "episode":
        return None
    season, episode = number
    if not series or episode is None:
        raise Malformed(f"this event of {whose} does not say which episode of which show it is")
    return Work(
        kind=Kind.SHOW, title=series, season=season or 0, episode=episode,
        episode_title=name or None, episode_ids=known,
    )  # fmt: skip


def _at(told: str | None, now: datetime) -> datetime:
    """When it came, where it does not say when it was, or what cannot be."""
    try:
        at = moment(told)
    except Malformed:
        at = None
    return at if at and now - BELIEVED <= at <= now + timedelta(minutes=5) else now
