"""Finished downloads into the library: what of them goes there, and under which name.

The download stays as it is, for it may still be seeding. Nothing that is there is overwritten;
only a film that we placed may lose its name to a better release of it, once it is kept elsewhere.
Every step can be repeated: a film appears under its name whole or not at all.
"""

import os
import stat
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from movie_sync.errors import FilesError, Refused
from movie_sync.films import bringing, contents, names, recycle
from movie_sync.films.bringing import How
from movie_sync.films.contents import Contents, Piece
from movie_sync.films.space import sized
from movie_sync.models import Film, Transfer, TransferFile


class Placed(Struct, frozen=True):
    """Where a film went. `how` names the dearest way that any of its files took."""

    path: Path  # the film, or its first part
    files: tuple[Path, ...]  # all that came from the download, the film included
    how: How


class Neighbours(Struct, frozen=True):
    """What may be in a film's folder already, for it is of the same film.

    Files of other versions stay. Those of an older release give their names away, if need be, and
    are `recycled` first.
    """

    staying: frozenset[Path] = frozenset()
    replaced: frozenset[Path] = frozenset()
    recycled: Path | None = None  # where to; needed for what is replaced

    @property
    def all(self) -> frozenset[Path]:
        return self.staying | self.replaced


NOBODY = Neighbours()


def read(film: Film, transfer: Transfer) -> Contents:
    """The film in a finished download, every file of it checked to be whole and in its place.

    Raises:
        Refused: the download holds no film; its release is not worth another try.
        FilesError: its files are not as they should be; the download stays.
    """
    if not transfer.files:
        raise FilesError(f"{transfer.name} names no files yet; the download stays")
    root = contents.root_of(transfer.files, transfer.name)
    found = contents.read(transfer.files, root, " ".join(film.titles))
    if found is None:
        held = contents.endings(transfer.files)
        raise Refused(
            "download",
            f"it holds no film but {held}; nothing was placed",
        )
    for piece in found.pieces:
        _check(piece.file, root)
    return found


def place(
    film: Film,
    transfer: Transfer,
    release_name: str,
    library: Path,
    neighbours: Neighbours = NOBODY,
) -> Placed:
    """Give a finished download its place and name in the library.

    Copying may take minutes, and may be killed at any moment: the next call starts it again.

    Raises:
        Refused: the download holds no film; its release is not worth another try.
        FilesError: disk, folder or permissions are in the way; the download stays.
    """
    found = read(film, transfer)
    bringing.prepare(library, "nothing was placed")
    where = library
    try:
        for tag in names.tags(film, transfer.handle):
            where = library / names.folder(film, tag)
            stem = names.stem(film, release_name, tag)
            targets = {piece: _target(where, stem, piece) for piece in found.pieces}
            if not _taken(where, found, targets, neighbours):
                return _place(where, targets, neighbours)
    except OSError as error:
        raise FilesError(f"{bringing.sentence(error, where)}; the download stays") from error
    raise FilesError(
        f"{where} and those beside it hold other files of that name; nothing was overwritten and"
        " the download stays; move one of them away"
    )


def _check(file: TransferFile, root: Path) -> None:
    """A plain file of the announced size, that no link leads to or away from."""
    inner = file.path.relative_to(root)
    try:
        status = os.lstat(file.path)
        real = Path(os.path.realpath(root)) / inner
        straight = Path(os.path.realpath(file.path)) == real and ".." not in file.path.parts
    except OSError as error:
        raise FilesError(
            f"{file.path} cannot be read ({error.strerror}), though its download is done; is the"
            " drive mounted, and path_map right? nothing was placed"
        ) from error
    if not (straight and stat.S_ISREG(status.st_mode)):
        raise Refused(
            "download",
            f"{inner} is a link or leads out of the download folder; nothing was placed",
        )
    if status.st_size != file.size_bytes:
        raise FilesError(
            f"{file.path} has {sized(status.st_size)} of {sized(file.size_bytes)}, though its"
            " download is done; nothing was placed; have the torrent client check it again"
        )


def _target(folder: Path, stem: str, piece: Piece) -> Path:
    return folder.joinpath(*piece.inside) if piece.inside else folder / f"{stem}{piece.ending}"


def _taken(
    folder: Path, found: Contents, targets: dict[Piece, Path], neighbours: Neighbours
) -> bool:
    """Whether the folder holds a film that is not this download, nor may be beside it.

    A film in one file alone can take the name of what it replaces: of several, some would be of
    the old one for a while.
    """
    alone = len(found.videos) == 1 and not found.film.inside
    may_go: Collection[Path] = neighbours.replaced if alone else ()
    kept_whole = found.pieces if found.film.inside else found.videos
    for piece in kept_whole:
        target = targets[piece]
        held = os.path.lexists(target) and target not in may_go
        if held and not bringing.same(piece.file.path, target):
            return True
    ours = [piece.file.path for piece in found.videos]
    strangers = (path for path in _films_in(folder) if path not in neighbours.all)
    return any(not any(bringing.same(path, there) for path in ours) for there in strangers)


def _films_in(folder: Path) -> Iterator[Path]:
    with suppress(FileNotFoundError):
        for path in folder.iterdir():
            if contents.is_video(path) and not contents.is_extra(Path(path.name), folder.name):
                yield path


def _place(folder: Path, targets: dict[Piece, Path], neighbours: Neighbours) -> Placed:
    """Put every file in its place, the film last: where it is, all of it is."""
    if not folder.is_dir():
        folder.mkdir()
        bringing.sync(folder.parent)
    ways: dict[Path, How] = {}
    for piece, target in targets.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        bringing.clear_unfinished(target.parent)
        way = bringing.bring(piece.file.path, target)
        if way is None and target in neighbours.replaced and neighbours.recycled:
            recycle.keep(target, folder, neighbours.recycled)
            way = bringing.supersede(piece.file.path, target)
        if way:
            ways[target] = way
            bringing.sync(target.parent)
    how = next((way for way in (How.COPIED, How.LINKED) if way in ways.values()), How.ALREADY_THERE)
    *_, path = targets.values()
    return Placed(path, tuple(ways), how)
