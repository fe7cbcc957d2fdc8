"""A change of settings while the program runs: judged, written to config.json, and in force.

What cannot work is not left in the file either: at the next start nobody may be there to mend it.
"""

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from movie_sync import atomic, config_file, config_keys
from movie_sync.config import folder
from movie_sync.credentials import VAULT
from movie_sync.errors import ConfigError, FilesError, Unavailable
from movie_sync.films.profiles import check as check_profile
from movie_sync.running import Running

AT_START = ("web.", "log_level")  # what is read once, when the program starts
FOLDERS = ("library_directory", "download_directory")


class Outcome(Struct, frozen=True):
    """What became of a change."""

    sentence: str
    at_start: tuple[str, ...] = ()  # keys that count from the next start on


def change(running: Running, changes: Mapping[str, Any], without: Collection[str] = ()) -> Outcome:
    """Write the changes, and go on with them.

    Args:
        without: keys or whole sections ("torznab.nas") that have their defaults again.

    Raises:
        ConfigError: they cannot work; config.json and the settings in force are as they were.
        FilesError: config.json cannot be written; it is as it was.
    """
    with running.changing:
        return _change(running, changes, without)


def _change(running: Running, changes: Mapping[str, Any], without: Collection[str]) -> Outcome:
    path = running.config_path
    before = _bytes(path)
    config_file.write(path, changes, without)
    ours = _bytes(path)
    count = len(changes) + len(without)
    saved = "1 setting is saved" if count == 1 else f"{count} settings are saved"
    try:
        running.restart()
    except ConfigError as error:
        _put_back(path, before, ours)
        if not running.loaded.problems:  # else the good copy would be the one that cannot work
            config_file.keep_good_copy(config_file.read(path))
        raise ConfigError(f"{error}; config.json is as it was") from error
    except Unavailable:
        return Outcome(f"{saved}, and in force as soon as what is under way has ended")
    late = tuple(key for key in (*changes, *without) if key.startswith(AT_START))
    if len(late) == count:
        return Outcome(f"{saved}, and in force from the next start of the program on", late)
    if late:
        return Outcome(f"{saved} and in force, but {', '.join(late)} from the next start on", late)
    return Outcome(f"{saved} and in force")


def refused(values: Mapping[str, Any], versions: Iterable[str]) -> dict[str, str]:
    """What is allowed each for itself, but makes no sense together: sentences by key.

    Args:
        values: of the profiles and folders, as they would be.
        versions: the names of further versions.
    """
    config = config_keys.assemble(values, {"versions": versions})
    further = {f"versions.{name}": profile for name, profile in config.versions.items()}
    found = {}
    for section, profile in {"profile": config.profile, **further}.items():
        try:
            check_profile(profile, section)
        except ConfigError as error:
            key, _, sentence = str(error).partition(": ")
            found[f"{key}.min_mib_per_minute" if key == section else key] = sentence
    if len({folder(values[key]) for key in FOLDERS}) == 1:
        found[FOLDERS[0]] = "Films need a folder of their own, beside that of the downloads"
    return found


def keep_secret(running: Running, name: str, secret: str) -> str:
    """Store a secret and go on with it; says in a sentence what became of it.

    Raises:
        ConfigError: it could not be stored, or the program cannot go on with it; then it is
            stored, and the parts from before are at work.
        FilesError: it cannot be written; nothing was changed.
    """
    with running.changing:
        running.credentials.set(name, secret)
        running.restart()
    origin = dict(running.credentials.names([name])).get(name, VAULT)
    shadow = f"; but {origin} is set too, and goes before it" if origin != VAULT else ""
    return f"{name} is stored and in use{shadow}"


def forget_secret(running: Running, name: str) -> str:
    """Take a secret out of the vault; raises as `keep_secret` does."""
    with running.changing:
        if not running.credentials.remove(name):
            raise ConfigError(f"the vault holds no {name}; nothing was changed")
        running.restart()
    return f"{name} is removed"


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def _put_back(path: Path, before: bytes | None, ours: bytes | None) -> None:
    """Unless somebody else has written there since."""
    if _bytes(path) != ours:
        return
    try:
        if before is None:
            path.unlink()
        else:
            atomic.write(path, [before])
    except OSError as error:
        raise FilesError(
            f"{path} cannot be written ({error.strerror}); it holds settings that cannot work"
        ) from error
