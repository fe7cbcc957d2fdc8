"""Beside the settings: passwords and keys, and sections that a person names."""

from typing import Any

import msgspec
from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response

from movie_sync import config_keys, settings_change
from movie_sync.config_hints import wrong_name
from movie_sync.config_keys import PLACEHOLDER
from movie_sync.config_sources import KEY_IN_ADDRESS
from movie_sync.errors import ConfigError, MovieSyncError
from movie_sync.views import secrets_view
from movie_sync.views.settings_groups import GROUPS
from movie_sync.views.settings_view import KEY_IN_IT
from movie_sync.web.desk import AtDesk, Desk
from movie_sync.web.settings_pages import book_of, gone_well

PARTS = {part.named: part for group in GROUPS for part in group.parts if part.named}
GROUP_OF = {part.named: group for group in GROUPS for part in group.parts if part.named}
BY_PRESET = {"versions"}  # others begin with an address

router = APIRouter(include_in_schema=False)


@router.get("/settings/secrets")
def secrets(request: Request, desk: AtDesk, of: str = "") -> HTMLResponse:
    """All of them; those of one service are open for a new one."""
    return _secrets(request, desk, of=of)


@router.post("/settings/secrets")
def keep(request: Request, desk: AtDesk, name: str = Form(), secret: str = Form("")) -> Response:
    """Store one; what was typed is never sent back."""
    try:
        sentence = settings_change.keep_secret(desk.running, name, secret)
    except MovieSyncError as error:
        return _secrets(request, desk, name, str(error))
    return gone_well(desk, "secrets", sentence)


@router.post("/settings/secrets/remove")
def forget(request: Request, desk: AtDesk, name: str = Form()) -> Response:
    try:
        sentence = settings_change.forget_secret(desk.running, name)
    except MovieSyncError as error:
        return _secrets(request, desk, name, str(error))
    return gone_well(desk, "secrets", sentence)


@router.get("/settings/sections/{kind}")
def new_section(request: Request, desk: AtDesk, kind: str) -> HTMLResponse:
    return _new(request, desk, kind, {}, {})


@router.post("/settings/sections/{kind}")
def add(  # noqa: PLR0917 - one argument for each field of a form
    request: Request,
    desk: AtDesk,
    kind: str,
    name: str = Form(""),
    url: str = Form(""),
    preset: str = Form(""),
    secret: str = Form(""),
) -> Response:
    """Begin a section of a person's naming."""
    _require_known(kind)
    name, url = name.strip(), url.strip()
    field, given = ("preset", preset) if kind in BY_PRESET else ("url", url)
    first = f"{kind}.{name}.{field}"
    typed, errors = {"name": name, "url": url, "preset": preset}, {}
    if wrong := wrong_name(kind, name):
        errors["name"] = f"{wrong[:1].upper()}{wrong[1:]}."
    elif name in book_of(desk).names.get(kind, ()):
        errors["name"] = "There is one of this name already."
    else:
        setting = config_keys.table({kind: [name]})[first]
        if KEY_IN_ADDRESS.search(given):
            errors["url"] = KEY_IN_IT
        elif not _is_allowed(setting, given):
            errors[field] = f"This must be {setting.allowed}."
    if errors:
        return _new(request, desk, kind, typed, errors)
    try:
        if secret.strip():
            desk.running.credentials.set(_key_of(kind, name), secret)
        outcome = settings_change.change(desk.running, {first: given})
    except MovieSyncError as error:
        return _new(request, desk, kind, typed, {"name": str(error)})
    return gone_well(desk, GROUP_OF[kind].slug, f'"{name}" is added; {outcome.sentence}')


@router.post("/settings/sections/{kind}/remove")
def remove(desk: AtDesk, kind: str, name: str = Form()) -> Response:
    """Take a section out of config.json, and its key out of the vault."""
    _require_known(kind)
    if name not in book_of(desk).names.get(kind, ()):
        raise ConfigError(f"there is no {kind}.{name}; nothing was changed")
    settings_change.change(desk.running, {}, [f"{kind}.{name}"])
    key = " and its key are" if desk.running.credentials.remove(_key_of(kind, name)) else " is"
    return gone_well(desk, GROUP_OF[kind].slug, f'"{name}"{key} removed')


def _require_known(kind: str) -> None:
    if kind not in GROUP_OF:
        raise ConfigError(f'there are no sections "{kind}"; known are {", ".join(GROUP_OF)}')


def _key_of(kind: str, name: str) -> str:
    """The secret of a section, where there is one."""
    return f"{kind}.{name}.api_key"


def _is_allowed(setting: config_keys.Setting, text: str) -> bool:
    try:
        setting.read(text)
    except msgspec.MsgspecError:
        return False
    return True


def _secrets(
    request: Request, desk: Desk, name: str = "", error: str = "", of: str = ""
) -> HTMLResponse:
    rows, damage = secrets_view.secrets(desk.running.loaded.config, desk.running.credentials)
    return desk.pages.page(
        request, "settings_secrets.html", status=422 if error else 200, secrets=rows, of=of,
        damage=damage, wrong=name, error=error, groups=GROUPS, group=None,
    )  # fmt: skip


def _new(
    request: Request, desk: Desk, kind: str, typed: dict[str, Any], errors: dict[str, str]
) -> HTMLResponse:
    _require_known(kind)
    choices = book_of(desk).fields["profile.preset"].choices
    table = config_keys.table({kind: [PLACEHOLDER]})
    url = table.get(f"{kind}.{PLACEHOLDER}.url")
    return desk.pages.page(
        request, "settings_section.html", status=422 if errors else 200, kind=kind, typed=typed,
        errors=errors, choices=choices, groups=GROUPS, group=GROUP_OF[kind],
        part=PARTS[kind], sentence=url.sentence if url else "",
    )  # fmt: skip
