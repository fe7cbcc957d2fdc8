"""`web`: who may use the page and the API. A program that runs follows at once."""

import sys
from datetime import UTC
from typing import get_args

import click

from movie_sync.access import Access, Key, Scope
from movie_sync.cli import output
from movie_sync.cli.context import Context, pass_context
from movie_sync.errors import ConfigError

MAY = {"read": "see everything but settings", "act": "also retry, skip, grab", "admin": "anything"}


@click.group("web", help="Who may use the page and the API: password, keys, who is signed in.")
def command() -> None:
    pass


@command.command()
@click.option("--stdin", "from_stdin", is_flag=True, help="Read it from standard input.")
@click.option("--remove", is_flag=True, help="Forget it; then only API keys let others in.")
@pass_context
def password(context: Context, from_stdin: bool, remove: bool) -> None:
    """Set the password of the page, asked for unseen. Whoever is signed in is signed out."""
    access = Access(context.home)
    if remove:
        _remove_password(context, access)
        return
    ended = access.set_password(_asked_for(from_stdin))
    click.echo(f"the password is set{_signed_out(ended)}")


@command.group("keys", help="API keys, for programs: list, add and remove them.")
def keys() -> None:
    pass


@keys.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_context
def list_(context: Context, as_json: bool) -> None:
    """List the API keys; never what they are."""
    known = Access(context.home).keys()
    if as_json:
        click.echo(output.json([_shown(key) for key in known]))
        return
    if not known:
        click.echo('there is no API key; "web keys add NAME --scope read" makes one')
    width = max((len(key.name) for key in known), default=0)
    for key in known:
        used = f"last used on {key.last_used_on}" if key.last_used_on else "never used"
        click.echo(f"{key.id}  {key.name:{width}}  {key.scope:5}  {used}")


@keys.command()
@click.argument("name")
@click.option(
    "--scope",
    type=click.Choice(get_args(Scope)),
    required=True,
    help="; ".join(f"{scope}: {may}" for scope, may in MAY.items()) + ".",
)
@pass_context
def add(context: Context, name: str, scope: Scope) -> None:
    """Make an API key, and print it: it is shown this once."""
    key, secret = Access(context.home).add_key(name, scope)
    click.echo(secret)
    click.echo(
        f'this is the key "{key.name}" (id {key.id}, {scope}); it is not shown again; send it as '
        '"Authorization: Bearer KEY"',
        err=True,
    )


@keys.command("remove")
@click.argument("key_id", metavar="ID")
@pass_context
def remove_key(context: Context, key_id: str) -> None:
    """Remove the API key ID; what uses it is refused from now on."""
    key = Access(context.home).remove_key(key_id)
    if key is None:
        raise ConfigError(f'there is no API key "{key_id}"; "web keys list" shows their ids')
    click.echo(f'the key "{key.name}" is removed{_open_warning(context)}')


@command.group("sessions", help="Browsers that are signed in.")
def sessions() -> None:
    pass


@sessions.command()
@pass_context
def end(context: Context) -> None:
    """Sign every browser out."""
    ended = Access(context.home).sign_out_everywhere()
    click.echo(f"{_browsers(ended)} signed out")


def _remove_password(context: Context, access: Access) -> None:
    if not access.has_password:
        raise ConfigError("no password is set; nothing was changed")
    ended = access.remove_password()
    click.echo(f"the password is removed{_signed_out(ended)}{_open_warning(context)}")


def _asked_for(from_stdin: bool) -> str:
    if from_stdin or not sys.stdin.isatty():
        return sys.stdin.read().removesuffix("\n").removesuffix("\r")
    asked: str = click.prompt("password", hide_input=True, confirmation_prompt=True, err=True)
    return asked


def _signed_out(ended: int) -> str:
    return f"; {_browsers(ended)} signed out" if ended else ""


def _browsers(count: int) -> str:
    return "1 browser is" if count == 1 else f"{count or 'no'} browsers are"


def _open_warning(context: Context) -> str:
    """What becomes of a page that others reach, once neither password nor key is left."""
    web = context.loaded().config.web
    if Access(context.home).is_closed or web.host in ("127.0.0.1", "::1", "localhost"):
        return ""
    return f"; nobody gets in at {web.host} now, and it will not start there without either"


def _shown(key: Key) -> dict[str, object]:
    return {
        "id": key.id,
        "name": key.name,
        "scope": key.scope,
        "created_at": key.created_at.astimezone(UTC),
        "last_used_on": key.last_used_on,
    }
