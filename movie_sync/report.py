"""What helps somebody else to help: versions, settings, checks, queues and log lines of one home.

Made to be shown to strangers. Every secret that the home knows is blanked in the finished text,
and so is what looks like one; addresses lose their queries. With `anonymous` the names of films,
people and folders go too, as far as the queues and settings know them.
"""

import platform
import shutil
import sys
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import msgspec

from movie_sync import (
    __version__,
    atomic,
    breaker,
    budgets,
    checks,
    config,
    config_keys,
    instance,
    log,
)
from movie_sync.config import Loaded
from movie_sync.credentials import KEY, Credentials, asked
from movie_sync.errors import ConfigError, FilesError, MovieSyncError
from movie_sync.log import HIDDEN, Redactor
from movie_sync.models import Item, State
from movie_sync.queue_load import Items, load, statistics
from movie_sync.report_hiding import Hiding, without_paths

LAST_OFFLINE = "hard links"  # of the checks that ask nobody
LINES, LONGEST_LINE, TAIL_BYTES = 400, 500, 512 * 1024
SAMPLE = 25  # of what failed
LIBRARIES = (
    "beautifulsoup4", "click", "cryptography", "defusedxml", "fastapi", "libtorrent", "msgspec",
    "platformdirs", "qbittorrent-api", "requests", "urllib3", "uvicorn", "av", "rich", "apprise",
)  # fmt: skip


def sections(
    home: Path,
    loaded: Loaded,
    credentials: Credentials,
    redactor: Redactor,
    now: datetime,
    *,
    live: bool = False,
    anonymous: bool = False,
) -> dict[str, str]:
    """The parts of a report by their name, redacted.

    Args:
        redactor: the one that `credentials` tell of what they read.
        live: ask torrent client, indexers and watchlists too.
    """
    told = _tell_secrets(home, loaded, credentials, redactor)
    try:
        items, _ = load(home, reader=True)
        queues = _queues(items)
    except MovieSyncError as error:
        items, queues = {state: {} for state in State}, str(error)
    found = {
        "versions": _versions(home, now),
        "settings": _settings(loaded, told),
        "checks": "\n".join(_checks(home, loaded, credentials, live=live)),
        "queues": queues,
        "failed": "\n".join(_failed(items)) or "nothing failed",
        "services": "\n".join(_services(home, now.timestamp())) or "no service has failed",
        "disks": "\n".join(_disks(home, loaded)),
        "log": "\n".join(_log(home)) or "there is no log file",
    }
    hide = Hiding(redactor, home, loaded.config, items if anonymous else None)
    clean = {name: hide.clean(text) for name, text in found.items()}
    # Only now, for half a secret is not known for one.
    clean["log"] = "\n".join(line[:LONGEST_LINE] for line in clean["log"].split("\n"))
    return clean


def as_text(parts: dict[str, str]) -> str:
    """One text to paste."""
    return "\n".join(f"== {name}\n{text}\n" for name, text in parts.items())


def write(path: Path, parts: dict[str, str]) -> None:
    """A zip with one text for each part, for its owner alone until they give it away.

    Raises:
        FilesError: it cannot be written, or another file has that name.
    """
    if path.exists() and not _is_ours(path):
        raise FilesError(f"{path} is there, and is no report; nothing was written")
    beside = path.with_name(f"{path.name}.tmp")
    try:
        with atomic.open_private(beside) as out, zipfile.ZipFile(out, "w") as archive:
            for name, text in parts.items():
                archive.writestr(f"{name}.txt", f"{text}\n", zipfile.ZIP_DEFLATED)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise FilesError(f"{path} cannot be written ({error.strerror})") from error


