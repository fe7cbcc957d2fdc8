"""The program with its page and with shows on: a catalogue that was read, and no cycle due."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from movie_sync.db import FILE, Database
from movie_sync.models import Show
from movie_sync.shows.judging import HASH
from movie_sync.shows.selection import judge, rules
from movie_sync.shows.store import ShowStore
from movie_sync.shows.sync import CYCLE_AT
from movie_sync.shows_settings import Shows
from tests.web.site import Site

NOBODY = "http://127.0.0.1:9"
SELECTIONS = ({"name": "mine", "languages": ["English"], "types": ["Scripted"]},)


def shows_site(
    folder: Path,
    shows: Iterable[Show] = (),
    *,
    marks: Mapping[str, str | None] | None = None,
    settings: Mapping[str, Any] | None = None,
    **more: Any,
) -> Site:
    """Not started yet.

    Args:
        marks: of the database, besides those of a catalogue that was read just now.
        settings: of the section `shows`.
        more: other sections; there is no Sonarr unless one is named.
    """
    section = {"enabled": True, "base_url": NOBODY, "selections": SELECTIONS, **(settings or {})}
    site = Site(folder, shows=section, **more)
    of_person = rules(msgspec.convert(section, Shows))
    now = datetime.now(UTC)
    db = Database(site.home / FILE, backup=None)
    given = {"shows.page": "4", "shows.complete": now.isoformat(), HASH: of_person.hash}
    given |= {"shows.updates_at": now.isoformat(), CYCLE_AT: now.isoformat()}
    known = list(shows)
    ShowStore(db).save(
        known,
        {each.tvmaze_id: judge(each, of_person) for each in known},
        now,
        {**given, **(marks or {})},
        highest_id=max((each.tvmaze_id for each in known), default=0),
    )
    db.close()
    return site
