"""The rules for shows as forms: each selection with its fields, and what a person typed read back.

A selection is edited where config.json has it. What else stands there stays as the person wrote
it, in its order, for the first selection that takes a show says where that goes.
"""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import msgspec
from msgspec import Struct

from movie_sync import config_file, config_keys, setting_text
from movie_sync.config_keys import Setting
from movie_sync.errors import ConfigError
from movie_sync.settings import Config
from movie_sync.shows import vocabulary
from movie_sync.shows.selection import rules
from movie_sync.shows.verdict import EXCLUDE
from movie_sync.shows_settings import Exclude, Selection, Shows
from movie_sync.views.settings_view import fingerprint
from movie_sync.views.show_rule_words import CHOICES, LABELS, PARTS, SENTENCES, UNSET

KEY = "shows.selections"
WORDS = {"types": vocabulary.TYPES, "genres": vocabulary.GENRES, "status": vocabulary.STATUSES}
SUGGESTED = {"languages": vocabulary.LANGUAGES}
BY_COMMA = ("languages", "countries")  # no word of these has one


class Choice(Struct, frozen=True):
    value: str
    name: str
    sentence: str = ""


class Field(Struct, frozen=True, kw_only=True):
    """One field of a form; as `settings_view.Field`, for the same macro."""

    key: str
    label: str
    sentence: str
    kind: str
    text: str
    choices: tuple[Choice, ...] = ()
    suggested: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    step: str = "any"
    error: str = ""
    fixed: str = ""
    theirs: None = None

    @property
    def id(self) -> str:
        return f"f-{self.key.replace('.', '-')}"

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()


class Part(Struct, frozen=True, kw_only=True):
    """Fields below one heading."""

    title: str
    fields: tuple[Field, ...]
    closed: bool = False  # until something of it is set
    given: bool = False


class Draft(Struct, kw_only=True):
    """What a person typed, and what is to be said of it."""

    texts: dict[str, str] = {}
    errors: dict[str, str] = {}  # at their fields; nothing can be made of it
    doubts: dict[str, str] = {}  # likewise; it would not do what was meant
    value: Selection | Exclude | None = None  # None where there are errors


class Written(Struct, frozen=True):
    """The selections as config.json has them now."""

    tables: list[dict[str, Any]]
    seen: str  # equal while they are


def written(path: Any, config: Config) -> Written:
    """Raises ConfigError: they cannot be edited here; it says why."""
    reading = config_file.read(path)
    if reading.broken:
        raise ConfigError(reading.broken)
    shows = reading.values.get("shows")
    tables = shows.get("selections", []) if isinstance(shows, dict) else []
    if not isinstance(tables, list) or len(tables) != len(config.shows.selections):
        raise ConfigError(
            f"{KEY} in config.json is not what is in force; nothing can be changed here before it "
            "is mended, or taken out of the environment"
        )
    return Written(tables, fingerprint(json.dumps(tables, sort_keys=True)))


def excluded(path: Any) -> str:
    """Of what is excluded, as config.json has it now: equal while that is the same.

    Raises ConfigError: it cannot be read.
    """
    reading = config_file.read(path)
    if reading.broken:
        raise ConfigError(reading.broken)
    shows = reading.values.get("shows")
    table = shows.get("exclude", {}) if isinstance(shows, dict) else {}
    return fingerprint(json.dumps(table, sort_keys=True))


def form(of: Selection | Exclude, config: Config, draft: Draft | None = None) -> list[Part]:
    """Every field, as it is or as a person left it."""
    values = _values(of)
    fields = {
        setting.key: _field(setting, values[setting.key], config, draft or Draft())
        for setting in _settings(type(of))
    }
    usual = {each.key: setting_text.shown(each, each.default) for each in _settings(type(of))}
    parts = [(title, [fields[key] for key in keys if key in fields], closed)
             for title, keys, closed in PARTS]  # fmt: skip
    return [
        Part(
            title=title, fields=tuple(some), closed=closed,
            given=any(each.text != usual[each.key] or each.error for each in some),
        )
        for title, some, closed in parts
        if some
    ]  # fmt: skip


def read(kind: type[Selection] | type[Exclude], typed: Mapping[str, Iterable[str]]) -> Draft:
    """What a person typed, by the names of the fields."""
    draft, nested = Draft(texts={}, errors={}, doubts={}), dict[str, Any]()
    for setting in _settings(kind):
        draft.texts[setting.key] = text = _typed(setting, typed.get(setting.key, ()))
        if not text and setting_text.is_empty(setting, text):
            continue
        try:
            value = setting_text.read(setting, text)
        except msgspec.MsgspecError:
            draft.errors[setting.key] = f"This must be {setting.allowed}."
        else:
            place = config_keys.place(nested, setting.key)
            place[setting.key.rpartition(".")[2]] = value
    if not draft.errors:
        draft.value = msgspec.convert(nested, kind)
        draft.doubts = _doubts(draft.value)
    return draft


