"""Which season a container is, where Viki has one container for each and others one show. Pure.

The one thing to know: a number in a title is a season only where it is small and stands at the end,
or before a subtitle; "Reply 1988", "Cinderella at 2AM" and "IDOL I" name none. Whether the show has
such a season is asked of the candidate, and a title that is somebody's own title is no season.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from movie_sync.history.match_models import Candidate, Mapping, Season, Stretch, Viewed
from movie_sync.history.names import Name, names

SMALL = range(2, 10)  # what a bare number at the end may mean
GUESSED = 0.8
CLOSE_SHARE = 8  # one episode in so many may be counted otherwise

_ROMAN = {"II": 2, "III": 3, "IV": 4, "VI": 6, "VII": 7, "VIII": 8, "IX": 9}
_WORDS = {"second": 2, "third": 3, "fourth": 4, "fifth": 5, "two": 2, "three": 3, "four": 4}
_CHINESE = {letter: number for number, letter in enumerate("一二三四五六七八九十", 1)}
_SAID = re.compile(
    r"(?P<base>.+?)[\s:,(\[–-]+(?:season|series|part|pt\.?|vol\.?|s)[\s.]*(?P<n>\d{1,2})[)\]]?$",  # noqa: RUF001
    re.IGNORECASE,
)
_SPELT = re.compile(
    rf"(?P<base>.+?)[\s:,(–-]+(?:the )?(?P<n>{'|'.join(_WORDS)}|\d(?=nd|rd|th))(?:nd|rd|th)? season\)?$",  # noqa: RUF001, E501
    re.IGNORECASE,
)
_NATIVE = re.compile(
    r"(?P<base>.+?)[\s:：,(·-]*(?:(?:시즌|파트|シーズン|ภาค|ซีซั่น|ซีซัน|Season)\s*(?P<n>\d{1,2})"  # noqa: RUF001
    r"|第\s*(?P<m>[一二三四五六七八九十\d]{1,2})\s*[季期部](?:分)?)\)?$",
    re.IGNORECASE,
)
_BARE = re.compile(r"(?P<base>.+?)(?:\s+|(?<=[^\x00-\u024f]))(?P<n>[2-9])$")
_BARE_ROMAN = re.compile(rf"(?P<base>.+?)\s+(?P<n>{'|'.join(sorted(_ROMAN, key=len)[::-1])})$")
_SUBTITLE = re.compile(r"(?P<head>.+?)\s*[:：]\s+(?P<tail>\S.*)$|(?P<h>.+?)\s+[–-]\s+(?P<t>\S.*)$")  # noqa: RUF001
_PLAIN_SEASON = re.compile(r"(?:season|series|part|시즌|第)\s*\d+\s*季?|specials?", re.IGNORECASE)


class Reading(Struct, frozen=True):
    """What a container's names say: a work by that name, or a season of a show of that name."""

    names: tuple[Name, ...]
    season: int | None = None
    own: tuple[Name, ...] = ()  # those in the work's own language


class Placement(Struct, frozen=True, omit_defaults=True):
    """A season, or several, that a container may be."""

    mapping: Mapping
    episodes: int | None = None
    year: int | None = None
    doubt: str | None = None
    factor: float = 1.0  # below: it is no more than a guess


def readings(viewed: Viewed) -> tuple[Reading, ...]:
    """The plain one first; then that of a season, where its titles say which and agree on it."""
    plain = _reading(viewed.names, viewed)
    number, bases = season_of_title(viewed)
    if number is None:
        return (plain,)
    return plain, _reading(bases, viewed, number)


def season_of_title(viewed: Viewed) -> tuple[int | None, tuple[str, ...]]:
    """The season that its titles name, and what the show would be called; None where they name
    none, or two different ones."""
    found = {title: split(title) for title in viewed.names}
    main = [found[title] for title in (viewed.title, *viewed.own_titles) if title in found]
    numbers = {number for parts in main for _, number in parts}
    if len(numbers) != 1:
        return None, ()
    number = numbers.pop()
    bases = [
        base
        for title, parts in found.items()
        for base in ([base for base, n in parts if n == number] if parts else [title])
    ]
    return number, tuple(dict.fromkeys(bases))


def split(title: str) -> list[tuple[str, int]]:
    """What the show would be called and its season, for each way to read the title: "The
    Penthouse 3: War in Life" is season 3 of "The Penthouse: War in Life", or of "The Penthouse".
    Empty where it names no season."""
    if whole := _at_end(title):
        return [whole]
    subtitled = _SUBTITLE.match(title)
    if subtitled is None:
        return []
    head, tail = subtitled["head"] or subtitled["h"], subtitled["tail"] or subtitled["t"]
    if not (first := _at_end(head)):
        return []
    base, number = first
    return [(f"{base}: {tail}", number), (base, number)]


def placements(
    viewed: Viewed, candidate: Candidate, season: int | None, *, by_alias: bool = False
) -> Iterator[Placement]:
    """Where the container may stand in a show.

    Args:
        season: that its title names.
        by_alias: it bears a name that the show is also called by, which may be that of any season.
    """
    regular = candidate.regular
    if not regular:
        yield _unknown(candidate, season)
    elif season is not None:
        yield from _of_number(viewed, candidate, season)
    else:
        yield from _of_none(viewed, candidate, by_alias)


