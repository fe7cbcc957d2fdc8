"""Torznab: the indexers of Prowlarr and Jackett, and any other that speaks as they do.

Source: https://torznab.github.io/spec-1.3-draft/ and the Newznab API that it extends, and what
Prowlarr and Jackett answer as of 2026. The API key goes out in the query, for there is no other
way. Links to torrent files hold keys too, so they are kept in memory alone: a release is known by
the indexer's own id, or by a hash of it, and can be fetched until the program ends.

An answer counts only as a whole: a release without a title, or with a size that is no number,
raises BadAnswer. What no torrent client here can take, of Usenet or with a magnet link alone, is
left out and counted in a debug line.
"""

import logging
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from hashlib import sha256
from typing import TypeVar

from movie_sync import settings, torrents
from movie_sync.errors import BadAnswer, NotFound, Refused, ServiceError, Unavailable
from movie_sync.http import Http
from movie_sync.models import Film, Release
from movie_sync.services import torznab_xml
from movie_sync.services.title_queries import titles
from movie_sync.services.torznab_failures import EXPLAINED, Failures
from movie_sync.services.torznab_queries import (
    Query,
    by_id,
    by_title,
    category,
    offer,
    offers_titles,
)
from movie_sync.services.torznab_xml import Caps, Malformed, Page, Row

log = logging.getLogger(__name__)

TIMEOUT_S = (5.0, 60.0)  # for its `Http`: Prowlarr and Jackett ask slow trackers before they answer
CAPS_KEPT_S = 24 * 3600.0
MOST_PAGES = 5
MOST_LINKS = 5000

# Of theirs, what may stand in a queue file and be typed by a person.
_PLAIN_ID = re.compile(r"[A-Za-z0-9][\w.-]{0,39}", re.ASCII)
_PATH = re.compile(r"^/\S*?(?=:?\s|$)")  # what a sentence of `Http` begins with

T = TypeVar("T")


