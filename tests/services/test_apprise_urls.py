import importlib.util

import pytest

from movie_sync.errors import ConfigError, Unavailable
from movie_sync.services.apprise_urls import all_of
from tests import make
from tests.hearer import Hearer

# The library's own, of what it imports.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
INSTALLED = importlib.util.find_spec("apprise") is not None


def test_each_address_is_one_to_be_told():
    assert [one.name for one in all_of("mailto://a@b.c  tgram://1/2")] == ["apprise", "apprise_2"]


@pytest.mark.skipif(INSTALLED, reason="apprise is installed")
def test_without_the_package_it_says_what_to_install():
    [one] = all_of("json://127.0.0.1")
    with pytest.raises(ConfigError, match=r"apprise is not installed; run pip install"):
        one.send(make.notice())


@pytest.mark.slow
@pytest.mark.skipif(not INSTALLED, reason="the package apprise is not installed")
def test_a_notice_goes_where_the_address_says():
    with Hearer() as hearer:
        [one] = all_of(hearer.url.replace("http://", "json://"))
        one.send(make.notice(link="http://nas/"))
        [told] = hearer.told
        assert told["title"] == "Film 1 (1999) is in the library"
        assert told["message"].endswith("-GRP\nhttp://nas/")
        hearer.reply = lambda heard: (500, {})
        with pytest.raises(Unavailable):
            one.send(make.notice())


@pytest.mark.slow
@pytest.mark.skipif(not INSTALLED, reason="the package apprise is not installed")
def test_what_is_no_address_of_its_is_told():
    [one] = all_of("nonsense")
    with pytest.raises(ConfigError, match="an address is none of Apprise's"):
        one.check()
