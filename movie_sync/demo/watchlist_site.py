"""A small watchlist site that speaks like Letterboxd, for the demo and the tests.

It serves robots.txt, watchlists, lists, film pages and diary feeds, 28 films a page, and keeps
every request with its time. What it gets wrong is set while it runs: `trouble` for all pages,
`trouble_at` for one path.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil

from movie_sync.demo import watchlist_pages as pages
from movie_sync.demo.server import LoopbackServer, Reply, Request
from movie_sync.demo.watchlist_pages import PER_PAGE, Markup, SiteFilm

ROBOTS = "User-agent: *\nDisallow: /*/by/*\nDisallow: /*/genre/*\n"
HANGS_S = 60.0


class Trouble(StrEnum):
    """What may come instead of a good page."""

    CHALLENGE = "403 with a challenge for browsers"
    CHALLENGE_200 = "200 with a challenge for browsers"
    BAN = "403 with a ban of the address"
    CLOSED = "403 from the site itself, as for a private list"
    FORBIDDEN = "403 that explains nothing"
    ELSEWHERE = "302 to another host, as by a login page in between"
    GONE = "404"
    RATE_LIMITED = "429"
    DOWN = "503"
    BROKEN = "500"
    HANGS = "no answer"
    CUT = "half of the page, as if that were all"
    BROKEN_OFF = "half of the page, and then the line goes dead"


def _html(text: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    return Reply(status, text.encode(), headers=headers or {})


_NOT_THERE = _html(pages.error_page(), 404)
_ANSWERS = {
    Trouble.CHALLENGE: (403, pages.challenge_page()),
    Trouble.CHALLENGE_200: (200, pages.challenge_page()),
    Trouble.BAN: (403, pages.ban_page()),
    Trouble.CLOSED: (403, pages.error_page()),
    Trouble.FORBIDDEN: (403, pages.plain_page("Forbidden")),
    Trouble.ELSEWHERE: (302, ""),
    Trouble.GONE: (404, pages.error_page()),
    Trouble.RATE_LIMITED: (429, pages.plain_page("Too many requests")),
    Trouble.DOWN: (503, pages.plain_page("Back soon")),
    Trouble.BROKEN: (500, pages.plain_page("Something went wrong")),
    Trouble.HANGS: (504, pages.plain_page("Too late")),
}


@dataclass(frozen=True)
class Seen:
    """One request that came in."""

    path: str
    at_s: float  # monotonic
    user_agent: str


class WatchlistSite(LoopbackServer):
    """The site. All that can be set is read anew at each request.

    Args:
        watchlists: member to the films of the watchlist, newest first.
        lists: "member/slug" to the films of the list.
        diaries: member to the films of the RSS feed.
    """

    def __init__(
        self,
        watchlists: Mapping[str, Sequence[SiteFilm]] | None = None,
        *,
        lists: Mapping[str, Sequence[SiteFilm]] | None = None,
        diaries: Mapping[str, Sequence[SiteFilm]] | None = None,
    ) -> None:
        super().__init__()
        self.watchlists = {user: list(films) for user, films in (watchlists or {}).items()}
        self.lists = {name: list(films) for name, films in (lists or {}).items()}
        self.diaries = {user: list(films) for user, films in (diaries or {}).items()}
        self.watched: dict[str, list[SiteFilm]] = {}  # member to films beside the diary
        self.others: list[SiteFilm] = []  # have a page, and are on no list
        self.private: set[str] = set()  # members
        self.markup: Sequence[Markup] = (Markup.IDENTIFIER,)  # several take turns on a page
        self.announced: int | None = None  # instead of the true number
        self.past_end_answers = False  # 200 without films there, and not 403
        # Done to a list once, right after its first page was served.
        self.meanwhile: Callable[[list[SiteFilm]], object] | None = None
        self.trouble: Trouble | None = None
        self.trouble_at: dict[str, Trouble] = {}
        self.retry_after = ""  # sent with 429
        self.robots: str | None = ROBOTS
        self.requests: list[Seen] = []

    def answer(self, request: Request) -> Reply:
        agent = request.headers.get("User-Agent", "")
        self.requests.append(Seen(request.path, time.monotonic(), agent))
        trouble = self._trouble(request.path)
        return self._troubled(trouble, request.path) if trouble else self._good(request.path)

    def asked_for(self, path: str) -> int:
        """How often a path was asked for."""
        return sum(seen.path == path for seen in self.requests)

    def _trouble(self, path: str) -> Trouble | None:
        if path in self.trouble_at:
            return self.trouble_at[path]
        if any(path.startswith(f"/{user}/watchlist/") for user in self.private):
            return Trouble.CLOSED
        return None if path == "/robots.txt" else self.trouble

    def _good(self, path: str) -> Reply:
        match path.strip("/").split("/"):
            case ["robots.txt"] if self.robots is not None:
                return Reply(body=self.robots.encode(), content_type="text/plain")
            case [*member, "film", slug]:
                return self._film(member, slug)
            case [user, "rss"] if user in self.diaries:
                feed = pages.rss(user, self.diaries[user])
                return Reply(body=feed.encode(), content_type="application/rss+xml")
            case [user, "watchlist", *rest] if user in self.watchlists:
                return self._listing(f"/{user}/watchlist/", self.watchlists[user], rest)
            case [user, "list", slug, *rest] if (name := f"{user}/{slug}") in self.lists:
                return self._listing(f"/{user}/list/{slug}/", self.lists[name], rest)
        return _NOT_THERE

    def _film(self, member: list[str], slug: str) -> Reply:
        """A film's page; or a member's own, which is there for what the member has seen."""
        if film := None if member else self._films().get(slug):
            return _html(pages.film_page(film))
        user = "/".join(member)
        seen = (*self.diaries.get(user, ()), *self.watched.get(user, ()))
        if slug in {film.slug for film in seen}:
            return _html(pages.plain_page(f"{user} has seen {slug}"))
        return _NOT_THERE

    def _listing(self, path: str, films: list[SiteFilm], rest: list[str]) -> Reply:
        match rest:
            case []:
                number = 1
            case ["page", text] if text.isdecimal() and int(text):
                number = int(text)
            case _:
                return _NOT_THERE
        last_page = max(1, ceil(len(films) / PER_PAGE))
        if number > last_page and not self.past_end_answers:
            return self._troubled(Trouble.CLOSED, path)
        text = pages.listing_page(
            path,
            films[(number - 1) * PER_PAGE : number * PER_PAGE],
            number=number,
            last_page=last_page,
            announced=len(films) if self.announced is None else self.announced,
            markup=self.markup,
        )
        if self.meanwhile and number == 1:
            self.meanwhile(films)
            self.meanwhile = None
        return _html(text)

    def _films(self) -> dict[str, SiteFilm]:
        listed = (*self.watchlists.values(), *self.lists.values(), self.others)
        return {film.slug: film for films in listed for film in films}

    def _troubled(self, trouble: Trouble, path: str) -> Reply:
        if trouble == Trouble.HANGS:
            self.stopping.wait(HANGS_S)
        if trouble in {Trouble.CUT, Trouble.BROKEN_OFF}:
            whole = self._good(path).body
            half = whole[: len(whole) // 2]
            promised = whole if trouble == Trouble.BROKEN_OFF else half
            return Reply(body=half, headers={"Content-Length": str(len(promised))})
        headers = {"Server": "cloudflare", "CF-Ray": "8f0c1d2e3f4a5b6c-OTP"}
        if trouble in {Trouble.CHALLENGE, Trouble.CHALLENGE_200}:
            headers["CF-Mitigated"] = "challenge"
        if trouble == Trouble.ELSEWHERE:
            headers["Location"] = "http://elsewhere.invalid/login"
        if trouble == Trouble.RATE_LIMITED and self.retry_after:
            headers["Retry-After"] = self.retry_after
        status, text = _ANSWERS[trouble]
        return _html(text, status, headers)
