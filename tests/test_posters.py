import pytest

from movie_sync.errors import Unavailable
from movie_sync.posters import AGAIN_S, PosterStore

PICTURE = b"\xff\xd8\xff picture"


@pytest.fixture
def asked():
    return []


@pytest.fixture
def clock():
    return [0.0]


@pytest.fixture
def store(tmp_path, asked, clock):
    def fetch(path):
        asked.append(path)
        if path == "/down.jpg":
            raise Unavailable("posters", "no answer")
        return PICTURE

    return PosterStore(tmp_path / "posters", fetch, lambda: clock[0])


def test_a_poster_is_fetched_once_and_kept(store, asked):
    assert store.file("/a.jpg").read_bytes() == PICTURE
    assert store.file("/a.jpg").suffix == ".jpg"
    assert asked == ["/a.jpg"]


def test_what_cannot_be_had_is_not_asked_for_again_at_once(store, asked, clock):
    assert store.file("/down.jpg") is store.file("/down.jpg") is None
    assert asked == ["/down.jpg"]
    clock[0] = AGAIN_S
    assert store.file("/down.jpg") is None
    assert len(asked) == 2


@pytest.mark.parametrize("path", ["/../../x.jpg", "/a/b.jpg", "//evil/x.jpg"])
def test_no_path_leads_out_of_the_folder(store, tmp_path, path):
    assert store.file(path).parent == tmp_path / "posters"
