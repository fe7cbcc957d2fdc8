"""Reads a release name: which film it may be, of which year, and of what quality.

Pure, and linear in the length of the name. It gives candidates for the title instead of one,
best first, because "The Darjeeling Limited" and "Taken Limited" can be told apart only by who
knows the film; `titles.py` does that. What a name does not say is None, never guessed;
`likely_resolution` is the one guess, and named so.
"""

import re
from functools import lru_cache

from msgspec import Struct

from movie_sync import release_tables as tables
from movie_sync.release_tables import Kind, Modifier, Source

__all__ = ["Kind", "Modifier", "ReleaseName", "Source", "read"]

LONGEST_NAME = 250  # file systems and indexers have no longer ones

# No film is older than 1888, and a number beyond 2039 is part of a title: Blade Runner 2049.
_FOUR = r"(18[89]\d|19\d\d|20[0-3]\d)"
_YEAR = re.compile(rf"(?<![^\W_]){_FOUR}(?![^\W_])")
_BRACKETED_YEAR = re.compile(rf"[(\[{{] ?{_FOUR} ?[)\]}}]")
_IMDB = re.compile(
    r"(?<![^\W_])[\[({]?(?:imdb(?:id)?[-= ])?(tt\d{7,9})(?!\d)[\])}]?", re.IGNORECASE
)
_TMDB = re.compile(r"[\[({]?tmdb(?:id)?[-= ](\d{1,9})(?!\d)[\])}]?", re.IGNORECASE)

_FILL = " ._-([{)]},;:|~"
_OTHER_NAME = re.compile(r" [(\[]?a\.?k\.?a\.? | ?/ | / ?", re.IGNORECASE)
_TEAM = re.compile(r"^\[([^\]]{1,40})\][ ._]*(?:- )?(?=[^\s\[])")
_INITIALS = re.compile(r"(?<![^\W_])(?:[^\W\d_]\.){2,}")
_GROUPS = (  # behind the last dash, then three forms of brackets
    re.compile(r"- ?((?:[a-z]-)?(?:\w\.)*[^\s\-.()\[\]]+)[)\]]?$", re.IGNORECASE),
    re.compile(r"\[[^\[\]]*\(([^()]+)\)\]$"),
    re.compile(r"[\[]([^\[\] ]{2,24})\][)\]]?$"),
    re.compile(r"[(\[](?:[^()\[\]]* )([^ ()\[\]]+)[)\]]$"),
)


class ReleaseName(Struct, frozen=True, kw_only=True):
    """What a release name says."""

    titles: tuple[str, ...]  # candidates, best first; at least one
    kind: Kind
    year: int | None = None
    source: Source | None = None
    resolution: int | None = None  # picture lines: 2160, 1080, 720, 576 or 480
    modifier: Modifier | None = None
    proper: bool = False
    version: int = 1
    codec: str | None = None
    hdr: tuple[str, ...] = ()
    edition: str | None = None
    group: str | None = None
    imdb_id: str | None = None
    tmdb_id: int | None = None

    @property
    def likely_resolution(self) -> int | None:
        """The resolution, or what releases of this source have when they do not say it."""
        if self.resolution or self.source is None:
            return self.resolution
        if self.source is Source.BLURAY and self.modifier:
            return 1080
        return 720 if self.source is Source.BLURAY and self.codec != "xvid" else 480


@lru_cache(maxsize=2048)
def read(name: str) -> ReleaseName:
    """What the name of a release, of a file or of a folder says; its first 250 letters are read."""
    whole = " ".join(name[:LONGEST_NAME].split())
    whole = tables.EXTENSION.sub("", tables.SITE.sub("", whole, count=1))
    team = _TEAM.match(whole)
    named = whole[team.end() :] if team else whole
    imdb, tmdb = _IMDB.search(named), _TMDB.search(named)
    text = _TMDB.sub("", _IMDB.sub("", named))  # the number of an id is no year
    title, year, rest = _cut(text)
    sure = _strip(title, tables.SURELY_LEFT)
    bare = _strip(title, tables.SURELY_LEFT, tables.PERHAPS_LEFT)
    group = _group(text, team[1] if team else None)
    # Before a year "Cam" and "Web" are the title's; where none is, the title runs into the tags.
    dated = year is not None and not tables.MARKS.match(rest)
    behind = title[len(sure if dated else bare) :] + " " + rest
    tags = _without(group, rest if dated else behind)
    source, modifier = _source(tags)
    resolution = _resolution(tags)
    codec = tables.first(tables.CODECS, tags)
    edition = tables.EDITION.search(behind)
    proper = tables.PROPER.search(tags)
    return ReleaseName(
        titles=_titles(*((sure, bare, title) if dated else (bare, sure, title))) or (name,),
        kind=_kind(whole, rest, known=bool(year or source or resolution or codec)),
        year=year,
        source=source,
        resolution=resolution,
        modifier=modifier,
        proper=proper is not None,
        version=_version(tags, proper),
        codec=codec,
        hdr=tuple(kind for kind, pattern in tables.HDR if pattern.search(tags)),
        edition=_spaced(edition[0]) if edition else None,
        group=group,
        imdb_id=imdb[1].lower() if imdb else None,
        tmdb_id=int(tmdb[1]) if tmdb else None,
    )


