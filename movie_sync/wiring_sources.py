"""The sources of the library and what is told of them, as the settings name them."""

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from movie_sync import settings
from movie_sync.config import folder
from movie_sync.credentials import Credentials
from movie_sync.errors import ConfigError, NotAuthorised
from movie_sync.http import Http, Pacer
from movie_sync.library_models import Kind, Teller, Told
from movie_sync.library_settings import Source
from movie_sync.models import FILM, State
from movie_sync.queues import QueueManager

if TYPE_CHECKING:
    from movie_sync.library.enriching import Enricher
    from movie_sync.library.identify import Holds
    from movie_sync.library.importers import Importer
    from movie_sync.library.metadata import Metadata
    from movie_sync.library.pictures import Pictures
    from movie_sync.library.rounds import Place
    from movie_sync.library.rows import Unidentified
    from movie_sync.library.store import LibraryStore
    from movie_sync.library.verdicts import Rule

Remembered = Mapping[str, int | str]  # of the last look at a source

FILMS = "films"  # the name of the source that `library_directory` is

AsSet = Callable[["Unidentified"], "tuple[Holds, Rule | None]"]


def enrichers(
    store: "LibraryStore",
    of_source: AsSet,
    world: "Metadata | None",
    pictures: "Pictures | None",
    stop: threading.Event,
) -> "list[Enricher]":
    """All but `probe`, in the order in which they are begun."""
    from movie_sync.library import enrichers
    from movie_sync.library.recognising import Asks, Confirms

    found: list[Enricher] = [enrichers.Checksum(store, stop)]
    if world:
        found += [Asks(store, of_source, world), Confirms(store, world)]
        found.append(enrichers.TitleFacts(store, world, pictures))
    return found


def probe(
    config: settings.Config, store: "LibraryStore", stop: threading.Event, opened: ExitStack
) -> "list[Enricher]":
    """Empty where it is switched off, or nothing is there to look into files."""
    from movie_sync.library.enrichers import Probe
    from movie_sync.services import media

    if not (config.library.probe and media.installed()):
        return []
    readers = media.Readers(config.library.at_once, stop=stop)
    opened.callback(readers.close)
    return [Probe(store, readers)]


def sources(config: settings.Config) -> dict[str, Source]:
    """All that are looked at, by name.

    Raises:
        ConfigError: one is set wrongly.
    """
    named = {FILMS: Source(path=config.library_directory, holds="films")} | config.library.sources
    for name, source in named.items():
        if source.kind == "folder" and not source.path:
            raise ConfigError(f"library.sources.{name} needs a path; nothing was looked at")
    return {name: source for name, source in named.items() if source.enabled}


def places(
    config: settings.Config,
    credentials: Credentials,
    pace: Pacer,
    queue: QueueManager,
    opened: ExitStack,
) -> "list[Place]":
    """Args:
    opened: ends the connections of the media servers.
    """
    from movie_sync.library.rounds import Place

    servers = _Servers(config, credentials, pace)
    opened.callback(servers.close)
    ways = {"plex": servers.plex, "jellyfin": servers.jellyfin}
    return [
        Place(
            name,
            source.kind,
            source,
            partial(ways[source.kind], name, source)
            if source.kind in ways
            else partial(_folder, config, queue, name, source),
        )
        for name, source in sources(config).items()
    ]


def _folder(
    config: settings.Config, queue: QueueManager, name: str, source: Source, remembered: Remembered
) -> "Importer":
    from movie_sync.library.folder_importer import FolderImporter
    from movie_sync.library.placed import WithPlaced

    path = folder(source.path or "")
    found = FolderImporter(
        name, path, holds=source.holds, apart=_apart(config), remembered=remembered
    )
    return WithPlaced(found, lambda: placed(queue))


def _apart(config: settings.Config) -> Sequence[Path]:
    """Folders that are of no library, though they may lie in one."""
    named = (config.download_directory, config.recycle_directory)
    return [folder(one) for one in named if one]


