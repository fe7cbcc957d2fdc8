"""Words of the rules that no show of the catalogue has: most likely a network by another name.

Only told of, and only once the whole catalogue was read: such a word may be of a network that is to
come. The words that TVmaze never uses are another matter, which `vocabulary.py` sees without it.
"""

import difflib
from collections.abc import Iterable, Iterator

import msgspec
from msgspec import Struct
from sqlalchemy import select

from movie_sync.shows import vocabulary
from movie_sync.shows.catalogue import COMPLETE
from movie_sync.shows.store import ShowStore
from movie_sync.shows_settings import NONE, Both, Exclude, Selection, Shows
from movie_sync.tables import shows

KINDS = {
    "types": (shows.c.type,),
    "genres": (shows.c.genres,),
    "languages": (shows.c.language,),
    "countries": (shows.c.country,),
    "networks": (shows.c.network, shows.c.web_channel),
}
ONE_OF = vocabulary.SINGULAR | {"countries": "country", "networks": "network"}
ALIKE, MOST = 0.7, 3


class Unfamiliar(Struct, frozen=True):
    """A word that stands in a list of the rules, and in no show."""

    key: str  # "shows.selections[0].networks"
    sentence: str

    def __str__(self) -> str:
        return f"{self.key}: {self.sentence}"


def unfamiliar(store: ShowStore, settings: Shows) -> list[Unfamiliar]:
    """None before the whole catalogue was read."""
    lists = [(key, kind, words) for key, kind, words in _lists(settings) if words]
    if not lists or store.meta(COMPLETE) is None:
        return []
    known = {kind: _known(store, kind) for kind in {kind for _, kind, _ in lists}}
    return [
        Unfamiliar(key, _sentence(kind, word, known[kind]))
        for key, kind, words in lists
        for word in _sound(kind, words)
        if word.casefold() not in known[kind]
    ]


def _lists(settings: Shows) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Every list of words: its key, its kind, and the words."""
    given: list[tuple[str, Exclude | Selection]] = [("shows.exclude", settings.exclude)]
    given += [(f"shows.selections[{at}]", one) for at, one in enumerate(settings.selections)]
    for where, one in given:
        for kind in KINDS:
            for before in ("", "exclude_"):
                yield f"{where}.{before}{kind}", kind, getattr(one, before + kind, ())
    for kind in KINDS:
        both: Both = getattr(settings.filters, kind)
        yield f"shows.filters.{kind}.include", kind, both.include
        yield f"shows.filters.{kind}.exclude", kind, both.exclude


def _sound(kind: str, words: Iterable[str]) -> Iterator[str]:
    """As the rules read them; without those of which they say already that they are wrong."""
    for word in words:
        read = vocabulary.read(kind, (word,), "")
        if not read.problems:
            yield from (each for each in read.known if each != NONE)


def _known(store: ShowStore, kind: str) -> dict[str, str]:
    """What shows have: in small letters -> as it is written."""
    found: set[str] = set()
    with store.db.read() as connection:
        for column in KINDS[kind]:
            found |= set(connection.execute(select(column).distinct()).scalars()) - {None}
    if kind == "genres":
        found = {one for text in found for one in msgspec.json.decode(text, type=list[str])}
    return {word.casefold(): word for word in sorted(found)}


def _sentence(kind: str, word: str, known: dict[str, str]) -> str:
    told = f'no show of the catalogue has the {ONE_OF[kind]} "{word}"'
    small = word.casefold()
    if kind == "countries":
        return told
    near = difflib.get_close_matches(small, known, 1, ALIKE)
    within = [name for name in known if small in name.split() or name.startswith(small)]
    meant = [known[each] for each in dict.fromkeys([*near, *within])][:MOST]
    named = " or ".join(f'"{one}"' for one in meant)
    return f"{told}; did you mean {named}?" if named else told
