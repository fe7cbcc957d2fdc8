"""The nouns of the library: what importers find, what names and servers tell, what is kept of it.

Plain facts: no I/O. Ids are texts by provider, as {"tmdb": "496243", "imdb": "tt6751668"}; TMDB
and TVDB number films and shows apart, so an id means something only together with a `Kind`.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from msgspec import Struct, field

from movie_sync.media_models import Media
from movie_sync.models import Moment

PROVIDERS = ("tmdb", "imdb", "tvdb", "tvmaze", "trakt", "letterboxd", "viki", "plex", "jellyfin")

# Must be shown, with its logo from the address below, wherever what TMDB tells is shown.
TMDB_ATTRIBUTION = "This product uses the TMDB API but is not endorsed or certified by TMDB."
TMDB_LOGOS = "https://www.themoviedb.org/about/logos-attribution"

Ids = Mapping[str, str]


class Kind(StrEnum):
    """Of a title."""

    FILM = "film"
    SHOW = "show"


class Teller(StrEnum):
    """Who told, the most trusted first."""

    HAND = "hand"  # a person
    DOWNLOAD = "download"  # this program, of what it placed itself
    NFO = "nfo"
    SERVER = "server"
    FOLDER = "folder"  # the names of the folders that it lies in
    FILE = "file"  # its own name


class Told(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one teller says that a file holds. What it does not say is None or empty."""

    by: Teller
    kind: Kind | None = None
    titles: tuple[str, ...] = ()  # candidates, best first; of the film, or of the show
    year: int | None = None  # of the film, or of the show's first season
    ids: dict[str, str] = field(default_factory=dict)  # of the film, or of the show
    season: int | None = None  # 0: specials
    episodes: tuple[int, ...] = ()  # more than one where the file holds several
    absolute: tuple[int, ...] = ()  # numbers through all seasons, as anime has them
    aired_on: date | None = None  # of a daily show's episode
    episode_title: str | None = None
    episode_ids: dict[str, str] = field(default_factory=dict)
    edition: str | None = None  # "Director's Cut"
    part: int | None = None  # of a film in several files, from 1 on
    extra: str | None = None  # "trailer", "featurette", "sample" ...: not the work itself
    overview: str | None = None
    runtime_min: int | None = None
    genres: tuple[str, ...] = ()


class Sidecar(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A file that goes along with another, as subtitles or a picture do."""

    path: str
    what: str  # "subtitles", "poster", "backdrop", "nfo"
    language: str | None = None
    forced: bool = False
    hearing_impaired: bool = False


class MarkerKind(StrEnum):
    CHAPTER = "chapter"
    INTRO = "intro"
    CREDITS = "credits"
    BREAK = "break"  # where something may be put between


class Marker(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Milliseconds from the beginning."""

    kind: MarkerKind
    start_ms: int
    end_ms: int
    title: str | None = None


class Views(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a media server says of its own account's watching."""

    count: int = 0
    last_at: Moment | None = None
    offset_ms: int = 0  # where it was stopped; 0: it was not begun, or seen to its end


class Found(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A file that an importer found, new or changed since it was last found."""

    uri: str  # unique in its source: the path, or the server's own key as "plex:31337:1"
    fingerprint: str  # another one is another content, or other tellings of it
    told: tuple[Told, ...]  # at least one, the most trusted first
    path: str | None = None  # where this machine finds it; None: nowhere
    size_bytes: int = 0
    mtime_ns: int = 0
    sidecars: tuple[Sidecar, ...] = ()
    markers: tuple[Marker, ...] = ()
    media: Media | None = None  # where the source knows it already
    views: Views | None = None
    problem: str | None = None  # one sentence, where it is there and cannot be used


class Seen(Struct, frozen=True):
    """A file that is as it was."""

    uri: str


class Unread(Struct, frozen=True):
    """A part of a source that could not be read: nothing is known of what is in it now."""

    prefix: str  # of the uris in it: a folder with its "/", or a server's library as "plex:2:"
    sentence: str


Discovered = Found | Seen | Unread


class Match(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why a file is taken for what it is taken for."""

    by: str  # "id", "name", "server", "download", "hand", "folder" (a person's rule for it)
    confidence: float  # 0.0 to 1.0; below 1.0 no id and no person said so
    sentence: str


class Facts(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the world says of a title; of one that nobody told of, its name and year alone."""

    kind: Kind
    title: str
    year: int | None = None
    ids: dict[str, str] = field(default_factory=dict)
    original_title: str | None = None
    other_titles: tuple[str, ...] = ()
    original_language: str | None = None  # ISO 639-1
    overview: str | None = None
    tagline: str | None = None
    genres: tuple[str, ...] = ()
    runtime_min: int | None = None
    premiered_on: date | None = None
    ended_on: date | None = None
    status: str | None = None
    countries: tuple[str, ...] = ()  # ISO 3166
    rating: float | None = None  # 0.0 to 10.0
    votes: int | None = None
    poster: str | None = None  # TMDB's path: "/pB8BM7pdSp6B6Ih7QZ4DrQ3PmJK.jpg"
    backdrop: str | None = None
    collection: "Collection | None" = None
    cast: tuple["Credit", ...] = ()
    crew: tuple["Credit", ...] = ()
    seasons: tuple["SeasonFacts", ...] = ()  # of a show; those that were asked for
    told_at: Moment | None = None  # when the world said so
    late: str | None = None  # one sentence, where that is longer ago than it should be


class EpisodeFacts(Struct, frozen=True, kw_only=True, omit_defaults=True):
    number: int
    name: str | None = None
    overview: str | None = None
    aired_on: date | None = None
    runtime_min: int | None = None
    still: str | None = None
    absolute: int | None = None
    ids: dict[str, str] = field(default_factory=dict)


class SeasonFacts(Struct, frozen=True, kw_only=True, omit_defaults=True):
    number: int  # 0: specials
    name: str | None = None
    overview: str | None = None
    aired_on: date | None = None
    poster: str | None = None
    episodes: tuple[EpisodeFacts, ...] = ()
    ids: dict[str, str] = field(default_factory=dict)


class Collection(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Films that belong together."""

    tmdb_id: int
    name: str
    poster: str | None = None
    backdrop: str | None = None


class Credit(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a person did in a title."""

    person_tmdb_id: int
    name: str
    role: str  # the character, or the job: "Director"
    department: str | None = None  # of the crew
    order: int = 0
    profile: str | None = None  # a picture


class Suggestion(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A title that TMDB has for a name; whether it is the one meant is not said."""

    kind: Kind
    tmdb_id: int
    title: str
    year: int | None = None
    original_title: str | None = None
    other_titles: tuple[str, ...] = ()  # only where the first two are not the name asked for
    original_language: str | None = None
    overview: str | None = None
    poster: str | None = None
    popularity: float = 0.0
    votes: int = 0

    @property
    def titles(self) -> tuple[str, ...]:
        original = (self.original_title,) if self.original_title else ()
        return tuple(dict.fromkeys((self.title, *original, *self.other_titles)))
