"""One folder at a time, as it is on the disk: what of it matters, and what cannot be read."""

import fnmatch
import os
import stat
from collections.abc import Callable, Sequence

from msgspec import Struct, field

from movie_sync.media_names import NOT_THE_PERSONS, VIDEOS
from movie_sync.subtitle_names import ENDINGS as SUBTITLES

PICTURES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".tbn"})
BESIDE = SUBTITLES | PICTURES | {".nfo"}
# What clients and browsers call a file that they are still writing.
_LOADING = frozenset(
    {".part", ".!qb", ".crdownload", ".aria2", ".partial", ".partial~", ".!ut", ".bc!", ".filepart"}
    | {".download", ".opdownload", ".tmp", ".unfinished", ".st"}
)
_IGNORE_FILES = frozenset({".ignore", ".plexignore", ".nomedia"})
_LONGEST_IGNORE, _MOST_PATTERNS = 65536, 500


class File(Struct, frozen=True):
    """A video, or what may belong to one."""

    name: str
    path: str
    size_bytes: int
    mtime_ns: int
    nowhere: bool = False  # a link to what is not there

    @property
    def stem(self) -> str:
        return os.path.splitext(self.name)[0]

    @property
    def mark(self) -> str:
        """Another one is another file."""
        return f"{self.name}\0{self.size_bytes}\0{self.mtime_ns}"


class Folder(Struct):
    """What is in a folder: names that a person sees, without those of no use here."""

    path: str
    device: int
    inode: int
    folders: list[str] = field(default_factory=list)  # names, in order
    links: list[str] = field(default_factory=list)  # to folders
    lost_links: list[str] = field(default_factory=list)  # to what may be a folder elsewhere
    videos: list[File] = field(default_factory=list)
    beside: list[File] = field(default_factory=list)
    loading: set[str] = field(default_factory=set)  # names that something writes to
    hints: File | None = None  # .plexmatch
    ignored: bool = False  # a person wants nothing of it
    patterns: tuple[str, ...] = ()  # of names that a person wants nothing of
    unread: list[tuple[str, str]] = field(default_factory=list)  # paths, and why


def look(path: str, beat: Callable[[], None]) -> Folder:
    """What is in it now.

    Raises:
        OSError: it cannot be read, or is gone.
    """
    status = os.stat(path)
    folder = Folder(path, status.st_dev, status.st_ino)
    with os.scandir(path) as entries:
        for entry in entries:
            beat()
            try:
                _sort_in(entry, folder)
            except FileNotFoundError:
                continue  # gone meanwhile
            except OSError as error:
                folder.unread.append((entry.path, error.strerror or str(error)))
    for kept in (folder.folders, folder.links, folder.lost_links):
        kept.sort()
    folder.videos.sort(key=_name)
    folder.beside.sort(key=_name)
    return folder


def _name(file: File) -> str:
    return file.name


def _sort_in(entry: os.DirEntry[str], folder: Folder) -> None:
    name = entry.name
    if name.startswith("."):
        _take_hint(entry, folder)
        return
    low = name.lower()
    if low in NOT_THE_PERSONS:
        return
    if entry.is_dir(follow_symlinks=False):
        folder.folders.append(name)
        return
    ending = os.path.splitext(low)[1]
    if ending in VIDEOS:
        if file := _file(entry):
            folder.videos.append(file)
    elif ending in BESIDE:
        if file := _file(entry):
            folder.beside.append(file)
    elif ending in _LOADING or low.endswith(".partial~"):
        folder.loading.add(low[: -len(ending)])
    elif entry.is_symlink():
        if os.path.isdir(entry.path):
            folder.links.append(name)
        elif not os.path.lexists(os.path.realpath(entry.path)):
            folder.lost_links.append(name)


def _file(entry: os.DirEntry[str]) -> File | None:
    """None of what is no file."""
    try:
        status = entry.stat()
    except FileNotFoundError:
        if not entry.is_symlink():
            raise
        return File(entry.name, entry.path, 0, 0, nowhere=True)
    if not stat.S_ISREG(status.st_mode):
        return None
    return File(entry.name, entry.path, status.st_size, status.st_mtime_ns)


def _take_hint(entry: os.DirEntry[str], folder: Folder) -> None:
    if entry.name == ".plexmatch":
        folder.hints = _file(entry)
    elif entry.name in _IGNORE_FILES:
        lines = () if entry.name == ".nomedia" else _lines(entry.path)
        folder.ignored = folder.ignored or not (lines or entry.name == ".plexignore")
        folder.patterns += lines


def _lines(path: str) -> tuple[str, ...]:
    """Of an ignore file: its patterns, none where it is empty."""
    with open(path, "rb") as file:
        text = os.fsdecode(file.read(_LONGEST_IGNORE))
    lines = (line.strip().replace("\\", "/") for line in text.splitlines())
    return tuple(line for line in lines if line and line[0] not in "#!")[:_MOST_PATTERNS]


class Unwanted:
    """Patterns of ignore files, each good for the folder that it stands in and all below."""

    def __init__(self, rules: Sequence[tuple[str, str]] = ()) -> None:
        self._rules = tuple(rules)

    def also(self, folder: Folder) -> "Unwanted":
        if not folder.patterns:
            return self
        return Unwanted((*self._rules, *((folder.path, each) for each in folder.patterns)))

    def has(self, path: str) -> bool:
        return any(_fits(path, folder, pattern) for folder, pattern in self._rules)


def _fits(path: str, folder: str, pattern: str) -> bool:
    """As Plex reads it: one without a slash is of a name anywhere, others are of the path."""
    inner = path[len(folder) :].strip("/")
    pattern = pattern.removeprefix("/")
    if "/" not in pattern.rstrip("/"):
        bare = pattern.rstrip("/")
        return fnmatch.fnmatch(os.path.basename(path), bare)
    return fnmatch.fnmatch(inner, pattern.removesuffix("/*").rstrip("/"))


def matters(name: str) -> bool:
    """Whether a file of this name can change what is found."""
    if name.startswith("."):
        return name == ".plexmatch" or name in _IGNORE_FILES
    ending = os.path.splitext(name)[1].lower()
    return ending in VIDEOS or ending in BESIDE or ending in _LOADING


def is_subtitle(file: File) -> bool:
    return os.path.splitext(file.name)[1].lower() in SUBTITLES
