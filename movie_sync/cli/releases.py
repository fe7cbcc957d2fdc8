"""`releases`: read names of releases, and match them with films, for scripts."""

import sys
from collections.abc import Iterator
from typing import Any

import click
import msgspec
from msgspec import Struct

from movie_sync import releases, titles
from movie_sync.models import Film
from movie_sync.releases import Kind, Modifier, ReleaseName, Source


class Question(Struct):
    """Is this release of this film? One line for `releases match`."""

    title: str
    release: str
    year: int | None = None
    original_title: str | None = None
    alternative_titles: tuple[str, ...] = ()
    imdb_id: str | None = None
    tmdb_id: int | None = None
    namesakes: tuple[int, ...] = ()


@click.group("releases", help=__doc__)
def command() -> None:
    pass


@command.command()
def parse() -> None:
    """Tell what release names say.

    In, on standard input: one name a line. Out: one JSON object a line, with titles (candidates,
    best first), year, kind (film, tv, or unknown for what is no release), source, resolution,
    group and the like; null is what the name does not say.
    """
    for _, line in _lines():
        # Uncached: a script hands over each name once.
        _answer(as_data(releases.read.__wrapped__(line)))


@command.command()
def match() -> None:
    """Tell whether releases are of films.

    In, on standard input: one JSON object a line, {"title": "Dune", "year": 2021, "release":
    "Dune.2021.1080p.WEB-DL-GRP"}, and where known original_title, alternative_titles, imdb_id,
    tmdb_id, and namesakes: the years of other films of that title. Out: {"match": true, "why":
    null}, or false and why in words. Without namesakes the film is taken to have none: a year
    that is off by one, or not said, then passes.
    """
    for number, line in _lines():
        try:
            question = msgspec.json.decode(line, type=Question)
        except msgspec.MsgspecError as error:
            what = f"line {number} is no question that can be read: {error}"
            raise click.UsageError(f"{what}; the lines before it are answered") from None
        why = why_not(question)
        _answer({"match": why is None, "why": why})


def why_not(asked: Question) -> str | None:
    """In words, why the release is not of the film; None if it is."""
    film = Film(
        key="asked",
        title=asked.title,
        year=asked.year,
        original_title=asked.original_title,
        alternative_titles=asked.alternative_titles,
    )
    found = releases.read(asked.release)
    if found.kind is Kind.TV:
        return "is of a series"
    if found.kind is not Kind.FILM:
        return "is not named like a release of one film"
    for offered, wanted in ((found.imdb_id, asked.imdb_id), (found.tmdb_id, asked.tmdb_id)):
        if offered and wanted:  # an id decides over names
            return None if offered == wanted else f"is of {offered}, wanted {wanted}"
    namesakes = set(asked.namesakes) - {asked.year}
    return titles.other_title(film, found.titles) or titles.other_year(film, found.year, namesakes)


def _lines() -> Iterator[tuple[int, str]]:
    """The lines on standard input as they come, numbered from 1; stray bytes do no harm."""
    for number, line in enumerate(sys.stdin.buffer, 1):
        yield number, line.decode("utf-8", "replace").rstrip("\r\n").removeprefix("\ufeff")


def _answer(data: dict[str, Any]) -> None:
    """One line, at once: a script may wait for it before it asks again."""
    sys.stdout.buffer.write(msgspec.json.encode(data) + b"\n")
    sys.stdout.buffer.flush()


def as_data(name: ReleaseName) -> dict[str, Any]:
    """What a name says, and its quality in the classes that other programs sort by.

    They know no unknown source: what has lines is of a broadcast. They know no screener, no disc
    of a series, and 576 lines on Blu-ray alone; a disc and a raw broadcast are of 1080 lines.
    """
    data: dict[str, Any] = msgspec.to_builtins(name)
    source, lines, modifier = name.likely_source, name.likely_resolution, name.modifier
    if name.kind is Kind.TV:  # series are recorded, and their groups are not looked at
        source = name.source or (source if source is Source.BLURAY else None)
    if source is None and lines:
        source = Source.TV
    if source is Source.SCREENER:
        source = Source.DVD
    if modifier is Modifier.DISC and name.kind is Kind.TV:
        modifier = None
    if (modifier is Modifier.DISC and source is Source.BLURAY) or modifier is Modifier.RAWHD:
        lines = 1080
    if source is Source.DVD or (lines == 576 and source is not Source.BLURAY):
        lines = 480
    data["source"], data["resolution"], data["modifier"] = source, lines, modifier
    if modifier is Modifier.DISC:
        data["modifier"] = "brdisk" if source is Source.BLURAY else "remux"
    data["imdb"], data["tmdb"] = data.pop("imdb_id"), data.pop("tmdb_id")
    return data
