"""The first run, as pages: one step each, tried at once, kept as one goes, begun at the end.

The same questions as `setup` on a terminal. It can be left and gone on with at any time, and run
again for one change.
"""

from typing import Any

import anyio.to_thread
import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from msgspec import Struct
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from movie_sync import config, config_keys, first_example, setting_text, wiring_first
from movie_sync.errors import ConfigError, MovieSyncError
from movie_sync.films.items import KIND, film_of
from movie_sync.first_example import Outcome
from movie_sync.models import Film, State
from movie_sync.views.settings_groups import label
from movie_sync.web import uploads
from movie_sync.web.desk import AtDesk, Desk
from movie_sync.web.welcome_steps import Steps, Tried, refusal

AT_ONCE = 500  # films of an export; a wish has its limit
SEEN = "welcomed"  # the cookie of whoever was led here once
A_YEAR_S = 365 * 86400


class Step(Struct, frozen=True):
    """One page of the first run."""

    slug: str
    title: str
    keys: tuple[str, ...]  # settings of which one is given once the step is done


STEPS = (
    Step("watchlist", "Watchlist", ("username", "letterboxd.users", "letterboxd.lists", "lists",
                                    "watchlist_folder")),
    Step("folders", "Folders", ("library_directory", "download_directory")),
    Step("client", "Torrent client", ("torrent_client",)),
    Step("indexers", "Indexers", ("archive_org.enabled", "filelist.username")),
    Step("finish", "Begin", ()),
)  # fmt: skip
LABELS = {
    "address": "Address of a list",
    "file": "File",
    "torznab.name": "Name",
    "torznab.url": "Address",
}
BY_SLUG = {step.slug: step for step in STEPS}

router = APIRouter(include_in_schema=False)


def is_first_visit(request: Request, desk: Desk) -> bool:
    """Whether a person comes to a program that has nothing to do, and was not led here before."""
    who = request.scope.get("access")
    return (
        SEEN not in request.cookies
        and who is not None
        and who.scope == "admin"
        and not desk.app.sources
        and not desk.running.loaded.config.shows.enabled
        and not any(desk.queue.get_statistics().values())
    )


def lead_here(desk: Desk) -> Response:
    """From the first page to this one, once."""
    answer = RedirectResponse(f"{desk.pages.base}/welcome", 303)
    _note(desk, answer)
    return answer


@router.get("/welcome")
def welcome(request: Request, desk: AtDesk) -> HTMLResponse:
    steps = Steps(desk.running)
    done = _done(steps)
    following = next((one for one in STEPS if one.slug not in done), STEPS[-1])
    answer = desk.pages.page(
        request, "welcome.html", steps=STEPS, step=None, done=done, following=following
    )
    _note(desk, answer)
    return answer


@router.get("/welcome/{slug}")
def step(request: Request, desk: AtDesk, slug: str) -> HTMLResponse:
    return _page(request, desk, _known(slug), Steps(desk.running), Tried())


@router.post("/welcome/example")
def example(request: Request, desk: AtDesk) -> HTMLResponse:
    """What would be taken for the first few films; the indexers are asked while one waits."""
    steps = Steps(desk.running)

    def known() -> list[Film]:
        export = steps.export
        listed = list(wiring_first.read_export(export).films) if export else []
        waiting = (item for item in desk.queue.iter(State.PENDING) if item.kind == KIND)
        return listed or [film_of(item) for item in waiting]

    found = first_example.example(desk.running.home, steps.now, desk.running.credentials, known)
    if "hx-request" in request.headers:
        return desk.pages.page(request, "_welcome_example.html", example=found)
    return _page(request, desk, BY_SLUG["finish"], steps, Tried(), found)


@router.post("/welcome/begin")
def begin(request: Request, desk: AtDesk) -> Response:
    """All that was answered is in force from now on."""
    steps = Steps(desk.running)
    try:
        desk.running.restart()
        new = _take_in(desk, steps)
    except MovieSyncError as error:
        tried = Tried(checks=[refusal(error)])
        return _page(request, desk, BY_SLUG["finish"], steps, tried, status=422)
    answer = RedirectResponse(f"{desk.pages.base}/", 303)
    count = len(desk.app.sources)
    lists = "1 watchlist is" if count == 1 else f"{count} watchlists are"
    films = f"; {new} films of the export are wanted" if new else ""
    desk.pages.say(answer, f"It has begun: {lists} followed{films}" if count or new
                   else "It has begun; add a film by hand, or a watchlist later")  # fmt: skip
    return answer


@router.post("/welcome/export/forget")
def forget_export(desk: AtDesk) -> Response:
    Steps(desk.running).forget_export()
    return RedirectResponse(f"{desk.pages.base}/welcome/watchlist", 303)