def placed(queue: QueueManager) -> dict[str, Told]:
    """What this program put where, by path."""
    from movie_sync.films.items import film_of

    found = {}
    for state in (State.COMPLETED, State.ACTIVE, State.PENDING, State.FAILED):
        for item in queue.iter(state):
            path = item.data.get("path") if item.kind == FILM else None
            if path:
                film = film_of(item)
                ids = {"imdb": film.imdb_id, "tmdb": str(film.tmdb_id or "")}
                found[str(path)] = Told(
                    by=Teller.DOWNLOAD,
                    kind=Kind.FILM,
                    titles=film.titles,
                    year=film.year,
                    ids={provider: value for provider, value in ids.items() if value},
                )
    return found


class _Servers:
    """The media servers; all looks at one go by the same connection."""

    def __init__(self, config: settings.Config, credentials: Credentials, pace: Pacer) -> None:
        self._config, self._credentials, self._pace = config, credentials, pace
        self._opened: dict[str, Http] = {}

    def plex(self, name: str, source: Source, remembered: Remembered) -> "Importer":
        from movie_sync.services.plex import headers
        from movie_sync.services.plex_library import PlexLibrary

        section, token = self._config.plex, self._credentials.get("plex.token") or ""
        if not (section.url and token):
            raise NotAuthorised(name, "Plex needs plex.url and `credentials set plex.token`")
        http = self._http("plex", section.url, headers(token))
        return PlexLibrary(name, http, **self._common(section.path_map, source, remembered))

    def jellyfin(self, name: str, source: Source, remembered: Remembered) -> "Importer":
        from movie_sync.services.jellyfin import headers
        from movie_sync.services.jellyfin_library import JellyfinLibrary

        section, key = self._config.jellyfin, self._credentials.get("jellyfin.api_key") or ""
        if not (section.url and key):
            mend = "`credentials set jellyfin.api_key`"
            raise NotAuthorised(name, f"Jellyfin needs its url and {mend}")
        http = self._http("jellyfin", section.url, headers(key))
        return JellyfinLibrary(name, http, **self._common(section.path_map, source, remembered))

    def close(self) -> None:
        for http in self._opened.values():
            http.close()

    def _http(self, kind: str, url: str, sent: Mapping[str, str]) -> Http:
        if kind not in self._opened:
            self._opened[kind] = Http(kind, url, pacer=self._pace, headers=dict(sent))
        return self._opened[kind]

    def _common(
        self, path_map: Mapping[str, str], source: Source, remembered: Remembered
    ) -> dict[str, Any]:
        paths = [one.path for one in sources(self._config).values() if one.path]
        return {
            "path_map": path_map,
            "sections": source.sections,
            "holds": source.holds,
            "ours": [str(folder(path)) for path in paths],
            "marks": {key: str(value) for key, value in remembered.items()},
        }


def watching(config: settings.Config, found: "Sequence[Place]") -> Callable[..., Any] | None:
    if find_spec("inotify_simple") is None:
        return None
    from movie_sync.library.watching import Watching

    folders = {
        place.name: folder(place.settings.path or "")
        for place in found
        if place.kind == "folder" and place.settings.watched
    }
    return partial(Watching, folders, apart=_apart(config)) if folders else None


def as_set(settings_of: Mapping[str, Source], file: "Unidentified") -> "tuple[Holds, Rule | None]":
    """What may be found where the file lies, as the first of its sources says; and how its names
    are taken, which every one of them has to trust."""
    from movie_sync.library.verdicts import Rule

    named = [(name, settings_of[name]) for name in file.sources if name in settings_of]
    if not named:
        return "both", None
    trusted = all(source.trusted for _, source in named)
    sentence = f"the names in {named[0][0]} are trusted, as its settings say"
    return named[0][1].holds, Rule(sentence=sentence, trusted=True) if trusted else None
