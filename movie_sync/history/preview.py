"""What an import would bring, in numbers. Nothing is written.

Known is what the library has a title of, or, of episodes and plays, what the history has already.
"""

from collections.abc import Callable

from msgspec import Struct
from sqlalchemy import Connection, select

from movie_sync.history.import_models import Reading
from movie_sync.history.store import HistoryStore
from movie_sync.history.works import identity
from movie_sync.history_models import Play, Rating, Wish, Work
from movie_sync.history_tables import plays
from movie_sync.library.title_writing import named_by
from movie_sync.library_models import Kind
from movie_sync.library_tables import episodes, seasons

Number = tuple[int, int]


class Share(Struct, frozen=True, kw_only=True):
    """How many there are, and of these: new to us, known, left out as nobody knows them."""

    total: int = 0
    new: int = 0
    known: int = 0
    unmatched: int = 0


class Preview(Struct, frozen=True, kw_only=True):
    source: str
    films: Share  # watched
    series: Share
    episodes: Share
    plays: Share
    watchlist: Share  # films and series
    ratings: int
    unread: tuple[str, ...]  # entries that cannot be read, the first of them
    unread_count: int


class _Counting:
    """Who was seen so far."""

    def __init__(self) -> None:
        self.works: dict[str, Work] = {}
        self.watched: dict[str, set[Number]] = {}
        self.wished: set[str] = set()
        self.plays: dict[str, int] = {}  # of each work
        self.known_plays = self.ratings = self.unread = 0
        self.problems: list[str] = []

    def add(self, entry: Play | Rating | Wish) -> None:
        name = identity(entry.work)
        match entry:
            case Rating():
                self.ratings += 1
                return
            case Wish():
                self.wished.add(name)
            case Play():
                numbers = self.watched.setdefault(name, set())
                self.plays[name] = self.plays.get(name, 0) + 1
                if entry.work.episode is not None:
                    numbers.add((entry.work.season or 0, entry.work.episode))
        self.works[name] = entry.work


def preview(
    reading: Reading, store: HistoryStore, tell: Callable[[str], object] = lambda sentence: None
) -> Preview:
    """Args: tell: is told what is being read, and may raise to end it."""
    counting = _Counting()
    for part in reading.parts({}):
        tell(part.sentence)
        for entry in part.entries:
            counting.add(entry)
        keys = [one.key for one in part.entries if isinstance(one, Play)]
        counting.known_plays += len(store.known_keys(keys))
        counting.unread += len(part.problems)
        counting.problems += part.problems[: 100 - len(counting.problems)]
    with store.db.read() as connection:
        return _counted(connection, reading, counting)


def _counted(connection: Connection, reading: Reading, told: _Counting) -> Preview:
    titles = {name: named_by(connection, one.kind, one.ids) for name, one in told.works.items()}

    def unmatched(name: str) -> bool:
        return reading.needs_tmdb and "tmdb" not in told.works[name].ids and not titles[name]

    def share(names: list[str]) -> Share:
        out = sum(map(unmatched, names))
        known = sum(bool(titles[name]) for name in names)
        return Share(total=len(names), new=len(names) - known - out, known=known, unmatched=out)

    of_kind = {
        kind: [name for name in told.watched if told.works[name].kind is kind] for kind in Kind
    }
    out_plays = sum(told.plays[name] for name in told.watched if unmatched(name))
    total_plays = sum(told.plays.values())
    return Preview(
        source=reading.source,
        films=share(of_kind[Kind.FILM]),
        series=share(of_kind[Kind.SHOW]),
        episodes=_episodes(connection, told, titles, unmatched),
        plays=Share(
            total=total_plays,
            new=max(total_plays - told.known_plays - out_plays, 0),
            known=told.known_plays,
            unmatched=out_plays,
        ),
        watchlist=share(sorted(told.wished)),
        ratings=told.ratings,
        unread=tuple(told.problems),
        unread_count=told.unread,
    )


def _episodes(
    connection: Connection,
    told: _Counting,
    titles: dict[str, dict[int, list[str]]],
    unmatched: Callable[[str], bool],
) -> Share:
    total = known = out = 0
    for name, numbers in told.watched.items():
        total += len(numbers)
        if unmatched(name):
            out += len(numbers)
        elif numbers and len(titles[name]) == 1:
            known += len(numbers & _seen(connection, next(iter(titles[name]))))
    return Share(total=total, new=total - known - out, known=known, unmatched=out)


def _seen(connection: Connection, title_id: int) -> set[Number]:
    query = (
        select(seasons.c.number, episodes.c.number)
        .join(episodes, episodes.c.season_id == seasons.c.id)
        .where(episodes.c.id.in_(
            select(plays.c.episode_id).where(
                plays.c.title_id == title_id, plays.c.deleted_at.is_(None)
            )
        ))
    )  # fmt: skip
    return {(row[0], row[1]) for row in connection.execute(query)}
