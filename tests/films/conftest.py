import pytest

from movie_sync.films.owned import Library
from movie_sync.films.space import DownloadSpace
from movie_sync.films.story import Stories
from movie_sync.films.sync import Parts
from movie_sync.films.torrent_store import TorrentStore
from movie_sync.retries import Retries
from movie_sync.settings import Profile
from tests import make
from tests.fakes import FakeClient, FakeFacts, FakeIndexer


@pytest.fixture
def parts(queue, tmp_path) -> Parts:
    """One indexer with one good release of film 1, a shared torrent client, an empty library."""
    library, downloads = tmp_path / "library", tmp_path / "downloads"
    library.mkdir()
    downloads.mkdir()
    return Parts(
        queue=queue,
        library=Library(library),
        library_folder=library,
        download_folder=downloads,
        facts=[FakeFacts()],
        indexers=[FakeIndexer(make.release(), torrents={"7": make.torrent()})],
        client=FakeClient(),
        torrents=TorrentStore(tmp_path / "torrents"),
        space=DownloadSpace(downloads),
        profile=Profile(),
        retries=Retries(chance=lambda: 0),
        stories=Stories(tmp_path / "stories"),
    )
