"""From rows of the database to shows and their states, and back. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from movie_sync.models import Show
from movie_sync.shows.verdict import ShowState, Verdict
from movie_sync.tables import show_states, shows

FACTS = tuple(Show.__struct_fields__)
SHOW_COLUMNS = [shows.c[name] for name in FACTS]

_decode_genres = msgspec.json.Decoder(tuple[str, ...]).decode
_GENRES = FACTS.index("genres")


class StateRow(Struct, frozen=True, kw_only=True):
    """What became of a show here."""

    state: ShowState
    rule: str = ""
    code: str = ""
    sentence: str = ""
    compared: dict[str, Any] = {}
    instance: str | None = None  # of Sonarr
    series_id: int | None = None  # there
    added_at: datetime | None = None
    pending_since: datetime | None = None  # waits for a TVDB id since
    changed_at: datetime
    attempts: int = 0

    def says(self, verdict: Verdict) -> bool:
        """Whether this is what stands here already."""
        return (
            self.state == verdict.state
            and self.code == verdict.code
            and self.rule == verdict.rule
            and self.sentence == verdict.sentence
            and self.compared == verdict.compared
        )


STATE_FIELDS = tuple(StateRow.__struct_fields__)
STATE_COLUMNS = [show_states.c[name] for name in STATE_FIELDS]


def show_of(row: Any) -> Show:
    """From the values of SHOW_COLUMNS, in their order."""
    values = dict(zip(FACTS, row, strict=False))
    values["genres"] = _genres(values["genres"])
    return Show(**values)


def _genres(text: str) -> tuple[str, ...]:
    return _decode_genres(text) if text != "[]" else ()


def facts_row(show: Show, now: datetime) -> dict[str, Any]:
    row = msgspec.structs.asdict(show)
    row["genres"], row["read_at"] = msgspec.json.encode(show.genres).decode(), now
    return row


def state_of(row: Any) -> StateRow:
    """From the values of STATE_COLUMNS, in their order."""
    values = dict(zip(STATE_FIELDS, row, strict=False))
    values["state"] = ShowState(values["state"])
    values["compared"] = msgspec.json.decode(values["compared"])
    return StateRow(**values)


def state_row(tvmaze_id: int, state: StateRow) -> dict[str, Any]:
    row = msgspec.structs.asdict(state)
    row["compared"] = msgspec.json.encode(state.compared, order="sorted").decode()
    row["tvmaze_id"], row["state"] = tvmaze_id, str(state.state)
    return row


def judged(verdict: Verdict, before: StateRow | None, now: datetime) -> StateRow:
    """The state that a verdict brings. How long it has waited for a TVDB id goes on counting."""
    waits = verdict.state is ShowState.PENDING_TVDB
    since = (before.pending_since if before else None) or now
    return StateRow(
        state=verdict.state,
        rule=verdict.rule,
        code=verdict.code,
        sentence=verdict.sentence,
        compared=verdict.compared,
        pending_since=since if waits else None,
        changed_at=now,
        attempts=before.attempts if before else 0,
    )


def changed(before: StateRow, facts: Mapping[str, Any]) -> StateRow:
    return msgspec.structs.replace(before, **facts)
