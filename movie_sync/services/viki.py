"""Viki: how far somebody is in each video, what they watch, and what its shows and films are.

Source: dev.viki.com as archived, and answers seen until 2026; nothing of it is promised to us. How
far somebody is tells the site alone, to the cookies of a signed-in browser. These end minutes to
half an hour after their last use, and a machine cannot sign in anew, as Viki wants to see a person.
Shows, films and the list "continue watching" come from its API: without a signature, by the id of
one of its own programs, and that list by a token too. It names no limits; keep a second between
two calls.

The one thing to know: cookies or a token that were refused are not shown again, and what was read
until then is kept. Viki may renew its cookies with any answer: `login` is what to store after use.
"""

import re
from collections.abc import Callable, Iterator
from typing import TypeVar

import msgspec
import requests
from msgspec import Raw

from movie_sync.errors import BadAnswer, NotAuthorised, NotFound
from movie_sync.http import Http
from movie_sync.services import viki_reading as reading
from movie_sync.services.viki_failures import EXPLAINED, app_refused, closed, failure
from movie_sync.services.viki_shapes import (
    COOKIES,
    SENDABLE,
    Container,
    Markers,
    OnBillboard,
    User,
    Video,
    VikiLogin,
)

NAME = "viki"
APP_ID = "100000a"  # of its web page
FROM_THE_START = 1  # Unix seconds; 0 is taken for none
PER_PAGE = 100  # less may come; then there are more pages
MOST_PAGES = 1000
SESSION_OVER = (
    "the session is over, as Viki ends it soon; what was read is kept; sign in at www.viki.com, "
    'then paste its cookies by "history viki login", or import its watch markers as a file'
)
NO_SESSION = (
    'no cookies are stored; sign in at www.viki.com, then paste them by "history viki login"'
)
LIST_CLOSED = (
    "the token is refused; the rest goes on without the list of what is being watched; paste a "
    'request of your browser to api.viki.io by "history viki login"'
)
LIST_UNASKED = (
    "no token is stored; the rest goes on without the list of what is being watched; paste a "
    'request of your browser to api.viki.io by "history viki login"'
)

T = TypeVar("T")


