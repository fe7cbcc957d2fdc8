import libtorrent
import pytest

from movie_sync import torrent_session
from movie_sync.demo import clips
from movie_sync.demo.seeder import make_torrent
from movie_sync.errors import FilesError
from movie_sync.torrent_resume import ResumeFolder

PAUSED, UPLOAD_MODE = libtorrent.torrent_flags.paused, libtorrent.torrent_flags.upload_mode


@pytest.fixture
def params(tmp_path):
    clips.write(tmp_path / "film.avi", "Film 1", 300_000)  # 19 pieces: not a full byte
    made = torrent_session.params(make_torrent(tmp_path / "film.avi", "http://127.0.0.1:9/a"))
    made.save_path = str(tmp_path)
    made.flags |= PAUSED | UPLOAD_MODE
    return made


@pytest.fixture
def folder(tmp_path):
    return ResumeFolder(tmp_path / "state")


def opened(folder):
    found = []
    folder.open(found.append)
    return found


def kept(folder, params, have):
    """What comes back of a download that has so many of its pieces."""
    assert opened(folder) == []
    params.have_pieces = [at < have for at in range(params.ti.num_pieces())]
    folder.write("a" * 40, params)
    folder.close()
    (back,) = opened(folder)
    return back


def test_a_whole_download_comes_back_paused_as_it_was(folder, params):
    back = kept(folder, params, params.ti.num_pieces())
    assert back.whole
    assert back.params.flags & PAUSED
    assert not back.params.flags & UPLOAD_MODE


@pytest.mark.parametrize("have", [0, 1, 18])
def test_a_part_of_a_download_comes_back_ready_to_go_on(folder, params, have):
    back = kept(folder, params, have)
    assert not back.whole
    assert not back.params.flags & (PAUSED | UPLOAD_MODE)
    assert sum(back.params.have_pieces) == have


@pytest.mark.parametrize(("have", "believed"), [(18, 0), (19, 19)])
def test_after_a_crash_only_what_was_whole_is_believed(folder, params, have, believed):
    kept(folder, params, have)
    (again,) = opened(folder)  # nothing was closed in between
    assert sum(again.params.have_pieces) == believed


def test_what_cannot_be_added_is_kept_aside(folder, params, tmp_path, caplog):
    kept(folder, params, 1)

    def refuse(resumed):
        raise RuntimeError("no room")

    folder.open(refuse)
    assert opened(folder) == []
    assert (tmp_path / "state" / f"{'a' * 40}.damaged").exists()
    assert "no room; it is kept as" in caplog.text


def test_a_file_that_cannot_be_written_is_an_error_and_stays_as_it_was(folder, params, tmp_path):
    kept(folder, params, 1)
    path = tmp_path / "state" / f"{'a' * 40}.resume"
    before = path.read_bytes()
    path.with_name(path.name + ".tmp").mkdir()
    with pytest.raises(FilesError, match="cannot be written"):
        folder.write("a" * 40, params)
    assert path.read_bytes() == before
