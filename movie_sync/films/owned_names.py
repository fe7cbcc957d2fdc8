"""What the names of files in the library tell, and the memory of it, so that a second start reads
none of them again. A memory that is missing, damaged or of other rules costs that start a second,
and nothing else.
"""

import logging
import re
import zlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path, PurePath

import msgspec
from msgspec import Struct

from movie_sync import atomic, media_names, releases, titles
from movie_sync.films import contents
from movie_sync.films.tree import VideoFile

log = logging.getLogger(__name__)

_TITLE_AND_YEAR = re.compile(r"(?P<title>.+?) \((?P<year>(?:18|19|20)\d\d)\)")
_ID = re.compile(r"tt\d{7}|tmdb", re.IGNORECASE)
_EPISODE = re.compile(
    r"(?<![a-z0-9])(?:s\d{1,2}[ ._-]?e\d{1,3}|season[ ._-]?\d+)(?![a-z0-9])", re.IGNORECASE
)


class Name(Struct, frozen=True, array_like=True):
    """What the name of a folder or file tells of the film in it."""

    titles: tuple[str, ...]
    keys: tuple[str, ...]  # of all titles
    year: int | None
    imdb_id: str | None = None
    tmdb_id: int | None = None


class Told(Struct, frozen=True, array_like=True):
    """All that a file's name and those of its folders tell, while it stays that file."""

    size_bytes: int
    modified_ns: int
    names: tuple[Name, ...]  # empty: it is no film, or tells none

    def is_of(self, video: VideoFile) -> bool:
        return (self.size_bytes, self.modified_ns) == (video.size_bytes, video.modified_ns)


class _Kept(Struct):
    rules: int
    files: dict[str, Told]


def recall(path: Path) -> dict[str, Told]:
    """What was told by each file, by its place in the library; nothing if that cannot be known."""
    try:
        kept = msgspec.json.decode(path.read_bytes(), type=_Kept)
    except FileNotFoundError:
        return {}
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        log.debug("%s: %s; all names in the library are read", path, error)
        return {}
    return kept.files if kept.rules == _rules() else {}


def remember(path: Path, told: dict[str, Told]) -> None:
    """Keep it for the next start; where that fails, the next start reads all names."""
    kept = _Kept(_rules(), {inner: each for inner, each in told.items() if _is_text(inner)})
    try:
        atomic.write(path, [msgspec.json.encode(kept)])
    except OSError as error:
        log.debug("%s: %s; the next start reads all names in the library", path, error)


@cache
def _rules() -> int:
    """A number for the rules of reading names as they are now: any change makes it another."""
    package = Path(releases.__file__).parent
    modules = [*package.glob("release*.py"), *package.glob("title*.py"), Path(__file__)]
    modules += [Path(contents.__file__), Path(media_names.__file__)]
    return zlib.crc32(b"".join(module.read_bytes() for module in sorted(modules)))


def read(video: VideoFile) -> Told:
    return Told(video.size_bytes, video.modified_ns, _names(PurePath(video.inner)))


def named(known: Sequence[str], year: int | None, imdb_id: str | None, tmdb_id: int | None) -> Name:
    keys = dict.fromkeys(key for title in known for key in titles.keys(title))
    return Name(tuple(known), tuple(keys), year, imdb_id, tmdb_id)


def ids(known: Name) -> list[str | int]:
    return [film_id for film_id in (known.imdb_id, known.tmdb_id) if film_id]


def _names(inner: PurePath) -> tuple[Name, ...]:
    if _EPISODE.search(str(inner)):
        return ()
    folders = inner.parts[:-1]
    around = _of_folders(folders)
    title = " ".join(around.titles) if around else ""
    repeats = around and inner.stem.startswith(f"{around.titles[0]} ({around.year})")
    own = None if repeats else _name(inner.stem)
    below = inner.relative_to(folders[0]) if folders else inner
    if contents.is_extra(below, title or " ".join(own.titles if own else ())):
        return ()
    return tuple(each for each in (around, own) if each and (each.year or ids(each)))


def _of_folders(folders: Sequence[str]) -> Name | None:
    """What the folder of a film tells: the innermost one that tells anything."""
    found = (_name(folder) for folder in reversed(folders))
    return next((each for each in found if each and (each.year or ids(each))), None)


def _name(text: str) -> Name | None:
    plain = _TITLE_AND_YEAR.match(text)
    if plain and not _ID.search(text):
        return named((plain["title"],), int(plain["year"]), None, None)
    said = releases.read(text)
    if said.kind is releases.Kind.TV:
        return None
    known = (plain["title"], *said.titles) if plain else said.titles
    year = int(plain["year"]) if plain else said.year
    return named(known, year, said.imdb_id, said.tmdb_id)


def _is_text(path: str) -> bool:
    """Not where its bytes are no UTF-8, which JSON cannot hold."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True
