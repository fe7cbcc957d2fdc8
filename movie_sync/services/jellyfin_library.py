"""Jellyfin, or Emby, as a source of the library: its files, what they are, what was watched.

Source: https://api.jellyfin.org as of version 12, and Emby's REST API as of 4.9. The key goes out
in headers, never in an address. It is of no person, so whose watching is told has to be chosen.
What the server has saved since a moment can be counted, which tells cheaply that nothing changed;
what was watched since cannot (`MinDateLastSavedForUser` does not do what it says), so the newest
that was played stands for it.

The one thing to know: everything is read in lists. A request of its own is made for the further
files of a film in several, and for nothing else.
"""

import re
import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial

import msgspec
import requests

from movie_sync.errors import BadAnswer, ConfigError, NotFound, Refused
from movie_sync.http import Http
from movie_sync.library_models import Discovered, Marker, Seen, Unread
from movie_sync.services import jellyfin_shapes as jellyfin
from movie_sync.services import server_pages as pages
from movie_sync.services.jellyfin_telling import Show, found_of, markers_of, show_of
from movie_sync.services.server_libraries import Known, Library, Looks, require_time
from movie_sync.services.server_words import Here, here, mark_of, marked

NAME = "jellyfin"
LARGEST_PAGE = 1000
SLACK = timedelta(minutes=2)  # between what the server saves and what it can be asked for
_ID = re.compile(r"[0-9A-Za-z-]+")
_SORT = "DateCreated,SortName"  # what is added meanwhile comes last


class JellyfinLibrary:
    """One look at a time. See `Importer`.

    Args:
        name: of the source.
        http: with `jellyfin.headers(key)`.
        path_map: folders as the server sees them -> the same here.
        sections: libraries that are read, by name; empty is all.
        holds: "films", "shows" or "both".
        ours: folders of this machine; see `server_words.here`.
        user: whose watching is told, by name; "" is the first administrator.
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
        user: str = "",
        marks: Mapping[str, str] | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        page_size: int = pages.FIRST_SIZE,
    ) -> None:
        self.name = name
        self._http, self._path_map, self._ours = http, dict(path_map), tuple(ours)
        self._holds, self._user, self._page_size = holds, user, page_size
        self._to = mark_of(sorted(self._path_map.items()), sorted(self._ours))
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
            ConfigError: it does not know the user.
            NotAuthorised, Stopping.
            Unavailable, BadAnswer: it does not answer, or not as Jellyfin does.
        """
        require_time(stop)
        user_id = self._chosen_user()
        reading = _Reading(
            self._http,
            self._here,
            stop,
            self._page_size,
            to=self._to,
            user_id=user_id,
            holds=self._holds,
        )
        folders = pages.get(self._http, "/Library/VirtualFolders", list[jellyfin.Folder])[0]
        libraries = [_library(one) for one in folders]
        yield from self._looks.look(libraries, reading.stand, reading.read, known, stop)

    def markers(self, uri: str) -> tuple[Marker, ...]:
        """Where intros and credits of a file are, which Jellyfin tells of one item at a time, and
        Emby among the chapters. Raises any `ServiceError`."""
        item_id = uri.split(":")[2]
        try:
            told, _ = pages.get(self._http, f"/MediaSegments/{item_id}", jellyfin.Segments)
        except NotFound:
            return ()
        return markers_of(told.items)

    def _here(self, path: str) -> str | None:
        return here(path, self._path_map, self._ours)

    def _chosen_user(self) -> str:
        """The id of the person whose watching is told; "" where there is nobody."""
        told = pages.get(self._http, "/Users", list[jellyfin.User])[0]
        users = [one for one in told if not one.policy.is_disabled]
        if self._user:
            named = [one for one in users if one.name.casefold() == self._user.casefold()]
            if not named:
                names = ", ".join(one.name for one in users) or "nobody"
                raise ConfigError(f'jellyfin.user names "{self._user}", whom Jellyfin does not '
                                  f"know; it knows {names}")  # fmt: skip
            return named[0].id
        first = [one for one in users if one.policy.is_administrator] or users
        return first[0].id if first else ""


