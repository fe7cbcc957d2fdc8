"""`config import-shows`: what is taken over, what stays, and what could not be, for a person."""

from pathlib import Path

import click
import msgspec

from movie_sync import config, import_shows
from movie_sync.cli.context import Context
from movie_sync.cli.credentials import use_now
from movie_sync.config_file import NAME
from movie_sync.config_hints import wrong_name
from movie_sync.credentials import of_sonarr
from movie_sync.import_shows import SELECTIONS, Brought
from movie_sync.shows.selection import rules

NEXT = (
    'next: "doctor" asks Sonarr and TVmaze, and "shows sync" reads the catalogue and says what '
    "would be added"
)


def run(context: Context, file: Path, sonarr: str, *, dry_run: bool) -> None:
    if why := wrong_name("sonarr", sonarr):
        raise click.BadParameter(why, param_hint="--sonarr")
    document = import_shows.read_file(file)
    path = context.config_path or context.home / NAME
    secrets = dict(context.credentials().names([of_sonarr(sonarr)]))
    here = import_shows.here(path, context.environ, frozenset(secrets))
    brought = import_shows.bring(document, here, sonarr)
    for line in _told(brought):
        click.echo(context.redactor.clean(line))
    for sentence in (*brought.kept, *brought.left):
        click.echo(f"note: {context.redactor.clean(sentence)}", err=True)
    if dry_run:
        click.echo("nothing was changed: this was a dry run")
        return
    if brought.secret:
        context.credentials().set(*brought.secret)
    if not brought.changes and not brought.secret:
        click.echo("there is nothing in it that is not set here already; nothing was changed")
        return
    config.write(context.home, brought.changes, context.config_path)
    loaded = context.read_again()
    found = rules(loaded.config.shows)
    for sentence in (*(one.message for one in loaded.problems), *found.problems, *found.notices):
        click.echo(f"note: {sentence}", err=True)
    click.echo(f"{_many(len(brought.changes))} written into {path}; all others there stay")
    use_now(context.home)
    click.echo(NEXT)


def _told(brought: Brought) -> list[str]:
    lines = []
    for key, value in brought.changes.items():
        if key == SELECTIONS:
            new = value[len(value) - brought.selections :]
            lines += [f"{SELECTIONS}: {one['name']}: {_shown(one)}" for one in new]
        else:
            lines.append(f"{key}: {_shown(value)}")
    if brought.secret:
        lines.append(f"{brought.secret[0]}: stored as a credential, encrypted")
    return lines


def _shown(value: object) -> str:
    if isinstance(value, dict):
        value = {name: each for name, each in value.items() if name != "name"}
    return msgspec.json.encode(value).decode()


def _many(count: int) -> str:
    return "1 setting is" if count == 1 else f"{count} settings are"
