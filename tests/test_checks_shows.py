import msgspec
import pytest

from movie_sync import checks, checks_shows, settings
from movie_sync.credentials import Credentials
from movie_sync.demo.sonarr_site import SonarrSite
from movie_sync.demo.tvmaze_site import PAGE, TvMazeSite

pytestmark = pytest.mark.slow

KEY = "k" * 32
KEYS = {"MOVIE_SYNC_SONARR__MAIN__API_KEY": KEY}


@pytest.fixture
def sites():
    with TvMazeSite.of(3) as tvmaze, SonarrSite({}, key=KEY) as sonarr:
        yield tvmaze, sonarr


def asked(home, sites, keys=KEYS, *, sonarr=None, **shows):
    """Each check by its name; the last one of a name, where there are several."""
    tvmaze, there = sites
    drama = {"name": "drama", "genres": ["Drama"]}
    section = {"enabled": True, "base_url": tvmaze.url, "selections": [drama]}
    sections = {"main": {"url": there.url, "quality_profile": "Any"}} if sonarr is None else sonarr
    config = msgspec.convert({"shows": section | shows, "sonarr": sections}, settings.Config)
    found = checks_shows.questions(home, config, Credentials(home, keys))
    return [checks.run(name, ask, fix) for name, ask, fix in found]


def test_each_part_is_asked_and_nothing_is_changed(tmp_path, sites):
    found = asked(tmp_path, sites)
    assert [(one.name, one.ok) for one in found] == [
        ("shows", True), ("shows", True), ("tvmaze", True), ("sonarr.main", True),
    ]  # fmt: skip
    assert found[0].sentence == "1 selection"
    assert {request.method for request in sites[1].asked} == {"GET"}
    assert not (tmp_path / "library.db").exists()


def test_what_a_sonarr_lacks_is_said_with_what_it_has(tmp_path, sites):
    found = asked(
        tmp_path, sites,
        selections=[{"name": "a"}, {"name": "b", "root_folder": "/anime", "quality_profile": "HD"}],
    )  # fmt: skip
    assert not found[-1].ok
    assert "its quality profiles are Any, HD-1080p" in found[-1].sentence


def test_a_sonarr_without_a_key_says_how_to_give_it(tmp_path, sites):
    found = asked(tmp_path, sites, {})
    assert (found[-1].ok, found[-1].sentence) == (False, "sonarr.main: needs its key")
    assert "credentials set sonarr.main.api_key" in found[-1].fix


def test_rules_that_do_not_do_what_they_say_are_not_well(tmp_path, sites):
    found = asked(tmp_path, sites, exclude={"genres": ["Realty"]})
    assert not found[0].ok
    assert "shows.exclude.genres" in found[0].sentence
    found = asked(tmp_path, sites, selections=[{"name": "anime", "sonarr": "second"}])
    assert "anime: there is no such Sonarr" in found[0].sentence


def test_without_a_sonarr_it_says_so(tmp_path, sites):
    found = asked(tmp_path, sites, sonarr={})
    assert (found[-1].name, found[-1].ok) == ("sonarr", False)


def test_a_tvmaze_that_is_none_is_not_well(tmp_path, sites):
    sites[0].trouble = PAGE
    assert not asked(tmp_path, sites)[2].ok


def test_nothing_is_asked_while_shows_are_off(tmp_path, sites):
    assert asked(tmp_path, sites, enabled=False) == []
