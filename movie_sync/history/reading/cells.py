"""A row of anybody's table, as a work and what was done with it. Pure.

Columns are known by many names, whatever their case, spaces and underscores.
"""

import re
from collections.abc import Mapping
from hashlib import blake2b

from movie_sync.history.reading.entries import id_text
from movie_sync.history.reading.moments import When
from movie_sync.history.scores import tenths_of, tenths_of_stars
from movie_sync.history_models import Score, Work
from movie_sync.library_models import PROVIDERS, Kind
from movie_sync.table_cells import (
    LONGEST_SHOWN,
    NOTHING,
    Malformed,
    imdb_id_in,
    imdb_id_of,
    squeezed,
    year_of,
)

NAMES = {
    "what": ("what", "entry"),
    "kind": ("kind", "titletype", "mediatype", "type"),
    "title": (
        "title", "name", "showtitle", "movietitle", "filmtitle", "seriestitle", "show", "movie",
        "film", "series",
    ),
    "year": ("year", "releaseyear", "filmyear", "showyear", "movieyear"),
    "season": ("season", "seasonnumber"),
    "episode": ("episode", "episodenumber"),
    "episode_title": ("episodetitle", "episodename"),
    "watched_at": (
        "watchedat", "watcheddate", "watchedon", "datewatched", "lastwatchedat", "playedat",
    ),
    "zone": ("zone", "timezone", "tz"),
    "rating": ("rating", "yourrating", "userrating", "myrating"),
    "tenths": ("rating10",),
    "rated_at": ("ratedat", "daterated", "ratedon"),
    "listed_at": ("listedat", "watchlistedat", "dateadded", "listedon", "created"),
    "ids": ("ids",),
    "episode_ids": ("episodeids",),
    "source": ("source",),
    "key": ("key",),
    "told_id": ("toldid", "historyid"),
    "address": ("letterboxduri", "letterboxdurl", "url", "uri"),
    "const": ("const", "tconst"),
    **{provider: (provider, f"{provider}id", f"show{provider}id") for provider in PROVIDERS},
    **{
        f"episode_{provider}": (f"episode{provider}", f"episode{provider}id")
        for provider in PROVIDERS
    },
}  # fmt: skip

_FILM = re.compile(r"movie|film|short|feature|video|documentary|tv ?(movie|special|short)")
_SHOW = re.compile(r"(tv ?)?(mini ?)?(show|series)|tv|anime|(tv ?)?(season|episode)")
_EPISODE = re.compile(r"(tv ?)?episode")
_NUMBER = re.compile(r"(\d{1,5})(?:\.0)?")
_BOXD = re.compile(r"boxd\.it/(\w+)")
_PAIR = re.compile(r"([a-z][a-z0-9_]{0,30})[:=](\S+)")


def known(told: Mapping[str, str]) -> dict[str, str]:
    """What stands under the first of each of our columns' names that holds anything."""
    return {
        ours: next((told[name] for name in names if told.get(name)), "")
        for ours, names in NAMES.items()
    }


def work_of(cells: Mapping[str, str]) -> Work:
    """The film, show or episode that a row is about. Raises Malformed."""
    ids = _ids(cells, "")
    season, episode = _number(cells, "season"), _number(cells, "episode")
    word = squeezed(cells["kind"].replace("_", " ").replace("-", " ")).casefold()
    kind = _kind(word, is_of_show=episode is not None or season is not None)
    if _EPISODE.fullmatch(word) and episode is None:
        raise Malformed("is an episode, and its season and number are not said")
    if episode is not None and season is None:
        raise Malformed("is an episode, and its season is not said")
    title = cells["title"] or next((f"{name}:{id_}" for name, id_ in ids.items()), "")
    if not title:
        raise Malformed("has no title and no id")
    return Work(
        kind=kind,
        title=title,
        year=year_of(cells["year"]),
        ids=ids,
        season=season if kind == Kind.SHOW else None,
        episode=episode if kind == Kind.SHOW else None,
        episode_title=cells["episode_title"] or None,
        episode_ids=_ids(cells, "episode_"),
    )


def tenths_in(cells: Mapping[str, str], *, stars: bool) -> int | None:
    """The rating of a row, or None where it has none.

    Args:
        stars: whether `rating` is 0.5 to 5.

    Raises:
        Malformed: it has one that is outside of its scale, such as 0.
    """
    said = cells["tenths"] or cells["rating"]
    if not said or said.casefold() in NOTHING - {"0"}:
        return None
    if said.casefold() in tuple(Score):
        return tenths_of(Score(said.casefold()))
    try:
        number = float(said.replace(",", "."))
    except ValueError:
        number = -1.0
    of_stars = stars and not cells["tenths"]
    tenths = tenths_of_stars(number if of_stars else number / 2)
    if tenths is None or (not of_stars and not number.is_integer()):
        scale = "0.5 to 5" if of_stars else "1 to 10"
        raise Malformed(f'has the rating "{said[:LONGEST_SHOWN]}", which is none of {scale}')
    return tenths


def key_of(work: Work, when: When) -> str:
    """The same for the same play of the same work, in whatever order and file it is told."""
    told = when.day or when.at
    at = told.isoformat() if told else "unknown"
    named = next((f"{name}:{work.ids[name]}" for name in PROVIDERS if name in work.ids), "")
    parts = (
        work.kind, named or f"{work.title.casefold()}:{work.year}", work.season, work.episode, at,
    )  # fmt: skip
    return f"file:{blake2b(repr(parts).encode(errors='replace'), digest_size=10).hexdigest()}"


def _ids(cells: Mapping[str, str], of: str) -> dict[str, str]:
    told = {pair[1]: pair[2] for pair in _PAIR.finditer(cells[f"{of}ids"])}
    for provider in PROVIDERS:
        if said := id_text(cells[f"{of}{provider}"]):
            told[provider] = said
    imdb_id = imdb_id_of(told.pop("imdb", ""))
    if not of:
        imdb_id = imdb_id or imdb_id_in(cells["const"]) or imdb_id_in(cells["address"])
        if boxd := _BOXD.search(cells["address"]):
            told.setdefault("boxd", boxd[1])
    return told | ({"imdb": imdb_id} if imdb_id else {})


def _number(cells: Mapping[str, str], name: str) -> int | None:
    said = cells[name]
    if not said or said.casefold() in NOTHING - {"0"}:
        return None
    found = _NUMBER.fullmatch(said)
    if not found:
        raise Malformed(f'has the {name} "{said[:LONGEST_SHOWN]}"')
    return int(found[1])


def _kind(word: str, *, is_of_show: bool) -> Kind:
    if not word:
        return Kind.SHOW if is_of_show else Kind.FILM
    if _FILM.fullmatch(word):
        return Kind.FILM
    if _SHOW.fullmatch(word):
        return Kind.SHOW
    raise Malformed(f'is a "{word[:LONGEST_SHOWN]}", which is neither a film nor a show')
