"""RSS and Atom: the entries of a feed, as plain values.

A feed comes from outside, so a document type, and with it every entity, is refused.
Letterboxd's own elements are known: filmTitle and filmYear, TMDB's movieId and tvId, and of a
diary's entry its id, watchedDate, memberRating and rewatch.
"""

import re
from collections.abc import Iterator
from xml.parsers import expat

from movie_sync.services.entries import Entry, Malformed

LONGEST_TEXT = 10_000  # of one element; what comes behind is passed over

_ROOTS = {"rss", "feed", "RDF"}
_ITEMS = {"item", "entry"}
_TITLE_COMMA_YEAR = re.compile(r"(.+), (\d{4})(?: - .*)?")  # "Film, 2002 - ★★★★"
_PLAIN = ("title", "link", "guid", "id")
# Element by its namespace, less the scheme, to what `entries` calls it.
_NAMED = {
    "letterboxd.com filmTitle": "film title",
    "letterboxd.com filmYear": "film year",
    "themoviedb.org movieId": "tmdb id",
    "themoviedb.org tvId": "tv id",
    "letterboxd.com watchedDate": "diary day",
    "letterboxd.com memberRating": "diary stars",
    "letterboxd.com rewatch": "diary again",
}
_ATOM = "www.w3.org/2005/Atom"


def read_feed(text: str) -> Iterator[Entry]:
    """Raises Malformed: it is broken, declares a document type, or is no feed."""
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True  # else each line is a call of its own
    parser.StartDoctypeDeclHandler = reader.doctype
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        raise Malformed(f"line {error.lineno} is no sound XML") from error
    for number, item in enumerate(reader.items, 1):
        if values := _values(item):
            place = f"item {number}"
            known = values.keys() & {"film year", "tmdb id", "year", "imdb"}
            yield Entry(place, values, "" if known else "names no year and no id")


class _Reader:
    def __init__(self) -> None:
        self.items: list[dict[str, str]] = []
        self._depth = 0
        self._field = ""  # the item's child that is being read
        self._item: dict[str, str] | None = None
        self._item_depth = 0

    def doctype(self, *_: object) -> None:
        raise Malformed("it declares a document type, which is refused")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        local = name.rpartition(" ")[2]
        if self._depth == 1 and local not in _ROOTS:
            raise Malformed(f"it is XML, but <{local}> begins no feed")
        if self._item is None and local in _ITEMS:
            self._item, self._item_depth = {}, self._depth
        elif self._item is not None and self._depth == self._item_depth + 1:
            self._field = _short(name)
            if self._field == "link" and "href" in attributes:
                self._item.setdefault("link", attributes["href"])

    def text(self, data: str) -> None:
        if self._item is not None and self._field:
            before = self._item.get(self._field, "")
            self._item[self._field] = before + data[: LONGEST_TEXT - len(before)]

    def end(self, _name: str) -> None:
        if self._item is not None and self._depth == self._item_depth:
            self.items.append(self._item)
            self._item = None
        if self._item is not None and self._depth == self._item_depth + 1:
            self._field = ""
        self._depth -= 1


def _short(name: str) -> str:
    space, _, local = name.rpartition(" ")
    home = space.partition("://")[2].rstrip("/")
    if local in _PLAIN and home in {"", _ATOM, "purl.org/rss/1.0"}:
        return local
    return f"{home} {local}"


def _values(item: dict[str, str]) -> dict[str, str]:
    """An item in the words of `entries`; empty for what is no film, as a list or a series."""
    named = {ours: item[theirs].strip() for theirs, ours in _NAMED.items() if item.get(theirs)}
    addresses = [item.get(name, "").strip() for name in ("link", "guid", "id")]
    if named.get("tv id") or any(text.startswith("letterboxd-list-") for text in addresses):
        return {}
    imdb = next((text for text in addresses if re.search(r"imdb\.com/title/tt\d", text)), "")
    title = item.get("title", "").strip()
    if "film title" not in named and (found := _TITLE_COMMA_YEAR.fullmatch(title)):
        named |= {"title": found[1], "year": found[2]}
    elif found := re.fullmatch(r"(.+?)\s*\((\d{4})\)", title):
        named = {"title": found[1], "year": found[2]} | named
    known = {"title": title, "link": addresses[0]} | named
    if "diary day" in named and addresses[1]:
        known["diary id"] = addresses[1]
    return known | ({"imdb": imdb} if imdb else {})
