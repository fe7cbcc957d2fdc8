"""How the library is told of on a terminal."""

import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

import click

from movie_sync.films.space import sized
from movie_sync.library_models import TMDB_ATTRIBUTION, Kind
from movie_sync.views import library_files as of_files
from movie_sync.views.words import ago

if TYPE_CHECKING:
    from movie_sync.library.page_rows import Counts
    from movie_sync.library.running import Library
    from movie_sync.library.scanning import Outcome
    from movie_sync.views.library import LibraryTitle, Shelf
    from movie_sync.views.library_files import Files, LibraryFile
    from movie_sync.views.library_review import Decision, Inbox, Question
    from movie_sync.views.library_sources import LibrarySource
    from movie_sync.views.library_title import LibraryTitlePage, Season

PROGRESS_S = 0.5
MOST_NAMES = 6
# What a look comes to, in the order in which it is told.
LOOKED = {
    "new": "new", "changed": "changed", "moved": "moved", "back": "back", "gone": "gone",
    "held": "not found and not believed to be gone",
}  # fmt: skip


def scan_lines(done: "Outcome", *, probed: bool) -> Iterator[str]:
    """What a scan has come to, and what is left to do."""
    looked = {name: getattr(done, name) for name in LOOKED}
    yield f"{files(done.discovered)} found in {', '.join(done.sources)}; {_looked(looked)}"
    owned = (_count(done.films, "film"), _count(done.shows, "show"), files(done.files))
    yield f"the library has {', '.join(owned)}"
    if probed:
        yield f"{done.enriched:,} files and titles were told more of, {done.failed:,} failed"
    elif left := done.waiting + done.unprobed:
        yield (f"{left:,} files are to be asked about or looked into yet; the program does that "
               "while it runs, and `library scan --probe` does it now")  # fmt: skip
    if done.broken:
        yield f"{files(done.broken)} cannot be used: library files broken"
    if done.needs_review:
        yield f"needs you: {_wait(done.needs_review)} for your word: library review"
    for name, why in done.problems.items():
        yield f"needs you: {name}: {why}"


def summary(counts: "Counts") -> str:
    """The library in one sentence."""
    owned = [_count(counts.films, "film"), _count(counts.shows, "show"), files(counts.files)]
    said = f"{', '.join(owned)} of {sized(counts.size_bytes)}"
    return f"{said}; {_wait(counts.review)} for your word" if counts.review else said


def shelf_lines(found: "Shelf") -> Iterator[str]:
    for row in found.rows:
        yield f"{row.id:>6}  {row.kind:<4}  {_named(row)}: {_about(row)}"
    if not found.rows:
        yield "there is none"
    if found.page < found.pages:
        yield f"page {found.page} of {found.pages}, {found.total:,} in all; --page shows others"


def title_lines(found: "LibraryTitlePage") -> Iterator[str]:
    """All of a title that a person looks for first."""
    title = found.title
    yield f"{_named(title)}: {title.kind} {title.id} of the library; {_about(title)}"
    if found.original_title and found.original_title != title.title:
        yield f"originally {found.original_title}"
    if found.overview:
        yield found.overview
    facts = (", ".join(title.genres), f"{title.runtime_min} min" if title.runtime_min else None)
    if known := "; ".join(each for each in facts if each):
        yield known
    if found.collection:
        yield f"one of: {found.collection.name}"
    for what, credits in (("with", found.cast), ("by", found.crew)):
        if credits:
            yield f"{what}: {', '.join(one.name for one in credits[:MOST_NAMES])}"
    for link in found.links:
        yield f"{link.name}: {link.url}"
    for season in found.seasons:
        yield from _season_lines(season)
    for file in (*found.files, *found.extras):
        yield from _file_lines(file)
    for one in found.history:
        took = " (undone)" if one.undone_at else ""
        yield f"{one.made_at:%Y-%m-%d}  {one.file}: {one.sentence}{took}"
    if found.ids.get("tmdb"):
        yield TMDB_ATTRIBUTION


def file_lines(found: "Files") -> Iterator[str]:
    for file in found.rows:
        why = file.problem or (file.match.sentence if file.match else "")
        said = f": {why}" if why else ""
        yield f"{file.id:>6}  {file.standing:<8}  {file.path or file.name}{said}"
    if not found.rows:
        yield "there is none"
    if found.page < found.pages:
        yield f"page {found.page} of {found.pages}, {found.total:,} in all; --page shows others"


def review_lines(found: "Inbox", decided: "Sequence[Decision]") -> Iterator[str]:
    """Questions with what may be meant, and how to answer; then what was decided."""
    for one in found.questions:
        yield from _question_lines(one)
    if not found.questions:
        yield "nothing waits for your word"
    else:
        yield "answer by: library review approve|choose|ignore NUMBER"
    if found.next_after is not None:
        yield f"{found.total:,} files in all; --after {found.next_after} shows more"
    if decided:
        yield "decided lately; library review undo NUMBER takes it back:"
    for done in decided:
        yield f"{done.id:>6}  {done.about}: {done.sentence}"


