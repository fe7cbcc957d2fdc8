import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from movie_sync import releases, torrents
from movie_sync.demo.archive_site import GONE, JSON, PUBLIC_DOMAIN, ArchiveSite
from movie_sync.demo.server import Reply
from movie_sync.errors import BadAnswer, Blocked, NotFound, Refused, Unavailable
from movie_sync.http import USER_AGENT, Http, Pacer
from movie_sync.models import Release
from movie_sync.services import archive_org
from movie_sync.services.archive_org import ArchiveOrg
from tests import make

CLIP = "the_lantern.mpeg"
CLIP_BYTES = 60_000
CLOSED = "is closed to this address, though it needs no login"
VIDEOS = (CLIP, "the_lantern.mp4", "the_lantern.ogv")
BY_NC = "https://creativecommons.org/licenses/by-nc/4.0/"
CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"


@pytest.fixture
def site(tmp_path):
    (tmp_path / CLIP).write_bytes(bytes(range(250)) * (CLIP_BYTES // 250))
    with ArchiveSite(tmp_path / "items") as running:
        yield running


@pytest.fixture
def archive(site):
    pacer = Pacer(lambda seconds: None)
    http = Http("archive_org", site.url, pacer=pacer, tries=1)
    yield ArchiveOrg(http)
    http.close()


def lantern(**changes):
    facts = {"title": "The Lantern", "year": 1931, "runtime_min": 70}
    return make.film(**(facts | changes))


def add(site, identifier="the-lantern", *, files=None, **metadata) -> Path:
    """An item with the film, whose files are as given beside what is usual."""
    clip = {CLIP: {"width": "640", "height": "480", "length": "4200.5"}}
    item = site.add(identifier, site.folder.parent / CLIP, **metadata)
    site.publish(identifier, clip | (files or {}), **metadata)
    return item


def usual(**changes):
    return {"title": "The Lantern", "year": "1931", "collection": ["feature_films"]} | changes


def names(found):
    return [release.name for release in found]


def listed(release_id="the-lantern"):
    return make.release(indexer="archive_org", id=release_id)


def answers(value) -> Reply:
    return Reply(200, json.dumps(value).encode(), JSON)


def test_a_film_is_found_with_the_size_and_picture_of_its_file(site, archive):
    add(site, **usual())
    assert archive.search(lantern()) == [
        Release(
            indexer="archive_org",
            id="the-lantern",
            name="The Lantern (1931) 480p",
            size_bytes=CLIP_BYTES,
            seeders=1,
            freeleech=True,
            uploaded_at=datetime(2004, 9, 8, 12, tzinfo=UTC),
        )
    ]
    assert site.requests == {"search": 1, "metadata": 1}


def test_names_read_back_as_what_they_say(site, archive):
    add(site, **usual())
    name = releases.read(archive.search(lantern())[0].name)
    assert (name.titles, name.year, name.resolution) == (("The Lantern",), 1931, 480)
    assert (name.kind, name.group, name.source, name.edition) == (
        releases.Kind.FILM,
        None,
        None,
        None,
    )


def test_every_title_is_asked_for_and_signs_in_it_mean_nothing(site, archive):
    film = lantern(original_title='Die "Laterne"', also_called=("AC\\DC: a (b) [c] *",), year=None)
    assert archive.search(film) == []
    asked = site.asked[0]
    assert asked["q"].startswith("mediatype:movies AND (licenseurl:*publicdomain* OR collection:(")
    assert asked["q"].endswith(
        r'AND (title:"The Lantern" OR title:"AC\\DC: a (b) [c] *" OR title:"Die \"Laterne\"")'
    )
    assert (asked["rows"], asked["page"], asked["output"]) == ("50", "1", "json")
    assert asked["sort[]"] == "downloads desc"


def test_the_year_may_be_said_by_the_item_or_its_title_or_not_at_all(site, archive):
    archive.search(lantern())
    assert site.asked[0]["q"].endswith(
        "AND (year:[1930 TO 1932] OR title:(1930 OR 1931 OR 1932) OR (*:* AND NOT year:*))"
    )


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ({"year": 1931}, "The Lantern (1931) 480p"),
        ({"year": ["1931"]}, "The Lantern (1931) 480p"),
        ({"year": None, "date": "1931-05-02T00:00:00Z"}, "The Lantern (1931) 480p"),
        ({"title": ["The Lantern", "A film"]}, "The Lantern (1931) 480p"),
        ({"title": " The  <b>Lantern</b> "}, "The Lantern (1931) 480p"),
        ({"title": "The Lantern (1931)", "year": "2009"}, "The Lantern (1931) 480p"),
        ({"title": "The Lantern 1931 HD", "year": None}, "The Lantern (1931) 480p"),
        ({"title": "The Lantern - 1931, 720p restored"}, "The Lantern (1931) 480p"),
    ],
)
def test_title_and_year_are_read_from_what_people_filled_in(site, archive, told, name):
    add(site, **usual(licenseurl=PUBLIC_DOMAIN, **told))
    assert names(archive.search(lantern())) == [name]