@router.post("/welcome/{slug}")
async def answer_step(request: Request, desk: AtDesk, slug: str) -> Response:
    form = await uploads.form_with_file(request)
    try:
        return await anyio.to_thread.run_sync(_answer, request, desk, _known(slug), form)
    finally:
        await form.close()


def _answer(request: Request, desk: Desk, of: Step, form: FormData) -> Response:
    """Try what was answered; keep it where it is well, or where the person wants it so."""
    steps = Steps(desk.running)
    ask = {"watchlist": steps.watchlist, "folders": steps.folders, "client": steps.client,
           "indexers": steps.indexers}.get(of.slug)  # fmt: skip
    if ask is None:
        raise HTTPException(404)
    tried, anyway = ask(form), bool(form.get("anyway"))
    if tried.errors or (tried.failed and not anyway):
        return _page(request, desk, of, steps, tried, status=422)
    try:
        steps.keep(tried)
    except MovieSyncError as error:
        tried.checks.append(refusal(error))
        return _page(request, desk, of, steps, tried, status=422)
    if tried.failed:
        return RedirectResponse(f"{desk.pages.base}/welcome/{_after(of).slug}", 303)
    return _page(request, desk, of, Steps(desk.running), tried)


def _page(  # noqa: PLR0917 - a page is all of these
    request: Request,
    desk: Desk,
    of: Step,
    steps: Steps,
    tried: Tried,
    example: Outcome | None = None,
    status: int = 200,
) -> HTMLResponse:
    now = steps.now
    library, downloads = config.folder(now.library_directory), config.folder(now.download_directory)
    return desk.pages.page(
        request, f"welcome_{of.slug}.html", status=status, steps=STEPS, step=of, tried=tried,
        following=_after(of), done=_done(steps), now=now, export=steps.export, example=example,
        text=_texts(steps, tried), drawing=(library, downloads), fixed=_fixed(steps),
        stored=_stored(desk), label=_label,
    )  # fmt: skip


def _texts(steps: Steps, tried: Tried) -> dict[str, Any]:
    """What stands in the fields: what was typed, else what is kept."""
    shown: dict[str, Any] = {}
    for key, setting in config_keys.table().items():
        shown[key] = setting_text.shown(setting, config_keys.value(steps.now, key))
    name = next(iter(steps.now.torznab), "")
    own = steps.now.torznab.get(name)
    shown |= {
        "archive_org.enabled": steps.now.archive_org.enabled,
        "filelist.enabled": steps.now.filelist.enabled and bool(steps.now.filelist.username),
        "torznab": bool(own and own.enabled), "torznab.name": name or "prowlarr",
        "torznab.url": own.url if own else "", "address": "", "make": True,
    }  # fmt: skip
    return shown | tried.typed


def _label(name: str) -> str:
    """Of a field of ours, or of a setting."""
    return LABELS.get(name) or label(name)


def _stored(desk: Desk) -> dict[str, str]:
    """The secrets that are there, and from where; none of a vault that does not open."""
    try:
        return dict(desk.running.credentials.names())
    except ConfigError:
        return {}


def _fixed(steps: Steps) -> dict[str, str]:
    """Settings that a variable or the command line decides, and which."""
    return {
        key: origin for key, origin in steps.loaded.origins.items()
        if origin != "default" and " line " not in f"{origin} "
    }  # fmt: skip


def _done(steps: Steps) -> set[str]:
    """The steps that were answered once."""
    given = {key for key, origin in steps.loaded.origins.items() if origin != "default"}
    done = {step.slug for step in STEPS if given.intersection(step.keys)}
    return done | ({"watchlist"} if steps.export else set())


def _take_in(desk: Desk, steps: Steps) -> int:
    """Want the films of the export that waits; returns how many of them are new."""
    path = steps.export
    if path is None:
        return 0
    seen, new = wiring_first.read_export(path), 0
    films = list(msgspec.to_builtins(seen.films))
    for first in range(0, len(films), AT_ONCE):
        some = films[first : first + AT_ONCE]
        new += desk.perform("want", films=some, source=seen.source)["new"]
    steps.forget_export()
    return new


def _after(of: Step) -> Step:
    return STEPS[min(STEPS.index(of) + 1, len(STEPS) - 1)]


def _known(slug: str) -> Step:
    if slug not in BY_SLUG:
        raise HTTPException(404)
    return BY_SLUG[slug]


def _note(desk: Desk, answer: Response) -> None:
    answer.set_cookie(SEEN, "yes", max_age=A_YEAR_S, path=f"{desk.pages.base}/", samesite="lax",
                      httponly=True)  # fmt: skip
