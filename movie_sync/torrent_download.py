"""One download of the built-in torrent client: what is due for it, and how it looks from outside.

libtorrent loads and seeds by itself. What it does not do is kept here: to say that nothing moves,
to try again what the disk has stopped, and to end seeding for good. Times are monotonic seconds.
"""

import math
from pathlib import Path
from typing import Any

from movie_sync.models import Phase, Transfer, TransferFile
from movie_sync.settings import Seeding
from movie_sync.torrent_session import NOT_LOADED, library

SAVE_EVERY_S = 30.0  # while loading
SAVE_SEEDING_EVERY_S = 600.0  # then only what was given back changes
MEND_EVERY_S = 60.0
MENDED_AFTER_S = 5.0  # without a new error
STALLED_AFTER_S = 60.0

_CHECKING = {"queued_for_checking", "checking_files", "checking_resume_data", "allocating"}


class Download:
    """A torrent in a session, and what libtorrent does not remember of it for us.

    Args:
        torrent: libtorrent's handle for it.
        whole: it was so before this session; otherwise its end is an event.
    """

    def __init__(self, handle: str, torrent: Any, now: float, *, whole: bool = False) -> None:
        self.handle, self.torrent = handle, torrent
        self.saving = 0  # answers to `save` that are still to come
        self.telling = set[str]()  # trackers that are being told that we stop
        self._whole = whole
        self._loaded_bytes = -1
        self._moved_at = self._saved_at = now
        self._broken_at: float | None = None
        self._mend_at = math.inf
        self._problem = self._tracker_says = ""

    def tend(self, now: float, seeding: Seeding) -> Transfer:
        """Do what is due now, and say how it is."""
        status = self.torrent.status(0)
        loaded_bytes = status.total_wanted_done
        if loaded_bytes != self._loaded_bytes or str(status.state) in _CHECKING:
            self._loaded_bytes, self._moved_at = loaded_bytes, now
        self._mend(status, now)
        became_whole = status.is_finished and not self._whole
        self._whole = status.is_finished
        every_s = SAVE_SEEDING_EVERY_S if self._whole else SAVE_EVERY_S
        if became_whole or now - self._saved_at >= every_s:
            self._saved_at = now
            self.save()
        if self._whole and self._broken_at is None:
            self._end_seeding(status, seeding)
        return self._transfer(status, now)

    def save(self) -> None:
        """Ask for an alert with what a restart needs, if that has changed."""
        if self.torrent.need_save_resume_data():
            self.torrent.save_resume_data(library().save_resume_flags_t.save_info_dict)
            self.saving += 1

    def files(self) -> tuple[TransferFile, ...]:
        """Those that are loaded."""
        layout, save_path = self.torrent.torrent_file().layout(), self.torrent.status().save_path
        padding = library().file_flags_t.flag_pad_file
        return tuple(
            TransferFile(Path(layout.file_path(at, save_path)), layout.file_size(at))
            for at, priority in enumerate(self.torrent.get_file_priorities())
            if priority != NOT_LOADED and not layout.file_flags(at) & padding
        )

    def take_in(self, alert: Any) -> None:
        """Note what an alert tells of this download."""
        lt = library()
        if isinstance(alert, lt.save_resume_data_alert | lt.save_resume_data_failed_alert):
            self.saving -= 1
        elif isinstance(alert, lt.file_error_alert):
            # The first says why; those after it are what comes of it.
            self._problem = self._problem or f"{alert.filename()}: {alert.error.message()}"
        elif isinstance(alert, lt.tracker_announce_alert):
            if alert.event == lt.event_t.stopped:
                self.telling.add(alert.tracker_url())
        elif isinstance(alert, lt.tracker_error_alert | lt.tracker_reply_alert):
            self.telling.discard(alert.tracker_url())
            # Not its message(): that holds the tracker's address, and so the passkey.
            failed = isinstance(alert, lt.tracker_error_alert)
            self._tracker_says = alert.failure_reason() or alert.error.message() if failed else ""

    def _mend(self, status: Any, now: float) -> None:
        """Try again, once a minute, what the disk has stopped.

        To libtorrent a full disk is no error: it only ends the loading ("upload mode").
        """
        upload_mode = library().torrent_flags.upload_mode
        if status.errc.value() or status.flags & upload_mode:
            if self._broken_at is None:
                self._mend_at = now + MEND_EVERY_S
            self._broken_at = now
            if now >= self._mend_at:
                self._mend_at = now + MEND_EVERY_S
                self.torrent.clear_error()
                self.torrent.unset_flags(upload_mode)
                self.torrent.resume()
        elif self._broken_at is not None and now - self._broken_at >= MENDED_AFTER_S:
            self._broken_at, self._problem = None, ""

    def _end_seeding(self, status: Any, seeding: Seeding) -> None:
        """Pause what has given back enough, and wake it if more is asked for since."""
        paused = bool(status.flags & library().torrent_flags.paused)
        seeded_s = status.finished_duration.total_seconds()
        enough = _ratio(status) >= seeding.ratio or seeded_s >= seeding.hours * 3600
        if enough and not paused:
            self.torrent.pause()
        elif paused and not enough:
            self.torrent.resume()

    def _phase(self, status: Any, now: float) -> tuple[Phase, str | None]:
        """The phase, and what there is to say of it."""
        if self._broken_at is not None:
            failed = status.errc.message() if status.errc.value() else "the disk takes no more"
            return Phase.BROKEN, f"{self._problem or failed}; tried again every minute"
        if str(status.state) in _CHECKING:
            return Phase.QUEUED, None
        if status.is_finished:
            return Phase.DONE, None
        if status.flags & library().torrent_flags.paused:
            return Phase.PAUSED, None
        if now - self._moved_at >= STALLED_AFTER_S:
            said = self._tracker_says
            return Phase.STALLED, f"its tracker answers: {said}" if said else None
        return Phase.LOADING, None

    def _transfer(self, status: Any, now: float) -> Transfer:
        phase, message = self._phase(status, now)
        size_bytes, loaded_bytes = status.total_wanted, status.total_wanted_done
        speed_bytes_s = status.download_payload_rate
        left_bytes = size_bytes - loaded_bytes
        return Transfer(
            handle=self.handle,
            name=self.torrent.torrent_file().name(),
            phase=phase,
            progress=loaded_bytes / size_bytes if size_bytes else float(status.is_finished),
            size_bytes=size_bytes,
            speed_bytes_s=speed_bytes_s,
            eta_s=left_bytes // speed_bytes_s if left_bytes and speed_bytes_s else None,
            message=message,
            ratio=_ratio(status),
            seeding_s=int(status.finished_duration.total_seconds()),
        )


def _ratio(status: Any) -> float:
    """How many times it was given back; the whole counts as loaded if it was there already."""
    taken_bytes = status.all_time_download or status.total_wanted
    return float(status.all_time_upload / taken_bytes) if taken_bytes else 0.0