def test_a_year_that_belongs_to_the_title_stays_there(site, archive):
    add(site, **usual(title="Gold Rush of 1929", year="1931"))
    film = lantern(title="Gold Rush of 1929", year=1931)
    assert names(archive.search(film)) == ["Gold Rush of 1929 (1931) 480p"]


@pytest.mark.parametrize(
    ("width", "height", "said"),
    [
        ("320", "240", " 480p"),
        ("720", "576", " 576p"),
        ("1280", "534", " 720p"),
        ("1920", "800", " 1080p"),
        ("1440", "1080", " 1080p"),
        ("3840", "1600", " 2160p"),
        (None, "720", " 720p"),
        (None, None, ""),
        ("0", "0", ""),
        ("wide", "high", ""),
    ],
)
def test_the_picture_is_named_as_releases_name_it(site, archive, width, height, said):
    add(site, **usual(), files={CLIP: {"width": width, "height": height}})
    assert names(archive.search(lantern())) == [f"The Lantern (1931){said}"]


@pytest.mark.parametrize(
    ("told", "taken"),
    [
        ({"licenseurl": PUBLIC_DOMAIN, "collection": "opensource_movies"}, True),
        ({"licenseurl": CC0, "collection": []}, True),
        ({"licenseurl": BY_NC, "collection": ["feature_films"]}, True),
        ({"licenseurl": None, "collection": ["SciFi_Horror", "moviesandfilms"]}, True),
        ({"licenseurl": None, "collection": ["opensource_movies"]}, False),
        ({"licenseurl": BY_NC, "collection": ["opensource_movies"]}, False),
        ({"licenseurl": None, "collection": None}, False),
    ],
)
def test_only_what_is_said_to_be_free_is_listed(site, archive, told, taken):
    add(site, **usual(**told))
    assert len(archive.search(lantern())) == taken


@pytest.mark.parametrize(("year", "taken"), [("1988", True), ("1989", False), (None, False)])
def test_a_collection_alone_frees_no_film_that_copyright_needs_no_notice_for(
    site, archive, year, taken
):
    add(site, **usual(licenseurl=None, year=year))
    assert len(archive.search(lantern(year=1988))) == taken


@pytest.mark.parametrize(
    "files",
    [
        {video: {"private": "true"} for video in VIDEOS},
        {video: {"size": "0"} for video in VIDEOS},
        {"the_lantern.mp4": {"source": "original", "length": "1500"}},
    ],
    ids=["kept from visitors", "empty", "two films"],
)
def test_an_item_whose_film_cannot_be_had_or_told_is_left_out(site, archive, files):
    add(site, **usual(), files=files)
    assert archive.search(lantern()) == []


@pytest.mark.parametrize(
    "files",
    [
        {"the_lantern.mp4": {"source": "original", "length": "1:10:00"}},
        {"the_lantern.ogv": {"source": "original", "length": "60", "size": "9000"}},
        {"the_lantern.ogv": {"source": "original", "length": "60", "private": "true"}},
    ],
    ids=["another format", "a short one", "one kept from visitors"],
)
def test_other_videos_beside_the_film_do_no_harm(site, archive, files):
    add(site, **usual(), files=files)
    assert archive.search(lantern())[0].size_bytes == CLIP_BYTES


