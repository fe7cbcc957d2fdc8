"""A selection of a program for TVmaze and Sonarr, in YAML, as one of ours: lists with `include` and
`exclude` are two lists here, and all is text there that may be a number or a switch.
"""

import re
from collections.abc import Mapping
from typing import Any

from movie_sync import config_sources
from movie_sync.errors import ConfigError

UNSET = ("", "null", "~")
DEEPEST = 3
_LISTS = ("genres", "types", "languages", "countries", "networks")
_RUNTIMES = {"min_runtime": "min", "max_runtime": "max"}
_SWITCHES = ("enabled", "exclude_ended", "review", "search_on_add")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_WORDS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


def read(given: Any, at: int, environ: Mapping[str, str]) -> dict[str, Any]:
    """One of theirs in our words. Raises ConfigError: it is no table, or names what is not set."""
    if not isinstance(given, dict):
        raise ConfigError("it must be a table")
    table: dict[str, Any] = {"name": f"selection {at + 1}"}
    for name, value in given.items():
        if value in (*UNSET, []):
            continue
        if name in _LISTS and isinstance(value, dict):
            table |= {
                key: _typed(name, listed, environ)
                for key, listed in ((name, value.get("include")), (f"exclude_{name}",
                                                                   value.get("exclude")))
                if listed
            }  # fmt: skip
        elif name == "status" and isinstance(value, dict):
            table |= {"status" if key == "include" else key: _typed(key, each, environ)
                      for key, each in value.items()}  # fmt: skip
        elif name in _RUNTIMES:
            table.setdefault("runtime", {})[_RUNTIMES[name]] = _typed("min", value, environ)
        else:
            table[name] = _typed(name, value, environ)
    return table


def _typed(name: str, value: Any, environ: Mapping[str, str], deep: int = 0) -> Any:
    """Texts as what they stand for, by the name of their field."""
    if isinstance(value, dict) and deep < DEEPEST:
        there = {key: _typed(key, each, environ, deep + 1) for key, each in value.items()}
        return {key: each for key, each in there.items() if each not in UNSET}
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return value
    if not isinstance(value, str):
        raise ConfigError(f"{name} is of no form that is known")
    text = filled(value, environ).strip()
    if name in _SWITCHES:
        return _WORDS.get(text.casefold(), text)
    if name in ("min", "max") and _NUMBER.fullmatch(text):
        return float(text) if "." in text else int(text)
    listed = name in (*_LISTS, "status", "tags") or name.startswith("exclude_")
    return [part.strip() for part in text.split(",") if part.strip()] if listed else text


def filled(text: str, environ: Mapping[str, str]) -> str:
    """With what `${NAME}` in it stands for. Raises ConfigError: it is not set."""
    try:
        return str(config_sources.filled(text, environ))
    except ConfigError as error:
        raise ConfigError(f"names {error}") from None
