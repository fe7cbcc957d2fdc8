"""`setup`: the questions a newcomer answers once, on a terminal."""

import sys

import click

from movie_sync import checks, config_docs, config_file, config_keys
from movie_sync.cli.context import Context, pass_context
from movie_sync.cli.wizard import Wizard
from movie_sync.config_keys import PLACEHOLDER
from movie_sync.credentials import of_torznab
from movie_sync.errors import ConfigError

ASKED = (
    "username",
    "library_directory",
    "download_directory",
    "torrent_client",
    "qbittorrent.url",
    "qbittorrent.username",
    "filelist.username",
    f"torznab.{PLACEHOLDER}.url",
)
ASKED_SECRETS = ("qbittorrent.password", "filelist.passkey", of_torznab(PLACEHOLDER))


@click.command("setup")
@pass_context
def command(context: Context) -> None:
    """Ask for what is needed, and try each answer. Can be run again."""
    path = context.config_path or context.home / config_file.NAME
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        click.echo(instead(), err=True)
        raise ConfigError(
            "setup asks questions, and there is no terminal; nothing was changed; "
            f"write these settings to {path}, or set their variables"
        )
    credentials = context.credentials()
    if broken := config_file.read(path).broken or credentials.damage():
        raise ConfigError(broken)
    wizard = Wizard(context.home, context.config_path, context.loaded(), credentials, checks.live())
    wizard.run()
    config_docs.write_schema(context.home)
    click.echo(f'\nAll is kept in {path}. Start with "python main.py".')


def instead() -> str:
    """What setup would ask, for somebody who writes it by other means."""
    table = config_keys.table({"torznab": [PLACEHOLDER]})
    rows = [(key, table[key].variable, table[key].sentence) for key in ASKED]
    rows += [
        (name, config_keys.variable(name), f'or run "credentials set {name}"')
        for name in ASKED_SECRETS
    ]
    return "\n".join(f"{key:21} {variable:34} {sentence}" for key, variable, sentence in rows)
