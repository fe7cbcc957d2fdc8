"""The HTML that the small watchlist site serves: values in, pages out.

Each way of marking up a poster that Letterboxd has served is written here as its pages of that
time had it, and so are the pages of those who stand in front of it.
Source: pages of https://letterboxd.com as of 2022 to 2026.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from html import escape
from itertools import cycle
from typing import Literal

PER_PAGE = 28


@dataclass(frozen=True, kw_only=True)
class SiteFilm:
    """A film as the site knows it."""

    number: int
    title: str
    slug: str
    year: int | None = None
    imdb_id: str | None = None
    tmdb_id: int | None = None
    runtime_min: int | None = None
    original_title: str | None = None
    alternative_titles: tuple[str, ...] = ()
    # "series unsaid" is what some series' pages do: the body says "movie" and gives no id.
    kind: Literal["film", "series", "series unsaid"] = "film"

    @property
    def name(self) -> str:
        return f"{self.title} ({self.year})" if self.year else self.title

    @property
    def path(self) -> str:
        return f"/film/{self.slug}/"


class Markup(StrEnum):
    """How posters are marked up, by when it was served."""

    FULL_PATH = "A"  # until 2022: the slug is a path, the year stands beside
    BARE_SLUG = "B"  # 2023 to August 2025
    REACT = "C"  # August 2025 to April 2026
    IDENTIFIER = "D"  # since April 2026: the number is inside of JSON
    UNKNOWN = "2027"  # one that nobody can read yet


def poster(film: SiteFilm, markup: Markup) -> str:
    alt = f'<img class="image" alt="{escape(film.title)}">'
    match markup:
        case Markup.FULL_PATH:
            year = f'<small class="metadata"><a href="/films/year/">{film.year or ""}</a></small>'
            holder = _div("poster film-poster", _full_path(film), alt)
            return f'<li class="poster-container film-detail">{holder}{year}</li>'
        case Markup.BARE_SLUG:
            return f'<li class="poster-container">{_div("film-poster", _bare(film), alt)}</li>'
        case Markup.REACT | Markup.IDENTIFIER:
            facts = _react(film) | (_number if markup == Markup.REACT else _identifier)(film)
            inner = f'<div class="poster film-poster">{alt}</div>'
            return f'<li class="griditem">{_div("react-component", facts, inner)}</li>'
        case Markup.UNKNOWN:
            return f'<film-tile ref="{escape(film.slug)}">{escape(film.name)}</film-tile>'


def listing_page(
    path: str,
    films: Sequence[SiteFilm],
    *,
    number: int,
    last_page: int,
    announced: int,
    markup: Sequence[Markup],
) -> str:
    """One page of a watchlist or list; several markups take turns on it."""
    posters = "".join(poster(film, way) for film, way in zip(films, cycle(markup), strict=False))
    grid = f'<div class="poster-grid"><ul class="grid -p125 -scaled128">{posters}</ul></div>'
    foot = _pagination(path, number, last_page)
    if not path.endswith("/watchlist/"):
        about = f'<meta name="description" content="A list of {announced:,} films.">'
        return _page("list-page", "A list", _FAVOURITES + grid + foot, about)
    counted = f'<span class="js-watchlist-count">{announced:,}&nbsp;films</span>'
    content = (
        f'<div class="js-watchlist-content" data-num-entries="{announced}">{counted}'
        f'<section class="js-watchlist-main-content">{grid}</section>{foot}</div>'
    )
    return _page("watchlist js-page-watchlist", "Watchlist", _FAVOURITES + content)


def film_page(film: SiteFilm) -> str:
    series = film.kind != "film"
    tmdb_id = "" if film.kind == "series unsaid" else film.tmdb_id or ""
    said = "tv" if film.kind == "series" else "movie"
    links = ""
    if film.imdb_id:
        address = f"http://www.imdb.com/title/{film.imdb_id}/maindetails"
        links += f'<a href="{address}" data-track-action="IMDb">IMDb</a> '
    if film.tmdb_id:
        address = f"https://www.themoviedb.org/{'tv' if series else 'movie'}/{film.tmdb_id}/"
        links += f'<a href="{address}" data-track-action="TMDB">TMDB</a>'
    runtime = f"{film.runtime_min}&nbsp;mins &nbsp; More at " if film.runtime_min else ""
    original = f'<h2 class="originalname">{escape(film.original_title or "")}</h2>'
    others = escape(", ".join(film.alternative_titles))
    head = (
        '<meta property="og:type" content="video.movie">'
        f'<meta property="og:title" content="{escape(film.name)}">'
    )
    body = (
        f'<h1 class="primaryname"><span class="name">{escape(film.title)}</span></h1>'
        f"{original if film.original_title else ''}"
        f'<div class="text-indentedlist"><p>{others}</p></div>'
        f'<p class="text-link text-footer">{runtime}{links}</p>'
    )
    about = f'data-type="film" data-tmdb-type="{said}" data-tmdb-id="{tmdb_id}"'
    return _page("film backdropped", film.name, body, head, about)


def rss(user: str, films: Sequence[SiteFilm]) -> str:
    """A diary's feed; a watchlist has none."""
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" '
        'xmlns:letterboxd="https://letterboxd.com" xmlns:tmdb="https://themoviedb.org">'
        f"<channel><title>Letterboxd - {escape(user)}</title>"
        f"{''.join(_rss_item(user, film) for film in films)}</channel></rss>"
    )


