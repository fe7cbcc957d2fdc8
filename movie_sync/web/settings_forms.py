"""What a person typed into a form of settings, held against what stands there now.

Each form tells how every value was when it was made. So only what the person changed is saved,
and where config.json was changed meanwhile in the same place, both values are shown.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from starlette.datastructures import FormData

from movie_sync import setting_text
from movie_sync.config_keys import Setting, table
from movie_sync.config_sources import KEY_IN_ADDRESS
from movie_sync.settings_change import FOLDERS, refused
from movie_sync.views.settings_view import KEY_IN_IT, Book, Field, fingerprint

SEEN = "seen"  # the form's field with what it was made from


@dataclass
class Edited:
    """What is to be saved, and what is to be said."""

    changes: dict[str, Any] = field(default_factory=dict)
    without: set[str] = field(default_factory=set)
    typed: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    theirs: dict[str, str] = field(default_factory=dict)

    @property
    def is_refused(self) -> bool:
        return bool(self.errors or self.theirs)


def seen(book: Book, fields: Iterable[Field]) -> str:
    """How the values of a form are in config.json as it is made, whatever was typed."""
    return " ".join(f"{one.key}={book.fields[one.key].print}" for one in fields if not one.fixed)


def read(book: Book, form: FormData) -> Edited:
    """All fields of a form; a field that is not there any more is passed over."""
    edited, settings = Edited(), table(book.names)
    was = dict(part.partition("=")[::2] for part in str(form.get(SEEN, "")).split())
    for key, before in was.items():
        now = book.fields.get(key)
        if now and not now.fixed:
            _read_one(edited, settings[key], now, before, form)
    if reset := str(form.get("reset", "")):
        _reset(edited, book.fields.get(reset))
    if not edited.errors:
        edited.errors |= _together(book, settings, edited)
    return edited


def _read_one(edited: Edited, setting: Setting, now: Field, before: str, form: FormData) -> None:
    key, typed = setting.key, _typed(now, form)
    edited.typed[key] = typed
    if fingerprint(typed) == before or typed == now.text:
        edited.typed[key] = now.text  # as it may be by now
        return
    if now.print != before:
        edited.theirs[key] = now.text
        return
    if setting_text.is_empty(setting, typed) and not setting.required:
        if now.given:
            edited.without.add(key)
    elif setting.required and KEY_IN_ADDRESS.search(typed):
        edited.errors[key] = KEY_IN_IT
    else:
        try:
            edited.changes[key] = setting_text.read(setting, typed)
        except msgspec.MsgspecError:
            edited.errors[key] = f"This must be {setting.allowed}."


def _typed(now: Field, form: FormData) -> str:
    values = [value for value in form.getlist(now.key) if isinstance(value, str)]
    if now.kind == "several":
        return "\n".join(value for value in values if value)
    text = (values or [""])[-1].replace("\r\n", "\n")
    return text.strip("\n") if now.kind in {"list", "table"} else text.strip()


def _reset(edited: Edited, now: Field | None) -> None:
    """The person wants its default again, whatever is typed there."""
    if now and now.given and not now.fixed and not now.required:
        edited.errors.pop(now.key, None)
        edited.theirs.pop(now.key, None)
        edited.changes.pop(now.key, None)
        edited.typed[now.key] = now.default
        edited.without.add(now.key)


def _together(book: Book, settings: Mapping[str, Setting], edited: Edited) -> dict[str, str]:
    """What makes no sense together, if something of it was changed."""
    of_them = ("profile.", "versions.", *FOLDERS)
    if not any(key.startswith(of_them) for key in (*edited.changes, *edited.without)):
        return {}
    values = {}
    for key in settings:
        if key.startswith(of_them) and key not in edited.without:
            values[key] = edited.changes.get(key, _value(settings[key], book.fields[key]))
    for key in FOLDERS:
        values.setdefault(key, settings[key].default)
    return {
        key: f"{sentence[:1].upper()}{sentence[1:]}."
        for key, sentence in refused(values, book.names["versions"]).items()
        if _touched(key, edited)
    }


def _value(setting: Setting, now: Field) -> Any:
    if now.text == "" and setting_text.is_empty(setting, now.text):
        return setting.default
    try:
        return setting_text.read(setting, now.text)
    except msgspec.MsgspecError:  # told of at its field already; until it is mended
        return setting.default


def _touched(key: str, edited: Edited) -> bool:
    section = key.rpartition(".")[0]
    keys: Collection[str] = (*edited.changes, *edited.without)
    return key in FOLDERS or any(one.startswith(f"{section}.") for one in keys)
