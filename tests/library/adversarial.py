"""The labelled set that identifying is judged by: real titles with their traps, and files of them.

`titles.txt` is the world; `built.txt` was looked at while the rules were made. `held_out.txt` was
written before they were tuned and is only ever counted; two of its labels that were slips (an id
and a show that can be known, marked as questions) were set right after the first count.
`later.txt` was written against the finished rules, to break them, and then looked at as well. Each
case is made as files on a disk, and read by the importer as any folder is.
"""

import os
import re
import threading
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from msgspec import Struct

from movie_sync.library.catalogue import Answers, Both, Shelf
from movie_sync.library.folder_importer import FolderImporter
from movie_sync.library.identify import decide
from movie_sync.library.verdicts import (
    Ask,
    Known,
    OfIds,
    OfSeasons,
    OfTitle,
    Question,
    Sure,
    Verdict,
)
from movie_sync.library_models import EpisodeFacts, Found, Kind, SeasonFacts, Told

HERE = Path(__file__).parent / "adversarial"
LONG_AGO_S = 1_600_000_000
HOLDS = {"F": "films", "S": "shows", "B": "both"}

_SHOW = re.compile(
    r"(.+?) (\d{4}) <(\w\w)> \[([^\]]*)\](?: \{([^}]*)\})?((?: = .+)?)(?: \{([^}]*)\})?"
)
_ID = re.compile(r"\{(tmdb|imdb):(tv:)?([^}]+) (\d{4})\}|\[tmdbid:(tv:)?([^\]]+) (\d{4})\]")


class Case(Struct, frozen=True):
    of: str
    paths: tuple[str, ...]  # the first is judged
    holds: str
    expected: str
    nfo: str


class World:
    """What TMDB would say."""

    def __init__(self) -> None:
        self.shelf = Shelf()
        self.by_name: dict[tuple[Kind, str, int | None], Known] = {}
        for number, (known, seasons) in enumerate(_titles(), 1000):
            ids = {"tmdb": str(number), "imdb": f"tt{number:07}"}
            one = Known(**(_fields(known) | {"ids": ids}))
            self.shelf.add(one, seasons)
            self.by_name[one.kind, one.title, one.year] = one

    def answer(self, question: Question, answers: Answers) -> None:
        match question:
            case OfIds():
                answers.learn(question, self.shelf.by_ids(question.kind, dict(question.ids)))
            case OfSeasons():
                show = self.shelf.by_ids(Kind.SHOW, dict(question.ids))[0]
                answers.learn(question, seasons=self.shelf.seasons(show) or ())
            case OfTitle(kind=kind, title=title, year=year):
                borne = [one.known for one in self.shelf.titled(kind, title, None)]
                some = [*borne, *self.shelf.alike(kind, title, None)]
                kept = [one for one in some if year in (None, one.year)]
                answers.learn(question, list({one.identity: one for one in kept}.values())[:20])

    def named(self, text: str) -> Known:
        """ "Heat 1995", or "tv:The Wire 2002"."""
        kind = Kind.SHOW if text.startswith("tv:") else Kind.FILM
        title, year = text.removeprefix("tv:").rsplit(" ", 1)
        return self.by_name[kind, title, int(year)]


@cache
def world() -> World:
    return World()


