"""What a name tells, be it a folder's or a file's. Pure; no name is an error.

The plain forms that Plex, Jellyfin and Kodi ask for are read here; all others are release names,
which `releases` reads. Nothing is merged: each name is one telling, and identification weighs it.
"""

import re
import unicodedata

from msgspec import structs

from movie_sync import release_tables, release_titles, releases
from movie_sync.library import folder_episodes, folder_extras
from movie_sync.library import folder_tables as tables
from movie_sync.library.folder_episodes import NOWHERE, Context, is_episode
from movie_sync.library_models import Kind, Teller, Told
from movie_sync.release_episode_words import NUMBERS
from movie_sync.release_words import small

LONGEST_NAME = 250

_EDGES = " .-_"


def file_name(stem: str, where: Context = NOWHERE) -> Told:
    """What a file's name without its ending tells; of one that tells nothing, its words."""
    text = legible(stem)
    ids, text = _take_ids(text)
    edition, text = _take_edition(text)
    extra, text = folder_extras.take(text, where)
    part, text = take_part(text, where)
    told = folder_episodes.read(text, where) or folder_episodes.named(text, where)
    told = told or _film(text, where)
    return structs.replace(
        told,
        ids={**told.ids, **ids},
        edition=edition or told.edition,
        part=part,
        extra=extra,
    )


def folder_name(name: str) -> Told:
    """What a folder's name tells: of a film, of a show, or of a season as it was released."""
    ids, text = _take_ids(legible(name))
    edition, text = _take_edition(text)
    extra, text = folder_extras.behind_year(text) or (None, text)
    part, text = take_part(text)
    text = tables.SPAN.sub(r"(\1)", text)
    plain = tables.PLAIN.fullmatch(text)
    told = _plain(plain) if plain and not is_episode(plain["rest"]) else _released(text)
    return structs.replace(
        told,
        by=Teller.FOLDER,
        titles=_uncounted(told),
        ids={**told.ids, **ids},
        edition=edition or told.edition,
        part=part,
        extra=extra,
    )


def is_extra(stem: str, where: Context = NOWHERE) -> bool:
    return folder_extras.take(legible(stem), where)[0] is not None


def season_of(name: str) -> int | None:
    """Of "Season 01", "S1", "Staffel 2 (2010)", "Specials"; None where it is no such folder."""
    name = legible(name).strip()
    if name.lower() in tables.SPECIALS:
        return 0
    found = tables.SEASON.match(name)
    said = next(filter(None, found.groups()), "").lower() if found else ""
    return int(said) if said.isdecimal() else NUMBERS.get(said)


def part_folder(name: str) -> int | None:
    found = tables.PART_FOLDER.fullmatch(name.strip())
    return int(found[1]) if found else None


def take_part(text: str, where: Context = NOWHERE) -> tuple[int | None, str]:
    """The number of a part, behind the title, and the name without it.

    "Part 2" is the title's own, unless the number is glued to the word or stands behind the
    year, and the other parts lie beside it.
    """
    found = _part(text)
    if found is None or not text[: found.start()].strip(_EDGES):
        return None, text
    before = text[: found.start()]
    sure = found["word"].lower() in tables.SURE_PARTS
    if where.shows and not sure and not is_episode(text):
        return None, text  # "Part 2" is the second episode
    dated = tables.DATED.search(before) is not None
    if not sure and not (where.parted and (dated or not found["gap"])):
        return None, text
    rest = before.rstrip(_EDGES) + text[found.end() :]
    return int(found["number"]), tables.EMPTY.sub("", rest).strip()


def without_part(stem: str) -> str | None:
    """The name that the parts of one film share, if it may be one of several."""
    found = _part(stem)
    return (stem[: found.start()] + "\0" + stem[found.end() :]).lower() if found else None


