"""Invented libraries, laid out as real ones are, and a way to say what is told of a file."""

import os
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path

from movie_sync.library.folder_importer import FolderImporter
from movie_sync.library_models import Discovered, Found, Told

OLD_NS = 1_600_000_000 * 10**9  # of September 2020: nobody writes to it any more


def plant(root: Path, paths: Iterable[str] | Mapping[str, bytes]) -> None:
    for path in paths:
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(paths[path] if isinstance(paths, Mapping) else b"film")
        os.utime(file, ns=(OLD_NS, OLD_NS))


def look(root: Path, known: Mapping[str, str] | None = None, **options) -> list[Discovered]:
    importer = FolderImporter("test", root, **options)
    return list(importer.discover(known or {}, threading.Event()))


def found(root: Path, **options) -> dict[str, Found]:
    """By the path in the folder."""
    every = (each for each in look(root, **options) if isinstance(each, Found))
    return {os.path.relpath(each.uri, root): each for each in every}


def line(told: tuple[Told, ...]) -> str:
    return " | ".join(map(_one, told))


def _one(told: Told) -> str:
    words = [told.by.value, told.kind.value if told.kind else "?"]
    words += [f"<{title}>" for title in told.titles]
    words += [str(told.year)] if told.year else []
    words += [f"{provider}:{value}" for provider, value in told.ids.items()]
    words += [f"s{told.season}"] if told.season is not None else []
    words += ["e" + ",".join(map(str, told.episodes))] if told.episodes else []
    words += ["a" + ",".join(map(str, told.absolute))] if told.absolute else []
    words += [told.aired_on.isoformat()] if told.aired_on else []
    words += [f'"{told.episode_title}"'] if told.episode_title else []
    words += [f"({told.edition})"] if told.edition else []
    words += [f"part{told.part}"] if told.part else []
    words += [f"extra={told.extra}"] if told.extra else []
    return " ".join(words)
