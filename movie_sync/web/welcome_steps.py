"""What a person answers in each step of the first run: read, tried, and kept.

Nothing is in force before the last step, so that no film is loaded into a folder that was about to
be changed. A failing answer is told, and kept only when the person says so.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from starlette.datastructures import FormData, UploadFile

from movie_sync import checks, config, config_keys, setting_text, wiring_first
from movie_sync.checks import Check
from movie_sync.config import Loaded
from movie_sync.config_hints import wrong_name
from movie_sync.config_sources import KEY_IN_ADDRESS
from movie_sync.credentials import of_torznab
from movie_sync.errors import FilesError, MovieSyncError
from movie_sync.first_steps import Answer, FirstSteps, letterboxd_name
from movie_sync.http import Pacer
from movie_sync.running import Running
from movie_sync.settings import Config
from movie_sync.views.settings_view import KEY_IN_IT
from movie_sync.web import uploads

EXPORT = "first-export"  # the folder with an export that waits for the last step
FIXES = {
    "watchlist": "See that the name is right and the watchlist public; where its pages are closed "
    "to programs, send its export below instead.",
    "folder": "Make it, give this program the right to write there, or name another folder.",
    "hard link": "Name two folders on one disk; or keep them, and films take their room twice "
    "while they are seeded.",
    "client": "See that qBittorrent runs, that its Web UI is switched on, and that address, user "
    "name and password are right.",
    "indexers": "See that its address and login are right; another one can go on without it.",
}


@dataclass
class Tried:
    """A step as a person left it."""

    typed: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)  # by field
    checks: list[Check] = field(default_factory=list)
    answer: Answer = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    kept: bool = False

    @property
    def failed(self) -> bool:
        return any(not check.ok for check in self.checks)


class Steps:
    """The steps of one running program; made for each request."""

    def __init__(self, running: Running) -> None:
        self._running = running
        self.loaded: Loaded = running.read_again()
        self.first = FirstSteps(
            running.home, running.config_path, running.credentials, checks.live()
        )

    @property
    def now(self) -> Config:
        return self.loaded.config

    @property
    def export(self) -> Path | None:
        """The export that waits for the last step."""
        folder = self._running.home / EXPORT
        return next((path for path in folder.glob("*") if path.is_file()), None)

    def forget_export(self) -> None:
        shutil.rmtree(self._running.home / EXPORT, ignore_errors=True)

    def watchlist(self, form: FormData) -> Tried:
        tried, now = Tried(), self.now
        name = letterboxd_name(_text(form, "username"))
        address = _text(form, "address")
        tried.typed = {"username": name, "address": address}
        if name != now.username or name:
            tried.answer["username"] = name
        if name:
            trial = config_keys.replaced(now, {"username": name})
            credentials = self._running.credentials
            self._try(tried, "watchlist", partial(self.first.watchlist, trial, credentials))
        if address:
            self._address(tried, now, address)
        self._upload(tried, form.get("file"))
        if not (name or address or tried.checks or tried.errors):
            tried.errors["username"] = "Name a watchlist, a list or a file, or go on without one."
        return tried

    def folders(self, form: FormData) -> Tried:
        tried = Tried()
        for key in ("library_directory", "download_directory"):
            self._read(tried, key, _text(form, key))
        tried.typed["make"] = bool(form.get("make"))
        if tried.errors:
            return tried
        trial = config_keys.replaced(self.now, tried.answer)
        paths = [config.folder(trial.library_directory), config.folder(trial.download_directory)]
        if paths[0] == paths[1]:
            tried.errors["download_directory"] = "The two must be different folders."
            return tried
        for path in paths:
            if tried.typed["make"] and not path.exists():
                _make(tried, path)
        self._folder_checks(tried, paths)
        return tried

    def client(self, form: FormData) -> Tried:
        tried, client = Tried(), _text(form, "torrent_client")
        self._read(tried, "torrent_client", client)
        for key in ("qbittorrent.url", "qbittorrent.username", "qbittorrent.path_map"):
            if client == "qbittorrent":
                self._read(tried, key, _text(form, key))
            else:
                tried.typed[key] = _text(form, key)
        if client == "qbittorrent":
            tried.secrets["qbittorrent.password"] = _text(form, "secret")
        if not tried.errors:
            self._tried(tried, "torrent client", FIXES["client"], self.first.torrent_client)
        return tried

    def indexers(self, form: FormData) -> Tried:
        tried = Tried()
        for key in ("archive_org.enabled", "filelist.enabled"):
            tried.answer[key] = tried.typed[key] = bool(form.get(key))
        username = _text(form, "filelist.username")
        tried.typed["filelist.username"] = username
        if tried.answer["filelist.enabled"]:
            tried.answer["filelist.username"] = username
            tried.secrets["filelist.passkey"] = _text(form, "filelist.passkey")
            if not username:
                tried.errors["filelist.username"] = "FileList needs your user name there."
        self._torznab(tried, form)
        if not tried.errors:
            self._tried(tried, "indexers", FIXES["indexers"], self.first.indexers)
        return tried

    def keep(self, tried: Tried) -> None:
        """Write what was tried; raises ConfigError, FilesError."""
        secrets = {name: secret for name, secret in tried.secrets.items() if secret}
        self.first.keep(tried.answer, secrets)
        tried.kept = True

    def _torznab(self, tried: Tried, form: FormData) -> None:
        names = ("torznab", "torznab.name", "torznab.url")
        wanted, name, url = bool(form.get(names[0])), *(_text(form, one) for one in names[1:])
        tried.typed |= dict(zip(names, (wanted, name, url), strict=True))
        if not wanted:
            return
        if wrong := wrong_name("torznab", name):
            tried.errors["torznab.name"] = f"{wrong[:1].upper()}{wrong[1:]}."
            return
        setting = config_keys.table({"torznab": [name]})[f"torznab.{name}.url"]
        if KEY_IN_ADDRESS.search(url):
            tried.errors["torznab.url"] = KEY_IN_IT
            return
        try:
            tried.answer[setting.key] = setting.read(url)
        except msgspec.MsgspecError:
            tried.errors["torznab.url"] = f"This must be {setting.allowed}."
            return
        tried.answer[f"torznab.{name}.enabled"] = True
        tried.secrets[of_torznab(name)] = _text(form, "torznab.key")

    def _address(self, tried: Tried, now: Config, address: str) -> None:
        site = wiring_first.is_of_letterboxd(now, address)
        key = "letterboxd.lists" if site else "lists"
        known = config_keys.value(now, key)
        tried.answer[key] = known if address in known else (*known, address)
        self._try(
            tried, "watchlist", partial(wiring_first.check_list, now, address, Pacer()), "list"
        )

    def _upload(self, tried: Tried, file: Any) -> None:
        """Keep an export for the last step, if it is one."""
        if not isinstance(file, UploadFile) or not file.filename:
            return
        folder = self._running.home / EXPORT
        new = folder.with_name(f"{EXPORT}.new")
        try:
            path = uploads.keep(file, new)
            found = wiring_first.read_export(path)
            self.forget_export()
            new.rename(folder)
        except (MovieSyncError, OSError) as error:
            shutil.rmtree(new, ignore_errors=True)
            sentence = str(error).replace(f"{new}/", "")
            tried.errors["file"] = f"{sentence[:1].upper()}{sentence[1:]}."
        else:
            sentence = f"{path.name}: {len(found.films)} films, taken in with the last step"
            tried.checks.append(Check("export", ok=True, sentence=sentence))

    def _folder_checks(self, tried: Tried, paths: list[Path]) -> None:
        links = partial(checks.hard_link, paths[1], paths[0])
        for name, path in zip(("library", "downloads"), paths, strict=True):
            tried.checks.append(checks.run(name, partial(checks.writable, path), FIXES["folder"]))
        if not tried.failed:
            tried.checks.append(checks.run("hard link", links, FIXES["hard link"]))

    def _read(self, tried: Tried, key: str, text: str) -> None:
        setting = config_keys.table()[key]
        tried.typed[key] = text
        try:
            tried.answer[key] = setting_text.read(setting, text)
        except msgspec.MsgspecError:
            allowed = setting_text.allowed(setting) or f"This must be {setting.allowed}."
            tried.errors[key] = allowed

    def _tried(self, tried: Tried, name: str, fix: str, ask: Callable[[Config, Any], str]) -> None:
        trial = config_keys.replaced(self.now, tried.answer)
        secrets = {one: secret for one, secret in tried.secrets.items() if secret}
        tried.checks.append(checks.run(name, partial(ask, trial, self.first.trying(secrets)), fix))

    def _try(self, tried: Tried, name: str, ask: Callable[[], str], shown: str = "") -> None:
        tried.checks.append(checks.run(shown or name, ask, FIXES[name]))


def _make(tried: Tried, path: Path) -> None:
    try:
        path.mkdir(parents=True)
    except OSError as error:
        made = FilesError(f"{path} cannot be made ({error.strerror})")
        tried.checks.append(Check("folder", ok=False, sentence=str(made), fix=FIXES["folder"]))


def _text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else ""


def refusal(error: MovieSyncError) -> Check:
    """An answer that could not be kept, or settings that cannot work."""
    fix = "" if isinstance(error, FilesError) else "Change it in the step it is about."
    return Check("settings", ok=False, sentence=str(error), fix=fix)
