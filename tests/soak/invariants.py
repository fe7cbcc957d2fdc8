"""What must hold at any time, whatever went wrong outside. The first that does not is raised."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import msgspec

from movie_sync.films import activity, contents
from movie_sync.films.recycle import FOLDER
from movie_sync.films.story import MOST_EVENTS
from movie_sync.films.sync import blocked, release_id
from movie_sync.models import Item, State
from movie_sync.queue_load import load
from movie_sync.queue_moves import has
from movie_sync.retries import Retries
from tests.soak.films import ARRIVES, Movie
from tests.soak.life import Life
from tests.soak.outside import Broken

LONGEST_ITEM_BYTES = 64 * 1024
LARGEST_STORY_BYTES = 256 * 1024
LARGEST_JOURNAL_BYTES = 64 * 1024**2
MOST_RETRIES = Retries().max_retries

Items = dict[str, tuple[State, Item]]


def check_day(life: Life) -> None:
    """After each day: the queues against the truth outside."""
    items, by_movie = _items(life)
    for movie in life.movies:
        found = by_movie.get(movie.id)
        if found is None:
            if movie.queued:
                raise Broken(f"{movie.id} was named by a list, and is in no queue")
            continue
        _check_wants(movie, *found)
    for state, item in items.values():
        _check_item(life, state, item)


def check_all(life: Life) -> None:
    """Now and then: every file on the disk too."""
    check_day(life)
    items, _ = _items(life)
    _check_queue_files(life, items)
    _check_library(life, items)
    _check_sizes(life, items)


def check_at_rest(life: Life) -> None:
    """After the program has ended well: each item stands in one file, once."""
    seen: dict[str, str] = {}
    for state in State:
        path = life.home / f"queue_{state}.json"
        for entry in json.loads(path.read_bytes()):
            if entry["id"] in seen:
                raise Broken(f"{entry['id']} stands in {seen[entry['id']]} and in {path.name}")
            seen[entry["id"]] = path.name


def check_end(life: Life) -> int:
    """After some days without trouble all that can be had is there; returns how many are."""
    if missing := still_missing(life):
        raise Broken(f"{len(missing)} could be had; {missing[0]}")
    _, by_movie = _items(life)
    found = (by_movie.get(movie.id) for movie in life.movies)
    return sum(each is not None and each[0] is State.COMPLETED for each in found)


def still_missing(life: Life) -> list[str]:
    """What can be had and is not there yet, a sentence each. What is there, and only looked at
    for something better, is there."""
    _, by_movie = _items(life)
    missing = []
    for movie in life.movies:
        state, item = by_movie.get(movie.id, (None, None))
        if item is None or state is State.COMPLETED or has(item):
            continue
        if _can_be_had(life, movie, state, item):
            release = (item.data.get("release") or {}).get("name")
            missing.append(f"{movie.id} is {state}, {item.step}, {release}: {item.last_error}")
    return missing


def _can_be_had(life: Life, movie: Movie, state: State | None, item: Item) -> bool:
    if state is State.REMOVED or item.permanent:
        return False
    held = blocked(item)
    return any(
        offer.fate in ARRIVES
        and offer.since <= life.ends_at
        and not {release_id(offer.release), offer.handle} & held.keys()
        for offer in movie.offers
    )


def _items(life: Life) -> tuple[Items, Items]:
    """All items by id, and the first version of each film by every id that it answers to."""
    items = {item.id: (state, item) for state in State for item in life.queue.iter(state)}
    firsts = dict(items)
    for state, item in items.values():
        firsts |= dict.fromkeys(item.data.get("aliases", ()), (state, item))
    return items, firsts


def _check_wants(movie: Movie, state: State, item: Item) -> None:
    for name, since in movie.lists.items():
        told = movie.told.get(name)
        if told and told >= since and name not in item.wanted_by:
            raise Broken(f"{movie.id} is on {name}, and is {state}, wanted by {item.wanted_by}")
    if state is State.REMOVED and item.data.get("removed_by") == "hand" and not movie.removed:
        raise Broken(f"{movie.id} is removed by hand, which nobody wished")
    if movie.removed and state is not State.REMOVED:
        raise Broken(f"{movie.id} was removed by hand, and is {state}")


def _check_item(life: Life, state: State, item: Item) -> None:
    movie = _movie(life, item)
    if item.attempts > movie.blame:
        raise Broken(
            f"{item.id} used {item.attempts} attempts for {movie.blame} answers about it: "
            f"{item.last_error}"
        )
    by_itself = state is State.FAILED and item.permanent and not movie.skipped
    if by_itself and item.attempts < MOST_RETRIES:
        raise Broken(f"{item.id} was given up after {item.attempts} attempts: {item.last_error}")
    if state is State.COMPLETED:
        path = Path(item.data["path"])
        if path not in life.owned and _number_in(path) != movie.number:
            raise Broken(f"{item.id} is done, and {path} is not that film")
    if state is State.ACTIVE and item.handle is None:
        raise Broken(f"{item.id} is claimed, and nobody works on it")


def _movie(life: Life, item: Item) -> Movie:
    return life.world.by_number[int(item.id.partition("@")[0].rpartition(":")[2])]


def _number_in(path: Path) -> int | None:
    """Of the film that a file of ours truly holds; None where it is not there, or none of ours."""
    try:
        said = path.read_text().partition("\n")[0]
    except FileNotFoundError:
        return None
    return int(said.removeprefix("film ")) if said.startswith("film ") else None


def _check_queue_files(life: Life, items: Items) -> None:
    loaded, _ = load(life.home, reader=True)
    on_disk = {id_: state for state in State for id_ in loaded[state]}
    in_memory = {id_: state for id_, (state, _) in items.items()}
    if on_disk != in_memory:
        differ = sorted(on_disk.items() ^ in_memory.items())[:4]
        raise Broken(f"the queue files tell something else than the queues: {differ}")


def _check_library(life: Life, items: Items) -> None:
    """Each file is the person's own and untouched, or a film of ours, each once."""
    # A person's subtitle that bears the very name of a film of ours goes with it, and is kept.
    kept = {path.stat().st_ino for path in (life.library_folder / FOLDER).rglob("*.srt")}
    owned = {path: known for path, known in life.owned.items() if known[0] not in kept}
    placed: dict[int, list[Path]] = {}
    for path in _files(life.library_folder):
        if path in owned:
            status = path.stat()
            if (status.st_ino, status.st_size, status.st_mtime_ns) != owned.pop(path):
                raise Broken(f"{path} was changed")
            continue
        number = _number_in(path)
        if number is None:
            raise Broken(f"{path} was not there before, and nobody knows it")
        if contents.is_video(path):
            placed.setdefault(number, []).append(path)
    if owned:
        raise Broken(f"the person's {next(iter(owned))} is gone")
    slots: dict[int, list[tuple[State, Item]]] = {}
    for state, item in items.values():
        slots.setdefault(_movie(life, item).number, []).append((state, item))
    for number, paths in placed.items():
        _check_copies(paths, slots.get(number, []))


