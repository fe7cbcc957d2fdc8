"""`--dry-run`, of shows: what the rules of today would give to which Sonarr, by what is stored.

Neither TVmaze nor a Sonarr is asked, for a first reading takes minutes; `shows sync` reads what is
new, and in its own dry run says the same.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING

import click

from movie_sync import wiring_shows
from movie_sync.cli.context import Context
from movie_sync.errors import ConfigError, MovieSyncError, QueueError
from movie_sync.settings import Config
from movie_sync.views.words import ago

if TYPE_CHECKING:
    from movie_sync.shows.standing import Foreseen

NAMED = 20  # of each rule


def dry_run(context: Context, config: Config) -> int:
    """Print it; returns the exit code."""
    try:
        for line in _lines(context, config):
            click.echo(context.redactor.clean(line))
    except QueueError as error:  # nothing was read yet
        click.echo(f"shows: {error}")
    except MovieSyncError as error:
        click.echo(f"shows: {context.redactor.clean(str(error))}", err=True)
        return 3 if isinstance(error, ConfigError) else 1
    return 0


def _lines(context: Context, config: Config) -> Iterator[str]:
    section = config.shows
    with wiring_shows.catalogue(config, context.home, context.credentials()) as store:
        from movie_sync.shows.selection import rules
        from movie_sync.shows.standing import foreseen, standing

        of_person, now = rules(section), datetime.now(UTC)
        stands = standing(store, section, config.sonarr, of_person)
        found = foreseen(store, config.sonarr, of_person)
    read = f"read {ago(stands.changes_at, now)}" if stands.complete_at else "not read whole yet"
    yield f"shows: {stands.shows:,} known, {read}; `shows sync` asks TVmaze for what is new"
    for problem in of_person.problems:
        yield f"shows: look at this: {problem}"
    if not found:
        yield "shows: none would be added"
        return
    for (sonarr, rule), some in groupby(sorted(found, key=_where), key=_where):
        titles = [one.title for one in some]
        more = f" and {len(titles) - NAMED} more" if len(titles) > NAMED else ""
        by = f"by {rule}" if rule else "as a person approved"
        count, named = f"{len(titles):,}", f"{', '.join(titles[:NAMED])}{more}"
        if sonarr:
            yield f'shows: would add {count} to Sonarr "{sonarr}" {by}: {named}'
        else:
            yield f"shows: {count} pass {by}, and no Sonarr is set up for them: {named}"
    if section.dry_run:
        yield "shows: none of them is added before shows.dry_run is false"
    elif caps := [
        f"{most} {when}"
        for most, when in (
            (section.max_adds_per_cycle, "after one look"),
            (section.max_adds_per_day, "in a day"),
        )
        if most
    ]:
        yield f"shows: at most {', '.join(caps)}"


def _where(one: "Foreseen") -> tuple[str, str]:
    return one.sonarr or "", one.rule
