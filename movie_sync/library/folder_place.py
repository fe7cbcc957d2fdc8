"""Whether the drives of a source are there, or are away with all that was on them.

The number of a device says little: it changes with a restart, and with each mount of a drive in
the network. So it only makes suspicious, as does a folder that is empty or missing; what decides
is whether any of the files that are known there is still there. One is enough.
"""

import os
from collections.abc import Iterator, Mapping

from msgspec import Struct

from movie_sync.errors import Away
from movie_sync.media_names import path_of, shown, storable

SAMPLE = 40  # known files that are looked for


class Missing(Struct, frozen=True):
    """A drive that is away, and why it is taken for that."""

    uri: str  # of its folder
    sentence: str


def away(folder: str, known: Mapping[str, str], remembered: Mapping[str, int]) -> list[Missing]:
    """The drives below the folder that are away, by where they were when last read as a whole.

    Args:
        known: what was found in it, by uri.
        remembered: devices by the uri of the folder where each of them begins.

    Raises:
        Away: so is the folder itself.
    """
    whole = storable(folder)
    if sentence := _missing(folder, known, remembered.get(whole)):
        raise Away(sentence)
    inner = ((uri, _known_below(uri, known), device) for uri, device in remembered.items())
    return [
        Missing(uri, sentence)
        for uri, below, device in inner
        if uri != whole and below and (sentence := _missing(path_of(uri), below, device))
    ]


def _known_below(uri: str, known: Mapping[str, str]) -> dict[str, str]:
    prefix = uri.rstrip("/") + "/"
    return {each: mark for each, mark in known.items() if each.startswith(prefix)}


def _missing(folder: str, known: Mapping[str, str], device: int | None) -> str | None:
    """Why it is taken to be away; None where it is there."""
    name = shown(folder)
    try:
        now = os.stat(folder).st_dev
        with os.scandir(folder) as entries:
            empty = next((True for each in entries if each.name != "lost+found"), False) is False
    except FileNotFoundError:
        return f"{name} is not there; nothing in it was marked as gone; is its drive mounted?"
    except NotADirectoryError:
        return f"{name} is no folder; nothing in it was marked as gone; name one that is"
    except OSError as error:
        return (
            f"{name} cannot be read ({error.strerror}); nothing in it was marked as gone; is its"
            " drive mounted, and may this user read it?"
        )
    if not known or not (empty or device not in (None, now)) or _any_there(known):
        return None
    if empty:
        return (
            f"{name} is empty, and {len(known)} {_files(known)} known in it; nothing was marked "
            "as gone; is its drive mounted? if it is, make any file in it to go on"
        )
    return (
        f"{name} lies on another drive than before, and nothing that was known is on it; nothing "
        "was marked as gone; is the right drive mounted?"
    )


def _files(known: Mapping[str, str]) -> str:
    return "file is" if len(known) == 1 else "files are"


def _any_there(known: Mapping[str, str]) -> bool:
    return any(os.path.lexists(path_of(uri)) for uri in _sample(known))


def _sample(known: Mapping[str, str]) -> Iterator[str]:
    step = max(1, len(known) // SAMPLE)
    return (uri for at, uri in enumerate(known) if at % step == 0)
