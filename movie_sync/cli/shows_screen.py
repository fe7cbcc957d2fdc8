"""How shows are told of on a terminal."""

import json
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from movie_sync import wiring_shows
from movie_sync.errors import ConfigError
from movie_sync.shows_settings import Shows
from movie_sync.views.words import ago

if TYPE_CHECKING:
    from movie_sync.models import Show
    from movie_sync.shows import running
    from movie_sync.shows.judging import Preview
    from movie_sync.shows.standing import Standing

# States, as a person says them, in the order in which they are told.
WORDS = {
    "pending": "to be added", "review": "waiting for your word", "queued": "queued",
    "added": "added", "exists": "in Sonarr before", "pending_tvdb": "without a TVDB id yet",
    "failed": "failed", "skipped": "never to be added", "gone": "taken out of Sonarr",
    "filtered": "not wanted",
}  # fmt: skip
MOST = 8  # reasons
PROGRESS_S = 1.0
DRY_RUN = 'this is a dry run: nothing is added until "shows.dry_run" is false'


def settings_of(path: Path) -> Shows:
    """The section "shows" of this file, or the file itself where it has none.

    Raises:
        ConfigError: it cannot be read, or is not such a section; the message says where.
    """
    try:
        found = json.loads(path.read_bytes())
        section = found.get("shows", found) if isinstance(found, dict) else found
        return msgspec.convert(section, Shows)
    except OSError as error:
        raise ConfigError(f"{path} cannot be read ({error.strerror})") from error
    except (ValueError, msgspec.ValidationError) as error:
        what = 'the section "shows"'
        raise ConfigError(f"{path} is not {what}: {error}; nothing was judged") from error


def counted(counts: Mapping[str, int]) -> str:
    """ "12 to be added, 300 not wanted": what there is of each state."""
    some = [f"{counts[state]:,} {words}" for state, words in WORDS.items() if counts.get(state)]
    return ", ".join(some) or "none yet"


def reasons(found: Mapping[str, int]) -> str:
    ranked = sorted(found.items(), key=lambda pair: -pair[1])
    some = [f"{code.replace('_', ' ')} {count:,}" for code, count in ranked[:MOST]]
    return ", ".join([*some, *(["and others"] if len(ranked) > MOST else [])])


def preview_lines(found: "Preview", now: "Standing", where: str) -> Iterator[str]:
    """What the rules would do."""
    yield f"by the rules of {where}, of {found.shows:,} shows: {counted(found.counts)}"
    for rule, count in sorted(found.selections.items(), key=lambda pair: -pair[1]):
        some = found.examples.get(rule, ())
        named = f", newly {', '.join(some)}" if some else ""
        yield f"  {rule}: {count:,}{named}{' ...' if count > len(some) and some else ''}"
    if found.reasons:
        yield f"not wanted for: {reasons(found.reasons)}"
    if found.passing or found.leaving:
        yield f"against now: {found.passing:,} newly pass, {found.leaving:,} no longer"


def preview_data(found: "Preview", now: "Standing", problems: tuple[str, ...]) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(found)
    return told | {"dry_run": now.dry_run, "problems": problems}


def attribution() -> str:
    from movie_sync.views.shows import ATTRIBUTION, SOURCE_URL

    return f"{ATTRIBUTION}: {SOURCE_URL}, licensed CC BY-SA"


def summary(found: "Standing", now: datetime) -> Iterator[str]:
    passing = found.proposal.passing
    shows = "1 show" if passing == 1 else f"{passing:,} shows"
    if found.dry_run:
        yield f"dry run, {shows} would be added"
    else:
        yield f"{found.counts.get('added', 0):,} added, {passing:,} to be added"
    if review := found.counts.get("review"):
        yield f"{review:,} wait{'s' * (review == 1)} for your word"
    if found.complete_at:
        yield f"{found.shows:,} known, changes read {ago(found.changes_at, now)}"
    else:
        yield f"the catalogue is not read whole yet, {found.shows:,} shows so far"


def status_lines(found: "Standing", running: dict[str, Any] | None, now: datetime) -> Iterator[str]:
    """All that `shows status` says; `running` is what the running program says of itself."""
    if not found.enabled:
        yield wiring_shows.OFF
    yield "; ".join(summary(found, now))
    if running and running.get("running"):
        yield f"a cycle is in hand: {running['now']}"
    elif running and found.next_at:
        yield f"TVmaze is asked again {ago(found.next_at, now)}"
    yield counted(found.counts)
    if found.reasons:
        yield f"not wanted for: {reasons(found.reasons)}"
    if not found.judged and found.shows:
        yield "the rules are others than these shows were judged by: shows preview"
    yield from proposal_lines(found)
    for sentence in _troubles(found, running or {}):
        yield f"needs you: {sentence}"


def proposal_lines(found: "Standing") -> list[str]:
    """What would be added, or is to be, by rule."""
    told = found.proposal.lines()
    if found.dry_run:
        return told if found.proposal.passing else [*told, DRY_RUN]
    return ["to be added, by rule, as far as the caps of a day allow:", *told[1:]] * bool(told[1:])


def _troubles(found: "Standing", running: dict[str, Any]) -> list[str]:
    said = [*found.problems, *(text.removeprefix("shows: ") for text in running.get("trouble", ()))]
    said += [running["problem"]] if running.get("problem") else []
    return list(dict.fromkeys(said))


def facts(show: "Show") -> str:
    on = show.network or show.web_channel
    known = [
        show.type, show.language, show.country, on, "/".join(show.genres), show.status,
        f"{show.runtime_min} min" if show.runtime_min else None,
        f"rated {show.rating}" if show.rating is not None else "not rated",
        f"TVDB {show.tvdb_id}" if show.tvdb_id else "no TVDB id",
    ]  # fmt: skip
    return ", ".join(each for each in known if each)


@contextmanager
def progress(shows: "running.Shows") -> Iterator[None]:
    """A line that moves while the catalogue is read, on a terminal."""
    if not sys.stderr.isatty():
        yield
        return
    done = threading.Event()

    def tell() -> None:
        while not done.wait(PROGRESS_S):
            cycle = shows.sync.cycle
            if cycle and cycle.read:
                click.echo(f"\r{cycle.sentence} \x1b[K", nl=False, err=True)

    teller = threading.Thread(target=tell, name="progress", daemon=True)
    teller.start()
    try:
        yield
    finally:
        done.set()
        teller.join()
        click.echo("\r\x1b[K", nl=False, err=True)


def data(found: "Standing") -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(found)
    return told | {"lines": found.proposal.lines(), "attribution": attribution()}
