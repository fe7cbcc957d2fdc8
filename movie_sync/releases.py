"""Reads a release name: which film it may be, of which year, and of what quality.

Pure, and linear in the length of the name. It gives candidates for the title instead of one,
best first, because "The Darjeeling Limited" and "Taken Limited" can be told apart only by who
knows the film; `titles.py` does that. What a name does not say is None, never guessed; the two
guesses are named so: `likely_source` and `likely_resolution`.
"""

import re
from datetime import date
from functools import lru_cache

from msgspec import Struct, structs

from movie_sync import release_episodes, release_languages, release_titles
from movie_sync import release_tables as tables
from movie_sync.release_groups import find_group, is_name
from movie_sync.release_media import read_media
from movie_sync.release_quality import Modifier, Quality, Source, read_quality
from movie_sync.release_tables import Kind
from movie_sync.release_words import small

__all__ = ["Kind", "Modifier", "ReleaseName", "Source", "read"]

LONGEST_NAME = 250  # file systems and indexers have no longer ones

_IMDB = re.compile(
    r"(?<![^\W_])[\[({]?(?:imdb(?:id)?[-= ])?(tt\d{7,9})(?!\d)[\])}]?", re.IGNORECASE
)
_TMDB = re.compile(r"[\[({]?tmdb(?:id)?[-= ](\d{1,9})(?!\d)[\])}]?", re.IGNORECASE)
# Who made it, in front; a second bracket may hold the title, but not where that is a number.
_BRACKET = re.compile(
    r"[\[【]([^\[\]【】]{1,40})[\]】][ ._]*(?:- )?(?:★[^★]{1,20}★)?"
    r"(?=[^\s\[【]|[\[【](?:\D|\d{3,4}[pix]))"
)
_BRACES = re.compile(r"\{[^{}]*\}")  # what tools add for themselves: {edition-Final Cut}
_ENDS_IN_YEAR = re.compile(r"(?<!\d)(?:18|19|20)\d\d[ )]?$")
_DISC_IN_FRONT = re.compile(r"(?:UHD[ ._-]?)?BD[ ._-]?(?:25|50|66|100)[ ._-]+", re.IGNORECASE)


class ReleaseName(Struct, frozen=True, kw_only=True):
    """What a release name says."""

    titles: tuple[str, ...]  # candidates, best first; at least one
    kind: Kind
    year: int | None = None
    source: Source | None = None
    resolution: int | None = None  # picture lines: 2160, 1080, 720, 576 or 480
    modifier: Modifier | None = None
    likely_source: Source | None = None  # the source, or what group and ending tell of it
    likely_resolution: int | None = None  # the resolution, or what such releases have by custom
    proper: bool = False
    version: int = 1
    real: int = 0  # how often it says REAL: a proper of a proper
    codec: str | None = None
    bit_depth: int | None = None
    hdr: tuple[str, ...] = ()  # "dv", "hdr10+", "hdr"
    audio: tuple[str, ...] = ()  # "atmos", "truehd", "dts-hd ma", "ddp", "aac", ...
    channels: str | None = None  # "5.1"
    three_d: bool = False
    service: str | None = None  # the streaming service it is from, by its name: "Netflix"
    edition: str | None = None
    languages: tuple[str, ...] = ()  # English names, as said: "German"; none said is no claim
    multi: bool = False  # says that it has several languages, the film's own among them
    dubbed: bool = False
    hardcoded_subtitles: bool = False  # burnt into the picture
    group: str | None = None
    imdb_id: str | None = None
    tmdb_id: int | None = None
    season: int | None = None  # of a series, as all that follow
    episodes: tuple[int, ...] = ()  # empty with a season: all of it
    absolute: tuple[float, ...] = ()  # numbers counted over all seasons, as of anime; 12.5 is one
    air_date: date | None = None


