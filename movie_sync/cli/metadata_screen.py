"""What TMDB says, in lines for a terminal. Pure."""

import textwrap
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from movie_sync.library_models import Credit, Facts, SeasonFacts, Suggestion
from movie_sync.retries import span

if TYPE_CHECKING:
    from movie_sync.library.metadata_cache import Stats

WIDTH = 100
MOST_NAMES = 8


def facts_lines(facts: Facts) -> Iterator[str]:
    """Everything that a person looks for first."""
    year = f" ({facts.year})" if facts.year else ""
    yield f"{facts.title}{year}: {facts.kind}"
    if facts.late:
        yield f"old: {facts.late}"
    if facts.original_title and facts.original_title != facts.title:
        yield f"originally {facts.original_title}"
    if facts.tagline:
        yield facts.tagline
    yield from textwrap.wrap(facts.overview or "no description", WIDTH)
    minutes = f"{facts.runtime_min} min" if facts.runtime_min else None
    rated = f"{facts.rating:.1f} of 10 by {facts.votes:,}" if facts.rating else None
    about = (", ".join(facts.genres), minutes, ", ".join(facts.countries), facts.status, rated)
    yield "; ".join(each for each in about if each) or "no more is known"
    yield from _named("ids", (f"{provider} {id_}" for provider, id_ in facts.ids.items()))
    yield from _named("also called", facts.other_titles)
    yield from _named("with", (_player(one) for one in facts.cast))
    yield from _named("by", (f"{one.name} ({one.role})" for one in facts.crew))
    if facts.collection:
        yield f"one of: {facts.collection.name}"
    for season in facts.seasons:
        yield from _season_lines(season)


def suggestion_line(one: Suggestion) -> str:
    year = one.year or "no year"
    original = one.original_title
    called = f", originally {original}" if original and original != one.title else ""
    return f"{one.tmdb_id:>8}  {one.kind:<4}  {one.title} ({year}){called}"


def stats_lines(found: "Stats", now: datetime) -> Iterator[str]:
    if not found.entries or found.oldest is None or found.newest is None:
        yield "nothing is kept of TMDB"
        return
    ages = [span(max((now - at).total_seconds(), 0)) for at in (found.newest, found.oldest)]
    size = f"{found.characters / 1_000_000:.1f} MB"
    yield f"{found.entries:,} answers of TMDB, {size}, told {ages[0]} to {ages[1]} ago"
    yield f"{found.expired:,} of them expired; {found.absent:,} say that there is no such thing"
    for kind, count in found.kinds.items():
        yield f"{kind}: {count:,}"


def _season_lines(season: SeasonFacts) -> Iterator[str]:
    yield f"season {season.number}: {season.name or 'without a name'}"
    for one in season.episodes:
        aired = f", {one.aired_on}" if one.aired_on else ""
        minutes = f", {one.runtime_min} min" if one.runtime_min else ""
        yield f"  {one.number:>3}  {one.name or 'without a name'}{aired}{minutes}"


def _named(what: str, found: Iterable[str]) -> Iterator[str]:
    names = list(found)
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    if names:
        text = f"{what}: {', '.join(names[:MOST_NAMES])}{more}"
        yield from textwrap.wrap(text, WIDTH, subsequent_indent="  ")


def _player(one: Credit) -> str:
    return f"{one.name} as {one.role}" if one.role else one.name
