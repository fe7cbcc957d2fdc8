"""What the lines of a log are about: the request that is answered, the item that is in hand.

    with log_about.about(item=item.id):
        ...  # each line as JSON that is written here, in this thread, tells it

It goes along into whatever a request calls, also in other threads that answer it.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

_ABOUT: ContextVar[Mapping[str, str]] = ContextVar("about")
NOTHING: Mapping[str, str] = {}


@contextmanager
def about(**names: str) -> Iterator[None]:
    """Beside what is told already; inside of it the new one counts."""
    token = _ABOUT.set({**told(), **names})
    try:
        yield
    finally:
        _ABOUT.reset(token)


def told() -> Mapping[str, str]:
    return _ABOUT.get(NOTHING)
