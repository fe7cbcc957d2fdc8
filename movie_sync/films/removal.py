"""The pass that takes films out of the library which no list names any more, and the way back.

Nothing is deleted by it but what has lain in the recycle folder for its time. Each removal is a
row of steps, each of which is on disk before the next begins and can be done twice, so that the
program may be killed between any two: the next pass goes on, or takes all of it back where the
film is wanted again by then.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from movie_sync.errors import BadAnswer, FilesError, ServiceError
from movie_sync.films import leaving, unwanted
from movie_sync.films.items import KIND, film_of
from movie_sync.films.recycled import Recycled
from movie_sync.films.story import What
from movie_sync.films.sync import Parts
from movie_sync.films.undo import CLEANED, RETURNING, WayBack
from movie_sync.films.unwanted import (
    LEFT,
    REMOVING,
    SEEN_BY,
    SINCE,
    Known,
    Rules,
    Standing,
    Torrents,
    is_ours,
    is_unwanted,
)
from movie_sync.films.watchlists import Memory
from movie_sync.models import Film, Item, State
from movie_sync.queue_moves import CLEANUP

log = logging.getLogger(__name__)

SITE = "letterboxd"  # whose watchlists drop what was watched, and who can be asked
ASK_AGAIN = timedelta(days=1)  # who has seen a film, where that could not be told
JUMP, QUIET = timedelta(days=14), timedelta(days=1)  # of the clock, and what is waited after one

HasSeen = Callable[[str, Film], bool]
"""Whether a member has seen a film. Raises ServiceError where that cannot be told."""


class Removal:
    """For the monitor, and for a person who looks. Safe from several threads.

    Args:
        sources: the names of all watchlists that are followed.
        has_seen: asked before a film goes that a member's watchlist has dropped.
    """

    def __init__(
        self,
        parts: Parts,
        memory: Memory,
        rules: Rules,
        recycled: Recycled,
        *,
        sources: Sequence[str],
        has_seen: HasSeen,
    ) -> None:
        self._parts, self._memory, self.rules = parts, memory, rules
        self.recycled, self._sources, self._has_seen = recycled, sources, has_seen
        self._lock = threading.Lock()
        self._untold: dict[str, tuple[datetime, str]] = {}
        self.problem: str | None = None

    def run(self, now: datetime) -> int:
        """One pass; returns how many films left the library."""
        with self._lock:
            try:
                removed = self._run(now)
            except FilesError as error:
                if self.problem != str(error):
                    log.warning("cleanup: %s", error)
                self.problem = str(error)
                return 0
            self.problem = None
            return removed

    def standings(self, now: datetime) -> list[Standing]:
        """Every film that nobody wants, the one first that has been so for longest."""
        done = list(self._parts.queue.iter(State.COMPLETED))
        doubt = self._memory.doubt(self._sources)
        known = Known(self.rules, self._torrents(filter(unwanted.is_to_go, done)), doubt)
        found = unwanted.look(done, self._items(), known, now)
        return [self._with_untold(each, now) for each in found]

    def undo(self, name: str, now: datetime) -> Path:
        """Bring a film back that was removed, by the id of its item; returns where it is."""
        with self._lock:
            return self._bring_back(name, now)

    def steps(self, item: Item, now: datetime) -> Iterator[str]:
        """Take one film out of the library. What is done is on disk at each `yield`.

        Raises:
            FilesError: the disk has something against it; the next pass goes on.
        """
        queue = self._parts.queue
        name = item.data.get(REMOVING) or _name(item, now)
        if REMOVING not in item.data:
            queue.note(item.id, **{REMOVING: name})
            yield "noted with the film"
        files = unwanted.belongings(item, unwanted.of_others(item, self._items()))
        if files and name not in self.recycled.entries():
            self.recycled.begin(name, item, files, now)
            yield "listed"
        kept = name if name in self.recycled.entries() else None
        for moved in self.recycled.move(name) if kept else ():
            yield f"moved {moved.name}"
        gone = queue.remove(item.id, CLEANUP, **_cleaned(item, kept))
        yield "removed"
        if gone is None:
            return
        self._parts.library.refresh()
        if gone.wanted_by:  # by hand, while its files moved
            self._bring_back(item.id, now)
            return
        where = f"kept in {self.recycled.folder / kept}" if kept else "its file was gone already"
        self._parts.stories.tell(item.id, What.REMOVED, f"nobody wants it; {where}", now)
        log.info("%s: left the library, for nobody wants it; %s", item.title, where)

    def _bring_back(self, id_: str, now: datetime) -> Path:
        parts = self._parts
        way = WayBack(parts.queue, parts.library, parts.stories, self.recycled)
        return way.bring_back(id_, now)

    def _run(self, now: datetime) -> int:
        jumped, quiet = self._look_at_clock(now)
        self._mark(now, anew=jumped)
        self._finish(now)
        if quiet or not self.rules.enabled:
            return 0
        due = [each.id for each in self.standings(now) if not (each.stays or each.waits)]
        items = [found[1] for id_ in due if (found := self._parts.queue.get(id_))]
        going = [item for item in items if not self._is_seen_or_untold(item, now)]
        removed = sum(self._is_done(item, self._remove, now) for item in going)
        self.recycled.empty(now - self.rules.recycled_for)
        return removed

    def _remove(self, item: Item, now: datetime) -> None:
        for _ in self.steps(item, now):
            pass

    def _is_done(self, item: Item, act: Callable[[Item, datetime], object], now: datetime) -> bool:
        """Do it, unless the disk has something against it: that holds up no other film."""
        try:
            self._parts.library.refresh()  # notices a drive that is gone
            act(item, now)
        except FilesError as error:
            self._parts.stories.tell(item.id, What.WAITS, str(error), now)
            log.warning("%s: %s", item.title, error)
            return False
        return True

    def _mark(self, now: datetime, *, anew: bool) -> None:
        """Note since when a film is unwanted; anew where the clock cannot be right."""
        for item in list(self._parts.queue.iter(State.COMPLETED)):
            if item.kind != KIND or not (is_ours(item) or SINCE in item.data):
                continue
            began = unwanted.since(item)
            if not is_unwanted(item):
                if SINCE in item.data:
                    self._parts.queue.note(item.id, **dict.fromkeys((SINCE, SEEN_BY, LEFT)))
            elif began is None or began > now or anew:
                self._parts.queue.note(item.id, **{SINCE: now.isoformat(timespec="seconds")})
                text = "no list names it any more; see `cleanup list`"
                self._parts.stories.tell(item.id, What.WAITS, text, now)

    def _finish(self, now: datetime) -> None:
        """What a crash left half done, and what is wanted again since it was removed."""
        for state in State:
            for item in list(self._parts.queue.iter(state)):
                if REMOVING in item.data:
                    going = state is State.COMPLETED and is_unwanted(item)
                    act = self._remove if going and self.rules.enabled else self._take_back
                    self._is_done(item, act, now)
                elif CLEANED in item.data and _is_coming_back(state, item):
                    self._is_done(item, self._welcome, now)

    def _welcome(self, item: Item, now: datetime) -> None:
        """A film that is wanted again, or was on its way back when the program ended."""
        if item.data[CLEANED].get("recycled") in self.recycled.entries():
            self._bring_back(item.id, now)
        else:
            self._parts.queue.note(item.id, **{CLEANED: None})

    def _take_back(self, item: Item, now: datetime) -> None:
        name = item.data[REMOVING]
        if name in self.recycled.entries():
            self.recycled.bring_back(name)
        self._parts.queue.note(item.id, **{REMOVING: None})
        self.recycled.forget(name)
        self._parts.library.refresh()

    def _look_at_clock(self, now: datetime) -> tuple[bool, bool]:
        """Whether it went so far since the last pass that it may be wrong, or was; and whether
        that is so little ago that nothing goes yet."""
        seen_at, quiet_until = self.recycled.noted()
        jumped = seen_at is not None and not seen_at - JUMP < now < seen_at + JUMP
        if jumped:
            quiet_until = now + QUIET
            log.info("cleanup: the last look was on %s; nothing goes for a day", seen_at)
        quiet = quiet_until is not None and quiet_until - QUIET <= now < quiet_until
        if seen_at is None or abs(now - seen_at) >= timedelta(hours=1) or quiet:
            self.recycled.note(now, quiet_until if quiet else None)
        return jumped, quiet

    def _torrents(self, items: Iterable[Item]) -> Torrents:
        handles = {item.data["handle"] for item in items}
        if not handles:
            return Torrents()
        try:
            return Torrents(self._parts.client.transfers(handles))
        except ServiceError as error:
            return Torrents(silent=str(error))

    def _with_untold(self, standing: Standing, now: datetime) -> Standing:
        at, why = self._untold.get(standing.id, (None, ""))
        if at and at <= now < at + ASK_AGAIN and self.rules.keep_watched:
            return replace(standing, waits=(*standing.waits, why))
        return standing

    def _items(self) -> list[Item]:
        return [item for state in State for item in self._parts.queue.iter(state)]

    def _is_seen_or_untold(self, item: Item, now: datetime) -> bool:
        """Whether somebody has seen it, or that could not be told: then it stays."""
        if not self.rules.keep_watched:
            return False
        for member in unwanted.members(item, self._sources):
            try:
                seen = self._is_seen(member, film_of(item))
            except ServiceError as error:
                why = f"whether it was watched cannot be told: {error}"
                self._untold[item.id] = (now, why)
                log.info("%s: %s; it stays", item.title, why)
                return True
            if seen:
                self._parts.queue.note(item.id, **{SEEN_BY: member})
                return True
        return False

    def _is_seen(self, member: str, film: Film) -> bool:
        site, _, name = member.partition(":")
        if site != SITE:
            raise BadAnswer(member, "an export does not say why a film has left it")
        return self._has_seen(name, film)


def _is_coming_back(state: State, item: Item) -> bool:
    wanted = state in (State.PENDING, State.FAILED, State.COMPLETED)
    return wanted or bool(item.data[CLEANED].get(RETURNING))


def _name(item: Item, now: datetime) -> str:
    """Of its folder among what is recycled."""
    digits = sha256(f"{item.id} {now.isoformat()}".encode()).hexdigest()[:8]
    return f"{now:%Y-%m-%d} {digits}"


def _cleaned(item: Item, name: str | None) -> dict[str, Any]:
    """What its data say from now on; all that the way back needs under one key.

    Args:
        name: of the removal in the recycle folder; None where there was nothing to move.
    """
    data = item.data
    kept = ("path", "how", "handle", "release", unwanted.PLACED_AS)
    noted: dict[str, Any] = {key: data[key] for key in kept if key in data}
    return {
        **dict.fromkeys((*kept, REMOVING, SINCE, LEFT)),
        CLEANED: {**noted, "recycled": name} if name else None,
        leaving.LEAVING: leaving.with_removed(item) or None,
    }
