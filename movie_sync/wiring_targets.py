"""From settings and credentials to those who take care of films and shows: Radarr, the Sonarrs.

One that is set up wrongly stops nothing: what it is to be given waits, and says what is missing.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from movie_sync import settings
from movie_sync.credentials import Credentials, of_sonarr
from movie_sync.errors import NotAuthorised
from movie_sync.giving import Given
from movie_sync.http import Http, Pacer
from movie_sync.models import Film
from movie_sync.services import FilmTarget

if TYPE_CHECKING:
    from movie_sync.shows.rules import Rules
    from movie_sync.shows.sonarrs import Sonarrs

GAP_S = 0.1  # they are the person's own, and name no limit
RADARR_KEY = "radarr.api_key"


class WithoutKey:
    """Stands where a Radarr is named and nobody gave its key; it waits for a person."""

    name = "radarr"

    def add(self, film: Film) -> Given:
        raise self._error()

    def check(self) -> str:
        raise self._error()

    def _error(self) -> NotAuthorised:
        return NotAuthorised(self.name, f"needs its key: run `credentials set {RADARR_KEY}`")


def film_target(
    config: settings.Config, credentials: Credentials, pace: Pacer
) -> FilmTarget | None:
    """Who takes care of films in place of the indexers; None where films are searched for here."""
    section = config.radarr
    if not section.enabled:
        return None
    key = credentials.get(RADARR_KEY)
    if key is None:
        return WithoutKey()
    from movie_sync.services import arr
    from movie_sync.services.radarr_adding import NAME, TIMEOUT_S, RadarrAdding

    http = Http(
        NAME, section.url, pacer=pace, gap_s=GAP_S, headers=arr.headers(key), timeout_s=TIMEOUT_S
    )
    return RadarrAdding(http, section)


def sonarrs(
    config: settings.Config, home: Path, credentials: Credentials, pace: Pacer, rules: "Rules"
) -> "Sonarrs":
    """Every Sonarr that is switched on; one without a key says so when it is asked."""
    from movie_sync.breaker import Breaker
    from movie_sync.services import arr
    from movie_sync.services.sonarr import LARGEST_LIBRARY_BYTES, TIMEOUT_S, Sonarr
    from movie_sync.shows.sonarrs import Instance, Sonarrs

    made = {}
    for name, section in config.sonarr.items():
        if not section.enabled:
            continue
        key = credentials.get(of_sonarr(name)) or ""
        service = f"sonarr.{name}"
        http = Http(
            service,
            section.url,
            pacer=pace,
            gap_s=GAP_S,
            headers=arr.headers(key),
            timeout_s=TIMEOUT_S,
            largest_bytes=LARGEST_LIBRARY_BYTES,
        )
        breaker = Breaker(home, service, key).renewed()
        made[name] = Instance(section, Sonarr(http, name), breaker)
    return Sonarrs(config.shows, rules, made)
