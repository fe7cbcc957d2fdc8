"""Which episode a file's name tells, by itself or with the folders that it lies in. Pure."""

import re

from msgspec import Struct, structs

from movie_sync import (
    languages,
    release_episodes,
    release_tables,
    release_titles,
    releases,
    titles,
)
from movie_sync.library import folder_tables as tables
from movie_sync.library_models import Kind, Teller, Told
from movie_sync.release_words import small

_EDGES = " .-_"
_MOST_TOGETHER = 10  # episodes in one file
_GROUP = re.compile(r"^\[[^\[\]]*\][ ._]*")


class Context(Struct, frozen=True):
    """What is known where a file lies, before its own name is read."""

    shows: bool = False  # it is in a show's folder
    films_only: bool = False  # a person said so of the source
    season: int | None = None
    titles: tuple[str, ...] = ()  # of the folder
    parted: bool = False  # another file beside it bears this name with another part's number


NOWHERE = Context()


def is_episode(stem: str) -> bool:
    """Whether a name says so plainly, wherever it lies."""
    found = tables.STRONG.search(stem)
    # "10x10 Rooms (2018)" is a film.
    film = found and found.start() == 0 and "x" in found[0] and tables.PLAIN.fullmatch(stem)
    return found is not None and not film


def read(text: str, where: Context) -> Told | None:
    """What a name tells of an episode; None where it is of none."""
    strong = is_episode(text)
    if not strong and (where.films_only or (not where.shows and tables.PLAIN.fullmatch(text))):
        return None
    found = release_episodes.find(text)
    if found is None:
        return _numbered(text, where) if where.shows else None
    seasoned = found.season not in (None, 1) or tables.FIRST_SEASON.search(text) is not None
    loose = where.shows and not strong and not (seasoned and found.episodes)
    if loose and (told := _numbered(text, where)):
        return told
    mark = tables.MARK.match(text, found.start) or tables.MARK.search(text, found.start)
    named, year = _titled(text, found.start)
    season, absolute = found.season, tuple(int(n) for n in found.absolute if n == int(n))
    if found.absolute and not seasoned:
        season = None  # the name says none
    title = _words(text[mark.end() :]) if mark else None
    counted = tables.ABSOLUTE_TITLE.fullmatch(title) if title and found.episodes else None
    if counted and not absolute:
        absolute, title = (int(counted["absolute"]),), counted["title"]
    return Told(
        by=Teller.FILE,
        kind=Kind.SHOW,
        titles=named,
        year=year,
        season=season,
        episodes=found.episodes,
        absolute=absolute,
        aired_on=found.air_date,
        episode_title=title,
    )


def named(text: str, where: Context) -> Told | None:
    """Of "Show - Some Words" in the folder of "Show" the title of the episode."""
    found = tables.PLAIN_SHOW.match(text) if where.shows else None
    if found is None or not _alike((found["title"],), where.titles):
        return None
    title = _words(text[found.end() :])
    return Told(by=Teller.FILE, titles=(found["title"].strip(),), episode_title=title)


def _titled(text: str, end: int) -> tuple[tuple[str, ...], int | None]:
    """The show's titles and year, of what stands before the mark of the episode."""
    before = text[:end].strip(_EDGES)
    if not before:
        return (), None
    if plain := tables.PLAIN.fullmatch(before):
        return (plain["title"].strip(),), int(plain["year"])
    if (plain := tables.PLAIN_SHOW.fullmatch(text[:end])) and "." not in plain["title"]:
        return (plain["title"].strip(),), None
    if before[0] in "[【(":  # a group, perhaps
        said = releases.read(text)
        return said.titles, said.year
    parts = release_titles.take_apart(text, end)
    return parts.titles, parts.year


def _numbered(text: str, where: Context) -> Told | None:
    """An episode of a show that is known by its folder, where the name has but a number."""
    mark = release_tables.MARKS.search(small(text))
    core = text[: mark.start()] if mark and mark.start() else text
    bare = _GROUP.sub("", core)
    fansub = bare != core
    core = bare.rstrip(" ._-([{")
    behind = _behind_title(core, where.titles)
    if behind is None or not _alike((_title(core, behind),), where.titles):
        found = tables.BARE_EPISODE.fullmatch(core) or tables.PART_OF_SHOW.fullmatch(core)
        behind = found or behind
    if behind is None or not int(behind["number"]):
        return None
    said = behind.groupdict()
    title = said.get("title") or (_title(core, behind) if behind.start() else "")
    if title and not _alike((title,), where.titles) and " - " not in core:
        return None
    told = Told(
        by=Teller.FILE,
        kind=Kind.SHOW,
        titles=(title,) if title else (),
        episode_title=_words(said["rest"]),
    )
    numbers = _run(int(behind["number"]), said.get("last"))
    return _counted(told, numbers, where.season, fansub=fansub)


def _behind_title(core: str, known: tuple[str, ...]) -> re.Match[str] | None:
    """Where the number of the episode stands: behind the title that the folder tells, for that may
    end in a number, as "Mob Psycho 100 - 03"; else behind what is not followed by a number alone.
    """
    some = [
        found
        for found in tables.BEHIND_TITLE.finditer(core)
        if found.start() and not tables.DATED.fullmatch(found["number"])
    ]
    of_title = (found for found in some if _alike((_title(core, found),), known))
    return next(of_title, None) or next(
        (found for found in some if found["dash"] or found is some[-1]), None
    )


def _title(core: str, number: re.Match[str]) -> str:
    return release_titles.spaced(core[: number.start()]).strip(_EDGES)


def _run(first: int, last: str | None) -> tuple[int, ...]:
    """ "01-02"; a number that does not rise, or by too much, is none of an episode."""
    end = int(last or 0)
    return tuple(range(first, end + 1)) if first < end < first + _MOST_TOGETHER else (first,)


def _counted(told: Told, numbers: tuple[int, ...], season: int | None, *, fansub: bool) -> Told:
    """101 may be of season 1, and the hundred and first of all: it is told as both.

    Those who subtitle anime count through all seasons, though not all of them do.
    """
    number = numbers[0]
    through = structs.replace(told, absolute=numbers)
    if number < 100:
        return structs.replace(through if season is None or fansub else told, episodes=numbers)
    of, episode = divmod(number, 100)
    if episode and of == season:
        return structs.replace(told, season=of, episodes=tuple(each - of * 100 for each in numbers))
    if season is not None or fansub or not episode or number >= 1000:
        return through
    return structs.replace(through, season=of, episodes=tuple(each - of * 100 for each in numbers))


def _alike(some: tuple[str, ...], others: tuple[str, ...]) -> bool:
    known = {key for title in others for key in titles.keys(title)}
    return any(not known.isdisjoint(titles.keys(title)) for title in some)


def _words(text: str | None) -> str | None:
    """The title of an episode, of what stands behind its number: up to brackets and tags."""
    if not text:
        return None
    text = re.split(r"[\[{]", text, maxsplit=1)[0]
    mark = release_tables.MARKS.search(small(text))
    text = text[: mark.start()] if mark else text
    released = text.startswith((".", "_"))
    text = text.rstrip("([ ._-").lstrip(" ._-)]")
    if not released:
        return text.strip(" -_") or None
    words = text.replace("_", ".").split(".")
    while words and _is_tag(words[-1].lower()):
        words.pop()
    return release_titles.spaced(".".join(words)).strip(" -_") or None


def _is_tag(word: str) -> bool:
    return tables.REPEATED.fullmatch(word) is not None or (
        len(word) > 2 and word in languages.WORDS
    )
