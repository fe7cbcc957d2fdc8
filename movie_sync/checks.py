"""Is each part there and working? One plain function for each: a sentence, or the error.

`setup` asks them of one answer, `doctor` of everything. Nothing stays behind: probe files are
removed, no download is started, and a login that was refused is not tried again.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct

from movie_sync import checks_history, checks_shows, config, settings, wiring, wiring_errands
from movie_sync.config import Loaded
from movie_sync.credentials import KEY, VAULT, Credentials
from movie_sync.errors import (
    ConfigError,
    FilesError,
    MovieSyncError,
    Unavailable,
)
from movie_sync.http import Pacer
from movie_sync.services import Checkable

GIB = 1024**3
LEAST_FREE_BYTES = 2 * GIB
FIXES = {
    "settings": 'mend it, then run "config check"',
    "unavailable": "see that it runs, and can be reached from this machine under its address",
    "libtorrent": 'install the package libtorrent, or set torrent_client to "qbittorrent"',
    "qbittorrent": 'set qbittorrent.username, and run "credentials set qbittorrent.password"',
    "indexers": 'see its login: for FileList set filelist.username, and run "credentials set '
    'filelist.passkey"',
    "told": 'see docs/notifications.md for its address and login, then "notify test"',
    "watchlist": 'open it in a browser; where its pages are closed to programs, use "watchlist '
    'import"',
}


class Check(Struct, frozen=True):
    """How one part is. `fix` is what to do where it is not well."""

    name: str
    ok: bool
    sentence: str
    fix: str = ""


class Probes(NamedTuple):
    """The checks that set-up asks of an answer; other ones may stand in for them."""

    watchlist: Callable[[Path, settings.Config, str], str]
    writable: Callable[[Path], str]
    hard_link: Callable[[Path, Path], str]
    torrent_client: Callable[[Path, settings.Config, Credentials], str]
    indexers: Callable[[Path, settings.Config, Credentials], str]


def live() -> Probes:
    """The checks that really ask."""
    return Probes(watchlist, writable, hard_link, torrent_client, indexers)


def run(name: str, test: Callable[[], str], fix: str) -> Check:
    """Turn a sentence or an error into a check."""
    try:
        return Check(name, ok=True, sentence=test())
    except Unavailable as error:
        return Check(name, ok=False, sentence=str(error), fix=FIXES["unavailable"])
    except MovieSyncError as error:
        return Check(name, ok=False, sentence=str(error), fix=fix)


def everything(home: Path, loaded: Loaded, credentials: Credentials) -> Iterator[Check]:
    """All checks, the quick ones first; each is asked when the one before it was taken."""
    now = loaded.config
    library, downloads = now.library_directory, now.download_directory
    yield from _settings(loaded)
    yield run("home", lambda: private(home), f'run "chmod -R go= {home}"')
    for name, key, path in (
        ("library", "library_directory", library),
        ("downloads", "download_directory", downloads),
    ):
        fix = f'run "mkdir -p {path}", make room in it, or set {key} to another folder'
        yield run(name, partial(_named, path), fix)
    yield run(
        "hard links",
        lambda: hard_link(config.folder(downloads), config.folder(library)),
        "put download_directory and library_directory on one file system",
    )
    ask = partial(torrent_client, home, now, credentials)
    yield run("torrent client", ask, FIXES[now.torrent_client])
    if not wiring.shows_alone(now):
        yield from _indexers(home, now, credentials)
        yield from _watchlists(home, now)
    for of_area in (checks_shows, checks_history):
        for name, test, fix in of_area.questions(home, now, credentials):
            yield run(name, test, fix)
    yield from told(now, credentials)


def private(home: Path) -> str:
    """Nobody else may read the home folder or the secrets in it."""
    ours = [path for path in (home, home / KEY, home / VAULT) if path.exists()]
    if others := [str(path) for path in ours if path.stat().st_mode & 0o077]:
        raise FilesError(f"others may read {' and '.join(others)}")
    return f"{home} is for its owner alone"


def writable(folder: Path) -> str:
    """Write a file there, and see how much room is left."""
    if not folder.is_dir():
        raise FilesError(f"there is no folder {folder}")
    try:
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(bytes(4096))
            probe.flush()
            os.fsync(probe.fileno())
        free_bytes = shutil.disk_usage(folder).free
    except OSError as error:
        raise FilesError(f"{folder} cannot be written ({error.strerror})") from error
    if free_bytes < LEAST_FREE_BYTES:
        raise FilesError(f"{folder} has only {free_bytes / GIB:.1f} GiB free, no room for a film")
    return f"{folder} can be written, {free_bytes / GIB:.1f} GiB free"


def hard_link(downloads: Path, library: Path) -> str:
    """Link a file of the downloads into the library, as finished films are."""
    for folder in (downloads, library):
        if not folder.is_dir():
            raise FilesError(f"there is no folder {folder}")
    try:
        with tempfile.NamedTemporaryFile(dir=downloads, prefix=".movie_sync-probe-") as probe:
            link = library / f"{Path(probe.name).name}.link"
            os.link(probe.name, link)
            link.unlink()
    except OSError as error:
        raise FilesError(
            f"no hard link leads from {downloads} to {library} ({error.strerror}); films are "
            "copied, and take their room twice while they are seeded"
        ) from error
    return "a film takes its room once in downloads and library together"


def torrent_client(home: Path, now: settings.Config, credentials: Credentials) -> str:
    """Is the chosen client there, and does it accept the login?"""
    client = wiring.torrent_client(now, home, credentials)
    try:
        return f"{client.name}: {client.check()}"
    finally:
        client.close()


def indexers(home: Path, now: settings.Config, credentials: Credentials) -> str:
    """Do they accept the login? Takes one call of each one's budget."""
    return "; ".join(ask() for ask in _askable(home, now, credentials))


