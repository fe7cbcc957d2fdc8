"""Everything outside the program that the demo of the history needs, on this machine alone: a Viki
where somebody watches, and a Trakt with a history of its own. Shows and films are made up.
"""

import json
import time
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from movie_sync.credentials import Credentials
from movie_sync.demo import viki_titles
from movie_sync.demo.trakt_site import SECRET, TraktSite
from movie_sync.demo.viki_site import VikiSite
from movie_sync.demo.world import Place
from movie_sync.login_models import Tokens
from movie_sync.login_tokens import LoginTokens

SHOW, SPLIT, FILM = "90001c", "90002c", "90003c"  # of Viki
UNKNOWN = "90009c"  # Trakt has nothing like it
FILM_VIDEO = "90003001v"
SHOW_ID, SPLIT_ID, FILM_ID = 700_001, 700_002, 700_003  # at Trakt
BINGED, EARLIER, NAMELESS = 700_010, (700_020, 700_021, 700_022), 700_030
EPISODES = 4  # of SHOW
SPLIT_EPISODES = 3
BINGE = 6  # more than are believed of one day
MARKERS = "markers.json"


class HistoryWorld(Place):
    """The outside, and a home folder with settings for it. Use it in a `with` block."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.viki = VikiSite([*viki_titles.some(), _unknown()])
        self.trakt = TraktSite()
        self.markers = folder / MARKERS
        self.before: set[int] = set()  # history ids that Trakt has of itself
        self._open = ExitStack()

    def __enter__(self) -> Self:
        self.make()
        with ExitStack() as opened:
            opened.enter_context(self.viki)
            opened.enter_context(self.trakt)
            self._fill_trakt()
            self._watch_and_save()
            self._write_settings()
            self._open = opened.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    @property
    def told(self) -> list[tuple[tuple[str, int], str]]:
        """What Trakt was told by us: item and time."""
        plays = self.trakt.world.plays
        return [(item, at) for number, item, at in plays if number not in self.before]

    def settings(self) -> dict[str, Any]:
        """What config.json says here."""
        return {
            "download_directory": str(self.downloads),
            "library_directory": str(self.library),
            "archive_org": {"enabled": False},
            "libtorrent": {"listen": "127.0.0.1:0", "local_only": True},
            "history": {"enabled": True, "zone": "Europe/Berlin"},
            "trakt": {
                "enabled": True,
                "push": True,
                "client_id": self.trakt.gate.client_id,
                "base_url": self.trakt.url,
                "login_url": self.trakt.url,
                "seconds_between_writes": 0.2,
            },
            "viki": {
                "enabled": True,
                "base_url": self.viki.url,
                "api_url": self.viki.api_url,
                "seconds_between_requests": 0.02,
            },
        }

    def cookies(self) -> str:
        """What a person copies of a browser that signs in now."""
        return "; ".join(f"{name}={value}" for name, value in self.viki.sign_in().items())

    def _fill_trakt(self) -> None:
        """What it knows, and a history: films, a day of too many episodes, and a work without an
        id elsewhere."""
        world = self.trakt.world
        korean = {"country": "kr", "language": "ko"}
        world.show(SHOW_ID, "Letters to Hwaseong", 2025, {1: EPISODES}, tmdb=910_001,
                   original_title="화성으로 보낸 편지", **korean)  # fmt: skip
        world.show(SPLIT_ID, "The Paper Lantern", 2022, {1: 6, 2: SPLIT_EPISODES}, tmdb=910_002,
                   original_title="纸灯笼", country="cn", language="zh")  # fmt: skip
        world.film(FILM_ID, "A Winter Without Snow", 2021, tmdb=910_003, runtime=110,
                   original_title="雪のない冬", country="jp", language="ja")  # fmt: skip
        world.show(BINGED, "Harbour Lights", 2019, {1: BINGE}, tmdb=910_010)
        for number in EARLIER:
            world.film(number, f"An Old Film {number % 10}", 1990 + number % 10, tmdb=number)
        world.film(NAMELESS, "A Film Without Ids", 2001)
        long_ago = time.time() - 90 * 86_400
        for at, number in enumerate((*EARLIER, NAMELESS)):
            self.before.add(world.play(("movie", number), long_ago - at * 86_400))
        for episode in range(1, BINGE + 1):
            item = ("episode", world.episode(BINGED, 1, episode))
            self.before.add(world.play(item, long_ago + episode * 1800))

    def _watch_and_save(self) -> None:
        """A show to its end, one of another season, one that nobody knows; and save the page."""
        at = datetime.now(UTC).replace(microsecond=0) - timedelta(days=3)
        for container_id in (SHOW, SPLIT, UNKNOWN):
            self.viki.watch_all(container_id, at)
            at += timedelta(hours=5)
        if not self.markers.exists():
            self.markers.write_bytes(self.viki.saved_page())

    def _write_settings(self) -> None:
        path = self.home / "config.json"
        if path.exists():
            return
        path.write_text(json.dumps(self.settings(), indent=2) + "\n", encoding="utf-8")
        path.chmod(0o600)
        vault = Credentials(self.home, {})
        vault.set("trakt.client_secret", SECRET)
        given, now = self.trakt.gate.grant(), time.time()
        held = LoginTokens(
            vault, self.home, "trakt", lambda tokens: tokens,
            log_in="history trakt login", client_id=self.trakt.gate.client_id,
        )  # fmt: skip
        held.store(
            Tokens(
                access=given["access_token"], refresh=given["refresh_token"],
                got_at=now, ends_at=now + given["expires_in"],
            )
        )  # fmt: skip


def _unknown() -> viki_titles.MadeContainer:
    return viki_titles.series(
        90009, "Nobody Has Heard of This", episodes=2, first_on=date(2023, 5, 1)
    )
