"""Films and shows in a folder, as Plex, Jellyfin and Kodi have them laid out, or anyhow else.

It goes through the folder once, yields what it finds as it goes, and reads no name and no NFO
of what is as it was. The one thing to know: what could not be read is said to be `Unread`, and a
drive that is away raises `Away`; so what a look that ends has not yielded is truly gone.
"""

import os
import threading
from collections.abc import Collection, Iterator, Mapping

from movie_sync.errors import Away
from movie_sync.library import folder_discs, folder_files, folder_place, folder_walk, hanging
from movie_sync.library.folder_around import Holds, enter, top
from movie_sync.library.folder_files import Reader, Spot, Videos, unread
from movie_sync.library.folder_tables import SUBTITLE_FOLDERS
from movie_sync.library.folder_walk import File, Folder, Unwanted
from movie_sync.library.hanging import Pulse
from movie_sync.library_models import Discovered, Unread
from movie_sync.media_names import DISC_FOLDERS, shown, storable

PATIENCE_S = 60.0  # disks that sleep take ten
SETTLED_S = 0.3  # a file that is being copied grows within this


class FolderImporter:
    """One look at a time.

    Args:
        name: of the source.
        holds: what a person says is in it.
        apart: folders in it that are not of the library, as a download folder.
        remembered: `drives` as they were after the last whole look; {} if none is known.
    """

    def __init__(
        self,
        name: str,
        folder: str | os.PathLike[str],
        *,
        holds: Holds = "both",
        apart: Collection[str | os.PathLike[str]] = (),
        remembered: Mapping[str, int | str] | None = None,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self.name, self.folder, self.holds = name, os.path.abspath(folder), holds
        self.apart = frozenset(os.path.abspath(path) for path in apart)
        # Devices by the uri of the folder where each begins: to be kept, and given again.
        self.drives = {uri: int(device) for uri, device in (remembered or {}).items()}
        self.unsettled: tuple[str, ...] = ()  # paths that are being written: look again soon
        self._patience_s = patience_s

    def discover(
        self,
        known: Mapping[str, str],
        stop: threading.Event,
        only: Collection[str] | None = None,
    ) -> Iterator[Discovered]:
        """See `Importer`.

        Args:
            only: folders to look at with all that is in them; nothing is said of any other.

        Raises:
            Away: the folder is not there, or its drive is not, or does not answer.
            Stopping: the program ends.
        """
        where = shown(self.folder)
        look = _Look(self, known, only)
        try:
            yield from hanging.read(look.run, stop, self._patience_s, where)
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise Away(
                f"{where} could not be read ({why}); nothing in it was marked as gone"
            ) from error
        self.unsettled = tuple(look.reader.unsettled)
        if only is None:
            self.drives = look.drives

    @property
    def remembers(self) -> Mapping[str, int | str]:
        return self.drives

    def scope(self, only: Collection[str]) -> tuple[str, ...]:
        """Where the uris begin that a look at these folders tells of: what of them it does not
        yield is gone."""
        return tuple(storable(path) for path in self.widened(only))

    def widened(self, only: Collection[str]) -> list[str]:
        """With a "/" behind each; subtitles and the parts of discs belong to what is above."""
        return [_above(self.folder, os.path.abspath(path)) + os.sep for path in only]


def _above(top: str, path: str) -> str:
    at = path
    while len(at) > len(top):
        if os.path.basename(at).lower() in SUBTITLE_FOLDERS | DISC_FOLDERS:
            path = os.path.dirname(at)
        at = os.path.dirname(at)
    return path


class _Look:
    """One look, in the thread that reads."""

    def __init__(
        self, importer: FolderImporter, known: Mapping[str, str], only: Collection[str] | None
    ) -> None:
        self._importer, self._root, self._known = importer, importer.folder, known
        self._only = None if only is None else importer.widened(only)
        self._seen: set[tuple[int, int]] = set()  # links may lead round in circles
        self._beat = Pulse().beat
        self._real = self._root + os.sep
        self._waiting: list[tuple[str, Spot | None]] = []
        self._linked: list[tuple[str, Spot | None]] = []  # last, so that a true place is the first
        self.reader = Reader(known, self._beat)
        self.drives: dict[str, int] = {}

    def run(self, pulse: Pulse) -> Iterator[Discovered]:
        self._beat, self.reader = pulse.beat, Reader(self._known, pulse.beat)
        self._real = os.path.realpath(self._root) + os.sep
        before = self._importer.drives
        away = set()
        for missing in folder_place.away(self._root, self._known, before):
            away.add(missing.uri)
            self.drives[missing.uri] = before[missing.uri]
            yield Unread(missing.uri.rstrip("/") + "/", missing.sentence)
        self._waiting.append((self._root, None))
        while self._waiting or self._linked:
            path, above = (self._waiting or self._linked).pop()
            if storable(path) not in away and self._concerns(path):
                yield from self._enter(path, above)
        yield from self.reader.settle(SETTLED_S)

    def _concerns(self, path: str) -> bool:
        """Whether it lies below what is to be looked at, or on the way there."""
        here = path + os.sep
        return self._only is None or any(
            here.startswith(each) or each.startswith(here) for each in self._only
        )

    def _is_told(self, path: str) -> bool:
        here = path + os.sep
        return self._only is None or any(here.startswith(each) for each in self._only)

    def _enter(self, path: str, above: Spot | None) -> Iterator[Discovered]:
        try:
            folder = folder_walk.look(path, self._beat)
        except (FileNotFoundError, NotADirectoryError):
            if above is None:
                raise
            return  # gone meanwhile
        except OSError as error:
            if above is None:
                raise
            yield unread(path, error)
            return
        here = (folder.device, folder.inode)
        if here in self._seen or folder.ignored:
            return
        self._seen.add(here)
        if above is None or above.device != folder.device:
            self.drives[storable(path)] = folder.device
        yield from self._read(folder, above)

    def _read(self, folder: Folder, above: Spot | None) -> Iterator[Discovered]:
        unwanted = (above.unwanted if above else Unwanted()).also(folder)
        videos = folder_files.videos_of(folder, unwanted)
        inside = folder_files.inside(folder, videos)
        name = os.path.basename(folder.path)
        around = (
            enter(above.around, name, inside) if above else top(self._importer.holds, name, inside)
        )
        spot = folder_files.spot(folder, around, above, unwanted)
        if self._is_told(folder.path):
            yield from self._tell(folder, spot, videos)
        self._wait(folder, spot)

    def _tell(self, folder: Folder, spot: Spot, videos: Videos) -> Iterator[Discovered]:
        for path, why in folder.unread:
            yield unread(path, OSError(0, why), folder=False)
        for name in folder.lost_links:
            lost = os.path.join(folder.path, name)
            yield unread(lost, OSError(0, "it links to what is not there"))
        others = [(file, "") for file in folder.beside]
        if videos.films or videos.disc is not None:
            others += self._subtitles(folder)
        yield from self.reader.videos(folder, spot, videos, others)
        if videos.disc is not None:
            path = os.path.join(folder.path, videos.disc) if videos.disc else folder.path
            try:
                disc = folder_discs.read(path, self._beat)
            except FileNotFoundError:
                return
            except OSError as error:
                yield unread(path, error, folder=False)
                return
            if disc:
                yield self.reader.disc(disc, spot, others)

    def _subtitles(self, folder: Folder) -> list[tuple[File, str]]:
        """Of a "Subs" beside the videos, with a folder of its own for each perhaps."""
        found: list[tuple[File, str]] = []
        for name in folder.folders:
            if name.lower() in SUBTITLE_FOLDERS:
                path = os.path.join(folder.path, name)
                inner = self._texts(path)
                found += [(file, "") for file in inner.beside]
                for each in inner.folders:
                    of = self._texts(os.path.join(path, each))
                    found += [(file, each) for file in of.beside]
        return found

    def _texts(self, path: str) -> Folder:
        """What cannot be read of subtitles takes no film away."""
        try:
            folder = folder_walk.look(path, self._beat)
        except OSError:
            return Folder(path, 0, 0)
        folder.beside = [file for file in folder.beside if folder_walk.is_subtitle(file)]
        return folder

    def _wait(self, folder: Folder, spot: Spot) -> None:
        """Have its folders read later, in order, those that are only linked last of all."""
        for name in reversed(folder.folders):
            low = name.lower()
            path = os.path.join(folder.path, name)
            if low not in SUBTITLE_FOLDERS and low not in DISC_FOLDERS and self._wanted(path, spot):
                self._waiting.append((path, spot))
        for name in reversed(folder.links):
            path = os.path.join(folder.path, name)
            if self._wanted(path, spot) and not self._comes_anyway(path):
                self._linked.append((path, spot))

    def _wanted(self, path: str, spot: Spot) -> bool:
        return path not in self._importer.apart and not spot.unwanted.has(path)

    def _comes_anyway(self, link: str) -> bool:
        """Whether it leads to a place in this very folder, or to one that the folder is in."""
        real = os.path.realpath(link) + os.sep
        return real.startswith(self._real) or self._real.startswith(real)
