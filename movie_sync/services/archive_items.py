"""What the Internet Archive tells of an item: whether it is free, its title and year, its film.

Pure. People fill its fields in by hand, so that each may be missing, one value or a list of
values; numbers mostly come as text. Source: https://archive.org/developers/metadata-schema/.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from html import unescape
from typing import Any

from msgspec import Struct

from movie_sync import releases, titles
from movie_sync.models import Film
from movie_sync.releases import Kind

# Collections that only the Archive's own people file items under.
CURATED = (
    "feature_films",
    "silent_films",
    "Film_Noir",
    "SciFi_Horror",
    "Comedy_Films",
    "prelinger",
)
# From March 1989 on no notice was needed any more to keep the copyright of a film in the US.
LAST_WITHOUT_LICENCE = 1988

_CURATED = {name.lower() for name in CURATED}
_FREE = re.compile(r"creativecommons\.org/(?:publicdomain/|licenses/publicdomain)", re.IGNORECASE)
_VIDEO = re.compile(
    r"\.(?:avi|divx|flv|m2ts|m4v|mkv|mov|mp4|mpe?g|og[mv]|rmvb?|ts|vob|webm|wmv)$", re.IGNORECASE
)
_SUBTITLE = re.compile(r"\.(?:srt|ass|ssa|vtt|sub|idx|sup)$", re.IGNORECASE)
_EXTRA = re.compile(r"(?<![a-z])(?:sample|trailer|featurettes?)(?![a-z])", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_YEAR = re.compile(r"(1[89]|20)\d\d(?!\d)")
# A picture so wide or so high -> what releases of it are named by.
_STEPS = ((3800, 2000, 2160), (1900, 1000, 1080), (1200, 700, 720), (10_000, 560, 576))


class Found(Struct, frozen=True):
    """An item as the search lists it."""

    identifier: str
    title: Any = None
    year: Any = None
    date: Any = None
    licenseurl: Any = None
    collection: Any = None
    item_size: Any = None  # of all its files
    publicdate: Any = None

    @property
    def size_bytes(self) -> int:
        return int(_number(self.item_size))

    @property
    def uploaded_at(self) -> datetime | None:
        """From "2004-09-08T12:00:00Z" or "2004-09-08 12:00:00", which is UTC too."""
        try:
            return datetime.fromisoformat(_first(self.publicdate)).replace(tzinfo=UTC)
        except ValueError:
            return None


class File(Struct, frozen=True):
    """A file of an item."""

    name: str
    source: Any = None  # "original", "derivative" or "metadata"
    original: Any = None  # the file that a derivative was made from
    size: Any = None
    length: Any = None
    width: Any = None
    height: Any = None
    private: Any = None

    @property
    def size_bytes(self) -> int:
        return int(_number(self.size))

    @property
    def seconds(self) -> float:
        """From "5721.3" or "1:35:21"; 0 where it is not told."""
        total = 0.0
        for part in str(self.length or "").split(":"):
            total = total * 60 + _number(part)
        return total

    @property
    def lines(self) -> int | None:
        """As releases are named by: a picture 1920 wide is 1080p, however low it is."""
        width, height = _number(self.width), _number(self.height)
        if not height:
            return None
        return next((step for w, h, step in _STEPS if width >= w or height >= h), 480)


class Item(Struct, frozen=True):
    """An item as its metadata tell it."""

    files: list[File]
    metadata: dict[str, Any]
    server: str  # that holds its files
    dir: str  # there

    @property
    def restricted(self) -> bool:
        return _is_true(_first(self.metadata.get("access-restricted-item")))

    @property
    def film(self) -> File | None:
        """The largest video, for that is what is taken for the film once it is loaded. None where
        visitors get no video, or there are several that are no versions of one: a serial, parts.
        """
        videos = [file for file in self.files if _is_video(file)]
        film = max(videos, key=lambda file: (file.size_bytes, file.name), default=None)
        if film is None or not film.size_bytes:
            return None
        own = (film.name, film.original)  # a derivative is one of its original
        others = (file for file in videos if file.source == "original" and file.name not in own)
        return film if all(_is_beside(file, film) for file in others) else None

    @property
    def wanted(self) -> list[File]:
        """The film and its subtitles; nothing where it cannot be told which they are."""
        texts = [file for file in self.files if _SUBTITLE.search(file.name)]
        return [self.film, *(file for file in texts if file.size_bytes)] if self.film else []


def is_free(found: Found, year: int | None) -> bool:
    """Whether it is in the public domain, as far as the Archive tells.

    Curators file films without a licence too; such a one must be older than copyright without a
    notice is.
    """
    if any(_FREE.search(url) for url in _all(found.licenseurl)):
        return True
    filed = any(name.lower() in _CURATED for name in _all(found.collection))
    return filed and year is not None and year <= LAST_WITHOUT_LICENCE


def title_and_year(found: Found, film: Film | None) -> tuple[str, int | None]:
    """A year in the title goes before the one beside it, which may be that of the upload, unless
    the film itself is called so: Class of 1984."""
    title = " ".join(_TAG.sub("", unescape(_first(found.title) or found.identifier)).split())
    stated = _year(_first(found.year)) or _year(_first(found.date))
    if film and titles.other_title(film, [title]) is None:
        return title, stated
    name = releases.read(title)
    return (name.titles[0], name.year or stated) if name.kind is Kind.FILM else (title, stated)


def _is_video(file: File) -> bool:
    if _is_true(file.private):
        return False
    return bool(_VIDEO.search(file.name)) and not _EXTRA.search(file.name)


def _is_beside(file: File, film: File) -> bool:
    """Whether a video may stand beside the film: it is small, or lasts as long and so is the same
    in another format."""
    if file.size_bytes * 4 < film.size_bytes:
        return True
    return film.seconds > 0 and abs(file.seconds - film.seconds) <= 0.05 * film.seconds


def _year(value: str) -> int | None:
    found = _YEAR.match(value)
    return int(found[0]) if found else None


def _number(value: Any) -> float:
    """0 where it is none, or none that a file could have."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return 0.0
    return number if 0 < number < 1e15 else 0.0


def _is_true(value: Any) -> bool:
    return str(value).lower() == "true"


def _first(value: Any) -> str:
    return next(iter(_all(value)), "")


def _all(value: Any) -> Iterable[str]:
    values = value if isinstance(value, list) else [value]
    return [str(each).strip() for each in values if each is not None]
