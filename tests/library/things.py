"""Ordinary facts of a library, so that a test states only what is unusual."""

from datetime import timedelta
from typing import Any

from movie_sync.library.store import LibraryStore
from movie_sync.library_models import Facts, Found, Kind, Match, Teller, Told
from tests import make

NOON = make.NOON
LATER = NOON + timedelta(hours=1)
SURE = Match(by="name", confidence=0.98, sentence="its name and year")
BY_HAND = Match(by="hand", confidence=1.0, sentence="a person said so")


def found(name: str = "Parasite (2019)", **facts: Any) -> Found:
    """A file that a folder holds; its time and size are those of its name."""
    path = f"/films/{name}/{name}.mkv"
    told = (Told(by=Teller.FOLDER, titles=(name[:-7],), year=2019),)
    size = 10**9 + sum(map(ord, name))
    usual = {"uri": path, "path": path, "size_bytes": size, "mtime_ns": 10**18 + size}
    usual |= {"told": told} | facts
    usual.setdefault("fingerprint", f"{usual['size_bytes']}-{usual['mtime_ns']}")
    return Found(**usual)


def moved(one: Found, path: str, **facts: Any) -> Found:
    same = {"size_bytes": one.size_bytes, "mtime_ns": one.mtime_ns, "told": one.told}
    return found(uri=path, path=path, **(same | facts))


def of_server(one: Found, uri: str = "plex:1:1", **facts: Any) -> Found:
    """What a server tells of the same file: it knows no time."""
    told = (Told(by=Teller.SERVER, titles=("Parasite",), ids={"imdb": "tt6751668"}),)
    usual = {"path": one.path, "size_bytes": one.size_bytes, "mtime_ns": 0, "told": told}
    return found(uri=uri, **(usual | {"fingerprint": "1"} | facts))


def film(title: str = "Parasite", year: int | None = 2019, **facts: Any) -> Facts:
    return Facts(kind=Kind.FILM, title=title, year=year, **facts)


def put(store: LibraryStore, facts: Facts) -> int:
    title_id = store.put_title(facts, NOON)
    assert isinstance(title_id, int)
    return title_id


def owned(store: LibraryStore, facts: Facts, *files: Found, source: str = "films") -> int:
    """A title with these files; gives its number."""
    store.save_found(source, files, NOON)
    title_id = put(store, facts)
    paths = {one.path for one in files}
    for one in store.unidentified(0, 1000):
        if one.path in paths:
            assert store.assign(one.asset_id, title_id, (), SURE, NOON)
    return title_id


def only(store: LibraryStore) -> int:
    """The number of the only file that is there."""
    (one,) = store.files().rows
    return one.id
