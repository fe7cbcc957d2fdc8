"""The whole program with its page on, in this process: a home of its own, and a way to ask it."""

import json
import threading
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

import requests

from movie_sync import config, queue_files
from movie_sync.access import Access
from movie_sync.credentials import Credentials
from movie_sync.models import Item, State
from movie_sync.running import Running
from movie_sync.web import serve

TIMEOUT_S = 60


class Site:
    """Runs while its `with` block does.

    Requests are made with an API key that may do all; `key=None` asks as who has none, which on
    this machine may read everything.

    Args:
        items: what its queues hold at the start.
        settings: of config.json, beside those that keep it to this folder and this machine.
    """

    def __init__(
        self, folder: Path, items: Mapping[State, Iterable[Item]] | None = None, **settings: Any
    ) -> None:
        self.home = folder / "home"
        self.home.mkdir(mode=0o700, parents=True)
        for name in ("library", "downloads"):
            (folder / name).mkdir()
        ours = {
            "library_directory": str(folder / "library"),
            "download_directory": str(folder / "downloads"),
            "archive_org": {"enabled": False},
            "web": {"enabled": True, "port": 0, **settings.pop("web", {})},
        }
        (self.home / "config.json").write_text(json.dumps(ours | settings))
        for state, held in (items or {}).items():
            queue_files.write(self.home, state, map(queue_files.encode, held))
        self.key = Access(self.home).add_key("tests", "admin")[1]
        self._session = requests.Session()
        self._session.trust_env = False  # no proxy

    def __enter__(self) -> Self:
        home = self.home
        self.running = Running(home, lambda: config.load(home, {}, {}), Credentials(home, {}))
        self.running.open()
        web = self.running.loaded.config.web
        self.server = serve(self.running, web)
        self.url = self.server.address + web.base_url.rstrip("/")  # of the first page
        self.running.start()
        self._main = threading.Thread(target=self.running.run, name="main of the site")
        self._main.start()
        self.server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()
        self.server.close()
        self.running.stop()
        self._main.join()
        self.running.close()

    @property
    def queue(self):
        return self.running.app.queue

    def have(self, **parts: Any) -> None:
        """Let the program go on with other parts, as `indexers=[FakeIndexer()]`."""
        self.running.app.parts = replace(self.running.app.parts, **parts)

    def ask(
        self, method: str, path: str, *, key: str | None = "", **options: Any
    ) -> requests.Response:
        """One answer; redirects are not followed. The options are those of `requests`."""
        shown = self.key if key == "" else key
        headers = {"Authorization": f"Bearer {shown}"} if shown else {}
        headers |= options.pop("headers", {})
        options = {"timeout": TIMEOUT_S, "allow_redirects": False} | options
        return self._session.request(method, self.url + path, headers=headers, **options)

    def get(self, path: str, **options: Any) -> requests.Response:
        return self.ask("GET", path, **options)

    def post(self, path: str, **options: Any) -> requests.Response:
        return self.ask("POST", path, **options)
