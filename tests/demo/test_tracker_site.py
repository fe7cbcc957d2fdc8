import json
from urllib.request import urlopen

import pytest

from movie_sync.demo.announce import Swarms
from movie_sync.demo.tracker_site import TrackerSite
from tests import make

HASH_QUERY = "info_hash=%124Vx%9A%BC%DE%F1%23Eg%89%AB%CD%EF%124Vx%9A"
INFO_HASH = bytes.fromhex("123456789abcdef123456789abcdef123456789a")


@pytest.fixture
def site():
    with TrackerSite("ann", "passkey") as running:
        yield running


def ask(site: TrackerSite, query: str):
    with urlopen(f"{site.url}/api.php?username=ann&passkey=passkey&{query}") as answer:  # noqa: S310
        return json.load(answer)


def announce(swarms: Swarms, port: int, left: int = 0, event: str = "") -> bytes:
    return swarms.announce(f"{HASH_QUERY}&port={port}&left={left}&compact=1&event={event}")


def test_its_rows_are_of_the_form_that_the_real_one_gives(site):
    torrent_id = site.add(
        make.torrent(), name="Film.1.1999", size_bytes=8, seeders=3, imdb_id="tt0000001"
    )
    row = ask(site, "action=latest-torrents&category=4,6&limit=1")[0]
    assert row["category"] == "Filme HD"
    assert row["download_link"] == f"{site.url}/download.php?id={torrent_id}&passkey=passkey"
    with urlopen(row["download_link"]) as answer:  # noqa: S310
        assert answer.read() == make.torrent()


@pytest.mark.parametrize("query", ["tt0000001", "0000001"])
def test_ids_are_found_with_and_without_their_letters(site, query):
    site.add(make.torrent(), name="Film.1.1999", size_bytes=8, seeders=3, imdb_id="tt0000001")
    assert len(ask(site, f"action=search-torrents&type=imdb&query={query}")) == 1
    assert ask(site, "action=search-torrents&type=imdb&query=tt0000002") == []


def test_peers_are_told_of_each_other_and_not_of_themselves():
    swarms = Swarms()
    announce(swarms, 6881)
    answer = announce(swarms, 0x1A2B, left=5)
    assert answer.startswith(b"d8:completei1e10:incompletei1e8:intervali2e")
    assert answer.endswith(b"5:peers6:\x7f\x00\x00\x01\x1a\xe1e")


def test_who_stops_is_forgotten():
    swarms = Swarms()
    announce(swarms, 6881)
    assert swarms.ports(INFO_HASH) == {6881}
    announce(swarms, 6881, event="stopped")
    assert swarms.ports(INFO_HASH) == set()


def test_an_announce_without_a_hash_is_told_so():
    answer = Swarms().announce("info_hash=short&port=6881")
    assert answer == b"d14:failure reason41:info_hash of 20 bytes and port are needede"
