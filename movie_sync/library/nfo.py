"""What an NFO tells: the XML that Kodi, Jellyfin and their helpers put beside a film, and the texts
of release groups that hold no more than a link.

Such files come from anywhere, so a document type, and with it every entity, is dropped, and no
fault of theirs is an error: what can be read is told, and the rest is not. Several episodes of
one file are several roots in one NFO, which no XML may have.
Source: https://kodi.wiki/view/NFO_files and the files that Kodi 21 and Jellyfin 10.10 write.
"""

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from msgspec import structs

from movie_sync.library_models import Kind, Teller, Told

LARGEST_BYTES = 2_000_000  # tools list every actor with a picture, and still stay below a tenth
MOST_ROOTS = 60  # episodes in one file
LONGEST_TEXT = 5000
LONGEST_NAME = 300
MOST_WORDS = 20

_ROOT = re.compile(r"<(movie|tvshow|episodedetails)(?=[\s/>])[^<>]{0,1000}>", re.IGNORECASE)
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)")
_NAMED = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)[A-Za-z]{2,31};")
# Others than the work itself have names and ids in it too.
_OTHERS = re.compile(
    r"<(actor|set|fileinfo|ratings|director|credits|art|fanart)(?=[\s>])[^<>]{0,1000}>",
    re.IGNORECASE,
)
_FLAT = re.compile(r"<(\w{1,30})\b([^<>]{0,300})>([^<]{0,20000})</\1\s*>")
_TYPE = re.compile(r"""\btype\s*=\s*["'](\w{1,30})["']""")

_IMDB = re.compile(r"tt\d{7,9}")
_NUMBER = re.compile(r"[1-9]\d{0,8}")
_ID_TAGS = {
    "imdbid": "imdb", "imdb_id": "imdb", "imdb": "imdb", "tmdbid": "tmdb", "tmdb": "tmdb",
    "tvdbid": "tvdb", "tvdb": "tvdb", "tvmazeid": "tvmaze",
}  # fmt: skip
_ID_TYPES = {
    "imdb": "imdb", "tmdb": "tmdb", "themoviedb": "tmdb", "moviedb": "tmdb", "tvdb": "tvdb",
    "thetvdb": "tvdb", "tvmaze": "tvmaze", "trakt": "trakt",
}  # fmt: skip
_SITES = {
    "imdb": "imdb.com", "tmdb": "themoviedb.org", "tvdb": "thetvdb.com", "tvmaze": "tvmaze.com",
}  # fmt: skip
_LINKS = (
    ("imdb", None, re.compile(r"imdb\.com/(?:[a-z]{2}/)?title[/?](tt\d{7,9})(?!\d)", re.I)),
    ("tmdb", Kind.FILM, re.compile(r"themoviedb\.org/movie/(\d{1,9})(?!\d)", re.I)),
    ("tmdb", Kind.SHOW, re.compile(r"themoviedb\.org/tv/(\d{1,9})(?!\d)", re.I)),
    ("tvdb", Kind.SHOW, re.compile(r"thetvdb\.com/\S{0,80}?[?&](?:series)?id=(\d{1,9})\b", re.I)),
    ("tvdb", Kind.SHOW, re.compile(r"thetvdb\.com/dereferrer/series/(\d{1,9})(?!\d)", re.I)),
    ("tvdb", Kind.FILM, re.compile(r"thetvdb\.com/dereferrer/movie/(\d{1,9})(?!\d)", re.I)),
    ("tvmaze", Kind.SHOW, re.compile(r"tvmaze\.com/shows/(\d{1,9})(?!\d)", re.I)),
)  # fmt: skip


class _Said:
    """The tags of one root by name, in order, without those that are of others."""

    def __init__(self, tags: Iterable[tuple[str, str | None, str]]) -> None:
        self.tags: dict[str, list[tuple[str | None, str]]] = {}
        for name, kind, text in tags:
            if text := text.strip():
                self.tags.setdefault(name.lower(), []).append((kind, text))

    def all(self, *names: str) -> tuple[str, ...]:
        found = (" ".join(text.split()) for name in names for _, text in self.tags.get(name, ()))
        return tuple(dict.fromkeys(text[:LONGEST_NAME] for text in found))[:MOST_WORDS]

    def first(self, *names: str) -> str | None:
        return next(iter(self.all(*names)), None)

    def number(self, *names: str) -> int | None:
        """Not less than none: -1 stands for "not said"."""
        text = self.first(*names)
        return int(text) if text and re.fullmatch(r"\d{1,5}", text, re.ASCII) else None

    def day(self, *names: str) -> date | None:
        for text in self.all(*names):
            try:
                return date.fromisoformat(text[:10])
            except ValueError:
                continue
        return None

    def ids(self, number_is: str | None = None) -> dict[str, str]:
        """By provider; the bare number in `id` is `number_is`'s."""
        found: dict[str, str] = {}
        for kind, text in self.tags.get("uniqueid", ()):
            _put(found, _ID_TYPES.get((kind or "").lower()), text)
        for name, provider in _ID_TAGS.items():
            for _, text in self.tags.get(name, ()):
                _put(found, provider, text)
        for kind, text in self.tags.get("id", ()):
            said = _ID_TYPES.get((kind or "").lower())
            _put(found, said or ("imdb" if text.startswith("tt") else number_is), text)
        return found


def read(data: bytes) -> tuple[Told, ...]:
    """What it tells of the file or the show that it lies beside; empty where it tells nothing."""
    text = _text(data[:LARGEST_BYTES])
    roots = [_said(name, text[a:b]) for name, a, b in islice(_blocks(text, _ROOT), MOST_ROOTS)]
    linked = _linked(text)
    for name, of in (("movie", _film_of), ("episodedetails", _episodes), ("tvshow", _show_of)):
        if held := [said for root, said in roots if root == name]:
            return tuple(told for told in (_with_link(of(held), linked),) if _tells(told))
    return (linked,) if linked else ()


