"""Says which real programs the tests would use and do not find. `python -m tests.needs`"""

import shutil
import sys

from tests.postgresql import binaries

PROGRAMS = {
    "qbittorrent-nox": "the tests with a real qBittorrent",
    "ffmpeg": "the tests that look into film files",
    "ffprobe": "the test that the demo's clips are films (package ffmpeg)",
    "strace": "the tests with a disk that fails",
    "systemd-analyze": "the tests of the systemd units (package systemd)",
    "chromium": "the tests of the page in a real browser",
    "mandoc": "the test of the man page",
    "zsh": "the tests of completion in zsh",
    "fish": "the tests of completion in fish",
}


def main() -> None:
    missing = {name: what for name, what in PROGRAMS.items() if shutil.which(name) is None}
    if binaries() is None:
        missing["postgresql"] = "the tests of the database on a real PostgreSQL"
    for name, what in missing.items():
        sys.stdout.write(f"not installed: {name}; skipped for that: {what}\n")
    if missing:
        packages = {"ffprobe": "ffmpeg", "systemd-analyze": "systemd"}
        names = " ".join(dict.fromkeys(packages.get(name, name) for name in missing))
        sys.stdout.write(f"on Debian: apt-get install --no-install-recommends {names}\n")


main()
