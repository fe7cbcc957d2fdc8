"""The running program over a change of its settings: the same process goes on with new parts.

An `App` is made from settings that never change. When a person changes one, that app is ended, as
at any stop, and another goes on from what is on disk, a fraction of a second later; if the new
settings cannot work, the old ones go on. Doors ask here, never an app that may just be ending.
"""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from movie_sync import config_file, control, settings, systemd
from movie_sync.app import App
from movie_sync.config import Loaded
from movie_sync.credentials import Credentials
from movie_sync.errors import ConfigError, MovieSyncError, Unavailable

log = logging.getLogger(__name__)

CHANGED_WITHIN_S = 60.0  # a worker that waits for an answer from outside is waited for


class Running:
    """One home's program. `open`, `start`, then `run` until `stop`, then `close`.

    Args:
        load: reads the settings as they stand now; raises ConfigError.
        config_path: where they are kept, if not in config.json of `home`.
    """

    def __init__(
        self,
        home: Path,
        load: Callable[[], Loaded],
        credentials: Credentials,
        config_path: Path | None = None,
    ) -> None:
        self.home, self.credentials = home, credentials
        self.config_path = config_path or home / config_file.NAME
        self.loaded = load()
        self.started_at = datetime.now(UTC)
        self.app: App
        self.changing = threading.RLock()  # whoever changes settings or secrets holds it meanwhile
        self._load = load
        self._turn = threading.RLock()  # of wishes; none is fulfilled while the parts change
        self._ending = threading.Event()
        self._app_ends = threading.Event()
        self._next: Loaded | None = None
        self._changed = threading.Event()
        self._refusal: MovieSyncError | None = None
        self._control: control.Server | None = None

    def open(self) -> App:
        """Make the parts; nothing moves yet.

        Raises:
            ConfigError: a setting that is needed is missing; nothing was started.
            QueueError, FilesError: a file in the home is damaged; nothing was started.
        """
        self.app = self._opened(self.loaded)
        return self.app

    def start(self) -> None:
        self._control = control.Server(self.home, self.perform)
        self.app.start()

    def run(self) -> None:
        """In the main thread, until `stop`."""
        while True:
            self.app.run()
            if self._ending.is_set():
                return
            self._go_on()

    def stop(self) -> None:
        """From any thread, and as often as one likes."""
        self._ending.set()
        self._app_ends.set()
        self._changed.set()

    def close(self) -> bool:
        """As `App.close`."""
        systemd.notify("STOPPING=1")
        self.stop()
        clean = self.app.close()
        if self._control:
            self._control.close()
        return clean

    @property
    def stopping(self) -> bool:
        return self._ending.is_set()

    def perform(self, request: dict[str, Any]) -> dict[str, Any]:
        """Fulfil a person's wish, as over the socket; one at a time.

        Raises:
            MovieSyncError: it could not be; the message says why, and nothing was changed.
        """
        if request.get("do") == "reload":
            self.restart()
            return {"problems": [problem.message for problem in self.loaded.problems]}
        with self._turn:
            return self.app.answer(request)

    def read_again(self) -> Loaded:
        """The settings as they stand now, in force or not. Raises ConfigError."""
        return self._load()

    def restart(self) -> None:
        """Go on with the settings and credentials as they stand now.

        Raises:
            ConfigError: they cannot work; the old ones are in force.
            Unavailable: the parts could not be ended yet; it is done as soon as they are.
        """
        with self._turn:
            self._next = self._load()
            self._changed.clear()
            self._app_ends.set()
            if not self._changed.wait(CHANGED_WITHIN_S):
                raise Unavailable("settings", "they are saved, and used once the parts have ended")
            if self._refusal:
                raise ConfigError(f"{self._refusal}; the settings from before are used")

    def _go_on(self) -> None:
        """End the parts at work, and begin with those of the next settings."""
        wished, self._next, self._refusal = self._next or self.loaded, None, None
        if not self.app.close():
            log.warning("a worker still waits for an answer from outside; it is left to itself")
        well = self.app.shows_problem is None
        try:
            app = self._opened_anew(wished)
            if well and isinstance(app.shows_problem, ConfigError):  # at a start films went on
                app.close()
                raise app.shows_problem
            self.app, self.loaded = app, wished
            log.info("going on with changed settings")
        except MovieSyncError as error:
            log.warning("settings: %s; the settings from before are used", error)
            self._refusal = error
            self.app = self._opened_anew(self.loaded)
        self.app.start()
        self._changed.set()

    def _opened_anew(self, loaded: Loaded) -> App:
        """After an app that was ended, which its event stays set for."""
        self._app_ends = threading.Event()
        if self._ending.is_set():
            self._app_ends.set()
        return self._opened(loaded)

    def _opened(self, loaded: Loaded) -> App:
        return App(self.home, cautious(loaded), self.credentials, self._app_ends)


def cautious(loaded: Loaded) -> settings.Config:
    """Settings that are not what the person wrote take nothing out of the library, and by rules
    that are not nothing goes into Sonarr."""
    config = loaded.config
    if not loaded.deletions_allowed:
        config = replace(config, enable_removal_cleanup=False)
    if not loaded.adding_allowed:
        config = replace(config, shows=replace(config.shows, dry_run=True))
    return config
