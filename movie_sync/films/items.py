"""A wanted film as an item of the queues, and back. Pure."""

from datetime import datetime
from typing import Any

import msgspec

from movie_sync.models import FILM, Film, Item

KIND = FILM
VERSION = "version"  # in an item's data: which of several versions of the film it is
_BEHIND_ID = "@"
_FACTS = frozenset(Film.__struct_fields__) - {"key", "title"}


def id_of(film: Film) -> str:
    """Of its first version."""
    return f"{KIND}:{film.key}"


def version_id(id_: str, version: str) -> str:
    """The id of another version of the film whose first version has this id."""
    return f"{id_}{_BEHIND_ID}{version}" if version else id_


def version_of(item: Item) -> str:
    """The name of its version; empty for the first, which every film has."""
    return str(item.data.get(VERSION, ""))


def first_id(item: Item) -> str:
    """The id of the first version of its film."""
    version = version_of(item)
    return item.id.removesuffix(f"{_BEHIND_ID}{version}") if version else item.id


def item_of(film: Film, wanted_by: str, now: datetime) -> Item:
    return Item(
        id=id_of(film),
        kind=KIND,
        title=str(film),
        wanted_by=(wanted_by,),
        added_at=now,
        data=facts_of(film),
    )


def facts_of(film: Film) -> dict[str, Any]:
    """What an item keeps of a film beside its title, ready for JSON."""
    facts: dict[str, Any] = msgspec.to_builtins(film)
    return {name: value for name, value in facts.items() if name in _FACTS}


def film_of(item: Item) -> Film:
    """The film, as far as is known. Facts of a form that they cannot have, as after an edit by
    hand, are as if unknown: one such item must not stop the reading of all."""
    key = first_id(item).removeprefix(f"{KIND}:")
    facts = {name: value for name, value in item.data.items() if name in _FACTS}
    try:
        film = msgspec.convert({**facts, "key": key, "title": item.title}, Film, strict=False)
    except msgspec.ValidationError:
        return Film(key=key, title=item.title)
    year = f" ({film.year})" if film.year else ""
    return msgspec.structs.replace(film, title=item.title.removesuffix(year))


def with_facts(item: Item, film: Film, **more: Any) -> dict[str, Any]:
    """The item's data with what is now known of its film, and `more`; None takes a key out."""
    data = {**item.data, **facts_of(film), **more}
    return {name: value for name, value in data.items() if value is not None}
