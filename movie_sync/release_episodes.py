"""Which episodes of a series a release name is of, if it is of one at all. Pure.

A film that is taken for a series is never found, so a name is of a film until something in it
is said of series alone. What that is stands in `release_episode_tables.py` and
`release_anime_tables.py`; how a day is written, in `release_days.py`.
"""

import re
from collections.abc import Iterable
from datetime import date

from msgspec import Struct, structs

from movie_sync import release_anime_tables as anime
from movie_sync import release_days
from movie_sync import release_episode_tables as tables
from movie_sync.release_episode_tables import Rule
from movie_sync.release_episode_words import NUMBERS

_WORD = re.compile(r"[^\W\d_]+")
_YEAR = re.compile(rf"{tables.START}{tables.YEAR}{tables.END}")
_QUALITY = re.compile(r"(?<!\d)\d{3,4}[pi](?![^\W_])", re.IGNORECASE)
_NO_TITLE = re.compile(r"(?:\[[^\]]*\])?[ ._-]*")  # but a group in front
# Behind the first number of a run a season may stand before each: "01-S01E02", "04.2x05".
_FIRST = re.compile(r"\d+(?:\.5)?")
_NEXT = re.compile(
    r"(?:s(\d{1,4})[ ._-]?(?:ep?|x)|(?<![x\d])(\d{1,4})x|(?<=\d)(_))?(\d+)", re.IGNORECASE
)
_VERSION = re.compile(r"v\d", re.IGNORECASE)
_TIMES = re.compile(r"(?<=\d)[×х](?=\d)")  # noqa: RUF001 - the sign, and the Cyrillic letter
_LONGEST = 1500  # episodes of a range; what names more is no range
# A number counted over all seasons, beside an episode: "- 05 - S01E05", "S01E05 (105)".
_ABSOLUTE_BEFORE = re.compile(
    r"[ ._]-[ ._](?!(?:19|20)\d\d\D)(?P<absolute>\d{2,4}(?:\.5)?)[ ._](?:-[ ._])?\(?$"
)
_ABSOLUTE_BEHIND = re.compile(
    r"[ ._]?(?:-[ ._])?(?:[(\[](?!(?:(?:19|20)\d\d|480|540|576|720|1080)\D)"
    r"(?P<absolute>\d{3,4}(?:-\d{3,4})?)[)\]]"
    r"|(?P<absolute_>\d{3,4}-\d{3,4})(?![^\W_]))"
)
_ABSOLUTE_OF_FANSUB = re.compile(r"[ ._](?P<absolute>\d{3,4})(?=[ ._]?[\[(]|$)")

# Songs and bare numbers may stand behind a season, so they come before the season as a whole.
_UNSURE = (
    *anime.SONGS, *anime.SEASONED, *tables.PACKS, *anime.ABSOLUTE, *tables.COMPACT, *tables.SERIES,
)  # fmt: skip


class Episodes(Struct, frozen=True, kw_only=True):
    """What a name says of a series. `start` is where that begins in the name: the title ends.

    The number of an episode without a season ("E12") is given as one of season 1 and as
    `absolute`, and a bare number behind a season ("S2 - 03") both ways too: groups differ in
    what they count.
    """

    start: int
    season: int | None = None  # of several, the first
    episodes: tuple[int, ...] = ()  # empty with a season: all of it
    absolute: tuple[float, ...] = ()  # counted over all seasons, as of anime; 12.5 is one
    air_date: date | None = None


class _Name(Struct, frozen=True):
    text: str
    words: frozenset[str]  # in small letters
    fansub: bool  # written as those who subtitle anime write


def find(name: str) -> Episodes | None:
    """None where the name says nothing of a series: then it may be a film."""
    name = name if name.isascii() else _TIMES.sub("x", name)
    words = frozenset(_WORD.findall(name.lower()))
    it = _Name(name, words, anime.FANSUB.search(name) is not None)
    found = _numbered(it) or _marked(it)
    day = release_days.find(name, words)
    if found:
        return _placed(found, it, day)
    if day and not _of_a_film(day[0], name):
        return Episodes(start=day[0].start(), air_date=day[1])
    unsure = _first(_UNSURE, it) or (None if name.isascii() else _first(anime.ASIAN_PACKS, it))
    return unsure[1] if unsure else None


def _placed(found: Episodes, name: _Name, day: tuple[re.Match[str], date] | None) -> Episodes:
    """With what else is said: the season apart, "Temporada 2 [720p][Cap. 5]", and the day."""
    pack = _first(tables.PACKS, name)
    season = found.season
    if season is None:
        season = pack[1].season if pack and pack[1].season is not None else 1
    others = [match.start() for match in (pack and pack[0], day and day[0]) if match]
    return structs.replace(
        found,
        start=min([found.start, *filter(None, others)]),  # at the beginning stands no title
        season=season,
        air_date=day[1] if day else None,
    )