class _Reading:
    """One look at any of the libraries.

    Args:
        to: another text where paths lead elsewhere.
    """

    def __init__(
        self,
        http: Http,
        path_here: Here,
        stop: threading.Event,
        page_size: int,
        *,
        to: str,
        user_id: str,
        holds: str,
    ) -> None:
        self._http, self._here, self._to, self._holds = http, path_here, to, holds
        self._stop, self._user_id, self._page_size = stop, user_id, page_size

    def stand(self, library: Library, before: str) -> str | None:
        """Since when nothing was saved, how many there are and which was watched last, and how
        often that was another one."""
        newest = self._http.get("/Items", params=self._asked(
            library, self._types(library), SortBy="DatePlayed", SortOrder="Descending", Limit=1,
        ))  # fmt: skip
        told = pages.read(NAME, newest.content, jellyfin.Listed, "/Items")
        played = [pages.read_item(raw, jellyfin.Played) for raw in told.items]
        state = mark_of(told.total_record_count, played, self._user_id, self._to)
        since, old, times = before.split(" ") if before else ("", "", "0")
        if old == state and not self._saved(library, since):
            return before
        return f"{_time_of(newest, SLACK)} {state} {int(times) + 1}"

    def _saved(self, library: Library, since: str) -> int:
        """How many were, since then."""
        types = (*self._types(library), "Series")
        asked = self._asked(library, types, MinDateLastSaved=since, Limit=1)
        return pages.get(self._http, "/Items", jellyfin.Listed, **asked)[0].total_record_count

    def read(self, library: Library, known: Known) -> Iterator[Discovered]:
        shows: dict[str, Show] = {}
        if "Episode" in self._types(library):
            for raw in self._listed(library, ("Series",), jellyfin.FIELDS_OF_SHOWS):
                show = pages.read_item(raw, jellyfin.Item)
                if show is not None:  # its episodes name it too
                    shows[show.id] = show_of(show)
        before: dict[str, dict[str, str]] = {}
        for uri, fingerprint in known.items():
            before.setdefault(uri.rpartition(":")[0], {})[uri] = fingerprint
        for raw in self._listed(library, self._types(library), jellyfin.FIELDS):
            item, prefix = pages.read_item(raw, jellyfin.Item), f"{library.prefix}{_key(raw)}"
            if item is None:
                sentence = f'{NAME}: item {_key(raw)} of "{library.name}" has an unknown form'
                yield Unread(f"{prefix}:", sentence)
                continue
            mark = mark_of(item, shows.get(item.series_id or ""), self._to)
            mine = before.get(prefix, {})
            if mine and all(one.startswith(f"{mark}.") for one in mine.values()):
                yield from map(Seen, mine)
            else:
                yield from self._files(item, prefix, mark, shows)

    def _files(
        self, item: jellyfin.Item, prefix: str, mark: str, shows: Mapping[str, Show]
    ) -> Iterator[Discovered]:
        if item.location_type == "Virtual":  # an episode that is missed
            return
        try:
            parts = self._parts(item) if (item.part_count or 0) > 1 else []
        except (BadAnswer, Refused) as error:
            yield Unread(f"{prefix}:", str(error))
            return
        make = partial(found_of, item=item, shows=shows, here=self._here)
        first = 1 if parts else None
        numbered = [(first, source) for source in item.media_sources or []]
        for part, source in (*numbered, *enumerate(parts, 2)):
            yield marked(make(f"{prefix}:{source.id}", source=source, part=part), mark)

    def _parts(self, item: jellyfin.Item) -> list[jellyfin.Source]:
        """Of a film in several files, the second and those after it."""
        require_time(self._stop)
        path, user = f"/Videos/{item.id}/AdditionalParts", {"UserId": self._user_id}
        told, _ = pages.get(self._http, path, jellyfin.Listed, **(user if self._user_id else {}))
        parts = [pages.read_item(raw, jellyfin.Item) for raw in told.items]
        sources = [part.media_sources[0] for part in parts if part and part.media_sources]
        if not len(sources) == len(told.items) == told.total_record_count:
            raise BadAnswer(NAME, f'told {len(sources)} further files of "{item.name}", and has '
                            f"{told.total_record_count}")  # fmt: skip
        return sources

    def _listed(
        self, library: Library, types: Collection[str], fields: str
    ) -> Iterator[msgspec.Raw]:
        def ask(start: int, size: int) -> pages.Page[msgspec.Raw]:
            require_time(self._stop)
            asked = self._asked(
                library, types, SortBy=_SORT, Fields=fields, StartIndex=start, Limit=size
            )
            told, size_bytes = pages.get(self._http, "/Items", jellyfin.Listed, **asked)
            return pages.Page(told.items, told.total_record_count, size_bytes)

        return pages.every(NAME, ask, _key, self._page_size, LARGEST_PAGE)

    def _asked(
        self, library: Library, types: Collection[str], **more: str | int
    ) -> dict[str, str | int]:
        asked = {"ParentId": library.key, "Recursive": "true", "IncludeItemTypes": ",".join(types),
                 "EnableImages": "false", "EnableTotalRecordCount": "true"}  # fmt: skip
        return asked | ({"UserId": self._user_id} if self._user_id else {}) | more

    def _types(self, library: Library) -> tuple[str, ...]:
        films = ("Movie",) if library.films and self._holds != "shows" else ()
        return films + (("Episode",) if library.shows and self._holds != "films" else ())


def _library(one: jellyfin.Folder) -> Library:
    kind = one.collection_type or "mixed"
    return Library(
        key=one.item_id,
        name=one.name,
        prefix=f"{NAME}:{one.item_id}:",
        films=kind in ("movies", "mixed"),
        shows=kind in ("tvshows", "mixed"),
    )


def _time_of(response: requests.Response, before: timedelta) -> str:
    """So long before the moment of an answer, by the server's own clock where it tells it."""
    try:
        told = parsedate_to_datetime(response.headers.get("Date", ""))
    except (ValueError, OverflowError):
        told = datetime.now(UTC)
    return (told - before).strftime("%Y-%m-%dT%H:%M:%SZ")


def _key(raw: msgspec.Raw) -> str:
    named = pages.read_item(raw, jellyfin.Named)
    if named is None or not _ID.fullmatch(named.id):
        raise BadAnswer(NAME, "an item has no id; its form is unknown")
    return str(named.id)
