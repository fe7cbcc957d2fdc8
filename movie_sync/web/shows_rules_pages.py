"""The rules of which shows are wanted: their list, and an editor that says what each would do.

What is saved is `shows.selections` of config.json. A form says which rules it was made from: where
they were changed meanwhile, nothing is saved over them.
"""

from typing import Any

import anyio.to_thread
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from msgspec.structs import replace
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from movie_sync import settings_change
from movie_sync.errors import ConfigError
from movie_sync.shows.selection import OF_FILTERS, of_filters
from movie_sync.shows_settings import Exclude, Filters, Selection, Shows
from movie_sync.views import show_rules
from movie_sync.views import shows as shows_view
from movie_sync.views.show_rules import KEY, Draft, Written
from movie_sync.web.desk import AtDesk, Desk

NEW, EXCLUDE = "new", "exclude"
CHANGED = "the rules were changed while this page was open; nothing was saved; here they are now"

router = APIRouter(include_in_schema=False, prefix="/shows/rules")


@router.get("")
def overview(request: Request, desk: AtDesk) -> HTMLResponse:
    """Every selection, what it asks, and how many shows it takes."""
    shows, why_not = desk.shows, ""
    try:
        seen = _written(desk).seen
    except ConfigError as error:
        seen, why_not = "", str(error)
    settings = shows.settings
    return desk.pages.page(
        request, "shows_rules.html", here="rules", seen=seen, why_not=why_not,
        selections=[(at, one, show_rules.told(one), show_rules.title(one, at))
                    for at, one in enumerate(settings.selections)],
        plain=show_rules.told(of_filters(settings.filters)) if _has_filters(settings) else None,
        exclude=show_rules.told(settings.exclude), taken=shows_view.taken(shows),
        problems=shows.rules.problems, notices=shows.rules.notices,
        unfamiliar=[f"{key}: {each}" for key, each in shows_view.unfamiliar(shows).items()],
    )  # fmt: skip


@router.get("/{at}")
def edit(request: Request, desk: AtDesk, at: str) -> HTMLResponse:
    """The form of one selection, of a new one, or of what no selection takes."""
    return _form(request, desk, at, _of(desk, at))


@router.post("/preview/{at}")
async def preview(request: Request, desk: AtDesk, at: str) -> Response:
    """What the rules would do with this form, for a page that shows it while one types."""
    async with request.form() as form:
        return await anyio.to_thread.run_sync(_preview, request, desk, at, form)


@router.post("/{at}")
async def save(request: Request, desk: AtDesk, at: str) -> Response:
    async with request.form() as form:
        return await anyio.to_thread.run_sync(_save, request, desk, at, form)


@router.post("/{at}/{do}")
async def move(request: Request, desk: AtDesk, at: str, do: str) -> Response:
    """Take one selection out, put it before the one above, or write the plain form as one."""
    async with request.form() as form:
        return await anyio.to_thread.run_sync(_move, desk, at, do, form)


def _save(request: Request, desk: Desk, at: str, form: FormData) -> Response:
    """Save it, or show the form as it was left with what is wrong."""
    draft = _read(desk, at, form)
    if draft.value is None or form.get("do") == "preview":
        return _form(request, desk, at, _of(desk, at), draft)
    of = draft.value
    rules = Shows(exclude=of) if isinstance(of, Exclude) else Shows(selections=(of,))
    unfamiliar = shows_view.unfamiliar(desk.shows, rules).items()  # what is typed, and not ticked
    typed = {key: sentence for key, sentence in unfamiliar if key.endswith("networks")}
    draft.doubts |= show_rules.by_field(typed)
    if draft.doubts and not form.get("anyway"):
        return _form(request, desk, at, _of(desk, at), draft)
    try:
        changes, without = _changes(desk, at, draft.value, str(form.get("seen", "")))
        said = settings_change.change(desk.running, changes, without).sentence
    except ConfigError as error:
        return _form(request, desk, at, _of(desk, at), draft, str(error))
    return _back(desk, f"{said[:1].upper()}{said[1:]}; all shows are judged by the new rules")


def _move(desk: Desk, at: str, do: str, form: FormData) -> Response:
    """Raises ConfigError: the rules are others by now, or cannot be edited here."""
    now = _written(desk)
    if form.get("seen") != now.seen:
        raise ConfigError(CHANGED.partition("; here")[0])
    if do == "write" and at == OF_FILTERS:
        settings = desk.shows.settings
        table = show_rules.plain(of_filters(settings.filters))
        settings_change.change(desk.running, {KEY: [table, *now.tables]}, ["shows.filters"])
        return _back(desk, "The plain filters are a selection now")
    number = _number(desk, at)
    tables = list(now.tables)
    table = tables.pop(number)
    if do == "up":
        tables.insert(max(number - 1, 0), table)
        said = "It is asked before the other one now"
    elif do == "remove":
        said = "The selection is removed; what it added stays in Sonarr"
    else:
        raise HTTPException(404)
    settings_change.change(desk.running, {KEY: tables} if tables else {}, [] if tables else [KEY])
    return _back(desk, said)


