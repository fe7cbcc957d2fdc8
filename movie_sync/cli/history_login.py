"""`history trakt` and `history viki`: log in and out, and import what Viki shows in a browser."""

import sys
import threading
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

import click

from movie_sync import qr_codes, wiring_history_services
from movie_sync.cli.context import Context, pass_context
from movie_sync.cli.credentials import use_now
from movie_sync.cli.history_wishes import JSON, alone, asked, wish
from movie_sync.errors import ConfigError, MovieSyncError, NotAuthorised
from movie_sync.login_models import DeviceLogin, Tokens


@click.group()
def trakt() -> None:
    """Log in at Trakt, or out of it."""


@click.group()
def viki() -> None:
    """Log in at Viki by the cookies of your browser, or import its watch markers."""


@trakt.command("login")
@click.option("--code", "by_page", is_flag=True, help="By a page and a code that it shows.")
@click.option("--qr/--no-qr", default=True, help="Show the address as a QR code too.")
@pass_context
def trakt_login(context: Context, by_page: bool, qr: bool) -> None:
    """Log in at Trakt: type the code that is shown at the address that is shown.

    Needs an application of your own: trakt.client_id, and `credentials set trakt.client_secret`.
    """
    config, vault = context.loaded().config, context.credentials()
    login = wiring_history_services.trakt_login(config, vault)
    try:
        tokens = (
            wiring_history_services.by_page(login, _code) if by_page else _by_device(login, qr=qr)
        )
        held = wiring_history_services.trakt_tokens(config, context.home, vault, login)
        held.store(tokens)
    finally:
        login.close()
    click.echo("you are logged in at Trakt")
    use_now(context.home)
    _go_on(context)


def _by_device(login: Any, *, qr: bool) -> Tokens:
    """Raises LoggedOut: nothing came of it."""

    def show(begun: DeviceLogin) -> None:
        click.echo(f"open {begun.url} and type the code {begun.user_code}")
        if qr and (code := qr_codes.for_terminal(begun.address)):
            click.echo(code)

    return wiring_history_services.by_device(
        login, show, lambda trouble: click.echo(trouble, err=True)
    )


def _code(address: str) -> str:
    click.echo(f"open {address}")
    return str(click.prompt("the code that it shows", hide_input=True, err=True))


def _go_on(context: Context) -> None:
    """What waited for a login is told now; nothing waits where nothing is told."""
    config = context.loaded().config
    if not (config.history.enabled and config.trakt.push):
        return
    if asked(context, "go-on") is None:
        with alone(context) as history:
            history.go_on(datetime.now(UTC))


@trakt.command("logout")
@pass_context
def trakt_logout(context: Context) -> None:
    """Forget the login at Trakt, and tell Trakt so."""
    config, vault = context.loaded().config, context.credentials()
    login = wiring_history_services.trakt_login(config, vault)
    try:
        held = wiring_history_services.trakt_tokens(config, context.home, vault, login)
        trouble = held.forget(login.revoke)
    finally:
        login.close()
    told = f", and Trakt could not be told ({trouble})" if trouble else ""
    click.echo(f"the login at Trakt is forgotten{told}")
    use_now(context.home)


@viki.command("login")
@click.argument("file", required=False, type=click.File())
@click.option("--no-check", is_flag=True, help="Store it without asking Viki.")
@pass_context
def viki_login(context: Context, file: TextIO | None, no_check: bool) -> None:
    """Store the cookies of a browser that is signed in at www.viki.com.

    Paste them unseen, or name a FILE (- is standard input): the cookies' header, a request copied
    as cURL, rows of the browser's table, or an extension's JSON.
    """
    from movie_sync.history import viki_credentials as cookies

    vault = context.credentials()
    text = _pasted() if file is None else file.read()
    stored = vault.get(cookies.CREDENTIAL)
    login = cookies.merged(cookies.read(stored) if stored else None, cookies.read(text))
    if why := cookies.missing(login):
        raise ConfigError(why)
    vault.keep(cookies.CREDENTIAL, cookies.written(login))
    if not no_check:
        click.echo(_checked(context))
    if more := cookies.missing_for_list(login):
        click.echo(more)
    if use_now(context.home) and context.loaded().config.history.enabled:
        asked(context, "sync")


def _pasted() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.read()
    click.echo("copy them in the developer tools of the browser, then paste them here", err=True)
    return str(click.prompt("cookies", hide_input=True, err=True))


def _checked(context: Context) -> str:
    """One sentence; what Viki refuses stays stored, for it may be its fault."""
    config, vault = context.loaded().config, context.credentials()
    with ExitStack() as opened:
        made = wiring_history_services.viki(config, vault, threading.Event(), opened)
        if made is None:
            return "they are stored, and used once viki.enabled is true"
        before = made.login
        try:
            said = made.check()
        except NotAuthorised:
            raise
        except MovieSyncError as error:
            return f"they are stored; Viki could not be asked: {error}"
        if made.login != before:
            from movie_sync.history import viki_credentials as cookies

            vault.keep(cookies.CREDENTIAL, cookies.written(made.login))
        return said


@viki.command("logout")
@pass_context
def viki_logout(context: Context) -> None:
    """Forget the cookies."""
    from movie_sync.history.viki_credentials import CREDENTIAL

    gone = context.credentials().remove(CREDENTIAL)
    click.echo("the cookies are forgotten" if gone else "no cookies were stored")
    use_now(context.home)


@viki.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@JSON
@pass_context
def viki_import(context: Context, file: Path, as_json: bool) -> None:
    """Take over the watch markers of a saved page; also while Viki is off, or lets nobody in.

    Signed in, open https://www.viki.com/api/vw_watch_markers?from=1 and save it as it is.
    """
    answer = wish(context, "viki-import", as_json=as_json, path=str(file.absolute()))
    problems = answer["refreshed"].get("problems", ())
    if not as_json:
        for problem in problems:
            click.echo(f"  {problem}")
