"""`--dry-run`: the same passes on a copy of the queues, with a torrent client that only takes note.

Watchlists and indexers are really asked, and their budgets really spent; nothing is downloaded,
placed or remembered. Of shows is said what would be added by what is stored of them.
"""

import dataclasses
import shutil
import tempfile
import threading
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from movie_sync import log, queue_files, wiring
from movie_sync.cli.context import Context
from movie_sync.errors import ConfigError, MovieSyncError
from movie_sync.films.items import KIND
from movie_sync.films.search import search_next
from movie_sync.films.story import Stories
from movie_sync.films.torrent_store import TorrentStore
from movie_sync.films.wanted import read_watchlists
from movie_sync.films.watchlists import Memory
from movie_sync.models import Item, State, Transfer
from movie_sync.queue_load import in_order, load
from movie_sync.queues import QueueManager
from movie_sync.running import cautious
from movie_sync.services import DownloadClient
from movie_sync.torrents import read

MANY = 1_000_000


class Notebook:
    """A `DownloadClient` that is asked whether it is well, and is given nothing."""

    shared = True

    def __init__(self, client: DownloadClient) -> None:
        self.name, self._client = client.name, client

    def check(self) -> str:
        return self._client.check()

    def add(self, torrent: bytes, save_to: Path) -> str:
        return read(torrent, self.name).handle

    def transfers(self, handles: Collection[str]) -> dict[str, Transfer]:
        return {}

    def remove(self, handle: str, *, with_files: bool) -> None:
        pass

    def relabel(self, handle: str, label: str) -> None:
        pass

    def close(self) -> None:
        self._client.close()


def dry_run(context: Context) -> int:
    """Print what a run would do now; returns the exit code."""
    config = context.loaded().config
    with (
        tempfile.TemporaryDirectory(prefix="movie_sync-dry-") as folder,
        log.opened(None, context.redactor, level="warning"),
    ):
        copy = Path(folder)
        before = _copy(context.home, copy)
        queue = QueueManager(copy, retries=wiring.retries(config))
        try:
            code = 0
            if not wiring.shows_alone(config):
                code = _rehearse(context, queue, copy, before)
        finally:
            queue.close()
        if config.shows.enabled:
            from movie_sync.cli.dry_run_shows import dry_run as of_shows

            code = max(code, of_shows(context, cautious(context.loaded())))
        return code


def _copy(home: Path, copy: Path) -> set[str]:
    """The queues and watchlists as they are now; returns the ids that are done already."""
    items, _ = load(home, reader=True)
    for state in State:
        lines = map(queue_files.encode, in_order(state, items[state]))
        queue_files.write(copy, state, lines)
    if (home / "watchlist.json").exists():
        shutil.copy(home / "watchlist.json", copy)
    return set(items[State.COMPLETED]) | {i.id for i in items[State.ACTIVE].values() if i.handle}


def _rehearse(context: Context, queue: QueueManager, copy: Path, before: set[str]) -> int:
    config, stop = context.loaded().config, threading.Event()
    real, sources = wiring.parts(
        config, context.home, context.credentials(), queue, wiring.pacer(stop)
    )
    client = Notebook(real.client)
    parts = dataclasses.replace(
        real,
        client=client,
        torrents=TorrentStore(copy / "torrents"),
        stories=Stories(copy / "stories"),
        most_loading=MANY,
    )
    memory = Memory(copy / "watchlist.json")
    for listed in memory.sources.values():
        listed.next_at = None
    code = 0
    try:
        now = datetime.now(UTC)
        read_watchlists(sources, queue, memory, timedelta(seconds=config.check_interval), now)
        while search_next(parts, datetime.now(UTC)):
            pass
    except MovieSyncError as error:
        code = 3 if isinstance(error, ConfigError) else 1
        click.echo(f"stopped here: {context.redactor.clean(str(error))}", err=True)
    finally:
        client.close()
    for name, listed in memory.sources.items():
        click.echo(f"{name}: {listed.problem or f'{len(listed.films)} films'}")
    for state in State:
        for item in queue.iter(state):
            if item.id not in before and item.kind == KIND:
                click.echo(f"{item.title}: {_would(state, item)}")
    return code


def _would(state: State, item: Item) -> str:
    match state:
        case State.ACTIVE:
            release = item.data["release"]
            return f"would download {release['name']} ({release['size_bytes'] / 1e9:.1f} GB)"
        case State.COMPLETED:
            return f"already in the library as {item.data.get('path')}"
        case State.FAILED:
            return f"would wait: {item.last_error}"
        case State.PENDING:
            return "would be searched"
        case _:
            return "is set aside as removed"
