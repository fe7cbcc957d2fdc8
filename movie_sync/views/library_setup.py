"""A source of the library as a form: what a person typed, judged field by field, and what of it is
written to the settings.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from msgspec import Struct, structs

from movie_sync import config_keys, setting_text, settings
from movie_sync.config import folder
from movie_sync.config_hints import wrong_name
from movie_sync.library_settings import Source
from movie_sync.views.library_sources import FILMS, set_up
from movie_sync.views.settings_view import Field
from movie_sync.views.settings_words import Choice

SECTION = "library.sources"
RESERVED = (FILMS, "new")
LABELS = {
    "kind": "What it is", "path": "Folder", "holds": "Holds", "sections": "Libraries of the server",
    "enabled": "Look there", "trusted": "Trust its names", "watched": "Notice changes at once",
    "hours": "Hours between two whole looks",
}  # fmt: skip
SENTENCES = {
    "kind": "A folder of yours, or a media server that knows your files already.",
    "path": "The whole path of the folder; its folders below belong to it. Empty for a server.",
    "holds": "What may be found there. Whoever says so is asked less.",
    "sections": "By name, one a line; empty is all of them. Only for Plex and Jellyfin.",
    "enabled": "Switched off, it keeps its place here, and what it showed is marked as gone.",
    "hours": "Between them, changes are noticed at once where the folder is watched.",
}
ALLOWED = {"path": "a whole path, from / or ~/ on"}
KINDS = {
    "folder": "A folder of this machine, or of a drive that is mounted here.",
    "plex": "The server of the section plex, with its own matches.",
    "jellyfin": "The server of the section jellyfin, with its own matches.",
}
HOLDS = {"both": "films and shows", "films": "films", "shows": "shows"}
SETTINGS = {one.key: one for one in config_keys.settings_of(Source)}


class Typed(Struct, frozen=True, kw_only=True):
    """A form as it was left."""

    name: str
    texts: dict[str, str]
    is_new: bool = False
    errors: dict[str, str] = {}
    changes: dict[str, Any] = {}  # what is to be written, by the keys of settings
    without: tuple[str, ...] = ()  # keys that have their defaults again

    def with_errors(self, errors: Mapping[str, str]) -> "Typed":
        return structs.replace(self, errors=self.errors | dict(errors))


def empty() -> Typed:
    return Typed(name="", texts=_texts(Source()), is_new=True)


def typed(name: str, source: Source) -> Typed:
    """As it is set up now."""
    return Typed(name=name, texts=_texts(source))


def fields(of: Typed) -> list[Field]:
    """In the order of the settings."""
    return [_field(setting, of) for setting in SETTINGS.values()]


def read(form: Mapping[str, str], config: settings.Config, name: str | None) -> Typed:
    """What a person typed, with what is wrong in it.

    Args:
        name: of the source that is changed; None: a new one is named in the form.
    """
    called = name or form.get("name", "").strip()
    texts = {key: form.get(key, "").replace("\r\n", "\n").strip() for key in SETTINGS}
    values, errors = _values(texts)
    if name is None and (wrong := _wrong_name(called, config)):
        errors["name"] = wrong
    errors |= {key: why for key, why in _together(values, called, config) if key not in errors}
    changes, without = _written(called, values)
    return Typed(
        name=called, texts=texts, is_new=name is None, errors=errors, changes=changes,
        without=without,
    )  # fmt: skip


def _texts(source: Source) -> dict[str, str]:
    return {key: setting_text.shown(one, getattr(source, key)) for key, one in SETTINGS.items()}


def _field(setting: config_keys.Setting, of: Typed) -> Field:
    key = setting.key
    least, most, step = setting_text.limits(setting)
    words = {"kind": KINDS, "holds": HOLDS}.get(key, {})
    choices = tuple(
        Choice(value, value if key == "kind" else name, name if key == "kind" else "")
        for value, name in words.items()
    )
    return Field(
        key=key, label=LABELS.get(key, key), sentence=SENTENCES.get(key, setting.sentence),
        allowed=setting_text.allowed(setting) if key == "hours" else "",
        kind=setting_text.kind(setting),
        text=of.texts[key], default=setting_text.shown(setting, setting.default),
        origin="default", error=of.errors.get(key, ""), choices=choices, least=least, most=most,
        step=step,
    )  # fmt: skip


def _values(texts: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    values: dict[str, Any] = {}
    errors = {}
    for key, setting in SETTINGS.items():
        values[key] = setting.default
        if setting_text.is_empty(setting, texts[key]):
            continue
        try:
            values[key] = setting_text.read(setting, texts[key])
        except msgspec.MsgspecError:
            errors[key] = f"This must be {ALLOWED.get(key, setting.allowed)}."
    return values, errors


def _wrong_name(name: str, config: settings.Config) -> str:
    if wrong := wrong_name(SECTION, name):
        return f"{wrong[:1].upper()}{wrong[1:]}."
    if name in RESERVED:
        return "This name is used already; choose another one."
    return "There is a source of this name already." if name in config.library.sources else ""


def _together(
    values: Mapping[str, Any], name: str, config: settings.Config
) -> Iterator[tuple[str, str]]:
    """What makes no sense in one with another, at the field where it is mended."""
    kind, path = values["kind"], values["path"]
    if kind != "folder":
        if path:
            yield "path", "A media server has no folder here; leave it empty."
        if not getattr(config, kind).url:
            yield "kind", f"There is no address of a server in the section {kind} of the settings."
        return
    if values["sections"]:
        yield "sections", "Only a media server has libraries; leave it empty."
    if not path:
        yield "path", "Name the folder."
        return
    there = folder(path)
    if not there.is_dir():
        yield "path", "There is no such folder on this machine."
    for other, source in set_up(config).items():
        if other != name and source.path and folder(source.path) == there:
            yield "path", f'The source "{other}" looks there already.'


def _written(name: str, values: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """What is as usual is not written, save of what it is and where."""
    changes, without = {}, []
    for key, setting in SETTINGS.items():
        place = f"{SECTION}.{name}.{key}"
        if key == "kind" or values[key] != setting.default:
            value = values[key]
            changes[place] = list(value) if isinstance(value, tuple) else value
        else:
            without.append(place)
    return changes, tuple(without)
