"""What Sonarr and Radarr call things, and how that is told to a person. Pure.

The one thing to know: what a person's settings name is looked for among what is there, and an
error lists what is there, so that nobody has to go and see.
"""

import re
from collections.abc import Mapping, Sequence

from movie_sync.errors import ConfigError

LONGEST_WORDS = 200
LONGEST_LIST = 12  # names that a sentence gives
_PRIVATE = re.compile(r"\b\w+://\S+|\b\w{20,}\b", re.ASCII)


def tag_label(label: str) -> str:
    """A tag as it is kept there: lower case, and of a to z, 0 to 9 and - alone."""
    return re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-")


def one_of(wanted: str, there: Mapping[str, int], name: str, what: str) -> int:
    """The number of the profile with this name; without a name, of the only one.

    Args:
        name: who has them, as "sonarr.main".
        what: "quality profile"; the setting is named after it.

    Raises:
        ConfigError: there is none; it lists those that there are.
    """
    numbers = {each.casefold(): number for each, number in there.items()}
    if not wanted and len(there) == 1:
        return next(iter(there.values()))
    if (number := numbers.get(wanted.casefold())) is not None:
        return number
    raise _none_there(wanted, list(there), name, what)


def folder_of(wanted: str, there: Sequence[str], name: str) -> str:
    """The root folder as it is spelt there; as `one_of` else."""
    if not wanted and len(there) == 1:
        return there[0]
    for path in there:
        if path.rstrip("/\\") == wanted.rstrip("/\\"):
            return path
    raise _none_there(wanted, there, name, "root folder")


def _none_there(wanted: str, there: Sequence[str], name: str, what: str) -> ConfigError:
    setting = what.replace(" ", "_")
    if not there:
        return ConfigError(f"{name} has no {what} at all; make one there; nothing was added")
    lacks = f'has no {what} "{wanted}"' if wanted else f"needs {setting}, for it has several"
    return ConfigError(
        f"{name} {lacks}; {listed(there, f'{what}s')}; set {setting} to one of them; nothing was "
        "added"
    )


def listed(names: Mapping[str, int] | Sequence[str], what: str) -> str:
    """ "its root folders are /tv, /anime" """
    some = list(names)[:LONGEST_LIST]
    more = f" and {len(names) - len(some)} more" if len(names) > len(some) else ""
    return f"its {what} are {', '.join(some)}{more}" if some else f"it has no {what}"


def words(text: str) -> str:
    """What it says, short, in one line, without addresses and what may be a key."""
    plain = " ".join(_PRIVATE.sub("...", text).split()).rstrip(". ")
    plain = "".join(each for each in plain if each.isprintable())
    return plain if len(plain) <= LONGEST_WORDS else f"{plain[:LONGEST_WORDS]}..."
