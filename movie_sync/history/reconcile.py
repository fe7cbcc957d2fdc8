"""Our history and all of Trakt's, compared: what each has that the other has not.

Trakt tells all times of watching in two answers, without the numbers of its plays. A time of
Trakt's that nothing here tells of is a play that was added there with an older date; a telling
here whose time is not there any more was taken away there, and Trakt is asked for it once more
before that is believed. Plays without a date are not among these times, so nothing is said of them.

The one thing to know: a great deal that is gone at once is not believed, and then nothing is
changed at all.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Protocol

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, select

from movie_sync.db import Database
from movie_sync.history.import_models import Entry
from movie_sync.history_models import Play, Work
from movie_sync.history_tables import play_tellings, plays, waiting_plays
from movie_sync.library_models import Kind
from movie_sync.library_tables import episodes, provider_refs, seasons, titles
from movie_sync.services.trakt_shapes import NAME
from movie_sync.trakt_models import Page, Place, TraktPlay

GONE_SHARE, GONE = 0.1, 20  # more than both is not believed
MOST_ASKED = 40  # works that are asked for one by one; more are read with all between them
EDGE = timedelta(seconds=1)

Where = tuple[Kind, Place]
Mine = dict[Where, list["Here"]]


class Asked(Protocol):
    """What is asked of Trakt; `services.trakt.Trakt` is one."""

    def watched_times(self, kind: Kind) -> dict[Place, tuple[datetime, ...]]: ...
    def plays_of(self, work: Work, start_at: datetime, end_at: datetime) -> list[TraktPlay]: ...
    def history(
        self,
        kind: Kind | None = None,
        start_at: datetime | None = None,
        end_at: datetime | None = None,
    ) -> Iterator[Page]: ...


class Here(Struct, frozen=True):
    """A play of Trakt's that we know."""

    key: str
    at: datetime
    told: bool = True  # it is part of the history, and not left out or waiting


class Compared(Struct, frozen=True, kw_only=True):
    """What the times say. Nothing was asked for in particular yet."""

    there: int  # times at Trakt
    here: int  # tellings
    missing: Mapping[Where, tuple[datetime, ...]]  # there and not here
    extra: Mapping[Where, tuple[Here, ...]]  # here and not there

    @property
    def gone(self) -> int:
        return sum(map(len, self.extra.values()))

    @property
    def doubt(self) -> str | None:
        """Why it is not believed that so much was taken away."""
        much = self.gone > GONE and self.gone > GONE_SHARE * self.here
        if not much and (self.there or not self.gone):
            return None
        return (
            f"Trakt does not list {self.gone} of {self.here} plays any more; that is not believed, "
            "and nothing was changed; if they were taken away there, somebody has to say so"
        )


def compare(db: Database, trakt: Asked, left_out: Iterable[Entry]) -> Compared:
    """Args: left_out: what was read before, and not stored."""
    there = {
        (kind, place): times for kind in Kind for place, times in trakt.watched_times(kind).items()
    }
    with db.read() as connection:
        named = _same_titles(connection)
        here = _here(connection)
    for entry in left_out:
        _add(here, entry)
    mine: Mine = defaultdict(list)
    for key, some in here.items():
        mine[_canonical(key, named)] += some
    missing: dict[Where, tuple[datetime, ...]] = {}
    extra: dict[Where, tuple[Here, ...]] = {}
    for key, times in there.items():
        if lacking := _lacking(times, mine.pop(_canonical(key, named), []), extra, key):
            missing[key] = lacking
    for key, some in mine.items():
        if told := tuple(one for one in some if one.told):
            extra[key] = told
    count = sum(one.told for some in here.values() for one in some)
    return Compared(there=sum(map(len, there.values())), here=count, missing=missing, extra=extra)