def named_season(reading: Reading, candidate: Candidate) -> Season | None:
    """The season whose own name the container bears, alone or behind that of the show."""
    mine = {one.exact for one in reading.names}
    for season in candidate.regular:
        if not season.name or _PLAIN_SEASON.fullmatch(season.name):
            continue
        shows = (candidate.title, candidate.original_title)
        full = [season.name, *(f"{show} {season.name}" for show in shows if show)]
        if any(one.exact in mine and not _is_one_of(one, shows) for one in names(full)):
            return season
    return None


def only(season: Season, candidate: Candidate) -> Placement:
    return Placement(_mapping(season.number), season.episodes, _year(season, candidate))


def agree(mine: int | None, theirs: int | None) -> bool:
    """Whether they count the same episodes: an episode more or less is often counted otherwise."""
    if mine is None or theirs is None:
        return False
    return abs(mine - theirs) <= min(2, max(mine, theirs) // CLOSE_SHARE)


def _at_end(title: str) -> tuple[str, int] | None:
    title = title.strip()
    if said := _SAID.match(title) or _NATIVE.match(title) or _SPELT.match(title):
        parts = said.groupdict()
        number = _number(parts.get("n") or parts.get("m") or "")
        return (said["base"].strip(), number) if 0 < number < 31 else None
    bare = _BARE.match(title) or _BARE_ROMAN.match(title)
    if bare is None or not re.search(r"[^\W\d]", bare["base"]):
        return None
    return bare["base"].strip(" :,-"), _number(bare["n"])


def _number(text: str) -> int:
    if text.isdecimal():
        return int(text)
    return _ROMAN.get(text) or _WORDS.get(text.lower()) or _CHINESE.get(text) or 0


def _reading(texts: Sequence[str], viewed: Viewed, season: int | None = None) -> Reading:
    own = set(viewed.own_titles)
    mine = names(text for text in texts if text in own) if season is None else ()
    if season is not None:
        mine = names(base for title in own for base, _ in split(title) or [(title, season)])
    return Reading(names(texts), season, mine)


def _unknown(candidate: Candidate, season: int | None) -> Placement:
    if season is None:
        return Placement(_mapping(1), None, candidate.year)
    doubt = f"whether it has a season {season} is not known"
    return Placement(_mapping(season), doubt=doubt)


def _of_number(viewed: Viewed, candidate: Candidate, number: int) -> Iterator[Placement]:
    regular = candidate.regular
    for season in regular:
        if season.number == number:
            yield only(season, candidate)
            return
    first, mine = regular[0], viewed.episodes
    if mine and first.episodes and first.episodes > mine:
        offset = first.episodes - mine
        stretch = Stretch(season=first.number, offset=offset)
        doubt = f"it has no season {number}; its season {first.number} may hold these at the end"
        yield Placement(Mapping((stretch,)), mine, doubt=doubt, factor=GUESSED)


def _of_none(viewed: Viewed, candidate: Candidate, by_alias: bool) -> Iterator[Placement]:
    regular, mine = candidate.regular, viewed.episodes
    first = regular[0]
    year = _year(first, candidate)
    others = [one for one in regular[1:] if agree(mine, one.episodes) and _may_be(viewed, one)]
    counts = agree(mine, first.episodes)
    if not counts or (year and not _may_be(viewed, Season(first.number, year=year))):
        if not counts and (spread := _spread(regular, mine)):
            yield Placement(_over(spread), mine, year)
            return
        for one in others:
            why = f"its title names no season, and season {one.number} has so many episodes"
            yield Placement(_mapping(one.number), one.episodes, one.year, why)
    doubt = "which of its seasons is called so is not known" if by_alias and others else None
    if mine and first.episodes and first.episodes * 2 == mine and len(regular) == 1:
        stretch = Stretch(season=first.number, pieces=2)
        doubt = f"{mine} episodes may be the {first.episodes} there in halves"
        yield Placement(Mapping((stretch,)), first.episodes, year, doubt)
        return
    yield Placement(_mapping(first.number), first.episodes, year, doubt)


def _spread(regular: Sequence[Season], mine: int | None) -> list[Season]:
    """The first seasons that have exactly so many episodes together."""
    total = 0
    for count, season in enumerate(regular, 1):
        total += season.episodes or 0
        if not season.episodes or total > (mine or 0):
            return []
        if total == mine:
            return list(regular[:count]) if count > 1 else []
    return []


def _over(seasons: Iterable[Season]) -> Mapping:
    stretches, before = [], 0
    for season in seasons:
        last = before + (season.episodes or 0)
        stretches.append(Stretch(season=season.number, first=before + 1, last=last, offset=-before))
        before = last
    return Mapping(tuple(stretches))


def _may_be(viewed: Viewed, season: Season) -> bool:
    """Whether Viki may have shown it by then."""
    hint = viewed.year
    if hint is None or season.year is None:
        return True
    late = season.year - hint.year
    return late <= 1 if hint.at_most else abs(late) <= 1


def _mapping(season: int) -> Mapping:
    return Mapping((Stretch(season=season),))


def _year(season: Season, candidate: Candidate) -> int | None:
    """That of the show is that of its first season."""
    return season.year or (candidate.year if season == candidate.regular[0] else None)


def _is_one_of(one: Name, texts: Iterable[str | None]) -> bool:
    return one.exact in {each.exact for each in names(texts)}
