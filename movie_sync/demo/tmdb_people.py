"""People who never lived, as TMDB would tell of them: casts, crews, what each of them did. Pure."""

from collections.abc import Iterable, Sequence
from hashlib import sha256

from movie_sync.demo.tmdb_titles import Answer, Made, MadeFilm, MadeShow, credit_id, hit

DEPARTMENTS = {"Director": "Directing", "Writer": "Writing", "Creator": "Creator"}


def credits(one: Made) -> Answer:
    """Each part on its own."""
    cast = [
        _person(number, name, "Acting")
        | {"character": part, "credit_id": credit_id(one, number, part), "order": order}
        | ({"cast_id": order} if isinstance(one, MadeFilm) else {})
        for order, (number, name, part) in enumerate(one.cast)
    ]
    crew = [
        _person(number, name, department(job))
        | {"credit_id": credit_id(one, number, job), "department": department(job), "job": job}
        for number, name, job in one.crew
        if job != "Creator"
    ]
    return {"id": one.id, "cast": cast, "crew": crew}


def aggregate_credits(one: MadeShow) -> Answer:
    """Each person once, with all parts of all seasons."""
    told, count = credits(one), sum(one.seasons.values())
    for person in told["cast"]:
        role = {"credit_id": person.pop("credit_id"), "character": person.pop("character")}
        person |= {"roles": [role | {"episode_count": count}], "total_episode_count": count}
    for person in told["crew"]:
        job = {"credit_id": person.pop("credit_id"), "job": person.pop("job")}
        person |= {"jobs": [job | {"episode_count": count}], "total_episode_count": count}
    return told


def person(number: int, works: Sequence[Made]) -> Answer:
    """Of somebody who is in all of these."""
    name = next(name for one in works for known, name, _ in one.people if known == number)
    plays = any(number == known for one in works for known, _, _ in one.cast)
    told = _person(number, name, "Acting" if plays else "Directing")
    del told["original_name"]
    return told | {
        "also_known_as": [],
        "biography": f"{name} is in {len(works)} titles of this catalogue.",
        "birthday": "1970-01-31",
        "deathday": None,
        "homepage": None,
        "imdb_id": f"nm{number:07}",
        "place_of_birth": "",
    }


def filmography(number: int, works: Iterable[Made], language: str) -> Answer:
    """One for each part in each title."""
    told: Answer = {"cast": [], "crew": [], "id": number}
    for one in works:
        for order, (known, _, part) in enumerate(one.cast):
            if known == number:
                more = {"character": part, "credit_id": credit_id(one, number, part)}
                counted = {"order": order} if isinstance(one, MadeFilm) else {"episode_count": 1}
                told["cast"].append(hit(one, language, typed=True) | more | counted)
        for known, _, job in one.crew:
            if known == number:
                more = {"credit_id": credit_id(one, number, job), "department": department(job)}
                told["crew"].append(hit(one, language, typed=True) | more | {"job": job})
    return told


def collection(number: int, parts: Sequence[MadeFilm], language: str) -> Answer:
    name = next(name for one in parts if one.collection for _, name in [one.collection])
    return {
        "id": number,
        "name": name,
        "original_language": parts[0].language,
        "original_name": name,
        "overview": "",
        "poster_path": parts[0].picture("collection"),
        "backdrop_path": None,
        "parts": [hit(one, language, typed=True) for one in parts],
    }


def department(job: str) -> str:
    return DEPARTMENTS.get(job, "Production")


def _person(number: int, name: str, known_for: str) -> Answer:
    return {
        "adult": False,
        "gender": 0,
        "id": number,
        "known_for_department": known_for,
        "name": name,
        "original_name": name,
        "popularity": 1.0,
        "profile_path": f"/{sha256(name.encode()).hexdigest()[:27]}.jpg",
    }
