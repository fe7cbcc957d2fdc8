"""One file for each site or program outside ours, and the shapes they share.

A service turns its own language into `models`, and its own failures into `errors`. It decides
nothing, stores nothing, and imports no other service. Each may be called from several threads.
"""

from collections.abc import Collection
from pathlib import Path
from typing import Protocol, runtime_checkable

from movie_sync.giving import Given, Series, SeriesWish
from movie_sync.messages import Change, Notice
from movie_sync.models import Film, Release, Transfer, Watchlist


class WatchlistSource(Protocol):
    """Lists the films a person wants."""

    name: str  # "letterboxd:alice"

    def read(self) -> Watchlist:
        """All films listed now.

        A reading that breaks off after its first page comes back with `complete=False` and the
        reason as `problem`; one that cannot begin raises. An empty list is a reading.
        """


class FilmFacts(Protocol):
    """Knows more of a film than a watchlist tells."""

    name: str
    adds: tuple[str, ...]  # fields of a film; it is asked where one of them is not known

    def facts(self, film: Film) -> Film | None:
        """The film with ids, runtime and other titles; None if it is not this source's film.

        Raises:
            Refused: it is a series or is gone, and not to be downloaded as a film.
        """


class Indexer(Protocol):
    """Finds downloadable releases of films."""

    name: str

    def search(self, film: Film) -> list[Release]: ...

    def latest(self) -> list[Release]:
        """The newest releases of all films, in one call."""

    def fetch(self, release: Release) -> bytes:
        """The torrent file, checked to be one."""

    def check(self) -> str:
        """One sentence on login and budget. Raises what is wrong."""


@runtime_checkable
class Checkable(Protocol):
    """Says whether it can be used, and leaves nothing behind."""

    @property
    def name(self) -> str: ...

    def check(self) -> str:
        """One sentence. Raises what is wrong."""


class Messenger(Protocol):
    """Brings notices to a person."""

    name: str

    def send(self, notice: Notice) -> None:
        """Return once it was taken. Raises `ServiceError`, or ConfigError."""


class MediaServer(Protocol):
    """Shows the library to people, and is told when it changes."""

    name: str

    def refresh(self, change: Change) -> None:
        """Return once it knows that it has to look. Raises `ServiceError`, or ConfigError."""

    def check(self) -> str:
        """One sentence on its login. Raises what is wrong."""


class ShowTarget(Protocol):
    """Takes shows and looks after them, as Sonarr does."""

    @property
    def name(self) -> str: ...

    def check(self) -> str:
        """One sentence on its version and what can be chosen there. Raises what is wrong."""

    def require(self, wish: SeriesWish) -> None:
        """Raises ConfigError: what it names is not there; it says what is."""

    def library(self) -> list[Series]:
        """Every show that it has."""

    def exclusions(self) -> frozenset[int]:
        """TVDB ids that a person wants its lists never to add."""

    def exclude(self, tvdb_id: int, title: str) -> None:
        """Add one to those."""

    def find(self, tvdb_id: int) -> Series | None:
        """The show, where it has it."""

    def add(self, wish: SeriesWish) -> Given:
        """Give it a show.

        Raises:
            Unavailable, BadAnswer: the show may be there or not: `find` tells.
            NotAuthorised, ConfigError: nothing was added.
        """

    def close(self) -> None: ...


class FilmTarget(Protocol):
    """Takes films and looks after them, as Radarr does."""

    name: str

    def add(self, film: Film) -> Given:
        """Give it a film; one that it has is no error. Raises ServiceError, or ConfigError."""

    def check(self) -> str:
        """One sentence. Raises what is wrong."""


class DownloadClient(Protocol):
    """Downloads torrents, and says how far they are."""

    name: str
    shared: bool  # a person uses it too, and may delete or stop downloads there

    def check(self) -> str:
        """One sentence on its version. Raises Unavailable or NotAuthorised."""

    def add(self, torrent: bytes, save_to: Path) -> str:
        """Start a download, or adopt the one already there; returns its handle once it is seen."""

    def transfers(self, handles: Collection[str]) -> dict[str, Transfer]:
        """Each download asked for that the client has. One that is absent is not there."""

    def remove(self, handle: str, *, with_files: bool) -> None: ...

    def relabel(self, handle: str, label: str) -> None:
        """Mark a download for the person who looks there; it goes on as it is. One that is not
        there, or a client without labels, is no error."""

    def close(self) -> None:
        """Keep what a restart needs, and let go."""
