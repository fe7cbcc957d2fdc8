import json
import zipfile
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup

from movie_sync.demo.tracker_site import TrackerSite
from movie_sync.demo.watchlist_pages import SiteFilm
from movie_sync.demo.watchlist_site import WatchlistSite
from movie_sync.web import uploads
from tests.web.site import Site
from tests.wire import free_port

pytestmark = pytest.mark.slow  # each asks a whole program with its page

FILM = SiteFilm(number=1, title="Charade", year=1963, slug="charade", imdb_id="tt0056923")
EXPORT = """Date,Name,Year,Letterboxd URI
2026-01-01,Charade,1963,https://boxd.it/1
2026-01-02,Detour,1945,https://boxd.it/2
"""
QUIET = {"seconds_between_requests": 0}


@pytest.fixture
def boxd():
    with WatchlistSite({"alice": [FILM]}, lists={"bob/noir": [FILM, FILM]}) as made:
        yield made


@pytest.fixture
def tracker():
    with TrackerSite("carol") as made:
        release = "Charade.1963.1080p.BluRay.x264-GRP"
        made.add(b"", name=release, size_bytes=5 << 30, seeders=9, imdb_id=FILM.imdb_id)
        made.add(b"", name="Charade.1963.HDCAM.x264", size_bytes=5 << 30, seeders=900,
                 imdb_id=FILM.imdb_id)  # fmt: skip
        yield made


@pytest.fixture
def site(tmp_path, boxd, tracker):
    letterboxd = {"base_url": boxd.url, **QUIET}
    with Site(tmp_path, letterboxd=letterboxd, filelist={"base_url": tracker.url, **QUIET}) as made:
        yield made


def answer(site, step, file=None, **fields):
    """Send a step as a browser does, with or without a file."""
    parts = {name.replace("__", "."): (None, value) for name, value in fields.items()}
    sent = ("", b"") if file is None else file
    return site.post(f"/welcome/{step}", files=parts | {"file": sent})


def page_of(got):
    return BeautifulSoup(got.text, "html.parser")


def words(got):
    return " ".join(page_of(got).find("main").get_text(" ").split())


def written(site):
    return json.loads((site.home / "config.json").read_text())


def test_a_watchlist_is_tried_and_kept_and_followed_from_the_last_step_on(site):
    got = answer(site, "watchlist", username="https://letterboxd.com/alice/watchlist/")
    assert got.status_code == 200
    assert "1 films are on the watchlist of alice" in words(got)
    assert page_of(got).find("a", string="Go on: Folders")["href"] == "/welcome/folders"
    assert written(site)["username"] == "alice"
    assert site.running.app.sources == []
    got = site.post("/welcome/begin")
    assert unquote(got.cookies["said"]) == "It has begun: 1 watchlist is followed"
    assert got.headers["location"] == "/"
    assert [one.name for one in site.running.app.sources] == ["letterboxd:alice"]


def test_a_watchlist_that_is_not_there_is_kept_only_when_one_wants_it(site):
    got = answer(site, "watchlist", username="nobody")
    page = page_of(got)
    assert got.status_code == 422
    assert "there is no /nobody/watchlist/; check the name" in words(got)
    assert "send its export below instead" in words(got)
    assert page.find(attrs={"name": "username"})["value"] == "nobody"
    assert "username" not in written(site)
    got = answer(site, "watchlist", username="nobody", anyway="yes")
    assert (got.status_code, got.headers["location"]) == (303, "/welcome/folders")
    assert written(site)["username"] == "nobody"


def test_a_list_is_added_to_those_that_are_followed(site, boxd):
    got = answer(site, "watchlist", address=f"{boxd.url}/bob/list/noir/")
    assert got.status_code == 200, words(got)
    assert written(site)["letterboxd"]["lists"] == [f"{boxd.url}/bob/list/noir/"]
    assert "username" not in written(site)


def test_an_export_waits_for_the_last_step(site):
    got = answer(site, "watchlist", file=("watchlist.csv", EXPORT))
    assert "watchlist.csv: 2 films, taken in with the last step" in words(got)
    assert site.queue.get_statistics()["pending"] == 0
    assert "watchlist.csv waits to be taken in" in words(site.get("/welcome/watchlist"))
    got = site.post("/welcome/begin")
    assert got.status_code == 303, words(got)
    assert "2 films of the export are wanted" in unquote(got.cookies["said"])
    assert sum(site.queue.get_statistics().values()) == 2
    assert not list(site.home.glob("first-export*"))


