"""`config`: the settings in force and where each is from, what is wrong with them, their schema."""

from pathlib import Path
from typing import Any

import click
import msgspec

from movie_sync import config_docs, config_keys
from movie_sync.cli import output
from movie_sync.cli.context import Context, pass_context
from movie_sync.config import Loaded, Problem
from movie_sync.credentials import Credentials, asked
from movie_sync.errors import ConfigError, MovieSyncError
from movie_sync.log import HIDDEN

NOT_SOUND = 3


@click.group("config", help="Show and check the settings.")
def command() -> None:
    pass


@command.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_context
def show(context: Context, as_json: bool) -> None:
    """Show every setting, its value, and where that is from. Secrets are masked."""
    loaded = context.loaded()
    values = _values(loaded)
    secrets = _secrets(context.credentials(), asked(loaded.config))
    if as_json:
        click.echo(_json(loaded, values, secrets))
        return
    rows = [(key, msgspec.json.encode(value).decode()) for key, value in values.items()]
    lines = [(key, value, loaded.origins[key]) for key, value in rows]
    lines += [(name, HIDDEN if origin else "", origin or "not set") for name, origin in secrets]
    widths = [max(len(line[column]) for line in lines) for column in (0, 1)]
    for key, value, origin in lines:
        click.echo(f"{key:{widths[0]}}  {value:{widths[1]}}  {origin}")
    for sentence in (*loaded.notices, *(problem.message for problem in loaded.problems)):
        click.echo(f"note: {sentence}", err=True)


@command.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_context
def check(context: Context, as_json: bool) -> None:
    """Say what is wrong in the settings. Exit code 3 if something is."""
    from movie_sync.shows.selection import rules

    loaded = context.loaded()
    of_shows = rules(loaded.config.shows)
    problems = [*loaded.problems, *(Problem("shows", one) for one in of_shows.problems)]
    if as_json:
        click.echo(output.json({"ok": not problems, "problems": problems}))
    for problem in () if as_json else problems:
        click.echo(problem.message)
    for notice in () if as_json else (*loaded.notices, *of_shows.notices, *_unfamiliar(context)):
        click.echo(notice)
    if problems:
        raise SystemExit(NOT_SOUND)
    if not as_json:
        given = sum(origin != "default" for origin in loaded.origins.values())
        settings = "1 setting is" if given == 1 else f"{given} settings are"
        click.echo(f"nothing is wrong; {settings} given, the others are at their defaults")


@command.command()
@click.option("--markdown", is_flag=True, help="Print the page docs/config.md instead.")
@click.option("--write", is_flag=True, help="Write it beside config.json, for editors.")
@pass_context
def schema(context: Context, markdown: bool, write: bool) -> None:
    """Print the JSON Schema of config.json."""
    if write:
        click.echo(f"{config_docs.write_schema(context.home)} is written")
    elif markdown:
        click.echo(config_docs.reference(), nl=False)
    else:
        click.echo(config_docs.schema(), nl=False)


@command.command("import-shows")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would be set; change nothing.")
@click.option("--sonarr", default="main", show_default=True, help="What its Sonarr is called here.")
@pass_context
def import_shows(context: Context, file: Path, dry_run: bool, sonarr: str) -> None:
    """Take over the YAML settings of a program for TVmaze and Sonarr from FILE.

    What is set here already stays; selections are added behind those that are here.
    """
    from movie_sync.cli.config_import import run

    run(context, file, sonarr, dry_run=dry_run)


def _unfamiliar(context: Context) -> list[str]:
    """What the rules of shows name and no show has, as far as a catalogue was read."""
    shows = context.loaded().config.shows
    if not shows.enabled:
        return []
    from movie_sync import wiring_shows

    try:
        config, vault = context.loaded().config, context.credentials()
        with wiring_shows.catalogue(config, context.home, vault) as store:
            from movie_sync.shows.familiar import unfamiliar

            return [str(each) for each in unfamiliar(store, shows)]
    except MovieSyncError:  # `doctor` says what is wrong with it
        return []


def _values(loaded: Loaded) -> dict[str, Any]:
    return {key: config_keys.value(loaded.config, key) for key in loaded.origins}


def _secrets(vault: Credentials, names: list[str]) -> list[tuple[str, str | None]]:
    try:
        found = dict(vault.names(names))
    except ConfigError as error:
        click.echo(f"note: {error}", err=True)
        found = {}
    return [(name, found.get(name)) for name in dict.fromkeys([*names, *found])]


def _json(loaded: Loaded, values: dict[str, Any], secrets: list[tuple[str, str | None]]) -> str:
    return output.json(
        {
            "settings": {
                key: {"value": value, "origin": loaded.origins[key]}
                for key, value in values.items()
            },
            "credentials": dict(secrets),
            "problems": loaded.problems,
            "notices": loaded.notices,
        }
    )


@command.command()
@pass_context
def reload(context: Context) -> None:
    """Have the running program go on with config.json as it is now."""
    from movie_sync.cli.credentials import use_now

    if not use_now(context.home):
        click.echo("Movie Sync is not running; it reads config.json when it starts")
    for problem in context.loaded().problems:
        click.echo(problem.message, err=True)
