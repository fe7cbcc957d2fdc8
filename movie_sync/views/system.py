"""The program itself: its workers, what it runs on, the room it takes and has, and its checks."""

import platform
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from movie_sync import __version__, checks, report
from movie_sync.app import App
from movie_sync.checks import Check
from movie_sync.config import folder
from movie_sync.errors import ConfigError
from movie_sync.log import Redactor
from movie_sync.running import Running
from movie_sync.settings import Config

WORK = {
    "monitor": "reads the watchlists and what is newly offered",
    "download": "searches films and starts their downloads",
    "follow": "watches downloads and places them in the library",
    "errands": "tells you and your media servers",
}
# The first words of our own commands, where a fix names one.
OURS = ("cleanup", "config", "credentials", "doctor", "notify", "queue", "setup", "watchlist")
_QUOTED = re.compile(r'((?:run|then|use|and run) )?"([^"]+)"')


class Worker(Struct, frozen=True, kw_only=True):
    """One of the threads that do the work."""

    name: str
    work: str
    passed_at: datetime | None  # when its last pass began
    next_at: datetime | None  # when it is its turn again, unless it is woken
    failure: str | None
    since: datetime | None


class Disk(Struct, frozen=True, kw_only=True):
    """One disk, and which of our folders lie on it."""

    names: tuple[str, ...]
    folders: tuple[str, ...]
    free_bytes: int
    total_bytes: int
    fault: str | None = None


class Versions(Struct, frozen=True, kw_only=True):
    """What the program is made of, and runs on."""

    program: str
    python: str
    system: str
    libraries: dict[str, str]


class Step(Struct, frozen=True):
    """A piece of advice: words, or a command to be copied."""

    text: str
    is_command: bool = False


def workers(app: App, now: datetime) -> list[Worker]:
    found = []
    for one in app.workers:
        until_s = max(one.beat_at - time.monotonic(), 0.0)
        found.append(
            Worker(
                name=one.name,
                work=WORK.get(one.name, ""),
                passed_at=one.passed_at,
                next_at=now + timedelta(seconds=until_s) if one.passed_at else None,
                failure=one.failure,
                since=one.failed_since,
            )
        )
    return found


def versions() -> Versions:
    libraries = {}
    for name in report.LIBRARIES:
        with suppress(PackageNotFoundError):
            libraries[name] = version(name)
    return Versions(
        program=__version__,
        python=platform.python_version(),
        system=f"{report.system()}, {platform.machine()}",
        libraries=libraries,
    )


def memory_bytes() -> tuple[int, int] | None:
    """What the process takes now, and took at most; None where the system does not tell."""
    told = {}
    with suppress(OSError, ValueError):
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            name, _, value = line.partition(":")
            if name in ("VmRSS", "VmHWM"):
                told[name] = int(value.split()[0]) * 1024
    return (told["VmRSS"], told["VmHWM"]) if len(told) == 2 else None


def disks(home: Path, config: Config) -> list[Disk]:
    """Those of the home, the downloads and the library; each once."""
    found: dict[int, Disk] = {}
    faults = []
    named = {"home": str(home), "downloads": config.download_directory,
             "library": config.library_directory}  # fmt: skip
    for name, path in named.items():
        try:
            place = folder(path)
            device, usage = place.stat().st_dev, shutil.disk_usage(place)
        except (OSError, ConfigError) as error:
            why = (error.strerror if isinstance(error, OSError) else str(error)) or str(error)
            faults.append(Disk(names=(name,), folders=(path,), free_bytes=0, total_bytes=0,
                               fault=why))  # fmt: skip
            continue
        known = found.get(device)
        found[device] = Disk(
            names=(*(known.names if known else ()), name),
            folders=(*(known.folders if known else ()), str(place)),
            free_bytes=usage.free,
            total_bytes=usage.total,
        )
    return [*found.values(), *faults]


def doctor(running: Running) -> Iterator[Check]:
    """Every check, without secrets; each is made when the one before it was taken."""
    redactor = Redactor()
    credentials = running.credentials.heard_by(redactor.add)
    for check in checks.everything(running.home, running.loaded, credentials):
        yield replace(check, sentence=redactor.clean(check.sentence))


def steps(fix: str) -> list[Step]:
    """A fix as `doctor` tells it, with its commands apart, as they are typed."""
    found, end = list[Step](), 0
    for quoted in _QUOTED.finditer(fix):
        before = fix[end : quoted.start()] + (quoted[1] or "")
        ours = quoted[2].split()[0] in OURS
        is_command = bool(quoted[1]) or ours
        found.append(Step(before if is_command else f'{before}"{quoted[2]}"'))
        if is_command:
            found.append(Step(f"movie-sync {quoted[2]}" if ours else quoted[2], is_command=True))
        end = quoted.end()
    found.append(Step(fix[end:]))
    return [step for step in found if step.text]
