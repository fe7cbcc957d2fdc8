"""Notices changes below folders as they happen, so that just these are looked at again.

It may miss some: a system watches only so many folders, tells nothing of what other machines do
to a drive in the network, and does not follow links. So it says in a sentence what is not
watched, and a whole look now and then stays the truth. `inotify_simple` is the system's own
interface and no more: libraries that hide it do not tell when folders are left out.
Source: https://man7.org/linux/man-pages/man7/inotify.7.html
"""

import errno
import logging
import os
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress

from inotify_simple import Event, INotify, flags
from msgspec import Struct

from movie_sync.library.folder_walk import matters
from movie_sync.library.mounts import network_drive
from movie_sync.media_names import NOT_THE_PERSONS, shown

log = logging.getLogger(__name__)

QUIET_S = 2.0  # after the last change; copying a film is one change, and not ten thousand
LONGEST_S = 30.0  # so long at most a change waits for quiet
AGAIN_S = 60.0  # between two tries to watch what is away
MOST = 100  # folders of one source; beyond that all of it is looked at

_MASK = (
    flags.CLOSE_WRITE | flags.CREATE | flags.DELETE | flags.MOVED_FROM | flags.MOVED_TO
    | flags.DELETE_SELF | flags.MOVE_SELF | flags.ONLYDIR | flags.EXCL_UNLINK
)  # fmt: skip
_GONE = flags.DELETE_SELF | flags.MOVE_SELF | flags.UNMOUNT


class _Root(Struct):
    name: str
    folder: str
    identity: tuple[int, int] | None = None  # device and inode, while it is watched
    full: bool = False  # the system has no more watches to give
    before: bool = False  # it was watched already, and may have changed since