def _changes(
    desk: Desk, at: str, value: Selection | Exclude, seen: str
) -> tuple[dict[str, Any], list[str]]:
    """Of config.json. Raises ConfigError: it holds other rules by now."""
    if isinstance(value, Exclude):
        if seen != _seen(desk, at):
            raise ConfigError(CHANGED)
        new, was = show_rules.plain(value), show_rules.plain(desk.shows.settings.exclude)
        changes = {f"shows.exclude.{name}": given for name, given in new.items()}
        return changes, [f"shows.exclude.{name}" for name in was if name not in new]
    now = _written(desk)
    if seen != now.seen:
        raise ConfigError(CHANGED)
    tables, table = list(now.tables), show_rules.plain(value)
    if at == NEW:
        tables.append(table)
    else:
        tables[_number(desk, at)] = table
    return {KEY: tables}, []


def _preview(request: Request, desk: Desk, at: str, form: FormData) -> Response:
    draft = _read(desk, at, form)
    return desk.pages.page(request, "_shows_preview.html", **_told(desk, at, draft))


def _told(desk: Desk, at: str, draft: Draft) -> dict[str, Any]:
    """What the rules would do with this draft in them."""
    if draft.value is None:
        return {"preview": None, "takes": None, "errors": draft.errors}
    settings = _with(desk.shows.settings, at, draft.value)
    found, name = desk.shows.preview(settings), ""
    if isinstance(draft.value, Selection):
        place = len(settings.selections) - 1 if at == NEW else int(at)
        name = show_rules.title(draft.value, place)
    return {"preview": found, "takes": found.selections.get(name, 0) if name else None,
            "errors": {}, "examples": found.examples.get(name, ())}  # fmt: skip


def _with(settings: Shows, at: str, value: Selection | Exclude) -> Shows:
    if isinstance(value, Exclude):
        return replace(settings, exclude=value)
    selections = list(settings.selections)
    if at == NEW:
        selections.append(value)
    else:
        selections[int(at)] = value
    return replace(settings, selections=tuple(selections))


def _read(desk: Desk, at: str, form: FormData) -> Draft:
    """Raises 404: there is no such selection any more."""
    of = _of(desk, at)
    typed = {key: [each for each in form.getlist(key) if isinstance(each, str)] for key in form}
    draft = show_rules.read(type(of), typed)
    if isinstance(of, Selection):
        others = [
            show_rules.title(one, place)
            for place, one in enumerate(desk.shows.settings.selections)
            if str(place) != at
        ]
        taken = [OF_FILTERS] if _has_filters(desk.shows.settings) else []
        show_rules.refuse_name(draft, [*others, *taken])
    return draft


def _form(  # noqa: PLR0917 - a page is all of these
    request: Request,
    desk: Desk,
    at: str,
    of: Selection | Exclude,
    draft: Draft | None = None,
    refusal: str = "",
) -> HTMLResponse:
    why_not, seen = "", ""
    try:
        seen = _seen(desk, at)
    except ConfigError as error:
        why_not = str(error)
    shown = show_rules.form(of, desk.running.loaded.config, draft)
    faults = [field for part in shown for field in part.fields if field.error]
    told: dict[str, Any] = {"preview": None, "takes": None, "errors": {}, "examples": ()}
    if draft and draft.value and not faults:
        told = _told(desk, at, draft)
    return desk.pages.page(
        request, "shows_rule.html", status=422 if faults or refusal else 200, here="rules", at=at,
        of=of, parts=shown, faults=faults, refusal=refusal, why_not=why_not, seen=seen,
        doubtful=bool(draft and draft.value and draft.doubts), **told,
    )  # fmt: skip


def _of(desk: Desk, at: str) -> Selection | Exclude:
    if at == EXCLUDE:
        return desk.shows.settings.exclude
    return Selection() if at == NEW else desk.shows.settings.selections[_number(desk, at)]


def _number(desk: Desk, at: str) -> int:
    count = len(desk.shows.settings.selections)
    if not at.isdecimal() or len(at) > 6 or int(at) >= count:
        raise HTTPException(404)
    return int(at)


def _seen(desk: Desk, at: str) -> str:
    """Of what this form changes. Raises ConfigError: it cannot be changed here."""
    if at == EXCLUDE:
        return show_rules.excluded(desk.running.config_path)
    return _written(desk).seen


def _written(desk: Desk) -> Written:
    return show_rules.written(desk.running.config_path, desk.running.loaded.config)


def _has_filters(settings: Shows) -> bool:
    return settings.filters != Filters()


def _back(desk: Desk, sentence: str) -> Response:
    answer = RedirectResponse(f"{desk.pages.base}/shows/rules", 303)
    desk.pages.say(answer, sentence)
    return answer
