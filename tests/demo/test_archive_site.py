import json
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from movie_sync import settings, torrents
from movie_sync.demo import clips
from movie_sync.demo.archive_site import ArchiveSite
from movie_sync.films import contents
from movie_sync.http import Http, Pacer
from movie_sync.services.archive_org import ArchiveOrg
from movie_sync.services.libtorrent import LibTorrent
from tests import make
from tests.swarm import done

LANTERN = make.film(title="The Lantern", year=1931)
CLIP = "the_lantern.avi"


@pytest.fixture
def site(tmp_path):
    clips.write(tmp_path / CLIP, "The Lantern", 256 * 1024)
    with ArchiveSite(tmp_path / "items") as running:
        running.add("the-lantern", tmp_path / CLIP, title="The Lantern", year="1931")
        yield running


def ask(url: str, **headers: str):
    return urlopen(Request(url, headers=headers))  # noqa: S310


def test_a_search_lists_the_fields_that_were_asked_for_and_are_there(site):
    query = "q=title:%22the+lantern%22&fl%5B%5D=identifier,year,date&rows=5&output=json"
    with ask(f"{site.url}/advancedsearch.php?{query}") as answer:
        told = json.load(answer)
    assert told["responseHeader"]["status"] == 0
    assert told["response"] == {
        "numFound": 1,
        "start": 0,
        "docs": [{"identifier": "the-lantern", "year": "1931"}],
    }


def test_metadata_tell_each_file_in_text_and_where_it_lies(site):
    with ask(f"{site.url}/metadata/the-lantern") as answer:
        told = json.load(answer)
    files = {file["name"]: file for file in told["files"]}
    assert files[CLIP] == {"name": CLIP, "source": "original", "size": "262144"}
    assert files["the_lantern.mp4"]["original"] == CLIP
    assert "size" not in files["the-lantern_files.xml"]
    assert "the-lantern.thumbs/the_lantern_000001.jpg" in files
    assert f"http://{told['server']}{told['dir']}" == f"{site.url}/27/items/the-lantern"
    assert told["metadata"]["title"] == "The Lantern"


def test_metadata_of_no_item_are_an_empty_object(site):
    with ask(f"{site.url}/metadata/nothing") as answer:
        assert answer.read() == b"{}"


def test_a_file_is_led_to_and_given_in_parts(site):
    with ask(f"{site.url}/download/the-lantern/{CLIP}", Range="bytes=8-11") as answer:
        assert answer.url == f"{site.url}/27/items/the-lantern/{CLIP}"
        assert (answer.status, answer.read()) == (206, b"AVI ")
        assert answer.headers["Content-Range"] == "bytes 8-11/262144"


def test_only_files_of_items_are_given(site):
    (site.folder.parent / "secret").write_text("secret")
    with pytest.raises(HTTPError) as caught:
        ask(f"{site.url}/27/items/..%2Fsecret")
    caught.value.close()
    assert caught.value.code == 404


@pytest.fixture
def fetched(site):
    """The torrent that the program gets for the one item."""
    http = Http("archive_org", site.url, pacer=Pacer(lambda seconds: None), tries=1)
    archive = ArchiveOrg(http)
    (release,) = archive.search(LANTERN)
    yield lambda: archive.fetch(release)
    http.close()


@pytest.fixture
def load(tmp_path):
    """Loads a torrent with the built-in client, and gives what came."""
    local = settings.LibTorrent(local_only=True)
    client = LibTorrent(local, settings.Seeding(), tmp_path / "state")
    yield lambda torrent: done(client, client.add(torrent, tmp_path / "downloads"))
    client.close()


@pytest.mark.slow
def test_the_built_in_client_loads_the_film_from_the_web_alone(site, fetched, load, tmp_path):
    transfer = load(fetched())
    (film,) = transfer.files
    assert film.path.read_bytes() == (tmp_path / CLIP).read_bytes()
    assert transfer.size_bytes < 2 * film.size_bytes
    read = contents.read(transfer.files, tmp_path / "downloads", "The Lantern")
    assert [piece.file for piece in read.pieces] == [film]


@pytest.mark.slow
def test_a_film_arrives_though_its_item_changed_since_the_torrent_was_made(site, fetched, load):
    (site.folder / "the-lantern" / "the-lantern_meta.xml").write_text("<metadata>reviewed")
    (site.folder / "the-lantern" / "the-lantern.thumbs" / "the_lantern_000001.jpg").unlink()
    assert len(load(fetched()).files) == 1


@pytest.mark.slow
def test_a_film_arrives_though_its_item_has_moved_since_the_torrent_was_made(site, fetched, load):
    torrent = site.folder / "the-lantern" / "the-lantern_archive.torrent"
    nowhere = torrent.read_bytes().replace(b"/27/items/", b"/03/items/")
    torrent.write_bytes(nowhere.replace(b"/download/", b"/upload_3/"))
    assert len(load(fetched()).files) == 1


@pytest.mark.slow
def test_all_of_a_torrent_without_a_note_is_loaded(site, load):
    plain = (site.folder / "the-lantern" / "the-lantern_archive.torrent").read_bytes()
    assert len(load(plain).files) == len(torrents.read(plain).files) == 6
