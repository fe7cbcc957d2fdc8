"""A person who has watched a great deal, for tests that measure or kill an import."""

from datetime import UTC, datetime

from movie_sync.demo.trakt_site import TraktSite

LAST = datetime(2026, 1, 5, 12, tzinfo=UTC).timestamp()
SHARE_OF_FILMS = 5  # every fifth play
EPISODES, SEASONS = 20, 4
EVENING = 40  # plays; every so many of a series are said to be of one evening


def fill(site: TraktSite, plays: int) -> None:
    """So many plays: films seen again, series of many seasons, some of them in an evening, some
    works that TMDB does not know, ratings and a watchlist."""
    world = site.world
    films, shows = max(plays // 15, 10), max(plays // 100, 2)
    for number in range(1, films + 1):
        ids = {} if number % 97 == 0 else {"tmdb": number + 10_000, "imdb": f"tt{number:07}"}
        world.film(number, f"Film {number}", 1960 + number % 60, **ids)
    for number in range(1, shows + 1):
        seasons = dict.fromkeys(range(1, SEASONS + 1), EPISODES)
        world.show(number, f"Show {number}", 1990 + number % 30, seasons, tmdb=number + 500)
    for number in range(plays):
        world.play(*_play(number, plays, films, shows))
    for number in range(1, films + 1, 3):
        world.rate(("movie", number), 1 + number % 10, "2025-01-01T00:00:00.000Z")
    for number in range(2, films + 1, 41):
        world.want(("movie", number), "2025-01-01T00:00:00.000Z")


def _play(number: int, plays: int, films: int, shows: int) -> tuple[tuple[str, int], float]:
    when = LAST - (plays - number) * 1800.0
    if number % SHARE_OF_FILMS == 0:
        return ("movie", 1 + number * 7 % films), when
    show = 1 + number // 60 % shows
    if number // EVENING % 3 == 0:
        when = LAST - (plays - number // EVENING * EVENING) * 1800.0 + number % EVENING * 10
    place = number * 13 % (SEASONS * EPISODES)
    season, episode = place // EPISODES + 1, place % EPISODES + 1
    return ("episode", (show * 100 + season) * 1000 + episode), when
