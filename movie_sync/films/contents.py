"""What in a download is the film, and what of the rest belongs beside it. Pure.

The largest video is the film, or the first of its parts. Samples, extras, pictures, texts,
archives and programs stay where they are.
"""

import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePath

from msgspec import Struct

from movie_sync import subtitle_names
from movie_sync.media_names import DISC_FOLDERS, VIDEOS
from movie_sync.models import TransferFile

_EXTRA_FOLDERS = (
    "behind the scenes|bonus|deleted|deleted scenes|extra|extras|featurette|featurettes|interview"
    "|interviews|other|proof|sample|samples|scenes|shorts|specials|trailer|trailers"
)
EXTRA_FOLDERS = frozenset(_EXTRA_FOLDERS.split("|"))

MOST_SUBTITLES = 200  # a torrent of thousands is no kindness
LONGEST_LANGUAGE = 26  # ".pt-BR.forced.sdh"; what more a name says would not fit behind a title

_DISC_FILE = re.compile(r"[\w-]+\.(?:bdmv|m2ts|mpls|clpi|bdjo|xml|ifo|bup|vob)", re.ASCII | re.I)
_EXTRA_WORD = re.compile(r"(?<![a-z])(sample|trailer|featurettes?)(?![a-z])")
_EXTRA_ENDING = re.compile(r"-(behindthescenes|deleted|interview|scene|short|other)$")
_PART = re.compile(r"(?<![a-z0-9])(?:cd|dis[ck]|dvd|part|pt)[ ._-]?([1-9])(?![a-z0-9])", re.I)


class Piece(Struct, frozen=True):
    """A file that comes along; its new name is the film's and `ending`, or stays `inside`."""

    file: TransferFile
    ending: str = ""  # ".mkv", " - cd2.mkv", ".en.forced.srt"
    inside: tuple[str, ...] = ()  # of a disc, whose players know its files by name


class Contents(Struct, frozen=True):
    """The film and what is placed before it, so that a film that is there is all there."""

    film: Piece
    beside: tuple[Piece, ...] = ()

    @property
    def pieces(self) -> tuple[Piece, ...]:
        return (*self.beside, self.film)

    @property
    def videos(self) -> tuple[Piece, ...]:
        return tuple(piece for piece in self.pieces if is_video(piece.file.path))


def read(files: Sequence[TransferFile], root: Path, title: str) -> Contents | None:
    """Sort out a download whose files lie under `root`; None if no film is in it."""
    kept = [file for file in files if not is_extra(file.path.relative_to(root), title)]
    videos = [file for file in kept if is_video(file.path) and file.size_bytes]
    if not videos:
        return None
    largest = max(videos, key=lambda file: (file.size_bytes, str(file.path)))
    if whole := _whole_disc(files, largest, root):
        return whole
    parts = _parts(videos, largest, root)
    others = [file for file in videos if file not in parts]
    texts = [file for file in kept if subtitle_names.is_subtitle(file.path)]
    texts = [text for text in texts if _of_any(parts, text) or not _of_any(others, text)]
    videos_beside = tuple(_video(file, n, len(parts)) for n, file in enumerate(parts[1:], 2))
    return Contents(
        _video(parts[0], 1, len(parts)), (*_subtitles(texts, parts, root), *videos_beside)
    )


def is_video(path: PurePath) -> bool:
    return path.suffix.lower() in VIDEOS


def is_extra(inner: PurePath, title: str) -> bool:
    """Whether a file is a sample, a trailer or the like, by its path within a film's folder.

    A word that is in the title of the film itself says nothing: "Trailer Park Boys".
    """
    name, known = inner.stem.lower(), title.lower()
    folders = (folder.lower() for folder in inner.parts[:-1])
    said = [folder for folder in folders if folder in EXTRA_FOLDERS]
    said += [*_EXTRA_WORD.findall(name), *_EXTRA_ENDING.findall(name)]
    return any(word not in known for word in said)