def test_a_trailer_is_no_film(site, archive):
    item = add(site, **usual())
    for file in item.glob("the_lantern.*"):
        file.rename(file.with_stem("the_lantern_trailer"))
    assert archive.search(lantern()) == []


def test_what_is_lent_only_is_left_out(site, archive):
    add(site, **usual(), **{"access-restricted-item": "true"})
    assert archive.search(lantern()) == []
    assert "NOT access-restricted-item:true" in site.asked[0]["q"]


def test_an_item_that_is_lent_only_since_it_was_found_is_left_out(site, archive):
    add(site, **usual())
    found = answers({"response": {"docs": [{"identifier": "the-lantern"} | usual()]}})
    site.publish("the-lantern", {}, **usual(), **{"access-restricted-item": ["true"]})
    site.trouble["search"] = found
    assert archive.search(lantern()) == []


def test_other_films_are_listed_by_the_search_alone(site, archive):
    add(site, "keeper", **usual(title="The Lantern Keeper"))
    add(site, "remake", **usual(title="The Lantern (1932 remake)", year="1932"))
    add(site, "undated", **usual(year=None))
    found = {release.id: release for release in archive.search(lantern())}
    assert found["keeper"].name == "The Lantern Keeper (1931)"
    assert found["undated"].name == "The Lantern"
    assert found["keeper"].size_bytes > CLIP_BYTES
    assert site.requests["metadata"] == 1


def test_the_most_downloaded_are_looked_into_and_no_more_than_eight(site, archive):
    for number in range(10):
        add(site, f"lantern-{number}", **usual(downloads=number))
    found = archive.search(lantern())
    assert [release.id for release in found] == [f"lantern-{number}" for number in range(9, -1, -1)]
    assert names(found) == ["The Lantern (1931) 480p"] * 8 + ["The Lantern (1931)"] * 2
    assert site.requests["metadata"] == archive_org.MOST_LOOKED_INTO


@pytest.mark.parametrize("gone", [{}, [], {"is_dark": True, "metadata": {}}])
def test_an_item_that_went_since_it_was_found_is_left_out(site, archive, gone):
    add(site, **usual())
    site.trouble["metadata"] = answers(gone)
    assert archive.search(lantern()) == []
    with pytest.raises(NotFound):
        archive.fetch(listed())


def test_the_newest_are_listed_in_one_call(site, archive):
    add(site, "older", **usual(publicdate="2026-01-01T00:00:00Z"))
    add(site, "newer", **usual(title="The Lamp", publicdate="2026-01-05 12:00:00"))
    add(site, "modern", **usual(licenseurl=None, year="2009"))
    newest = archive.latest()
    assert names(newest) == ["The Lamp (1931)", "The Lantern (1931)"]
    assert newest[0].uploaded_at == make.NOON
    assert site.requests == {"search": 1}
    assert site.asked[0]["sort[]"] == "publicdate desc"


def test_checking_says_how_much_there_is(site, archive):
    add(site, **usual())
    assert archive.check() == "answers without a login; items with films to be taken: 1"


def test_it_names_itself(site, archive):
    seen = []
    answer = site.answer
    site.answer = lambda request: seen.append(request.headers["User-Agent"]) or answer(request)
    archive.check()
    assert seen == [USER_AGENT]


def test_a_torrent_comes_with_a_note_that_the_film_and_its_subtitles_are_wanted(site, archive):
    item = add(site, **usual())
    (item / "the_lantern.en.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\nLight!\n")
    site.publish("the-lantern", {}, **usual())
    plain = (item / "the-lantern_archive.torrent").read_bytes()
    got = torrents.read(archive.fetch(listed()))
    wanted = {path for path, _ in got.wanted}
    assert wanted == {f"the-lantern/{CLIP}", "the-lantern/the_lantern.en.srt"}
    assert got.handle == torrents.read(plain).handle
    assert len(got.files) == 7