def _numbered(name: _Name) -> Episodes | None:
    """Season and episode, with the number over all seasons where one stands beside it."""
    first = _first(tables.NUMBERED, name)
    if first is None:
        return None
    match, found = first
    before = _ABSOLUTE_BEFORE.search(name.text[: match.start()])
    beside = before or _ABSOLUTE_BEHIND.match(name.text, match.end())
    if name.fansub and beside is None:
        beside = _ABSOLUTE_OF_FANSUB.match(name.text, match.end())
    if beside is None:
        return found
    start = before.start() if before else found.start
    return structs.replace(found, start=start, absolute=_run(_said(beside)["absolute"]))


def _marked(name: _Name) -> Episodes | None:
    """An episode without a season beside it."""
    first = _first(tables.MARKED, name)
    if first is None and not name.text.isascii():
        first = _first(anime.ASIAN, name)
    return first[1] if first else None


def _first(rules: Iterable[Rule], name: _Name) -> tuple[re.Match[str], Episodes] | None:
    """What the first rule that holds has found."""
    for rule in rules:
        if rule.words and name.words.isdisjoint(rule.words):
            continue
        if rule.fansub and not name.fansub:
            continue
        match = rule.pattern.search(name.text)
        found = _read(match) if match and _holds(rule, match, name.text) else None
        if match and found:
            return match, found
    return None


def _holds(rule: Rule, match: re.Match[str], name: str) -> bool:
    if rule.no_year_behind and _YEAR.search(name, match.end()):
        return False
    before = name[: match.start()]
    return not (rule.behind_title and (_NO_TITLE.fullmatch(before) or _QUALITY.search(before)))


def _of_a_film(day: re.Match[str], name: str) -> bool:
    """A film may be called by a day, with its year behind; behind the quality it is a note.

    A day that begins with its year is no film's name, though an episode may be called "1984".
    """
    year = _YEAR.search(name, day.end())
    if year and day.start("year") == day.start() and name[year.start() - 1] not in "([":
        year = None
    return bool(year or _QUALITY.search(name, 0, day.start()))


def _read(match: re.Match[str]) -> Episodes | None:
    """What the groups of a rule have found; None where their numbers make no sense."""
    said = _said(match)
    start = match.start()
    season = _number(said["season"]) if "season" in said else None
    if "episodes" in said:
        return _counted(start, season, said["episodes"], of=said.get("of"))
    if "absolute" in said:
        return _absolute(start, season, said["absolute"])
    if "compact" in said:
        return _compact(start, said["compact"])
    if "special" in said:
        return Episodes(start=start, season=0, episodes=(int(said["special"]),))
    return Episodes(start=start, season=season)


def _said(match: re.Match[str]) -> dict[str, str]:
    return {group.rstrip("_"): text for group, text in match.groupdict().items() if text}


def _counted(start: int, season: int | None, text: str, *, of: str | None) -> Episodes | None:
    run = _run(text, season)
    if not run:
        return None
    episodes = tuple(int(number) for number in run)
    absolute = run if season is None else ()
    if of and len(run) > 1 and (episodes[0], episodes[-1]) == (1, int(of)):
        episodes, absolute = (), ()  # "1-8 of 8"
    return Episodes(start=start, season=season, episodes=episodes, absolute=absolute)


def _absolute(start: int, season: int | None, text: str) -> Episodes | None:
    absolute = _run(_VERSION.sub("", text))
    if len(absolute) == 1 and re.search("[-~\u2013]", text):
        return None  # a range that does not rise: "24-7"
    episodes = () if season is None else tuple(int(number) for number in absolute)
    return Episodes(start=start, season=season, episodes=episodes, absolute=absolute)


def _compact(start: int, text: str) -> Episodes:
    """ "105" is episode 5 of season 1; "105.106" and "10506" are the next one too."""
    numbers = [int(number) for number in re.findall(r"\d+", text)]
    if numbers[0] > 9999:
        numbers = [*divmod(numbers[0], 100)]
    (season, first), last = divmod(numbers[0], 100), numbers[-1] % 100
    return Episodes(start=start, season=season, episodes=tuple(range(first, max(first, last) + 1)))


def _number(text: str) -> int | None:
    """None for a word that only resembles one: a pattern takes a dotless i for an i."""
    if text.isdecimal():
        return int(text)
    return NUMBERS.get(text.casefold()) or anime.han(text)


def _run(text: str, season: int | None = None) -> tuple[float, ...]:
    """Of "01-E03" each number from the first to the last; they end where they do not rise.

    They also end where another season begins, and an underscore joins only what comes next.
    """
    match = _FIRST.match(text)
    if match is None:
        word = _number(text)
        return (float(word),) if word else ()
    first = last = float(match[0])
    for named, other, underscore, number in _NEXT.findall(text, match.end()):
        if not last < int(number) < first + _LONGEST or (underscore and int(number) != last + 1):
            break
        if (named or other) and season not in (None, int(named or other)):
            break
        last = float(number)
    return (first,) if last == first else tuple(map(float, range(int(first), int(last) + 1)))
