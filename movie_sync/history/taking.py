"""What was read of a history becomes part of ours: what is stored of it, and how.

    a work that the library cannot know      left out, with the reason
    plays of a film                          each, once a day
    plays of a series that is new            its days by `binge.py`, in a full import
    plays of an episode                      the earliest, in a full import; else each, once a day
    a rating                                 where nobody else's stands, if so wished
    a wish                                   kept

The one thing to know: what is taken, what is left out, and how far that is, is one transaction.
Taking the same again changes nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Literal

from msgspec import Struct
from sqlalchemy import Connection, bindparam, or_, select, update

from movie_sync.history import binge, import_rows
from movie_sync.history.air_dates import AirDates
from movie_sync.history.import_models import COMPARE, NEWS, Entry
from movie_sync.history.plays_store import write
from movie_sync.history.rows import Batch, Saved
from movie_sync.history.statements import batches
from movie_sync.history.store import HistoryStore
from movie_sync.history.works import identity
from movie_sync.history_models import Play, Rating, Wish, Work
from movie_sync.history_tables import play_tellings, plays, ratings, syncs
from movie_sync.library.title_writing import named_by
from movie_sync.library_models import Kind
from movie_sync.library_tables import episodes, seasons

Number = tuple[int | None, int | None]  # season and episode


class Manner(Struct, frozen=True, kw_only=True):
    """How it is taken.

    Attributes:
        full: an import of all there is; not news alone.
        needs_tmdb: works without a TMDB id are taken only where the library knows them.
        most_a_day: episodes of a series that are believed of one day; 0: all are.
        specials: whether those count among them.
        rate: "missing" takes ratings of works that nobody else has rated here.
    """

    source: str
    full: bool = False
    needs_tmdb: bool = True
    most_a_day: int = binge.MOST_A_DAY
    specials: bool = True
    rate: Literal["missing", "all", "none"] = "missing"


class Taken(Struct, frozen=True, kw_only=True):
    saved: Saved
    kept: tuple[Entry, ...]  # all but those that are left out
    problems: tuple[str, ...]


class _Made(Struct):
    """What is made of some entries, before anything is stored."""

    plays: list[Play]
    told_at: dict[str, datetime | None]  # of plays that are given another date
    problems: list[str]


class Taking:
    """For one thread at a time."""

    def __init__(self, store: HistoryStore, aired: AirDates) -> None:
        self._store, self._aired = store, aired
        self._db, self._zone = store.db, store.zone

    def take(
        self,
        entries: Sequence[Entry],
        manner: Manner,
        now: datetime,
        *,
        sync_id: int,
        unread: Sequence[str] = (),
        checkpoint: Mapping[str, str] | None = None,
        marks: Sequence[tuple[str, str, str | None]] = (),
    ) -> Taken:
        """Store these, and forget that they waited.

        Args:
            unread: what could not be read, in sentences.

        Raises:
            Unavailable, Blocked: the days of a series are not to be had now; nothing was stored.
            FilesError: nothing was stored.
        """
        known = self._known(entry.work for entry in entries if _asks(entry, manner))
        out = [(one, why) for one in entries if (why := _why_not(one, manner, known))]
        left = {import_rows.key_of(one) for one, _ in out}
        kept = [one for one in entries if import_rows.key_of(one) not in left]
        made = self._dated([one for one in kept if isinstance(one, Play)], manner, known)
        rated = [one for one in kept if isinstance(one, Rating)] if manner.rate != "none" else []
        with self._db.write() as connection:
            if manner.rate == "missing":
                rated = _unrated(connection, rated, known)
            batch = Batch(
                plays=made.plays,
                ratings=rated,
                wishes=[one for one in kept if isinstance(one, Wish)],
                sync_id=sync_id,
                checkpoint=checkpoint or {},
                marks=marks,
                counts={"left_out": len(out), "unread": len(unread)} if out or unread else {},
                problems=(*unread, *(f"{one.work}: {why}" for one, why in out), *made.problems),
                earliest=manner.full,
                revive=manner.full,
            )
            saved = write(connection, batch, now, self._zone)
            _keep_told(connection, made.told_at)
            import_rows.forget(connection, {import_rows.key_of(one) for one in kept})
            import_rows.leave_out(connection, sync_id, manner.source, out, now)
            import_rows.leave_out_problems(connection, sync_id, manner.source, unread, now)
        return Taken(saved=saved, kept=tuple(kept), problems=(*batch.problems, *saved.problems))

    def _known(self, works: Iterable[Work]) -> dict[str, int]:
        """The titles that are there, by what the works are called; a question is none of them."""
        distinct = {identity(work): work for work in works}
        found = {}
        with self._db.read() as connection:
            for name, work in distinct.items():
                if len(named := named_by(connection, work.kind, work.ids)) == 1:
                    found[name] = next(iter(named))
        return found

    def _dated(self, told: Sequence[Play], manner: Manner, known: Mapping[str, int]) -> _Made:
        if not manner.full or not manner.most_a_day:
            return _Made([*told], {}, [])
        made = _Made([], {}, [])
        by_work = sorted(told, key=lambda play: identity(play.work))
        for name, some in groupby(by_work, lambda play: identity(play.work)):
            of_one = list(some)
            if of_one[0].work.kind is Kind.SHOW and self._is_new(known.get(name)):
                self._spread(of_one, manner, known.get(name), made)
            else:
                made.plays += of_one
        return made

    def _is_new(self, title_id: int | None) -> bool:
        """Whether nobody told of it yet but the news of Trakt, which know of its last days only."""
        if title_id is None:
            return True
        query = (
            select(plays.c.id)
            .outerjoin(syncs, syncs.c.id == plays.c.sync_id)
            .where(plays.c.title_id == title_id)
            .where(or_(syncs.c.kind.is_(None), syncs.c.kind.not_in((NEWS, COMPARE))))
        )
        with self._db.read() as connection:
            return connection.execute(query.limit(1)).first() is None

    def _spread(
        self, told: Sequence[Play], manner: Manner, title_id: int | None, made: _Made
    ) -> None:
        """The earliest of each episode with its date come first; the others tell of these."""
        zone, most, specials = self._zone, manner.most_a_day, manner.specials
        crowded = binge.crowded(binge.first_plays(told), zone, most=most, specials=specials)
        if not crowded:
            made.plays += told
            return
        aired = self._aired.of(told[0].work, title_id, crowded)
        dated = binge.spread(told, aired.days, zone, most=most, specials=specials)
        before = {play.key: play.watched_at for play in told}
        made.told_at |= {
            play.key: before[play.key] for play in dated if play.watched_at != before[play.key]
        }
        first = {play.key for play in dated}
        made.plays += [*dated, *(play for play in told if play.key not in first)]
        if aired.problem:
            made.problems.append(aired.problem)


def _asks(entry: Entry, manner: Manner) -> bool:
    """Whether anything depends on its title being there already."""
    if isinstance(entry, Play) and manner.full and entry.work.kind is Kind.SHOW:
        return True
    return isinstance(entry, Rating) or (manner.needs_tmdb and "tmdb" not in entry.work.ids)


def _why_not(entry: Entry, manner: Manner, known: Mapping[str, int]) -> str | None:
    work = entry.work
    if manner.needs_tmdb and "tmdb" not in work.ids and identity(work) not in known:
        told = ", ".join(f"{one} {key}" for one, key in sorted(work.ids.items())) or "no id at all"
        return f"it has no TMDB id ({told}), and the library does not know it"
    if isinstance(entry, Play) and work.kind is Kind.SHOW and not work.is_episode:
        return "it is a whole show or season; which episodes were watched is not said"
    return None


def _unrated(
    connection: Connection, told: Sequence[Rating], known: Mapping[str, int]
) -> list[Rating]:
    """Those of works, or parts of works, that nobody else has rated."""
    title_ids = {title for one in told if (title := known.get(identity(one.work)))}
    others = _rated_by(connection, title_ids)
    return [
        one
        for one in told
        if not others.get((known.get(identity(one.work), 0), *_part(one.work)), set())
        - {one.source}
    ]


def _rated_by(
    connection: Connection, title_ids: Iterable[int]
) -> dict[tuple[object, ...], set[str]]:
    r = ratings.c
    query = (
        select(r.title_id, r.season, seasons.c.number, episodes.c.number, r.source)
        .outerjoin(episodes, episodes.c.id == r.episode_id)
        .outerjoin(seasons, seasons.c.id == episodes.c.season_id)
        .where(r.gone_at.is_(None))
    )
    found: dict[tuple[object, ...], set[str]] = {}
    for some in batches(title_ids):
        for title_id, season, of, number, source in connection.execute(
            query.where(r.title_id.in_(some))
        ):
            part = (of, number) if number is not None else (season if season >= 0 else None, None)
            found.setdefault((title_id, *part), set()).add(source)
    return found


def _part(work: Work) -> Number:
    if work.episode is not None:
        return work.season or 0, work.episode
    return work.season, None


def _keep_told(connection: Connection, told_at: Mapping[str, datetime | None]) -> None:
    """A telling keeps the date that it came with, whatever the play's became."""
    t = play_tellings.c
    rows = [{"told_key": key, "at": at} for key, at in told_at.items()]
    if rows:
        mine = update(play_tellings).where(t.key == bindparam("told_key"))
        connection.execute(mine.values(watched_at=bindparam("at")), rows)
