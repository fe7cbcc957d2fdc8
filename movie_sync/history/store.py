"""Where the history is kept: what was watched, who told of it, and who is to be told.

One store in six parts, each saying one kind of thing to the same database:

    PlaysStore    plays, and who tells of them
    TastesStore   ratings, wishes, what is seen, and works that a person has to name
    OutboxStore   what each provider is to be told
    SyncsStore    the log, how far each sync is, and providers' marks
    VikiStore     what Viki shows, and which title that is
    PagesStore    lists and pages for people

A method is one transaction: stored whole, or not at all. What belongs together is given together,
as a `Batch`: plays, and the mark of how far they were read.
"""

from movie_sync.history.outbox_store import OutboxStore
from movie_sync.history.pages_store import PagesStore
from movie_sync.history.plays_store import PlaysStore
from movie_sync.history.syncs_store import SyncsStore
from movie_sync.history.tastes_store import TastesStore
from movie_sync.history.viki_store import VikiStore


class HistoryStore(PlaysStore, TastesStore, OutboxStore, SyncsStore, VikiStore, PagesStore):
    """For any number of threads."""
