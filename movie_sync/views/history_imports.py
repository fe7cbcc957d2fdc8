"""How far an import is, as plain data."""

from typing import TYPE_CHECKING

from msgspec import Struct

from movie_sync.history.import_state import ImportState
from movie_sync.history.rows import SyncRow

if TYPE_CHECKING:
    from movie_sync.history.running import History


class ImportStanding(Struct, frozen=True, kw_only=True):
    """Of the import that goes on, or of the last one.

    Attributes:
        waits: it is not at its end, whether it goes on now or stands still.
    """

    state: ImportState
    sync: SyncRow | None
    waits: bool

    @property
    def percent(self) -> int | None:
        if not self.state.total:
            return None
        return min(100, 100 * self.state.completed // self.state.total)


def standing(history: "History") -> ImportStanding:
    last = next(iter(history.store.syncs(kind="import", limit=1)), None)
    return ImportStanding(
        state=history.importing.state, sync=last, waits=history.waiting_import() is not None
    )