def refuse_name(draft: Draft, others: Iterable[str]) -> None:
    """A selection needs a name of its own: lists and reasons are told by it."""
    name = draft.texts["name"]
    if not name:
        draft.errors["name"] = "Give it a name; shows that it takes are told by it."
    elif name.casefold() == EXCLUDE:
        draft.errors["name"] = "This name is used already, for what no selection takes."
    elif name in set(others):
        draft.errors["name"] = "Another selection has this name."
    if draft.errors:
        draft.value = None


def plain(of: Selection | Exclude) -> dict[str, Any]:
    """As it is written into config.json: without what has its default."""
    nested: dict[str, Any] = {}
    values = _values(of)
    for setting in _settings(type(of)):
        value = values[setting.key]
        if value != setting.default:
            place = config_keys.place(nested, setting.key)
            place[setting.key.rpartition(".")[2]] = msgspec.to_builtins(value)
    return nested


def title(of: Selection, at: int) -> str:
    """What a selection at this place is called, where it has no name of its own too."""
    return of.name.strip() or f"selection {at + 1}"


def told(of: Selection | Exclude) -> list[str]:
    """What is asked, in a few words each."""
    found, usual = [], _values(type(of)())
    for key, value in _values(of).items():
        if key in LABELS and key in _ASKING and value != usual[key]:
            shown = ", ".join(value) if isinstance(value, tuple) else _words(value)
            found.append(LABELS[key] if value is True else f"{LABELS[key]}: {shown}")
    return found


def _words(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


_ASKING = {key for title, keys, _ in PARTS[:2] for key in keys} - {"name", "enabled", "review"}


@cache
def _settings(kind: type[Selection] | type[Exclude]) -> tuple[Setting, ...]:
    return tuple(config_keys.settings_of(kind))


def _values(of: Selection | Exclude) -> dict[str, Any]:
    found = {}
    for setting in _settings(type(of)):
        value: Any = of
        for name in setting.key.split("."):
            value = getattr(value, name)
        found[setting.key] = value
    return found


def _field(setting: Setting, value: Any, config: Config, draft: Draft) -> Field:
    key, kind = setting.key, _kind(setting)
    text = draft.texts.get(key, setting_text.shown(setting, value))
    least, most, step = setting_text.limits(setting)
    return Field(
        key=key, label=LABELS.get(key, key), kind=kind, text=text,
        sentence=SENTENCES.get(key, setting.sentence),
        choices=tuple(_choices(setting, text, config)) if kind in ("several", "choice") else (),
        suggested=SUGGESTED.get(key.removeprefix("exclude_"), ()),
        least=least, most=most, step="1" if step == "1" else "0.1",
        error=draft.errors.get(key) or draft.doubts.get(key, ""),
    )  # fmt: skip


def _kind(setting: Setting) -> str:
    if setting.key.removeprefix("exclude_") in WORDS:
        return "several"
    kind = setting_text.kind(setting)
    if setting.key == "sonarr" or (kind == "switch" and setting.default is None):
        return "choice"
    return "day" if setting.key.endswith((".after", ".before")) else kind


def _choices(setting: Setting, text: str, config: Config) -> Iterable[Choice]:
    kind = setting.key.removeprefix("exclude_")
    if kind in WORDS:
        known = {word.casefold(): word for word in WORDS[kind]}
        yield from (Choice(_as_typed(word, text), word) for word in WORDS[kind])
        yield from (
            Choice(line, line) for line in text.splitlines() if line.casefold() not in known
        )
    elif setting.key == "sonarr":
        yield Choice("", "the default one")
        yield from (Choice(name, name) for name in config.sonarr)
    elif setting.key in CHOICES:
        yield from (Choice(value, name) for value, name in CHOICES[setting.key])
    else:
        yield Choice("", UNSET)
        yield from (Choice(one, one) for one in setting_text.options(setting))


def _as_typed(word: str, text: str) -> str:
    """In the person's own letters, so that its box is ticked."""
    return next((line for line in text.splitlines() if line.casefold() == word.casefold()), word)


def _typed(setting: Setting, values: Iterable[str]) -> str:
    if _kind(setting) == "several":
        return "\n".join(value.strip() for value in values if value.strip())
    text = ([*values] or [""])[-1].replace("\r\n", "\n").strip()
    if setting.key.removeprefix("exclude_") in BY_COMMA:
        return "\n".join(
            part.strip() for part in text.replace(",", "\n").split("\n") if part.strip()
        )
    return text


def _doubts(value: Selection | Exclude) -> dict[str, str]:
    """What the rules hold against the words, by their fields."""
    shows = (
        Shows(selections=(msgspec.structs.replace(value, enabled=True),))
        if isinstance(value, Selection)
        else Shows(exclude=value)
    )
    return by_field(dict(problem.split(": ", 1) for problem in rules(shows).problems))


def by_field(found: Mapping[str, str]) -> dict[str, str]:
    """What is to be said of keys of the settings, by the fields of the form that is of them."""
    told = {}
    for whole, sentence in found.items():
        key = whole.removeprefix("shows.selections[0].").removeprefix("shows.exclude.")
        key = f"{key}.min" if key in ("rating", "runtime") else key
        key = f"{key}.after" if key in ("premiered", "ended") else key
        told[key] = f"{sentence[:1].upper()}{sentence[1:]}{'' if sentence.endswith('?') else '.'}"
    return told
