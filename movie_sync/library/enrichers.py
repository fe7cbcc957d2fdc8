"""What can be told of a file or a title besides its name: its streams, what TMDB says, its sum.

To add one: a class of the shape `enriching.Enricher`, and one line in `wiring_library.enrichers`.
"""

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from movie_sync.errors import NotFound
from movie_sync.library.checksums import sha256
from movie_sync.library.enriching import Lacking
from movie_sync.library.metadata import Metadata
from movie_sync.library.pictures import Pictures
from movie_sync.library.probing import Reads, look_into
from movie_sync.library.rows import ToProbe
from movie_sync.library.store import LibraryStore
from movie_sync.library_models import Facts, Ids, Kind
from movie_sync.media_models import Broken

FACTS_LAST = timedelta(days=30)  # then the world is asked again
FOUND_BY = ("imdb", "tvdb")  # ids of others that TMDB knows
PICTURES = (("poster", "w342"), ("backdrop", "w1280"))  # as pages show them


class Probe:
    """Looks into a file for its streams, languages and chapters."""

    name = "probe"

    def __init__(self, store: LibraryStore, readers: Reads) -> None:
        self._store, self._readers = store, readers

    def lacking(self, after: int, limit: int) -> Sequence[Lacking]:
        return [_named(one) for one in self._store.waiting_probe(after, limit)]

    def enrich(self, about: int, now: datetime) -> None:
        for one in self._store.waiting_probe(about - 1, 1):
            if one.asset_id == about:
                found = look_into(Path(one.path), self._readers)
                if isinstance(found, Broken):
                    self._store.save_broken(about, one.content, found.sentence, now)
                else:
                    self._store.save_media(about, one.content, found, now)


class Checksum:
    """The SHA-256 of a file, where a person asks for it."""

    name = "checksum"

    def __init__(self, store: LibraryStore, stop: threading.Event) -> None:
        self._store, self._stop = store, stop

    def lacking(self, after: int, limit: int) -> Sequence[Lacking]:
        return ()

    def enrich(self, about: int, now: datetime) -> None:
        for one in self._store.waiting_checksum(about - 1, 1):
            if one.asset_id == about:
                self._store.save_checksum(about, one.content, sha256(Path(one.path), self._stop))


class TitleFacts:
    """What TMDB says of a title, and its pictures."""

    name = "facts"

    def __init__(self, store: LibraryStore, metadata: Metadata, pictures: Pictures | None) -> None:
        self._store, self._metadata, self._pictures = store, metadata, pictures

    def lacking(self, after: int, limit: int) -> Sequence[Lacking]:
        # Not the time of the pass: what was asked for in this one must not be asked for again.
        before = datetime.now().astimezone() - FACTS_LAST
        return [Lacking(*one) for one in self._store.waiting_facts(after, limit, before)]

    def enrich(self, about: int, now: datetime) -> None:
        named = self._store.ids_of_title(about)
        if named is None:
            return
        kind, ids = named
        try:
            facts = self._told(kind, ids)
        except NotFound:
            facts = None
        if facts is None:
            self._store.no_facts(about, now)
            return
        self._store.save_facts(about, facts, now)
        self._fetch_pictures(facts)

    def _told(self, kind: Kind, ids: Ids) -> Facts | None:
        """None where TMDB does not know it by any of these ids."""
        number = self._number(kind, ids)
        if number is None:
            return None
        if kind is Kind.FILM:
            return self._metadata.film(number)
        return self._metadata.show(number, "all")

    def _number(self, kind: Kind, ids: Ids) -> int | None:
        if ids.get("tmdb", "").isdecimal():
            return int(ids["tmdb"])
        for provider in FOUND_BY:
            if provider in ids:
                found = self._metadata.find(provider, ids[provider], kind)
                if found and found[0] is kind:
                    return found[1]
        return None

    def _fetch_pictures(self, facts: Facts) -> None:
        for what, size in PICTURES if self._pictures else ():
            path = facts.poster if what == "poster" else facts.backdrop
            if path:
                self._pictures.file(what, size, path)  # type: ignore[union-attr]


def _named(one: ToProbe) -> Lacking:
    return Lacking(one.asset_id, Path(one.path).name)
