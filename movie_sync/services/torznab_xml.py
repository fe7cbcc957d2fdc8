"""Torznab's XML as plain values: what an indexer can do, what it lists, what it complains of.

It comes from outside and passes through other people's programs, so a document type, and with it
every entity, is refused. Elements are known by their names alone: Torznab and Newznab give the
same ones in namespaces of their own.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from msgspec import Struct

PAGE_SIZE = 100  # where it does not say
LARGEST_PAGE = 500
LONGEST_TITLE = 60
USENET = "nzb"

_ENCODING = re.compile(rb"""\s*<\?xml[^>]*\bencoding=["']([^"']+)""")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_WEB_PAGE = re.compile(rb"\s*<(!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_WEB_LINK = re.compile(r"https?://\S+")
_IMDB_ID = re.compile(r"(?:tt)?0*([1-9][0-9]*)")


class Malformed(Exception):
    """What came is not of the form it should have; the message goes on after "it"."""


class Complaint(Struct, frozen=True):
    """An error that is told in XML. Its number is Newznab's, or one of HTTP's."""

    code: int
    words: str


class Caps(Struct, frozen=True):
    """What an indexer can do."""

    title: str
    search: frozenset[str] | None  # what a search by words may hold; None: there is none
    movie: frozenset[str] | None  # the same of a search for films
    categories: dict[int, str]
    page_size: int  # most rows in one answer


class Row(Struct, frozen=True):
    """A release as it is listed."""

    title: str
    guid: str  # may hold a key, as may the link
    link: str  # of its torrent file; empty where there is none
    usenet: bool
    size_bytes: int  # 0: not said
    seeders: int
    leechers: int
    imdb_id: str | None
    tmdb_id: int | None
    categories: tuple[int, ...]
    download_factor: float  # how much of it counts against the ratio
    upload_factor: float
    tags: frozenset[str]
    uploaded_at: datetime | None


class Page(Struct, frozen=True):
    """One answer to a search."""

    rows: list[Row]
    total: int | None  # of all pages, where it is said


def complaint(data: bytes) -> Complaint | None:
    """The error that an answer is, if it is one."""
    if b"<error" not in data:
        return None
    try:
        error = next((one for one in _root(data).iter() if _name(one) == "error"), None)
    except Malformed:
        return None
    if error is None:
        return None
    code = re.match(r"\s*(\d{1,4})\s*$", error.get("code", ""))
    return Complaint(int(code[1]) if code else 900, error.get("description", "").strip())


def caps(data: bytes) -> Caps:
    """Raises Malformed."""
    root = _root(data)
    if _name(root) != "caps":
        raise Malformed(f"is XML, but begins with <{_name(root)}>, not with <caps>")
    found = {_name(one): one for one in root}
    searching = {_name(one): one for one in found.get("searching", ())}
    limits, server = found.get("limits", Element("")), found.get("server", Element(""))
    size = _number(limits.get("max") or limits.get("default") or "", PAGE_SIZE)
    return Caps(
        " ".join(server.get("title", "").split())[:LONGEST_TITLE],
        _parameters(searching.get("search")),
        _parameters(searching.get("movie-search")),
        dict(_categories(found.get("categories", Element("")))),
        min(size, LARGEST_PAGE) if size > 0 else PAGE_SIZE,
    )


def page(data: bytes) -> Page:
    """Raises Malformed: it is no list of releases, or one of them has no title or no true number;
    none is then to be used, for what else is missing cannot be told."""
    root = _root(data)
    channel = next((one for one in root if _name(one) == "channel"), None)
    if channel is None:
        raise Malformed(f"is XML, but begins with <{_name(root)}>, not with <rss> and <channel>")
    items = [one for one in channel if _name(one) == "item"]
    response = next((one for one in channel if _name(one) == "response"), Element(""))
    total = _number(response.get("total", ""), -1)
    rows = [_row(item, number) for number, item in enumerate(items, 1)]
    return Page(rows, total if total >= 0 else None)


def _root(data: bytes) -> Element:
    if _WEB_PAGE.match(data):
        raise Malformed("is a web page, not XML")
    try:
        root: Element = fromstring(_text(data), forbid_dtd=True)
    except DefusedXmlException as error:
        raise Malformed("declares a document type, which is refused") from error
    except ParseError as error:
        raise Malformed(f"is no sound XML in line {error.position[0]}") from error
    except (ValueError, LookupError) as error:
        raise Malformed("is in an encoding that is not known") from error
    return root


def _text(data: bytes) -> str | bytes:
    """Without the stray bytes of names typed by people, where it is in UTF-8."""
    declared = _ENCODING.match(data)
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data
    if declared and declared[1].lower() not in (b"utf-8", b"utf8"):
        return data
    return _NOT_IN_XML.sub("", data.decode("utf-8-sig", "replace"))


def _parameters(mode: Element | None) -> frozenset[str] | None:
    if mode is None or mode.get("available", "yes").lower() != "yes":
        return None
    named = mode.get("supportedParams", "q").lower().split(",")
    return frozenset(word.strip() for word in named if word.strip())


def _categories(categories: Element) -> Iterator[tuple[int, str]]:
    """Each number with its name, as "Movies/HD" also where a part says "HD" alone."""
    for category in categories:
        name = category.get("name", "").strip()
        yield _number(category.get("id", ""), 0), name
        for part in category:
            own = part.get("name", "").strip()
            whole = own if "/" in own or not name else f"{name}/{own}"
            yield _number(part.get("id", ""), 0), whole


def _row(item: Element, number: int) -> Row:
    named: dict[str, list[str]] = {}
    for one in item:
        if _name(one) == "attr":
            named.setdefault(one.get("name", "").lower(), []).append(one.get("value", "").strip())
    attributes = {name: values[0] for name, values in named.items()}
    texts = {_name(one): (one.text or "").strip() for one in reversed(item)}
    enclosures = [one for one in item if _name(one) == "enclosure"]
    title = " ".join(texts.get("title", "").split())
    if not title:
        raise Malformed(f"has a release without a title, number {number}")
    link, usenet = _link(enclosures, texts.get("link", ""), attributes.get("magneturl"))
    lengths = [one.get("length", "") for one in enclosures]
    sizes = (attributes.get("size", ""), texts.get("size", ""), *lengths)
    seeders = _count(attributes.get("seeders", ""), "seeders", title)
    return Row(
        title,
        texts.get("guid", "") or attributes.get("infohash", "") or link,
        link,
        usenet,
        max(_count(size, "size", title) or 0 for size in sizes),
        # Who reads the pages of trackers writes 1 where a page tells none.
        1 if seeders is None else seeders,
        _leechers(attributes, seeders or 0, title),
        _imdb_id(attributes.get("imdbid") or attributes.get("imdb") or ""),
        _number(attributes.get("tmdbid") or attributes.get("tmdb") or "", 0) or None,
        tuple(_number(value, 0) for value in named.get("category", ())),
        _factor(attributes.get("downloadvolumefactor", "")),
        _factor(attributes.get("uploadvolumefactor", "")),
        frozenset(value.lower() for value in named.get("tag", ())),
        _time(texts.get("pubDate", "")),
    )


def _link(enclosures: list[Element], link: str, magnet: str | None) -> tuple[str, bool]:
    """Where its torrent file is, and whether it is one of Usenet.

    Prowlarr hides a magnet behind an address of its own; it then gives the same one as magnet.
    """
    for enclosure in enclosures:
        kind, address = enclosure.get("type", "").lower(), enclosure.get("url", "").strip()
        if USENET in kind:
            return "", True
        if _WEB_LINK.fullmatch(address) and address != magnet:
            return address, False
    if _WEB_LINK.fullmatch(link) and link != magnet:
        return link, False
    return "", False


def _leechers(attributes: dict[str, str], seeders: int, title: str) -> int:
    """Said outright, or as the peers, among whom the seeders are."""
    leechers = _count(attributes.get("leechers", ""), "leechers", title)
    if leechers is not None:
        return leechers
    return max(0, (_count(attributes.get("peers", ""), "peers", title) or 0) - seeders)


def _count(text: str, what: str, title: str) -> int | None:
    """A number that matters; None where there is none."""
    if not text:
        return None
    if not re.fullmatch(r"-?\d{1,18}(\.\d+)?", text, re.ASCII):
        raise Malformed(f'has a release whose {what} is "{text[:20]}", no number: {title[:80]}')
    return max(0, int(text.partition(".")[0]))


def _number(text: str, otherwise: int) -> int:
    return int(text) if re.fullmatch(r"\s*\d{1,18}\s*", text, re.ASCII) else otherwise


def _factor(text: str) -> float:
    return float(text) if re.fullmatch(r"\d{1,4}(\.\d+)?", text, re.ASCII) else 1.0


def _imdb_id(text: str) -> str | None:
    found = _IMDB_ID.fullmatch(text)
    return f"tt{found[1]:0>7}" if found else None


def _time(text: str) -> datetime | None:
    try:
        time = parsedate_to_datetime(text)
        return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]
