"""What was watched at Viki, taken into the history: by itself, at a person's wish, from a file.

First the list of what is being watched, of which only shows that changed are asked for; then how
far somebody is in every video since the last time. Each answer is stored in one transaction with
the plays that come of it and with the mark to where it was read, by Viki's own clock; a pass that
is killed goes on from there, and what it reads twice changes nothing.

The one thing to know: cookies end in minutes, and that is no fault. It is a state, told of once a
day; all the rest goes on, and a saved page of watch markers is the way round.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from movie_sync.errors import ConfigError, NotAuthorised, ServiceError, Stopping
from movie_sync.history import viki_file
from movie_sync.history.adopting import Adopting
from movie_sync.history.rows import Saved
from movie_sync.history.store import HistoryStore
from movie_sync.history.viki_lists import Lists, VikiSource
from movie_sync.history.viki_markers import MARK, PROVIDER, Taking
from movie_sync.history.viki_models import Auth, Refreshed
from movie_sync.history.viki_watching import Rule, glance, needs_refresh
from movie_sync.services.viki_shapes import Markers, VikiLogin

log = logging.getLogger(__name__)

AUTH, NOTIFIED_AT, TRIED_AT, FAILED, LISTED = (
    "auth", "notified_at", "tried_at", "failed", "listed",
)  # fmt: skip
FROM_THE_START = 1  # Unix seconds
NOTICE_EVERY = timedelta(days=1)
AFTER_FAILURE = timedelta(minutes=15)
MOST_LEFT = 50  # shows of earlier passes that are asked for in one
SHRUNK_SHARE, SHRUNK_LEAST = 0.1, 20  # more than both missing is no list of that person
EXPIRED = (
    "Viki's session is over, as it ends soon after its last use; what was read is kept; paste "
    'its cookies by "history viki login", or import its watch markers as a file'
)


@dataclass(frozen=True)
class VikiParts:
    """What a pass needs.

    Args:
        source: None: Viki is off, and only files are read.
        keep_login: stores cookies that Viki has renewed; the old ones are of no use from then on.
        tell: what is being done, for who waits for it.
    """

    store: HistoryStore
    adopting: Adopting
    source: VikiSource | None
    rule: Rule = Rule()  # noqa: RUF009 - frozen
    every: timedelta = timedelta(hours=1)
    keep_login: Callable[[VikiLogin], None] = lambda login: None
    tell: Callable[[str], None] = lambda sentence: None
    stop: threading.Event = field(default_factory=threading.Event)


class VikiSync:
    """For any number of threads; one pass at a time."""

    def __init__(self, parts: VikiParts) -> None:
        self.parts = parts
        self._lock = threading.Lock()

    @property
    def running(self) -> bool:
        return self._lock.locked()

    def due_at(self, now: datetime) -> datetime:
        marks = self.parts.store.marks(PROVIDER)
        if TRIED_AT not in marks:
            return now
        tried = datetime.fromisoformat(marks[TRIED_AT])
        if tried > now:  # the clock was set back
            return now
        return tried + (
            min(AFTER_FAILURE, self.parts.every) if FAILED in marks else self.parts.every
        )

    def run_pass(self, now: datetime) -> Refreshed | None:
        """What is due; None where nothing is, or Viki is off."""
        if self.parts.source is None or self.due_at(now) > now:
            return None
        return self.refresh(now)

    def refresh(self, now: datetime, *, force: bool = False) -> Refreshed:
        """Now. What failed stands in `problem`, and the rest was done.

        Args:
            force: everything from the start, whether it changed or not.

        Raises:
            ConfigError: Viki is off.
            Stopping: the program ends.
        """
        if self.parts.source is None:
            raise ConfigError(
                "viki.enabled is off; nothing was asked; a saved file can be imported"
            )
        with self._lock:
            one = _Pass(self.parts, self.parts.source, now, force=force)
            try:
                return one.run()
            except Stopping:
                one.end("interrupted")
                raise

    def import_file(self, path: Path, now: datetime) -> Refreshed:
        """Watch markers that a person saved. No mark is moved, so nothing is missed for it.

        Raises FilesError: it holds none.
        """
        return self._import(viki_file.read(path), path.name, now)

    def import_bytes(self, content: bytes, name: str, now: datetime) -> Refreshed:
        """The same of a file that was uploaded."""
        return self._import(viki_file.of_bytes(content, name), name, now)

    def _import(self, markers: Markers, name: str, now: datetime) -> Refreshed:
        with self._lock:
            one = _Pass(self.parts, self.parts.source, now, file=name)
            one.take(markers, marked=False)
            if rest := viki_file.rest(markers):
                one.lists.problems.append(rest)
            return one.end("done")


class _Pass:
    """One."""

    def __init__(
        self,
        parts: VikiParts,
        source: VikiSource | None,
        now: datetime,
        *,
        force: bool = False,
        file: str | None = None,
    ) -> None:
        self.parts, self.source, self.now, self.force = parts, source, now, force
        self.store = parts.store
        parts.adopting.finish(now)
        options = {"force": True} if force else {"file": file} if file else {}
        self.sync_id = self.store.begin_sync("viki", now, provider=PROVIDER, options=options)
        self.lists = Lists(
            source, self.store, parts.rule, now, self.sync_id, stop=parts.stop, tell=parts.tell
        )
        self.saved, self.markers, self.waiting, self.unchanged = Saved(), 0, 0, 0
        self.auth = Auth.UNKNOWN
        self.problem: str | None = None
        self._login = source.login if source else None
        self.is_listed = False  # the list of what is being watched was read

    def run(self) -> Refreshed:
        self._read_list()
        if self.force:
            self.lists.read_all()
        self._read_markers()
        self.lists.read_left(MOST_LEFT)
        if self.lists.failure is not None:
            self._fails(self.lists.failure)
        self._note_auth()
        failed = "yes" if self.problem and self.auth is not Auth.EXPIRED else None
        self.store.set_marks(
            [(PROVIDER, TRIED_AT, self.now.isoformat()), (PROVIDER, FAILED, failed)], self.now
        )
        return self.end("failed" if self.problem else "done")

    def take(self, markers: Markers, *, marked: bool) -> None:
        if self.parts.stop.is_set():
            raise Stopping("Viki was not read to the end; what was read is kept")
        anew = marked and not self.is_listed
        taking = Taking(self.store, self.lists, self.parts.rule, read_anew=anew)
        taken = taking.take(markers, self.now, self.sync_id, marked=marked)
        self.markers += len(markers.markers)
        self.saved += taken.saved
        self.waiting += taken.waiting

    def end(self, state: str) -> Refreshed:
        notice = self._notice()
        if self.lists.failure is not None and self.problem is None:
            self.lists.problems.append(str(self.lists.failure))
        result = Refreshed(
            sync_id=self.sync_id,
            auth=self.auth,
            markers=self.markers,
            shows_read=len(self.lists.asked),
            shows_unchanged=self.unchanged,
            saved=self.saved + self.lists.saved,
            waiting=self.waiting,
            problem=self.problem,
            problems=tuple(self.lists.problems),
            notice=notice,
        )
        counts = {
            "markers": self.markers, "shows_read": result.shows_read,
            "shows_unchanged": self.unchanged, "not_placed": self.waiting,
        }  # fmt: skip
        self.store.note_sync(
            self.sync_id, {name: n for name, n in counts.items() if n}, result.problems
        )
        self.store.end_sync(self.sync_id, state, self.now, self.problem)
        log.info("viki: %s", result.sentence)
        return result

    def _read_list(self) -> None:
        """What is being watched; where that is closed, what was watched since tells as much."""
        assert self.source is not None
        if not self.source.login.has_token:
            return
        self.parts.tell("reading the list of what is being watched")
        try:
            listed = self.source.billboard()
        except NotAuthorised as error:
            self.lists.problems.append(error.message)
            return
        except (ServiceError, ConfigError) as error:
            self._fails(error)
            return
        before = int(self.store.mark(PROVIDER, LISTED) or 0)
        missing = before - len(listed)
        if missing > max(SHRUNK_LEAST, before * SHRUNK_SHARE) and not self.force:
            self.lists.problems.append(
                f"the list of what is being watched has {len(listed)} of {before} shows that it "
                "had; none of it was used; if that is right, refresh once with --force"
            )
            return
        self.is_listed = True
        known = self.store.glances()
        for one in listed:
            shown = glance(one)
            if self.force or needs_refresh(known.get(one.container.id), shown):
                self.lists.read(one.container.id, one.container, shown)
            else:
                self.unchanged += 1
        self.store.set_marks([(PROVIDER, LISTED, str(len(listed)))], self.now)

    def _read_markers(self) -> None:
        assert self.source is not None
        if not self.source.login.has_session:
            self.auth = Auth.NO_COOKIES
            return
        self.parts.tell("reading how far you are")
        mark = None if self.force else self.store.mark(PROVIDER, MARK)
        try:
            for markers in self.source.markers(int(mark) if mark else FROM_THE_START):
                self.auth = Auth.SIGNED_IN
                self._keep_login()
                self.take(markers, marked=True)
        except NotAuthorised as error:
            self.auth = Auth.EXPIRED
            self._fails(error)
        except (ServiceError, ConfigError) as error:
            self._fails(error)

    def _keep_login(self) -> None:
        """At once: an old cookie is of no use once there is a new one."""
        if self.source and self.source.login != self._login:
            self._login = self.source.login
            self.parts.keep_login(self._login)

    def _fails(self, error: ServiceError | ConfigError) -> None:
        said = str(error)
        if self.problem is None:
            self.problem = said
        elif said != self.problem:
            self.lists.problems.append(said)

    def _note_auth(self) -> None:
        if self.auth is not Auth.UNKNOWN:
            self.store.set_marks([(PROVIDER, AUTH, str(self.auth))], self.now)

    def _notice(self) -> str | None:
        if self.auth is not Auth.EXPIRED:
            return None
        told = self.store.mark(PROVIDER, NOTIFIED_AT)
        if told and self.now - datetime.fromisoformat(told) < NOTICE_EVERY:
            return None
        self.store.set_marks([(PROVIDER, NOTIFIED_AT, self.now.isoformat())], self.now)
        return EXPIRED
