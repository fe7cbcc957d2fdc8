"""What is wrong with the text of a queue file, in words of a person who has it open in an editor.

Only called on what cannot be read, so that it may be slow; but it holds no more than one item at a
time beside the text, because the file may be of any size.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from movie_sync.models import Item

MOST = 2**53  # whole numbers beyond it are not the same in every program that reads JSON

_SPACE = re.compile(r"[ \t\n\r]*")
_EXPECTED = re.compile(r"Expected `([^`]+)`, got `([^`]+)`")
_UNKNOWN = re.compile(r"Object contains unknown field `([^`]+)`")
_MISSING = re.compile(r"Object missing required field `([^`]+)`")
_BYTE = re.compile(r"(?:JSON is malformed: )?(.*) \(byte (\d+)\)")
_A_TIME = "a time with its zone, such as 2026-01-05T12:00:00Z"
_KINDS = {
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "an object, as {...}",
    "null": "null",
    "datetime": _A_TIME,
}


def of_syntax(text: bytes, error: Exception) -> str:
    """Why this is no JSON at all, and where."""
    if not text.strip():
        return "it is empty, where at least [] should be"
    if not text.strip(b"\0"):
        return "it holds nothing but zeros, as after a power cut"
    try:
        for _ in _entries(text.decode()):
            pass
    except UnicodeDecodeError as found:
        return f"{_at_byte(text, found.start)} is not UTF-8 text"
    except json.JSONDecodeError as found:
        return f"line {found.lineno}, column {found.colno}: {found.msg}"
    told = _BYTE.fullmatch(str(error))
    return f"{_at_byte(text, int(told[2]))}: {told[1]}" if told else str(error)


def of_item(text: bytes, error: msgspec.ValidationError) -> str:
    """ "Expected `int`, got `str` - at `$[2].attempts`" in words that name line and item."""
    what, _, place = str(error).partition(" - at `$")
    number, _, key = place.partition("[")[2].partition("]")
    if not number.isdigit():
        return f"{_in_words(what)}, where a list of items should be"
    try:
        line, entry = _entry(text, int(number))
    except ValueError as broken:  # further on in the file
        return of_syntax(text, broken)
    name = entry.get("id") if isinstance(entry, dict) else None
    named = f"line {line}, item {int(number) + 1} ({name or 'without an id'})"
    key = key.strip("`.")
    return f"{named}{f' in {key!r}' if key else ''}: {_in_words(what)}"


def of_value(text: bytes, number: int, item: Item) -> str | None:
    """What no item can have, though its form is right; None if there is nothing."""
    if not item.id:
        return f"line {_entry(text, number)[0]}, item {number + 1} ({item.title}): its id is empty"
    for key in ("seq", "pos", "priority", "attempts", "searches", "claims"):
        value = getattr(item, key)
        if not -MOST < value < MOST or (value < 0 and key != "priority"):
            line = _entry(text, number)[0]
            return f"line {line}, item {number + 1} ({item.id}) in {key!r}: {value} cannot be"
    return None


def of_double(text: bytes, first: int, second: int, id_: str) -> str:
    lines = _entry(text, first)[0], _entry(text, second)[0]
    return f"{id_} is there twice, in line {lines[0]} and in line {lines[1]}"


def _in_words(what: str) -> str:
    if found := _EXPECTED.fullmatch(what):
        due = " or ".join(_KINDS.get(kind, kind) for kind in found[1].split(" | "))
        return f"it must be {due}, and is {_KINDS.get(found[2], found[2])}"
    if found := _UNKNOWN.fullmatch(what):
        return f"this version knows no field {found[1]!r}; a newer one may have written it"
    if found := _MISSING.fullmatch(what):
        return f"its field {found[1]!r} is missing"
    if "timezone" in what or "RFC3339" in what:
        return f"it must be {_A_TIME}"
    return what


def _entry(text: bytes, number: int) -> tuple[int, Any]:
    """The line on which an entry of the list begins, and the entry."""
    whole = text.decode()
    for count, (at, entry) in enumerate(_entries(whole)):
        if count == number:
            return whole.count("\n", 0, at) + 1, entry
    raise ValueError("the list is shorter")


def _entries(text: str) -> Iterator[tuple[int, Any]]:
    """Each entry of a JSON list with where it begins; a JSONDecodeError where it is none."""
    decoder = json.JSONDecoder()
    at = _after_space(text, 0)
    if text[at : at + 1] != "[":
        _, at = decoder.raw_decode(text, at)
    else:
        at = _after_space(text, at + 1)
        while text[at : at + 1] != "]":
            entry, end = decoder.raw_decode(text, at)
            yield at, entry
            at = _after_space(text, end)
            if text[at : at + 1] == "]":
                break
            if text[at : at + 1] != ",":
                raise json.JSONDecodeError("Expecting ',' delimiter", text, at)
            at = _after_space(text, at + 1)
            if text[at : at + 1] == "]":
                raise json.JSONDecodeError("there is a comma too many before this", text, at)
        at += 1
    at = _after_space(text, at)
    if at < len(text):
        raise json.JSONDecodeError("Extra data", text, at)


def _after_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _at_byte(text: bytes, at: int) -> str:
    before = text[:at]
    line = before.count(b"\n") + 1
    column = len(before[before.rfind(b"\n") + 1 :].decode(errors="replace")) + 1
    return f"line {line}, column {column}"
