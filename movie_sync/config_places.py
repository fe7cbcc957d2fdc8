"""Where each value of config.json stands, through its sections and those that a person named."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from movie_sync.config_hints import wrong_name
from movie_sync.config_keys import named_sections, sections


def part(values: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """What stands at a place of the file; nothing where there is no object."""
    for name in key.split("."):
        found = values.get(name)
        values = found if isinstance(found, dict) else {}
    return values


def leaves(values: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every value with its place: that of a setting, or of what should be one."""
    yield from _in_section((), values, sections(), named_sections())


def _in_section(
    place: tuple[str, ...],
    values: Mapping[str, Any],
    parts: Collection[str],
    kinds: Collection[str],
) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, value in values.items():
        inner = (*place, name)
        key = ".".join(inner)
        if not isinstance(value, dict) or "." in name:
            yield inner, value
        elif key in parts:
            yield from _in_section(inner, value, parts, kinds)
        elif key in kinds:
            yield from _of_names(inner, value)
        else:
            yield inner, value


def _of_names(
    place: tuple[str, ...], values: Mapping[str, Any]
) -> Iterator[tuple[tuple[str, ...], Any]]:
    """The keys of sections that a person named."""
    for name, section in values.items():
        if is_named(".".join(place), name, section):
            yield from (((*place, name, inner), given) for inner, given in section.items())
        else:
            yield (*place, name), section


def is_named(kind: str, name: str, section: object) -> bool:
    return isinstance(section, dict) and not wrong_name(kind, name)
