import time

import pytest

from movie_sync.demo import clips
from movie_sync.demo.seeder import Seeder, make_torrent
from movie_sync.demo.tracker_site import TrackerSite
from movie_sync.torrents import read


@pytest.fixture
def clip(tmp_path):
    path = tmp_path / "film.avi"
    clips.write(path, "Film 1 (1999)", clips.SMALLEST_BYTES)
    return path


def test_a_film_is_offered_as_a_private_torrent_that_the_tracker_knows(clip):
    with TrackerSite() as tracker, Seeder() as seeder:
        facts = read(seeder.share(clip, tracker.announce_url))
        ports = tracker.swarms.ports(bytes.fromhex(facts.handle))
        assert ports == {seeder.address[1]}
    assert (facts.name, facts.private) == ("film.avi", True)
    assert facts.files == (("film.avi", clips.SMALLEST_BYTES),)


def test_a_folder_is_offered_whole(clip):
    (clip.parent / "film.srt").write_text("subtitles")
    facts = read(make_torrent(clip.parent, "http://127.0.0.1:9/announce", private=False))
    assert (facts.name, facts.private) == (clip.parent.name, False)
    assert {path for path, _ in facts.files} == {
        f"{facts.name}/film.avi",
        f"{facts.name}/film.srt",
    }


def test_the_same_film_makes_the_same_torrent(clip):
    url = "http://127.0.0.1:9/announce"
    assert make_torrent(clip, url) == make_torrent(clip, url)


def test_it_ends_at_once_though_its_tracker_is_slow(clip):
    with TrackerSite() as tracker, Seeder() as seeder:
        seeder.share(clip, tracker.announce_url)
        tracker.slow_s = 60
        began = time.monotonic()
        seeder.close()
        assert time.monotonic() - began < 20
