"""The running program: workers started and stopped in order.

    monitor    reads watchlists, and what indexers newly offer
    download   searches what waits, one film a pass, and hands it to the torrent client
    follow     sees what became of each download, and places it in the library
    errands    tells a person and media servers of it; only where one is to be told
    shows      follows TVmaze's catalogue; only where shows are on, as is
    adding     gives those that pass to Sonarr
    library    looks for what is owned; only where the library is on, as are
    assets     several, which tell of each file and title what is lacking
    history    reads what was watched at Trakt and Viki; only where the history is on, as is
    watches    tells Trakt what was watched elsewhere

They share nothing but the queues. The main thread starts them, watches that they live, and ends
them when told; everything they promised is on disk at any moment, so ending is quick.
"""

import logging
import threading
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from movie_sync import answering, cleanup, errands, settings, systemd, wiring, wiring_errands
from movie_sync.credentials import Credentials
from movie_sync.errors import MovieSyncError
from movie_sync.films.follow import Patience, follow_downloads, left_over
from movie_sync.films.items import KIND
from movie_sync.films.moving import Moving
from movie_sync.films.search import search_next
from movie_sync.films.slots import want_versions
from movie_sync.films.sync import downloads, is_moving
from movie_sync.films.upgrades import look_for_better
from movie_sync.films.wanted import read_watchlists, watch_latest
from movie_sync.films.watchlists import Memory
from movie_sync.needs import Trouble
from movie_sync.queues import QueueManager
from movie_sync.wiring_history import HistoryWork
from movie_sync.wiring_library import LibraryWork
from movie_sync.wiring_shows import ShowWork
from movie_sync.worker import Worker

if TYPE_CHECKING:
    from movie_sync.history.running import History
    from movie_sync.library.running import Library
    from movie_sync.shows.running import Shows

log = logging.getLogger(__name__)

STOP_WITHIN_S = 4.0  # for the workers; what still waits for an answer then is left
TURN_S = 5.0  # of the main thread
STATISTICS_S = 300.0
SEARCH_S, FOLLOW_S, BUSY_S = 60.0, 15.0, 1.0
LONGEST_PASS_S = 900.0  # a pass longer than this is not alive; copying a film takes minutes