def cases(name: str) -> list[Case]:
    found = []
    for line in (HERE / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("# "):
            of, paths, expected, *nfo = (part.strip() for part in line.split(" | "))
            holds, _, files = paths.partition(":")
            found.append(
                Case(
                    of,
                    tuple(_with_ids(path) for path in files.split(" + ")),
                    HOLDS[holds],
                    expected,
                    nfo[0] if nfo else "",
                )
            )
    return found


def tellings(case: Case, folder: Path) -> tuple[Told, ...]:
    """What the importer tells of the file, made in this empty folder."""
    made = [folder / path for path in case.paths]
    for path in made:
        _make(path, 4_000_000 if "sample" in path.name.lower() else 2_000_000_000)
    if case.nfo:
        path, text = _nfo(case, folder)
        path.write_text(text, encoding="utf-8")
        os.utime(path, (LONG_AGO_S, LONG_AGO_S))
    importer = FolderImporter("case", folder, holds=case.holds)
    found = importer.discover({}, threading.Event())
    judged = next(one for one in found if isinstance(one, Found) and one.path == str(made[0]))
    return judged.told


def verdict(told: Sequence[Told], case: Case, own: Shelf | None = None) -> Verdict:
    answers = Answers()
    catalogue = Both(own or Shelf(), answers)
    for _ in range(40):
        said = decide(told, catalogue, holds=case.holds)
        if not isinstance(said, Ask):
            return said
        world().answer(said.question, answers)
    raise AssertionError("it asks on and on")


def outcome(said: Verdict, case: Case) -> str:
    """In the words of the labels, and no more than the label says."""
    if not isinstance(said, Sure):
        return "?"
    known = said.known
    text = f"{known.title} {known.year}"
    if said.extra:
        return f"{'tv:' if known.kind is Kind.SHOW else ''}{text} !{said.extra}"
    if known.kind is Kind.SHOW:
        if said.season is None:
            return f"{text} {said.aired_on}"
        last = f"-{said.episodes[-1]}" if len(said.episodes) > 1 else ""
        return f"{text} s{said.season}e{said.episodes[0]}{last}"
    if "#" in case.expected:
        return f"{text} #{said.part}"
    return f"{text} ~{said.edition}" if "~" in case.expected else text


def _make(path: Path, size: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.truncate(size)
    os.utime(path, (LONG_AGO_S, LONG_AGO_S))


def _nfo(case: Case, folder: Path) -> tuple[Path, str]:
    video = folder / case.paths[0]
    root, _, said = case.nfo.partition(" ")
    fields = dict(part.strip().split("=", 1) for part in said.split(";"))
    tags = ""
    for name, value in fields.items():
        if name == "tmdb":
            number = world().named(value).ids["tmdb"]
            tags += f'<uniqueid type="tmdb" default="true">{number}</uniqueid>'
        else:
            tags += f"<{name}>{value.replace('&', '&amp;')}</{name}>"
    path = {
        "movie": video.parent / "movie.nfo",
        "file": video.with_suffix(".nfo"),
        "episode": video.with_suffix(".nfo"),
        "tvshow": folder / case.paths[0].split("/")[0] / "tvshow.nfo",
    }[root]
    tag = {"file": "movie", "episode": "episodedetails"}.get(root, root)
    return path, f"<{tag}>{tags}</{tag}>"


def _with_ids(path: str) -> str:
    def number(found: re.Match[str]) -> str:
        if found[6]:
            return f"[tmdbid-{world().named(f'{found[6]} {found[7]}').ids['tmdb']}]"
        ids = world().named(f"{found[2] or ''}{found[3]} {found[4]}").ids
        return f"{{{found[1]}-{ids[found[1]]}}}"

    return _ID.sub(number, path)


def _fields(known: Known) -> dict[str, object]:
    return {name: getattr(known, name) for name in known.__struct_fields__}


def _titles() -> Iterator[tuple[Known, list[SeasonFacts] | None]]:
    for line in (HERE / "titles.txt").read_text(encoding="utf-8").splitlines():
        kind, _, rest = line.partition(" ")
        for text in rest.split(" / ") if kind == "f" else ():
            named, *others = text.split(" = ")
            title, year = named.strip().rsplit(" ", 1)
            yield Known(kind=Kind.FILM, title=title, year=int(year), others=tuple(others)), None
        for text in re.split(r" / (?=[^{}]*(?:\{|\[|$))", rest) if kind == "s" else ():
            yield _show(text.strip())


def _show(text: str) -> tuple[Known, list[SeasonFacts]]:
    found = _SHOW.fullmatch(text)
    assert found, text
    title, year, country, counts, names, others, later = found.groups()
    said = dict(part.strip().split(" ", 1) for part in (names or later or "").split(";") if part)
    show = Known(
        kind=Kind.SHOW,
        title=title,
        year=int(year),
        others=tuple(other for other in (others or "").split(" = ") if other),
        countries=(country,),
    )
    seasons = [_season(n, each, said) for n, each in enumerate(counts.split(), 1)]
    specials = [
        EpisodeFacts(number=int(at[2:]), name=name) for at, name in said.items() if at[0] == "0"
    ]
    return show, [SeasonFacts(number=0, episodes=tuple(specials)), *seasons]


def _season(number: int, text: str, names: dict[str, str]) -> SeasonFacts:
    count, day, step = re.split(r"@|\+", text)
    first = date.fromisoformat(day)
    return SeasonFacts(
        number=number,
        aired_on=first,
        episodes=tuple(
            EpisodeFacts(
                number=n,
                name=names.get(f"{number}x{n:02}"),
                aired_on=first + timedelta(days=int(step) * (n - 1)),
            )
            for n in range(1, int(count) + 1)
        ),
    )
