"""The library: what is owned, narrowed and searched; its pictures, duplicates, and files by state.

While it is off there is one page, which tells what it would be and switches it on.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from movie_sync import settings_change
from movie_sync.library_models import Kind
from movie_sync.views import library, library_files
from movie_sync.views.library import EPISODES, HAVINGS, SORTS, Sort, Sought
from movie_sync.views.library_files import WHICH, Which
from movie_sync.web.desk import AtDesk, Desk
from movie_sync.web.posters import initials, poster

AN_HOUR_S, A_WEEK_S = 3600, 7 * 86400
SIZES = {"poster": "w342", "backdrop": "w1280", "profile": "w185", "still": "w300"}
ONLY = ("unwatched", "watched", "broken", "doubles")
MOST = 2**31 - 1

router = APIRouter(include_in_schema=False)

Page = Annotated[int, Query(ge=1, le=1_000_000)]


class Asked:
    """What the list is narrowed to, from the address; what makes no sense is left out."""

    def __init__(  # noqa: PLR0917 - one for each field of a form
        self,
        q: Annotated[str, Query(max_length=200)] = "",
        kind: str = "",
        have: str = "",
        episodes: str = "",
        lines: str = "",
        hdr: str = "",
        language: Annotated[str, Query(max_length=40)] = "",
        genre: Annotated[str, Query(max_length=100)] = "",
        decade: str = "",
        source: Annotated[str, Query(max_length=100)] = "",
        only: str = "",
        collection: str = "",
        person: str = "",
        order: str = "name",
        turned: str = "",
        page: Page = 1,
    ) -> None:
        self.q, self.page = q.strip(), page
        self.language, self.genre, self.source = language, genre, source
        self.kind = kind if kind in set(Kind) else ""
        self.have = have if have in HAVINGS[1:] else ""
        self.episodes = episodes if episodes in EPISODES else ""
        self.hdr = hdr if hdr in ("yes", "no") else ""
        self.only = only if only in ONLY else ""
        self.lines, self.decade = _number(lines), _number(decade)
        self.collection, self.person = _number(collection), _number(person)
        self.order: Sort = next((one for one in SORTS if one == order), "name")
        self.turned = "yes" if turned == "yes" else ""

    @property
    def fields(self) -> dict[str, str]:
        """Those that say something, for an address."""
        every = {name: str(value) for name, value in vars(self).items() if value}
        return {
            name: value
            for name, value in every.items()
            if name != "page" and (name, value) != ("order", "name")
        }

    @property
    def narrows(self) -> dict[str, str]:
        """Those that leave titles out, each with its value."""
        no = ("order", "turned", "kind")
        return {name: value for name, value in self.fields.items() if name not in no}

    def without(self, name: str) -> dict[str, str]:
        return {one: value for one, value in self.fields.items() if one != name}

    def with_(self, **others: str) -> dict[str, str]:
        return {name: value for name, value in (self.fields | others).items() if value}

    @property
    def sought(self) -> Sought:
        return Sought(
            kind=Kind(self.kind) if self.kind else None,
            text=self.q,
            having=self.have or "files",
            episodes=self.episodes or None,
            genre=self.genre or None,
            decade=self.decade,
            language=self.language or None,
            lines=self.lines,
            hdr={"yes": True, "no": False}.get(self.hdr),
            source=self.source or None,
            collection_id=self.collection,
            person_id=self.person,
            played={"unwatched": False, "watched": True}.get(self.only),
            broken=True if self.only == "broken" else None,
            doubled=True if self.only == "doubles" else None,
            sort=self.order,
            turned=bool(self.turned),
        )


AsAsked = Annotated[Asked, Depends()]


@router.get("/library")
def titles(request: Request, desk: AtDesk, asked: AsAsked) -> HTMLResponse:
    """Titles as posters; while the library is off, how to have it."""
    if not desk.running.loaded.config.library.enabled:
        return desk.pages.page(request, "library_off.html")
    store, by_htmx = desk.library.store, "hx-request" in request.headers
    context: dict[str, Any] = {
        "asked": asked, "here": "titles", "now": desk.now(),
        "found": library.shelf(store, asked.sought, desk.now().astimezone().date(), asked.page),
        "person": store.person(asked.person) if asked.person else None,
        "collection": _collection(desk, asked.collection),
        "lines_words": library_files.lines_words, "hdr_words": library_files.hdr_words,
    }  # fmt: skip
    if by_htmx:
        return desk.pages.page(request, "_library_list.html", **context)
    choices = library.choices(store, Kind(asked.kind) if asked.kind else None)
    begun = bool(context["found"].total) or bool(asked.narrows) or store.counts().files > 0
    return desk.pages.page(request, "library.html", choices=choices, begun=begun, **context)


@router.post("/library/setup/on")
def switch_on(desk: AtDesk) -> Response:
    """Keep a library from now on, and look at the folder of finished films."""
    said = settings_change.change(desk.running, {"library.enabled": True}).sentence
    answer = RedirectResponse(f"{desk.pages.base}/library/sources", 303)
    desk.pages.say(answer, f"The library is on; your films are being read ({said})")
    return answer


@router.get("/library/duplicates")
def duplicates(request: Request, desk: AtDesk, page: Page = 1) -> HTMLResponse:
    """Films and episodes of which there is more than one file."""
    found = library.doubles(desk.library.store, page)
    return desk.pages.page(request, "library_duplicates.html", found=found, here="duplicates")


@router.get("/library/files")
def files(
    request: Request,
    desk: AtDesk,
    which: str = "broken",
    source: Annotated[str, Query(max_length=100)] = "",
    page: Page = 1,
) -> HTMLResponse:
    """Files of one state, whatever their titles are."""
    state: Which = next((one for one in WHICH if one == which), "broken")
    store = desk.library.store
    return desk.pages.page(
        request, "library_files.html", here="files", which=state, states=WHICH, source=source,
        found=library_files.listed(store, state, source or None, page), counts=store.counts(),
    )  # fmt: skip


@router.get("/library/titles/{title_id}/poster")
def poster_of(desk: AtDesk, title_id: int) -> Response:
    """TMDB's, or one that is made up of its title."""
    row = desk.library.store.row(title_id) if title_id <= MOST else None
    if row is None:
        raise HTTPException(404)
    return _picture(desk, "poster", row.poster or "", row.title, row.year)


