"""How titles and names are searched and sorted, the same in every database and script. Pure.

A search finds "Été" by "ete" and "WALL·E" by "walle": both sides lose their case, accents and
signs. Databases differ in what they fold, so that they are given what is folded already.
"""

from collections.abc import Iterable

from movie_sync.title_keys import strict, words_of

_ARTICLES = frozenset(("the", "a", "an"))
_LONGEST = 600  # of one title's text to be searched; a few have a hundred titles


def search_text(titles: Iterable[str | None]) -> str:
    """What `search_words` are looked for in."""
    texts: dict[str, None] = {}
    for title in titles:
        if title:
            texts |= dict.fromkeys((folded(title), strict(title)))
    whole = " ".join(texts)
    return whole[:_LONGEST]


def search_words(text: str) -> list[str]:
    """All of these are in what is meant; none where there is nothing to search for."""
    return folded(text).split()


def folded(text: str) -> str:
    """A text of signs alone stays as it is."""
    return " ".join(words_of(text)) or " ".join(text.casefold().split())


def sort_key(title: str) -> str:
    """Where it stands in a list of names: "The Third Man" under T, as in a shop."""
    words = folded(title).split()
    if len(words) > 1 and words[0] in _ARTICLES:
        del words[0]
    return " ".join(words)


def like(word: str) -> str:
    """The word anywhere in a text, for LIKE with a backslash as its escape."""
    escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
