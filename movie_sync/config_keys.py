"""All settings as one table: key, type, default, sentence, environment variable.

Made from `settings.py`, so that the file, the environment, the command line, the wizard and the
docs know the same keys. A key is the place in config.json, with a dot between section and name.
"""

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from msgspec import Struct, inspect, structs

from movie_sync import settings

PREFIX = "MOVIE_SYNC_"
SWITCHES = dict.fromkeys(("true", "yes", "on", "1"), True) | dict.fromkeys(
    ("false", "no", "off", "0"), False
)
LISTED = {inspect.StrType: "texts", inspect.IntType: "whole numbers"}


class Setting(Struct, frozen=True):
    """One setting, as "qbittorrent.url"."""

    key: str
    type: Any
    default: Any

    @property
    def variable(self) -> str:
        return variable(self.key)

    @property
    def sentence(self) -> str:
        """What it is for, from `settings.py`."""
        known = inspect.type_info(self.type)
        extra = known.extra_json_schema if isinstance(known, inspect.Metadata) else None
        return str((extra or {}).get("description", ""))

    @property
    def allowed(self) -> str:
        """What may be written, in words: "a whole number from 1 to 150"."""
        return _words(inspect.type_info(self.type))

    def read(self, value: object) -> Any:
        """The value, if it is allowed.

        Raises:
            msgspec.MsgspecError: it is not.
        """
        return msgspec.convert(value, self.type)

    def read_text(self, text: str) -> Any:
        """The value that a variable or a person wrote.

        Lists may be JSON or parted by commas, tables JSON or `from=to` parted by commas, and
        switches on, yes, true, 1 or their opposites.

        Raises:
            msgspec.MsgspecError: it is not allowed.
        """
        kind = _bare(inspect.type_info(self.type))
        if isinstance(kind, inspect.StrType):
            return self.read(text)
        return msgspec.convert(_taken_apart(text.strip(), kind), self.type, strict=False)


def table() -> dict[str, Setting]:
    """Every setting by its key, in the order of `settings.py`."""
    return {one.key: one for one in _settings(settings.Config(), "")}


def sections() -> dict[str, type[settings.Settings]]:
    """The parts of config.json that hold settings of their own."""
    fields = structs.fields(settings.Config)
    return {one.name: one.type for one in fields if _is_section(one.type)}


def variable(key: str) -> str:
    """The environment variable of a key: MOVIE_SYNC_QBITTORRENT__URL."""
    return PREFIX + key.upper().replace(".", "__")


def assemble(values: Mapping[str, object]) -> settings.Config:
    """Settings from values that were read by the table; what is not there has its default."""
    nested: dict[str, Any] = {}
    for key, value in values.items():
        section, _, name = key.rpartition(".")
        (nested.setdefault(section, {}) if section else nested)[name] = value
    return msgspec.convert(nested, settings.Config)


def value(config: settings.Config, key: str) -> Any:
    """The value of a key in settings that were loaded."""
    section, _, name = key.rpartition(".")
    part = getattr(config, section) if section else config
    return getattr(part, "schema_" if name == "$schema" else name)


def replaced(config: settings.Config, changes: Mapping[str, object]) -> settings.Config:
    """The settings with other values for some keys."""
    values = {key: value(config, key) for key in table()}
    return assemble(values | dict(changes))


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant."""
    return next(iter(difflib.get_close_matches(word, list(known), 1, 0.7)), None)


def choices(setting: Setting) -> tuple[Any, ...]:
    """The words a setting may be one of; none where it is open."""
    kind = _bare(inspect.type_info(setting.type))
    return tuple(kind.values) if isinstance(kind, inspect.LiteralType) else ()


def _settings(section: settings.Settings, prefix: str) -> Iterable[Setting]:
    for one in structs.fields(section):
        key, default = prefix + one.encode_name, getattr(section, one.name)
        if _is_section(one.type):
            yield from _settings(default, f"{key}.")
        else:
            yield Setting(key, one.type, default)


def _is_section(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, settings.Settings)


def _bare(kind: inspect.Type) -> inspect.Type:
    return kind.type if isinstance(kind, inspect.Metadata) else kind


def _taken_apart(text: str, kind: inspect.Type) -> object:
    if isinstance(kind, inspect.BoolType):
        return SWITCHES.get(text.lower(), text)
    if isinstance(kind, inspect.VarTupleType):
        if text.startswith("["):
            return msgspec.json.decode(text)
        return [part.strip() for part in text.split(",") if part.strip()]
    if isinstance(kind, inspect.DictType):
        if text.startswith("{"):
            return msgspec.json.decode(text)
        pairs = [part.partition("=") for part in text.split(",")]
        if all(after for _, _, after in pairs):
            return {before.strip(): after.strip() for before, _, after in pairs}
    return text


def _words(kind: inspect.Type) -> str:
    extra = kind.extra if isinstance(kind, inspect.Metadata) else None
    words: str = (extra or {}).get("allowed", "")
    if not words:
        match _bare(kind):
            case inspect.BoolType():
                words = "true or false"
            case inspect.IntType(ge=least, le=most):
                words = "a whole number" + _limits(least, most)
            case inspect.FloatType(ge=least, le=most):
                words = "a number" + _limits(least, most)
            case inspect.LiteralType(values=values):
                words = "one of " + ", ".join(map(str, values))
            case inspect.VarTupleType(item_type=item):
                words = "a list of " + LISTED.get(type(item), _words(item).removeprefix("one of "))
            case inspect.DictType():
                words = 'an object of texts, as {"/there": "/here"}'
            case _:
                words = "text"
    return words


def _limits(least: float | None, most: float | None) -> str:
    return "" if least is None or most is None else f" from {least} to {most}"
