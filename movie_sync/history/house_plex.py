"""What Plex tells of by its webhook: `media.scrobble`, at nine tenths, and `media.rate`.

Source: https://support.plex.tv/articles/115002267687-webhooks/ as of 2026; a form with the JSON
under "payload", of a server whose owner has a Plex Pass. The one thing to know: of an episode it
tells the ids of the episode, and of the show none that others know; see `house_store`.
"""

import re
from datetime import datetime

import msgspec
from msgspec import Struct, field

from movie_sync.history.house_reading import Heard, read
from movie_sync.history_models import Play, Rating, Work
from movie_sync.library_models import Kind
from movie_sync.table_cells import Malformed

SOURCE = "plex"
PLAYED, RATED = "media.scrobble", "media.rate"

_GUID = re.compile(r"(?P<provider>imdb|tmdb|tvdb)://(?P<id>tt\d+|\d+)$")
# Of agents before 2020: "com.plexapp.agents.thetvdb://81189/1/2?lang=en".
_OLD = re.compile(
    r"com\.plexapp\.agents\.(?P<agent>imdb|themoviedb|thetvdb)://(?P<id>tt\d+|\d+)(?=[/?]|$)"
)
_AGENTS = {"imdb": "imdb", "themoviedb": "tmdb", "thetvdb": "tvdb"}


class _Account(Struct):
    title: str = ""


class _Server(Struct):
    uuid: str = ""


class _Guid(Struct):
    id: str = ""


class _Metadata(Struct, rename="camel"):
    type: str
    rating_key: str
    title: str = ""
    year: int | None = None
    guid: str = ""
    guids: list[_Guid] = field(default_factory=list, name="Guid")
    library_section_id: int | str | None = field(default=None, name="librarySectionID")
    grandparent_title: str = ""
    grandparent_guid: str = ""
    parent_index: int | None = None
    index: int | None = None
    user_rating: float | None = None


class _Event(Struct):
    event: str
    owner: bool = False
    account: _Account = field(default_factory=_Account, name="Account")
    server: _Server = field(default_factory=_Server, name="Server")
    metadata: dict[str, object] | None = field(default=None, name="Metadata")
    rating: float | None = None


def heard(text: bytes, now: datetime, accounts: frozenset[str]) -> Heard:
    """Raises Malformed."""
    event = read(text, _Event, "Plex")
    if event.event not in (PLAYED, RATED):
        return Heard(sentence=f"plex: {event.event[:40]} is no play")
    if not _counts(event, accounts):
        return Heard(
            sentence=f"plex: {event.account.title[:40]} is none of the accounts that count"
        )
    if event.metadata is None:
        raise Malformed(f"this {event.event} of Plex does not say what was watched")
    try:
        told = msgspec.convert(event.metadata, _Metadata, strict=False)
    except msgspec.ValidationError as error:
        raise Malformed(f"this {event.event} of Plex has an unknown form: {error}") from error
    work = _work(told)
    if work is None:
        return Heard(sentence=f"plex: a {told.type[:20]} is neither film nor episode")
    section = told.library_section_id
    uri = f"plex:{section}:{told.rating_key}:" if section is not None else None
    if event.event == RATED:
        return _rated(event, told, work, now, uri)
    # Plex gives an event no name; sent twice, it is of the same minute or the same day.
    minute = int(now.timestamp() // 60)
    key = f"plex:{event.server.uuid}:{event.account.title}:{told.rating_key}:{minute}"
    play = Play(key=key, source=SOURCE, work=work, watched_at=now, told_id=told.rating_key)
    return Heard(sentence=f"plex: {work} was watched", play=play, uri=uri)


def _counts(event: _Event, accounts: frozenset[str]) -> bool:
    return event.account.title.casefold() in accounts if accounts else event.owner


def _rated(event: _Event, told: _Metadata, work: Work, now: datetime, uri: str | None) -> Heard:
    said = event.rating if event.rating is not None else told.user_rating
    tenths = round(said) if said is not None else 0
    if tenths not in range(1, 11):
        return Heard(sentence=f"plex: the rating of {work} was taken away; what was kept stays")
    rating = Rating(work=work, source=SOURCE, tenths=tenths, rated_at=now)
    return Heard(sentence=f"plex: {work} was rated {tenths}", rating=rating, uri=uri)


def _work(told: _Metadata) -> Work | None:
    ids = _ids([told.guid, *(one.id for one in told.guids)])
    if told.type == "movie":
        if not told.title:
            raise Malformed("this event of Plex tells no title")
        return Work(kind=Kind.FILM, title=told.title, year=told.year, ids=ids)
    if told.type != "episode":
        return None
    if not told.grandparent_title or told.index is None:
        raise Malformed("this event of Plex does not say which episode of which show it is")
    return Work(
        kind=Kind.SHOW,
        title=told.grandparent_title,
        ids=_ids([told.grandparent_guid, told.guid if _OLD.match(told.guid) else ""]),
        season=told.parent_index or 0,
        episode=told.index,
        episode_title=told.title or None,
        episode_ids={} if _OLD.match(told.guid) else ids,
    )


def _ids(guids: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for guid in guids:
        if one := _GUID.match(guid):
            found.setdefault(one["provider"], one["id"])
        elif one := _OLD.match(guid):
            found.setdefault(_AGENTS[one["agent"]], one["id"])
    return found
