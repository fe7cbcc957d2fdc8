"""What the indexers offer for a film at this moment, judged and ranked; nothing is taken."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from movie_sync.films import decision
from movie_sync.films.asking import Answer, ask_all
from movie_sync.films.identity import look_up
from movie_sync.films.sync import blocked
from movie_sync.models import Film, Item
from movie_sync.services import FilmFacts, Indexer
from movie_sync.settings import Profile


def offers(
    film: Film,
    item: Item | None,
    profile: Profile,
    now: datetime,
    *,
    facts: Sequence[FilmFacts],
    indexers: Sequence[Indexer],
) -> dict[str, Any]:
    """For JSON: "film" as all sources know it, "summary" in a sentence, every release with its
    rank or all that is held against it, and "silent": why indexers did not answer.

    Args:
        item: the film's in the queues, with what is kept away from it; None where it has none.

    Raises:
        ServiceError: no indexer answers.
    """
    film, answer = asked(film, now, facts=facts, indexers=indexers)
    kept_away = blocked(item) if item else {}
    choice = decision.choose(film, answer.releases, profile, blocked=kept_away, now=now)
    return {
        "film": msgspec.to_builtins(film),
        "summary": f"{choice.why_not()}; {choice.why_best()}" if choice.best else choice.why_not(),
        "releases": decision.explain(choice, most=None),
        "silent": list(answer.silent),
    }


def asked(
    film: Film, now: datetime, *, facts: Sequence[FilmFacts], indexers: Sequence[Indexer]
) -> tuple[Film, Answer]:
    """The film as all sources know it, and all that is offered for it, judged by nobody."""
    film = look_up(facts, film, now.date())
    return film, ask_all(indexers, film)
