"""All settings as one table: key, type, default, sentence, environment variable.

Made from `settings.py`, so that the file, the environment, the command line, the wizard and the
docs know the same keys. A key is the place in config.json, with a dot between section and name.
Sections that a person names, as each Torznab indexer has one, are in the table once they are named.
"""

import difflib
import re
from collections.abc import Iterable, Mapping
from functools import reduce
from typing import Any, get_args

import msgspec
from msgspec import Struct, inspect, structs

from movie_sync import settings

PREFIX = "MOVIE_SYNC_"
SWITCHES = dict.fromkeys(("true", "yes", "on", "1"), True) | dict.fromkeys(
    ("false", "no", "off", "0"), False
)
LISTED = {
    inspect.StrType: "texts",
    inspect.IntType: "whole numbers",
    inspect.StructType: "tables",
}
NAME = re.compile("(?=.{1,40}$)[A-Za-z0-9]+([-_][A-Za-z0-9]+)*")  # of a section, by a person
PLACEHOLDER = "NAME"

Names = Mapping[str, Iterable[str]]  # "torznab" -> what a person called its sections


class Setting(Struct, frozen=True):
    """One setting, as "qbittorrent.url" or "torznab.prowlarr.url"."""

    key: str
    type: Any
    default: Any
    required: bool = False  # its section is of no use without it

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

        Lists may be JSON or parted by commas, tables JSON or `from=to` parted by commas, lists of
        tables JSON, and switches on, yes, true, 1 or their opposites.

        Raises:
            msgspec.MsgspecError: it is not allowed.
        """
        kind = _bare(inspect.type_info(self.type))
        if isinstance(kind, inspect.StrType):
            return self.read(text)
        if isinstance(kind, inspect.LiteralType):
            words = {str(one).casefold(): str(one) for one in kind.values}
            text = words.get(text.strip().casefold(), text)
        return msgspec.convert(_taken_apart(text.strip(), kind), self.type, strict=False)


def table(names: Names | None = None) -> dict[str, Setting]:
    """Every setting by its key, in the order of `settings.py`, with those of the sections that a
    person named."""
    return {one.key: one for one in _settings(settings.Config, "", names or {})}


def sections() -> dict[str, type[settings.Settings]]:
    """The parts of config.json that hold settings of their own: "shows", "shows.exclude"."""
    return dict(_sections(settings.Config, ""))


def named_sections() -> dict[str, type[settings.Settings]]:
    """The parts of config.json that hold sections by names of a person: "torznab",
    "library.sources"."""
    parts: dict[str, type[settings.Settings]] = {"": settings.Config, **sections()}
    return {
        f"{part}.{one.name}".lstrip("."): kind
        for part, section in parts.items()
        for one in structs.fields(section)
        if (kind := _kind_of_each(one.type))
    }


def names(config: settings.Config) -> dict[str, list[str]]:
    """What a person called the sections of each kind."""
    return {one: list(value(config, one)) for one in named_sections()}


def variable(key: str) -> str:
    """The environment variable of a key: MOVIE_SYNC_QBITTORRENT__URL."""
    return PREFIX + key.upper().replace("-", "_").replace(".", "__")


def assemble(values: Mapping[str, object], names: Names | None = None) -> settings.Config:
    """Settings from values that were read by the table; what is not there has its default."""
    nested: dict[str, Any] = {}
    for kind, of in (names or {}).items():
        for name in of:
            place(nested, f"{kind}.{name}.")
    for key, value in values.items():
        place(nested, key)[key.rpartition(".")[2]] = value
    return msgspec.convert(nested, settings.Config)


def place(values: dict[str, Any], key: str) -> dict[str, Any]:
    """The object in JSON that holds a key, made where it is missing or is no object."""
    for name in key.split(".")[:-1]:
        if not isinstance(values.get(name), dict):
            values[name] = {}
        values = values[name]
    return values


def value(config: settings.Config, key: str) -> Any:
    """The value of a key in settings that were loaded."""
    return reduce(_below, key.split("."), config)


def replaced(config: settings.Config, changes: Mapping[str, object]) -> settings.Config:
    """The settings with other values for some keys."""
    named = names(config)
    values = {key: value(config, key) for key in table(named)}
    return assemble(values | dict(changes), named)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant."""
    return next(iter(difflib.get_close_matches(word, list(known), 1, 0.7)), None)


def kind_of(setting: Setting) -> inspect.Type:
    """The type itself: without its limits in words, and without the null that it may be."""
    return _bare(inspect.type_info(setting.type))


def choices(setting: Setting) -> tuple[Any, ...]:
    """The words a setting may be one of; none where it is open."""
    kind = kind_of(setting)
    return tuple(kind.values) if isinstance(kind, inspect.LiteralType) else ()


def settings_of(section: type[settings.Settings]) -> list[Setting]:
    """The settings of a table, by their place in it: "rating.min"."""
    return list(_settings(section, "", {}))


def _sections(
    section: type[settings.Settings], prefix: str
) -> Iterable[tuple[str, type[settings.Settings]]]:
    for one in structs.fields(section):
        if _is_section(one.type):
            yield prefix + one.name, one.type
            yield from _sections(one.type, f"{prefix}{one.name}.")


def _settings(section: type[settings.Settings], prefix: str, names: Names) -> Iterable[Setting]:
    for one in structs.fields(section):
        key = prefix + one.encode_name
        if _is_section(one.type):
            yield from _settings(one.type, f"{key}.", names)
        elif kind := _kind_of_each(one.type):
            for name in names.get(key, ()):
                yield from _settings(kind, f"{key}.{name}.", names)
        else:
            yield Setting(key, one.type, _default(one), one.required)


def _default(one: structs.FieldInfo) -> Any:
    if one.required:
        return None
    made = one.default_factory
    return one.default if made is msgspec.NODEFAULT else made()


def _is_section(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, settings.Settings)


def _kind_of_each(kind: Any) -> type[settings.Settings] | None:
    """What a table of sections holds: Torznab, of Annotated[dict[str, Torznab], ...]."""
    held = get_args(get_args(kind)[0])[1:] if hasattr(kind, "__metadata__") else ()
    return held[0] if held and _is_section(held[0]) else None


def _below(part: Any, name: str) -> Any:
    if isinstance(part, dict):
        return part[name]
    return getattr(part, "schema_" if name == "$schema" else name)


def _bare(kind: inspect.Type) -> inspect.Type:
    """The type itself: without its limits in words, and without the null that it may be."""
    if isinstance(kind, inspect.Metadata):
        return _bare(kind.type)
    if isinstance(kind, inspect.UnionType):
        return _bare(next(one for one in kind.types if not isinstance(one, inspect.NoneType)))
    return kind


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
            case inspect.DateType():
                words = "a day, as 2010-01-31"
            case inspect.LiteralType(values=values):
                words = "one of " + ", ".join(map(str, values))
            case inspect.VarTupleType(item_type=item):
                words = "a list of " + LISTED.get(type(item), _words(item).removeprefix("one of "))
            case inspect.DictType(value_type=inspect.IntType()):
                words = 'an object of whole numbers, as {"word": 10}'
            case inspect.DictType():
                words = 'an object of texts, as {"/there": "/here"}'
            case _:
                words = "text"
    return words + (", or null" if _may_be_null(kind) else "")


def _may_be_null(kind: inspect.Type) -> bool:
    if isinstance(kind, inspect.Metadata):
        return _may_be_null(kind.type)
    return isinstance(kind, inspect.UnionType) and kind.includes_none


def _limits(least: float | None, most: float | None) -> str:
    return "" if least is None or most is None else f" from {least} to {most}"
