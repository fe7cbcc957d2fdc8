"""Removal from the library as a person sets it up and asks about it, whether the program runs or
not. What decides and acts is `films/removal.py`."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from movie_sync import actions, control, settings, wiring
from movie_sync.config import folder
from movie_sync.films import recycle, unwanted
from movie_sync.films.owned import Library
from movie_sync.films.recycled import Recycled
from movie_sync.films.removal import HasSeen, Removal
from movie_sync.films.story import Stories
from movie_sync.films.sync import Parts
from movie_sync.films.undo import WayBack
from movie_sync.films.unwanted import Known, Rules, Standing, Torrents
from movie_sync.films.watchlists import Memory
from movie_sync.http import Pacer
from movie_sync.instance import owned
from movie_sync.models import State
from movie_sync.queue_load import load
from movie_sync.queues import QueueManager
from movie_sync.services import WatchlistSource

WISHES = ("cleanup", "undo")
NOT_ASKED = "it is asked while the program runs"

Answer = dict[str, Any]


class Recovery(msgspec.Struct):
    """A film that `undo` brings back, until then."""

    id: str
    title: str
    until: datetime


class Outlook(msgspec.Struct):
    """What would go, what it waits for, and what can still be brought back."""

    enabled: bool
    films: list[Standing]
    recycled: list[Recovery]
    problem: str | None = None


def removal(
    config: settings.Config,
    home: Path,
    parts: Parts,
    memory: Memory,
    sources: Sequence[WatchlistSource],
    *,
    has_seen: HasSeen,
) -> Removal:
    """The pass that the running program repeats."""
    names = [source.name for source in sources]
    bin_ = _recycled(config, home)
    return Removal(parts, memory, rules(config), bin_, sources=names, has_seen=has_seen)


def rules(config: settings.Config) -> Rules:
    return Rules(
        enabled=config.enable_removal_cleanup,
        grace=timedelta(seconds=config.removal_grace_period),
        seeding=config.seeding,
        keep_watched=config.when_watched == "keep",
        recycled_for=timedelta(days=config.recycle_days),
    )


def perform(removing: Removal, queue: QueueManager, request: Answer) -> Answer:
    """Fulfil one of `WISHES` within the running program."""
    now = datetime.now(UTC)
    if request.get("do") == "undo":
        _, item = actions.find(queue, str(request.get("id")))
        path = removing.undo(item.id, now)
        return {"id": item.id, "title": item.title, "path": str(path)}
    return {"outlook": msgspec.to_builtins(outlook(removing, now))}


def outlook(removing: Removal, now: datetime) -> Outlook:
    """As the running program has it."""
    films, recycled = removing.standings(now), removing.recycled
    return Outlook(
        removing.rules.enabled, films, _recoveries(recycled, removing.rules), removing.problem
    )


def look(home: Path, config: settings.Config) -> Outlook:
    """What the running program says; or what its files tell, where none runs."""
    if answer := control.ask(home, do="cleanup"):
        return msgspec.convert(answer["outlook"], Outlook)
    items, _ = load(home, reader=True)
    everything = [item for state in State for item in items[state].values()]
    memory = Memory(home / "watchlist.json")
    sources, _ = wiring.watchlists(config, home, Pacer())
    doubt = memory.doubt([source.name for source in sources])
    known = Known(rules(config), Torrents(silent=NOT_ASKED), doubt)
    done = list(items[State.COMPLETED].values())
    films = unwanted.look(done, everything, known, datetime.now(UTC))
    recycled = _recoveries(_recycled(config, home), known.rules)
    return Outlook(known.rules.enabled, films, recycled)


def undo(home: Path, config: settings.Config, name: str) -> Answer:
    """Have a film brought back; by the running program, or right here when none runs.

    Raises:
        QueueError, FilesError: it could not be; the message says what is as it was.
    """
    answer = control.ask(home, do="undo", id=name)
    if answer is not None:
        return answer
    with owned(home):
        queue = QueueManager(home)
        try:
            _, item = actions.find(queue, name)
            library = Library(folder(config.library_directory), known=True)
            stories = Stories(home / "stories")
            way = WayBack(queue, library, stories, _recycled(config, home))
            path = way.bring_back(item.id, datetime.now(UTC))
            return {"id": item.id, "title": item.title, "path": str(path)}
        finally:
            queue.close()


def _recycled(config: settings.Config, home: Path) -> Recycled:
    inside = folder(config.library_directory) / recycle.FOLDER
    where = folder(config.recycle_directory) if config.recycle_directory else inside
    return Recycled(home / "recycled.json", where)


def _recoveries(recycled: Recycled, held: Rules) -> list[Recovery]:
    return [
        Recovery(entry.item, entry.title, entry.at + held.recycled_for)
        for entry in recycled.entries().values()
    ]
