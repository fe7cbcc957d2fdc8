"""What a film is called in the library: `Title (Year)/Title (Year) [1080p BluRay].mkv`. Pure.

Every name is legal on every file system that a library may lie on or be shared from (ext4, NTFS,
exFAT, APFS, SMB). Source of what Windows reserves:
https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file
"""

import unicodedata

from movie_sync import releases
from movie_sync.models import Film
from movie_sync.releases import Modifier, Source

LONGEST_NAME_BYTES = 255
TITLE_BYTES = 160  # leaves room in a name for year, id, quality, part, language and ending

_REPLACED = str.maketrans({"/": "-", "\\": "-", "|": "-", ":": "-", "*": "-"})
_DROPPED = str.maketrans("", "", '<>"?')
_NUMBERS = "0123456789¹²³"
_DEVICES = frozenset(
    {"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"}
    | {f"{port}{number}" for port in ("COM", "LPT") for number in _NUMBERS}
)
_SOURCES = {
    Source.BLURAY: "BluRay",
    Source.WEBDL: "WEB-DL",
    Source.WEBRIP: "WEBRip",
    Source.TV: "TV",
    Source.DVD: "DVD",
}
_JOINERS = "\u200c\u200d"  # invisible, yet part of the spelling of Persian, Hindi and emoji


def folder(film: Film, tag: str = "") -> str:
    """ "Mission - Impossible (1996)"; a tag tells apart two films of one title and year."""
    return component(_title(film), _years(film) + (f" [{tag}]" if tag else ""))


def stem(film: Film, release_name: str, tag: str = "") -> str:
    """The name of the film's file up to its ending, for which 40 bytes are left."""
    quality = label(release_name)
    tail = _years(film) + (f" [{tag}]" if tag else "") + (f" [{quality}]" if quality else "")
    return component(_title(film), tail)


def tags(film: Film, handle: str) -> tuple[str, ...]:
    """What to add to a name that another film has already: nothing, its id, its download."""
    film_id = film.imdb_id or (f"tmdb-{film.tmdb_id}" if film.tmdb_id else "")
    return tuple(dict.fromkeys(clean(tag) for tag in ("", film_id, handle[:8])))


def label(release_name: str) -> str:
    """ "1080p BluRay", or as much of it as the name of the release tells; at most 20 bytes."""
    read = releases.read(release_name)
    said = (
        f"{read.resolution}p" if read.resolution else "",
        _SOURCES.get(read.source, read.source.upper()) if read.source else "",
        "Remux" if read.modifier is Modifier.REMUX else "",
    )
    return " ".join(filter(None, said))


def component(title: str, tail: str = "") -> str:
    """One name in a folder, made of a clean title and a clean tail that is kept whole."""
    room = min(TITLE_BYTES, LONGEST_NAME_BYTES - len(tail.encode()))
    name = (_cut(title, room) + tail).rstrip(" .")
    base, dot, rest = name.partition(".")
    return f"{base}_{dot}{rest}" if base.rstrip().upper() in _DEVICES else name


def clean(text: str) -> str:
    """Text with nothing in it that a file system or a terminal could take amiss."""
    spaced = " ".join(text.replace(": ", " - ").split())
    printed = "".join(char for char in spaced if _printable(char))
    legal = printed.translate(_DROPPED).translate(_REPLACED)
    return unicodedata.normalize("NFC", " ".join(legal.split())).lstrip(". ")


def _title(film: Film) -> str:
    named = (*film.titles, film.key)
    return next((title for title in map(clean, named) if title.strip(" .")), "Film")


def _years(film: Film) -> str:
    return f" ({film.year})" if film.year else ""


def _printable(char: str) -> bool:
    # Cf holds the marks that turn the direction of writing, with which an ending can be disguised.
    return char in _JOINERS or unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Cn"}


def _cut(text: str, limit_bytes: int) -> str:
    """The text within so many bytes of UTF-8, no character broken."""
    return text.encode()[:limit_bytes].decode(errors="ignore").rstrip()
