"""What the folders tell that a file lies in, from the source's own down to its own. Pure.

The title is that of the innermost folder that bears one. A folder with neither year nor id is a
title only where a show or one film alone is in it: else it is taken for a shelf.
"""

from typing import Literal

from msgspec import Struct, structs

from movie_sync.library import folder_extras
from movie_sync.library import folder_names as names
from movie_sync.library import folder_tables as tables
from movie_sync.library.folder_episodes import Context
from movie_sync.library_models import Kind, Teller, Told

Holds = Literal["films", "shows", "both"]


class Inside(Struct, frozen=True):
    """What is seen in a folder, as far as it tells what the folder is."""

    seasons: bool = False  # folders of seasons
    episodes: bool = False  # videos that say that they are episodes
    show_file: bool = False  # tvshow.nfo or .plexmatch
    videos: bool = False
    alone: bool = False  # one film, in one file or in parts


class Around(Struct, frozen=True):
    """Of one folder, with all above it."""

    holds: Holds = "both"
    title: Told | None = None
    above: Told | None = None  # of a show's folder, where another title stands below it
    shows: bool = False
    alone: bool = False
    season: int | None = None
    part: int | None = None
    extra: str | None = None

    @property
    def mark(self) -> str:
        """Another one tells something else of a file whose path is the same."""
        return f"{self.holds[0]}{self.shows:d}{self.alone:d}{self.season}{self.extra}"

    def context(self, *, parted: bool = False) -> Context:
        titles = self.title.titles if self.title else ()
        return Context(self.shows, self.holds == "films", self.season, titles, parted)

    def told(self) -> tuple[Told, ...]:
        """What the folders tell; nothing where they only sort."""
        named = [told for told in (self.above, self.title) if told and self._believes(told)]
        kind = Kind.SHOW if self.shows else Kind.FILM if self.holds == "films" else None
        if not named:
            if self.season is None and self.extra is None and self.part is None:
                return ()
            named = [Told(by=Teller.FOLDER)]
        return tuple(
            structs.replace(
                told,
                kind=told.kind or kind,
                season=self.season if self.season is not None else told.season,
                part=self.part,
                extra=self.extra,
            )
            for told in named
        )

    def _believes(self, told: Told) -> bool:
        return bool(told.year or told.ids or self.shows or self.alone)


def top(holds: Holds, name: str, inside: Inside) -> Around:
    """Of the source's own folder, whose name tells nothing unless a file says that it is a show's.

    Seasons right in it are of a show that nobody tells.
    """
    if holds != "films" and inside.show_file:
        return Around(holds=holds, title=names.folder_name(name), shows=True)
    return Around(holds=holds)


def enter(above: Around, name: str, inside: Inside) -> Around:
    """Of a folder in another."""
    around = structs.replace(above, alone=inside.alone)
    low = name.strip().lower()
    titled = above.title is not None or above.shows
    extra = above.extra or _extra(above, low, inside, titled=titled)
    if extra:
        return structs.replace(around, extra=extra)
    season = _season(above, name, inside, titled=titled)
    if season is not None:
        return structs.replace(around, season=season, shows=True)
    if titled and (part := names.part_folder(name)):
        return _part(around, part, inside)
    if _only_sorts(low) and not inside.show_file:
        return structs.replace(around, shows=above.shows or (titled and inside.episodes))
    told = names.folder_name(name)
    if not inside.seasons and not inside.episodes and tables.SPAN.search(name):
        told = structs.replace(told, year=None)  # of several films
    return _titled(around, told, inside)


def _part(around: Around, part: int, inside: Inside) -> Around:
    """The disc of a show has several episodes on it, and none of them is a part."""
    shows = around.shows or inside.episodes or (around.holds == "shows" and inside.videos)
    return structs.replace(around, shows=shows, part=None if shows and inside.videos else part)


def _only_sorts(low: str) -> bool:
    known = tables.CATEGORY.fullmatch(low) is not None
    return known or folder_extras.of_folder(low) is not None or low in tables.SPECIALS


def _extra(above: Around, low: str, inside: Inside, *, titled: bool) -> str | None:
    """Which extras lie in a folder of that name. "Specials" of a show are episodes."""
    extra = folder_extras.of_folder(low)
    if extra and (titled or low in tables.ALWAYS_EXTRA):
        return extra
    shows = above.shows or inside.episodes or above.holds == "shows"
    special = titled and low in tables.SPECIALS and not shows
    return "other" if special else None


def _season(above: Around, name: str, inside: Inside, *, titled: bool) -> int | None:
    sure = above.holds != "films" and inside.videos and tables.PLAIN_SEASON.fullmatch(name.strip())
    if not titled and not inside.episodes and not sure:
        return None
    season = names.season_of(name)
    if season is None and above.shows and tables.BARE_SEASON.fullmatch(name.strip()):
        season = int(name)
    return season


def _titled(around: Around, told: Told, inside: Inside) -> Around:
    shows = inside.show_file or inside.seasons or inside.episodes or told.season is not None
    if around.holds == "shows":
        shows = shows or inside.videos
    if around.shows:  # a season's release, an arc, a folder for one episode
        if told.kind is not Kind.SHOW and not told.ids and not inside.show_file:
            return around
        above = around.above or around.title
        season = told.season if told.season is not None else around.season
        return structs.replace(around, title=told, above=above, season=season)
    return structs.replace(
        around,
        title=told,
        above=None,
        shows=shows,
        season=told.season,
        part=None if shows else told.part,
        extra=told.extra,
    )