def source_lines(found: "Sequence[LibrarySource]", now: datetime) -> Iterator[str]:
    for one in found:
        where = one.path or one.kind
        yield f"{one.name}: {where}, {HOLDS[one.holds]}; {_looked_at(one, now)}"
        counted = {"to be answered": one.review, "broken": one.broken, "gone": one.gone_files}
        of_it = [f"{count:,} {words}" for words, count in counted.items() if count]
        yield f"  {', '.join([f'{files(one.files)} of {sized(one.size_bytes)}', *of_it])}"
        if one.now is not None:
            yield f"  is looked at now: {files(one.now.get('discovered', 0))} so far"
        if one.problem:
            since = f" (away since {one.away_since:%Y-%m-%d %H:%M})" if one.away_since else ""
            yield f"  needs you: {one.problem}{since}"
        if not one.is_set_up:
            yield f"  no setting names it any more; library sources remove {one.name} forgets it"


HOLDS = {"films": "films", "shows": "shows", "both": "films and shows"}


def files(count: int) -> str:
    return _count(count, "file")


@contextmanager
def progress(library: "Library") -> Iterator[None]:
    """A line that moves while sources are looked at, on a terminal."""
    if not sys.stderr.isatty():
        yield
        return
    done = threading.Event()

    def tell() -> None:
        while not done.wait(PROGRESS_S):
            for look in library.looking():
                told = f"{look.source}: {files(look.discovered)} so far"
                click.echo(f"\r{told} \x1b[K", nl=False, err=True)

    teller = threading.Thread(target=tell, name="progress", daemon=True)
    teller.start()
    try:
        yield
    finally:
        done.set()
        teller.join()
        click.echo("\r\x1b[K", nl=False, err=True)


def _count(count: int, what: str) -> str:
    return f"1 {what}" if count == 1 else f"{count:,} {what}s"


def _wait(count: int) -> str:
    return "1 file waits" if count == 1 else f"{count:,} files wait"


def _looked(counts: Mapping[str, int]) -> str:
    """ "3 new, 1 gone": what a look came to."""
    some = [f"{counts[name]:,} {words}" for name, words in LOOKED.items() if counts.get(name)]
    return ", ".join(some) or "nothing changed"


def _looked_at(one: "LibrarySource", now: datetime) -> str:
    if not one.enabled and one.is_set_up:
        return "not looked at, as it is set"
    if one.last_scan_at is None:
        return "never looked at"
    return f"looked at {ago(one.last_scan_at, now)}: {_looked(one.counts)}"


def _named(row: "LibraryTitle") -> str:
    return f"{row.title} ({row.year})" if row.year else row.title


def _about(row: "LibraryTitle") -> str:
    """Its files at a glance: "2 files of 8.6 GB, 1080p, HDR10"."""
    if not row.files:
        return "its files are gone" if row.gone_files else "no file"
    of_show = None
    if row.kind is Kind.SHOW:
        aired = f" of {row.episodes_aired}" if row.episodes_aired else ""
        of_show = f"{row.episodes_owned}{aired} episodes" if aired else None
        of_show = of_show or _count(row.episodes_owned, "episode")
    words = (of_show, f"{files(row.files)} of {sized(row.size_bytes)}",
             of_files.lines_words(row.lines), of_files.hdr_words(row.hdr),
             f"{row.broken_files} broken" if row.broken_files else None)  # fmt: skip
    return ", ".join(each for each in words if each)


def _season_lines(season: "Season") -> Iterator[str]:
    name = f"season {season.number}" if season.number else "specials"
    missing = [str(one.number) for one in season.episodes if one.presence == "missing"]
    lacks = f", missing {', '.join(missing)}" if missing and season.number else ""
    yield f"{name}: {season.there} of {len(season.episodes)} episodes{lacks}"


def _file_lines(file: "LibraryFile") -> Iterator[str]:
    """A file: where, how good, and why it is taken for what it is."""
    state = "" if file.is_there else " (gone)"
    yield f"file {file.id}{state}: {file.path or file.name}"
    spoken = f"spoken {', '.join(file.spoken)}" if file.spoken else None
    written = f"subtitles {', '.join(file.subtitles)}" if file.subtitles else None
    what = (file.extra, file.edition, f"part {file.part}" if file.part else None,
            sized(file.size_bytes), *file.quality, spoken, written)  # fmt: skip
    yield f"  {', '.join(each for each in what if each)}"
    if file.problem:
        yield f"  cannot be used: {file.problem}"
    if file.match:
        by = "" if file.by_hand else f" ({file.match.confidence:.0%})"
        yield f"  {file.match.sentence}{by}; shown by {', '.join(_shown_by(file))}"


def _shown_by(file: "LibraryFile") -> list[str]:
    return list(dict.fromkeys(one.source for one in file.sightings)) or ["nobody now"]


def _question_lines(asked: "Question") -> Iterator[str]:
    name = asked.files[0].name if asked.count == 1 and asked.files else None
    about = name or f"{files(asked.count)} in {asked.folder}"
    yield f"{asked.id:>6}  {about}: {asked.sentence}"
    for number, one in enumerate(asked.candidates, 1):
        year = f" ({one.year})" if one.year else ""
        score = f", {one.score:.0%}" if one.score is not None else ""
        why = f": {one.why}" if one.why else ""
        yield f"        {number}. {one.title}{year}, {one.kind}{score}{why}"
