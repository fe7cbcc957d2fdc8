"""qBittorrent, through its Web UI. Needs a login, unless it excuses this address from one.

From 4.3.4 to 5.3, which tell of the same things differently: an added torrent is answered with
"Ok." or, since 5.2, with counts; one that is there already with "Fails." or 409. As no answer is
always true, what counts is whether the torrent can be seen afterwards.
Source: https://github.com/qbittorrent/qBittorrent/wiki/WebUI-API-(qBittorrent-5.0), and releases
4.5.2 and 5.3.0.
"""

import time
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from movie_sync import settings, torrents
from movie_sync.errors import BadAnswer, NotFound, Refused, Unavailable
from movie_sync.models import Phase, Transfer, TransferFile
from movie_sync.qbittorrent_connection import LONGEST_ANSWER_S, NAME, TIMEOUT_S, Connection

WAITS_S = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2)  # between looks for what was added or removed
UNKNOWN_ETA_S = 8_640_000
NAME_OF_TAGS = "movie_sync"  # where there is no category to name them after

# A state that is not here, as a later version may have, is taken for loading.
PHASES = {
    "uploading": Phase.DONE,
    "forcedUP": Phase.DONE,
    "stalledUP": Phase.DONE,
    "queuedUP": Phase.DONE,
    "pausedUP": Phase.DONE,
    "stoppedUP": Phase.DONE,
    "downloading": Phase.LOADING,
    "forcedDL": Phase.LOADING,
    "moving": Phase.LOADING,
    "allocating": Phase.QUEUED,
    "queuedDL": Phase.QUEUED,
    "checkingDL": Phase.QUEUED,
    "checkingUP": Phase.QUEUED,  # the check may find that it is not whole
    "checkingResumeData": Phase.QUEUED,  # already with a progress of 1
    "stalledDL": Phase.STALLED,
    "metaDL": Phase.STALLED,
    "forcedMetaDL": Phase.STALLED,
    "pausedDL": Phase.PAUSED,
    "stoppedDL": Phase.PAUSED,
    "error": Phase.BROKEN,
    "missingFiles": Phase.BROKEN,
}
_MESSAGES = {
    "error": "qBittorrent could not read or write it; its log says why",
    "missingFiles": "its files are gone; put them back and start it again in qBittorrent",
}

T = TypeVar("T")


class _Torrent(msgspec.Struct, frozen=True):
    """What is read of a torrent, among much else that is told."""

    hash: str  # what other calls name it by; for a torrent of both versions not the v1 info-hash
    name: str
    state: str
    progress: float
    save_path: str
    size: int = 0
    dlspeed: int = 0
    eta: int = UNKNOWN_ETA_S
    ratio: float = 0.0
    seeding_time: int = 0
    infohash_v1: str = ""  # since 4.4


class _File(msgspec.Struct, frozen=True):
    name: str  # below the save path
    size: int
    priority: int = 1  # 0 is not wanted


