"""Where the library is kept: what is owned, where it is from, and what was decided about it.

One store in five parts, each saying one kind of thing to the same database:

    FoundStore    what each source shows, and how its scans went
    MatchStore    what each file is taken for, and what a person decided
    MediaStore    what is inside of each file
    TitleStore    titles, their ids, names, seasons and episodes
    ReadingStore  lists and pages for people

A method is one transaction: stored whole, or not at all. What has to be stored together with
something else is a function of `matching`, `questions`, `title_writing` or `episode_writing`,
called within one `with store.db.write() as connection`.
"""

from movie_sync.library.found_store import FoundStore
from movie_sync.library.match_store import MatchStore
from movie_sync.library.media_store import MediaStore
from movie_sync.library.reading_store import ReadingStore
from movie_sync.library.title_store import TitleStore


class LibraryStore(FoundStore, MatchStore, MediaStore, TitleStore, ReadingStore):
    """For any number of threads."""
