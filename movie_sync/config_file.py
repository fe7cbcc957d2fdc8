"""config.json on disk: read with the line of each key, kept as a last good copy, written whole.

A file that cannot be read is never overwritten: what a person wrote there can be mended, what a
program threw away cannot. The last copy without a fault stands beside it as `config.json~`.
"""

import json
import os
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

from msgspec import Struct

from movie_sync import atomic, config_keys
from movie_sync.errors import ConfigError, FilesError

NAME = "config.json"
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+')

Lines = dict[tuple[str, ...], list[int]]


class Reading(Struct, frozen=True):
    """What was found of a config.json, or of its last good copy."""

    path: Path  # of the file that the values are from
    values: dict[str, Any]
    lines: Lines
    broken: str | None = None  # why config.json itself cannot be read, as a sentence
    data: bytes | None = None  # as it stands on disk; None where there is no file


def read(path: Path) -> Reading:
    """The file; where it cannot be read, its last good copy; where that is missing, nothing."""
    try:
        return _read(path)
    except ConfigError as error:
        broken = f"{error}; it was left as it is"
    copy = good_copy(path)
    try:
        reading = _read(copy)
        saved_at = datetime.fromtimestamp(copy.stat().st_mtime).astimezone()
    except (ConfigError, OSError):
        reading = Reading(copy, {}, {})
    if reading.data is None:
        return Reading(path, {}, {}, f"{broken}, and defaults are used")
    used = f"{broken}, and the good copy of {saved_at:%Y-%m-%d %H:%M} is used"
    return Reading(copy, reading.values, reading.lines, used, reading.data)


def good_copy(path: Path) -> Path:
    """Where the last copy without a fault is kept."""
    real = Path(os.path.realpath(path))
    return real.with_name(f"{real.name}~")


def keep_good_copy(reading: Reading) -> None:
    """Remember the file as it stands. It was read whole and has no fault."""
    copy = good_copy(reading.path)
    # Without write access there is nobody here who could break the file either.
    with suppress(OSError):
        if reading.data is not None and (not copy.exists() or copy.read_bytes() != reading.data):
            atomic.write(copy, [reading.data])


def write(path: Path, changes: Mapping[str, object], without: Iterable[str] = ()) -> None:
    """Set keys ("qbittorrent.url") in the file; all others stay, in their order.

    Args:
        without: keys or whole sections ("torznab.nas") that are taken out of it.

    Raises:
        ConfigError: the file cannot be read; it was left as it is.
        FilesError: it cannot be written; it was left as it is.
    """
    values = _read(path).values or {"$schema": "./config.schema.json"}
    for key in without:
        _leave_out(values, *key.split("."))
    for key, value in changes.items():
        config_keys.place(values, key)[key.rpartition(".")[2]] = value
    text = json.dumps(values, indent=2, ensure_ascii=False) + "\n"
    try:
        atomic.write(path, [text.encode(errors="backslashreplace")], keep_previous=True)
    except OSError as error:
        raise FilesError(f"{path} cannot be written ({error.strerror}); it is as it was") from error


def key_lines(text: str) -> Lines:
    """On which line each key of a JSON text stands; one that is given twice has two."""
    found: Lines = {}
    place: list[str] = []  # the key being read, for each object or list that is open
    line, seen, last = 1, 0, ""
    for match in TOKEN.finditer(text):
        mark = match[0]
        line += text.count("\n", seen, match.start())
        seen = match.start()
        if mark in "{[":
            place.append("")
        elif mark in "}]":
            place.pop()
        elif mark == ":":
            place[-1] = json.loads(last)
            found.setdefault(tuple(place), []).append(line)
        last = mark
    return found


def _read(path: Path) -> Reading:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return Reading(path, {}, {})
    except OSError as error:
        raise ConfigError(f"{path} cannot be read ({error.strerror})") from error
    try:
        text = data.decode("utf-8-sig")
        values = json.loads(text, parse_constant=_no_number)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{path} cannot be read: line {line} is not UTF-8 text") from error
    except json.JSONDecodeError as error:
        raise ConfigError(f"{path} cannot be read: {_fault(error)}") from error
    except RecursionError as error:
        raise ConfigError(f"{path} cannot be read: its brackets are nested too deep") from error
    except ValueError as error:
        raise ConfigError(f"{path} cannot be read: {error}") from error
    if not isinstance(values, dict):
        raise ConfigError(f"{path} cannot be read: it must begin with {{ and end with }}")
    return Reading(path, values, key_lines(text), None, data)


def _leave_out(values: Any, name: str, *below: str) -> None:
    if isinstance(values, dict) and name in values:
        if below:
            _leave_out(values[name], *below)
        else:
            del values[name]


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number that can be used")


def _fault(error: json.JSONDecodeError) -> str:
    """Where and what, in words of a person who writes JSON once a year."""
    text, at = error.doc, error.pos
    before = text[:at].rstrip()
    if not text.strip():
        return "it is empty"
    # Python 3.13 points at a comma too many, older ones at what stands behind it.
    if before.endswith(",") and text[at : at + 1] in ("}", "]"):
        at = len(before) - 1
    line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
    return f"line {line}, column {column}: {_hint(error.msg, text[at:], before)}"


def _hint(message: str, rest: str, before: str) -> str:
    if re.match(r",\s*[}\]]", rest):
        return "there is a comma too many"
    if rest.startswith(("//", "/*", "#")):
        return "JSON has no comments"
    if rest.startswith(("'", "\u2018", "\u2019", "\u201c", "\u201d")):
        return 'texts are put in straight double quotes: "..."'
    if not rest.strip():
        return "the file ends too early"
    if "',' delimiter" in message:
        return "a comma is missing before this"
    return message[:1].lower() + message[1:]