def _tells(told: Told) -> bool:
    return told != Told(by=told.by, kind=told.kind)


def _with_link(told: Told, linked: Told | None) -> Told:
    """With the id of a link behind the XML, where the XML has none.

    A link in an episode's may be to the episode itself, unless it says that it is to a show.
    """
    if linked is None or told.ids or linked.kind not in (None, told.kind):
        return told
    if told.kind is Kind.SHOW and linked.kind is None:
        return told
    return structs.replace(told, ids=linked.ids)


def _text(data: bytes) -> str:
    text = _decoded(data)
    return _NOT_IN_XML.sub("", text)


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Some hold rubbish behind the XML, which is no reason to take accents for something else.
        kept = data.decode("utf-8-sig", errors="replace")
        rubbish = kept.count("\ufffd", 0, kept.rfind("</") + 1)
        return data.decode("cp1252", errors="replace") if rubbish else kept


def _blocks(text: str, opening: re.Pattern[str]) -> Iterator[tuple[str, int, int]]:
    """The name of each element, and where what is in it begins and ends; linear in the text."""
    at, unclosed = 0, set[str]()
    while found := opening.search(text, at):
        name, at = found[1].lower(), found.end()
        if name not in unclosed:
            end = re.compile(rf"</{name}\s{{0,9}}>", re.IGNORECASE).search(text, at)
            if end:
                yield name, at, end.start()
                at = end.end()
            else:
                unclosed.add(name)


def _said(name: str, inner: str) -> tuple[str, _Said]:
    own = _without_others(inner)
    try:
        whole = _AMPERSAND.sub("&amp;", _NAMED.sub(_character, own))
        element = fromstring(f"<{name}>{whole}</{name}>", forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError):
        return name, _Said(_loosely(own))
    return name, _Said(_children(element))


def _without_others(inner: str) -> str:
    kept, at = [], 0
    for name, start, end in _blocks(inner, _OTHERS):
        kept.append(inner[at:start] + f"</{name}>")
        at = inner.index(">", end) + 1
    return "".join([*kept, inner[at:]])


def _character(named: re.Match[str]) -> str:
    """ "&eacute;" is HTML's, and no XML's."""
    return html.escape(html.unescape(named[0]), quote=False)


def _children(element: Element) -> Iterator[tuple[str, str | None, str]]:
    for child in element:
        if not len(child):
            yield child.tag, child.get("type"), child.text or ""


def _loosely(inner: str) -> Iterator[tuple[str, str | None, str]]:
    """Of what is not well formed, what stands between two tags of one name."""
    for tag in _FLAT.finditer(inner):
        kind = _TYPE.search(tag[2])
        yield tag[1], kind and kind[1], html.unescape(tag[3])


def _film_of(roots: Sequence[_Said]) -> Told:
    said = roots[0]
    film = Told(
        by=Teller.NFO,
        kind=Kind.FILM,
        titles=said.all("title", "originaltitle"),
        year=_year(said, "premiered", "releasedate"),
        ids=said.ids(),
        edition=said.first("edition"),
    )
    return _described(film, said)


def _show_of(roots: Sequence[_Said]) -> Told:
    said = roots[0]
    show = Told(
        by=Teller.NFO,
        kind=Kind.SHOW,
        titles=said.all("title", "originaltitle", "showtitle"),
        year=_year(said, "premiered"),
        ids=said.ids("tvdb"),
    )
    return _described(show, said)


def _episodes(roots: Sequence[_Said]) -> Told:
    """Of all the episodes of one season that the file holds."""
    first = roots[0]
    season = first.number("season")
    held = [root for root in roots if root.number("season") == season]
    numbers = [number for root in held if (number := root.number("episode")) is not None]
    episodes = Told(
        by=Teller.NFO,
        kind=Kind.SHOW,
        titles=first.all("showtitle"),
        season=season,
        episodes=tuple(dict.fromkeys(numbers)),
        aired_on=first.day("aired", "premiered"),
        episode_title=first.first("title"),
        episode_ids=first.ids("tvdb"),
    )
    return _described(episodes, first)


def _described(told: Told, said: _Said) -> Told:
    plots = said.tags.get("plot") or said.tags.get("outline")
    return structs.replace(
        told,
        overview=plots[0][1][:LONGEST_TEXT] if plots else None,
        runtime_min=said.number("runtime") or None,
        genres=said.all("genre"),
    )


def _year(said: _Said, *days: str) -> int | None:
    year = said.number("year")
    if year is None and (day := said.day(*days)):
        year = day.year
    return year if year and 1870 <= year <= 2100 else None


def _put(ids: dict[str, str], provider: str | None, text: str) -> None:
    text = text.strip()
    form = _IMDB if provider == "imdb" else _NUMBER
    if provider and form.fullmatch(text):
        ids.setdefault(provider, text)


def _linked(text: str) -> Told | None:
    """The links in it, where they are to one title only."""
    ids: dict[str, str] = {}
    kinds = set()
    low = text.lower()
    for provider, kind, link in _LINKS:
        if _SITES[provider] not in low:
            continue
        for found in set(link.findall(text)):
            if ids.setdefault(provider, found) != found:
                return None
            kinds.add(kind)
    kinds.discard(None)
    if not ids or len(kinds) > 1:
        return None
    return Told(by=Teller.NFO, kind=next(iter(kinds), None), ids=ids)
