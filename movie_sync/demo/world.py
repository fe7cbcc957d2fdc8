"""Everything outside the program that the demo needs, on this machine alone: a watchlist site, a
tracker, and somebody who has the films. The program itself only gets other settings.
"""

import json
import os
import secrets
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from movie_sync.credentials import Credentials
from movie_sync.demo import clips, tracker_site
from movie_sync.demo.seeder import Seeder
from movie_sync.demo.tracker_site import TrackerSite
from movie_sync.demo.watchlist_pages import SiteFilm
from movie_sync.demo.watchlist_site import WatchlistSite

MEMBER = "demo"
CLIP_BYTES = 3 * 1024**2
UPLOAD_LIMIT_KIB_S = 3 * 1024  # slow enough that a person sees a download move
RETRY_S = 2

# Films whose copyright has ended; what is loaded are coloured bars under their names.
PUBLIC_DOMAIN = (
    ("Night of the Living Dead", 1968, "tt0063350", 10331),
    ("The General", 1926, "tt0017925", 961),
    ("Nosferatu", 1922, "tt0013442", 653),
    ("Charade", 1963, "tt0056923", 4808),
    ("His Girl Friday", 1940, "tt0032599", 3085),
    ("Sherlock Jr.", 1924, "tt0015324", 992),
    ("Detour", 1945, "tt0037638", 20367),
    ("A Trip to the Moon", 1902, "tt0000417", 775),
    ("The Kid", 1921, "tt0012349", 10098),
    ("Carnival of Souls", 1962, "tt0055830", 16093),
    ("D.O.A.", 1950, "tt0042369", 18995),
    ("The Phantom of the Opera", 1925, "tt0016220", 964),
)


@dataclass(frozen=True)
class Offered:
    """A film as the demo's seeder has it."""

    film: SiteFilm
    release: str
    clip: Path
    torrent_id: str

    @property
    def title(self) -> str:
        return f"{self.film.title} ({self.film.year})"


class Place:
    """Where the program of a demo is at home.

    Args:
        folder: holds everything; made if it is not there.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home, self.library = folder / "home", folder / "library"
        self.downloads = folder / "downloads"

    def make(self) -> None:
        for place in (self.home, self.library, self.downloads):
            place.mkdir(parents=True, exist_ok=True)
        self.home.chmod(0o700)

    def command(self, *arguments: str) -> list[str]:
        """How the program is started for this world."""
        return [sys.executable, "-m", "movie_sync", "--home", str(self.home), *arguments]

    def environment(self) -> dict[str, str]:
        """For a process that runs it: without settings of the person who looks at the demo."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("MOVIE_SYNC_")}
        package = str(Path(__file__).parent.parent.parent)
        return kept | {"PYTHONPATH": package, "PYTHONUNBUFFERED": "1"}


class World(Place):
    """The demo's outside, and a home folder with settings for it. Use it in a `with` block.

    Args:
        folder: holds everything; made if it is not there.
        films: how many are on the watchlist.
        upload_limit_kib_s: of the seeder; 0 is no limit.
        more_settings: put into config.json over those of the demo.
    """

    def __init__(
        self,
        folder: Path,
        films: int,
        *,
        clip_bytes: int = CLIP_BYTES,
        upload_limit_kib_s: int = UPLOAD_LIMIT_KIB_S,
        more_settings: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(folder)
        self._more_settings = more_settings or {}
        self.passkey = secrets.token_hex(16)
        self.offered: list[Offered] = []
        self._films, self._clip_bytes = site_films(films), clip_bytes
        self.site = WatchlistSite({MEMBER: self._films})
        self.tracker = TrackerSite(MEMBER, self.passkey)
        self.seeder = Seeder(upload_limit_kib_s=upload_limit_kib_s)
        self._open = ExitStack()

    def __enter__(self) -> Self:
        self.make()
        (self.folder / "offered").mkdir(exist_ok=True)
        with ExitStack() as opened:
            for part in (self.site, self.tracker, self.seeder):
                opened.enter_context(part)
            for film in self._films:
                self._offer(film)
            self._add_mishaps()
            self._write_settings()
            self._open = opened.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def _offer(self, film: SiteFilm) -> None:
        release = f"{_dotted(film.title)}.{film.year}.1080p.BluRay.x264-DEMO"
        folder = self.folder / "offered" / release
        folder.mkdir()
        clip = folder / f"{release}{clips.SUFFIX}"
        clips.write(clip, f"{film.title} {film.year}", self._clip_bytes)
        (folder / f"{release}.en.srt").write_text(
            f"1\n00:00:00,000 --> 00:00:02,000\n{film.title}\n", encoding="utf-8"
        )
        torrent = self.seeder.share(folder, self.tracker.announce_url)
        torrent_id = self._list(torrent, film, release, seeders=12)
        self.offered.append(Offered(film, release, clip, torrent_id))

    def _list(self, torrent: bytes, film: SiteFilm, release: str, *, seeders: int) -> str:
        return self.tracker.add(
            torrent,
            name=release,
            size_bytes=self._clip_bytes,
            seeders=seeders,
            imdb_id=film.imdb_id,
        )

    def _add_mishaps(self) -> None:
        """A recording from a cinema seat, which must be refused, and a torrent that the tracker
        fails to give at first, which must be asked for again."""
        first, last = self.offered[0], self.offered[-1]
        seat = f"{_dotted(first.film.title)}.{first.film.year}.1080p.HDCAM.x264-SEAT"
        self._list(b"never asked for", first.film, seat, seeders=900)
        self.tracker.spoil(last.torrent_id, tracker_site.PAGE, times=1)

    def _write_settings(self) -> None:
        path = self.home / "config.json"
        if path.exists():
            return
        path.write_text(json.dumps(self.settings(), indent=2) + "\n", encoding="utf-8")
        path.chmod(0o600)
        Credentials(self.home, {}).set("filelist.passkey", self.passkey)

    def settings(self) -> dict[str, Any]:
        """What config.json says in the demo, and does not outside."""
        return {
            "username": MEMBER,
            "download_directory": str(self.downloads),
            "library_directory": str(self.library),
            "retry_interval": RETRY_S,
            "letterboxd": {"base_url": self.site.url, "seconds_between_requests": 0},
            "filelist": {
                "base_url": self.tracker.url,
                "username": MEMBER,
                "seconds_between_requests": 0,
            },
            "archive_org": {"enabled": False},
            "profile": {"min_mib_per_minute": 0},
            "libtorrent": {"listen": "127.0.0.1:0", "local_only": True},
            **self._more_settings,
        }


def site_films(count: int) -> list[SiteFilm]:
    """So many films for a watchlist; after the known ones, made-up ones. The site tells no
    running times: what is loaded are clips of seconds, which the program would not take for them.
    """
    known = [
        SiteFilm(number=1000 + n, title=title, year=year, slug=_slug(title),
                 imdb_id=imdb_id, tmdb_id=tmdb_id)
        for n, (title, year, imdb_id, tmdb_id) in enumerate(PUBLIC_DOMAIN)
    ]  # fmt: skip
    made_up = [
        SiteFilm(number=2000 + n, title=f"Made Up {n}", year=1900 + n % 100, slug=f"made-up-{n}",
                 imdb_id=f"tt{9000000 + n}", tmdb_id=900000 + n)
        for n in range(len(known), count)
    ]  # fmt: skip
    return [*known, *made_up][:count]


def _dotted(title: str) -> str:
    return ".".join(title.replace(".", " ").split())


def _slug(title: str) -> str:
    return "-".join(title.lower().replace(".", "").split())
