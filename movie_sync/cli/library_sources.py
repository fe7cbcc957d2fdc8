"""`library sources`: where films and shows are found. They are settings, in `library.sources`."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from movie_sync import config as settings_file
from movie_sync import config_file, control, wiring_library
from movie_sync.cli import library_screen as screen
from movie_sync.cli import output
from movie_sync.cli.context import Context, pass_context
from movie_sync.cli.credentials import use_now
from movie_sync.cli.library_wishes import JSON, perform
from movie_sync.errors import ConfigError, MovieSyncError, NotQueued

if TYPE_CHECKING:
    from movie_sync.views.library_sources import LibrarySource


@click.group("sources", invoke_without_command=True)
@click.pass_context
def command(ctx: click.Context) -> None:
    """Where films and shows are found; without a word after it, the list."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_)


@command.command("list")
@JSON
@pass_context
def list_(context: Context, as_json: bool = False) -> None:
    """List all sources with how the last look at each went."""
    found = _listed(context)
    if as_json:
        click.echo(output.json(found))
        return
    for line in screen.source_lines(found, datetime.now(UTC)):
        click.echo(line)


@command.command()
@click.argument("name")
@click.option("--path", metavar="DIR", help="The folder.")
@click.option("--server", type=click.Choice(["plex", "jellyfin"]), help="A server in its place.")
@click.option(
    "--holds",
    type=click.Choice(["films", "shows", "both"]),
    default="both",
    show_default=True,
    help="What may be found there.",
)
@click.option("--section", "sections", multiple=True, metavar="NAME",
              help="Only this library of the server.")  # fmt: skip
@click.option("--trusted", is_flag=True, help="Take its names as sure; ask nothing of a person.")
@click.option("--hours", type=float, default=12.0, show_default=True, help="Between whole looks.")
@JSON
@pass_context
def add(context: Context, /, name: str, as_json: bool, **wished: Any) -> None:
    """Look for films and shows in a folder, or in what a media server shows."""
    from movie_sync.views import library_setup

    given = {"name": name, "kind": wished.pop("server") or "folder", "enabled": "true",
             "watched": "true", "sections": "\n".join(wished.pop("sections"))}  # fmt: skip
    given |= {key: _text(value) for key, value in wished.items() if value is not None}
    typed = library_setup.read(given, context.loaded().config, None)
    if typed.errors:
        wrong = "; ".join(f"{key}: {why.rstrip('.')}" for key, why in typed.errors.items())
        raise ConfigError(f"{wrong}; nothing was changed")
    settings_file.write(context.home, typed.changes, context.config_path)
    said = f"{typed.name} is added; `library scan {typed.name}` looks at it now"
    click.echo(output.json({"source": typed.name, "sentence": said}) if as_json else said)
    _use_now(context, as_json=as_json)


@command.command()
@click.argument("name")
@JSON
@pass_context
def remove(context: Context, name: str, as_json: bool) -> None:
    """Look there no more, and forget what only this source shows. No file is touched."""
    named = name in context.loaded().config.library.sources
    if named:
        path = context.config_path or context.home / config_file.NAME
        config_file.write(path, {}, [f"library.sources.{name}"])
        context.read_again()
        _use_now(context, as_json=as_json)
    try:
        said = perform(context, "forget", source=name)["sentence"]
    except NotQueued:
        if not named:
            raise
        said = f"{name} is removed; nothing was known of it"
    click.echo(output.json({"source": name, "sentence": said}) if as_json else said)


def _listed(context: Context) -> "tuple[LibrarySource, ...]":
    from movie_sync.views.library_sources import of_store, unseen

    config = context.loaded().config
    if not wiring_library.is_read(config, context.home):
        return unseen(config)
    with wiring_library.stored(config, context.home, context.credentials()) as store:
        return of_store(store, config, _looking(context))


def _looking(context: Context) -> dict[str, dict[str, int]]:
    """How far the looks of the running program are."""
    try:
        answer = control.ask(context.home, do="library", wish="status") or {}
    except MovieSyncError:
        return {}
    return {one.pop("source"): one for one in answer.get("looking", ())}


def _use_now(context: Context, *, as_json: bool) -> None:
    if not as_json:
        use_now(context.home)
    else:
        control.ask(context.home, do="reload")


def _text(value: object) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)
