"""What Letterboxd's pages say: HTML in, values out. No network, no decisions.

Four ways of marking up a poster have been served since 2022 and may stand mixed on one page, so
each value is looked for in every place it was ever seen. A page that holds none of them gives
None, which is for the caller to call an unknown form, and never an empty list.
Source: pages of https://letterboxd.com as of 2026.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from movie_sync.models import Film

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

# Where the films of a page stand, best first; the favourites in a margin look just like them.
_SCOPES = (
    ".js-watchlist-main-content",
    ".js-watchlist-content",
    ".s-watchlist-content",
    ".js-list-entries",
    ".poster-grid",
    ".poster-list",
    ".film-list",
)
_LINKS = ("data-item-link", "data-film-link", "data-target-link")
_SLUGS = ("data-item-slug", "data-film-slug")
_NAMES = ("data-item-full-display-name", "data-item-name", "data-film-name")
_YEARS = ("data-film-release-year", "data-release-year")
_IDENTIFIERS = ("data-postered-identifier", "data-resolvable-poster-path")
_HOLDERS = ", ".join(f"[{name}]" for name in (*_LINKS, *_SLUGS))

_QUOTES = "\u2018\u2019\u201c\u201d"  # around an original title

_FILM_PATH = re.compile(r"(?:^|/)film/([^/?#]+)")
_UID = re.compile(r'"uid"\s*:\s*"(\w+):(\d+)"')
_TITLE_YEAR = re.compile(r"(.*\S)\s*\((\d{4})\)")
_LISTING_PAGE = re.compile(r"/(?:watchlist|list/[^/]+(?:/share/[^/]+)?)/page/(\d+)/?$")
_COUNT = re.compile(r"(\d[\d,.\s]*)films?\b")
_IMDB = re.compile(r"imdb\.com/title/(tt\d{7,10})")
_TMDB = re.compile(r"themoviedb\.org/(movie|tv)/(\d+)")
_MINUTES = re.compile(r"(\d+)\s*mins?\b")
# Whole titles only: a film or a list may be called "Just a Moment" too.
_CHALLENGE = re.compile(r"just a moment[.…]*|attention required!?( \|.*)?", re.IGNORECASE)
_BAN = re.compile(r"access denied \|.*", re.IGNORECASE)
_TOO_SHORT = re.compile("[\x00-\u024f]{0,3}")


@dataclass(frozen=True)
class Grid:
    """One page of a watchlist or list, duplicates and all."""

    films: tuple[Film, ...]
    announced: int | None  # films the whole list holds, by its own words
    last_page: int


@dataclass(frozen=True)
class FilmPage:
    series: bool
    title: str | None
    year: int | None
    imdb_id: str | None
    tmdb_id: int | None  # never a series' id: TMDB numbers those apart
    original_title: str | None
    alternative_titles: tuple[str, ...]
    runtime_min: int | None


def parse(text: str) -> BeautifulSoup:
    from bs4 import BeautifulSoup  # a tenth of a second, which the start need not wait for

    return BeautifulSoup(text, "html.parser")


def wall(page: BeautifulSoup) -> str | None:
    """What stands in place of the page that was asked for: a phrase, or None.

    The word "challenge-platform" alone says nothing: Cloudflare adds its script to good pages.
    """
    title = page.title.get_text().strip() if page.title else ""
    if _BAN.fullmatch(title):
        return "a ban of this address"
    if _CHALLENGE.fullmatch(title) or page.select_one("#challenge-form, #challenge-error-text"):
        return "a challenge for browsers"
    return None


def is_own_error(page: BeautifulSoup) -> bool:
    """Whether Letterboxd itself, and not something in front of it, says no."""
    return page.select_one("section.message") is not None


def read_grid(page: BeautifulSoup) -> Grid | None:
    """The films of one page, or None if it neither shows a film nor says how many there are."""
    entries, announced = _entries(page), _announced(page)
    if not entries and announced is None:
        return None
    films = tuple(film for entry in entries if (film := _film(*entry)))
    return Grid(films, announced, _last_page(page))


def read_film(page: BeautifulSoup) -> FilmPage | None:
    """What the page of one film says, or None if it is not such a page."""
    body = page.body
    kind = page.select_one('meta[property="og:type"][content^="video."]')
    if body is None or not (kind or "film" in _classes(body) or body.has_attr("data-tmdb-id")):
        return None
    series, tmdb_id = _tmdb(page, body)
    headline = page.select_one('meta[property="og:title"]')
    title, year = _title_and_year(_value(headline, "content"))
    footer = _text(page.select_one("p.text-footer"))
    minutes, imdb = _MINUTES.search(footer), _outward(page, _IMDB)
    return FilmPage(
        series=series,
        title=title or None,
        year=year,
        imdb_id=imdb[1] if imdb else None,
        tmdb_id=tmdb_id,
        original_title=_text(page.select_one("h2.originalname")).strip(_QUOTES) or None,
        alternative_titles=_alternative_titles(page),
        runtime_min=int(minutes[1]) if minutes else None,
    )


def _entries(page: BeautifulSoup) -> list[tuple[Tag, Tag]]:
    """Each film's element that holds its data, and the list item around it."""
    for scope in (found for selector in _SCOPES for found in page.select(selector)):
        if scope.find_parent(_in_margin):
            continue
        entries: dict[int, tuple[Tag, Tag]] = {}
        for holder in scope.select(_HOLDERS):
            item = holder.find_parent("li") or holder
            entries.setdefault(id(item), (holder, item))
        if entries:
            return list(entries.values())
    return []


