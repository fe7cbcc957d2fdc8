"""Whether a torrent holds the film it is listed as, by its own list of files. Pure.

Looked at before anything is downloaded: a name may say anything, and the files are what comes.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from movie_sync import releases, titles
from movie_sync.films import contents, profiles
from movie_sync.films.contents import Contents
from movie_sync.films.sizes import MIB, amount
from movie_sync.media_names import DISC_FOLDERS
from movie_sync.models import Film, TransferFile
from movie_sync.settings import Profile
from movie_sync.torrents import TorrentFile

ABSURD_MIB_PER_MINUTE = 1.0  # a fifth of what a watchable 480p has
LEAST_SHARE = 0.25  # of a torrent that is its film; extras and sound tracks come along with some

_PROGRAM = re.compile(
    r"\.(?:exe|msi|bat|cmd|scr|pif|lnk|vb[es]|jse?|ws[fh]|hta|ps1|reg|jar|apk|dmg|pkg|deb|rpm|sh)"
)
_ARCHIVE = re.compile(r"\.(?:rar|r\d\d|zip|z\d\d|7z|tar|gz|xz|bz2|ace|\d{3})")
# Copies that the Internet Archive makes beside what it was given: film_512kb.mp4, film.ia.mp4.
_DERIVED = re.compile(r"(?:_\d{2,4}kb|\.ia)$", re.IGNORECASE)


def files_refused(
    torrent: TorrentFile, film: Film, *, profile: Profile | None = None, listed_bytes: int = 0
) -> str | None:
    """Why a torrent is not taken, by the files it lists: it is a fake, or not this film alone.

    Args:
        profile: one that accepts smaller films than we think watchable is believed.
        listed_bytes: the size that the indexer gave for it; 0 is not known.
    """
    files = [TransferFile(Path(path), size_bytes) for path, size_bytes in torrent.files]
    if unsafe := _unsafe(files, f"{torrent.name} {' '.join(film.titles)}".lower()):
        return unsafe
    root = Path(torrent.name) if len(files[0].path.parts) > 1 else Path()
    found = contents.read(files, root, torrent.name)
    if found is None:
        largest = max(files, key=lambda file: file.size_bytes)
        return f'holds no film; its largest file is "{largest.path.name}"'
    return (
        _several(files, found, root, film)
        or _too_short(found, film, profile)
        or _filled_up(torrent, files, listed_bytes)
    )


def _unsafe(files: Sequence[TransferFile], known: str) -> str | None:
    """Programs, and films that nobody can open."""
    for file in files:
        if _PROGRAM.fullmatch(file.path.suffix.lower()):
            return f'holds a program ("{file.path.name}"), as fakes do'
        if "password" in file.path.stem.lower() and "password" not in known:
            return f'holds a note on a password ("{file.path.name}")'
    packed = [file for file in files if _ARCHIVE.fullmatch(file.path.suffix.lower())]
    videos = [file for file in files if contents.is_video(file.path)]
    if _size(packed) > _size(videos):
        count = "an archive, which is" if len(packed) == 1 else f"{len(packed)} archives, which are"
        return f"holds its film in {count} not unpacked"
    return None


def _several(files: Sequence[TransferFile], found: Contents, root: Path, film: Film) -> str | None:
    """A box of films: the largest of them would be taken for the one that is wanted."""
    ours = {piece.file.path for piece in found.pieces}
    main = found.film.file
    others = [
        file
        for file in files
        if file.path not in ours
        and contents.is_video(file.path)
        and 2 * file.size_bytes >= main.size_bytes
        and not contents.is_extra(inner := file.path.relative_to(root), film.title)
        and not DISC_FOLDERS.intersection(part.lower() for part in inner.parts)
        and not _same_film(file.path, main.path, film)
    ]
    if not others:
        return None
    names = [f'"{file.path.name}"' for file in (main, *others)]
    return f"holds {len(names)} films, {' and '.join(names[:2])} among them, wanted one"


def _same_film(path: Path, main: Path, film: Film) -> bool:
    """Whether two videos are one film in two editions or formats, by their names."""
    if _DERIVED.sub("", path.stem) == _DERIVED.sub("", main.stem):
        return True
    one, two = releases.read(path.stem), releases.read(main.stem)
    if (one.season, one.episodes, one.absolute) != (two.season, two.episodes, two.absolute):
        return False
    if one.year and two.year and one.year != two.year:
        return False
    known = {key for title in (*film.titles, two.titles[0]) for key in titles.keys(title)}
    return not known.isdisjoint(titles.keys(one.titles[0]))


def _too_short(found: Contents, film: Film, profile: Profile | None) -> str | None:
    """A film cannot be so small; a sample or a trailer under its name is."""
    if not film.runtime_min or film.runtime_min < 1:
        return None
    least = ABSURD_MIB_PER_MINUTE
    if profile is not None:
        least = min(least, profiles.effective(profile).least)
    size_bytes = _size([piece.file for piece in found.videos])
    if size_bytes >= least * film.runtime_min * MIB:
        return None
    has = f"{amount(size_bytes)} of video"
    return f"holds {has}, too little for a film of {film.runtime_min} min"


def _filled_up(
    torrent: TorrentFile, files: Sequence[TransferFile], listed_bytes: int
) -> str | None:
    """Little video and much of something else, so that the size looks right."""
    size_bytes = _size([file for file in files if contents.is_video(file.path)])
    if size_bytes < LEAST_SHARE * torrent.size_bytes:
        return f"holds {amount(size_bytes)} of video in {amount(torrent.size_bytes)}"
    if torrent.size_bytes < LEAST_SHARE * listed_bytes:
        return f"holds {amount(torrent.size_bytes)}, and was listed with {amount(listed_bytes)}"
    return None


def _size(files: Sequence[TransferFile]) -> int:
    return sum(file.size_bytes for file in files)
