"""Everything outside the program that the demo of shows needs, on this machine alone: a TVmaze
with a few hundred shows that nobody has made, and a Sonarr. The program gets other settings.
"""

import json
import secrets
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

from movie_sync.credentials import Credentials
from movie_sync.demo.shows_made_up import ids, made_up
from movie_sync.demo.sonarr_site import SonarrSite
from movie_sync.demo.tvmaze_site import TvMazeSite, slow_down
from movie_sync.demo.world import Place

OTHERS = 400  # shows that no rule takes
FIRST_ID = 501  # of those below; the others have lower ones
NEW = "2024-01-01"  # from this day on they are looked at

# Title, type, language, country, network, genres, status, rating, with a TVDB id.
NEWEST = (
    ("The Tide Office", "Scripted", "Korean", "KR", "tvN", ["Drama"], "Running", 8.1, True),
    ("Moon over Busan", "Scripted", "Korean", "KR", "tvN", ["Drama"], "Ended", 8.4, True),
    ("Letters from Jeju", "Scripted", "Korean", "KR", "JTBC", ["Drama"], "Running", 5.2, True),
    ("Night Market", "Reality", "Korean", "KR", "tvN", ["Drama", "Food"], "Running", 8.8, True),
    ("A Quiet Parish", "Scripted", "English", "GB", "BBC One", ["Crime"], "Running", 7.9, True),
    ("Cold Harbour Lane", "Scripted", "English", "GB", "ITV1", ["Crime"], "Running", None, True),
    ("The Last Constable", "Scripted", "English", "GB", "ITV1", ["Crime"], "Ended", 9.0, True),
    ("Paper Planets", "Scripted", "English", None, "Netflix", ["Science-Fiction"], "Running", 7.7,
     True),
    ("Drift", "Scripted", "English", "US", "Hulu", ["Science-Fiction"], "Running", 7.2, False),
    ("Seven Moons", "Animation", "Japanese", "JP", "Fuji TV", ["Anime"], "Running", 8.6, True),
)  # fmt: skip
SELECTIONS: list[dict[str, Any]] = [
    {"name": "korean drama", "languages": ["Korean"], "genres": ["Drama"], "rating": {"min": 7}},
    {"name": "british crime", "countries": ["GB"], "genres": ["Crime"], "exclude_ended": True,
     "tags": ["crime"]},
    {"name": "space", "genres": ["Science-Fiction"], "status": ["Running"], "monitor": "pilot"},
    {"name": "anime", "genres": ["Anime"], "languages": ["Japanese"], "review": True},
]  # fmt: skip
ADDED = ("The Tide Office", "Moon over Busan", "A Quiet Parish", "Paper Planets")
THERE = "Cold Harbour Lane"  # before us
STREAMERS = ("Netflix", "Hulu")


class ShowsWorld(Place):
    """The outside, and a home folder with settings for it. Use it in a `with` block.

    Args:
        settings: put over those of the demo, within the section "shows".
    """

    def __init__(self, folder: Path, **settings: Any) -> None:
        super().__init__(folder)
        self.newest = [_facts(FIRST_ID + n, *facts) for n, facts in enumerate(NEWEST)]
        self.tvmaze = TvMazeSite([*_others(), *self.newest])
        self.tvmaze.troubles.append(slow_down(1))
        known = [show for show in self.newest if show["externals"]["thetvdb"]]
        names = {show["externals"]["thetvdb"]: show["name"] for show in known}
        self.key = secrets.token_hex(16)
        self.sonarr = SonarrSite(names, key=self.key)
        there = next(number for number, title in names.items() if title == THERE)
        self.sonarr.own(there)
        self._settings, self._open = settings, ExitStack()

    def __enter__(self) -> Self:
        self.make()
        with ExitStack() as opened:
            opened.enter_context(self.tvmaze)
            opened.enter_context(self.sonarr)
            self._write_settings()
            self._open = opened.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    @property
    def added(self) -> list[str]:
        """Titles that Sonarr was given, in order."""
        return [self.sonarr.world[body["tvdbId"]] for body in list(self.sonarr.added)]

    def settings(self) -> dict[str, Any]:
        """What config.json says here."""
        return {
            "download_directory": str(self.downloads),
            "library_directory": str(self.library),
            "archive_org": {"enabled": False},
            "libtorrent": {"listen": "127.0.0.1:0", "local_only": True},
            "shows": {
                "enabled": True,
                "dry_run": False,
                "base_url": self.tvmaze.url,
                "exclude": {"types": ["Reality", "Talk Show"]},
                "selections": [{**one, "premiered": {"after": NEW}} for one in SELECTIONS],
                **self._settings,
            },
            "sonarr": {
                "main": {"url": self.sonarr.url, "quality_profile": "HD-1080p", "tags": ["tvmaze"]}
            },
        }

    def _write_settings(self) -> None:
        path = self.home / "config.json"
        if path.exists():
            return
        path.write_text(json.dumps(self.settings(), indent=2) + "\n", encoding="utf-8")
        path.chmod(0o600)
        Credentials(self.home, {}).set("sonarr.main.api_key", self.key)


def _others() -> Iterator[dict[str, Any]]:
    """Older shows, of every kind and with the gaps of a real catalogue."""
    for tvmaze_id in ids(OTHERS):
        show = made_up(tvmaze_id)
        if show["premiered"] and show["premiered"] >= NEW:
            show["premiered"] = None
        yield show


def _facts(  # noqa: PLR0917 - a row of the table above
    tvmaze_id: int,
    title: str,
    type: str,
    language: str,
    country: str | None,
    network: str,
    genres: list[str],
    status: str,
    rating: float | None,
    has_tvdb_id: bool,
) -> dict[str, Any]:
    channel = {"id": 1, "name": network, "country": {"code": country} if country else None}
    streamed = network in STREAMERS
    tvdb_id = 400_000 + tvmaze_id if has_tvdb_id else None
    return made_up(tvmaze_id) | {
        "name": title,
        "url": f"https://www.tvmaze.com/shows/{tvmaze_id}/{title.lower().replace(' ', '-')}",
        "type": type,
        "language": language,
        "genres": genres,
        "status": status,
        "premiered": "2024-03-05",
        "ended": "2024-06-01" if status == "Ended" else None,
        "rating": {"average": rating},
        "network": None if streamed else channel,
        "webChannel": channel if streamed else None,
        "externals": {"tvrage": None, "thetvdb": tvdb_id, "imdb": None},
    }