def _in_margin(tag: Tag) -> bool:
    return tag.name == "aside" or "sidebar" in _classes(tag) or tag.get("id") == "favourites"


def _film(holder: Tag, item: Tag) -> Film | None:
    slug, number = _slug(holder), _number(holder)
    image = item.select_one("img[alt]")
    title, year = _title_and_year(_first(holder, _NAMES) or _value(image, "alt"))
    if not title or not slug:
        return None
    beside = _first(holder, _YEARS) or _text(item.select_one(".metadata a"))
    if year is None and re.fullmatch(r"\d{4}", beside):
        year = int(beside)
    key = f"letterboxd:{number}" if number else f"slug:{slug}"
    return Film(key=key, title=title, year=year, slug=slug)


def _slug(holder: Tag) -> str | None:
    link = _first(holder, _LINKS)
    on_path = _FILM_PATH.search(link)
    if link and not on_path:
        return None  # a member, a list, a story: not a film
    named = _first(holder, _SLUGS).strip("/").removeprefix("film/")
    return named or (on_path[1] if on_path else None)


def _number(holder: Tag) -> str | None:
    """Letterboxd's number of the film; the same in all ways of marking up."""
    number = _value(holder, "data-film-id")
    if number.isdecimal():
        return number
    uid = _UID.search(" ".join(_value(holder, name) for name in _IDENTIFIERS))
    return uid[2] if uid and uid[1] == "film" else None


def _announced(page: BeautifulSoup) -> int | None:
    counted = _value(page.select_one("[data-num-entries]"), "data-num-entries")
    if counted.isdecimal():
        return int(counted)
    description = _value(page.select_one('meta[name="description"]'), "content")
    for text in (_text(page.select_one(".js-watchlist-count")), description):
        if found := _COUNT.search(text):
            return int(re.sub(r"\D", "", found[1]))
    return None


def _last_page(page: BeautifulSoup) -> int:
    links = (_LISTING_PAGE.search(_value(link, "href")) for link in page.select("a[href]"))
    return max((int(link[1]) for link in links if link), default=1)


def _tmdb(page: BeautifulSoup, body: Tag) -> tuple[bool, int | None]:
    """Whether it is a series, and else its id.

    The link is believed before the body: some series' bodies say "movie" and give no id.
    """
    if found := _outward(page, _TMDB):
        return (True, None) if found[1] == "tv" else (False, int(found[2]))
    number = _value(body, "data-tmdb-id")
    series = _value(body, "data-tmdb-type") == "tv"
    return series, int(number) if number.isdecimal() and not series else None


def _outward(page: BeautifulSoup, address: re.Pattern[str]) -> re.Match[str] | None:
    """The page's own link to another site; else any such link, as in a review."""
    links = sorted(page.select("a[href]"), key=lambda link: not link.has_attr("data-track-action"))
    found = (address.search(_value(link, "href")) for link in links)
    return next((match for match in found if match), None)


def _alternative_titles(page: BeautifulSoup) -> tuple[str, ...]:
    """Titles stand in one text with commas between, and may hold commas themselves.

    A piece that begins in lower case belongs to the one before it; a Latin piece of three
    letters or less is too likely half a title ("Me", of "Me, Myself") to be looked for.
    """
    titles: list[str] = []
    for piece in _text(page.select_one(".text-indentedlist")).split(", "):
        if titles and piece[:1].islower():
            titles[-1] += f", {piece}"
        else:
            titles.append(piece)
    return tuple(title for title in titles if not _TOO_SHORT.fullmatch(title))


def _title_and_year(name: str) -> tuple[str, int | None]:
    found = _TITLE_YEAR.fullmatch(name)
    return (found[1], int(found[2])) if found else (name, None)


def _first(tag: Tag, names: tuple[str, ...]) -> str:
    return next((value for name in names if (value := _value(tag, name))), "")


def _value(tag: Tag | None, name: str) -> str:
    value = tag.get(name) if tag else None
    return value.strip() if isinstance(value, str) else ""


def _classes(tag: Tag) -> list[str]:
    return [name for name in tag.get_attribute_list("class") if name]


def _text(tag: Tag | None) -> str:
    return " ".join(tag.get_text().split()) if tag else ""