def test_an_export_is_read_from_letterboxds_zip_and_can_be_left_out_again(site, tmp_path):
    with zipfile.ZipFile(tmp_path / "letterboxd-alice.zip", "w") as archive:
        archive.writestr("watchlist.csv", EXPORT)
    packed = (tmp_path / "letterboxd-alice.zip").read_bytes()
    got = answer(site, "watchlist", file=("../../letterboxd-alice.zip", packed))
    assert "letterboxd-alice.zip: 2 films" in words(got)
    assert [path.name for path in (site.home / "first-export").iterdir()] == [
        "letterboxd-alice.zip"
    ]
    assert site.post("/welcome/export/forget").status_code == 303
    assert not list(site.home.glob("first-export*"))


@pytest.mark.parametrize("name", ["watched.csv", "letterboxd.zip"])
def test_a_file_that_is_no_export_is_told_at_its_field(site, name):
    got = answer(site, "watchlist", file=(name, EXPORT))
    page = page_of(got)
    assert got.status_code == 422
    field = page.find(attrs={"name": "file"})
    assert field["aria-invalid"] == "true"
    assert "nothing of it was read" in page.find(id="e-file").text
    assert str(site.home) not in got.text
    assert not list(site.home.glob("first-export*"))


def test_a_file_that_is_too_large_is_not_read(site):
    huge = {"Content-Length": str(uploads.MOST_BYTES + 1), "Content-Type": "multipart/form-data"}
    got = site.post("/welcome/watchlist", headers=huge, data=iter([]))
    assert got.status_code == 413
    assert "larger than 64 MiB" in got.text


def test_a_step_without_an_answer_says_so(site):
    got = answer(site, "watchlist", username="")
    assert got.status_code == 422
    assert "Name a watchlist, a list or a file" in words(got)


def test_folders_are_made_tried_and_drawn(site, tmp_path):
    films, loads = tmp_path / "new" / "films", tmp_path / "new" / "loads"
    got = answer(site, "folders", library_directory=str(films), download_directory=str(loads),
                 make="yes")  # fmt: skip
    told = words(got)
    assert got.status_code == 200, told
    assert f"Library: {films} can be written" in told
    assert "GiB free" in told
    assert "a film takes its room once in downloads and library together" in told
    assert f"{films}/Title (Year)/Title (Year).mkv" in page_of(got).find("pre").text
    assert written(site)["library_directory"] == str(films)
    assert not any(films.iterdir())


def test_a_folder_that_is_not_there_says_what_to_do(site, tmp_path):
    before = written(site)
    got = answer(site, "folders", library_directory=str(tmp_path / "no"),
                 download_directory=str(tmp_path / "downloads"))  # fmt: skip
    assert got.status_code == 422
    assert f"there is no folder {tmp_path}/no. Make it, give this program the right" in words(got)
    assert written(site) == before


def test_folders_that_cannot_be_are_told_at_their_fields(site, tmp_path):
    same = str(tmp_path / "library")
    got = answer(site, "folders", library_directory="films", download_directory=same)
    assert "whole path" in page_of(got).find(id="e-library_directory").text
    got = answer(site, "folders", library_directory=same, download_directory=same)
    assert "different folders" in page_of(got).find(id="e-download_directory").text


def test_a_hard_link_that_leads_nowhere_can_be_lived_with(site, tmp_path, other_disk):
    folders = {"library_directory": str(tmp_path / "library"),
               "download_directory": str(other_disk)}  # fmt: skip
    got = answer(site, "folders", **folders)
    assert got.status_code == 422
    assert "no hard link leads from" in words(got)
    assert answer(site, "folders", **folders, anyway="yes").status_code == 303
    assert written(site)["download_directory"] == str(other_disk)


def test_the_built_in_client_is_tried_and_kept(site):
    got = answer(site, "client", torrent_client="libtorrent")
    assert "libtorrent: built in" in words(got)
    assert written(site)["torrent_client"] == "libtorrent"


