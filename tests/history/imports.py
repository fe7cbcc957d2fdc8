"""A Trakt without a network, an import that reads it, and what came of it."""

import json
import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select

from movie_sync.demo.trakt_world import TraktWorld
from movie_sync.errors import NotFound
from movie_sync.history.air_dates import AirDates
from movie_sync.history.file_import import FileReading
from movie_sync.history.import_models import Options
from movie_sync.history.import_rows import ImportRows
from movie_sync.history.importing import Importing
from movie_sync.history.store import HistoryStore
from movie_sync.history.taking import Taking
from movie_sync.history.trakt_import import TraktReading
from movie_sync.history.trakt_sync import Pace, TraktSync
from movie_sync.history_tables import play_tellings, plays
from movie_sync.library_models import EpisodeFacts, Kind, SeasonFacts
from movie_sync.library_tables import episodes, seasons, titles
from movie_sync.services import trakt_shapes as shapes
from movie_sync.services.trakt_account import activities, places
from movie_sync.trakt_models import Listed, Page

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
SECTIONS = {Kind.FILM: "movie", Kind.SHOW: "episode"}


def at(day: int, hour: int = 20, *, month: int = 12, year: int = 2025) -> float:
    """A moment in UTC, as Unix seconds."""
    return datetime(year, month, day, hour, tzinfo=UTC).timestamp()


class PlainTrakt:
    """What `services.trakt.Trakt` answers about a world, in pages of `limit`.

    `trouble` is raised instead of an answer; `asked` tells what was asked.
    """

    def __init__(self, world: TraktWorld, limit: int = 250) -> None:
        self.world, self.limit = world, limit
        self.asked: list[str] = []
        self.trouble: dict[str, Exception] = {}
        self.odd: list[dict] = []  # items of the history that come last
        self.after_page = lambda number: None

    def last_activities(self):
        self._ask("activities")
        told = {"all": None, "watchlist": {}, "account": {}}
        for many in ("movies", "episodes", "shows", "seasons"):
            changed = self.world.changed.items()
            told[many] = {field: when for (of, field), when in changed if of == many}
        return activities(json.dumps(told).encode(), "/sync/last_activities")

    def history(self, kind=None, start_at=None, end_at=None):
        kinds = [SECTIONS[kind]] if kind else list(SECTIONS.values())
        bounds = {"start": _text(start_at), "end": _text(end_at) or "9"}
        told = [self.world.listed(one) for one in self.world.history(kinds, **bounds)] + self.odd
        pages = max(-(-len(told) // self.limit), 1)
        for number in range(pages):
            self._ask("history")
            some = told[number * self.limit : (number + 1) * self.limit]
            found, problems = shapes.each(some, shapes.play)
            yield Page(
                plays=tuple(found), number=number + 1, of=pages, items=len(told),
                problems=tuple(problems),
            )  # fmt: skip
            self.after_page(number + 1)

    def plays_of(self, work, start_at, end_at):
        self._ask("plays_of")
        return [
            one
            for page in self._all(start_at, end_at)
            for one in page
            if one.play.work.ids["trakt"] == work.ids["trakt"]
            and (one.play.work.season, one.play.work.episode) == (work.season, work.episode)
        ]

    def _all(self, start_at, end_at):
        told = self.world.history(start=_text(start_at), end=_text(end_at))
        yield shapes.each([self.world.listed(one) for one in told], shapes.play)[0]

    def watched_times(self, kind):
        self._ask("watched")
        told = json.dumps(self.world.watched(SECTIONS[kind])).encode()
        return places(told, kind, "/users/me/watched")

    def ratings(self):
        self._ask("ratings")
        made, problems = shapes.each(self._listed(self.world.ratings), shapes.rating)
        return Listed(ratings=tuple(made), problems=tuple(problems))

    def watchlist(self):
        self._ask("watchlist")
        made, problems = shapes.each(self._listed(self.world.wishes), shapes.wish)
        return Listed(wishes=tuple(made), problems=tuple(problems))

    def _listed(self, kept):
        return [facts | self.world.told(item) for item, facts in kept.items()]

    def _ask(self, what):
        self.asked.append(what)
        if what in self.trouble:
            raise self.trouble[what]


def _text(moment) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.000Z}" if moment else ""


class AirsDaily:
    """A TMDB whose seasons were aired from a day on, one episode a day."""

    def __init__(self, first: date = date(2020, 1, 1), episodes: int = 30) -> None:
        self.first, self.episodes = first, episodes
        self.asked: list[tuple[int, int]] = []
        self.trouble: Exception | None = None
        self.lacking: set[int] = set()  # numbers of episodes without a date

    def season(self, tmdb_id: int, number: int) -> SeasonFacts:
        self.asked.append((tmdb_id, number))
        if self.trouble:
            raise self.trouble
        if number > 5:
            raise NotFound("tmdb", "no such season")
        return SeasonFacts(number=number, episodes=tuple(
            EpisodeFacts(
                number=one,
                aired_on=None if one in self.lacking
                else self.first.replace(year=self.first.year + number) + timedelta(days=one),
            )
            for one in range(1, self.episodes + 1)
        ))  # fmt: skip


class House:
    """An import and a sync of one Trakt, with what they keep."""

    def __init__(self, db, zone=BERLIN, **pace) -> None:
        self.now = NOW  # goes on as a test says
        self.world = TraktWorld(self._seconds)
        self.trakt = PlainTrakt(self.world)
        self.aired = AirsDaily()
        self.stop = threading.Event()
        self.db = db
        self.store = HistoryStore(db, zone)
        self.rows = ImportRows(db)
        self.taking = Taking(self.store, AirDates(db, self.aired))
        self.importing = self.opened()
        self.sync = TraktSync(
            self.store, self.rows, self.taking, self.trakt, Pace(**pace), clock=lambda: self.now
        )

    def _seconds(self) -> float:
        return self.now.timestamp()

    def opened(self) -> Importing:
        """As after a start of the program."""
        return Importing(
            self.store, self.rows, self.taking, self._reading,
            stop=self.stop, clock=lambda: self.now,
        )  # fmt: skip

    def _reading(self, options, now):
        if options.source == "file":
            return FileReading(Path(options.path), options, self.store.zone, now)
        return TraktReading(self.trakt, options)

    def do(self, importing=None, **options):
        """An import from its beginning to its end."""
        importing = importing or self.importing
        importing.start(Options(**options), self.now)
        return importing.run(self.now)

    def dates(self, title: str | None = None):
        """What is watched, oldest first: "Dark 1x02 2025-12-05"."""
        query = (
            select(titles.c.title, seasons.c.number, episodes.c.number, plays.c.local_day)
            .select_from(plays)
            .join(titles, titles.c.id == plays.c.title_id)
            .outerjoin(episodes, episodes.c.id == plays.c.episode_id)
            .outerjoin(seasons, seasons.c.id == episodes.c.season_id)
            .where(plays.c.deleted_at.is_(None))
            .order_by(plays.c.at_s, titles.c.title, seasons.c.number, episodes.c.number)
        )
        with self.db.read() as connection:
            rows = connection.execute(query).all()
        return [
            f"{name}{f' {season}x{number:02}' if number is not None else ''} {day or '-'}"
            for name, season, number, day in rows
            if title in (None, name)
        ]

    def tellings(self) -> int:
        with self.db.read() as connection:
            return len(connection.execute(select(play_tellings.c.key)).all())

    def why(self) -> list[str]:
        return [one.why for one in self.rows.left_out()]
