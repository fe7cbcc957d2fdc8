"""A film that somebody offers on loopback, and the patience to wait for it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from movie_sync.demo import clips
from movie_sync.demo.seeder import Seeder
from movie_sync.demo.tracker_site import TrackerSite
from movie_sync.models import Phase, Transfer
from movie_sync.services import DownloadClient

T = TypeVar("T")


@dataclass
class Offer:
    path: Path  # the folder that is shared
    torrent: bytes
    seeder: Seeder
    tracker: TrackerSite

    def limit(self, kib_s: int) -> None:
        """From now on, of what the seeder gives; 0 is none."""
        self.seeder._session.apply_settings({"upload_rate_limit": kib_s * 1024})


@contextmanager
def offer(
    folder: Path, *, size_bytes: int = 256 * 1024, upload_limit_kib_s: int = 0
) -> Iterator[Offer]:
    """A film in a folder, with subtitles, shared through a tracker."""
    path = folder / "Film.1.1999.1080p"
    path.mkdir(parents=True)
    clips.write(path / "film.avi", "Film 1 (1999)", size_bytes)
    (path / "Subs").mkdir()
    (path / "Subs" / "en.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\nHello\n")
    with TrackerSite() as tracker, Seeder(upload_limit_kib_s=upload_limit_kib_s) as seeder:
        yield Offer(path, seeder.share(path, tracker.announce_url), seeder, tracker)


def until(ready: Callable[[], T], within_s: float = 60.0) -> T:
    """What `ready` gives, as soon as that is something."""
    end = time.monotonic() + within_s
    while not (got := ready()):
        assert time.monotonic() < end, f"nothing within {within_s} s"
        time.sleep(0.02)
    return got


def done(client: DownloadClient, handle: str) -> Transfer:
    """The download, once it is."""

    def look() -> Transfer | None:
        transfer = client.transfers([handle])[handle]
        return transfer if transfer.phase is Phase.DONE else None

    return until(look)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by its path there."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
