"""What would be taken for the first few films that are wanted, and why; nothing is taken.

A person waits for it, so it ends after a while with what there is by then.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from movie_sync import wiring
from movie_sync.credentials import Credentials
from movie_sync.errors import MovieSyncError
from movie_sync.films.offers import offers
from movie_sync.films.space import sized
from movie_sync.models import Film
from movie_sync.services import FilmFacts, Indexer
from movie_sync.settings import Config
from movie_sync.wiring_first import first_films

MOST_FILMS = 3
WITHIN_S = 20.0
NO_INDEXER = "no indexer is set up with its login, so nothing can be searched"


class Example(Struct, frozen=True):
    """One film: the release that would be taken, or none, and the reason as a sentence."""

    title: str
    why: str
    release: str = ""
    facts: str = ""  # its size and where it is from
    silent: tuple[str, ...] = ()  # why indexers did not answer


class Outcome(Struct, frozen=True):
    """What was found within the time."""

    examples: tuple[Example, ...]
    whole: bool  # nothing more was under way
    problem: str = ""  # why there is none


def example(
    home: Path,
    config: Config,
    credentials: Credentials,
    known: Callable[[], Sequence[Film]],
    *,
    within_s: float = WITHIN_S,
) -> Outcome:
    """Ask the indexers with these settings, which need not be in force.

    Args:
        known: films that are wanted already; of the watchlists only where it gives none.
    """
    look = _Look()

    def work() -> None:
        try:
            _look(look, home, config, credentials, known)
        except MovieSyncError as error:
            look.problem = str(error)

    # A thread of its own, so that a site which does not answer keeps nobody waiting.
    thread = threading.Thread(target=work, name="example", daemon=True)
    thread.start()
    thread.join(within_s)
    look.stop.set()
    return Outcome(tuple(look.found), not thread.is_alive(), look.problem)


@dataclass
class _Look:
    """What both threads know."""

    stop: threading.Event = field(default_factory=threading.Event)
    found: list[Example] = field(default_factory=list)
    problem: str = ""


def _look(
    look: _Look,
    home: Path,
    config: Config,
    credentials: Credentials,
    known: Callable[[], Sequence[Film]],
) -> None:
    pace = wiring.pacer(look.stop)
    indexers = wiring.indexers(config, home, credentials, pace)
    facts = [wiring.letterboxd(config, pace), *wiring.film_facts(config, credentials, pace)]
    for film in list(known())[:MOST_FILMS] or first_films(config, pace, MOST_FILMS):
        if look.stop.is_set():
            return
        look.found.append(_one(film, config, facts, indexers))


def _one(
    film: Film, config: Config, facts: Sequence[FilmFacts], indexers: Sequence[Indexer]
) -> Example:
    if not indexers:
        return Example(str(film), NO_INDEXER)
    now = datetime.now(UTC)
    try:
        told = offers(film, None, config.profile, now, facts=facts, indexers=indexers)
    except MovieSyncError as error:
        return Example(str(film), str(error))
    best = next((one for one in told["releases"] if one.get("rank") == 1), None)
    silent = tuple(told["silent"])
    if best is None:
        return Example(str(film), told["summary"], silent=silent)
    said = f"{sized(best['size_bytes'])} from {best['indexer']}"
    return Example(str(film), told["summary"], best["name"], said, silent)
