"""Which services read what a person brings along: files of other programs, and Radarr itself.

Beside `wiring.py` because nothing of it runs with the program: it is loaded by an import alone.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from movie_sync.credentials import Credentials
from movie_sync.errors import ConfigError, FilesError
from movie_sync.http import Http
from movie_sync.models import Watchlist
from movie_sync.setting_types import WebAddress

if TYPE_CHECKING:
    from movie_sync.services.radarr import Collection as Collection  # noqa: PLC0414
    from movie_sync.services.radarr import Radarr

API_KEY = "radarr.api_key"
GAP_S = 0.1  # it is the person's own, and names no limit


def read_list(path: Path) -> Watchlist:
    """A Letterboxd export, or any list of films as CSV, JSON or a feed.

    Raises:
        FilesError: it is none, or cannot be read.
        ServiceError: its form is not known.
    """
    from movie_sync.services.letterboxd_export import read_export
    from movie_sync.services.lists import PlainList

    if path.suffix.lower() == ".zip":
        return read_export(path)
    http = Http("list", "")
    try:
        return PlainList(str(path.absolute()), http).read()
    finally:
        http.close()


def is_of_radarr(names: set[str]) -> bool:
    """Whether the columns or keys of a list say what Radarr has and what not."""
    from movie_sync.services.radarr import FLAGS

    return bool({flag.casefold() for flag in FLAGS} & {name.casefold() for name in names})


def read_radarr(text: str) -> "Collection":
    """A file of what Radarr's API gives, or a CSV with its columns.

    Raises:
        FilesError: its form is not known.
    """
    from movie_sync.services.entries import Entry, Malformed, read_csv
    from movie_sync.services.radarr import read_listed

    try:
        if text.lstrip()[:1] == "[":
            values = msgspec.json.decode(text)
            return read_listed(
                Entry(f"film {number}", value if isinstance(value, dict) else {})
                for number, value in enumerate(values, 1)
            )
        return read_listed(read_csv(text))
    except (Malformed, msgspec.MsgspecError, RecursionError) as error:
        raise FilesError(f"it cannot be read ({error}); nothing was added") from error


def radarr(url: str, credentials: Credentials) -> "Radarr":
    """Raises ConfigError: the address could not be one, or there is no key for it."""
    from movie_sync.services.radarr import NAME, Radarr, headers

    try:
        msgspec.convert(url, WebAddress)
    except msgspec.ValidationError:
        raise ConfigError(
            f'"{url}" is no address of Radarr; it looks like "http://127.0.0.1:7878"'
        ) from None
    key = credentials.get(API_KEY)
    if key is None:
        raise ConfigError(
            f"Radarr needs its key: run `credentials set {API_KEY}`; nothing was asked"
        )
    return Radarr(Http(NAME, url, gap_s=GAP_S, headers=headers(key)))