def test_qbittorrent_that_does_not_answer_is_told_and_its_password_is_not_sent_back(site):
    there = f"http://127.0.0.1:{free_port()}"
    form = {"torrent_client": "qbittorrent", "qbittorrent__url": there,
            "qbittorrent__username": "me", "secret": "hunter22hunter22"}  # fmt: skip
    got = answer(site, "client", **form)
    assert got.status_code == 422
    assert "could not be reached" in words(got)
    assert "Type it again" in words(got)
    assert "hunter22hunter22" not in got.text
    assert "torrent_client" not in written(site)
    assert answer(site, "client", **form, anyway="yes").status_code == 303
    assert written(site)["qbittorrent"] == {"url": there, "username": "me", "path_map": {}}
    assert site.running.credentials.get("qbittorrent.password") == "hunter22hunter22"


def test_indexers_are_tried_with_their_logins(site, tracker):
    form = {"filelist__enabled": "yes", "filelist__username": "carol"}
    got = answer(site, "indexers", **form, filelist__passkey="wrong" * 6)
    assert got.status_code == 422
    assert "See that its address and login are right" in words(got)
    assert site.running.credentials.get("filelist.passkey") is None
    got = answer(site, "indexers", **form, filelist__passkey=tracker.passkey)
    assert got.status_code == 200, words(got)
    assert "One is stored already; empty keeps it." in words(got)
    assert site.running.credentials.get("filelist.passkey") == tracker.passkey
    assert written(site)["filelist"]["username"] == "carol"
    assert written(site)["archive_org"] == {"enabled": False}
    assert tracker.passkey not in got.text


def test_a_torznab_indexer_is_told_of_at_its_fields(site, tracker):
    got = answer(site, "indexers", torznab="yes", torznab__name="nas", torznab__url="nas:9696")
    assert "http://" in page_of(got).find(id="e-torznab--url").text
    got = answer(site, "indexers", torznab="yes", torznab__name="my nas", torznab__url="http://a")
    assert "letters and digits" in page_of(got).find(id="e-torznab--name").text
    there = f"{tracker.url}/nothing"
    got = answer(site, "indexers", torznab="yes", torznab__name="nas", torznab__url=there,
                 torznab__key="fedcba98", anyway="yes")  # fmt: skip
    assert got.status_code == 303, words(got)
    assert written(site)["torznab"] == {"nas": {"url": there, "enabled": True}}
    assert site.running.credentials.get("torznab.nas.api_key") == "fedcba98"


def test_the_example_says_what_would_be_taken_and_takes_nothing(site, tracker):
    answer(site, "watchlist", username="alice")
    answer(site, "indexers", filelist__enabled="yes", filelist__username="carol",
           filelist__passkey=tracker.passkey)  # fmt: skip
    told = words(site.post("/welcome/example"))
    assert "Charade (1963)" in told
    assert "would be taken Charade.1963.1080p.BluRay.x264-GRP 5.4 GB from filelist" in told
    assert "2 found, 1 accepted" in told
    assert sum(site.queue.get_statistics().values()) == 0
    assert tracker.requests["download"] == 0
    part = site.post("/welcome/example", headers={"HX-Request": "true"}).text
    assert "<html" not in part


def test_the_example_says_why_nothing_would_be_taken(site):
    assert "No film is wanted yet" in words(site.post("/welcome/example"))
    answer(site, "watchlist", file=("watchlist.csv", EXPORT))
    told = words(site.post("/welcome/example"))
    assert "Detour (1945) would wait No indexer is set up with its login" in told


def test_one_can_leave_and_go_on_where_one_was(site):
    assert page_of(site.get("/welcome")).find("a", class_="primary")["href"] == "/welcome/watchlist"
    answer(site, "watchlist", username="alice")
    page = page_of(site.get("/welcome"))
    assert page.find("a", class_="primary")["href"] == "/welcome/client"
    assert "done:Watchlist" in " ".join(page.find("ol", class_="steps").text.split())
    for step in ("watchlist", "folders", "client", "indexers", "finish"):
        got = site.get(f"/welcome/{step}")
        assert got.status_code == 200
        assert len(got.content) < 100_000
    assert site.get("/welcome/other").status_code == 404


def test_settings_that_cannot_work_are_told_at_the_end(site):
    config = written(site) | {"username": "no name"}
    (site.home / "config.json").write_text(json.dumps(config))
    got = site.post("/welcome/begin")
    assert got.status_code == 422
    assert '"no name" is no Letterboxd name' in words(got)
    assert site.running.loaded.config.username == ""