def look_up(trakt: Asked, compared: Compared) -> Iterator[list[Play]]:
    """The plays in question, as Trakt tells them now."""
    asked: dict[Where, list[datetime]] = defaultdict(list)
    for key, times in compared.missing.items():
        asked[key] += times
    for key, mine in compared.extra.items():
        asked[key] += [one.at for one in mine]
    if len(asked) <= MOST_ASKED:
        for (kind, place), some in asked.items():
            found = trakt.plays_of(_work(kind, place), min(some) - EDGE, max(some) + EDGE)
            yield [one.play for one in found]
        return
    for kind in Kind:
        of_kind = [at for where, each in asked.items() if where[0] is kind for at in each]
        if of_kind:
            pages = trakt.history(kind, min(of_kind) - EDGE, max(of_kind) + EDGE)
            yield from ([one.play for one in page.plays] for page in pages)


def _lacking(
    times: Iterable[datetime],
    mine: Iterable[Here],
    extra: dict[Where, tuple[Here, ...]],
    key: Where,
) -> tuple[datetime, ...]:
    """Times that nothing of ours tells of; what of ours has none of them becomes extra."""
    left: dict[int, list[Here]] = defaultdict(list)
    for one in mine:
        left[_minute(one.at)].append(one)
    lacking = []
    for at in times:
        same = left[_minute(at)]
        if same:
            same.pop()
        else:
            lacking.append(at)
    if gone := tuple(one for some in left.values() for one in some if one.told):
        extra[key] = gone
    return tuple(lacking)


def _minute(at: datetime) -> int:
    return int(at.timestamp()) // 60


def _canonical(key: Where, named: Mapping[tuple[Kind, str], str]) -> Where:
    kind, place = key
    return kind, place._replace(trakt_id=named.get((kind, place.trakt_id), place.trakt_id))


def _work(kind: Kind, place: Place) -> Work:
    return Work(
        kind=kind, title="", ids={NAME: place.trakt_id}, season=place.season, episode=place.episode
    )


def _add(here: Mine, entry: Entry) -> None:
    work = entry.work
    if isinstance(entry, Play) and entry.watched_at and NAME in work.ids:
        place = Place(work.ids[NAME], work.season, work.episode)
        here[work.kind, place].append(Here(entry.key, entry.watched_at, told=False))


def _same_titles(connection: Connection) -> dict[tuple[Kind, str], str]:
    """Of a title that has several numbers at Trakt, the first stands for all."""
    r = provider_refs.c
    query = select(r.entity, r.entity_id, r.key).where(
        r.provider == NAME, r.entity.in_([str(kind) for kind in Kind])
    )
    first: dict[tuple[str, int], str] = {}
    found: dict[tuple[Kind, str], str] = {}
    for entity, title_id, key in connection.execute(query.order_by(r.key)):
        found[Kind(entity), key] = first.setdefault((entity, title_id), key)
    return found


def _here(connection: Connection) -> Mine:
    """All that Trakt told and was not taken away, with what waits for a person's answer."""
    t, p, r = play_tellings.c, plays.c, provider_refs.c
    query = (
        select(t.key, t.watched_at, titles.c.kind, r.key, seasons.c.number, episodes.c.number)
        .join(plays, p.id == t.play_id)
        .join(titles, titles.c.id == p.title_id)
        .join(
            provider_refs,
            (r.entity == titles.c.kind) & (r.entity_id == p.title_id) & (r.provider == NAME),
        )
        .outerjoin(episodes, episodes.c.id == p.episode_id)
        .outerjoin(seasons, seasons.c.id == episodes.c.season_id)
        .where(t.key.startswith(f"{NAME}:"), t.gone_at.is_(None), t.watched_at.is_not(None))
        .order_by(t.key, r.key)
    )
    here: Mine = defaultdict(list)
    last = ""
    for key, at, kind, trakt_id, season, episode in connection.execute(query):
        if key != last:  # a title that has several numbers there comes several times
            here[Kind(kind), Place(trakt_id, season, episode)].append(Here(key, at))
        last = key
    w = waiting_plays.c
    for told in connection.execute(select(w.play).where(w.key.startswith(f"{NAME}:"))).scalars():
        _add(here, msgspec.json.decode(told, type=Play))
    return here
