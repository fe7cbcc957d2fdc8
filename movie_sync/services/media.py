"""Film files, asked what they are: how long, how many lines, spoken in which languages.

PyAV reads them, an extra, in a process of its own: its libraries are large, and a file from
strangers may be made to break its reader. The one thing to know: `Refused` says that the file is
no film, and everything else that goes wrong says nothing of it.
"""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import msgspec

from movie_sync.errors import Refused, Unavailable
from movie_sync.media_probe import NOT_A_VIDEO
from movie_sync.models import MediaFacts

NAME = "media"
WITHIN_S = 60.0

_PACKAGES = str(Path(__file__).parent.parent.parent)
_OURS = "MOVIE_SYNC_"  # variables of ours may hold secrets


def installed() -> bool:
    return find_spec("av") is not None


def probe(path: Path, *, within_s: float = WITHIN_S) -> MediaFacts:
    """What the file says of itself.

    Raises:
        Refused: it is no video.
        Unavailable: that could not be found out, through no fault of the file that is known.
    """
    command = [sys.executable, "-P", "-m", "movie_sync.media_probe", str(path)]
    try:
        ran = subprocess.run(
            command, env=_environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, timeout=within_s, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise _unknown(path, f"{within_s:.0f} s were not enough") from None
    except OSError as error:
        raise _unknown(path, f"its reader could not be started: {error.strerror}") from error
    if ran.returncode == NOT_A_VIDEO:
        raise Refused(NAME, f"{path.name} is no video, whatever its name says")
    if ran.returncode:
        raise _unknown(path, f"its reader ended with {ran.returncode}")
    try:
        return msgspec.json.decode(ran.stdout, type=MediaFacts)
    except msgspec.MsgspecError as error:
        raise _unknown(path, f"its reader told nothing: {error}") from error


def _unknown(path: Path, why: str) -> Unavailable:
    return Unavailable(NAME, f"{path.name} was not looked into: {why}")


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    return kept | {"PYTHONPATH": _PACKAGES}