@router.get("/library/picture/{kind}")
def picture(
    desk: AtDesk,
    kind: str,
    path: Annotated[str, Query(max_length=100)] = "",
    name: Annotated[str, Query(max_length=300)] = "",
    year: str = "",
) -> Response:
    """A picture by TMDB's path of it; of what has none, one that is made up of its name."""
    if kind not in SIZES:
        raise HTTPException(404)
    return _picture(desk, kind, path, name, _number(year))


def _picture(desk: Desk, kind: str, path: str, name: str, year: int | None) -> Response:
    pictures = desk.library.pictures
    if pictures and path and (file := pictures.file(kind, SIZES[kind], path)):
        kept = f"private, max-age={A_WEEK_S}"
        return FileResponse(file, headers={"Cache-Control": kept})
    made_up = initials(name) if kind == "profile" else poster(name, year)
    kept_s = AN_HOUR_S if path else A_WEEK_S
    return Response(
        made_up, media_type="image/svg+xml",
        headers={"Cache-Control": f"private, max-age={kept_s}"},
    )  # fmt: skip


def _collection(desk: Desk, tmdb_id: int | None) -> str | None:
    if tmdb_id is None:
        return None
    found = desk.library.store.collections()
    return next((one.name for one, _ in found if one.tmdb_id == tmdb_id), None)


def _number(text: str) -> int | None:
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 11 else None
    return number if number is not None and number <= MOST else None