def test_a_torrent_also_names_the_server_that_has_the_item_now(site, archive):
    item = add(site, **usual())
    torrent = item / "the-lantern_archive.torrent"
    torrent.write_bytes(torrent.read_bytes().replace(b"/27/items/", b"/03/items/"))
    fetched = archive.fetch(listed())
    assert f"{site.url}/27/items/".encode() in fetched
    assert f"{site.url}/03/items/".encode() in fetched
    assert site.requests["download"] == 0


def test_a_torrent_older_than_its_film_is_refused(site, archive):
    item = add(site, **usual())
    (item / CLIP).unlink()
    (item / CLIP).write_bytes(b"restored" * 9000)
    with pytest.raises(Refused) as caught:
        archive.fetch(listed())
    assert caught.value.message == "the torrent of the-lantern is older than its film"


def test_subtitles_newer_than_the_torrent_are_not_waited_for(site, archive):
    item = add(site, **usual())
    (item / "the_lantern.en.srt").write_text("1\n")
    assert len(torrents.read(archive.fetch(listed())).wanted) == 1


def test_all_of_an_item_is_wanted_where_its_film_cannot_be_told(site, archive):
    add(site, **usual(), files={"the_lantern.mp4": {"source": "original", "length": "1500"}})
    assert torrents.read(archive.fetch(listed())).unwanted == frozenset()


@pytest.mark.parametrize(
    ("reply", "error", "message"),
    [
        (GONE, NotFound, "/27/items/the-lantern/the-lantern_archive.torrent is not there"),
        (Reply(403), Refused, "the torrent of the-lantern is kept from visitors"),
        (Reply(200, b"<html>"), BadAnswer, "sent a web page, not a torrent file"),
        (Reply(503), Unavailable, "/27/items/the-lantern/the-lantern_archive.torrent answered 503"),
    ],
)
def test_a_torrent_that_cannot_be_had(site, archive, reply, error, message):
    add(site, **usual())
    site.trouble["file"] = reply
    with pytest.raises(error) as caught:
        archive.fetch(listed())
    assert (type(caught.value), caught.value.message) == (error, message)


@pytest.mark.parametrize("server", ["example.org", "evil127.0.0.1:1", "", "@example.org"])
def test_no_other_site_is_asked_for_a_torrent(site, archive, server):
    site.trouble["metadata"] = answers(
        {"metadata": {}, "files": [], "dir": "/27", "server": server}
    )
    with pytest.raises(BadAnswer) as caught:
        archive.fetch(listed())
    assert "said to lie on another site" in caught.value.message


FAILURES = {
    "complaint": (
        answers({"error": "[DEEP_PAGING] no"}),
        BadAnswer("archive_org", "the search failed there: [DEEP_PAGING] no"),
    ),
    "page": (
        Reply(200, b"<html>"),
        BadAnswer("archive_org", "/advancedsearch.php answered text/html, not JSON"),
    ),
    "ban": (
        Reply(403),
        Blocked("archive_org", "/advancedsearch.php " + CLOSED),
    ),
    "limit": (
        Reply(429, headers={"Retry-After": "30"}),
        Unavailable("archive_org", "asks us to slow down", 30),
    ),
}


@pytest.mark.parametrize("failure", FAILURES)
@pytest.mark.parametrize("ask", ["search", "latest", "check"])
def test_a_search_that_fails_is_an_error(site, archive, ask, failure):
    site.trouble["search"], error = FAILURES[failure]
    with pytest.raises(type(error)) as caught:
        archive.search(lantern()) if ask == "search" else getattr(archive, ask)()
    assert str(caught.value) == str(error)


def test_an_outage_while_items_are_looked_into_is_not_taken_for_fewer_items(site, archive):
    add(site, **usual())
    site.trouble["metadata"] = Reply(503)
    with pytest.raises(Unavailable):
        archive.search(lantern())


def test_the_info_hash_is_that_of_the_archive(site, archive):
    item = add(site, **usual())
    plain = (item / "the-lantern_archive.torrent").read_bytes()
    start = plain.index(b"4:infod") + 6
    length = plain.index(b"8:url-list") - start
    expected = hashlib.sha1(plain[start : start + length], usedforsecurity=False).hexdigest()
    assert torrents.read(archive.fetch(listed())).handle == expected
