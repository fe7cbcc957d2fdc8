"""The commands. Each lives in a module of its own that is imported only when it is called, so
that `--help` answers at once."""

import importlib
import os
import sys
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from movie_sync import __version__
from movie_sync.cli.context import Context
from movie_sync.errors import ConfigError, MovieSyncError

# Name -> the module it is in and its line in `--help`; a module of several names it besides.
COMMANDS = {
    "alias": ("movie_sync.cli.choosing:alias", "Know a film by one more title."),
    "backup": ("movie_sync.cli.backup", "Everything that counts as one file, also while it runs."),
    "block": ("movie_sync.cli.choosing:block", "Never take a release for a film."),
    "cleanup": ("movie_sync.cli.cleanup", "Films nobody wants: what would go, and the way back."),
    "completion": ("movie_sync.cli.completion", "Complete commands and films on Tab."),
    "config": ("movie_sync.cli.config", "Show, check and describe the settings."),
    "credentials": ("movie_sync.cli.credentials", "Store passwords and passkeys, encrypted."),
    "demo": ("movie_sync.cli.demo", "See films arrive, with no account and no internet."),
    "doctor": ("movie_sync.cli.doctor", "Check folders, logins and lists; say how to mend them."),
    "export": ("movie_sync.cli.export", "The queues as CSV or JSON, for other programs."),
    "grab": ("movie_sync.cli.choosing:grab", "Take a release by hand."),
    "history": ("movie_sync.cli.history", "What was watched, from Trakt, Viki and files; told on."),
    "import": ("movie_sync.cli.import_", "Films from CSV, JSON, Letterboxd, IMDb or Radarr."),
    "library": ("movie_sync.cli.library", "What is owned, how good it is, and what is unsure."),
    "metadata": ("movie_sync.cli.metadata", "What TMDB says of titles, and what is kept of it."),
    "notify": ("movie_sync.cli.notify", "Who is told what has happened; send a test."),
    "queue": ("movie_sync.cli.queue", "Look into the queues, and change them."),
    "releases": ("movie_sync.cli.releases", "Read release names, match them; for scripts."),
    "report": ("movie_sync.cli.report", "What to send to who helps you; without secrets."),
    "restore": ("movie_sync.cli.restore", "Bring a backup into this home, whole or in parts."),
    "search": ("movie_sync.cli.search", "What is offered for a film, with reasons; take nothing."),
    "setup": ("movie_sync.cli.setup", "Answer a few questions, each tested at once."),
    "shows": ("movie_sync.cli.shows", "Shows of TVmaze that your rules pick, for Sonarr."),
    "simulate": ("movie_sync.cli.simulate", "What each preset would take for the films wanted."),
    "status": ("movie_sync.cli.status", "What is going on, and what needs you."),
    "unblock": ("movie_sync.cli.choosing:unblock", "Let blocked releases be taken again."),
    "watchlist": ("movie_sync.cli.watchlist", "Watchlists as last read; import an export."),
    "web": ("movie_sync.cli.web", "Who may use the page: password, API keys, who is signed in."),
    "why": ("movie_sync.cli.why", "What happened to a film, in order, and what it waits for."),
}  # fmt: skip


class Commands(click.Group):
    """A group whose commands are loaded when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name or "command")
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        named = [
            CompletionItem(name, help=line)
            for name, (_, line) in sorted(COMMANDS.items())
            if name.startswith(incomplete)
        ]
        return named + click.Command.shell_complete(self, ctx, incomplete)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in sorted(COMMANDS.items())])


@click.group(
    cls=Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="movie-sync")
@click.option("--home", metavar="DIR", help="Folder of settings and queues (~/.movie_sync).")
@click.option(
    "--config",
    "config_path",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Read this file in place of config.json.",
)
@click.option("--username", metavar="NAME", help="Letterboxd name whose watchlist is followed.")
@click.option("--interval", type=int, metavar="SECONDS", help="Time between two readings.")
@click.option(
    "--log-level", type=click.Choice(["debug", "info", "warning", "error"]), help="What is logged."
)
@click.option("--json-logs", is_flag=True, help="Log one JSON object a line.")
@click.option("--once", is_flag=True, help="Do what there is to do now, then end.")
@click.option("--dry-run", is_flag=True, help="Say what would be downloaded; change nothing.")
@click.option("--web", is_flag=True, help="Show the page, and answer the API.")
@click.option("--web-host", metavar="ADDRESS", help="Address the page is on (127.0.0.1).")
@click.option("--web-port", type=int, metavar="PORT", help="Port the page is on (5000).")
@click.option("--stats", is_flag=True, help="Print the counts of the queues, and end.")
@click.option("--strict", is_flag=True, help="Start only if every setting is right (else exit 3).")
@click.pass_context
def command(  # noqa: PLR0917 - one argument for each option
    ctx: click.Context,
    home: str | None,
    config_path: Path | None,
    username: str | None,
    interval: int | None,
    log_level: str | None,
    json_logs: bool,
    once: bool,
    dry_run: bool,
    web: bool,
    web_host: str | None,
    web_port: int | None,
    stats: bool,
    strict: bool,
) -> None:
    """Movie Sync carries the films of your watchlists into your library.

    Without a command it runs until Ctrl+C.
    """
    overrides: dict[str, Any] = {
        "username": username, "check_interval": interval, "log_level": log_level,
        "web.enabled": web or None, "web.host": web_host, "web.port": web_port,
    }  # fmt: skip
    ctx.obj = Context(
        home_option=home,
        config_path=config_path,
        overrides={key: value for key, value in overrides.items() if value is not None},
        environ=os.environ,
        strict=strict,
    )
    if stats:
        from movie_sync.cli.status import command as status

        ctx.invoke(status, stats=True)
        ctx.exit()
    if ctx.invoked_subcommand is None:
        from movie_sync.cli.run import run

        sys.exit(run(ctx.obj, json_logs=json_logs, once=once, dry_run=dry_run))


def main() -> None:
    """Run a command. Exit codes: 0 done, 1 failed, 2 wrong usage, 3 not configured."""
    if "_MOVIE_SYNC_COMPLETE" in os.environ:  # a shell asks, as `completion` told it to
        from movie_sync.cli.completing import complete

        sys.exit(complete(command))
    try:
        command.main(standalone_mode=True)
    except MovieSyncError as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(3 if isinstance(error, ConfigError) else 1)
