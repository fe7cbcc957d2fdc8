"""The one shape of all that finds films and shows: they tell what there is, and store nothing."""

import threading
from collections.abc import Collection, Iterator, Mapping
from typing import Protocol

from movie_sync.library_models import Discovered


class Importer(Protocol):
    """A folder, or a media server."""

    name: str  # of the source

    @property
    def remembers(self) -> Mapping[str, int | str]:
        """What the next look is to be given, after this one came to its end."""
        ...

    def discover(self, known: Mapping[str, str], stop: threading.Event) -> Iterator[Discovered]:
        """Everything that is there, as it is found.

        Only an iterator that ends by itself has looked at everything, apart from what it said
        to be `Unread`; one that raises marks nothing as gone.

        Args:
            known: fingerprints by uri; what is as it was is `Seen`, and not read again.
            stop: set to end it soon.

        Raises:
            Away: the folder, or its drive, is not there.
            Unavailable, NotAuthorised, BadAnswer: the server's.
            Stopping: the program ends.
        """
        ...


class Parted(Importer, Protocol):
    """One that can look at some of its folders alone."""

    unsettled: tuple[str, ...]  # paths that were being written: look at them again soon

    def discover(
        self,
        known: Mapping[str, str],
        stop: threading.Event,
        only: Collection[str] | None = None,
    ) -> Iterator[Discovered]:
        """Args:
        only: folders to look at with all that is in them; nothing is said of any other.
        """
        ...

    def scope(self, only: Collection[str]) -> tuple[str, ...]:
        """Where the uris begin that such a look tells of: what it does not yield there is gone."""
        ...