def _is_ours(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return {"versions.txt", "log.txt"} <= set(archive.namelist())
    except (OSError, zipfile.BadZipFile, ValueError):
        return False


def _tell_secrets(
    home: Path, loaded: Loaded, credentials: Credentials, redactor: Redactor
) -> list[tuple[str, str]]:
    """Have every secret of the home known to the redactor; returns which there are, and whence."""
    with suppress(OSError, UnicodeDecodeError):
        redactor.add((home / KEY).read_text(encoding="ascii").strip())
    try:
        found = credentials.names(asked(loaded.config))
        for name, _ in found:
            credentials.get(name)
    except ConfigError as error:
        return [("credentials", str(error))]
    return found


def _versions(home: Path, now: datetime) -> str:
    libraries = []
    for name in LIBRARIES:
        try:
            libraries.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            libraries.append(f"{name} not installed")
    running = "running" if instance.owner(home) else "not running"
    return "\n".join([
        f"movie-sync {__version__}, {running}, {now:%Y-%m-%d %H:%M} UTC",
        f"Python {platform.python_version()} ({sys.implementation.name})",
        f"{system()}, {platform.machine()}{', in a container' if _contained() else ''}",
        ", ".join(libraries),
    ])  # fmt: skip


def system() -> str:
    """The system by the name that it gives itself."""
    with suppress(OSError):
        return f"{platform.freedesktop_os_release()['PRETTY_NAME']}, {platform.release()}"
    return platform.platform()


def _contained() -> bool:
    return any(Path(mark).exists() for mark in ("/.dockerenv", "/run/.containerenv"))


def _settings(loaded: Loaded, secrets: Iterable[tuple[str, str]]) -> str:
    """What was given and by whom; then what is wrong with it. Defaults are those of the version."""
    lines = []
    for key, origin in loaded.origins.items():
        if origin != "default":
            shown = msgspec.json.encode(config_keys.value(loaded.config, key)).decode()
            lines.append(f"{key} = {without_paths(shown)}  ({origin})")
    lines += [f"{name} = {HIDDEN}  ({origin})" for name, origin in secrets]
    lines += [f"problem: {problem.message}" for problem in loaded.problems]
    lines += [f"note: {notice}" for notice in loaded.notices]
    return "\n".join(lines) or "nothing is set; all settings are at their defaults"


def _checks(home: Path, loaded: Loaded, credentials: Credentials, *, live: bool) -> Iterator[str]:
    for check in checks.everything(home, loaded, credentials):
        yield f"{'well' if check.ok else 'NOT WELL':<9} {check.name}: {check.sentence}"
        if check.name == LAST_OFFLINE and not live:
            yield "(torrent client, indexers and watchlists were not asked)"
            return


def _queues(items: Items) -> str:
    counts = statistics(lambda state: items[state].values())
    return ", ".join(f"{count} {state.replace('_', ' ')}" for state, count in counts.items())


def _failed(items: Items) -> Iterator[str]:
    """The latest."""
    failed = sorted(items[State.FAILED].values(), key=lambda item: item.seq, reverse=True)
    active = [item for item in items[State.ACTIVE].values() if item.last_error]
    for item in [*active, *failed][:SAMPLE]:
        yield _told(item)
    if len(failed) > SAMPLE:
        yield f"... and {len(failed) - SAMPLE} more"


def _told(item: Item) -> str:
    again = f"{item.retry_at:%Y-%m-%d %H:%M}" if item.retry_at else "given up"
    return (
        f"{item.title} [{item.id}]: {item.last_error}; {item.attempts} failures, "
        f"{item.searches} searches; {'now ' + str(item.step) if item.step else again}"
    )


def _services(home: Path, now: float) -> Iterator[str]:
    for name, rest in breaker.read_all(home).items():
        since = datetime.fromtimestamp(rest.since, UTC)
        state = f"{rest.failures} failures, {rest.why}" if rest.failures else "well"
        yield f"{name}: {state}, since {since:%Y-%m-%d %H:%M}"
    for path in sorted(home.glob("budget_*.json")):
        name = path.stem.removeprefix("budget_")
        try:
            yield f"{name}: {budgets.sentence(budgets.read(path), now)}"
        except FilesError as error:
            yield f"{name}: {error}"


def _disks(home: Path, loaded: Loaded) -> Iterator[str]:
    now = loaded.config
    folders = {"home": str(home), "library": now.library_directory,
               "downloads": now.download_directory}  # fmt: skip
    for name, named in folders.items():
        try:
            usage = shutil.disk_usage(config.folder(named))
            free, total = usage.free / checks.GIB, usage.total / checks.GIB
            yield f"{name}: {named}, {free:.1f} of {total:.1f} GiB free"
        except OSError as error:
            yield f"{name}: {named}, {error.strerror}"
        except ConfigError as error:
            yield f"{name}: {error}"


def _log(home: Path) -> list[str]:
    """The last lines of the log file."""
    try:
        with (home / log.FILE).open("rb") as file:
            size_bytes = file.seek(0, 2)
            file.seek(max(size_bytes - TAIL_BYTES, 0))
            lines = file.read().decode(errors="replace").split("\n")
    except OSError:
        return []
    whole = lines[1:] if size_bytes > TAIL_BYTES else lines
    return [line for line in whole if line][-LINES:]


def default_name(now: datetime) -> str:
    return f"movie_sync-report-{now:%Y%m%d-%H%M%S}.zip"
