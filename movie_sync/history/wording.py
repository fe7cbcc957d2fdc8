"""What the history says of itself in words: of plays, of syncs, of imports. Pure."""

from collections.abc import Mapping

from movie_sync.history.import_state import ImportState
from movie_sync.history.push_models import UNDO
from movie_sync.history.rows import PlayRow, ProgressRow, SyncRow

# What a sync counts, as a person says it, in the order in which it is told.
COUNTED = {
    "new": "new", "back": "back", "earlier": "earlier than known", "linked": "told of elsewhere",
    "known": "known", "gone": "gone", "waiting": "waiting for a word", "left_out": "left out",
    "unread": "not readable", "ratings": "rated", "wishes": "wished for", "progress": "begun",
    "markers": "positions read", "shows_read": "shows read", "shows_unchanged": "shows unchanged",
    "not_placed": "not placed yet", "told": "told", "there": "there already",
    "not_found": "not known there", "refused": "refused", "verified": "found to have arrived",
    "taken_back": "taken back there", "removed": "taken out",
}  # fmt: skip
KINDS = {
    "import": "import", "trakt": "news of Trakt", "trakt-compare": "comparison with Trakt",
    "viki": "Viki", "push": "telling Trakt", "undo": "undo",
}  # fmt: skip


def play_name(row: PlayRow | ProgressRow) -> str:
    """ "Age of Youth (2016) 1x02"."""
    named = f"{row.title} ({row.year})" if row.year else row.title
    if row.episode is None:
        return named
    return f"{named} {row.season or 0}x{row.episode:02}"


def counts_sentence(counts: Mapping[str, int]) -> str:
    """ "3 new, 2 known": what a sync came to."""
    said = [f"{counts[name]:,} {words}" for name, words in COUNTED.items() if counts.get(name)]
    return ", ".join(said) or "nothing new"


def sync_sentence(sync: SyncRow) -> str:
    """ "sync 3, telling Trakt: done: 4 told"."""
    what = KINDS.get(sync.kind, sync.kind)
    of = f" of {sync.undoes}" if sync.kind == UNDO and sync.undoes else ""
    state = "" if sync.state == "done" else f"{sync.state}: "
    why = f"; {sync.problem}" if sync.problem else ""
    return f"sync {sync.id}, {what}{of}: {state}{counts_sentence(sync.counts)}{why}"


def import_sentence(state: ImportState, last: SyncRow | None) -> str:
    """How far the import in hand is, or what became of the last one."""
    if state.in_progress:
        return progress_sentence(state)
    if last is None:
        return "nothing was imported yet"
    if last.state in {"running", "interrupted"}:
        why = f": {state.problem}" if state.problem else ""
        return f"import {last.id} is not at its end, and goes on when the program runs{why}"
    return sync_sentence(last)


def progress_sentence(state: ImportState) -> str:
    """ "storing 120 of 4,000: Parasite (2019)"."""
    of = f" of {state.total:,}" if state.total else ""
    what = f": {state.current_item}" if state.current_item else ""
    ends = "; it is being cancelled" if state.cancellation_requested else ""
    return f"{state.step or 'beginning'} {state.completed:,}{of}{what}{ends}"
