"""Every setting as a person edits it: what it is for, what may stand there, what does, and from
where. Read anew from config.json each time, which a person may edit by hand meanwhile.

Values are texts, as `setting_text` has them. What the environment or the command line decide is
shown and cannot be edited, with the reason.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from movie_sync import config_file, config_keys, config_sources, setting_text
from movie_sync.config import Loaded
from movie_sync.config_keys import Setting
from movie_sync.retries import span
from movie_sync.settings_change import AT_START
from movie_sync.views.listing import folded
from movie_sync.views.settings_groups import GROUPS, Group, Part, label, order_in, place_of
from movie_sync.views.settings_words import Choice, choices_of

HIDDEN = {"$schema"}  # for editors, not for people
KEY_IN_IT = "Leave the key out of the address; it is stored with the passwords."
_OF_FILE = re.compile(r" line \d+$")


class Field(Struct, frozen=True, kw_only=True):
    """One setting."""

    key: str
    label: str
    sentence: str
    allowed: str
    kind: setting_text.Kind
    text: str  # its value
    default: str
    origin: str  # "default", "config.json line 4", "MOVIE_SYNC_USERNAME"
    given: bool = False  # in config.json
    fixed: str = ""  # why it cannot be edited here
    error: str = ""
    theirs: str | None = None  # what config.json has by now, where somebody else changed it
    choices: tuple[Choice, ...] = ()
    least: float | None = None
    most: float | None = None
    step: str = "any"
    hint: str = ""
    new_start: bool = False
    required: bool = False

    @property
    def id(self) -> str:
        return re.sub(r"[^A-Za-z0-9_-]", "--", self.key)

    @property
    def print(self) -> str:
        """What is equal while its value is; not the value, which may be long."""
        return fingerprint(self.text)

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()


class Section(Struct, frozen=True, kw_only=True):
    """Settings below one heading."""

    title: str
    sentence: str
    fields: tuple[Field, ...]
    more: tuple[Field, ...] = ()
    kind: str = ""  # "torznab", of a section that a person named, or that can be added
    name: str = ""
    add: str = ""  # what a person does who names one more of this kind

    @property
    def removable(self) -> bool:
        every = (*self.fields, *self.more)
        return bool(self.name) and not any(field.fixed for field in every)

    @property
    def more_open(self) -> bool:
        return any(field.error or field.theirs is not None for field in self.more)

    @property
    def more_given(self) -> int:
        return sum(field.given for field in self.more)


class Book(Struct, frozen=True, kw_only=True):
    """All settings, as they stand now."""

    path: Path
    fields: dict[str, Field]
    names: dict[str, list[str]]
    broken: str = ""  # why config.json cannot be read, and so not be changed
    strays: tuple[str, ...] = ()  # what is wrong, and of no field

    def group(self, slug: str) -> tuple[Section, ...]:
        group = next(one for one in GROUPS if one.slug == slug)
        return tuple(self._sections(group))

    def found(self, text: str) -> list[tuple[Group, list[Field]]]:
        """The settings that all words of the text are in, by group."""
        words = folded(text).split()
        found: dict[str, list[Field]] = {}
        for field in self.fields.values():
            group, part, _ = place_of(field.key)
            about = f"{group.title} {part.title} {field.key} {field.label} {field.sentence}"
            if all(word in folded(about) for word in words):
                found.setdefault(group.slug, []).append(_apart(field, part))
        return [(group, found[group.slug]) for group in GROUPS if group.slug in found]

    def given_in(self, slug: str) -> int:
        return sum(one.given for one in self.fields.values() if place_of(one.key)[0].slug == slug)

    def wrong_in(self, slug: str) -> int:
        return sum(
            bool(one.error) for one in self.fields.values() if place_of(one.key)[0].slug == slug
        )

    def _sections(self, group: Group) -> Iterator[Section]:
        parts = dict.fromkeys(group.parts)
        placed: dict[Part, list[tuple[Field, bool]]] = {part: [] for part in parts}
        for field in self.fields.values():
            its_group, part, more = place_of(field.key)
            if its_group is group:
                placed.setdefault(part, []).append((field, more))
        for part, fields in placed.items():
            if part.named:
                yield Section(
                    title=part.title, sentence=part.sentence, fields=(), kind=part.named,
                    add=part.add,
                )  # fmt: skip
                yield from self._named(part, fields)
            elif fields:
                yield _section(part, part.title, fields, sentence=part.sentence)

    def _named(self, part: Part, fields: list[tuple[Field, bool]]) -> Iterator[Section]:
        for name in self.names[part.named]:
            start = f"{part.named}.{name}."
            own = [(field, more) for field, more in fields if field.key.startswith(start)]
            yield _section(part, name, own, kind=part.named, name=name)


def _section(part: Part, title: str, fields: list[tuple[Field, bool]], **of: str) -> Section:
    shown = {field.key: field for field, more in fields if not more}
    return Section(
        title=title,
        sentence=of.pop("sentence", ""),
        fields=tuple(shown[key] for key in order_in(part, shown)),
        more=tuple(field for field, more in fields if more),
        **of,
    )


def _apart(field: Field, part: Part) -> Field:
    """By a name that is told from others of other parts."""
    title = field.key.split(".")[1] if part.named else part.title
    return msgspec.structs.replace(field, label=f"{title}: {field.label}") if title else field


def fingerprint(text: str) -> str:
    return sha256(text.encode(errors="replace")).hexdigest()[:10]


def read(path: Path, loaded: Loaded) -> Book:
    """The settings of this file, and of the environment and command line as `loaded` has them."""
    reading = config_file.read(path)
    outside = {
        key: origin for key, origin in loaded.origins.items()
        if origin != "default" and not _OF_FILE.search(origin)
    }  # fmt: skip
    names = config_sources.names(reading, {})
    for kind, own in names.items():
        its = [key.split(".")[1] for key in outside if key.startswith(f"{kind}.")]
        own += [name for name in dict.fromkeys(its) if name not in own]
    known = {problem.key: problem.message for problem in loaded.problems}
    fields = {}
    for key, setting in config_keys.table(names).items():
        if key not in HIDDEN:
            fields[key] = _field(setting, reading, loaded, outside.get(key, ""))
            known.pop(key, None)
    return Book(
        path=path, fields=fields, names=names, broken=reading.broken or "",
        strays=tuple(message for key, message in known.items() if key or not reading.broken),
    )  # fmt: skip


def _field(setting: Setting, reading: config_file.Reading, loaded: Loaded, outside: str) -> Field:
    key = setting.key
    place, given = tuple(key.split(".")), _given(reading.values, key)
    text, error, fixed = setting_text.shown(setting, setting.default), "", ""
    origin = f"{reading.path.name} line {reading.lines[place][-1]}" if given else "default"
    if outside:
        text = setting_text.shown(setting, config_keys.value(loaded.config, key))
        origin, fixed = outside, _decided(outside)
    elif given and config_sources.VARIABLE.search(json.dumps(given[0])):
        text = _raw(given[0])
        fixed = f"It names a variable in {reading.path.name}; change it there."
    elif given:
        text, error = _judged(setting, given[0])
    if setting.required and config_sources.KEY_IN_ADDRESS.search(text):
        text, error = text.partition("?")[0], KEY_IN_IT
    least, most, step = setting_text.limits(setting)
    return Field(
        key=key, label=label(key), sentence=setting.sentence, allowed=setting_text.allowed(setting),
        kind=setting_text.kind(setting), text=text, origin=origin, given=bool(given),
        default=setting_text.shown(setting, setting.default), fixed=fixed, error=error,
        choices=choices_of(setting), least=least, most=most, step=step,
        hint=_hint(setting, text), new_start=key.startswith(AT_START), required=setting.required,
    )  # fmt: skip


def _given(values: Mapping[str, Any], key: str) -> tuple[Any, ...]:
    """What stands there, or nothing."""
    place: Any = values
    for name in key.split("."):
        if not isinstance(place, dict) or name not in place:
            return ()
        place = place[name]
    return (place,)


def _judged(setting: Setting, raw: Any) -> tuple[str, str]:
    """The text of a value, and what is wrong with it."""
    try:
        return setting_text.shown(setting, setting.read(raw)), ""
    except msgspec.MsgspecError:
        default = setting_text.shown(setting, setting.default) or "nothing"
        return _raw(raw), f"This must be {setting.allowed}; until then {default} is used."


def _raw(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _decided(origin: str) -> str:
    if origin == config_sources.COMMAND_LINE:
        return "The command line decides it, and goes before config.json; start without it to edit."
    return f"The variable {origin} decides it, and goes before config.json; change it there."


def _hint(setting: Setting, text: str) -> str:
    in_seconds = setting.sentence.startswith("Seconds") and text.isdecimal()
    return f"{text} s is {span(int(text))}." if in_seconds and int(text) >= 120 else ""


def with_texts(
    fields: Iterable[Field], typed: Mapping[str, str], errors: Mapping[str, str],
    theirs: Mapping[str, str],
) -> Iterator[Field]:  # fmt: skip
    """The fields as a person left them, with what is wrong there."""
    for field in fields:
        text = typed.get(field.key, field.text) if not field.fixed else field.text
        error = errors.get(field.key, field.error if text == field.text else "")
        yield msgspec.structs.replace(field, text=text, error=error, theirs=theirs.get(field.key))
