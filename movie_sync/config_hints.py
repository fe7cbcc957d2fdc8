"""What to say of a key that is no setting: what was probably meant, and how it is written."""

import re
from collections.abc import Iterable, Mapping

from movie_sync import credentials
from movie_sync.config_keys import (
    NAME,
    PLACEHOLDER,
    Setting,
    named_sections,
    nearest,
    sections,
)

SECRET = re.compile(r"pass(word|key|wd)?$|secret|token|api_?key", re.IGNORECASE)
EARLIER = {  # settings of the earlier form of config.json, and what became of them
    "watchlist_file": "watchlists are remembered in watchlist.json of the home folder",
    "use_threads": "the work is always parted among threads",
}
TAKEN = {  # parts called so already
    "torznab": (
        "apprise", "archive_org", "filelist", "jellyfin", "kodi", "letterboxd", "ntfy", "plex",
        "tmdb", "webhook",
    )
}  # fmt: skip


def no_setting(place: tuple[str, ...], table: Mapping[str, Setting]) -> str:
    key, name, kinds = ".".join(place), place[-1], named_sections()
    kind, rest = _kind(place)
    if kind and len(rest) == 1 and (wrong := wrong_name(kind, rest[0])):
        return f'"{key}" is left out: {wrong}'
    if SECRET.search(name):
        return _no_secret(place)
    if key in EARLIER:
        return f'"{key}" is not needed any more: {EARLIER[key]}; it is ignored; remove it'
    known = [*table, *sections(), *kinds]
    if key in sections():
        message = f'"{key}" must be a section, as {_nested(key, "{...}")}'
    elif key in table or (len(place) == 1 and key.partition(".")[0] in kinds and key not in kinds):
        message = f'write "{key}" as {_nested(key)}'
    elif kind and len(rest) <= 1:
        message = f'"{key}" must be a section of a name of yours, as {_named(kind, rest)}'
    else:
        return f'there is no setting "{key}"; it is ignored{meant(key, known)}'
    return f"{message}; it is ignored"


def wrong_name(kind: str, name: str) -> str:
    """Why a person's section cannot be called so; empty where it can."""
    if not NAME.fullmatch(name):
        return "a name is of letters and digits, with - or _ between them, at most 40 in all"
    if name in TAKEN.get(kind, ()):
        return "another part of the program is called so; choose another name"
    return ""


def meant(word: str, known: Iterable[str]) -> str:
    """ "; did you mean ...?" where one can guess: a slip of the pen, or a forgotten section."""
    section, _, name = word.rpartition(".")
    parted = [(one, *one.rpartition(".")[::2]) for one in known]
    elsewhere = [one for one, _, last in parted if last == name]
    beside = {last: one for one, part, last in parted if section and part == section}
    if len(elsewhere) == 1:
        guess: str | None = elsewhere[0]
    elif beside:
        guess = beside.get(nearest(name, beside) or "")
    else:
        guess = nearest(word, [one for one, _, _ in parted])
    return f'; did you mean "{guess}"?' if guess else ""


def _kind(place: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """The part of sections by a person's names that the place is in, and what follows there."""
    for kind in named_sections():
        names = tuple(kind.split("."))
        if place[: len(names)] == names:
            return kind, place[len(names) :]
    return "", place


def _named(kind: str, rest: tuple[str, ...]) -> str:
    """How a section of a person's naming is written, where none stands at this place."""
    if not rest:
        return _nested(f"{kind}.{PLACEHOLDER}", "{...}")
    if rest[0] in named_sections()[kind].__struct_fields__:
        return _nested(f"{kind}.{PLACEHOLDER}.{rest[0]}")
    return _nested(f"{kind}.{rest[0]}", "{...}")


def _nested(key: str, value: str = "...") -> str:
    """How a key is written in JSON: {"seeding": {"ratio": ...}}."""
    for name in reversed(key.split(".")):
        value = f'{{"{name}": {value}}}'
    return value


def _no_secret(place: tuple[str, ...]) -> str:
    key, known = ".".join(place), credentials.KNOWN
    section, _, word = key.rpartition(".")
    beside = [name for name in known if section and name.startswith(f"{section}.")]
    by_last_word = [name for name in known if name.rpartition(".")[2] == word]
    if place[0] in ("torznab", "sonarr"):
        own = place[1] if len(place) == 3 else PLACEHOLDER
        name = f"{place[0]}.{own}.api_key"
    else:
        name = next(iter(beside or by_last_word), PLACEHOLDER)
    return (
        f'"{key}" is a secret and not read from here; '
        f'run "credentials set {name}" and remove it from the file'
    )
