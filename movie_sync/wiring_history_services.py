"""From settings and credentials to whom the history asks: Trakt and its login, Viki, TheTVDB.

Each is made where it is switched on and has what it needs; whatever is missing is left out, so that
the others and the history itself go on.
"""

import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from movie_sync import settings, wiring
from movie_sync.credentials import Credentials
from movie_sync.errors import ConfigError, LoggedOut, Stopping
from movie_sync.http import Http
from movie_sync.login_models import DeviceLogin, Ended, Granted, Tokens
from movie_sync.login_tokens import LoginTokens

if TYPE_CHECKING:
    from movie_sync.services.trakt import Trakt
    from movie_sync.services.trakt_login import TraktLogin
    from movie_sync.services.tvdb import Tvdb
    from movie_sync.services.viki import Viki

SECRET = "trakt.client_secret"  # noqa: S105 - the name of the credential
LOG_IN = '"history trakt login"'
NO_CLIENT = (
    "trakt.client_id is not set; make an application of your own at trakt.tv (Settings, Your API "
    "Apps), set its client id, and run `credentials set trakt.client_secret`"
)
TRAKT_OFF = 'Trakt is off and was not asked; set "enabled": true in the section "trakt"'


def trakt_login(config: settings.Config, credentials: Credentials) -> "TraktLogin":
    """The ways in. Raises ConfigError: Trakt is off, or has no client id."""
    from movie_sync.services.trakt_login import NAME, TraktLogin

    section = config.trakt
    if not section.enabled:
        raise ConfigError(TRAKT_OFF)
    if not section.client_id:
        raise ConfigError(NO_CLIENT)
    http = Http(NAME, section.login_url, gap_s=0, tries=1)
    return TraktLogin(http, section.client_id, credentials.get(SECRET), section.redirect_uri)


def trakt_tokens(
    config: settings.Config, home: Path, credentials: Credentials, login: "TraktLogin"
) -> LoginTokens:
    return LoginTokens(
        credentials, home, "trakt", login.renew, log_in=LOG_IN, client_id=config.trakt.client_id
    )


def by_device(
    login: "TraktLogin",
    show: Callable[[DeviceLogin], object],
    tell: Callable[[str], object],
) -> Tokens:
    """Log in by a code that a person types elsewhere; waits for that.

    Raises:
        LoggedOut: nothing came of it.
    """
    begun = login.begin()
    show(begun)
    while True:
        time.sleep(max(begun.next_at - time.time(), 0.0))
        now = login.poll(begun)
        if isinstance(now, Granted):
            return now.tokens
        if isinstance(now, Ended):
            raise LoggedOut(login.name, now.sentence)
        if now.trouble:
            tell(now.trouble)
        begun = now.login


def by_page(login: "TraktLogin", ask: Callable[[str], str]) -> Tokens:
    """Log in by a page.

    Args:
        ask: for the code that is shown at this address.

    Raises:
        LoggedOut: the code is of no use.
    """
    from movie_sync.services.trakt_login import States

    begun = login.begin_with_page(States())
    return login.exchange(begun, ask(begun.url))


def trakt(
    config: settings.Config,
    home: Path,
    credentials: Credentials,
    stop: threading.Event,
    opened: ExitStack,
) -> "Trakt | None":
    """None where it is off, or has no client id. Nobody has to be logged in yet."""
    section = config.trakt
    if not (section.enabled and section.client_id):
        return None
    from movie_sync.services.trakt import Trakt
    from movie_sync.services.trakt_api import connect

    login = trakt_login(config, credentials)
    opened.callback(login.close)
    api = connect(
        section.base_url,
        section.client_id,
        trakt_tokens(config, home, credentials, login),
        reads_per_5_min=section.reads_per_5_min,
        seconds_between_reads=section.seconds_between_reads,
        seconds_between_writes=section.seconds_between_writes,
        sleep=_pause(stop),
    )
    made = Trakt(api)
    opened.callback(made.close)
    return made


def viki(
    config: settings.Config, credentials: Credentials, stop: threading.Event, opened: ExitStack
) -> "Viki | None":
    """None where it is off. Without cookies it still tells of shows and films."""
    section = config.viki
    if not section.enabled:
        return None
    from movie_sync.history import viki_credentials
    from movie_sync.services.viki import NAME, Viki
    from movie_sync.services.viki_shapes import VikiLogin

    text = credentials.get(viki_credentials.CREDENTIAL)
    login = viki_credentials.read(text) if text else VikiLogin()
    pace, gap_s = wiring.pacer(stop), section.seconds_between_requests
    site = Http(NAME, section.base_url, pacer=pace, gap_s=gap_s)
    api = Http(NAME, section.api_url, pacer=pace, gap_s=gap_s)
    made = Viki(site, api, login, section.app_id)
    opened.callback(made.close)
    return made


def tvdb(
    config: settings.Config, credentials: Credentials, stop: threading.Event, opened: ExitStack
) -> "Tvdb | None":
    """None where it is off, or has no key."""
    key = credentials.get("tvdb.api_key") if config.tvdb.enabled else None
    if not key:
        return None
    from movie_sync.services.tvdb import NAME, Tvdb

    http = Http(NAME, config.tvdb.base_url, pacer=wiring.pacer(stop))
    opened.callback(http.close)
    return Tvdb(http, key, credentials.get("tvdb.pin"))


def _pause(stop: threading.Event) -> Callable[[float], None]:
    def pause(seconds: float) -> None:
        if stop.wait(seconds):
            raise Stopping("the program is stopping; what was read of Trakt is stored")

    return pause
