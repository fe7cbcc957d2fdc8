"""The shows of a selection as Sonarr's Custom List reads them: `GET /lists/<selection>.json`.

Source: Sonarr's import list "Custom List", version 4 and later: it sends no login, reads every six
hours at most, and takes `[{"title": ..., "tvdbId": ...}]`.

The one thing to know: Sonarr may be set to clean up what no list names any more. So a list that
could be short is not served at all.
"""

from collections.abc import Iterator

import msgspec

from movie_sync.errors import NotFound, Unavailable
from movie_sync.shows.rules import Rules
from movie_sync.shows.store import ShowStore
from movie_sync.shows.verdict import ShowState

LISTED = (ShowState.PENDING, ShowState.QUEUED, ShowState.ADDED, ShowState.EXISTS)
COMPLETE, RULES_HASH = "shows.complete", "shows.rules_hash"  # what the store notes
PAGE = 500  # shows in memory at a time
ASK_AGAIN_S = 600.0
NAME = "shows"


def custom_list(store: ShowStore, rules: Rules, selection: str) -> bytes:
    """Every show that this selection takes, as JSON.

    Raises:
        NotFound: there is no such selection.
        Unavailable: the catalogue was not read whole yet, or is being judged by other rules.
        FilesError: the database cannot be read.
    """
    names = [rule.name for rule in rules.selections]
    if selection not in names:
        known = ", ".join(names) or "none"
        raise NotFound(NAME, f'there is no selection "{selection}"; there are: {known}')
    marks = store.all_meta()
    if not marks.get(COMPLETE):
        raise Unavailable(NAME, "the catalogue was not read whole yet; no list", ASK_AGAIN_S)
    if marks.get(RULES_HASH) != rules.hash:
        raise Unavailable(NAME, "all shows are being judged by new rules; no list", ASK_AGAIN_S)
    return msgspec.json.encode(list(_of(store, selection)))


def _of(store: ShowStore, selection: str) -> Iterator[dict[str, object]]:
    seen: set[int] = set()
    for state in LISTED:
        at = 0
        while some := store.list(state, limit=PAGE, offset=at):
            for show, row in some:
                if row.rule == selection and show.tvdb_id and show.tvdb_id not in seen:
                    seen.add(show.tvdb_id)
                    yield {"title": show.title, "tvdbId": show.tvdb_id}
            at += PAGE
