"""One library of Plex, read: all of it in short, and in full what is new, changed or lately added.

Several episodes in one file are one file; its uri names the oldest of them.
"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec
from msgspec import Struct

from movie_sync.errors import BadAnswer, NotFound, Refused, Unavailable
from movie_sync.library_models import Discovered, Seen, Unread
from movie_sync.services import plex_shapes as plex
from movie_sync.services import server_pages as pages
from movie_sync.services.plex_telling import Show, found_of, places_of, show_of
from movie_sync.services.server_libraries import Known, Library, require_time
from movie_sync.services.server_words import Here, mark_of, marked

NAME = "plex"

# Intros and credits are looked for in the nights after a film was added, and no date tells of it.
LATELY = timedelta(days=14)
LARGEST_PAGE = 1500
FIRST_WHOLE, LONGEST_PATH = 100, 6000  # items, and characters of an address that names them
NOT_READ = "Collection,Country,Director,Image,Label,Producer,Rating,Review,Role,Similar,Writer"


class _File(Struct):
    """A file, by what the short list says of it."""

    uri: str
    path: str | None
    keys: list[str]  # of the items in it
    marks: list[str]
    lately: bool = False

    @property
    def mark(self) -> str:
        return mark_of(self.path, sorted(self.marks))


class Reading:
    """One look at any of the libraries."""

    def __init__(
        self,
        http: pages.Asked,
        path_here: Here,
        now: datetime,
        stop: threading.Event,
        page_size: int,
    ) -> None:
        self._http, self._here, self._stop, self._page_size = http, path_here, stop, page_size
        self._since = (now - LATELY).timestamp()

    def read(self, library: Library, known: Known) -> Iterator[Discovered]:
        shows: dict[str, Show] = {}
        if library.shows:
            for raw in self._listed(library, plex.SHOW):
                show = pages.read_item(raw, plex.Item)
                if show is not None:  # its episodes name it too
                    shows[show.rating_key] = show_of(show)
        files: dict[str, _File] = {}
        for raw in self._listed(library, plex.EPISODE if library.shows else plex.FILM):
            item = pages.read_item(raw, plex.Item)
            if item is None:
                yield _odd(library, _key(raw))
            else:
                self._note(item, library, shows, files)
        changed = []
        for one in files.values():
            if one.lately or known.get(one.uri, "").partition(".")[0] != one.mark:
                changed.append(one)
            else:
                yield Seen(one.uri)
        yield from self._whole(library, changed, shows, known)

    def _listed(self, library: Library, of: int) -> Iterator[msgspec.Raw]:
        def ask(start: int, size: int) -> pages.Page[msgspec.Raw]:
            require_time(self._stop)
            answer, size_bytes = pages.get(
                self._http,
                f"/library/sections/{library.key}/all",
                plex.Answer,
                type=of,
                sort="addedAt:asc",  # what is added meanwhile comes last
                includeGuids=1,
                excludeElements=NOT_READ,
                **{"X-Plex-Container-Start": start, "X-Plex-Container-Size": size},
            )
            told = answer.container
            if len(told.items) != told.size:
                raise BadAnswer(NAME, f"told {len(told.items)} of {told.size} items of a page")
            if told.total_size is None and told.size >= size:
                raise BadAnswer(NAME, "does not say how many items there are")
            total = start + told.size if told.total_size is None else told.total_size
            return pages.Page(told.items, total, size_bytes)

        return pages.every(NAME, ask, _key, self._page_size, LARGEST_PAGE)

    def _note(
        self, item: plex.Item, library: Library, shows: dict[str, Show], files: dict[str, _File]
    ) -> None:
        """Take down the files of an item, those that earlier ones are in too."""
        show = shows.get(item.grandparent_rating_key or "")
        for media, part in ((place.media, place.part) for place in places_of(item)):
            named = part.file or f"part {part.id}"
            path = self._here(part.file) if part.file else None
            uri = f"{library.prefix}{item.rating_key}:{part.id}"
            one = files.setdefault(named, _File(uri, path, [], []))
            if item.rating_key in one.keys:
                continue
            if one.keys and int(item.rating_key) < min(map(int, one.keys)):
                one.uri = uri  # the oldest one names it, in whatever order they are told
            one.keys.append(item.rating_key)
            one.marks.append(mark_of(item, show, media.id, part.id))
            one.lately |= item.added_at > self._since

    def _whole(
        self,
        library: Library,
        files: Sequence[_File],
        shows: dict[str, Show],
        known: Known,
    ) -> Iterator[Discovered]:
        left, count, largest = list(reversed(files)), FIRST_WHOLE, LARGEST_PAGE
        while left:
            require_time(self._stop)
            some = _some(left, count)
            try:
                items, size_bytes = self._items(some)
            except Unavailable as error:
                if len(some) <= FIRST_WHOLE or error.retry_after_s is not None:
                    raise
                left += reversed(some)  # it may be too slow for as many
                count = largest = FIRST_WHOLE
                continue
            except (Refused, BadAnswer):
                if len(some) == 1:
                    yield _odd(library, some[0].uri.split(":")[2])
                    continue
                left += reversed(some)  # too many, or too large an answer
                count = largest = max(len(some) // 4, 1)
                continue
            for one in some:
                yield _told(one, items, shows, known, library)
            count = pages.fitting(size_bytes, len(some), largest)

    def _items(self, files: Sequence[_File]) -> tuple[dict[str, plex.Item], int]:
        """Those that are there, by their keys."""
        keys = dict.fromkeys(key for one in files for key in one.keys)
        try:
            answer, size_bytes = pages.get(
                self._http,
                f"/library/metadata/{','.join(keys)}",
                plex.Answer,
                includeChapters=1,
                includeMarkers=1,
                includeGuids=1,
                skipRefresh=1,
                excludeElements=NOT_READ,
            )
        except NotFound:
            return {}, 0
        items = (pages.read_item(raw, plex.Item) for raw in answer.container.items)
        return {item.rating_key: item for item in items if item is not None}, size_bytes


def _some(left: list[_File], count: int) -> list[_File]:
    """Take as many as may be asked for at once."""
    taken: list[_File] = []
    length = 0
    while left and len(taken) < count:
        length += sum(len(key) + 1 for key in left[-1].keys)
        if taken and length > LONGEST_PATH:
            break
        taken.append(left.pop())
    return taken


def _told(
    one: _File,
    items: Mapping[str, plex.Item],
    shows: dict[str, Show],
    known: Known,
    library: Library,
) -> Discovered:
    owner, part_id = one.uri.removeprefix(library.prefix).split(":")
    keys = sorted(one.keys, key=lambda key: (key != owner, int(key)))
    places = [
        place
        for key in keys
        if key in items
        for place in places_of(items[key])
        if key != owner or str(place.part.id) == part_id
    ]
    file = places[0].part.file if places else None
    places = [place for place in places if place.part.file == file]
    if {place.item.rating_key for place in places} != set(keys):
        sentence = f'{NAME}: item {owner} of "{library.name}" was listed, and is told of no more'
        return Unread(one.uri, sentence)
    found = marked(found_of(one.uri, one.path, places, shows), one.mark)
    return Seen(one.uri) if known.get(one.uri) == found.fingerprint else found


def _key(raw: msgspec.Raw) -> str:
    named = pages.read_item(raw, plex.Named)
    if named is None or not named.rating_key.isdigit():
        raise BadAnswer(NAME, "an item has no number; its form is unknown")
    return str(named.rating_key)


def _odd(library: Library, key: str) -> Unread:
    sentence = f'{NAME}: item {key} of "{library.name}" has an unknown form'
    return Unread(f"{library.prefix}{key}:", sentence)