def _check_copies(paths: list[Path], slots: list[tuple[State, Item]]) -> None:
    """The files of one film against its items, one for each version."""
    if len(paths) > len(slots):
        raise Broken(f"a film is there {len(paths)} times, wanted {len(slots)} times: {paths}")
    known = {Path(path) for _, item in slots for path in _paths(item)}
    under_way = any(state is not State.COMPLETED for state, _ in slots)
    for path in paths:
        if path not in known and not under_way:
            raise Broken(f"{path} was placed, and no item says so")


def _paths(item: Item) -> Iterator[str]:
    for held in (item.data, item.data.get("have") or {}):
        if held.get("path"):
            yield held["path"]


def _files(folder: Path) -> Iterator[Path]:
    for top, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name != FOLDER]
        yield from (Path(top, name) for name in names)


def _check_sizes(life: Life, items: Items) -> None:
    for _, item in items.values():
        if (size := len(msgspec.json.encode(item))) > LONGEST_ITEM_BYTES:
            raise Broken(f"{item.id} takes {size} bytes")
    for path in (life.folder / "stories").glob("film-*"):
        if path.stat().st_size > LARGEST_STORY_BYTES:
            raise Broken(f"{path.name} takes {path.stat().st_size} bytes")
        if path.read_bytes().count(b"\n") > MOST_EVENTS:
            raise Broken(f"{path.name} tells more than {MOST_EVENTS} events")
    of_all = (life.folder / "stories").glob(f"{activity.NAME}*")
    if (size := sum(path.stat().st_size for path in of_all)) > 3 * activity.MOST_BYTES:
        raise Broken(f"what happened to all films takes {size} bytes")
    if (size := (life.home / "queue.journal").stat().st_size) > LARGEST_JOURNAL_BYTES:
        raise Broken(f"the journal takes {size} bytes")
    kept = {path.stem for path in (life.home / "torrents").glob("*.torrent")}
    loading = {item.handle for state, item in items.values() if state is State.ACTIVE}
    if len(kept - loading) > life.events["kills"]:
        raise Broken(f"{len(kept - loading)} torrent files of nothing are kept")