class QBittorrent:
    """A `DownloadClient`. With other credentials, make a new one."""

    name = NAME
    shared = True

    def __init__(
        self,
        settings: settings.QBittorrent,
        password: str,
        seeding: settings.Seeding,
        *,
        sleep: Callable[[float], object] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
        timeout_s: tuple[float, float] = TIMEOUT_S,
        longest_s: float = LONGEST_ANSWER_S,
    ) -> None:
        self._settings, self._seeding, self._sleep = settings, seeding, sleep
        self._connection = Connection(
            settings.url,
            settings.username,
            password,
            timeout_s=timeout_s,
            longest_s=longest_s,
            monotonic=monotonic,
        )

    def check(self) -> str:
        version = self._connection.ask(lambda client: client.app_version())
        api = self._connection.ask(lambda client: client.app_web_api_version())
        return f"qBittorrent {version} at {self._connection.where}, Web API {api}"

    def add(self, torrent: bytes, save_to: Path) -> str:
        """Start it with our category, tags and limits; one that is there gets our tags alone.

        Raises:
            Refused: qBittorrent said no, and does not have it.
            BadAnswer: it does not take the file for a torrent.
            Unavailable: it said yes, and does not have it.
        """
        handle = torrents.read(torrent, self.name).handle
        if row := self._seen(handle):
            self._tag(row)
            return handle
        refusal = self._send(torrent, save_to)
        if self._await(lambda: self._seen(handle) is not None):
            return handle
        if refusal:
            raise Refused(self.name, f"{refusal}; torrent {handle} was not added")
        raise Unavailable(self.name, f"took torrent {handle} but does not list it; restart it")

    def transfers(self, handles: Collection[str]) -> dict[str, Transfer]:
        found = {}
        for handle, row in self._rows(handles).items():
            with suppress(NotFound):  # removed a moment ago
                found[handle] = self._transfer(handle, row)
        return found

    def remove(self, handle: str, *, with_files: bool) -> None:
        """Returns once it is gone; one that is not there is fine."""
        row = self._rows([handle]).get(handle)
        if row is None:
            return
        self._connection.ask(
            lambda client: client.torrents_delete(with_files, torrent_hashes=row.hash)
        )
        if not self._await(lambda: not self._rows([handle])):
            raise Unavailable(self.name, f"still lists torrent {handle}, which was to be removed")

    def relabel(self, handle: str, label: str) -> None:
        """Tag it "movie_sync-replaced" or so. Its category stays: to change that of a torrent that
        a person gave us would move its files."""
        if row := self._rows([handle]).get(handle):
            tag = f"{self._settings.category or NAME_OF_TAGS}-{label}"
            self._connection.ask(lambda client: client.torrents_add_tags(tag, row.hash))

    def close(self) -> None:
        self._connection.close()

    def _send(self, torrent: bytes, save_to: Path) -> str | None:
        """Add it; if qBittorrent says no, in what words."""
        try:
            answer = self._connection.ask(
                lambda client: client.torrents_add(
                    torrent_files=torrent,
                    save_path=self._their_path(save_to),
                    category=self._settings.category,
                    tags=self._settings.tags,
                    ratio_limit=self._seeding.ratio,
                    seeding_time_limit=round(self._seeding.hours * 60),
                    content_layout="Original",
                    use_auto_torrent_management=False,
                    is_stopped=False,
                )
            )
        except Refused as error:
            return error.message
        if isinstance(answer, str):
            return f"answered {answer}" if answer == "Fails." else None
        taken = answer.get("success_count", 0) + answer.get("pending_count", 0)
        return "answered that it failed" if answer.get("failure_count") and not taken else None

    def _tag(self, row: _Torrent) -> None:
        if tags := self._settings.tags:
            self._connection.ask(lambda client: client.torrents_add_tags(tags, row.hash))

    def _await(self, happened: Callable[[], bool]) -> bool:
        for wait_s in WAITS_S:
            if happened():
                return True
            self._sleep(wait_s)
        return happened()

    def _rows(self, handles: Collection[str]) -> dict[str, _Torrent]:
        """Those of these torrents that it has.

        A torrent of both versions is known there by its v2 hash, and so is looked for in our
        category.
        """
        if not handles:
            return {}
        found = _by_handle(self._listed(torrent_hashes=list(handles)))
        if any(handle not in found for handle in handles):
            found = _by_handle(self._listed(category=self._settings.category)) | found
        return {handle: found[handle] for handle in handles if handle in found}

    def _seen(self, handle: str) -> _Torrent | None:
        """It, if it is listed. A list that cannot be read says nothing of the torrent."""
        try:
            return self._rows([handle]).get(handle)
        except BadAnswer as error:
            raise Unavailable(self.name, error.message) from error

    def _listed(self, **which: Any) -> list[_Torrent]:
        answer = self._connection.ask(lambda client: client.torrents_info(**which))
        return _convert(answer, list[_Torrent], "its list of torrents")

    def _transfer(self, handle: str, row: _Torrent) -> Transfer:
        phase = PHASES.get(row.state, Phase.LOADING)
        loading = phase is Phase.LOADING and 0 <= row.eta < UNKNOWN_ETA_S
        return Transfer(
            handle=handle,
            name=row.name,
            phase=phase,
            progress=row.progress,
            size_bytes=row.size,
            speed_bytes_s=row.dlspeed,
            eta_s=row.eta if loading else None,
            message=_MESSAGES.get(row.state),
            ratio=max(row.ratio, 0.0),
            seeding_s=row.seeding_time,
            files=self._files(row) if phase is Phase.DONE else (),
        )

    def _files(self, row: _Torrent) -> tuple[TransferFile, ...]:
        answer = self._connection.ask(lambda client: client.torrents_files(row.hash))
        files = _convert(answer, list[_File], "its list of files")
        folder = row.save_path.rstrip("/\\")
        return tuple(
            TransferFile(self._our_path(f"{folder}/{file.name}"), file.size)
            for file in files
            if file.priority
        )

    def _our_path(self, theirs: str) -> Path:
        return Path(_mapped(theirs, self._settings.path_map))

    def _their_path(self, ours: Path) -> str:
        back = {here: there for there, here in self._settings.path_map.items()}
        return _mapped(str(ours.absolute()), back)


def _by_handle(rows: list[_Torrent]) -> dict[str, _Torrent]:
    return {row.infohash_v1 or row.hash: row for row in rows}


def _mapped(path: str, folders: Mapping[str, str]) -> str:
    """The path with the longest folder that it lies in replaced."""
    for folder in sorted(folders, key=len, reverse=True):
        start = folder.rstrip("/")
        if path == start or path.startswith(start + "/"):
            return folders[folder].rstrip("/") + path[len(start) :]
    return path


def _convert(answer: Any, shape: type[T], what: str) -> T:
    try:
        return msgspec.convert(answer, shape)
    except msgspec.ValidationError as error:
        raise BadAnswer(NAME, f"{what} has an unknown form: {error}") from error
