"""The history of a running program: what its workers repeat, and what a person may wish.

    history   an import, news of Trakt and of Viki, and what Viki's shows are: each at its time
    watches   tells Trakt of plays

What a door asks for is safe from any thread: it is stored at once, or noted for a worker, which is
then woken.
"""

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from movie_sync.breaker import Breaker
from movie_sync.errors import Busy, ConfigError
from movie_sync.history import looks
from movie_sync.history.import_models import COMPARE, IMPORT, NEWS, Options, Reading
from movie_sync.history.import_rows import ImportRows
from movie_sync.history.importing import Importing, unended
from movie_sync.history.passes import Done, Pass, Passes
from movie_sync.history.preview import Preview, preview
from movie_sync.history.rows import SyncRow
from movie_sync.history.store import HistoryStore
from movie_sync.history.undo import Undoing

if TYPE_CHECKING:
    from movie_sync.history.catalogues import Sources, TraktTitles
    from movie_sync.history.match_desk import MatchDesk
    from movie_sync.history.pushing import Pushing
    from movie_sync.history.viki_sync import VikiSync

IDLE_S = 60.0
ONCE = (NEWS, COMPARE, "viki")  # kinds of syncs that begin anew, and do not go on

Read = Callable[[Options, datetime], Reading]


class History:
    """All that belongs to the history, for one run of the program.

    Args:
        reading: opens what an import names. Raises ConfigError, FilesError.
        sources: who can be asked what something is.
        viki: without a source where Viki is off; files can be read all the same.
        pushing: None where Trakt is off.
        pushes: whether Trakt is told of anything; what was told can be undone all the same.
        closing: is called by `close`, in this order.
    """

    def __init__(
        self,
        store: HistoryStore,
        rows: ImportRows,
        importing: Importing,
        passes: Sequence[Pass],
        *,
        reading: Read,
        desk: "MatchDesk",
        sources: Callable[[], "Sources"],
        trakt: "TraktTitles | None" = None,
        viki: "VikiSync",
        pushing: "Pushing | None" = None,
        pushes: bool = False,
        most_a_day: int = 4,
        specials: bool = True,
        stop: threading.Event | None = None,
        closing: Sequence[Callable[[], object]] = (),
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.store, self.rows, self.importing = store, rows, importing
        self.trakt, self.viki, self.pushing, self.desk = trakt, viki, pushing, desk
        self.sources = sources
        self.pushes = pushes and pushing is not None
        self.most_a_day, self.specials = most_a_day, specials
        self.wake: Callable[[], object] = lambda: None  # the worker of the passes
        self.wake_watches: Callable[[], object] = lambda: None
        of_import = looks.of_import(importing, lambda: self.waiting_import() is not None)
        self.passes = Passes([of_import, *passes], after=self.expect)
        self._undoing = Undoing(store, None, Breaker(None, "trakt"))  # where Trakt is off
        self._reading, self._closing = reading, closing
        self._stop, self.clock = stop or threading.Event(), clock
        self._begun = False
        self._beginning = threading.Lock()

    # The passes

    def look_pass(self, now: datetime) -> float:
        """Run what is due. Returns the seconds until there may be more to do."""
        self.begin(now)
        return self.passes.turn(now)

    def push_pass(self, now: datetime) -> float:
        """Tell Trakt of a batch of plays. Returns the seconds until there may be more to do.

        Raises:
            ServiceError: nothing more can be told now; what was sent is known.
        """
        self.begin(now)
        if self.undo_step(now):
            return 0.0
        return self.pushing.push_pass(now) if self.pushing and self.pushes else IDLE_S

    def undo_step(self, now: datetime) -> bool:
        """One request of an undo; False where none is under way. Raises as `push_pass`."""
        return self.pushing.undo_pass(now) if self.pushing else self._undoing.step(now)

    def begin(self, now: datetime) -> None:
        """What the log says to be running was killed; imports, pushes and undos go on."""
        with self._beginning:
            if not self._begun:
                self.store.interrupt_unended(now, ONCE)
                self.store.follow_merged(now)
                self._begun = True

    def close(self) -> None:
        """Let go of the database and of every connection. What is asked later raises."""
        for close in self._closing:
            close()

    # A person's wishes

    def look(
        self, now: datetime, *, force: bool = False, names: Sequence[str] = looks.SYNCED
    ) -> list[Done]:
        """Run these now, in this thread, and tell what became of each."""
        self.begin(now)
        return self.passes.run_all(self._named(names), now, force=force)

    def push(self, now: datetime) -> None:
        """Tell Trakt of all that waits, in this thread. Raises as `push_pass`."""
        self.begin(now)
        pushing = self.require_pushing()
        pushing.expect()
        while pushing.push_pass(now) == 0.0 and not self._stop.is_set():
            now = self.clock()

    def wish_looks(self, *, force: bool = False, names: Sequence[str] = looks.SYNCED) -> list[str]:
        """Have the worker do it; which of them there are."""
        found = self._named(names)
        self.passes.wish(found, force=force)
        self.wake()
        return found

    def expect(self) -> None:
        """There may be something new to tell Trakt, and to be matched."""
        if self.pushing:
            self.pushing.expect()
        self.wake_watches()

    def go_on(self, now: datetime) -> None:
        """A person has seen to what stopped the telling. Raises ConfigError: it is off."""
        self.require_pushing().go_on(now)
        self.passes.wish(self._named(looks.SYNCED))
        self.wake()
        self.wake_watches()

    def preview(self, options: Options, now: datetime) -> Preview:
        """What an import would bring. Raises ConfigError, FilesError, ServiceError."""
        return preview(self._reading(options, now), self.store)

    def start_import(self, options: Options, now: datetime) -> int:
        """Write one down for the worker; its number. Raises Busy: one is not at its end."""
        number = self.importing.start(options, now)
        self.passes.wish([IMPORT])
        self.wake()
        return number

    def import_now(self, options: Options, now: datetime) -> SyncRow:
        """To its end, in this thread; the same one that was broken off goes on.

        Raises:
            Busy: one with other options is not at its end.
            MovieSyncError: it stands still, or failed.
        """
        self.begin(now)
        before = self.waiting_import()
        if before is None:
            self.importing.start(options, now)
        elif msgspec.convert(before.options, Options) != options:
            raise Busy(
                f"import {before.id} is not at its end, and was begun otherwise; begin it as it "
                "was, or end it by `history import cancel`"
            )
        done = self.importing.run(now)
        assert done
        return done

    def waiting_import(self) -> SyncRow | None:
        """The one that goes on, or stands still."""
        return unended(self.store)

    def undo(self, sync_id: int, now: datetime) -> int:
        """Have a sync taken back, by the worker or by `undo_step`; the number of the undo.

        Raises:
            NotQueued: there is nothing of that number to undo.
            ConfigError, ServiceError: it cannot be begun now.
        """
        self.begin(now)
        begin = self.pushing.undo if self.pushing else self._undoing.begin
        number = begin(sync_id, now)
        self.wake_watches()
        return number

    def require_pushing(self) -> "Pushing":
        """Raises ConfigError: Trakt is not to be told of anything."""
        if self.pushing is None or not self.pushes:
            raise ConfigError(
                'Trakt is told of nothing; set "enabled" and "push" in the section "trakt" to true'
            )
        return self.pushing

    def troubles(self) -> list[str]:
        """What a person should know and ends no pass, as sentences."""
        said = [f"history {name}: {why}" for name, why in self.passes.problems.items()]
        stopped = self.pushing.problem() if self.pushing and self.pushes else None
        return [*said, *([f"history: {stopped}"] if stopped else [])]

    # Within

    def _named(self, names: Sequence[str]) -> list[str]:
        return [name for name in names if name in self.passes.names]