class Viki:
    """For any number of threads.

    Args:
        site: at https://www.viki.com.
        api: at https://api.viki.io/v4.
        login: what a person pasted. Shows and films are told without one.
    """

    name = NAME

    def __init__(self, site: Http, api: Http, login: VikiLogin, app_id: str = APP_ID) -> None:
        self._site, self._api, self._app_id = site, api, app_id
        self._login = login
        self._session_over = self._list_closed = False

    @property
    def login(self) -> VikiLogin:
        """With the cookies as Viki has renewed them."""
        return self._login

    def check(self) -> str:
        """One sentence, of the list too. Raises NotAuthorised: nobody is signed in."""
        signed_in = f"signed in as {self.user().name}"
        if not self._login.has_token:
            return signed_in
        try:
            next(self._of_user("watchlist", {}), None)
        except NotAuthorised as error:
            return f"{signed_in}; {error.message}"
        return f"{signed_in}; the list of what is being watched is open too"

    def user(self) -> User:
        """Who is signed in. Raises NotAuthorised: nobody is."""
        path = "/api/users/current"
        found = self._of_site(path, {}, reading.user)
        if found is None:
            raise self._session_ended()
        return found

    def markers(self, since_s: int = FROM_THE_START) -> Iterator[Markers]:
        """How far somebody is in every video that they went on with since then, answer by answer.

        Store the markers of an answer, and then its `updated_till_s`: the next reading begins
        there. A reading that breaks off goes on from the last one that was stored.

        Raises:
            NotAuthorised: the session is over.
            BadAnswer: in a form that we do not know; none of that answer is to be used.
        """
        path = "/api/vw_watch_markers"
        for _ in range(MOST_PAGES):
            told = self._of_site(path, {"from": since_s}, reading.markers)
            if told.more and told.updated_till_s <= since_s:
                message = f"{path} says that there is more, but updated_till does not go on"
                raise BadAnswer(NAME, message)
            yield told
            if not told.more:
                return
            since_s = told.updated_till_s
        raise BadAnswer(NAME, f"{path} did not end after {MOST_PAGES} answers")

    def billboard(self) -> list[OnBillboard]:
        """What somebody watches, the latest first. Raises NotAuthorised: the token is refused."""
        raws = self._of_user("watchlist", {})
        read = _each(reading.on_billboard, "the list of what is being watched")
        return list(_distinct(map(read, raws), lambda one: one.container.id))

    def kept_for_later(self) -> list[str]:
        """Ids of containers. Raises as `billboard` does."""
        raws = self._of_user("watchlaters", {"ids": "true"})
        form = "the list of what is kept for later"
        return list(dict.fromkeys(reading.read(raw, str, form) for raw in raws))

    def container(self, container_id: str) -> Container:
        """Raises NotFound: Viki has it no more."""
        path = f"/containers/{_safe(container_id)}.json"
        content = self._of_api(path, {}, f"there is no container {container_id}")
        return reading.container(content, path)

    def videos(self, container_id: str) -> list[Video]:
        """Every episode, or the film, with what cannot be watched here or not yet.

        Raises:
            NotFound: Viki has no such container.
            BadAnswer: a page has a form that we do not know, or they do not end.
        """
        path = f"/containers/{_safe(container_id)}/episodes.json"
        wanted: dict[str, str | int] = {
            "direction": "asc", "sort": "number", "with_upcoming": "true", "blocked": "true",
            "with_paging": "true",
        }  # fmt: skip
        raws = self._pages(path, wanted, f"there is no container {container_id}")
        read = _each(reading.video, f"a video of {container_id}")
        return list(_distinct(map(read, raws), lambda one: one.id))

    def close(self) -> None:
        self._site.close()
        self._api.close()

    def _of_site(
        self, path: str, params: dict[str, str | int], read: Callable[[bytes, str], T]
    ) -> T:
        """What the site tells to our cookies."""
        login = self._login
        if not login.has_session:
            raise NotAuthorised(NAME, NO_SESSION)
        if self._session_over:
            raise NotAuthorised(NAME, SESSION_OVER)
        headers = {"Cookie": login.cookies, "Accept": "application/json"}
        response = self._site.get(path, params=params, headers=headers, accept=EXPLAINED)
        if response.status_code != 200:
            raise failure(response, path, f"{path} is not there", self._session_ended)
        found = read(response.content, path)
        if found is not None:
            self._take_renewed(response)
        return found

    def _take_renewed(self, response: requests.Response) -> None:
        given = {
            COOKIES[each.name]: each.value for each in response.cookies if each.name in COOKIES
        }
        renewed = {name: value for name, value in given.items() if SENDABLE.fullmatch(value or "")}
        if renewed:
            self._login = msgspec.structs.replace(self._login, **renewed)

    def _session_ended(self) -> NotAuthorised:
        self._session_over = True
        return NotAuthorised(NAME, SESSION_OVER)

    def _list_refused(self) -> NotAuthorised:
        self._list_closed = True
        return NotAuthorised(NAME, LIST_CLOSED)

    def _of_user(self, what: str, params: dict[str, str | int]) -> Iterator[Raw]:
        login = self._login
        if not (login.token and login.user_id):
            raise NotAuthorised(NAME, LIST_UNASKED)
        if self._list_closed:
            raise NotAuthorised(NAME, LIST_CLOSED)
        path = f"/users/{_safe(login.user_id)}/{what}.json"
        return self._pages(path, params | {"token": login.token}, f"{path} is not there")

    def _of_api(self, path: str, params: dict[str, str | int], gone: str) -> bytes:
        params = params | {"app": self._app_id}
        response = self._api.get(path, params=params, accept=EXPLAINED)
        if response.status_code == 200:
            return response.content
        signed_out = self._list_refused if "token" in params else lambda: closed(path)
        raise app_refused(response, self._app_id) or failure(response, path, gone, signed_out)

    def _pages(self, path: str, params: dict[str, str | int], gone: str) -> Iterator[Raw]:
        """Every element of a list. Where an answer does not say whether there is more, the list
        ends with a page that has nothing new."""
        known = set[bytes]()
        for number in range(1, MOST_PAGES + 1):
            wanted = params | {"page": number, "per_page": PER_PAGE}
            page = reading.read(self._of_api(path, wanted, gone), reading.Page, path)
            fresh = [raw for raw in page.response if bytes(raw) not in known]
            known.update(map(bytes, fresh))
            yield from fresh
            if page.more is False or (page.more is None and not fresh):
                return
            if not fresh:
                message = f"{path} says that there is more, but page {number} has nothing new"
                raise BadAnswer(NAME, message)
        raise BadAnswer(NAME, f"{path} did not end after {MOST_PAGES} pages")


def _safe(id_: str) -> str:
    """An id as a part of a path. Raises NotFound: it cannot be one."""
    if not re.fullmatch("[A-Za-z0-9_-]{1,64}", id_):
        raise NotFound(NAME, f'"{id_[:64]}" is no id of Viki')
    return id_


def _each(read: Callable[[Raw, str], T], what: str) -> Callable[[Raw], T]:
    return lambda raw: read(raw, what)


def _distinct(found: Iterator[T], key: Callable[[T], str]) -> Iterator[T]:
    """The first of each, for a list may move while it is read."""
    known = set[str]()
    for one in found:
        if key(one) not in known:
            known.add(key(one))
            yield one
