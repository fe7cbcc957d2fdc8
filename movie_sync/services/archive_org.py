"""The Internet Archive: films whose copyright has ended, by the torrents that it makes itself.

Source: https://archive.org/advancedsearch.php, https://archive.org/developers/md-read.html and
https://help.archive.org/help/archive-bittorrents/, as of 2026. Needs no login; asks for calm with
429. Under load its search finds less than there is, and does not say so.

Every file of it can be had over HTTP too, and its torrents name that address (BEP 19): a release
always has one who gives, be there no peer at all. What counts as free says `archive_items.py`.
"""

import posixpath
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

import msgspec
from msgspec import Struct

from movie_sync import releases, titles, torrents
from movie_sync.errors import BadAnswer, Blocked, NotAuthorised, NotFound, Refused
from movie_sync.http import Http
from movie_sync.models import Film, Release
from movie_sync.services.archive_items import CURATED, File, Found, Item, is_free, title_and_year

NAME = "archive_org"
ROWS = 50
MOST_TITLES = 8  # of a film, in one question
MOST_LOOKED_INTO = 8  # items for one film; each is a call
LONGEST_COMPLAINT = 100
GIVERS = 1  # its own servers

FIELDS = "identifier,title,year,date,licenseurl,collection,item_size,publicdate"
FREE_FILMS = (
    f"mediatype:movies AND (licenseurl:*publicdomain* OR collection:({' OR '.join(CURATED)}))"
    ' AND format:"Archive BitTorrent" AND NOT access-restricted-item:true'
    " AND NOT collection:(stream_only OR inlibrary)"
)

T = TypeVar("T")


class Page(Struct, frozen=True):
    docs: list[Found]
    found: int = msgspec.field(default=0, name="numFound")  # on all pages


class Answer(Struct, frozen=True):
    response: Page