def endings(files: Iterable[TransferFile]) -> str:
    """For a person: "12 .rar, 1 .nfo, 3 others", the most frequent first."""
    counts: dict[str, int] = {}
    for file in files:
        kind = file.path.suffix.lower() or "without an ending"
        counts[kind] = counts.get(kind, 0) + 1
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    others = sum(count for _, count in ranked[4:])
    told = [f"{count} {kind}" for kind, count in ranked[:4]]
    return ", ".join([*told, f"{others} others"] if others else told)


def _whole_disc(
    files: Iterable[TransferFile], largest: TransferFile, root: Path
) -> Contents | None:
    """The disc that a file is part of, if it is part of one: all of it, under its own names."""
    above = largest.path.relative_to(root).parents
    disc = next((root / top.parent for top in above if top.name.lower() in DISC_FOLDERS), None)
    if disc is None:
        return None
    pieces = []
    for file in files:
        inside = file.path.relative_to(disc).parts if file.path.is_relative_to(disc) else ()
        known = inside and inside[0].lower() in DISC_FOLDERS and _DISC_FILE.fullmatch(inside[-1])
        if known and all(re.fullmatch(r"[\w-]+", folder, re.ASCII) for folder in inside[:-1]):
            pieces.append(Piece(file, inside=inside))
    film = next((piece for piece in pieces if piece.file == largest), None)
    beside = tuple(piece for piece in pieces if piece is not film)
    return Contents(film, beside) if film else None


def _parts(
    videos: Iterable[TransferFile], largest: TransferFile, root: Path
) -> tuple[TransferFile, ...]:
    """The film on several discs, in order, if names say so: alike but for "cd1", "cd2" ..."""
    alike: dict[int, TransferFile] = {}
    for file in videos:
        number = _part_number(file.path, root)
        if number and _without_part(file.path, root) == _without_part(largest.path, root):
            alike[number] = file
    whole = sorted(alike) == list(range(1, len(alike) + 1)) and largest in alike.values()
    return tuple(alike[number] for number in sorted(alike)) if whole else (largest,)


def _part_number(path: Path, root: Path) -> int | None:
    numbers = _PART.findall(str(path.relative_to(root).with_suffix("")))
    return int(numbers[-1]) if numbers else None


def _without_part(path: Path, root: Path) -> str:
    return _PART.sub("", str(path.relative_to(root))).lower()


def _video(file: TransferFile, number: int, parts: int) -> Piece:
    part = f" - cd{number}" if parts > 1 else ""
    return Piece(file, part + file.path.suffix.lower())


def _of_any(videos: Iterable[TransferFile], text: TransferFile) -> bool:
    """Whether a subtitle bears the name of one of these videos."""
    return any(text.path.stem.startswith(video.path.stem) for video in videos)


def _subtitles(
    texts: Iterable[TransferFile], parts: Sequence[TransferFile], root: Path
) -> Iterable[Piece]:
    """Each with a name of its own; `.idx` and `.sub` of one subtitle keep one name."""
    taken: dict[str, Path] = {}
    for text in sorted(texts, key=lambda file: str(file.path))[:MOST_SUBTITLES]:
        number = _part_number(text.path, root) if len(parts) > 1 else None
        number = number if number and number <= len(parts) else 1
        part = f" - cd{number}" if len(parts) > 1 else ""
        language = subtitle_names.suffix(text.path.stem, parts[number - 1].path.stem)
        wanted = part + (language if len(language) <= LONGEST_LANGUAGE else "")
        source = text.path.with_suffix("")
        ending, count = wanted, 1
        while taken.setdefault(ending, source) != source:
            count += 1
            ending = f"{wanted}.{count}"
        yield Piece(text, ending + text.path.suffix.lower())


def root_of(files: Iterable[TransferFile], name: str) -> Path:
    """The folder that a download's own folders and files lie in.

    That is the one above its top folder, or all that the files have in common if none bears its
    name.
    """
    common = Path(os.path.commonpath([file.path.parent for file in files]))
    tops = (place for place in (common, *common.parents) if place.name == name)
    return next((top.parent for top in tops), common)
