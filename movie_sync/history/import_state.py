"""How far an import is, for whoever wants to know, and the wish that it may end.

One import at a time: who claims it first has it, until he lets go of it.
"""

import threading
from collections.abc import Iterable
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from movie_sync.errors import Busy

MOST_ERRORS = 100  # sentences that are shown; all of them are stored


class ImportState(Struct, frozen=True, kw_only=True):
    """Of the import that is in hand, or of the last one."""

    in_progress: bool = False
    sync_id: int | None = None
    step: str = ""  # "reading", and then "storing"
    current_item: str | None = None  # the title, or the page, that is in hand
    completed: int = 0  # entries of this step
    total: int = 0
    errors: tuple[str, ...] = ()  # of single entries, the first of them; the import went on
    problem: str | None = None  # why it stands still, or ended
    cancellation_requested: bool = False
    cancelled: bool = False


class Progress:
    """For any number of threads."""

    def __init__(self) -> None:
        self._state = ImportState()
        self._lock = threading.Lock()

    @property
    def state(self) -> ImportState:
        return self._state  # is replaced whole

    def claim(self, sync_id: int | None = None) -> None:
        """Raises Busy: one is going on."""
        with self._lock:
            now = self._state
            if now.in_progress:
                named = f" ({now.completed} of {now.total})" if now.total else ""
                raise Busy(
                    f"an import is going on{named}; nothing was begun; wait until it is done, or "
                    "cancel it"
                )
            self._state = ImportState(in_progress=True, sync_id=sync_id)

    def release(self, *, problem: str | None = None, cancelled: bool = False) -> None:
        with self._lock:
            self._state = replace(
                self._state, in_progress=False, current_item=None, problem=problem,
                cancelled=cancelled,
            )  # fmt: skip

    def tell(self, **changes: Any) -> None:
        """Fields of the state."""
        with self._lock:
            self._state = replace(self._state, **changes)

    def add_errors(self, sentences: Iterable[str]) -> None:
        with self._lock:
            errors = (*self._state.errors, *sentences)[:MOST_ERRORS]
            self._state = replace(self._state, errors=errors)

    def cancel(self) -> bool:
        """Wish that it ends; False where none is going on."""
        with self._lock:
            if not self._state.in_progress:
                return False
            self._state = replace(self._state, cancellation_requested=True)
            return True
