"""What TMDB answers, as far as it is read here. What it does not know is null, missing or "".

Source: https://developer.themoviedb.org/reference, as of 2026. Encoded again, an answer is
without all that is not read here; that is the form in which it is kept.
"""

from msgspec import Struct


class _Shape(Struct, frozen=True, omit_defaults=True):
    pass


class Genre(_Shape, frozen=True):
    name: str | None = None


class Country(_Shape, frozen=True):
    iso_3166_1: str | None = None


class Titled(_Shape, frozen=True):
    """In one language; films have a title, shows a name."""

    title: str | None = None
    name: str | None = None
    overview: str | None = None
    tagline: str | None = None


class OtherTitles(_Shape, frozen=True):
    """Films have them in `titles`, shows in `results`."""

    titles: list[Titled] = []
    results: list[Titled] = []


class Translation(_Shape, frozen=True):
    iso_639_1: str | None = None
    iso_3166_1: str | None = None
    data: Titled = Titled()


class Translations(_Shape, frozen=True):
    translations: list[Translation] = []


class ExternalIds(_Shape, frozen=True):
    imdb_id: str | None = None
    tvdb_id: int | None = None
    wikidata_id: str | None = None


class Release(_Shape, frozen=True):
    release_date: str | None = None
    type: int = 0


class CountryReleases(_Shape, frozen=True):
    release_dates: list[Release] = []


class Releases(_Shape, frozen=True):
    results: list[CountryReleases] = []


class Part(_Shape, frozen=True):
    """What somebody played or did; a show has as many as it took."""

    character: str | None = None
    job: str | None = None
    episode_count: int = 0


class Person(_Shape, frozen=True):
    """Somebody in a list of cast or crew."""

    id: int
    name: str | None = None
    profile_path: str | None = None
    character: str | None = None
    order: int | None = None
    job: str | None = None
    department: str | None = None
    roles: list[Part] = []  # of all seasons of a show
    jobs: list[Part] = []
    total_episode_count: int = 0


class Credits(_Shape, frozen=True):
    cast: list[Person]
    crew: list[Person]


class CollectionName(_Shape, frozen=True):
    id: int
    name: str | None = None
    poster_path: str | None = None
    backdrop_path: str | None = None


class Movie(_Shape, frozen=True):
    """A film, with the parts that were asked for besides."""

    id: int
    title: str
    original_title: str | None = None
    original_language: str | None = None
    overview: str | None = None
    tagline: str | None = None
    status: str | None = None
    release_date: str | None = None
    runtime: int | None = None
    imdb_id: str | None = None
    genres: list[Genre] = []
    production_countries: list[Country] = []
    origin_country: list[str] = []
    belongs_to_collection: CollectionName | None = None
    poster_path: str | None = None
    backdrop_path: str | None = None
    vote_average: float | None = None
    vote_count: int | None = None
    alternative_titles: OtherTitles = OtherTitles()
    credits: Credits = Credits([], [])
    external_ids: ExternalIds = ExternalIds()
    release_dates: Releases = Releases()
    translations: Translations = Translations()


class Episode(_Shape, frozen=True):
    episode_number: int
    id: int | None = None
    season_number: int | None = None
    show_id: int | None = None
    name: str | None = None
    overview: str | None = None
    air_date: str | None = None
    runtime: int | None = None
    still_path: str | None = None


class Season(_Shape, frozen=True):
    """In a show without its episodes."""

    season_number: int
    id: int | None = None
    name: str | None = None
    overview: str | None = None
    air_date: str | None = None
    poster_path: str | None = None
    episode_count: int | None = None
    episodes: list[Episode] = []


class Show(_Shape, frozen=True):
    """A show, with the parts that were asked for besides; its seasons are named alone."""

    id: int
    name: str
    original_name: str | None = None
    original_language: str | None = None
    overview: str | None = None
    tagline: str | None = None
    status: str | None = None
    first_air_date: str | None = None
    last_air_date: str | None = None
    episode_run_time: list[int] = []
    last_episode_to_air: Episode | None = None
    number_of_seasons: int | None = None
    number_of_episodes: int | None = None
    genres: list[Genre] = []
    origin_country: list[str] = []
    created_by: list[Person] = []
    seasons: list[Season] = []
    poster_path: str | None = None
    backdrop_path: str | None = None
    vote_average: float | None = None
    vote_count: int | None = None
    aggregate_credits: Credits = Credits([], [])
    alternative_titles: OtherTitles = OtherTitles()
    external_ids: ExternalIds = ExternalIds()
    translations: Translations = Translations()


class Hit(_Shape, frozen=True):
    """A film, a show or a person in a list of them; a person has no dates."""

    id: int
    media_type: str | None = None  # "movie", "tv", "person"; said where they are mixed
    title: str | None = None  # of a film
    name: str | None = None  # of a show or a person
    original_title: str | None = None
    original_name: str | None = None
    original_language: str | None = None
    overview: str | None = None
    release_date: str | None = None
    first_air_date: str | None = None
    poster_path: str | None = None
    backdrop_path: str | None = None
    popularity: float | None = None
    vote_average: float | None = None
    vote_count: int | None = None


class Hits(_Shape, frozen=True):
    """One page of a search or of what is trending."""

    results: list[Hit]
    page: int = 1
    total_pages: int = 1
    total_results: int | None = None


class EpisodeHit(_Shape, frozen=True):
    id: int
    show_id: int | None = None
    season_number: int | None = None
    episode_number: int | None = None


class FoundById(_Shape, frozen=True):
    """Empty lists where nobody has this id."""

    movie_results: list[Hit]
    tv_results: list[Hit] = []
    tv_episode_results: list[EpisodeHit] = []
    person_results: list[Hit] = []


class PersonDetails(_Shape, frozen=True):
    id: int
    name: str
    also_known_as: list[str] = []
    biography: str | None = None
    birthday: str | None = None
    deathday: str | None = None
    place_of_birth: str | None = None
    profile_path: str | None = None
    imdb_id: str | None = None
    known_for_department: str | None = None


class Work(Hit, frozen=True):
    """What a person did in a film or show; the same title stands there once for each part."""

    credit_id: str | None = None
    character: str | None = None
    job: str | None = None
    department: str | None = None
    episode_count: int | None = None


class Filmography(_Shape, frozen=True):
    cast: list[Work]
    crew: list[Work]


class CollectionDetails(_Shape, frozen=True):
    id: int
    name: str
    overview: str | None = None
    poster_path: str | None = None
    backdrop_path: str | None = None
    parts: list[Hit] = []


class Images(_Shape, frozen=True):
    secure_base_url: str
    poster_sizes: list[str] = []
    backdrop_sizes: list[str] = []
    profile_sizes: list[str] = []
    still_sizes: list[str] = []


class Configuration(_Shape, frozen=True):
    images: Images


class Said(_Shape, frozen=True):
    """What it says of itself: of a key, or why something is not there."""

    status_code: int
    success: bool = False
    status_message: str | None = None
