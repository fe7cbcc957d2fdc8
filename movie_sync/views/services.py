"""Who is asked and told outside this program: how each is, and how often it may still be asked.

Told by what is known of each; nobody is asked for it: that is `asked.py`.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from movie_sync import breaker, budgets, messages
from movie_sync.breaker import Rest
from movie_sync.credentials import of_torznab
from movie_sync.errors import FilesError
from movie_sync.settings import Config

if TYPE_CHECKING:
    from movie_sync.app import App

WELL, REFUSED, RESTS, NEXT = "well", "login refused", "rests", "asked next"
SECRETS = {
    "filelist": "filelist.passkey",
    "qbittorrent": "qbittorrent.password",
    "tmdb": "tmdb.api_key",
    "webhook": "notify.webhook",
    "ntfy": "notify.ntfy",
    "plex": "plex.token",
    "jellyfin": "jellyfin.api_key",
    "kodi": "kodi.password",
}


class Budget(Struct, frozen=True, kw_only=True):
    """How often it may still be asked."""

    left: int
    limit: int
    sentence: str


class Service(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One of them. Without `since` it never failed, as far as is known."""

    name: str
    state: str = WELL
    why: str | None = None
    since: datetime | None = None  # the first failure in a row; or the answer that ended them
    rests_until: datetime | None = None
    failures: int = 0  # in a row
    blocked: bool = False  # it answers others, but not us
    credential: str | None = None  # the secret that it lets us in for
    budget: Budget | None = None


class Services(Struct, frozen=True, kw_only=True):
    """All that are set up, by what they are for."""

    indexers: tuple[Service, ...]
    no_indexer: str | None  # what to do where there is none
    client: Service
    facts: tuple[Service, ...]
    notices: tuple[Service, ...]
    media_servers: tuple[Service, ...]


def known(home: Path, now: datetime) -> dict[str, Service]:
    """Those of which a failure was ever noted, set up or not, by name."""
    return {name: _service(name, rest, now) for name, rest in breaker.read_all(home).items()}


def budget_sentences(home: Path, now: datetime) -> dict[str, str]:
    """Of everyone who may be asked only so often, by name."""
    found = {}
    for path in sorted(home.glob("budget_*.json")):
        try:
            sentence = budgets.sentence(budgets.read(path), now.timestamp())
        except FilesError as error:
            sentence = str(error)
        found[path.stem.removeprefix("budget_")] = sentence
    return found


def of(app: "App", home: Path, config: Config, now: datetime) -> Services:
    """Those that a running program has."""
    noted = known(home, now)

    def one(name: str) -> Service:
        return replace(
            noted.get(name) or Service(name=name),
            credential=of_torznab(name) if name in config.torznab else SECRETS.get(name),
            budget=_budget(home, config, name, now),
        )

    targets = app.errands.targets if app.errands else ()
    return Services(
        indexers=tuple(one(each.name) for each in app.parts.indexers),
        no_indexer=None if app.parts.indexers else app.parts.no_indexer,
        client=_client(app, one(app.parts.client.name), now),
        facts=tuple(one(each.name) for each in app.parts.facts),
        notices=tuple(one(each.name) for each in targets if each.kind == messages.NOTICE),
        media_servers=tuple(one(each.name) for each in targets if each.kind == messages.REFRESH),
    )


def data(one: Service) -> dict[str, Any]:
    """What `status --json` tells of a service."""
    return {
        "state": one.state,
        "why": one.why,
        "since": one.since,
        "rests_until": one.rests_until,
        "failures": one.failures,
    }


def _service(name: str, rest: Rest, now: datetime) -> Service:
    since = datetime.fromtimestamp(rest.since, UTC)
    if not rest.failures:
        return Service(name=name, since=since)
    until = datetime.fromtimestamp(rest.until, UTC)
    state = REFUSED if rest.refused else RESTS if until > now else NEXT
    return Service(
        name=name, state=state, why=rest.why or None, since=since, rests_until=until,
        failures=rest.failures, blocked=rest.blocked,
    )  # fmt: skip


def _client(app: "App", one: Service, now: datetime) -> Service:
    """The torrent client, which is asked all the time: as the worker that does so has it."""
    for worker in app.workers:
        if worker.failure and worker.failure.startswith(f"{one.name}: "):
            state = REFUSED if worker.cause == "NotAuthorised" else NEXT
            why = worker.failure.removeprefix(f"{one.name}: ")
            return replace(one, state=state, why=why, since=worker.failed_since or now, failures=1)
    return one


def _budget(home: Path, config: Config, name: str, now: datetime) -> Budget | None:
    torznab = config.torznab.get(name)
    limit = torznab.calls_per_hour if torznab else 0
    if name == "filelist":
        limit = config.filelist.calls_per_hour
    if not limit:
        return None
    at = now.timestamp()
    try:
        spent = budgets.read(home / f"budget_{name}.json")
    except FilesError as error:
        return Budget(left=0, limit=limit, sentence=str(error))
    spent.limit, spent.per_s = limit, 3600
    return Budget(left=budgets.left(spent, at), limit=limit, sentence=budgets.sentence(spent, at))
