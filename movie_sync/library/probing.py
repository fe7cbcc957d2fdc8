"""A file of the library, looked into: the enricher that tells its streams, languages and chapters.

What is told belongs to the file as it was then. One that has changed since gets another
fingerprint from the next look at its source, and is looked into again.
"""

from pathlib import Path
from typing import Protocol

from movie_sync.errors import FilesError
from movie_sync.media_models import Broken, Media


class Reads(Protocol):
    """What opens files, apart from this process."""

    def read(self, path: Path) -> Media | Broken:
        """What the file is.

        Raises:
            FilesError, Unavailable, Stopping: nothing is known of it.
        """


def look_into(path: Path, reads: Reads) -> Media | Broken:
    """What the file is. Broken is what it will stay until somebody replaces it.

    Raises:
        FilesError: nothing is known of it yet: it is being written, is gone or may not be read.
        Away: its drive fails or does not answer; nor may other files of it.
        Unavailable: nothing can be looked into at this moment.
        Stopping: the program ends.
    """
    told = reads.read(path)
    if isinstance(told, Broken) and told.fresh:
        raise FilesError(
            f"{path} was written to a moment ago and is not whole yet: {told.sentence}; "
            "it is looked into again"
        )
    return told
