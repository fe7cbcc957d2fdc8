"""The questions of `setup`, each answer tried at once and kept at the end of its step.

Enter keeps what is in force, so it can be run again for one change. A failing answer can be kept
on purpose: the person may know that the site is down today. The tries are arguments.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import msgspec

from movie_sync import config, config_keys
from movie_sync.checks import Probes
from movie_sync.config import Loaded
from movie_sync.config_hints import wrong_name
from movie_sync.config_keys import PREFIX
from movie_sync.config_sources import KEY_IN_ADDRESS
from movie_sync.credentials import Credentials, of_torznab, where
from movie_sync.errors import MovieSyncError
from movie_sync.first_steps import CLIENTS, Answer, FirstSteps, letterboxd_name
from movie_sync.settings import Config

Trial = Callable[[Config, Credentials], str]  # of the settings as the answer would have them


class Wizard:
    """Asks, tries, keeps.

    Args:
        config_path: where answers are kept, if not in config.json of `home`.
    """

    def __init__(
        self,
        home: Path,
        config_path: Path | None,
        loaded: Loaded,
        credentials: Credentials,
        probes: Probes,
    ) -> None:
        self._now, self._origins = loaded.config, loaded.origins
        self._credentials = credentials
        self._steps = FirstSteps(home, config_path, credentials, probes)
        self._table = config_keys.table(config_keys.names(loaded.config))

    def run(self) -> None:
        """All steps. Broken off, it leaves the steps that were done."""
        click.echo("Enter keeps what is in [brackets]. Each step is kept when it is done.")
        click.echo("\nWhose watchlist is followed")
        self._step(self._ask_watchlist, self._steps.watchlist)
        click.echo("\nWhere films go")
        self._step(self._ask_library, self._steps.library)
        self._step(self._ask_downloads, self._steps.downloads)
        click.echo("\nWhat downloads")
        self._step(self._ask_client, self._steps.torrent_client)
        click.echo("\nWhere releases are found")
        self._step(self._ask_indexers, self._steps.indexers)

    def _step(self, ask: Callable[[], Answer], trial: Trial) -> None:
        """Ask until the trial is passed, or the person wants the answer all the same; keep it."""
        while True:
            answer = ask()
            secrets = {name: answer.pop(name) for name in list(answer) if where(name)}
            self._now = config_keys.replaced(self._now, answer)
            try:
                click.echo(f"  good: {trial(self._now, self._steps.trying(secrets))}")
            except MovieSyncError as error:
                click.echo(f"  not good: {error}")
                if not click.confirm("  Keep this answer all the same", default=False):
                    continue
            self._keep(answer, secrets)
            return

    def _keep(self, answer: Answer, secrets: dict[str, str]) -> None:
        self._steps.keep(answer, secrets)
        for key in answer:
            if self._origins.get(key, "").startswith(PREFIX):
                click.echo(f"  {self._origins[key]} is set, and wins over this answer")

    def _ask_watchlist(self) -> Answer:
        return {
            "username": letterboxd_name(self._ask("username", "Letterboxd name, empty for none"))
        }

    def _ask_library(self) -> Answer:
        return self._ask_folder("library_directory", "Folder for finished films")

    def _ask_downloads(self) -> Answer:
        return self._ask_folder("download_directory", "Folder for downloads")

    def _ask_client(self) -> Answer:
        current = next(word for word, name in CLIENTS.items() if name == self._now.torrent_client)
        word = click.prompt("Torrent client", current, type=click.Choice(list(CLIENTS)))
        if CLIENTS[word] == "libtorrent":
            return {"torrent_client": "libtorrent"}
        return {
            "torrent_client": "qbittorrent",
            "qbittorrent.url": self._ask("qbittorrent.url", "Address of its Web UI"),
            "qbittorrent.username": self._ask("qbittorrent.username", "User name there"),
            "qbittorrent.password": self._ask_secret("qbittorrent.password", "Password"),
        }

    def _ask_indexers(self) -> Answer:
        return self._ask_filelist() | self._ask_torznab()

    def _ask_filelist(self) -> Answer:
        enabled = self._now.filelist.enabled
        if not click.confirm("Search FileList, with your account there", enabled):
            return {"filelist.enabled": False}
        return {
            "filelist.enabled": True,
            "filelist.username": self._ask("filelist.username", "User name there"),
            "filelist.passkey": self._ask_secret("filelist.passkey", "Passkey"),
        }

    def _ask_torznab(self) -> Answer:
        known = self._now.torznab
        enabled = any(one.enabled for one in known.values())
        if not click.confirm("Search an indexer of Prowlarr, Jackett or the like", enabled):
            return {f"torznab.{name}.enabled": False for name in known}
        name = click.prompt(
            "A name of yours for it", next(iter(known), "prowlarr"), value_proc=_own_name
        )
        self._table |= config_keys.table({"torznab": [name]})
        address = "Its address, such as http://127.0.0.1:9696/1/api"
        return {
            f"torznab.{name}.enabled": True,
            f"torznab.{name}.url": self._ask(f"torznab.{name}.url", address),
            of_torznab(name): self._ask_secret(of_torznab(name), "API key, empty for none"),
        }

    def _ask(self, key: str, question: str) -> Any:
        setting, current = self._table[key], self._current(key)

        def read(text: str) -> Any:
            if KEY_IN_ADDRESS.search(text):
                raise click.UsageError("leave the key out of the address; it is asked for next")
            try:
                return setting.read_text(text.strip())
            except msgspec.MsgspecError:
                raise click.UsageError(f"this must be {setting.allowed}") from None

        return click.prompt(question, current, value_proc=read, show_default=current != "")

    def _current(self, key: str) -> Any:
        try:
            return config_keys.value(self._now, key)
        except KeyError:  # of a section that is being named
            return self._table[key].default

    def _ask_folder(self, key: str, question: str) -> Answer:
        text = self._ask(key, question)
        folder = config.folder(text)
        if not folder.exists() and click.confirm(f"  {folder} is not there. Make it", default=True):
            try:
                folder.mkdir(parents=True)
            except OSError as error:
                click.echo(f"  it cannot be made: {error.strerror}")
        return {key: text}

    def _ask_secret(self, name: str, question: str) -> str:
        known = self._credentials.get(name) or ""
        click.echo(f"  {where(name)}")
        text: str = click.prompt(
            f"{question}, unseen{' [kept]' if known else ''}",
            default=known,
            hide_input=True,
            show_default=False,
        )
        return text.strip()


def _own_name(text: str) -> str:
    if wrong := wrong_name("torznab", text.strip()):
        raise click.UsageError(wrong)
    return text.strip()
