"""The ways in which a watchlist goes wrong, and what a person is told of each.

`python -m tests.watchlist_ways` prints them as the table in docs/reliability.md.
"""

import json
import sys
from collections.abc import Callable, Sequence
from typing import NamedTuple

from movie_sync.demo.server import LoopbackServer, Reply, Request
from movie_sync.demo.watchlist_pages import Markup, SiteFilm
from movie_sync.demo.watchlist_site import Trouble, WatchlistSite
from tests import make

FILMS = [make.site_film(number) for number in range(1, 31)]
MEMBER = "alice"
PAGE, PAGE_2 = f"/{MEMBER}/watchlist/", f"/{MEMBER}/watchlist/page/2/"


class ListSite(LoopbackServer):
    """A plain list of films in a file, as Radarr's or a spreadsheet's."""

    def __init__(self, body: str) -> None:
        super().__init__()
        self.reply = Reply(body=body.encode())

    def answer(self, request: Request) -> Reply:
        return self.reply


class Way(NamedTuple):
    what: str  # for a person
    happens: Callable[..., object]  # to the site
    told: str  # what `status` says
    site: str = "letterboxd"


def as_json(films: Sequence[SiteFilm]) -> str:
    return json.dumps([{"title": film.title, "year": film.year} for film in films])


def as_csv(films: Sequence[SiteFilm]) -> str:
    rows = [f"{film.title},{film.year}" for film in films]
    return "\n".join(["Title,Year", *rows])


SITES: dict[str, Callable[[], LoopbackServer]] = {
    "letterboxd": lambda: WatchlistSite({MEMBER: FILMS}),
    "JSON": lambda: ListSite(as_json(FILMS)),
    "CSV": lambda: ListSite(as_csv(FILMS)),
}


def everywhere(trouble: Trouble) -> Callable[[WatchlistSite], object]:
    return lambda site: setattr(site, "trouble", trouble)


def at(path: str, trouble: Trouble) -> Callable[[WatchlistSite], object]:
    return lambda site: site.trouble_at.update({path: trouble})


def answers(body: str, status: int = 200) -> Callable[[ListSite], object]:
    return lambda site: setattr(site, "reply", Reply(status, body.encode()))


def only(count: int) -> Callable[[WatchlistSite], object]:
    return lambda site: site.watchlists.update({MEMBER: FILMS[:count]})


KEPT = "30 films kept"
STAY = "its films stay as they are"
PAST_END = "it is past the end; the list became shorter while it was read"
INSTEAD = "what was read before stays; an export can be imported instead"
CONFIRM = 'if that is right, say "watchlist confirm'

WAYS = [
    Way(
        "the site is down (503)",
        everywhere(Trouble.DOWN),
        f"/alice/watchlist/ answered 503; {KEPT}",
    ),
    Way("it breaks (500)", everywhere(Trouble.BROKEN), f"/alice/watchlist/ answered 500; {KEPT}"),
    Way(
        "it does not answer in time",
        everywhere(Trouble.HANGS),
        f"/alice/watchlist/: no answer in time; {KEPT}",
    ),
    Way(
        "a challenge for browsers (403)",
        everywhere(Trouble.CHALLENGE),
        f"answers with a challenge for browsers; {INSTEAD}; {KEPT}",
    ),
    Way(
        "a challenge that answers 200",
        everywhere(Trouble.CHALLENGE_200),
        f"answers with a challenge for browsers; {INSTEAD}; {KEPT}",
    ),
    Way(
        "our address is banned",
        everywhere(Trouble.BAN),
        f"answers with a ban of this address; {INSTEAD}; {KEPT}",
    ),
    Way(
        "a 403 that explains nothing",
        everywhere(Trouble.FORBIDDEN),
        f"answered 403 and does not say why; {INSTEAD}; {KEPT}",
    ),
    Way(
        "a login page of another host",
        everywhere(Trouble.ELSEWHERE),
        f"/alice/watchlist/ leads to another host (http://elsewhere.invalid); {INSTEAD}; {KEPT}",
    ),
    Way(
        "the member is not there (404)",
        everywhere(Trouble.GONE),
        f"there is no /alice/watchlist/; check the name; {KEPT}",
    ),
    Way(
        "the watchlist is private",
        lambda site: site.private.add(MEMBER),
        f"/alice/watchlist/ is private; make it public there, or import its export; {KEPT}",
    ),
    Way(
        "too many requests (429)", everywhere(Trouble.RATE_LIMITED), f"asks us to slow down; {KEPT}"
    ),
    Way(
        "pages of an unknown form",
        lambda site: setattr(site, "markup", (Markup.UNKNOWN,)),
        f"/alice/watchlist/ announces 30 films in an unknown form; none was read; {KEPT}",
    ),
    Way(
        "an empty page with 200",
        only(0),
        f'it lists no films any more; all 30 stay as they are; {CONFIRM} letterboxd:alice"',
    ),
    Way(
        "page 2 does not come",
        at(PAGE_2, Trouble.BROKEN),
        f"page 2 of 2 was not read and {STAY}: {PAGE_2} answered 500",
    ),
    Way(
        "page 2 is past the end",
        at(PAGE_2, Trouble.CLOSED),
        f"page 2 of 2 was not read and {STAY}: {PAST_END}",
    ),
    Way(
        "it lists fewer films than it says",
        lambda site: setattr(site, "announced", 31),
        "it announces 31 films, but 30 could be read",
    ),
    Way("half of a page", at(PAGE, Trouble.CUT), "it announces 30 films, but 14 could be read"),
    Way(
        "the line goes dead in a page",
        at(PAGE, Trouble.BROKEN_OFF),
        f"/alice/watchlist/: the answer broke off; {KEPT}",
    ),
    Way(
        "half of the films are gone at once",
        only(15),
        f'it lacks 15 of 30 films; all 30 stay as they are; {CONFIRM} letterboxd:alice"',
    ),
    Way(
        "a list in JSON answers with a web page",
        answers("<!doctype html><p>Hi"),
        f"it is a web page and no list; {STAY}; {KEPT}",
        "JSON",
    ),
    Way(
        "a list in JSON is cut off",
        answers(as_json(FILMS)[:400]),
        f"it is no sound JSON (Input data was truncated); {STAY}; {KEPT}",
        "JSON",
    ),
    Way(
        "a list in JSON has another shape",
        answers('{"error": "no such list"}'),
        f"it is a JSON object, but not one with one list of films in it; {STAY}; {KEPT}",
        "JSON",
    ),
    Way(
        "a list in JSON is empty",
        answers("[]"),
        f'it lists no films any more; all 30 stay as they are; {CONFIRM} list:films.example/l"',
        "JSON",
    ),
    Way(
        "a list in CSV is empty",
        answers(""),
        f"it is empty, without even a header; {STAY}; {KEPT}",
        "CSV",
    ),
    Way(
        "a list in CSV is cut off",
        answers(as_csv(FILMS)[:150]),
        "1 of 12 entries cannot be read; the first: line 13 has 1 of 2 columns",
        "CSV",
    ),
    Way(
        "a list in CSV has other columns",
        answers("a,b\n1,2\n"),
        f"its first line names no column for a title or an id; {STAY}; {KEPT}",
        "CSV",
    ),
]


def table() -> str:
    rows = [f"| {way.what} | {way.told} | nothing |" for way in WAYS]
    head = [
        "| what happens | `status` says | what changes in queues and library |",
        "|---|---|---|",
    ]
    return "\n".join([*head, *rows]) + "\n"


if __name__ == "__main__":
    sys.stdout.write(table())
