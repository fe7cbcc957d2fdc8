"""Films and shows that nobody has made, as TMDB would tell of them: every field that its answers
have, and the gaps of the real ones ("" for a text that is not translated, null for a picture).

Pure: a title and a language in, an answer out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

Answer = dict[str, Any]
Words = Mapping[str, tuple[str, str, str]]  # by language: title, overview, tagline

ENGLISH = "en-US"
GENRES = {
    "Action": 28, "Adventure": 12, "Animation": 16, "Comedy": 35, "Crime": 80, "Documentary": 99,
    "Drama": 18, "Horror": 27, "Mystery": 9648, "Science Fiction": 878, "Thriller": 53,
}  # fmt: skip
LANGUAGES = {"en": "English", "de": "German", "fr": "French", "ko": "Korean", "ru": "Russian"}


@dataclass(frozen=True, kw_only=True)
class Made:
    """What films and shows have in common."""

    id: int
    title: str
    day: str  # "1999-03-30", or "" where it is not known
    original_title: str | None = None  # where it is another one
    language: str = "en"
    country: str = "US"
    overview: str = ""
    tagline: str = ""
    genres: tuple[str, ...] = ("Drama",)
    imdb_id: str | None = None
    words: Words = field(default_factory=dict)
    others: tuple[tuple[str, str], ...] = ()  # country and title
    cast: tuple[tuple[int, str, str], ...] = ()  # number of the person, name, character
    crew: tuple[tuple[int, str, str], ...] = ()  # and here the job
    votes: int = 100
    has_pictures: bool = True

    @property
    def people(self) -> tuple[tuple[int, str, str], ...]:
        return (*self.cast, *self.crew)

    @property
    def original(self) -> str:
        return self.original_title or self.title

    @property
    def titles(self) -> list[str]:
        translated = [title for title, _, _ in self.words.values()]
        return [self.title, self.original, *(title for _, title in self.others), *translated]

    def said(self, language: str) -> tuple[str, str, str]:
        """Title, overview and tagline; a title that is not translated is the original one."""
        if language[:2] == "en":
            return self.title, self.overview, self.tagline
        return self.words.get(language, (self.original, "", ""))

    def picture(self, what: str) -> str | None:
        made = sha256(f"{what} {self.title}".encode()).hexdigest()[:27]
        return f"/{made}.jpg" if self.has_pictures else None


@dataclass(frozen=True, kw_only=True)
class MadeFilm(Made):
    runtime: int = 100
    collection: tuple[int, str] | None = None
    home_day: str = ""  # when it could be had on disc


@dataclass(frozen=True, kw_only=True)
class MadeShow(Made):
    seasons: Mapping[int, int] = field(default_factory=lambda: {1: 6})  # episodes by season
    tvdb_id: int | None = None
    status: str = "Ended"
    episode_ids: Mapping[str, tuple[int, int]] = field(default_factory=dict)  # at IMDb
    run_time: tuple[int, ...] = ()  # usually it is not told
    episode_runtime: int | None = 45


def hit(one: Made, language: str, *, typed: bool = False) -> Answer:
    """In a list of films, or of shows; in a mixed one with its type."""
    title, overview, _ = one.said(language)
    film = isinstance(one, MadeFilm)
    told: Answer = {
        "adult": False,
        "backdrop_path": one.picture("backdrop"),
        "genre_ids": [GENRES[name] for name in one.genres],
        "id": one.id,
        "original_language": one.language,
        "overview": overview,
        "popularity": round(1 + one.votes / 10, 3),
        "poster_path": one.picture("poster"),
        "vote_average": 7.1 if one.votes else 0,
        "vote_count": one.votes,
    }
    if film:
        told |= {"title": title, "original_title": one.original, "release_date": one.day}
        told["video"] = False
    else:
        told |= {"name": title, "original_name": one.original, "first_air_date": one.day}
        told["origin_country"] = [one.country]
    return told | ({"media_type": "movie" if film else "tv"} if typed else {})


def film(one: MadeFilm, language: str) -> Answer:
    number, name = one.collection or (0, "")
    of = {"id": number, "name": name, "poster_path": None, "backdrop_path": None}
    more = {
        "belongs_to_collection": of if one.collection else None,
        "budget": 0,
        "imdb_id": one.imdb_id or "",
        "revenue": 0,
        "runtime": one.runtime,
        "status": "Released",
    }
    return _details(one, language) | more


def show(one: MadeShow, language: str) -> Answer:
    numbers = sorted(one.seasons)
    newest = max(numbers, default=0)
    last = one.seasons.get(newest)
    aired = episode(one, newest, last, language) if last else None
    if aired:
        del aired["episode_type"]
    more = {
        "created_by": [
            {"id": number, "credit_id": credit_id(one, number, job), "name": name, "gender": 0,
             "profile_path": None}
            for number, name, job in one.crew if job == "Creator"
        ],
        "episode_run_time": list(one.run_time),
        "in_production": one.status != "Ended",
        "languages": [one.language],
        "last_air_date": aired["air_date"] if aired else None,
        "last_episode_to_air": aired,
        "networks": [],
        "next_episode_to_air": None,
        "number_of_episodes": sum(one.seasons[number] for number in numbers if number),
        "number_of_seasons": sum(number > 0 for number in numbers),
        "seasons": [_season_named(one, number) for number in numbers],
        "status": one.status,
        "type": "Scripted",
    }  # fmt: skip
    return _details(one, language) | more


def season(one: MadeShow, number: int, language: str) -> Answer:
    """With its episodes."""
    named = _season_named(one, number)
    del named["episode_count"]
    made = [episode(one, number, n, language) for n in range(1, one.seasons[number] + 1)]
    full = [each | {"crew": [], "guest_stars": []} for each in made]
    return named | {"_id": f"{one.id:012x}{number:012x}", "episodes": full, "networks": []}


def episode(one: MadeShow, season_number: int, number: int, language: str) -> Answer:
    english = language[:2] == "en"
    return {
        "air_date": _season_day(one, season_number, number),
        "episode_number": number,
        "episode_type": "finale" if number == one.seasons[season_number] else "standard",
        "id": one.id * 100_000 + season_number * 1000 + number,
        "name": f"Chapter {number}" if english else f"Episode {number}",
        "overview": f"What happens in chapter {number}." if english else "",
        "production_code": "",
        "runtime": one.episode_runtime,
        "season_number": season_number,
        "show_id": one.id,
        "still_path": one.picture(f"still {season_number} {number}"),
        "vote_average": 0,
        "vote_count": 0,
    }


def alternative_titles(one: Made) -> Answer:
    found = [{"iso_3166_1": country, "title": title, "type": ""} for country, title in one.others]
    return {"id": one.id, "titles" if isinstance(one, MadeFilm) else "results": found}


def translations(one: Made) -> Answer:
    named = "title" if isinstance(one, MadeFilm) else "name"
    all_words = {ENGLISH: ("", one.overview, one.tagline), **one.words}
    found = []
    for code, (title, overview, tagline) in all_words.items():
        data: Answer = {named: title, "overview": overview, "tagline": tagline, "homepage": ""}
        data |= {"runtime": 0} if isinstance(one, MadeFilm) else {}
        name = LANGUAGES.get(code[:2], code)
        of: Answer = {
            "iso_3166_1": code[3:],
            "iso_639_1": code[:2],
            "name": name,
            "english_name": name,
        }
        found.append(of | {"data": data})
    return {"id": one.id, "translations": found}


def external_ids(one: Made) -> Answer:
    told: Answer = {"id": one.id, "imdb_id": one.imdb_id, "wikidata_id": None}
    told |= dict.fromkeys(("facebook_id", "instagram_id", "twitter_id"))
    if isinstance(one, MadeShow):
        told |= dict.fromkeys(("freebase_mid", "freebase_id", "tvrage_id"))
        told["tvdb_id"] = one.tvdb_id
    return told


def release_dates(one: MadeFilm) -> Answer:
    days = ((3, one.day), (5, one.home_day))
    dates = [
        {"certification": "", "descriptors": [], "iso_639_1": "", "note": "",
         "release_date": f"{day}T00:00:00.000Z", "type": kind}
        for kind, day in days if day
    ]  # fmt: skip
    return {"id": one.id, "results": [{"iso_3166_1": one.country, "release_dates": dates}]}


def _details(one: Made, language: str) -> Answer:
    told = hit(one, language)
    told["genres"] = [{"id": GENRES[name], "name": name} for name in one.genres]
    told |= {"homepage": "", "tagline": one.said(language)[2], "origin_country": [one.country]}
    name = LANGUAGES.get(one.language, one.language)
    spoken = {"english_name": name, "iso_639_1": one.language, "name": name}
    del told["genre_ids"]
    return told | {
        "production_companies": [],
        "production_countries": [{"iso_3166_1": one.country, "name": one.country}],
        "spoken_languages": [spoken],
    }


def _season_named(one: MadeShow, number: int) -> Answer:
    return {
        "air_date": _season_day(one, number, 1),
        "episode_count": one.seasons[number],
        "id": one.id * 100 + number,
        "name": f"Season {number}" if number else "Specials",
        "overview": "",
        "poster_path": one.picture(f"season {number}"),
        "season_number": number,
        "vote_average": 0,
    }


def _season_day(one: MadeShow, season_number: int, number: int) -> str | None:
    if not one.day:
        return None
    year, rest = int(one.day[:4]) + max(season_number - 1, 0), one.day[4:8]
    return f"{year}{rest}{min(number, 28):02}"


def credit_id(one: Made, number: int, part: str) -> str:
    return sha256(f"{one.title} {number} {part}".encode()).hexdigest()[:24]