def watchlist(home: Path, now: settings.Config, user: str) -> str:
    """Is it there, public and readable? Reads its first page only."""
    return f"letterboxd: {wiring.letterboxd(now, Pacer()).check(user)}"


def told(now: settings.Config, credentials: Credentials) -> Iterator[Check]:
    """One check for each that brings notices or shows the library."""
    for target in wiring_errands.checkable(now, credentials, Pacer()):
        yield run(target.name, partial(_asked, target), FIXES["told"])


def _settings(loaded: Loaded) -> Iterator[Check]:
    for problem in loaded.problems:
        yield Check("settings", ok=False, sentence=problem.message, fix=FIXES["settings"])
    if not loaded.problems:
        given = sum(origin != "default" for origin in loaded.origins.values())
        sentence = f"{given} given, {len(loaded.origins) - given} at their defaults"
        yield Check("settings", ok=True, sentence=sentence)


def _askable(
    home: Path, now: settings.Config, credentials: Credentials
) -> Iterator[Callable[[], str]]:
    """A question to each indexer that is set up.

    Raises:
        ConfigError: there is none, or one lacks its login.
    """
    found = wiring.indexers(now, home, credentials, Pacer())
    if not found or wiring.lacks_passkey(now, credentials):
        raise ConfigError(wiring.no_indexer(now))
    for one in found:
        yield partial(_asked, one)


def _asked(one: Checkable) -> str:
    return f"{one.name}: {one.check()}"


def _indexers(home: Path, now: settings.Config, credentials: Credentials) -> Iterator[Check]:
    """One check for each, so that none hides another."""
    try:
        questions = list(_askable(home, now, credentials))
    except ConfigError as error:
        yield Check("indexers", ok=False, sentence=str(error), fix=FIXES["indexers"])
        return
    for ask in questions:
        yield run("indexers", ask, FIXES["indexers"])


def _watchlists(home: Path, now: settings.Config) -> Iterator[Check]:
    users = [user for user in (now.username, *now.letterboxd.users) if user]
    if not users and not (now.letterboxd.lists or now.lists or now.watchlist_folder):
        yield Check("watchlist", ok=False, sentence="none is named", fix='run "setup"')
    for user in users:
        yield run("watchlist", partial(watchlist, home, now, user), FIXES["watchlist"])


def _named(folder: str) -> str:
    return writable(config.folder(folder))
