"""From settings and credentials to those who are told: a person, and media servers.

One that is set up wrongly stops nothing: its errands wait, and say what is missing.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from movie_sync import media_server_settings as sections
from movie_sync import settings, wiring
from movie_sync.breaker import Breaker
from movie_sync.credentials import Credentials
from movie_sync.errands import Errands, Target
from movie_sync.errors import ConfigError
from movie_sync.http import Http, Pacer
from movie_sync.messages import NOTICE, REFRESH, Notice
from movie_sync.needs import Lists, Trouble
from movie_sync.notices import Notices
from movie_sync.queues import QueueManager
from movie_sync.services import Checkable, MediaServer, Messenger

NO_PLEX = "Plex needs its token: run `credentials set plex.token`"
NO_JELLYFIN = "Jellyfin needs an API key: run `credentials set jellyfin.api_key`"


class SetUpWrongly:
    """Stands where a target cannot be made, and says why."""

    def __init__(self, name: str, error: ConfigError) -> None:
        self.name, self._error = name, error

    def send(self, notice: Notice) -> None:
        raise self._error

    def refresh(self, change: object) -> None:
        raise self._error

    def check(self) -> str:
        raise self._error


def errands(
    config: settings.Config,
    home: Path,
    credentials: Credentials,
    pace: Pacer,
    *,
    queue: QueueManager,
    memory: Lists,
    trouble: Callable[[], Sequence[Trouble]],
) -> Errands | None:
    """What the fourth worker repeats; None where nobody is to be told."""
    found = targets(config, home, credentials, pace)
    if not found:
        return None
    notices, retries = Notices(home, config.notifications), wiring.retries(config)
    return Errands(home, queue, memory, found, notices=notices, retries=retries, trouble=trouble)


def targets(
    config: settings.Config, home: Path, credentials: Credentials, pace: Pacer
) -> list[Target]:
    """All who are told; each rests for a while when it fails."""
    told = [
        Target(one.name, NOTICE, one.send, Breaker(home, one.name, login).renewed())
        for one, login in messengers(config, credentials, pace)
    ]
    for server, login in media_servers(config, credentials, pace):
        breaker = Breaker(home, server.name, login).renewed()
        told.append(Target(server.name, REFRESH, server.refresh, breaker))
    return told


def checkable(
    config: settings.Config, credentials: Credentials, pace: Pacer
) -> Iterator[Checkable]:
    """Those that can be asked whether they work. A webhook cannot: it would take it for news."""
    for messenger, _ in messengers(config, credentials, pace):
        if isinstance(messenger, Checkable):
            yield messenger
    for server, _ in media_servers(config, credentials, pace):
        yield server


def trials(
    config: settings.Config, credentials: Credentials, notice: Notice
) -> dict[str, Callable[[], str]]:
    """How to see whether each works, by name: notices really go out, media servers are asked."""
    pace = Pacer()
    ways: dict[str, Callable[[], str]] = {
        one.name: partial(_send, one, notice) for one, _ in messengers(config, credentials, pace)
    }
    return ways | {
        server.name: server.check for server, _ in media_servers(config, credentials, pace)
    }


def _send(messenger: Messenger, notice: Notice) -> str:
    messenger.send(notice)
    return "it took the notice"


def messengers(
    config: settings.Config, credentials: Credentials, pace: Pacer
) -> Iterator[tuple[Messenger, str]]:
    """Who brings notices, and what a refused login is known by."""
    if not config.notifications.enabled:
        return
    address, secret = credentials.get("notify.webhook"), credentials.get("notify.webhook_secret")
    if address:
        yield _webhook(address, secret, pace), address
    topic, token = credentials.get("notify.ntfy"), credentials.get("notify.ntfy_token")
    if topic:
        yield _ntfy(topic, token, pace), f"{topic} {token}"
    if addresses := credentials.get("notify.apprise"):
        from movie_sync.services.apprise_urls import all_of

        for one in all_of(addresses):
            yield one, addresses


def media_servers(
    config: settings.Config, credentials: Credentials, pace: Pacer
) -> Iterator[tuple[MediaServer, str]]:
    """Who is told of changes of the library, and what a refused login is known by."""
    if config.plex.url:
        token = credentials.get("plex.token") or ""
        yield _plex(config.plex, token, pace), token
    if config.jellyfin.url:
        key = credentials.get("jellyfin.api_key") or ""
        yield _jellyfin(config.jellyfin, key, pace), key
    if config.kodi.url:
        from movie_sync.services.kodi import Kodi

        password = credentials.get("kodi.password") or ""
        auth = (config.kodi.username, password) if password else None
        http = Http("kodi", config.kodi.url, pacer=pace, auth=auth)
        yield Kodi(http, config.kodi), f"{config.kodi.username}:{password}"


def _webhook(address: str, secret: str | None, pace: Pacer) -> Messenger:
    from movie_sync.services.webhook import NAME, Webhook

    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        parts, host = urlsplit(""), None
    if parts.scheme not in ("http", "https") or not host:
        message = "notify.webhook must be an address that begins with https:// or http://"
        return SetUpWrongly(NAME, ConfigError(f"{message}; no notice goes there"))
    auth = (parts.username, parts.password or "") if parts.username else None
    base = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return Webhook(Http(NAME, base, pacer=pace, auth=auth, private=True), path, secret)


def _ntfy(address: str, token: str | None, pace: Pacer) -> Messenger:
    from movie_sync.services.ntfy import NAME, Ntfy, parted

    try:
        base, topic = parted(address)
    except ConfigError as error:
        return SetUpWrongly(NAME, error)
    sent = {"Authorization": f"Bearer {token}"} if token else {}
    return Ntfy(Http(NAME, base, pacer=pace, headers=sent), topic)


def _plex(section: sections.Plex, token: str, pace: Pacer) -> MediaServer:
    from movie_sync.services.plex import NAME, Plex, headers

    if not token:
        return SetUpWrongly(NAME, ConfigError(NO_PLEX))
    return Plex(Http(NAME, section.url, pacer=pace, headers=headers(token)), section)


def _jellyfin(section: sections.Jellyfin, key: str, pace: Pacer) -> MediaServer:
    from movie_sync.services.jellyfin import NAME, Jellyfin, headers

    if not key:
        return SetUpWrongly(NAME, ConfigError(NO_JELLYFIN))
    return Jellyfin(Http(NAME, section.url, pacer=pace, headers=headers(key)), section)