@lru_cache(maxsize=2048)
def read(name: str) -> ReleaseName:
    """What the name of a release, of a file or of a folder says; its first 250 letters are read."""
    whole = " ".join(name[:LONGEST_NAME].split())
    extension = tables.EXTENSION.search(whole)
    ending = extension[1].lower() if extension else ""
    whole = tables.SITE.sub("", whole[: extension.start()] if extension else whole)
    imdb, tmdb = _IMDB.search(whole), _TMDB.search(whole)
    named = _TMDB.sub(_blank, _IMDB.sub(_blank, whole))  # the number of an id is no year
    team, opening, at = _opening(named)
    episodes = release_episodes.find(whole)
    parts = release_titles.take_apart(named[at:], max(0, episodes.start - at) if episodes else None)
    if team and not episodes:
        team, at, parts = _titled(team, named, at, parts)
    group = find_group(_BRACES.sub(_blank, named[at:]), team)
    behind = named[episodes.start :] if episodes else parts.tags
    said = f"{opening} {_without(group, parts.tags)}"
    tags = small(said)
    spoken = release_languages.read(behind, group, titled=episodes is not None)
    quality = read_quality(tags, ending=ending, group=group)
    media = read_media(tags)
    edition = tables.EDITION.search(tags)
    proper = tables.PROPER.search(tags)
    if episodes and not proper:
        proper = tables.SHOUTED_PROPER.search(behind)
    checked = tables.CHECKSUM.search(tags)
    known = (parts.year, quality.source, quality.resolution, media.codec, edition, checked)
    titles = parts.titles or (whole or name[:LONGEST_NAME],)
    return ReleaseName(
        titles=titles,
        kind=Kind.TV
        if episodes
        else _kind(whole, titles[0], tags, quality, known=any((*known, imdb, tmdb))),
        year=parts.year,
        proper=proper is not None,
        version=_version(behind, proper),
        real=len(tables.REAL.findall(said)),
        edition=release_titles.spaced(said[edition.start() : edition.end()]) if edition else None,
        group=group,
        imdb_id=imdb[1].lower() if imdb else None,
        tmdb_id=int(tmdb[1]) if tmdb else None,
        season=episodes.season if episodes else None,
        episodes=episodes.episodes if episodes else (),
        absolute=episodes.absolute if episodes else (),
        air_date=episodes.air_date if episodes else None,
        **structs.asdict(quality),
        **structs.asdict(media),
        **structs.asdict(spoken),
    )


def _titled(
    team: str, text: str, at: int, parts: release_titles.Parts
) -> tuple[str | None, int, release_titles.Parts]:
    """The bracket in front may be the title: "[REC] (2007)", "[REC]² (2009)", "[REC].2007-GRP"."""
    title = parts.titles[0] if parts.titles else ""
    if any(map(str.isalpha, title)):
        return team, at, parts
    whole = release_titles.take_apart(text)
    lone = parts.year is None and _ENDS_IN_YEAR.fullmatch(title) and find_group(text[at:], None)
    if not title or lone:
        return None, 0, whole
    if text[at - 1] == "]":
        return None, 0, structs.replace(whole, titles=(*whole.titles, *parts.titles))
    return team, at, structs.replace(parts, titles=(*parts.titles, *whole.titles))


def _blank(found: re.Match[str]) -> str:
    """As long as it was, so that all that is found later stands where it stood."""
    return " " * len(found[0])


def _opening(text: str) -> tuple[str | None, str, int]:
    """The team in the bracket in front, tags that stand there too, and where the rest begins."""
    team, tags, at = None, "", 0
    while found := _BRACKET.match(text, at) or _DISC_IN_FRONT.match(text, at):
        inner = found[found.lastindex or 0]
        if _ENDS_IN_YEAR.search(inner):
            break
        if found.lastindex and not _is_tag(inner):
            if team is not None:
                break
            team = inner
        elif team is None or not inner.isdecimal():
            tags += f" {inner}"
        else:
            break
        at = found.end()
    return team, tags, at


def _is_tag(inner: str) -> bool:
    return tables.TAG.fullmatch(small(inner)) is not None or not is_name(inner)


def _version(behind: str, proper: re.Match[str] | None) -> int:
    """ "v2" is the second try, and so is a REPACK; a REPACK2 is the third."""
    version = tables.VERSION.search(behind)
    if version:
        return int(version[1])
    return 1 + int(proper[1] or 1) if proper else 1


def _kind(whole: str, title: str, tags: str, quality: Quality, *, known: bool) -> Kind:
    if not known or tables.NO_FILM.search(tags) or tables.ABOUT.search(small(title)):
        return Kind.UNKNOWN
    if any(pattern.search(whole) for pattern in (tables.YEARS, tables.DAY)):
        return Kind.UNKNOWN
    # What is complete is a disc, or else a series.
    if tables.COMPLETE.match(tags) and quality.modifier is not Modifier.DISC:
        return Kind.UNKNOWN
    return Kind.FILM


def _without(group: str | None, tags: str) -> str:
    """A group may be called like a tag: "-BD" says nothing of the source."""
    if group is None or tables.MARKS.search(small(group)):
        return tags
    head, _, tail = tags.rpartition(group)
    return head + tail