class ArchiveOrg:
    """An `Indexer` that needs no account."""

    name = NAME

    def __init__(self, http: Http) -> None:
        self._http = http
        self._site = urlsplit(http.base_url)

    def search(self, film: Film) -> list[Release]:
        """Items that bear a title of the film. Those that may be the film are looked into; of
        others the picture is not told, and the size is that of all their files."""
        looked_into, others = list[Release](), list[Release]()
        calls = 0
        for found in self._find(_query(film), "downloads desc").docs:
            release = _release(found, film)
            if release is None:
                continue
            if calls == MOST_LOOKED_INTO or not _may_be(film, release):
                others.append(release)
                continue
            calls += 1
            looked_into += self._look_into(release)
        return looked_into + others

    def latest(self) -> list[Release]:
        """By name, and size of all files; none of them is looked into."""
        newest = self._find(FREE_FILMS, "publicdate desc").docs
        return [release for found in newest if (release := _release(found))]

    def fetch(self, release: Release) -> bytes:
        """The torrent of an item, with a note that the film alone is wanted: what else is in an
        item changes often, and could never be loaded then. It also gets the address where the item
        lies now, for items move.

        Raises:
            Refused: it is older than the film in the item, or is kept from visitors.
        """
        item = self._item(release.id)
        items, file = self._items_at(item), f"{release.id}/{release.id}_archive.torrent"
        try:
            torrent = self._http.get(f"{items}{quote(file)}").content
        except NotAuthorised as error:
            raise Refused(NAME, f"the torrent of {release.id} is kept from visitors") from error
        contents = torrents.read(torrent, NAME)
        if item.film is None:
            return torrent
        film, *others = (_within(contents.name, each) for each in item.wanted)
        if film not in contents.files:
            raise Refused(NAME, f"the torrent of {release.id} is older than its film")
        wanted = [path for path, _ in {film, *others} & {*contents.files}]
        return torrents.narrowed(torrent, wanted, [items], NAME)

    def check(self) -> str:
        count = self._find(FREE_FILMS, "publicdate desc", rows=1).found
        return f"answers without a login; items with films to be taken: {count}"

    def _find(self, query: str, sort: str, rows: int = ROWS) -> Page:
        path, wanted = "/advancedsearch.php", {"fl[]": FIELDS, "sort[]": sort, "output": "json"}
        answer = self._ask(path, q=query, rows=rows, page=1, **wanted)
        if isinstance(answer, dict) and "error" in answer:  # which comes with 200
            complaint = str(answer["error"])[:LONGEST_COMPLAINT]
            raise BadAnswer(NAME, f"the search failed there: {complaint}")
        return _read(answer, Answer, path).response

    def _item(self, identifier: str) -> Item:
        path = f"/metadata/{quote(identifier, safe='')}"
        answer = self._ask(path)
        if answer in ({}, []):  # its 404
            raise NotFound(NAME, f"there is no item {identifier}")
        if isinstance(answer, dict) and answer.get("is_dark"):
            raise NotFound(NAME, f"{identifier} was taken down")
        return _read(answer, Item, path)

    def _ask(self, path: str, **params: str | int) -> Any:
        try:
            return self._http.get_json(path, **params)
        except NotAuthorised as error:
            message = f"{path} is closed to this address, though it needs no login"
            raise Blocked(NAME, message) from error

    def _look_into(self, release: Release) -> list[Release]:
        """The release as it is by the film in the item; none where that cannot be had."""
        try:
            item = self._item(release.id)
        except NotFound:  # gone since it was listed
            return []
        film = None if item.restricted else item.film
        if film is None:
            return []
        name = f"{release.name} {film.lines}p" if film.lines else release.name
        return [msgspec.structs.replace(release, name=name, size_bytes=film.size_bytes)]

    def _items_at(self, item: Item) -> str:
        """The address below which the folder of an item lies."""
        server = urlsplit(f"//{item.server}").netloc
        if not f".{server}".endswith(f".{self._site.netloc}"):
            raise BadAnswer(NAME, f"its items are said to lie on another site, {server}")
        return f"{self._site.scheme}://{server}{quote(posixpath.dirname(item.dir))}/"


def _query(film: Film) -> str:
    """In the Archive's own words (Lucene's). Many items bear no year, or that of their upload."""
    named = " OR ".join(f"title:{_phrase(title)}" for title in film.titles[:MOST_TITLES])
    query = f"{FREE_FILMS} AND ({named})"
    if film.year is None:
        return query
    first, last = film.year - 1, film.year + 1
    said = f"title:({first} OR {film.year} OR {last})"
    return f"{query} AND (year:[{first} TO {last}] OR {said} OR (*:* AND NOT year:*))"


def _phrase(title: str) -> str:
    escaped = title.replace("\\", r"\\").replace('"', r"\"")
    return f'"{escaped}"'


def _release(found: Found, film: Film | None = None) -> Release | None:
    """As the search tells it; None where it is not free to be taken."""
    title, year = title_and_year(found, film)
    if not is_free(found, year):
        return None
    return Release(
        indexer=NAME,
        id=found.identifier,
        name=f"{title} ({year})" if year else title,
        size_bytes=found.size_bytes,
        seeders=GIVERS,
        freeleech=True,
        uploaded_at=found.uploaded_at,
    )


def _may_be(film: Film, release: Release) -> bool:
    """Whether it is worth a call: title and year are looked at again by who decides."""
    name = releases.read(release.name)
    return not (titles.other_title(film, name.titles) or titles.other_year(film, name.year))


def _within(name: str, file: File) -> tuple[str, int]:
    """As a torrent lists it."""
    return f"{name}/{file.name}", file.size_bytes


def _read(answer: Any, form: type[T], path: str) -> T:
    try:
        return msgspec.convert(answer, form)
    except msgspec.ValidationError as error:
        message = f"{path} has an unknown form, and none of it was used: {error}"
        raise BadAnswer(NAME, message) from error
