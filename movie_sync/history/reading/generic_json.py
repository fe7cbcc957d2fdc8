"""JSON as entries: our own shape, Trakt's items as its interface writes them, SIMKL's backup.

A list is read item by item, however long it is; each item says by itself which of the first two
it is of.
"""

from collections.abc import Callable, Iterator
from typing import IO, Any

import msgspec

from movie_sync.history.reading import generic_rows, simkl, trakt_items
from movie_sync.history.reading.entries import Contents, Entry, Problem, Reader
from movie_sync.history.reading.generic_rows import Shape
from movie_sync.history.reading.json_items import items
from movie_sync.library_models import PROVIDERS
from movie_sync.table_cells import Malformed, plain, squeezed

FORM, SOURCE = "a JSON file", "file:json"
LARGEST_BYTES = 64 * 1024**2  # of one that is no list, and has to be read at once


def read(open_file: Callable[[], IO[bytes]], name: str, reader: Reader) -> Contents:
    """What a JSON file holds. Raises Malformed where it is not understood.

    Args:
        open_file: is called twice: to see which of them it is, and when the entries are read.
    """
    with open_file() as file:
        begins = file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if begins == b"[":
        return Contents(FORM, SOURCE, _of_list(open_file, name, reader))
    with open_file() as file:
        raw = file.read(LARGEST_BYTES + 1)
    if len(raw) > LARGEST_BYTES:
        raise Malformed(f"is larger than {LARGEST_BYTES >> 20} MiB, and no list")
    return Contents(simkl.FORM, simkl.SOURCE, simkl.read(_document(raw), reader))


def _document(raw: bytes) -> dict[str, Any]:
    try:
        document = msgspec.json.decode(raw.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(f"is no sound JSON ({error})") from error
    if isinstance(document, dict) and simkl.is_one(document):
        return document
    raise Malformed("is neither a list of plays, ratings and wishes nor a SIMKL backup")


def _of_list(open_file: Callable[[], IO[bytes]], name: str, reader: Reader) -> Iterator[Entry]:
    count = 0
    try:
        with open_file() as file:
            for count, item in enumerate(items(file), 1):
                try:
                    yield from _of_item(item, reader)
                except Malformed as error:
                    yield Problem(f"{name}, entry {count}", f"{error}; it was left out")
    except Malformed as error:
        if not count:
            raise
        yield Problem(f"{name}, after entry {count}", f"{error}; the rest of it was not read")


def _of_item(item: object, reader: Reader) -> Iterator[Entry]:
    if not isinstance(item, dict):
        raise Malformed("is no object")
    if not isinstance(item.get("movie") or item.get("show"), dict):
        yield from generic_rows.entries(_flat(item), reader, Shape(SOURCE))
    elif "last_watched_at" in item:
        yield from trakt_items.last_plays(item)
    elif "watched_at" in item:
        yield trakt_items.play(item, reader)
    elif "rating" in item:
        yield trakt_items.rating(item)
    elif "listed_at" in item:
        yield trakt_items.wish(item)
    else:
        raise Malformed("says neither when it was watched or listed, nor how it was rated")


def _flat(item: dict[str, Any]) -> dict[str, str]:
    """An object as the row of a table, its ids in columns of their own."""
    told = {plain(name): _text(value) for name, value in item.items()}
    for name, prefix in (("ids", ""), ("episode_ids", "episode")):
        ids = item.get(name)
        for provider, id_ in ids.items() if isinstance(ids, dict) else ():
            if provider in PROVIDERS:
                told[f"{prefix}{provider}"] = squeezed(id_)
            else:
                told[plain(name)] += f" {provider}:{squeezed(id_)}"
    return told


def _text(value: object) -> str:
    """As a cell has it; a half star is a number too."""
    return str(value) if isinstance(value, float) else squeezed(value)