class App:
    """Everything that runs for one home. `start`, then `run` until `stop` is set, then `close`.

    Raises:
        ConfigError: a setting that is needed is missing; nothing was started.
        QueueError, FilesError: a file in the home is damaged; nothing was started.
    """

    def __init__(
        self,
        home: Path,
        config: settings.Config,
        credentials: Credentials,
        stop: threading.Event,
    ) -> None:
        self._home, self._stop = home, stop
        self._every = timedelta(seconds=config.check_interval)
        self.memory = Memory(home / "watchlist.json")
        self.queue = QueueManager(home, retries=wiring.retries(config))
        with ExitStack() as undo:
            undo.callback(self.queue.close)
            self.parts, self.sources = wiring.parts(
                config, home, credentials, self.queue, wiring.pacer(stop)
            )
            self._history_work = HistoryWork(config, home, credentials, stop, self.queue)
            self.sources += self._history_work.watchlists()
            seen = wiring.has_seen(config, wiring.pacer(stop))
            self.removal = cleanup.removal(
                config, home, self.parts, self.memory, self.sources, has_seen=seen
            )
            self._show_work = ShowWork(config, home, credentials, stop, self.queue)
            self._library_work = LibraryWork(config, home, credentials, stop, self.queue)
            self.parts.library.ask_also(self._library_work.copies)
            self.areas: dict[str, answering.Area] = {
                "shows": self._show_work, "library": self._library_work,
                "history": self._history_work,
            }  # fmt: skip
            undo.pop_all()
        self._patience = Patience(left_over(self.queue))
        self.moving = Moving(self.parts, self._patience)
        self._latest_at = datetime.min.replace(tzinfo=UTC)
        self.started_at = datetime.now(UTC)
        self._told: dict[str, int] = {}
        self.errands = wiring_errands.errands(
            config, home, credentials, wiring.pacer(stop),
            queue=self.queue, memory=self.memory, trouble=self.troubles,
        )  # fmt: skip
        names = ("monitor", "download", "follow", *(["errands"] if self.errands else []))
        of_areas = [name for area in self.areas.values() for name in area.names]
        self.workers = [self._worker(name) for name in (*names, *of_areas)]

    @property
    def shows(self) -> "Shows | None":
        """None where shows are off or unavailable."""
        return self._show_work.shows

    @property
    def shows_problem(self) -> MovieSyncError | None:
        """Why shows are unavailable, though they are on; films go on without them."""
        return self._show_work.problem

    @property
    def library(self) -> "Library | None":
        """None where the library is off or unavailable."""
        return self._library_work.library

    @property
    def history(self) -> "History | None":
        """None where the history is off or unavailable."""
        return self._history_work.history

    # The passes

    def monitor(self, now: datetime) -> float:
        again = read_watchlists(self.sources, self.queue, self.memory, self._every, now)
        want_versions(self.queue, self.parts.versions)
        self.removal.run(now)
        if now - self._latest_at >= self._every:
            self._latest_at = now
            watch_latest(self.parts, now)
            look_for_better(self.parts, now)
        return max((again - datetime.now(UTC)).total_seconds(), 1.0)

    def download(self, now: datetime) -> float:
        if search_next(self.parts, now):
            return 0.0
        if self.queue.waits(KIND):
            return BUSY_S  # as many are loading as may
        retry_at = self.queue.next_retry_at(KIND)
        wait_s = (retry_at - datetime.now(UTC)).total_seconds() if retry_at else SEARCH_S
        return min(max(wait_s, 0.1), SEARCH_S)

    def follow(self, now: datetime) -> float:
        followed = follow_downloads(self.parts, self._patience, now)
        self._library_work.follow(self.queue)
        if followed:
            return BUSY_S
        self.parts.client.transfers(())  # the built-in client keeps house when it is asked
        return FOLLOW_S

    # Its life

    def start(self) -> None:
        for worker in self.workers:
            worker.start()
        systemd.notify("READY=1")
        log.info("started; %s", self._counts())

    def run(self) -> None:
        """Until `stop` is set."""
        statistics_at = time.monotonic() + STATISTICS_S
        beat_s = systemd.watchdog_s()
        turn_s = min(TURN_S, beat_s or TURN_S)
        while not self._stop.wait(turn_s):
            self._replace_dead()
            if beat_s and self.is_alive():
                systemd.notify(f"WATCHDOG=1\nSTATUS={self._counts()}")
            if time.monotonic() >= statistics_at:
                statistics_at += STATISTICS_S
                self._tell_statistics()

    def run_once(self) -> bool:
        """Read the lists, search all that waits, and follow the downloads of the built-in client
        until none moves; one that a person shares goes on by itself. False if a pass failed."""
        monitor, download, follow, *others = self.workers
        self._pass(monitor)
        while not self._stop.is_set():
            moving = self._pass(follow) == BUSY_S and self._is_moving()
            searched = self._pass(download) == 0.0
            if not (moving or searched):
                break
            if not searched:
                self._stop.wait(BUSY_S)
        for worker in others:
            while not self._stop.is_set() and self._pass(worker) == 0.0:
                pass
        return not any(worker.failure for worker in self.workers)

    def _is_moving(self) -> bool:
        own = not self.parts.client.shared
        return own and any(map(is_moving, downloads(self.queue)))

    def _pass(self, worker: Worker) -> float:
        return worker.run_once(datetime.now(UTC))

    def close(self) -> bool:
        """End everything and leave the queues at rest. False if a thread had to be left behind,
        waiting for an answer from outside; the process must then be ended hard.

        Raises:
            QueueError: the files could not be written; the journal holds everything.
        """
        self._stop.set()
        for worker in self.workers:
            worker.stop()
        deadline = time.monotonic() + STOP_WITHIN_S
        for worker in self.workers:
            if worker.is_alive():
                worker.join(max(deadline - time.monotonic(), 0.0))
        self.parts.client.close()
        for area in self.areas.values():
            area.close()
        self.queue.close()
        log.info("stopped; %s", self._counts())
        return not any(worker.is_alive() for worker in self.workers)

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """See `answering.answer`; one request at a time."""
        return answering.answer(self, request)

    def troubles(self) -> list[Trouble]:
        """What is wrong within the program, for `needs.needs_you`."""
        return [Trouble(sentence=sentence) for sentence in self.sentences()] + [
            Trouble(sentence=w.failure, name=w.name, cause=w.cause or "", since=w.failed_since)
            for w in self.workers
            if w.failure
        ]

    def sentences(self) -> list[str]:
        """What is wrong and ended no pass."""
        of_removal = [self.removal.problem] if self.removal.problem else []
        of_areas = [sentence for area in self.areas.values() for sentence in area.troubles()]
        return [*self.queue.trouble, *of_removal, *of_areas]

    def _worker(self, name: str) -> Worker:
        for area in self.areas.values():
            if name in area.names:
                return area.worker(name)
        match name:
            case "monitor":
                return Worker(name, self._every.total_seconds(), self.monitor)
            case "download":
                worker = Worker(name, SEARCH_S, self.download)
                self.queue.wake_on_pending(worker.woken)
            case "errands" if self.errands:
                worker = Worker(name, errands.EVERY_S, self.errands.run)
            case _:
                worker = Worker(name, FOLLOW_S, self.follow)
                self.queue.wake_on_loading(worker.woken)
        return worker

    def _replace_dead(self) -> None:
        for number, worker in enumerate(self.workers):
            if not worker.is_alive():
                log.error("%s: its thread died; a new one goes on", worker.name)
                self.workers[number] = self._worker(worker.name)
                self.workers[number].start()

    def is_alive(self) -> bool:
        return all(worker.beat_at + LONGEST_PASS_S > time.monotonic() for worker in self.workers)

    def _tell_statistics(self) -> None:
        statistics = self.queue.get_statistics()
        if statistics != self._told:
            self._told = statistics
            log.info("%s", self._counts())

    def _counts(self) -> str:
        return ", ".join(
            f"{count} {state.replace('_', ' ')}"
            for state, count in self.queue.get_statistics().items()
        )
