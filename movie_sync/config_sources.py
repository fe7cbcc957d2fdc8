"""What was given for each setting: in config.json, in the environment, on the command line.

Each source gives what it holds, by key, and a problem for whatever is no setting. Whether a value
is allowed is judged later, in `config.py`.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from movie_sync import credentials
from movie_sync.config_file import Reading
from movie_sync.config_keys import PREFIX, Setting, nearest, sections, variable

VARIABLE = re.compile(r"\$\{(\w+)\}", re.ASCII)
SECRET = re.compile(r"pass(word|key|wd)?$|secret|token|api_?key", re.IGNORECASE)
OTHER_VARIABLES = (f"{PREFIX}HOME",)
COMMAND_LINE = "command line"
LONGEST_SHOWN = 40


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


class Source(Struct, frozen=True):
    """All that one source gave."""

    given: dict[str, Given]
    problems: list[Problem]


def from_file(reading: Reading, table: Mapping[str, Setting], environ: Mapping[str, str]) -> Source:
    """The keys of config.json, `${NAME}` in its texts replaced from the environment."""
    name = reading.path.name
    source = Source({}, _twice(reading))
    for place, value in _leaves(reading.values):
        key = ".".join(place)
        line = reading.lines[place][-1]
        if key not in table or (len(place) == 1 and "." in key):
            message = f"{name}, line {line}: {_no_setting(place, table)}"
            source.problems.append(Problem(key, message))
            continue
        subject = f"{name}, line {line}: {key}"
        if missing := sorted(set(VARIABLE.findall(json.dumps(value))) - environ.keys()):
            message = f"{subject} names ${{{missing[0]}}}, which is not set; it is left out"
            source.problems.append(Problem(key, message))
            continue
        filled = _filled(value, environ)
        as_text = isinstance(value, str) and filled != value
        given = Given(filled, f"{name} line {line}", subject, _shown(value), as_text)
        source.given[key] = given
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
        if plain not in keys:
            message = f"{name} is no setting and is ignored{_meant(name, known)}"
            source.problems.append(Problem(name, message))
        elif plain == name:
            source.given[keys[name]] = Given(text, name, name, _shown(text), as_text=True)
        elif environ.get(plain):
            message = f"{plain} and {name} are both set; {plain} is used"
            source.problems.append(Problem(keys[plain], message))
        else:
            _read_named_file(source, keys[plain], name, text)
    return source


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


def _read_named_file(source: Source, key: str, name: str, path: str) -> None:
    try:
        text = Path(path).read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        message = f"{name} names {path}, which cannot be read ({reason}); it is left out"
        source.problems.append(Problem(key, message))
    else:
        source.given[key] = Given(text, name, name, as_text=True)


def _leaves(values: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Any]]:
    parts = sections()
    for name, value in values.items():
        if name in parts and isinstance(value, dict):
            yield from (((name, inner), given) for inner, given in value.items())
        else:
            yield (name,), value


def _twice(reading: Reading) -> list[Problem]:
    found = []
    for place, lines in reading.lines.items():
        if len(lines) > 1 and "" not in place:
            key, both = ".".join(place), " and ".join(map(str, lines))
            message = f'{reading.path.name}, lines {both}: "{key}" is given twice; the last is used'
            found.append(Problem(key, message))
    return found


def _no_setting(place: tuple[str, ...], table: Mapping[str, Setting]) -> str:
    key, name = ".".join(place), place[-1]
    if SECRET.search(name):
        return _no_secret(key)
    if key in sections():
        return f'"{key}" must be a section, as {{"{key}": {{...}}}}; it is ignored'
    if key in table:
        section, _, inner = key.partition(".")
        return f'write "{key}" as {{"{section}": {{"{inner}": ...}}}}; it is ignored'
    return f'there is no setting "{key}"; it is ignored{_meant(key, [*table, *sections()])}'


def _no_secret(key: str) -> str:
    by_last_word = {name.rpartition(".")[2]: name for name in credentials.KNOWN}
    name = key if key in credentials.KNOWN else by_last_word.get(key.rpartition(".")[2], "NAME")
    return (
        f'"{key}" is a secret and not read from here; '
        f'run "credentials set {name}" and remove it from the file'
    )


def _meant(word: str, known: Iterable[str]) -> str:
    """ "; did you mean ...?" where one can guess: a slip of the pen, or a forgotten section."""
    known = list(known)
    elsewhere = [one for one in known if one.rpartition(".")[2] == word.rpartition(".")[2]]
    guess = elsewhere[0] if len(elsewhere) == 1 else nearest(word, known)
    return f'; did you mean "{guess}"?' if guess else ""


def _filled(value: Any, environ: Mapping[str, str]) -> Any:
    match value:
        case str():
            return VARIABLE.sub(lambda found: environ[found[1]], value)
        case list():
            return [_filled(one, environ) for one in value]
        case dict():
            return {name: _filled(one, environ) for name, one in value.items()}
        case _:
            return value


def _shown(value: object) -> str:
    """A short value as it was written; nothing where it is long or may hold a login."""
    text = json.dumps(value, ensure_ascii=False)
    return "" if len(text) > LONGEST_SHOWN or "@" in text else text
