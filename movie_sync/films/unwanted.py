"""Films in the library that no list names any more: whether one may go, and what it waits for.

Judges, and changes nothing. Every doubt is a reason to wait: a list that was not read, a torrent
client that is silent, a file that is not the one that was placed.
"""

import os
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from msgspec import Struct

from movie_sync.films import recycle
from movie_sync.films.bringing import How
from movie_sync.films.items import KIND
from movie_sync.films.recycled import print_of
from movie_sync.films.space import sized
from movie_sync.models import Item, Phase, Transfer
from movie_sync.retries import span
from movie_sync.settings import Seeding

# In an item's data.
SINCE = "unwanted_at"
LEFT = "left"  # sources that it has left
PLACED_AS = "placed_as"  # size and time of the film's file, as it was placed
REMOVING = "removing"  # the name of its removal in the recycle folder, while that is under way
SEEN_BY = "seen_by"  # the member who has seen it


class Rules(Struct, frozen=True, kw_only=True):
    """What a person has set."""

    enabled: bool
    grace: timedelta
    seeding: Seeding
    keep_watched: bool
    recycled_for: timedelta


class Standing(Struct, frozen=True, kw_only=True):
    """One film that nobody wants: what would go, and when."""

    id: str
    title: str
    since: datetime
    due_at: datetime  # the end of its grace time
    files: tuple[str, ...]
    size_bytes: int
    priority: int
    waits: tuple[str, ...] = ()  # what for; none: it goes at the next pass
    stays: str | None = None  # why it never goes


class Torrents(Struct, frozen=True):
    """What the torrent client says of those asked for; or why it says nothing."""

    known: Mapping[str, Transfer] = {}
    silent: str | None = None


class Known(Struct, frozen=True):
    """What holds for all films of one look."""

    rules: Rules
    torrents: Torrents
    doubt: str | None  # why it cannot be told what the lists name now


def is_ours(item: Item) -> bool:
    """Whether this program placed it: it notes how, and by which download."""
    data = item.data
    return bool(data.get("path") and data.get("handle")) and data.get("how") in (
        How.LINKED,
        How.COPIED,
    )


def is_to_go(item: Item) -> bool:
    """Of what is in the library: whether it may go at all, sooner or later."""
    return is_unwanted(item) and is_ours(item)


def look(
    done: Iterable[Item], everything: Sequence[Item], known: Known, now: datetime
) -> list[Standing]:
    """Every film that nobody wants, in the order in which they would make room."""
    beside = _by_place(everything)
    found = [
        standing(item, of_others(item, beside(item)), known, now) for item in done if is_to_go(item)
    ]
    return [*in_order(found), *(each for each in found if each.stays)]


def is_unwanted(item: Item) -> bool:
    return item.kind == KIND and not item.wanted_by


def since(item: Item) -> datetime | None:
    """When it was first seen unwanted; None where that is not noted, or not as a time."""
    try:
        at = datetime.fromisoformat(str(item.data.get(SINCE)))
    except ValueError:
        return None
    return at if at.tzinfo else None


def belongings(item: Item, others: Collection[Path]) -> tuple[Path, ...]:
    """The files that we placed for it, less those that belong to another item."""
    found = recycle.belongings(Path(item.data["path"]))
    return tuple(path for path in found if path not in others)


def of_others(item: Item, items: Iterable[Item]) -> set[Path]:
    """All files of other films and versions that lie in the folder of this one."""
    folder = f"{recycle.folder_of(Path(item.data['path']))}{os.sep}"
    paths = [str(each.data["path"]) for each in items if "path" in each.data and each.id != item.id]
    near = [Path(path) for path in paths if path.startswith(folder)]
    return {belonging for path in near for belonging in (path, *recycle.belongings(path))}


def _by_place(items: Iterable[Item]) -> Callable[[Item], list[Item]]:
    """What finds the items whose files lie in the folder of one, without looking at all of them."""
    placed = sorted((item for item in items if "path" in item.data), key=_path)
    paths = list(map(_path, placed))

    def beside(item: Item) -> list[Item]:
        folder = f"{recycle.folder_of(Path(_path(item)))}{os.sep}"
        behind = folder[:-1] + chr(ord(os.sep) + 1)
        return placed[bisect_left(paths, folder) : bisect_left(paths, behind)]

    return beside


