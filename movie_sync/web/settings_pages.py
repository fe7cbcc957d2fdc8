"""Every setting on a page of its group, searched, edited, and in force once it is saved."""

from typing import Any
from urllib.parse import quote_plus

import anyio.to_thread
from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from msgspec.structs import replace
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from movie_sync import config_keys, settings_change
from movie_sync.config_file import NAME
from movie_sync.errors import ConfigError
from movie_sync.views import secrets_view, settings_view
from movie_sync.views.settings_groups import GROUPS, Group
from movie_sync.views.settings_view import Book, Field, Section
from movie_sync.web import settings_forms
from movie_sync.web.desk import AtDesk, Desk
from movie_sync.web.guard import refuse_if_open
from movie_sync.web.settings_forms import Edited

MOST_FOUND = 50  # at once; whoever looks for one says more words
BY_SLUG = {group.slug: group for group in GROUPS}

router = APIRouter(include_in_schema=False)


@router.get("/settings")
def overview(request: Request, desk: AtDesk, q: str = Query("", max_length=200)) -> HTMLResponse:
    """All groups, or what is searched for."""
    if q.strip():
        return _found(request, desk, book_of(desk), q, Edited())
    template = "_settings_groups.html" if "hx-request" in request.headers else "settings.html"
    return _page(request, desk, template, book_of(desk), q="")


@router.post("/settings")
async def save_found(request: Request, desk: AtDesk) -> Response:
    return await _saved(request, desk, None)


@router.get("/settings/{slug}")
def group(request: Request, desk: AtDesk, slug: str) -> HTMLResponse:
    return _group(request, desk, book_of(desk), _known(slug), Edited())


@router.post("/settings/{slug}")
async def save(request: Request, desk: AtDesk, slug: str) -> Response:
    return await _saved(request, desk, _known(slug))


def book_of(desk: Desk) -> Book:
    return settings_view.read(desk.running.config_path, desk.running.loaded)


async def _saved(request: Request, desk: Desk, of: Group | None) -> Response:
    async with request.form() as form:
        return await anyio.to_thread.run_sync(_save, request, desk, form, of)


def _save(request: Request, desk: Desk, form: FormData, of: Group | None) -> Response:
    """Save what was changed, or show the form as it was left with what is wrong."""
    book, q = book_of(desk), str(form.get("q", ""))
    edited = settings_forms.read(book, form)
    sentence, status = "", 409 if edited.theirs else 422
    if not edited.is_refused:
        try:
            sentence = _change(desk, edited)
        except ConfigError as error:
            edited.errors |= _by_field(str(error), book, edited)
            sentence = str(error)
        else:
            there = f"{desk.pages.base}/settings" + (f"/{of.slug}" if of else "")
            answer = RedirectResponse(f"{there}?q={quote_plus(q)}" if q and not of else there, 303)
            desk.pages.say(answer, f"{sentence[:1].upper()}{sentence[1:]}")
            return answer
    if of:
        return _group(request, desk, book, of, edited, sentence, status)
    return _found(request, desk, book, q, edited, sentence, status)


def _change(desk: Desk, edited: Edited) -> str:
    if not (edited.changes or edited.without):
        return "nothing was changed"
    of_page = [key for key in (*edited.changes, *edited.without) if key.startswith("web.")]
    if of_page:
        _check_page(desk, edited)
    return settings_change.change(desk.running, edited.changes, edited.without).sentence


def _check_page(desk: Desk, edited: Edited) -> None:
    """Raises ConfigError where the page could not be served at the next start."""
    loaded = desk.running.loaded
    defaults = {key: one.default for key, one in config_keys.table().items()}
    wished = edited.changes | {key: defaults[key] for key in edited.without if key in defaults}
    of_page = {key: value for key, value in wished.items() if key.startswith("web.")}
    try:
        refuse_if_open(desk.running.home, config_keys.replaced(loaded.config, of_page).web)
    except ConfigError as error:
        sentence = str(error).replace("nothing was started", "nothing was saved")
        raise ConfigError(sentence) from error


def _by_field(sentence: str, book: Book, edited: Edited) -> dict[str, str]:
    """A refusal at the fields that it names, of those that were changed."""
    said = f"{sentence[:1].upper()}{sentence[1:]}."
    changed = (*edited.changes, *edited.without)
    return {key: said for key in changed if key in sentence and key in book.fields}


def _group(  # noqa: PLR0917 - a page is all of these
    request: Request,
    desk: Desk,
    book: Book,
    of: Group,
    edited: Edited,
    sentence: str = "",
    status: int = 0,
) -> HTMLResponse:
    sections = [_as_left(section, edited) for section in book.group(of.slug)]
    fields = [field for section in sections for field in (*section.fields, *section.more)]
    return _page(
        request, desk, "settings_group.html", book, status=status or 200, group=of,
        sections=sections, refusal=sentence, **_faults(book, fields, edited),
    )  # fmt: skip


def _found(  # noqa: PLR0917 - a page is all of these
    request: Request,
    desk: Desk,
    book: Book,
    q: str,
    edited: Edited,
    sentence: str = "",
    status: int = 0,
) -> HTMLResponse:
    every = book.found(q)
    shown = {one.key for one in [one for _, fields in every for one in fields][:MOST_FOUND]}
    left = [
        (group, _left((one for one in fields if one.key in shown), edited))
        for group, fields in every
    ]
    found = [(group, fields) for group, fields in left if fields]
    fields = [field for _, of_group in found for field in of_group]
    words = q.casefold().split()
    secrets, _ = secrets_view.secrets(desk.running.loaded.config, desk.running.credentials)
    part = "hx-request" in request.headers and request.method == "GET"
    return _page(
        request, desk, "_settings_found.html" if part else "settings.html", book,
        status=status or 200, q=q, found=found, refusal=sentence,
        unseen=sum(len(fields) for _, fields in every) - len(shown),
        secrets=[one for one in secrets if all(word in _about(one) for word in words)],
        **_faults(book, fields, edited),
    )  # fmt: skip


def _about(one: secrets_view.Secret) -> str:
    return f"{one.name} {one.title} password key".casefold()


def _page(
    request: Request, desk: Desk, template: str, book: Book, *, status: int = 200, **more: Any
) -> HTMLResponse:
    context: dict[str, Any] = {
        "q": "",
        "found": None,
        "faults": [],
        "group": None,
        "refusal": "",
        "fresh": False,
    }
    return desk.pages.page(
        request, template, status=status, book=book, groups=GROUPS, file=NAME, **context | more
    )


def _faults(book: Book, fields: list[Field], edited: Edited) -> dict[str, Any]:
    return {
        "faults": [field for field in fields if field.error or field.theirs is not None],
        "fresh": edited.is_refused,  # it is about what was just sent, and is gone to at once
        "conflict": bool(edited.theirs),
        "seen": settings_forms.seen(book, fields),
    }


def _as_left(section: Section, edited: Edited) -> Section:
    return replace(
        section,
        fields=tuple(_left(section.fields, edited)),
        more=tuple(_left(section.more, edited)),
    )


def _left(fields: Any, edited: Edited) -> list[Field]:
    return list(settings_view.with_texts(fields, edited.typed, edited.errors, edited.theirs))


def _known(slug: str) -> Group:
    if slug not in BY_SLUG:
        raise HTTPException(404)
    return BY_SLUG[slug]


def gone_well(desk: Desk, where: str, sentence: str) -> Response:
    """Back to a page of the settings, which says the sentence."""
    answer = RedirectResponse(f"{desk.pages.base}/settings/{where}", 303)
    desk.pages.say(answer, sentence)
    return answer
