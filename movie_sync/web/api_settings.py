"""The settings in force, and changing them: checked by the same code as config.json, saved there,
and used at once where that can be. Secrets are never told, only where they are from.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from msgspec import Meta, Struct

from movie_sync import config_file, config_keys, config_sources, settings_change
from movie_sync.config import Loaded, Problem
from movie_sync.config_hints import no_setting, wrong_name
from movie_sync.config_keys import Setting
from movie_sync.credentials import asked
from movie_sync.log import HIDDEN
from movie_sync.web import api_examples as examples
from movie_sync.web.api_base import Body, Invalid, Wrong, answer, gives, takes
from movie_sync.web.desk import AtDesk

KEY_IN_ADDRESS = re.compile(f"({config_sources.KEY_IN_ADDRESS.pattern})[^&#\\s]+", re.IGNORECASE)

Changes = Annotated[dict[str, Any], Meta(min_length=1)]


class One(Struct, frozen=True, kw_only=True):
    """One setting."""

    value: Any
    origin: str  # "default", "config.json line 4", "MOVIE_SYNC_USERNAME", "command line"
    default: Any
    allowed: str  # in words
    sentence: str  # what it is for
    next_start: bool  # a change is used from the next start of the program


class All(Struct, frozen=True, kw_only=True):
    """Every setting by its key."""

    settings: dict[str, One]
    credentials: dict[str, str | None]  # where each secret is from; None: it is not set
    problems: list[Problem]
    notices: list[str]


class Changed(Struct, frozen=True, kw_only=True):
    """What became of a change: it is in config.json, and in force save for what is named here."""

    said: str  # that in a sentence
    saved: list[str]
    next_start: list[str]  # used from the next start of the program
    overridden: dict[str, str]  # what is in force instead, by the variable or option of this name
    problems: list[Problem]  # in all settings as they are now


SHAPES = (All, Changed)

router = APIRouter(tags=["settings"])


@router.get("/settings", responses=gives(All, examples.SETTINGS))
def settings(request: Request, desk: AtDesk) -> Response:
    """Every setting, its value, where that is from, and what is allowed."""
    loaded, vault = desk.running.loaded, desk.running.credentials
    names = asked(loaded.config)
    found = dict(vault.names(names))
    table = config_keys.table(config_keys.names(loaded.config))
    body = All(
        settings={key: _one(loaded, setting) for key, setting in table.items()},
        credentials={name: found.get(name) for name in [*names, *(found.keys() - set(names))]},
        problems=list(loaded.problems),
        notices=list(loaded.notices),
    )
    return answer(request, body)


@router.patch(
    "/settings",
    responses=gives(Changed, examples.CHANGED, "All of them are saved."),
    openapi_extra=takes(Changes, one=examples.CHANGES),
)
def change(
    request: Request,
    desk: AtDesk,
    body: Annotated[dict[str, Any], Depends(Body[dict[str, Any]](Changes))],
) -> Response:
    """Change settings by their keys: all of them, or none. null gives one its default again."""
    running = desk.running
    with running.changing:
        changes, without = _parted(running.loaded, body)
        outcome = settings_change.change(running, changes, without)
        return answer(request, _changed(running.loaded, body, outcome))


def _one(loaded: Loaded, setting: Setting) -> One:
    return One(
        value=_without_keys(config_keys.value(loaded.config, setting.key)),
        origin=loaded.origins.get(setting.key, "default"),
        default=setting.default,
        allowed=setting.allowed,
        sentence=setting.sentence,
        next_start=_waits(setting.key),
    )


def _parted(loaded: Loaded, wished: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The values to set, and the keys or sections to forget, where null is no value of theirs.

    Raises:
        Invalid: names each key that cannot be changed so.
    """
    names: dict[str, list[str]] = config_keys.names(loaded.config)
    sections = {f"{kind}.{name}" for kind, own in names.items() for name in own}
    for key in wished:
        kind, _, rest = key.partition(".")
        name = rest.partition(".")[0]
        if kind in names and name not in names[kind] and not wrong_name(kind, name):
            names[kind].append(name)
    table = config_keys.table(names)
    without = [
        key
        for key, value in wished.items()
        if value is None and (key in sections or (key in table and not _takes_null(table[key])))
    ]
    changes = {key: value for key, value in wished.items() if key not in without}
    wrong = [*_not_allowed(table, changes), *_lacking(loaded, table, changes)]
    if wrong:
        said = "; ".join(each.problem for each in wrong)
        raise Invalid(422, f"{said}; nothing was changed", tuple(wrong))
    return changes, without


def _takes_null(setting: Setting) -> bool:
    try:
        setting.read(None)
    except msgspec.MsgspecError:
        return False
    return True


def _not_allowed(table: Mapping[str, Setting], changes: Mapping[str, Any]) -> Iterable[Wrong]:
    for key, value in changes.items():
        if key not in table:
            hint = no_setting(tuple(key.split(".")), table).replace("; it is ignored", "")
            yield Wrong(key, hint)
            continue
        try:
            table[key].read(value)
        except msgspec.MsgspecError:
            yield Wrong(key, f"{key} must be {table[key].allowed}")


def _lacking(
    loaded: Loaded, table: Mapping[str, Setting], changes: Mapping[str, Any]
) -> Iterable[Wrong]:
    """Sections that are new, and would be of no use."""
    begun = {key.rpartition(".")[0] for key in changes if key in table}
    for key, setting in table.items():
        section = key.rpartition(".")[0]
        if setting.required and section in begun and key not in {*changes, *loaded.origins}:
            yield Wrong(key, f"{section} is new and has no {key.rpartition('.')[2]}")


def _changed(
    loaded: Loaded, wished: Mapping[str, Any], outcome: settings_change.Outcome
) -> Changed:
    origins = {key: loaded.origins.get(key, "default") for key in wished}
    return Changed(
        said=outcome.sentence,
        saved=list(wished),
        next_start=list(outcome.at_start),
        overridden={
            key: origin
            for key, origin in origins.items()
            if not origin.startswith((config_file.NAME, "default"))
        },
        problems=list(loaded.problems),
    )


def _waits(key: str) -> bool:
    return key.startswith(settings_change.AT_START)


def _without_keys(value: Any) -> Any:
    """Some write the key of an indexer into its address, which is then told as a problem."""
    if isinstance(value, str):
        return KEY_IN_ADDRESS.sub(rf"\1{HIDDEN}", value)
    return value