def error_page() -> str:
    """What the site itself says to a visitor who may not look, or who asks for what is not."""
    said = '<section class="message"><strong>Shall we play a game?</strong></section>'
    return _page("error", "Letterboxd", said)


def challenge_page() -> str:
    return _page(
        "no-js",
        "Just a moment...",
        '<div id="challenge-error-text">Enable JavaScript and cookies to continue</div>'
        '<script src="/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1"></script>',
    )


def ban_page() -> str:
    title = "Access denied | letterboxd.com used Cloudflare to restrict access"
    return _page("", title, "<h1>You are being rate limited</h1>")


def plain_page(text: str) -> str:
    return _page("", text, f"<h1>{escape(text)}</h1>")


# Looks like the grid and is none of it: a member's favourites, in the margin.
_FAVOURITES = (
    '<aside class="sidebar"><ul class="poster-list">'
    '<li class="griditem"><div class="react-component" data-item-slug="a-favourite" '
    'data-item-link="/film/a-favourite/" data-item-name="A Favourite (1999)"></div></li>'
    "</ul></aside>"
)


def _page(classes: str, title: str, body: str, head: str = "", about: str = "") -> str:
    # The script is one that the host adds to good pages too.
    script = '<script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script>'
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title>{head}</head>"
        f'<body class="{classes}" {about}>{body}{script}</body></html>'
    )


def _pagination(path: str, number: int, last_page: int) -> str:
    if last_page == 1:
        return ""
    numbers = sorted({1, number, last_page})
    items = "".join(
        f'<li class="paginate-page"><a href="{path}page/{n}/">{n}</a></li>' for n in numbers
    )
    after = f'<a class="next" href="{path}page/{number + 1}/">Older</a>'
    return (
        f'<div class="pagination"><div class="paginate-nextprev">'
        f"{after if number < last_page else ''}</div>"
        f'<div class="paginate-pages"><ul>{items}</ul></div></div>'
    )


def _rss_item(user: str, film: SiteFilm) -> str:
    kind = "movieId" if film.kind == "film" else "tvId"
    year = f"<letterboxd:filmYear>{film.year}</letterboxd:filmYear>" if film.year else ""
    return (
        f"<item><title>{escape(film.title)}, {film.year} - ★★★★</title>"
        f"<link>https://letterboxd.com/{user}{film.path}</link>"
        f'<guid isPermaLink="false">letterboxd-watch-{film.number}</guid>'
        f"<letterboxd:filmTitle>{escape(film.title)}</letterboxd:filmTitle>{year}"
        f"<tmdb:{kind}>{film.tmdb_id or ''}</tmdb:{kind}></item>"
    )


def _div(classes: str, facts: dict[str, str], inner: str) -> str:
    written = " ".join(f'{name}="{escape(value)}"' for name, value in facts.items())
    return f'<div class="{classes}" {written}>{inner}</div>'


def _number(film: SiteFilm) -> dict[str, str]:
    return {"data-film-id": str(film.number)}


def _full_path(film: SiteFilm) -> dict[str, str]:
    return _number(film) | {"data-film-slug": film.path, "data-target-link": film.path}


def _bare(film: SiteFilm) -> dict[str, str]:
    year = {"data-film-release-year": str(film.year)} if film.year else {}
    facts = {"data-film-slug": film.slug, "data-film-name": film.title}
    return _number(film) | facts | year


def _react(film: SiteFilm) -> dict[str, str]:
    return {
        "data-component-class": "LazyPoster",
        "data-item-slug": film.slug,
        "data-item-link": film.path,
        "data-item-name": film.name,
        "data-item-full-display-name": film.name,
        "data-target-link": film.path,
        "data-details-endpoint": f"{film.path}json/",
    }


def _identifier(film: SiteFilm) -> dict[str, str]:
    facts = {"lid": f"{film.number:x}", "uid": f"film:{film.number}", "type": "film"}
    return {
        "data-postered-identifier": json.dumps(facts),
        "data-resolvable-poster-path": json.dumps({"postered": facts, "hasDefaultPoster": True}),
    }
