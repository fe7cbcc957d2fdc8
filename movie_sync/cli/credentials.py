"""`credentials`: store passwords and passkeys in the encrypted vault, list them, remove them."""

import sys
from datetime import datetime
from pathlib import Path

import click

from movie_sync import control
from movie_sync.cli.context import Context, pass_context
from movie_sync.credentials import VAULT, Credentials, asked, where
from movie_sync.errors import ConfigError


@click.group("credentials", help="Store passwords and passkeys, list and remove them.")
def command() -> None:
    pass


@command.command("set")
@click.argument("name")
@click.option("--anew", is_flag=True, help="Put a vault that does not open aside; begin anew.")
@pass_context
def set_(context: Context, name: str, anew: bool) -> None:
    """Store NAME, asked for unseen on a terminal, else read from standard input."""
    vault = context.credentials()
    vault.require_known(name)
    damage = vault.damage()
    if damage:
        _begin_anew(vault, damage, sure=anew)
    vault.set(name, ask(name) if sys.stdin.isatty() else sys.stdin.read())
    click.echo(f"{name} is stored{_shadow(vault, name)}")
    use_now(context.home)


@command.command("list")
@pass_context
def list_(context: Context) -> None:
    """List the credentials, and where each is from; never what they are."""
    names = asked(context.loaded().config)
    found = dict(context.credentials().names(names))
    width = max(22, *map(len, (*names, *found)))
    for name in dict.fromkeys([*names, *found]):
        click.echo(f"{name:{width}} {found.get(name, f'not set; {where(name)}')}")


@command.command()
@click.argument("name")
@pass_context
def remove(context: Context, name: str) -> None:
    """Remove NAME from the vault."""
    vault = context.credentials()
    if not vault.remove(name):
        raise ConfigError(f'{VAULT} holds no "{name}"; "credentials list" shows what there is')
    click.echo(f"{name} is removed{_shadow(vault, name)}")
    use_now(context.home)


def use_now(home: Path) -> bool:
    """Have the running program go on with what was changed; False where none runs."""
    from movie_sync.running import CHANGED_WITHIN_S

    answer = control.ask(home, answer_s=CHANGED_WITHIN_S, do="reload")
    if answer is not None:
        click.echo("the running program uses it now")
    return answer is not None


def ask(name: str) -> str:
    """Ask for a secret, unseen."""
    click.echo(where(name), err=True)
    secret: str = click.prompt(name, hide_input=True, err=True)
    return secret


def _begin_anew(vault: Credentials, damage: str, *, sure: bool) -> None:
    if not sure:
        if not sys.stdin.isatty():
            raise ConfigError(damage)
        click.echo(damage, err=True)
        click.confirm("Put it aside and begin anew?", abort=True, err=True)
    aside = vault.set_aside(datetime.now().astimezone())
    click.echo(f"the old vault is kept as {aside}", err=True)


def _shadow(vault: Credentials, name: str) -> str:
    origin = dict(vault.names([name])).get(name, VAULT)
    return "" if origin == VAULT else f"; {origin} is set too, and wins"
