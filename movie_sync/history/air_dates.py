"""When episodes were first shown: as the library knows it, else as TMDB tells.

Only for series whose days are not believed (see `binge.py`), so it is seldom that anybody is asked.
"""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple, Protocol

from sqlalchemy import select

from movie_sync.db import Database
from movie_sync.errors import BadAnswer, ConfigError, NotAuthorised, Refused
from movie_sync.history.binge import Number
from movie_sync.history_models import Work
from movie_sync.library_models import SeasonFacts
from movie_sync.library_tables import episodes, seasons


class Asked(Protocol):
    """Who knows seasons; `library.metadata.Metadata` does."""

    def season(self, tmdb_id: int, number: int) -> SeasonFacts: ...


class Aired(NamedTuple):
    days: dict[Number, date]
    problem: str | None = None  # why some are missing, in a sentence


class AirDates:
    """For any number of threads.

    Args:
        metadata: who is asked; None where nobody is to be.
    """

    def __init__(self, db: Database, metadata: Asked | None) -> None:
        self._db, self._metadata = db, metadata

    def of(self, show: Work, title_id: int | None, wanted: Iterable[Number]) -> Aired:
        """The days of these episodes, as far as they are known.

        Raises:
            Unavailable, Blocked: ask again later.
        """
        numbers = set(wanted)
        known = self._known(title_id, numbers) if title_id else {}
        lacking = sorted({season for season, _ in numbers - known.keys()})
        if not lacking:
            return Aired(known)
        tmdb_id = show.ids.get("tmdb", "")
        if self._metadata is None or not tmdb_id.isdecimal():
            why = "it has no TMDB id" if self._metadata else "TMDB is not asked"
            return Aired(known, f"{show.title}: {why}, so its days stay as they are told")
        told, problem = self._asked(self._metadata, show, int(tmdb_id), lacking)
        return Aired(known | {one: day for one, day in told.items() if one in numbers}, problem)

    def _known(self, title_id: int, numbers: set[Number]) -> dict[Number, date]:
        c = episodes.c
        query = (
            select(seasons.c.number, c.number, c.aired_on)
            .join(seasons, seasons.c.id == c.season_id)
            .where(c.title_id == title_id, c.aired_on.is_not(None), c.deleted_at.is_(None))
        )
        with self._db.read() as connection:
            rows = connection.execute(query).all()
        return {(row[0], row[1]): row[2] for row in rows if (row[0], row[1]) in numbers}

    def _asked(
        self, metadata: Asked, show: Work, tmdb_id: int, lacking: list[int]
    ) -> tuple[dict[Number, date], str | None]:
        found: dict[Number, date] = {}
        problem = None
        for season in lacking:
            try:
                told = metadata.season(tmdb_id, season)
            except (Refused, BadAnswer, NotAuthorised, ConfigError) as error:
                problem = f"{show.title}: {error}; days of season {season} stay as they are told"
                continue
            found |= {(season, one.number): one.aired_on for one in told.episodes if one.aired_on}
        return found, problem