def _part(text: str) -> re.Match[str] | None:
    """At the end of a name, or among what stands behind the title: its year, and its tags."""
    if found := tables.PART.search(text):
        return found
    for found in reversed(list(tables.PART_WITHIN.finditer(text))):
        said = small(text)
        if tables.DATED.search(text, 0, found.start()):
            return found
        if release_tables.MARKS.search(said[: found.start()], 1):
            return found
        tags = len(text) - len(text[found.end() :].lstrip(_EDGES + "([)]"))
        if found["word"].lower() in tables.SURE_PARTS and release_tables.MARKS.match(said, tags):
            return found
    return None


def legible(name: str) -> str:
    """As characters that a person can read, composed: macOS takes accents apart."""
    if name.isascii() and name.isprintable():
        return name[:LONGEST_NAME]
    text = name.encode(errors="replace").decode() if not name.isprintable() else name
    text = "".join(char if char.isprintable() else " " for char in text)
    return unicodedata.normalize("NFC", text[:LONGEST_NAME])


def _take_ids(text: str) -> tuple[dict[str, str], str]:
    if not any(sign in text for sign in "[{(t"):
        return {}, text
    ids: dict[str, str] = {}
    for found in tables.IDS.finditer(text):
        provider = (found["provider"] or "imdb").lower()
        value = (found["id"] or found["imdb"]).lower()
        if (provider == "imdb") == value.startswith("tt") and not provider.startswith("anidb"):
            ids.setdefault(provider, value)
    bare = tables.IDS.sub(" ", text)
    return ids, " ".join(tables.EMPTY.sub(" ", bare).split()) if bare != text else text


def _take_edition(text: str) -> tuple[str | None, str]:
    if "{" not in text:
        return None, text
    found = tables.EDITION.search(text)
    bare = tables.BRACES.sub(" ", text)
    return found[1].strip() if found else None, " ".join(bare.split()) or text


def _film(text: str, where: Context) -> Told:
    plain = tables.PLAIN.fullmatch(text)
    if plain:
        told = _plain(plain)
    else:
        said = releases.read(text)
        told = Told(
            by=Teller.FILE,
            kind=Kind.FILM if said.year and said.kind is releases.Kind.FILM else None,
            titles=said.titles if text.strip(_EDGES) else (),
            year=said.year,
            ids=_ids(said),
            edition=said.edition,
        )
    told = structs.replace(told, titles=_uncounted(told))
    if where.shows:
        return structs.replace(told, kind=None)
    return structs.replace(told, kind=Kind.FILM) if plain or where.films_only else told


def _uncounted(told: Told) -> tuple[str, ...]:
    """With the title behind the place in a row of films: "02 - Aliens"; "007 - X" may be one."""
    found = tables.COUNTER.fullmatch(told.titles[0]) if told.titles and told.year else None
    if found is None:
        return told.titles
    rest = (found["title"], *told.titles)
    return tuple(dict.fromkeys(rest if found["sure"] else (told.titles[0], *rest)))


def _plain(found: re.Match[str]) -> Told:
    rest = found["rest"]
    edition = release_tables.EDITION.search(small(rest)) if rest else None
    return Told(
        by=Teller.FILE,
        titles=(found["title"].strip(),),
        year=int(found["year"]),
        edition=release_titles.spaced(rest[edition.start() : edition.end()]) if edition else None,
    )


def _released(text: str) -> Told:
    said = releases.read(text)
    told = Told(
        by=Teller.FOLDER, titles=said.titles, year=said.year, ids=_ids(said), edition=said.edition
    )
    if said.kind is releases.Kind.TV:
        if not (tables.PACK.search(text) or is_episode(text) or said.air_date):
            return Told(by=Teller.FOLDER, titles=(release_titles.spaced(text) or text,))
        return structs.replace(
            told,
            kind=Kind.SHOW,
            season=None if tables.SEASONS.search(text) else said.season,
            episodes=said.episodes,
            aired_on=said.air_date,
        )
    return told


def _ids(said: releases.ReleaseName) -> dict[str, str]:
    ids = {"imdb": said.imdb_id, "tmdb": str(said.tmdb_id) if said.tmdb_id else None}
    return {provider: value for provider, value in ids.items() if value}
