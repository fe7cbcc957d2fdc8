"""Which extra a name says that it is: a trailer, a sample, a featurette. Pure.

The one thing to know: such a word says so only behind the title, which ends at a year, a tag, the
number of an episode or a dash. Before that it is the title's own: "Trailer Park Boys (2006)".
"""

import re

from movie_sync import release_tables, titles
from movie_sync.library import folder_tables as tables
from movie_sync.library.folder_episodes import Context
from movie_sync.release_words import small

_EDGES = " .-_"
_BLANKS = re.compile(r"[ ._-]+")


def take(text: str, where: Context) -> tuple[str | None, str]:
    """The extra, and the name without it."""
    return _whole(text, where) or behind_year(text) or _among_tags(text) or _at_end(text, where)


def of_folder(name: str) -> str | None:
    """Which extras lie in a folder of that name, where it does not merely sort."""
    return tables.EXTRA_FOLDERS.get(_BLANKS.sub(" ", name.strip().lower()))


def behind_year(text: str) -> tuple[str, str] | None:
    """ "Heat (1995) Trailer", "Heat.1995.Deleted.Scenes.720p"."""
    found = tables.EXTRA_BEHIND_YEAR.search(text)
    if found is None or not text[: found.start()].strip(_EDGES + "(["):
        return None
    if not found["closed"] and tables.DATED.search(text, found.end()):
        return None  # "1984 Trailer Park 2006"
    return _meant(found["word"]), text[: found.start("said")].rstrip(_EDGES) + text[found.end() :]


def _whole(text: str, where: Context) -> tuple[str, str] | None:
    """ "trailer", "Official Teaser 2"; beside a film "Deleted Scenes" and "Making of Heat" too."""
    found = tables.EXTRA_ALONE.fullmatch(text)
    if found is None and where.titles and not where.shows:
        found = tables.EXTRA_BESIDE_FILM.fullmatch(text)
    if found is None:
        return None
    word = found[found.lastindex or 0]
    if found.re is tables.EXTRA_BESIDE_FILM and (
        _is_titles(word, where) or tables.DATED.search(text)
    ):
        return None
    return _meant(word), "" if text.lower() in tables.EXTRA_NAMES else text


def _among_tags(text: str) -> tuple[str, str] | None:
    """ "Show.S01E01.Sample.720p"."""
    found = tables.EXTRA_AMONG_TAGS.search(text)
    if found is None:
        return None
    said = small(text)
    behind = release_tables.MARKS.match(said, found.end() + 1)
    before = text[: found.start()]
    if not behind or not (
        tables.STRONG.search(before) or release_tables.MARKS.search(small(before), 1)
    ):
        return None
    return _meant(found["word"]), before + text[found.end() :]


def _at_end(text: str, where: Context) -> tuple[str | None, str]:
    found = tables.EXTRA_ENDING.search(text) or tables.EXTRA_BEGINNING.match(text)
    if found is None or _belongs(found, text):
        return _behind_known_title(text, where) or (None, text)
    word = (found[1] or found[found.lastindex or 1]).lower()
    rest = text[: found.start()] if found.start() else text[found.end(1) :]
    # Some write every blank as a hyphen: "the-big-short".
    hyphened = "-" in rest and found[0][0] == "-" and not re.search(r"[\s._()\[\]]", rest)
    titles_own = _is_titles(word, where) and not tables.DATED.search(rest)
    if hyphened or titles_own or not rest.strip(_EDGES):
        return None, text
    return _meant(word), rest.strip(_EDGES)


def _belongs(found: re.Match[str], text: str) -> bool:
    """Whether it is the title's: "Sample.People.2000" is no "sample-people.2000", and of the
    episode "S01E05 - Trailer" that is the title."""
    if found.re is tables.EXTRA_BEGINNING:
        return text[found.end(1)] != "-" and tables.DATED.search(text) is not None
    mark = tables.MARK.search(text) if found[0].startswith(" - ") else None
    return mark is not None and mark.end() == found.start()


def _behind_known_title(text: str, where: Context) -> tuple[str, str] | None:
    """ "Heat Trailer" in the folder of "Heat"."""
    found = tables.EXTRA_BEHIND_TITLE.fullmatch(text) if where.titles else None
    if found is None or _is_titles(found["word"], where):
        return None
    said = set(titles.keys(_BLANKS.sub(" ", found["title"])))
    known = {key for title in where.titles for key in titles.keys(title)}
    return None if known.isdisjoint(said) else (_meant(found["word"]), found["title"])


def _is_titles(word: str, where: Context) -> bool:
    return any(word.lower() in title.lower() for title in where.titles)


def _meant(word: str) -> str:
    return tables.EXTRA_WORDS[_BLANKS.sub("", word.lower()).removesuffix("s")]
