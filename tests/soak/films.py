"""The films of a soak, who truly lists them, and what is offered of each: all from one seed."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from movie_sync.models import Film, Release
from movie_sync.torrents import read
from tests import make

LISTS = ("letterboxd:alice", "letterboxd:bob", "list:club")
INDEXERS = ("north", "south")
QUALITIES = ("720p.WEB-DL.H.264", "1080p.WEB-DL.H.264", "1080p.BluRay.x264", "2160p.WEB-DL.H.265")
RUNTIME_MIN = 100
_SYLLABLES = [first + second for first in "bdfgklmnprtvz" for second in "aeiou"]


class Fate(StrEnum):
    """What comes of it when a release is taken."""

    GOOD = "good"
    SLOW = "slow"
    PAUSED = "paused by a person, who goes on days later"
    HALTED = "client error that passes"
    STALLS = "stalls"
    DELETED = "deleted by a person in the client"
    LONG_NAME = "a name that the disk cannot hold"
    WRONG = "another film"
    NO_VIDEO = "no video in the file"
    NO_TORRENT = "a web page for a torrent"
    GONE = "no longer at the indexer"
    FAKE = "a torrent of programs"
    TURNED_AWAY = "refused by the client"


ARRIVES = frozenset({Fate.GOOD, Fate.SLOW, Fate.PAUSED, Fate.HALTED})
_WEIGHTS = (60, 8, 3, 3, 4, 3, 2, 4, 3, 3, 3, 2, 2)


@dataclass(frozen=True)
class Offer:
    """A release, and the truth about it."""

    number: int  # of the film that it says it is
    release: Release
    fate: Fate
    since: datetime

    @cached_property
    def file(self) -> str:
        return f"{self.release.name}.{'exe' if self.fate is Fate.FAKE else 'mkv'}"

    @cached_property
    def content(self) -> bytes:
        """The first line tells what film it is, as its picture would; the second how long."""
        truly = self.number + 1 if self.fate is Fate.WRONG else self.number
        minutes = 7 if self.fate is Fate.WRONG else RUNTIME_MIN
        said = "noise" if self.fate is Fate.NO_VIDEO else f"film {truly}"
        return f"{said}\n{minutes}\n{self.release.name}\n".encode()

    @cached_property
    def files(self) -> dict[str, bytes]:
        return {self.file: self.content, "en.srt": f"film {self.number}\n".encode()}

    @cached_property
    def torrent(self) -> bytes:
        sizes = {name: len(content) for name, content in self.files.items()}
        return make.torrent_of_files(self.release.name, sizes)

    @cached_property
    def handle(self) -> str:
        return read(self.torrent).handle


@dataclass
class Movie:
    """A film, with what the outside knows of it."""

    number: int
    film: Film  # as lists tell it
    facts: Film  # as a site knows it
    offers: list[Offer]
    lists: dict[str, datetime] = field(default_factory=dict)  # that truly name it, since when
    told: dict[str, datetime] = field(default_factory=dict)  # when a reading last named it
    owned: Path | None = None  # a person's own copy in the library
    blame: int = 0  # answers about this very film that may use up an attempt
    skipped: bool = False
    removed: bool = False
    queued: bool = False

    @property
    def id(self) -> str:
        return f"film:{self.film.key}"


def make_films(count: int, days: int, begins: datetime, chance: random.Random) -> list[Movie]:
    return [_movie(number, days, begins, chance) for number in range(count)]


def title_of(number: int) -> str:
    """A word that no language, quality or group is called."""
    word = ""
    for _ in range(3):
        number, digit = divmod(number, len(_SYLLABLES))
        word += _SYLLABLES[digit]
    return f"The {word.capitalize()} Affair"


def _movie(number: int, days: int, begins: datetime, chance: random.Random) -> Movie:
    facts = make.film(
        number,
        title=title_of(number),
        year=1950 + number % 70,
        imdb_id=f"tt{1000000 + number}",
        runtime_min=RUNTIME_MIN,
    )
    # A list that tells no id has its films looked up, each against all others.
    told = make.film(number, title=facts.title, year=facts.year) if number % 40 == 0 else facts
    return Movie(number, told, facts, list(_offers(number, facts, days, begins, chance)))


def _offers(
    number: int, film: Film, days: int, begins: datetime, chance: random.Random
) -> Iterator[Offer]:
    if chance.random() < 0.06:
        return  # nobody ever has it
    first = 0.0 if chance.random() < 0.75 else chance.uniform(0, days * 0.9)
    for at in range(chance.choice((1, 2, 2, 3, 4))):
        name = f"{film.title.replace(' ', '.')}.{film.year}.{chance.choice(QUALITIES)}-G{at}"
        release = make.release(
            indexer=chance.choice(INDEXERS),
            id=f"{number}-{at}",
            name=name,
            imdb_id=film.imdb_id if chance.random() < 0.7 else None,
            seeders=chance.randint(1, 90),
        )
        fate = chance.choices(tuple(Fate), _WEIGHTS)[0]
        late = 0.0 if at == 0 else chance.uniform(0, days / 3)
        yield Offer(number, release, fate, begins + timedelta(days=first + late))
