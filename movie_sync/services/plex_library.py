"""Plex as a source of the library: which files it has, what it takes them for, what was watched.

Source: https://developer.plex.tv/pms as of 2026. The token goes out in the header X-Plex-Token,
never in an address. It is not read by plexapi, which goes out without our pace, limits and
redaction, and takes eight times as long over 10,000 episodes.

The one thing to know: a library is listed in short, and only of what is new or changed, or was
added lately, the whole is asked for, hundreds at once. Several episodes in one file are one file.
"""

import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import UTC, datetime

from movie_sync.errors import BadAnswer
from movie_sync.http import Http
from movie_sync.library_models import Discovered
from movie_sync.services import plex_shapes as plex
from movie_sync.services import server_pages as pages
from movie_sync.services.plex_reading import NAME, Reading
from movie_sync.services.server_libraries import Library, Looks
from movie_sync.services.server_words import here, mark_of


class PlexLibrary:
    """One look at a time. See `Importer`.

    Args:
        name: of the source.
        http: with `plex.headers(token)`.
        path_map: folders as Plex sees them -> the same here.
        sections: libraries that are read, by name; empty is all.
        holds: "films", "shows" or "both".
        ours: folders of this machine; see `server_words.here`.
        marks: `marks` as it was after an earlier look; {} if that is not known.
        page_size: items of a list's first page.
    """

    def __init__(
        self,
        name: str,
        http: Http,
        *,
        path_map: Mapping[str, str],
        sections: Collection[str] = (),
        holds: str = "both",
        ours: Collection[str] = (),
        marks: Mapping[str, str] | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        page_size: int = pages.FIRST_SIZE,
    ) -> None:
        self.name = name
        self._http, self._path_map, self._ours, self._clock = http, path_map, tuple(ours), clock
        self._page_size = page_size
        self._looks = Looks(NAME, sections, holds, marks, clock)

    @property
    def marks(self) -> dict[str, str]:
        """How its libraries were when they were last read: to be kept, and given again."""
        return self._looks.marks

    @property
    def remembers(self) -> dict[str, str]:
        """The same, as every importer calls it."""
        return self._looks.marks

    def discover(self, known: Mapping[str, str], stop: threading.Event) -> Iterator[Discovered]:
        """See `Importer`.

        Raises:
            NotAuthorised, Stopping.
            Unavailable, BadAnswer: it does not answer, or not as Plex does.
        """
        reading = Reading(self._http, self._here, self._clock(), stop, self._page_size)
        sections = {one.key: one for one in self._sections()}
        libraries = [_library(one) for one in sections.values()]

        def stand(library: Library, before: str) -> str | None:
            return self._stand(sections[library.key])

        yield from self._looks.look(libraries, stand, reading.read, known, stop)

    def _here(self, path: str) -> str | None:
        return here(path, self._path_map, self._ours)

    def _sections(self) -> list[plex.Section]:
        answer, _ = pages.get(self._http, "/library/sections", plex.SectionsAnswer)
        told = answer.container
        if len(told.libraries) != told.size:
            raise BadAnswer(NAME, f"told {len(told.libraries)} of {told.size} libraries")
        return [one for one in told.libraries if one.type in ("movie", "show")]

    def _stand(self, one: plex.Section) -> str | None:
        """Where a path leads counts like a change in it."""
        if not one.content_changed_at and not one.scanned_at:
            return None
        to = mark_of(sorted(self._path_map.items()), sorted(self._ours))
        return f"{one.scanned_at}-{one.content_changed_at}-{to}"


def _library(one: plex.Section) -> Library:
    is_film = one.type == "movie"
    prefix = f"{NAME}:{one.key}:"
    return Library(key=one.key, name=one.title, prefix=prefix, films=is_film, shows=not is_film)
