"""A title as the list of watched titles shows it. A plain fact, which loads no database."""

from msgspec import Struct

from movie_sync.library_models import Kind
from movie_sync.models import Moment


class ShelfRow(Struct, frozen=True, kw_only=True):
    """A title, and how much of it was watched."""

    title_id: int
    kind: Kind
    title: str
    year: int | None
    plays: int
    episodes: int  # other ones; of a film 0
    last_at: Moment | None  # None: it is not known when
    last_s: int  # with `title_id`, where the next page goes on