class Watching:
    """Changes below the folders of sources, for any thread to take.

    Args:
        folders: by the names of their sources.
        wake: called when there is something to take; it should only wake somebody up.
        apart: folders below them that are not of the library.
        most: watches at most, if fewer than the system gives.
    """

    def __init__(
        self,
        folders: Mapping[str, str | os.PathLike[str]],
        wake: Callable[[], None],
        *,
        apart: Collection[str | os.PathLike[str]] = (),
        quiet_s: float = QUIET_S,
        longest_s: float = LONGEST_S,
        again_s: float = AGAIN_S,
        most: int | None = None,
        drive_of: Callable[[str], str | None] = network_drive,
    ) -> None:
        self._roots = [_Root(name, os.path.abspath(path)) for name, path in folders.items()]
        self._apart = frozenset(os.path.abspath(path) for path in apart)
        self._wake, self._drive_of, self._most = wake, drive_of, most
        self._quiet_s, self._longest_s, self._again_s = quiet_s, longest_s, again_s
        self._paths: dict[int, str] = {}  # by the number of the watch
        self._changed: dict[str, set[str]] = {}
        self._ready: dict[str, set[str]] = {}
        self._since = self._last = 0.0
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None
        self._nudge: tuple[int, int] | None = None
        self.problems: dict[str, str] = {}  # by source, what is not watched
        self.began = False  # changes from now on are noticed

    def start(self) -> None:
        self._nudge = os.pipe()
        self._thread = threading.Thread(target=self._run, name="watching", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """At once; a drive that hangs is left behind."""
        self._stopped.set()
        if self._nudge and self._thread:
            os.write(self._nudge[1], b"!")
            self._thread.join(0.9)
            if not self._thread.is_alive():
                os.close(self._nudge[0])
                os.close(self._nudge[1])
                self._nudge = None

    @property
    def alive(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def take(self) -> dict[str, tuple[str, ...] | None]:
        """The folders to look at again, by source; None is all of it. Each is given once."""
        with self._lock:
            ready, self._ready = self._ready, {}
        folders = {root.name: root.folder for root in self._roots}
        return {
            name: None if folders[name] in paths or len(paths) > MOST else _topmost(paths)
            for name, paths in ready.items()
        }

    def _run(self) -> None:
        assert self._nudge is not None
        try:
            with INotify() as inotify:
                inotify._poller.register(self._nudge[0])  # so that a stop wakes it
                self._watch(inotify)
        except (OSError, AttributeError) as error:  # no inotify here, or no more of it
            why = error.strerror if isinstance(error, OSError) else "this system has no inotify"
            for root in self._roots:
                self.problems[root.name] = (
                    f"{shown(root.folder)} is not watched ({why}); changes are found by whole looks"
                )
            self.began = True

    def _watch(self, inotify: INotify) -> None:
        next_try = 0.0
        while not self._stopped.is_set():
            if time.monotonic() >= next_try:
                for root in self._roots:
                    self._try(inotify, root)
                next_try = time.monotonic() + self._again_s
                self.began = True
            for event in inotify.read(timeout=self._wait_ms(next_try)):
                self._take_in(inotify, event)
            self._settle()

    def _wait_ms(self, next_try: float) -> int:
        until = next_try
        if self._changed:
            until = min(until, self._last + self._quiet_s, self._since + self._longest_s)
        return max(0, int((until - time.monotonic()) * 1000) + 1)

    def _settle(self) -> None:
        now = time.monotonic()
        quiet = now >= min(self._last + self._quiet_s, self._since + self._longest_s)
        if self._changed and quiet:
            with self._lock:
                for name, paths in self._changed.items():
                    self._ready.setdefault(name, set()).update(paths)
            self._changed = {}
            self._wake()

    def _try(self, inotify: INotify, root: _Root) -> None:
        """Watch it if it is not; it may have been away, or another drive was put in its place."""
        try:
            status = os.stat(root.folder)
        except OSError:
            root.identity = None
            return  # the look at it says so
        now = (status.st_dev, status.st_ino)
        if root.identity == now:
            return
        if drive := self._drive_of(root.folder):
            self.problems[root.name] = (
                f"{shown(root.folder)} lies on a network drive ({drive}), which does not tell of"
                " changes; they are found by whole looks"
            )
            root.identity = now
            return
        root.identity, root.full = now, False
        self.problems.pop(root.name, None)
        self._add(inotify, root, root.folder)
        if root.before:
            self._note(root, root.folder)
        root.before = True

    def _add(self, inotify: INotify, root: _Root, top: str) -> None:
        """Watch a folder and all below it, as far as the system goes."""
        for path in _folders(top, self._apart):
            if root.full or self._stopped.is_set():
                return
            try:
                self._paths[self._watch_one(inotify, path)] = path
            except OSError as error:
                if error.errno == errno.ENOSPC:
                    root.full = True
                    self.problems[root.name] = (
                        f"{shown(root.folder)} is watched in part: this system watches no more "
                        f"folders, {len(self._paths)} are now; others are found by whole looks; "
                        "raise fs.inotify.max_user_watches"
                    )
                elif path == top == root.folder:
                    root.identity = None

    def _watch_one(self, inotify: INotify, path: str) -> int:
        if self._most is not None and len(self._paths) >= self._most:
            raise OSError(errno.ENOSPC, "no more watches")
        return int(inotify.add_watch(path, _MASK))

    def _take_in(self, inotify: INotify, event: Event) -> None:
        if event.mask & flags.Q_OVERFLOW:
            for each in self._roots:
                each.identity = None
                self._note(each, each.folder)
                self._try(inotify, each)
            return
        folder = self._paths.get(event.wd)
        root = self._root_of(folder) if folder else None
        if folder is None or root is None:
            return
        if event.mask & flags.IGNORED:
            self._paths.pop(event.wd, None)
        elif event.mask & _GONE:
            if folder == root.folder:
                root.identity = None
                self._note(root, folder)
        elif event.mask & flags.ISDIR:
            self._folder_changed(inotify, root, os.path.join(folder, event.name), event.mask)
        elif matters(event.name):
            self._note(root, folder)

    def _folder_changed(self, inotify: INotify, root: _Root, path: str, mask: int) -> None:
        if not _is_wanted(path, self._apart):
            return
        if mask & (flags.MOVED_FROM | flags.DELETE):
            inner = path + os.sep
            for number, each in list(self._paths.items()):
                if each == path or each.startswith(inner):
                    del self._paths[number]
                    with suppress(OSError):  # gone by itself
                        inotify.rm_watch(number)
        else:
            self._add(inotify, root, path)
        self._note(root, path)

    def _root_of(self, path: str) -> _Root | None:
        inside = [
            root
            for root in self._roots
            if path == root.folder or path.startswith(root.folder + "/")
        ]
        return max(inside, key=lambda root: len(root.folder), default=None)

    def _note(self, root: _Root, path: str) -> None:
        self._last = time.monotonic()
        if not self._changed:
            self._since = self._last
        self._changed.setdefault(root.name, set()).add(path)


def _folders(top: str, apart: Collection[str]) -> Iterator[str]:
    """A folder and those below it, each before what is in it. Links are not followed."""
    waiting = [top]
    while waiting:
        path = waiting.pop()
        yield path
        try:
            with os.scandir(path) as entries:
                waiting += [
                    entry.path
                    for entry in entries
                    if entry.is_dir(follow_symlinks=False) and _is_wanted(entry.path, apart)
                ]
        except OSError:
            continue  # gone, or not to be read: the look at it says so


def _is_wanted(path: str, apart: Collection[str]) -> bool:
    name = os.path.basename(path)
    return not name.startswith(".") and name.lower() not in NOT_THE_PERSONS and path not in apart


def _topmost(paths: Collection[str]) -> tuple[str, ...]:
    """Without those that lie in another of them."""
    kept: list[str] = []
    for path in sorted(paths, key=lambda path: path + os.sep):
        if not kept or not path.startswith(kept[-1] + os.sep):
            kept.append(path)
    return tuple(kept)
