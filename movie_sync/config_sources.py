"""What was given for each setting: in config.json, in the environment, on the command line.

Each source gives what it holds, by key, and a problem for whatever is no setting. Whether a value
is allowed is judged later, in `config.py`.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from movie_sync import config_names, credentials
from movie_sync.config_file import Reading
from movie_sync.config_hints import meant, no_setting, wrong_name
from movie_sync.config_keys import PREFIX, Setting, named_sections, variable
from movie_sync.config_places import is_named, leaves, part
from movie_sync.errors import ConfigError

VARIABLE = re.compile(r"\$\{(\w+)\}", re.ASCII)
KEY_IN_ADDRESS = re.compile(r"[?&](api_?key|passkey|password|token)=", re.IGNORECASE)
OTHER_VARIABLES = (f"{PREFIX}HOME",)
COMMAND_LINE = "command line"
LONGEST_SHOWN = 40
_OF_FILE = "_FILE"


class Problem(Struct, frozen=True):
    """Something wrong in the settings, for a person to mend."""

    key: str  # "qbittorrent.url"; empty where it is the file as a whole
    message: str


class Given(Struct, frozen=True):
    """A value somebody gave for a setting."""

    value: Any
    origin: str  # "config.json line 4", "MOVIE_SYNC_USERNAME"
    subject: str  # what a sentence about it begins with
    shown: str = ""  # the value, where that sentence may repeat it
    as_text: bool = False  # it was text where a number, switch or list may be due

    @property
    def before(self) -> str:
        """What a sentence begins with that names the key itself."""
        where = self.subject.rpartition(": ")[0]
        return f"{where}: " if where else f"{self.origin}: "


class Source(Struct, frozen=True):
    """All that one source gave."""

    given: dict[str, Given]
    problems: list[Problem]


def names(reading: Reading, environ: Mapping[str, str]) -> dict[str, list[str]]:
    """What a person called their sections of each kind, in the file and in variables.

    A name in a variable is in capitals and without -, so it is that of the file which looks the
    same there, or else a new one in small letters.
    """
    found = {}
    for kind, section in named_sections().items():
        inner = part(reading.values, kind)
        found[kind] = [name for name in inner if is_named(kind, name, inner[name])]
        known = {variable(f"{kind}.{name}") for name in found[kind]}
        fields = "|".join(field.upper() for field in section.__struct_fields__)
        pattern = re.compile(rf"({variable(kind)}__([A-Z0-9_]+?))__({fields})(_FILE)?")
        matches = [pattern.fullmatch(one) for one, text in sorted(environ.items()) if text]
        new = {match[2].lower() for match in matches if match and match[1] not in known}
        new |= _by_other_names(kind, environ) - set(found[kind])
        found[kind] += sorted(name for name in new if not wrong_name(kind, name))
    return found


def _by_other_names(kind: str, environ: Mapping[str, str]) -> set[str]:
    places = [
        (name, key.removeprefix(f"{kind}.").split("."))
        for name, key in config_names.KEYS.items()
        if key.startswith(f"{kind}.")
    ]
    return {
        place[0] for name, place in places if (environ.get(name) or environ.get(name + _OF_FILE))
    }


def from_file(reading: Reading, table: Mapping[str, Setting], environ: Mapping[str, str]) -> Source:
    """The keys of config.json, `${NAME}` in its texts replaced from the environment."""
    name = reading.path.name
    source = Source({}, _twice(reading))
    for place, value in leaves(reading.values):
        key = ".".join(place)
        line = reading.lines[place][-1]
        if key not in table or (len(place) == 1 and "." in key):
            message = f"{name}, line {line}: {no_setting(place, table)}"
            source.problems.append(Problem(key, message))
            continue
        subject = f"{name}, line {line}: {key}"
        try:
            whole = filled(value, environ)
        except ConfigError as error:
            source.problems.append(Problem(key, f"{subject} names {error}; it is left out"))
            continue
        as_text = isinstance(value, str) and whole != value
        given = Given(whole, f"{name} line {line}", subject, _shown(value), as_text)
        _take(source, key, given)
    return source


def from_environment(table: Mapping[str, Setting], environ: Mapping[str, str]) -> Source:
    """The variables MOVIE_SYNC_..., and those ..._FILE that name a file with the value.

    An empty variable counts as not set: that is what Compose makes of one it does not know.
    """
    source = Source({}, [])
    keys = {one.variable: key for key, one in table.items() if not key.startswith("$")}
    secrets = [variable(name) for name in credentials.KNOWN]
    known = [*keys, *secrets, *OTHER_VARIABLES]
    for name, text in sorted(environ.items()):
        plain = name if name in known else name.removesuffix("_FILE")
        if not name.startswith(PREFIX) or not text or plain in (*secrets, *OTHER_VARIABLES):
            continue
        if credentials.is_variable(plain):
            continue
        if plain not in keys:
            message = f"{name} is no setting and is ignored{meant(name, known)}"
            source.problems.append(Problem(name, message))
        elif plain == name:
            _take(source, keys[name], Given(text, name, name, _shown(text), as_text=True))
        elif environ.get(plain):
            message = f"{plain} and {name} are both set; {plain} is used"
            source.problems.append(Problem(keys[plain], message))
        else:
            _read_named_file(source, keys[plain], name, text)
    _take_other_names(source, table, environ)
    return source


def other_notices(environ: Mapping[str, str]) -> tuple[str, ...]:
    """What is set by names of others and does nothing, for a person who brought it along."""
    found = []
    for name, text in sorted(environ.items()):
        plain = name.removesuffix(_OF_FILE)
        if not text or plain in config_names.KEYS or plain in config_names.SECRETS:
            continue
        if why := config_names.NOT_NEEDED.get(plain):
            found.append(f"{name} is not needed: {why}; it is ignored")
        elif name.startswith(config_names.OURS) and (guess := meant(plain, config_names.KEYS)):
            found.append(f"{name} is no setting and is ignored{guess}")
    return tuple(found)


def from_command_line(overrides: Mapping[str, object]) -> Source:
    """Options by key; one that was not given is None."""
    return Source(
        {
            key: Given(value, COMMAND_LINE, f"command line: {key}", _shown(value))
            for key, value in overrides.items()
            if value is not None
        },
        [],
    )


def _take_other_names(
    source: Source, table: Mapping[str, Setting], environ: Mapping[str, str]
) -> None:
    for plain, key in config_names.KEYS.items():
        for name in (plain, plain + _OF_FILE):
            text = environ.get(name)
            if not text or key not in table:
                continue
            if key in source.given:
                used = source.given[key].origin
                message = f"{used} and {name} are both set; {used} is used"
                source.problems.append(Problem(key, message))
            elif name == plain:
                _take(source, key, Given(text, name, name, _shown(text), as_text=True))
            else:
                _read_named_file(source, key, name, text)


def _read_named_file(source: Source, key: str, name: str, path: str) -> None:
    try:
        text = _text_of(path)
    except ConfigError as error:
        source.problems.append(Problem(key, f"{name} names {error}; it is left out"))
    else:
        _take(source, key, Given(text, name, name, as_text=True))


def _take(source: Source, key: str, given: Given) -> None:
    """An address with a key in it would be shown and logged with it, and so is left out."""
    section, _, name = key.rpartition(".")
    is_address = section.startswith(("torznab.", "sonarr.")) and name == "url"
    if is_address and KEY_IN_ADDRESS.search(str(given.value)):
        credential = f"{section}.api_key"
        message = (
            f"{given.subject} holds a key, so that {section} is left out; write the address "
            f'without it, and run "credentials set {credential}"'
        )
        source.problems.append(Problem(key, message))
    else:
        source.given[key] = given


def _twice(reading: Reading) -> list[Problem]:
    found = []
    for place, lines in reading.lines.items():
        if len(lines) > 1 and "" not in place:
            key, both = ".".join(place), " and ".join(map(str, lines))
            message = f'{reading.path.name}, lines {both}: "{key}" is given twice; the last is used'
            found.append(Problem(key, message))
    return found


def filled(value: Any, environ: Mapping[str, str]) -> Any:
    """With `${NAME}` in its texts replaced. Raises ConfigError: a name stands for nothing."""
    match value:
        case str():
            return VARIABLE.sub(lambda found: _variable(found[1], environ), value)
        case list():
            return [filled(one, environ) for one in value]
        case dict():
            return {name: filled(one, environ) for name, one in value.items()}
        case _:
            return value


def _variable(name: str, environ: Mapping[str, str]) -> str:
    """What `${NAME}` stands for: what the file holds that NAME_FILE names, or NAME itself. By
    `${NAME_FILE}` too is meant what the file holds, and not where it is.

    Raises:
        ConfigError: neither is set, or the file cannot be read.
    """
    of_file = name if name.endswith(_OF_FILE) else name + _OF_FILE
    if path := environ.get(of_file):
        return _text_of(path)
    if name not in environ:
        raise ConfigError(f"${{{name}}}, which is not set")
    return environ[name]


def _text_of(path: str) -> str:
    """Raises ConfigError: it cannot be read."""
    try:
        return Path(path).read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        raise ConfigError(f"{path}, which cannot be read ({reason})") from None


def _shown(value: object) -> str:
    """A short value as it was written; nothing where it is long or may hold a login."""
    text = json.dumps(value, ensure_ascii=False)
    private = "@" in text or KEY_IN_ADDRESS.search(text)
    return "" if private or len(text) > LONGEST_SHOWN else text