class Torznab:
    """An `Indexer`. Where calls are counted, its `Http` should have a budget and try once only.

    Args:
        name: what a person called it.
        http: of the address of its API as a whole.
        api_key: empty where it asks for none.
    """

    def __init__(
        self,
        name: str,
        http: Http,
        settings: settings.Torznab,
        api_key: str,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self._http, self._budget, self._clock = http, http.budget, clock
        self._key = api_key.strip()
        self._failures = Failures(name, self._key, http.budget)
        self._numbers = settings.categories
        self._caps: tuple[float, Caps] | None = None
        self._links: OrderedDict[str, str] = OrderedDict()
        self._lock = threading.Lock()

    def search(self, film: Film) -> list[Release]:
        """Releases by the film's ids where it can be asked so, else by its titles.

        Titles that a person gave the film are asked for in any case. What is found may be of
        another film.

        Raises:
            Refused: it can be asked for nothing that is known of this film.
        """
        caps = self._known_caps()
        ids, (usual, given) = list(by_id(film, caps)), titles(film, other_letters=True)
        if not offers_titles(caps):
            usual, given = [], []
        elif not (ids or usual or given):
            usual = [film.title]  # of signs alone; still, asked is asked
        if not (ids or usual or given):
            raise Refused(self.name, f"{film} cannot be asked for, as it {offer(caps)}")
        found: dict[str, Release] = {}
        for query in (*ids, *(by_title(title, film, caps) for title in usual)):
            if found := self._all_pages(caps, query):
                break
        for title in given:
            found |= self._all_pages(caps, by_title(title, film, caps))
        return list(found.values())

    def latest(self) -> list[Release]:
        caps = self._known_caps()
        return self._releases(self._newest(caps), caps)

    def fetch(self, release: Release) -> bytes:
        """The torrent file of a release that was found since the program began.

        Raises:
            NotFound: there is none, but perhaps a magnet link.
            Refused: it was found before; it must be searched for again, and is none the worse.
        """
        with self._lock:
            link = self._links.get(release.id)
        what = f"torrent {release.id}"
        if link is None:
            message = "its address was known while the program ran; find it again to fetch it"
            raise Refused(self.name, f"{what}: {message}")
        try:
            response = self._http.get(link, accept=EXPLAINED, login=self._failures.login)
        except ServiceError as error:
            raise self._without_link(error, what) from None
        self._failures.check(response, what, ours=False)
        if response.content.lstrip().startswith(b"<"):
            raise BadAnswer(self.name, f"{what} came back as a page, not as a torrent file")
        torrents.read(response.content, self.name)
        return response.content

    def check(self) -> str:
        """One sentence on what it can do and lists; takes two calls."""
        caps = self._ask_caps()
        page = self._newest(caps)
        asked = [category((number,), caps) or f"category {number}" for number in self._numbers]
        told = [
            f"{caps.title or 'it'} {offer(caps)}, in {', '.join(asked) or 'all categories'}",
            f"{len(self._releases(page, caps))} of its {len(page.rows)} newest have a torrent file",
        ]
        return "; ".join([*told, self._budget.sentence()] if self._budget else told)

    def _known_caps(self) -> Caps:
        kept = self._caps
        if kept and self._clock() - kept[0] < CAPS_KEPT_S:
            return kept[1]
        return self._ask_caps()

    def _ask_caps(self) -> Caps:
        caps = self._read(torznab_xml.caps, {"t": "caps"}, "its list of capabilities")
        self._caps = self._clock(), caps
        return caps

    def _newest(self, caps: Caps) -> Page:
        return self._page(caps, {"t": "movie" if caps.search is None else "search"})

    def _all_pages(self, caps: Caps, query: Query) -> dict[str, Release]:
        """Page by page, for as long as each brings something new."""
        found: dict[str, Release] = {}
        seen: set[str] = set()
        listed = 0
        for _ in range(MOST_PAGES):
            page = self._page(caps, query | ({"offset": listed} if listed else {}))
            new = {row.guid for row in page.rows} - seen
            found |= {one.id: one for one in self._releases(page, caps)}
            seen |= new
            listed += len(page.rows)
            more = len(page.rows) >= caps.page_size if page.total is None else listed < page.total
            if not (new and more):
                break
        return found

    def _page(self, caps: Caps, query: Query) -> Page:
        asked: Query = {"cat": ",".join(map(str, self._numbers))} if self._numbers else {}
        asked |= query | {"limit": caps.page_size, "extended": 1}
        try:
            return self._read(torznab_xml.page, asked, "its answer to a search")
        except Refused:
            self._caps = None  # it may have come to offer less
            raise

    def _releases(self, page: Page, caps: Caps) -> list[Release]:
        """Those with a torrent file, whose links are kept to fetch them."""
        taken = [(self._release(row, caps), row.link) for row in page.rows if row.link]
        if left_out := len(page.rows) - len(taken):
            usenet = sum(row.usenet for row in page.rows)
            message = "%s: %d of %d releases left out: %d of Usenet, %d without a torrent file"
            listed, others = len(page.rows), left_out - usenet
            log.debug(message, self.name, left_out, listed, usenet, others)
        with self._lock:
            for release, link in taken:
                self._links[release.id] = link
                self._links.move_to_end(release.id)
            while len(self._links) > MOST_LINKS:
                self._links.popitem(last=False)
        return [release for release, _ in taken]

    def _release(self, row: Row, caps: Caps) -> Release:
        return Release(
            indexer=self.name,
            id=self._id(row),
            name=row.title,
            size_bytes=row.size_bytes,
            seeders=row.seeders,
            leechers=row.leechers,
            imdb_id=row.imdb_id,
            tmdb_id=row.tmdb_id,
            category=category(row.categories, caps),
            freeleech=row.download_factor == 0 or "freeleech" in row.tags,
            halfleech=row.download_factor == 0.5,
            doubleup=row.upload_factor == 2,
            internal="internal" in row.tags,
            uploaded_at=row.uploaded_at,
        )

    def _id(self, row: Row) -> str:
        """Its own id, unless that is an address: those may hold keys, and one may stand for the
        page of several releases."""
        if _PLAIN_ID.fullmatch(row.guid) and row.guid != self._key:
            return row.guid
        return sha256(f"{row.guid}\0{row.title}".encode()).hexdigest()[:16]

    def _read(self, read: Callable[[bytes], T], query: Query, what: str) -> T:
        keyed = query | ({"apikey": self._key} if self._key else {})
        response = self._http.get("", params=keyed, accept=EXPLAINED, login=self._failures.login)
        self._failures.check(response, what, ours=True)
        try:
            return read(response.content)
        except Malformed as error:
            raise BadAnswer(self.name, f"{what} {error}; none of it was used") from error

    def _without_link(self, error: ServiceError, what: str) -> ServiceError:
        """The same error, naming the torrent in place of an address that may hold a key."""
        message = _PATH.sub(what, error.message)
        if isinstance(error, Unavailable):
            return Unavailable(self.name, message, error.retry_after_s)
        if isinstance(error, Refused) and "(magnet://" in message:
            return NotFound(self.name, f"{what} is a magnet link, and a torrent file is needed")
        return type(error)(self.name, message)
