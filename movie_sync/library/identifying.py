"""One file from "waiting" to what it is: what a person said of it before, else what is decided now.

The one thing to know: a choice of a person's is bound to path and content, so it is taken up again
where the same file is found anew; and what a person said that it is not, it never becomes again.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection

from movie_sync.library import choices, matching, recording
from movie_sync.library.choices import Choices
from movie_sync.library.match_store import MatchStore
from movie_sync.library.placing import Place, place
from movie_sync.library.rows import ChoiceRow, Standing, Unidentified
from movie_sync.library.verdicts import Ask, Reason, Rule, Sure, Unsure
from movie_sync.library.weighing import first
from movie_sync.library_models import Kind, Match, Told

V = TypeVar("V", Sure | Unsure, Sure | Unsure | Ask)
Decide = Callable[[tuple[Told, ...], Rule | None], Sure | Unsure]


def settle(
    store: MatchStore, file: Unidentified, decided: Choices, decide: Decide, now: datetime
) -> Sure | Unsure | None:
    """Say what it is, and store it; None where a person had said so.

    Args:
        decide: as `asking.identify`, with all but the tellings and the rule given. It may ask the
            world, so it is called before anything is written; what it raises leaves all as it was.
    """
    kept = decided.of_file(file.path, file.content)
    if kept is not None and kept.kind != choices.SPLIT:
        with store.db.write() as connection:
            _take_up(connection, file, kept, now)
        return None
    told = denied(decided, file, decide(file.told, decided.rule(file.path or file.uris[0])))
    with store.db.write() as connection:
        recording.record(connection, file.asset_id, told, now)
    return told


def denied(decided: Choices, file: Unidentified, said: V) -> V | Unsure:
    """The same, unless a person has said that the file is not that."""
    if not isinstance(said, Sure):
        return said
    if not decided.denies(file.path, file.content, said.known.title_id):
        return said
    sentence = f"a person said that it is not {said.known}, and nothing says what else it is"
    return Unsure(reason=Reason.DISAGREE, sentence=sentence)


def _take_up(connection: Connection, file: Unidentified, kept: ChoiceRow, now: datetime) -> None:
    match = Match(by="hand", confidence=1.0, sentence=kept.sentence)
    if kept.kind == choices.IGNORE:
        matching.unassign(connection, file.asset_id, Standing.IGNORED, match, now)
        return
    data: Mapping[str, Any] = kept.data
    known = recording.known_of(dict(data))
    found = Place()
    if known.kind is Kind.SHOW:
        numbers = data.get("numbers")
        found = place(file.told, known, None) or found
        if numbers:
            found = Place(season=numbers["season"], episodes=tuple(numbers["episodes"]))
    part, edition = first(file.told, "part"), first(file.told, "edition")
    said = Sure(
        known=known,
        match=match,
        season=found.season,
        episodes=found.episodes,
        edition=edition if isinstance(edition, str) else None,
        part=part if isinstance(part, int) else None,
    )
    recording.record(connection, file.asset_id, said, now)
