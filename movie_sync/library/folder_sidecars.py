"""What lies beside the videos of a folder, and to which of them each belongs. Pure."""

import os
import re
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct, field

from movie_sync import subtitle_names
from movie_sync.library.folder_walk import PICTURES, File
from movie_sync.library_models import Sidecar
from movie_sync.subtitle_names import ENDINGS as SUBTITLES

_FLAGS = frozenset({"forced", "foreign", "sdh", "cc", "default"})
_SEPARATOR = re.compile(r"[ ._()\[\]-]")
_POSTERS = frozenset({"poster", "folder", "cover", "movie", "default", "keyart"})
_BACKDROPS = frozenset({"fanart", "backdrop", "background", "art", "landscape"})
_FILM_NFOS = frozenset({"movie", "video_ts", "index"})
SHOW_NFOS = frozenset({"tvshow", "season"})


class Beside(Struct):
    """What belongs to one video."""

    nfo: File | None = None
    files: list[tuple[File, Sidecar]] = field(default_factory=list)

    @property
    def marks(self) -> Iterable[str]:
        return [*(file.mark for file, _ in self.files), self.nfo.mark if self.nfo else ""]


def belongings(
    videos: Sequence[File],
    others: Iterable[tuple[File, str]],
    films: Sequence[File],
) -> dict[str, Beside]:
    """By the name of the video.

    Args:
        others: each with the name of a folder of its own that it lies in, as "Subs" may have
            one for each episode, or with "".
        films: the one film of the folder, in all its parts and versions, to which everything
            belongs that names no other.
    """
    by_stem = {video.stem.lower(): video.name for video in videos}
    found = {video.name: Beside() for video in videos}
    loose: list[File] = []
    for other, folder in others:
        if owner := by_stem.get(folder.lower()):
            found[owner].files.append((other, subtitle(other, "\0")))
            continue
        stem = other.stem.lower()
        owner = _owner(stem, by_stem)
        if owner:
            _add(found[owner], other, stem[len(_stem(owner)) :], _stem(owner))
        else:
            loose.append(other)
    for at, film in enumerate(films):
        _take_loose(found[film.name], loose, film, first=at == 0)
    return found


def _owner(stem: str, by_stem: Mapping[str, str]) -> str | None:
    """The video whose name it bears, alone or with more behind it."""
    if stem in by_stem:
        return by_stem[stem]
    for cut in reversed(list(_SEPARATOR.finditer(stem))):
        if found := by_stem.get(stem[: cut.start()].rstrip(" ._-")):
            return found
    return None


def _stem(name: str) -> str:
    return os.path.splitext(name)[0]


def _ending(name: str) -> str:
    return os.path.splitext(name)[1].lower()


def _add(beside: Beside, other: File, behind: str, owner: str) -> None:
    ending = _ending(other.name)
    if ending in SUBTITLES:
        beside.files.append((other, subtitle(other, owner)))
    elif ending == ".nfo":
        if not behind:
            beside.nfo = other
    elif ending in PICTURES and (what := _picture(behind.strip(" ._-")) if behind else "poster"):
        beside.files.append((other, Sidecar(path=other.path, what=what)))


def _take_loose(beside: Beside, loose: Iterable[File], film: File, *, first: bool) -> None:
    texts: list[File] = []
    for other in loose:
        stem, ending = other.stem.lower(), _ending(other.name)
        if ending in SUBTITLES:
            if first:
                beside.files.append((other, subtitle(other, film.stem)))
        elif ending == ".nfo" and stem not in SHOW_NFOS:
            texts.append(other)
        elif ending in PICTURES and (what := _picture(stem)):
            beside.files.append((other, Sidecar(path=other.path, what=what)))
    named = [text for text in texts if text.stem.lower() in _FILM_NFOS]
    if beside.nfo is None and (named or len(texts) == 1):
        beside.nfo = (named or texts)[0]


def _picture(name: str) -> str | None:
    name = name.rstrip("0123456789")
    return "poster" if name in _POSTERS else "backdrop" if name in _BACKDROPS else None


def subtitle(file: File, film: str) -> Sidecar:
    """Of a film by that name, or of any."""
    said = subtitle_names.suffix(file.stem, film).split(".")[1:]
    # Alone, "hi" is Hindi; beside a language it is for those who hear badly.
    languages = [word for word in said if word not in _FLAGS and (word != "hi" or len(said) == 1)]
    return Sidecar(
        path=file.path,
        what="subtitles",
        language=languages[0] if languages else None,
        forced=not {"forced", "foreign"}.isdisjoint(said),
        hearing_impaired=not {"sdh", "cc"}.isdisjoint(said) or ("hi" in said and len(said) > 1),
    )
