"""Settings that are a list of tables: each table is judged for itself, so that one that is wrong
takes none of the others with it, and a person is told where in it the fault is."""

import re
from collections.abc import Iterable
from typing import Any, get_args

import msgspec
from msgspec import inspect, structs

from movie_sync.config_keys import Setting, kind_of, nearest
from movie_sync.setting_types import Settings

_UNKNOWN = re.compile(r"unknown field `(.*?)`")
_PLACE = re.compile(r" - at `\$\[0\](.*)`$")
_NAME = re.compile(r"\.(\w+)")


def are_tables(setting: Setting) -> bool:
    kind = kind_of(setting)
    return isinstance(kind, inspect.VarTupleType) and isinstance(kind.item_type, inspect.StructType)


def table_of(setting: Setting) -> type[Settings]:
    """What each of them is."""
    table: type[Settings] = get_args(get_args(setting.type)[0])[0]  # Annotated[tuple[...], ...]
    return table


def read_each(setting: Setting, tables: Iterable[object]) -> tuple[tuple[Any, ...], list[str]]:
    """Those that are allowed, and a sentence for each of the others."""
    kept: list[Any] = []
    faults = []
    for at, one in enumerate(tables):
        try:
            kept += setting.read([one])
        except msgspec.ValidationError as error:
            named = one.get("name") if isinstance(one, dict) else None
            called = f" ({named})" if isinstance(named, str) and named else ""
            faults.append(f"{setting.key}[{at}]{called} is left out: {_fault(setting, str(error))}")
    return tuple(kept), faults


def _fault(setting: Setting, message: str) -> str:
    found = _PLACE.search(message)
    place = found[1].removeprefix(".") if found else ""
    names = _NAME.findall(f".{place}") if place else []
    table, field = _at(table_of(setting), names)
    if unknown := _UNKNOWN.search(message):
        guess = nearest(unknown[1], table.__struct_fields__)
        key = f"{place}.{unknown[1]}" if place else unknown[1]
        return f'it has no key "{key}"' + (f'; did you mean "{guess}"?' if guess else "")
    if field is None:
        return "it must be a table" if not place else f"{place} must be a table"
    shown = place.partition("[")[0]
    return f"{shown} must be {Setting(shown, field, None).allowed}"


def _at(table: Any, names: list[str]) -> tuple[Any, Any]:
    """The table at this place, and the type of the field there, where that is no table itself."""
    for name in names:
        types = {one.name: one.type for one in structs.fields(table)}
        if not (isinstance(types[name], type) and issubclass(types[name], msgspec.Struct)):
            return table, types[name]
        table = types[name]
    return table, None
