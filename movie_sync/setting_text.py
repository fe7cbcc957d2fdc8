"""A setting's value as the text of a form's field, and back. Pure.

Lists are one a line, tables `from=to` one a line; whatever would not come back whole from such
lines is shown as JSON, which is read as well. An empty field of what cannot be empty is no value:
the default, or the preset's, is meant.
"""

import json
from typing import Any, Literal, get_args, get_origin

import msgspec
from msgspec import inspect

from movie_sync.config_keys import Setting, kind_of

Kind = Literal["switch", "choice", "several", "number", "list", "table", "text"]

KINDS: dict[type[inspect.Type], Kind] = {
    inspect.BoolType: "switch",
    inspect.LiteralType: "choice",
    inspect.IntType: "number",
    inspect.FloatType: "number",
    inspect.DictType: "table",
}
PLAIN_ONE = '""'  # a line for the empty text, which a list of editions may hold


def kind(setting: Setting) -> Kind:
    """The sort of field that suits it."""
    of = kind_of(setting)
    if isinstance(of, inspect.VarTupleType):
        return "several" if isinstance(of.item_type, inspect.LiteralType) else "list"
    return KINDS.get(type(of), "text")


def options(setting: Setting) -> tuple[str, ...]:
    """What one may choose from, in the order it is written in; none where it is open."""
    return _options(setting.type)


def limits(setting: Setting) -> tuple[float | None, float | None, str]:
    """The least, the most and the step of a number, as HTML has them."""
    match kind_of(setting):
        case inspect.IntType(ge=least, le=most):
            return least, most, "1"
        case inspect.FloatType(ge=least, le=most):
            return least, most, "any"
    return None, None, "any"


def shown(setting: Setting, value: Any) -> str:
    """The text that `read` makes this value of."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    plain = msgspec.to_builtins(value)
    lines = _lines(plain)
    if lines is None or _parted(setting, "\n".join(lines)) != _as_written(plain):
        return json.dumps(plain, ensure_ascii=False)
    return "\n".join(lines)


def allowed(setting: Setting) -> str:
    """What may be written in its field, in words; empty where the field itself shows it."""
    match kind(setting):
        case "list":
            return "One a line."
        case "table":
            of = kind_of(setting)
            numbers = isinstance(of, inspect.DictType) and isinstance(
                of.value_type, inspect.IntType
            )
            return f"One a line, as {'word=10' if numbers else '/there=/here'}."
        case "number" | "text" if setting.allowed != "text":
            return f"{setting.allowed[:1].upper()}{setting.allowed[1:]}.".replace(", or null", "")
    return ""


def is_empty(setting: Setting, text: str) -> bool:
    """Whether a person left it empty where only something could be a value."""
    if text.strip():
        return False
    try:
        return read(setting, "") is None or kind(setting) in {"number", "choice"}
    except msgspec.MsgspecError:
        return True


def read(setting: Setting, text: str) -> Any:
    """The value, if it is allowed; judged as by `Setting.read_text`.

    Raises:
        msgspec.MsgspecError: it is not.
    """
    if kind(setting) in {"list", "several", "table"} and text.strip()[:1] not in set("[{"):
        parted = _parted(setting, text)
        if isinstance(parted, str):
            return setting.read(parted)  # no table
        text = json.dumps(parted, ensure_ascii=False)
    return setting.read_text(text.strip())


def _options(of: Any) -> tuple[str, ...]:
    if get_origin(of) is Literal:
        return get_args(of)
    return next((found for part in get_args(of) if (found := _options(part))), ())


def _lines(plain: Any) -> list[str] | None:
    """One a line, or the number itself; None where there is a line break in one."""
    match plain:
        case list() | tuple() if any(isinstance(one, list | tuple | dict) for one in plain):
            return None
        case list() | tuple():
            lines = [PLAIN_ONE if one == "" else str(one) for one in plain]
        case dict():
            lines = [f"{name}={value}" for name, value in plain.items()]
        case float():
            lines = [f"{plain:.15g}"]
        case _:
            lines = [str(plain)]
    return None if any("\n" in line or "\r" in line for line in lines) else lines


def _parted(setting: Setting, text: str) -> Any:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if kind(setting) in {"list", "several"}:
        return ["" if line == PLAIN_ONE else line for line in lines]
    if kind(setting) != "table":
        return text
    # The last "=" parts points from a word that may hold one, the first a folder from another.
    of = kind_of(setting)
    points = isinstance(of, inspect.DictType) and isinstance(of.value_type, inspect.IntType)
    pairs = [line.rpartition("=") if points else line.partition("=") for line in lines]
    if all(mark for _, mark, _ in pairs):
        return {name.strip(): value.strip() for name, _, value in pairs}
    return text


def _as_written(plain: Any) -> Any:
    match plain:
        case list() | tuple():
            return [str(one) for one in plain]
        case dict():
            return {name: str(value) for name, value in plain.items()}
        case float():
            return f"{plain:.15g}"
    return str(plain)
