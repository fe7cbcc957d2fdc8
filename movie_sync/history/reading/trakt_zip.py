"""The zip that Trakt gives of an account (Settings, Data, Export), as its plays, ratings, wishes.

It has been made in two ways: files in the zip itself ("watched-history-1.json"), or in folders of
the person's name ("alice/watched/history-1.json"). The history comes in numbered pieces, which are
the plays themselves; "watched-movies" and "watched-shows" say how often and when last, and are
read only where there is no piece of the history. What is paused (playback), hidden, collected,
commented or in other lists is not history, and is left.
"""

import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from pathlib import PurePosixPath

from msgspec import Struct

from movie_sync import zip_members
from movie_sync.history.reading import trakt_items
from movie_sync.history.reading.entries import Entry, Problem, Reader
from movie_sync.history.reading.json_items import items
from movie_sync.table_cells import Malformed

FORM = "a Trakt export"

_FOLDERS = ("watched", "ratings", "lists", "hidden", "comments", "collection")
_PIECE = re.compile(r"(.+?)(?:-(\d{1,6}))?\.json")
_HISTORY = "watched-history"
_LAST = ("watched-movies", "watched-shows")
_RATINGS = ("ratings-movies", "ratings-shows", "ratings-seasons", "ratings-episodes")
_WISHES = "lists-watchlist"
_KNOWN = {_HISTORY, *_LAST, "watched-playback"}


class _Member(Struct, frozen=True):
    what: str  # "watched-history"
    number: int  # 0: it has none
    info: zipfile.ZipInfo

    @property
    def name(self) -> str:
        return PurePosixPath(self.info.filename).name


def is_one(names: list[str]) -> bool:
    return any(
        what == _HISTORY or what in _LAST or what in _RATINGS
        for what in (_what(name)[0] for name in names)
    )


def read(archive: zipfile.ZipFile, reader: Reader) -> Iterator[Entry]:
    members = sorted(
        (_Member(*_what(info.filename), info) for info in archive.infolist()),
        key=lambda member: (member.what, member.number, member.info.filename),
    )
    yield from _plays(archive, members, reader)
    for member in members:
        if member.what in _RATINGS:
            yield from _each(archive, member, lambda item: (trakt_items.rating(item),))
        elif member.what == _WISHES:
            yield from _each(archive, member, lambda item: (trakt_items.wish(item),))
        elif member.what.startswith("watched-") and member.what not in _KNOWN:
            yield Problem(member.name, "is of a kind that is not known; it was not read")


def _plays(archive: zipfile.ZipFile, members: list[_Member], reader: Reader) -> Iterator[Entry]:
    pieces = [member for member in members if member.what == _HISTORY]
    yield from _gaps([piece.number for piece in pieces])
    for piece in pieces:
        yield from _each(archive, piece, lambda item: (trakt_items.play(item, reader),))
    for member in () if pieces else members:
        if member.what in _LAST:
            yield Problem(
                member.name,
                "says only when each was watched last; earlier plays are not in this export",
            )
            yield from _each(archive, member, trakt_items.last_plays)


def _gaps(numbers: list[int]) -> Iterator[Problem]:
    for before, after in pairwise([0, *sorted(numbers)]):
        if after - before > 1:
            first, last = f"{_HISTORY}-{before + 1}.json", f" to -{after - 1}.json"
            place = first + (last if after - before > 2 else "")
            yield Problem(place, "is missing with its plays; export again")


def _each(
    archive: zipfile.ZipFile, member: _Member, made: Callable[[object], Iterable[Entry]]
) -> Iterator[Entry]:
    """What each item comes to. Where the file breaks off, a Problem, and no more of it."""
    count = 0
    try:
        with archive.open(member.info) as file:
            for count, item in enumerate(items(file), 1):
                try:
                    yield from made(item)
                except Malformed as error:
                    yield Problem(f"{member.name}, entry {count}", f"{error}; it was left out")
    except Malformed as error:
        fault = str(error)
    except zip_members.BROKEN as error:
        fault = f"is damaged ({error})"
    else:
        return
    yield Problem(f"{member.name}, after entry {count}", f"{fault}; the rest of it was not read")


def _what(name: str) -> tuple[str, int]:
    """What a member is by its name, and its number."""
    *folders, base = PurePosixPath(name).parts or ("",)
    found = _PIECE.fullmatch(base)
    if not found:
        return "", 0
    folder = folders[-1] if folders else ""
    inside = folder in _FOLDERS and not found[1].startswith(f"{folder}-")
    return f"{folder}-{found[1]}" if inside else found[1], int(found[2] or 0)
