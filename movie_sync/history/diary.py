"""The diary of a member of Letterboxd, as its feed tells it: the newest films, with their days.

Source: https://letterboxd.com/<member>/rss/ as of 2026: about fifty entries, each with an id that
stays, the day in `watchedDate`, stars of 0.5 to 5 where it was rated, and the film's id at TMDB.
The one thing to know: a feed holds only what is new, so nothing is gone because it is not in it.
"""

from collections.abc import Mapping
from datetime import date, datetime, tzinfo

from msgspec import Struct

from movie_sync.history.days import local_day, noon
from movie_sync.history.rows import Batch
from movie_sync.history.scores import tenths_of_stars
from movie_sync.history_models import Play, Rating, Work
from movie_sync.library_models import Kind
from movie_sync.services.feeds import read_feed
from movie_sync.table_cells import Malformed, year_of

SOURCE = "letterboxd"


class Diary(Struct, frozen=True):
    """`problems` are of entries that were left out."""

    plays: tuple[Play, ...]
    ratings: tuple[Rating, ...]
    again: int = 0  # of the plays, those that the member calls a rewatch
    problems: tuple[str, ...] = ()

    def batch(self, sync_id: int | None = None) -> Batch:
        return Batch(
            plays=self.plays, ratings=self.ratings, problems=self.problems, sync_id=sync_id
        )


def read(text: str, zone: tzinfo | None, now: datetime) -> Diary:
    """Entries without a day are no plays: what was only reviewed or listed.

    Raises Malformed: it is no feed; nothing of it was used.
    """
    plays, problems = dict[str, Play](), list[str]()
    newest: dict[str, tuple[date, Rating]] = {}
    again = 0
    for entry in read_feed(text):
        if not entry.values.get("diary day"):
            continue
        try:
            day, play = _play(entry.values, zone, now)
            rating = _rating(entry.values, play)
        except Malformed as error:
            problems.append(f"{entry.place} {error}; it was left out")
            continue
        again += play.key not in plays and _is_yes(entry.values.get("diary again", ""))
        plays[play.key] = play
        film = ",".join(play.work.ids.values()) or str(play.work)
        if rating and (film not in newest or newest[film][0] < day):
            newest[film] = day, rating
    ratings = tuple(rating for _, rating in newest.values())
    return Diary(tuple(plays.values()), ratings, again, tuple(problems))


def _play(values: Mapping[str, str], zone: tzinfo | None, now: datetime) -> tuple[date, Play]:
    key = values.get("diary id") or values.get("link")
    if not key:
        raise Malformed("has no id")
    day = _day(values["diary day"])
    if day > local_day(now, zone):
        raise Malformed(f"was watched {day}, which is still to come")
    play = Play(
        key=f"{SOURCE}:{key}",
        source=SOURCE,
        work=_film(values),
        watched_at=noon(day, zone),
        day_only=True,
        told_id=key,
    )
    return day, play


def _film(values: Mapping[str, str]) -> Work:
    title = values.get("film title") or values.get("title")
    if not title:
        raise Malformed("has no title")
    year = year_of(values.get("film year") or values.get("year") or "")
    tmdb = values.get("tmdb id", "")
    return Work(
        kind=Kind.FILM, title=title, year=year, ids={"tmdb": tmdb} if tmdb.isdecimal() else {}
    )


def _rating(values: Mapping[str, str], play: Play) -> Rating | None:
    said = values.get("diary stars")
    if not said:
        return None
    try:
        tenths = tenths_of_stars(float(said))
    except ValueError:
        tenths = None
    if tenths is None:
        raise Malformed(f'has the rating "{said[:20]}", which is none of 0.5 to 5')
    return Rating(work=play.work, source=SOURCE, tenths=tenths, rated_at=play.watched_at)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Malformed(f'has the day "{text[:20]}"; it is known as 2026-01-31') from None


def _is_yes(text: str) -> bool:
    return text.casefold() in ("yes", "true")
