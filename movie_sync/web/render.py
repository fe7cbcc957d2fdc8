"""Pages from templates: what all of them share, and how times, sizes and films are shown."""

import gettext
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import jinja2
from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from movie_sync import __version__
from movie_sync.films.space import sized
from movie_sync.retries import span
from movie_sync.views.standing import facts
from movie_sync.views.words import ago

FOLDER = Path(__file__).parent
THEMES = ("auto", "light", "dark")
SAID = "said"  # the cookie with what is said once on the next page
SAID_S = 60

# Each tab: its path, its name, its icon. Areas that come later add theirs.
TABS = (
    ("", "Now", "now"),
    ("wanted", "Wanted", "wanted"),
    ("activity", "Activity", "activity"),
    ("history", "Finished", "history"),
    ("library", "Library", "library"),
    ("shows", "Shows", "shows"),
    ("watched", "History", "watched"),
    ("sources", "Sources", "sources"),
    ("settings", "Settings", "settings"),
    ("system", "System", "system"),
)


class Renderer:
    """Makes whole pages and parts of them.

    Args:
        base: the path that all addresses of ours begin with: "" or "/movies".
    """

    def __init__(self, base: str = "", translations: gettext.NullTranslations | None = None):
        self.base = base
        self._environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(FOLDER / "templates"),
            extensions=["jinja2.ext.i18n"],
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=jinja2.StrictUndefined,
        )
        self._environment.install_gettext_translations(  # type: ignore[attr-defined]
            translations or gettext.NullTranslations(), newstyle=True
        )
        self._environment.globals |= {
            "base": base, "version": __version__, "static": self.static,
        }  # fmt: skip
        self._environment.filters |= {
            "ago": ago, "sized": sized, "span": span, "film": self.film,
            "clock": clock, "facts": facts, "minutes": minutes,
        }  # fmt: skip

    def page(
        self, request: Request, name: str, *, status: int = 200, **context: Any
    ) -> HTMLResponse:
        """A whole page, or a part of one for htmx; says once what the last request had to say."""
        whole = not name.startswith("_")
        said = unquote(request.cookies.get(SAID, "")) if whole else ""
        theme = request.cookies.get("theme", "auto")
        text = self._environment.get_template(name).render(
            context,
            request=request,
            tabs=tabs(request),
            badges=badges(request) if whole else {},
            who=request.scope.get("access"),
            theme=theme if theme in THEMES else "auto",
            said=said,
        )
        answer = HTMLResponse(text, status)
        if said:
            answer.delete_cookie(SAID, path=f"{self.base}/")
        return answer

    def say(self, answer: Response, sentence: str) -> None:
        """Have a sentence shown once, on the page that a person comes to next."""
        answer.set_cookie(SAID, quote(sentence), max_age=SAID_S, path=f"{self.base}/",
                          samesite="lax", httponly=True)  # fmt: skip

    def film(self, id_: str, *more: str) -> str:
        """The address of a film's page, or of something below it."""
        return "/".join((f"{self.base}/films/{quote(id_, safe=':@')}", *more))

    def static(self, name: str) -> str:
        """The address of a file; another one with each version, as browsers keep it for long."""
        return f"{self.base}/static/{name}?{__version__}"


def tabs(request: Request) -> list[tuple[str, str, str]]:
    """Those of the areas that are switched on now."""
    config = request.app.state.desk.running.loaded.config
    off = {"shows": not config.shows.enabled, "watched": not config.history.enabled}
    return [tab for tab in TABS if not off.get(tab[0])]


def badges(request: Request) -> dict[str, int]:
    """How many questions wait behind a tab."""
    desk = request.app.state.desk
    return {"library": desk.reviews(), "watched": desk.unmatched()}


def minutes(duration_ms: int) -> str:
    """ "2 h 16 min", "48 min", "32 s"."""
    if duration_ms < 60_000:
        return f"{duration_ms // 1000} s"
    whole = round(duration_ms / 60_000)
    return f"{whole // 60} h {whole % 60:02} min" if whole >= 60 else f"{whole} min"


def clock(at: datetime) -> str:
    """In the time of this machine."""
    return f"{at.astimezone():%Y-%m-%d %H:%M}"