def _cut(text: str) -> tuple[str, int | None, str]:
    """The title, the year, and what stands behind: the first mark of quality ends a title too."""
    mark = next((m.start() for m in tables.MARKS.finditer(text) if m.start() > 0), len(text))
    bracketed = [m for m in _BRACKETED_YEAR.finditer(text) if 0 < m.start() < mark]
    years = [m for m in _YEAR.finditer(text) if m.start() > 0]
    before = bracketed or [m for m in years if m.start() < mark]
    if before:  # the last one: earlier ones are the title's, as in Wonder Woman 1984 (2020)
        return text[: before[-1].start()], int(before[-1][1]), text[before[-1].end() :]
    year = int(years[0][1]) if years else None  # some write it last, behind the quality
    return text[:mark], year, text[mark:]


def _strip(title: str, *left: re.Pattern[str]) -> str:
    """The title without such words at its end, as long as something of it stays."""
    end, before = len(title), -1
    while end != before:
        before = end
        for pattern in left:
            text = title[:end].rstrip(_FILL)
            last = next((m for m in pattern.finditer(text) if m.end() == len(text)), None)
            if last and text[: last.start()].strip(_FILL):
                end = last.start()
    return title[:end]


def _titles(*candidates: str) -> tuple[str, ...]:
    """Each candidate as a person writes it, and then its halves where it names two titles."""
    wholes = [_spaced(candidate) for candidate in candidates]
    halves = [_trim(half) for whole in wholes for half in _OTHER_NAME.split(whole)]
    return tuple(dict.fromkeys(title for title in wholes + halves if title))


def _spaced(text: str) -> str:
    """Dots and underscores are spaces; only the dots of initials are kept."""
    kept = _INITIALS.sub(lambda m: m[0].replace(".", "\0") + " ", text.replace("_", " "))
    return _trim(kept.replace(".", " ").replace("\0", "."))


def _trim(text: str) -> str:
    text = " ".join(text.split()).rstrip(" -([{,;:|~").lstrip(" -)]},;:|~")
    text = text if any(bracket in text for bracket in ")]}") else text.lstrip("([{ ")
    return text if any(bracket in text for bracket in "([{") else text.rstrip(")]} ")


def _source(tags: str) -> tuple[Source | None, Modifier | None]:
    source = tables.first(tables.SOURCES, tags)
    if tables.REMUX.search(tags):
        return source or Source.BLURAY, Modifier.REMUX
    if source is Source.DVD and (tables.DVD_DISC.search(tags) or tables.DISC.search(tags)):
        return source, Modifier.DISC
    if source is Source.BLURAY and (tables.DISC.search(tags) or _lies_open(tags)):
        return source, Modifier.DISC
    if source is Source.TV and tables.RAW_BROADCAST.search(tags):
        return source, Modifier.RAWHD
    return source, None


def _lies_open(tags: str) -> bool:
    """Does it name picture and sound of a disc, and nothing that was done to them?"""
    open_ = tables.DISC_VIDEO.search(tags) and tables.DISC_SOUND.search(tags)
    return bool(open_) and not tables.ENCODED.search(tags)


def _resolution(tags: str) -> int | None:
    stated = tables.HEIGHT.search(tags) or tables.HEIGHT_BY_WIDTH.search(tags)
    if not stated:
        return tables.first(tables.HEIGHT_NAMES, tags)
    lines = int(stated[1])
    steps = ((2000, 2160), (1000, 1080), (700, 720), (576, 576))
    return next((step for least, step in steps if lines >= least), 480)


def _version(tags: str, proper: re.Match[str] | None) -> int:
    """ "v2" is the second try, and so is a REPACK; a REPACK2 is the third."""
    revision = tables.REVISION.search(tags)
    if revision:
        return int(revision[1])
    return 1 + int(proper[1] or 1) if proper else 1


def _kind(whole: str, rest: str, *, known: bool) -> Kind:
    episode = tables.EPISODE.search(whole)
    # A film may be an "Episode 4" too, but has its year behind it.
    if episode and not _YEAR.search(whole, episode.end()):
        return Kind.TV
    if any(pattern.search(whole) for pattern in tables.SERIES):
        return Kind.TV
    if tables.NO_FILM.search(rest) or tables.YEARS.search(whole):
        return Kind.NONE
    return Kind.FILM if known else Kind.NONE


def _group(text: str, team: str | None) -> str | None:
    """Who made it: behind the last dash, else in the bracket in front, else in one at the end."""
    while (shorter := tables.REPOSTED.sub("", text)) != text:
        text = shorter
    dashed, *bracketed = (pattern.search(text) for pattern in _GROUPS)
    if dashed and not _is_tag(text, dashed):
        return dashed[1]
    found = team or next((m[1] for m in bracketed if m), "")
    no_group = tables.NO_GROUP.fullmatch(found) or tables.MARKS.search(found)
    return found if found and not no_group else None


def _is_tag(text: str, dashed: re.Match[str]) -> bool:
    """Is this the dash of WEB-DL, Blu-ray or DTS-HD, or one before a mark of quality?"""
    patterns = (tables.MARKS, tables.DISC, tables.DISC_SOUND, tables.PROPER)
    return any(
        m.start() < dashed.start() < m.end() or m.span() == dashed.span(1)
        for pattern in patterns
        for m in pattern.finditer(text)
    )


def _without(group: str | None, tags: str) -> str:
    """A group may be called like a tag: "-BD" says nothing of the source."""
    head, found, tail = tags.rpartition(group or "\0")
    return head + tail if found else tags
