"""Which episodes of a show a file holds, by numbers, days, or the title of the episode. Pure.

The one thing to know: a number that nobody lists is kept as it is, with a remark, for lists are
late and people count as their discs did; what has no number at all is a question.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from msgspec import Struct

from movie_sync.library.verdicts import Known
from movie_sync.library.weighing import numbers
from movie_sync.library_models import EpisodeFacts, SeasonFacts, Told
from movie_sync.title_keys import keys

FIRST_YEAR = 1900  # a season of a higher number is a year
Seasons = Sequence[SeasonFacts]


class Place(Struct, frozen=True, kw_only=True):
    season: int | None = None
    episodes: tuple[int, ...] = ()
    aired_on: date | None = None
    remark: str | None = None
    listed: bool = False  # somebody has these very episodes


def place(tellings: Sequence[Told], show: Known, seasons: Seasons | None) -> Place | None:
    """None where nothing tells the episode."""
    told = numbers(tellings)
    season = _season(told, tellings)
    if told is None:
        return _by_title(tellings, season, seasons)
    if told.episodes and season is not None:
        return _in_season(told, season, show, seasons)
    if told.absolute or told.episodes:
        return _through_all(told, season, show, seasons)
    return _aired(told, seasons) or Place(
        aired_on=told.aired_on,
        remark=f"which episode of {show} is of {told.aired_on} is not known yet",
    )


def _in_season(told: Told, season: int, show: Known, seasons: Seasons | None) -> Place:
    found = _numbered(told, season, show, seasons)
    if found.listed:
        return (_counted(told, seasons) if _counts_through(told, show) else None) or found
    if told.absolute or told.aired_on:
        return _counted(told, seasons) or _aired(told, seasons) or found
    # "Season 2/060.mkv" counts through all, if that is an episode of that season.
    through = _counted(told, seasons) if told.season is None else None
    return through if through and through.season == season else found


def _counts_through(told: Told, show: Known) -> bool:
    """Whether a number as 101 that stands for itself is rather the hundred and first of all: so it
    is of anime, and elsewhere the first of season 1."""
    compact = tuple((told.season or 0) * 100 + number for number in told.episodes)
    return bool(told.season) and told.absolute == compact and "JP" in show.countries


def _season(told: Told | None, tellings: Sequence[Told]) -> int | None:
    if told and told.season is not None:
        return told.season
    if told and told.aired_on and not told.episodes:
        return None
    return next((one.season for one in tellings if one.season is not None), None)


def _numbered(told: Told, season: int, show: Known, seasons: Seasons | None) -> Place:
    season = _by_year(season, seasons)
    if seasons is None or _has(seasons, season, told.episodes):
        return Place(season=season, episodes=told.episodes, listed=seasons is not None)
    if titled := _by_title([told], season, seasons):
        remark = f"its number is {said(season, told.episodes)}, and it is named as another"
        return Place(season=titled.season, episodes=titled.episodes, remark=remark)
    what = said(season, told.episodes)
    return Place(
        season=season, episodes=told.episodes, remark=f"TMDB does not list {what} of {show}"
    )


def _by_year(season: int, seasons: Seasons | None) -> int:
    """ "Season 2019" is the one that began in that year, where no season has that number."""
    if season < FIRST_YEAR or seasons is None or any(one.number == season for one in seasons):
        return season
    of_year = [one.number for one in seasons if one.number and _began(one) == season]
    return of_year[0] if len(of_year) == 1 else season


def _began(season: SeasonFacts) -> int | None:
    days = [one.aired_on for one in season.episodes if one.aired_on]
    day = season.aired_on or min(days, default=None)
    return day.year if day else None


def _through_all(told: Told, season: int | None, show: Known, seasons: Seasons | None) -> Place:
    """A number that perhaps counts through all seasons: "Show - 105"."""
    count = told.absolute or told.episodes
    if season is not None and (seasons is None or _has(seasons, season, count)):
        return Place(season=season, episodes=count, listed=seasons is not None)
    if found := _counted(told, seasons):
        return found
    remark = f"TMDB does not list {said(season or 1, count)} of {show}" if seasons else None
    return Place(season=1 if season is None else season, episodes=count, remark=remark)


def _counted(told: Told, seasons: Seasons | None) -> Place | None:
    """By the number through all seasons, as it is listed, else as it comes out."""
    wanted = told.absolute or (told.episodes if told.season is None else ())
    if not seasons or not wanted:
        return None
    listed = {one.absolute: (of, one) for of, one in _each(seasons) if one.absolute}
    order = listed or dict(enumerate(_each(seasons), 1))
    found = [order[number] for number in wanted if number in order]
    held = {of.number for of, _ in found}
    if len(found) != len(wanted) or len(held) != 1:
        return None
    return Place(season=held.pop(), episodes=tuple(one.number for _, one in found), listed=True)


def _aired(told: Told, seasons: Seasons | None) -> Place | None:
    """By the day; of several on one day by the title of the episode, else all of them."""
    if told.aired_on is None or not seasons:
        return None
    found = [(of, one) for of, one in _each(seasons) if one.aired_on == told.aired_on]
    if len(found) > 1 and told.episode_title:
        named = [(of, one) for of, one in found if _called(one, told.episode_title)]
        found = named or found
    if len({of.number for of, _ in found}) != 1:
        return None
    return Place(
        season=found[0][0].number,
        episodes=tuple(one.number for _, one in found),
        aired_on=told.aired_on,
        listed=True,
    )


def _by_title(
    tellings: Sequence[Told], season: int | None, seasons: Seasons | None
) -> Place | None:
    """By the title of the episode, where only one is called so."""
    names = [one.episode_title for one in tellings if one.episode_title]
    names += [] if names else [title for one in tellings[-1:] for title in one.titles]
    for name in names:
        found = [
            (of.number, one.number)
            for of in seasons or ()
            if season is None or of.number == season
            for one in of.episodes
            if _called(one, name)
        ]
        if len(found) == 1:
            return Place(season=found[0][0], episodes=(found[0][1],), listed=True)
    return None


def agrees_by_title(tellings: Sequence[Told], found: Place, seasons: Seasons) -> bool:
    """Whether the episode there is called as somebody says."""
    names = [one.episode_title for one in tellings if one.episode_title]
    there = [one for of in seasons if of.number == found.season for one in of.episodes]
    held = [one for one in there if one.number in found.episodes]
    return any(_called(one, name) for one in held for name in names)


def _called(one: EpisodeFacts, name: str) -> bool:
    return one.name is not None and not set(keys(one.name)).isdisjoint(keys(name))


def _each(seasons: Seasons) -> Iterator[tuple[SeasonFacts, EpisodeFacts]]:
    """Of the seasons proper, in order."""
    for of in sorted(seasons, key=lambda one: one.number):
        for one in sorted(of.episodes, key=lambda one: one.number) if of.number else ():
            yield of, one


def _has(seasons: Seasons, season: int, wanted: Sequence[int]) -> bool:
    there = {one.number for of in seasons if of.number == season for one in of.episodes}
    return bool(wanted) and there.issuperset(wanted)


def said(season: int | None, episodes: Sequence[int]) -> str:
    """ "S01E03-E04"."""
    numbered = f"S{season:02}" if season is not None else ""
    if not episodes:
        return numbered
    last = f"-E{episodes[-1]:02}" if len(episodes) > 1 else ""
    return f"{numbered}E{episodes[0]:02}{last}"