def _path(item: Item) -> str:
    return str(item.data["path"])


def standing(item: Item, others: Collection[Path], known: Known, now: datetime) -> Standing:
    """Where a film is on its way out, by all that is known without asking who has seen it."""
    began = since(item) or now
    files = belongings(item, others)
    prints = [there for path in files if (there := print_of(path))]
    stays = _never(item, others)
    due_at = began + known.rules.grace
    waits = () if stays else tuple(_waits(item, due_at, known, now))
    return Standing(
        id=item.id,
        title=item.title,
        since=began,
        due_at=due_at,
        files=tuple(map(str, files)),
        size_bytes=sum(there.size_bytes for there in prints),
        priority=item.priority,
        waits=waits,
        stays=stays,
    )


def _never(item: Item, others: Collection[Path]) -> str | None:
    path = Path(item.data["path"])
    if path in others:
        return "another film has the same file"
    noted, there = item.data.get(PLACED_AS), print_of(path)
    if there and isinstance(noted, dict):
        as_placed = noted.get("size_bytes"), noted.get("modified_s")
        if as_placed != (there.size_bytes, there.modified_s):
            return "its file is not the one that was placed, but one of yours"
    return None


def _waits(item: Item, due_at: datetime, known: Known, now: datetime) -> Iterable[str]:
    if due_at > now:
        yield f"its grace time ends on {due_at:%Y-%m-%d %H:%M} UTC"
    if known.doubt:
        yield f"{known.doubt}, and may list it"
    if duty := _duty(item, known.rules.seeding, known.torrents):
        yield duty
    if known.rules.keep_watched and (seen_by := item.data.get(SEEN_BY)):
        yield f"{seen_by} has seen it, and when_watched is keep"


def _duty(item: Item, seeding: Seeding, torrents: Torrents) -> str | None:
    """What its torrent still has to give. One of somebody else stays with them, and one that the
    client has no more owes nothing."""
    if item.data.get("adopted"):
        return None
    if torrents.silent:
        return f"whether it has seeded enough is not known: {torrents.silent}"
    transfer = torrents.known.get(item.data["handle"])
    if transfer is None:
        return None
    if transfer.phase is not Phase.DONE and transfer.progress < 1:
        return "its torrent is not whole at the moment"
    if transfer.ratio >= seeding.ratio or transfer.seeding_s >= seeding.hours * 3600:
        return None
    return (
        f"it seeds until ratio {seeding.ratio:g} or {span(seeding.hours * 3600)}; so far ratio"
        f" {transfer.ratio:.2f}, {span(transfer.seeding_s)}"
    )


def members(item: Item, followed: Sequence[str]) -> list[str]:
    """Whose watchlists it has left, which drop a film once it is watched.

    Where that is not noted, all who are followed. A list, unlike a watchlist, keeps what its
    maker has seen.
    """
    noted = item.data.get(LEFT)
    sources = noted if isinstance(noted, list) else followed
    return [str(name) for name in sources if is_watchlist(str(name))]


def is_watchlist(source: str) -> bool:
    site, _, name = source.partition(":")
    return site == "folder" or (site == "letterboxd" and "/" not in name)


def in_order(plan: Iterable[Standing]) -> list[Standing]:
    """In which order films would be dropped to make room: unwanted longest, then of least
    priority, then largest."""
    return sorted(
        (each for each in plan if not each.stays),
        key=lambda each: (each.since, each.priority, -each.size_bytes),
    )


def enough(ranked: Sequence[Standing], need_bytes: int) -> list[Standing]:
    """As many of the first ones as free that much; all where no amount is named."""
    if not need_bytes:
        return list(ranked)
    taken, freed = list[Standing](), 0
    for each in ranked:
        if freed >= need_bytes:
            break
        taken.append(each)
        freed += each.size_bytes
    return taken


def told(each: Standing) -> str:
    """A line for a person."""
    amount = f"{sized(each.size_bytes)}, nobody wants it since {each.since:%Y-%m-%d}"
    if each.stays:
        return f"{each.title} ({amount}) stays: {each.stays}"
    if each.waits:
        return f"{each.title} ({amount}) waits: {'; '.join(each.waits)}"
    return f"{each.title} ({amount}) goes next"
