"""From facts of titles to rows of the database. Pure."""

from collections.abc import Iterable
from datetime import datetime

from movie_sync.library.folding import folded, search_text, sort_key
from movie_sync.library.statements import Row, as_json
from movie_sync.library_models import Collection, Credit, Facts
from movie_sync.title_keys import keys, strict


def names_of(facts: Facts) -> tuple[str, ...]:
    """Every title it is known by, the usual one first, none twice."""
    named = (facts.title, facts.original_title, *facts.other_titles)
    return tuple(dict.fromkeys(name for name in named if name))


def title_row(facts: Facts) -> Row:
    return {
        "title": facts.title,
        "year": facts.year,
        "sort_key": sort_key(facts.title),
        "search": search_text(names_of(facts)),
        "genres": as_json(facts.genres),
        "original_language": facts.original_language,
        "runtime_min": facts.runtime_min,
        "premiered_on": facts.premiered_on,
        "status": facts.status,
        "rating": facts.rating,
        "poster": facts.poster,
        "collection_id": facts.collection.tmdb_id if facts.collection else None,
    }


def facts_row(title_id: int, facts: Facts) -> Row:
    return {
        "title_id": title_id,
        "original_title": facts.original_title,
        "other_titles": as_json(facts.other_titles),
        "overview": facts.overview,
        "tagline": facts.tagline,
        "ended_on": facts.ended_on,
        "countries": as_json(facts.countries),
        "votes": facts.votes,
        "backdrop": facts.backdrop,
    }


def key_rows(title_id: int, facts: Facts) -> list[Row]:
    written = {strict(name) for name in names_of(facts)}
    found = {key for name in names_of(facts) for key in keys(name)} | written
    kind = str(facts.kind)
    return [
        {"key": key, "title_id": title_id, "kind": kind, "strict": key in written}
        for key in sorted(found)
    ]


def collection_row(one: Collection) -> Row:
    return {
        "tmdb_id": one.tmdb_id,
        "name": one.name,
        "poster": one.poster,
        "backdrop": one.backdrop,
    }


def person_rows(credits: Iterable[Credit]) -> list[Row]:
    by_id = {one.person_tmdb_id: one for one in credits}
    return [
        {
            "tmdb_id": one.person_tmdb_id,
            "name": one.name,
            "search": folded(one.name),
            "profile": one.profile,
        }
        for one in by_id.values()
    ]


def credit_rows(title_id: int, facts: Facts) -> list[Row]:
    cast = sorted(facts.cast, key=lambda one: one.order)
    of = [(one, True) for one in cast] + [(one, False) for one in facts.crew]
    return [
        {
            "title_id": title_id,
            "position": position,
            "person_id": one.person_tmdb_id,
            "cast": is_cast,
            "role": one.role,
            "department": one.department,
        }
        for position, (one, is_cast) in enumerate(of)
    ]


def new_title(facts: Facts, now: datetime) -> Row:
    return title_row(facts) | {
        "kind": str(facts.kind),
        "audio_languages": "",
        "source_ids": "",
        "created_at": now,
    }
