import pytest

from movie_sync.errors import BadAnswer, ConfigError, NotAuthorised
from movie_sync.http import Http
from movie_sync.services.ntfy import Ntfy, cut, parted
from tests import make
from tests.hearer import Hearer


def reply(heard):
    if heard.path == "/v1/health":
        return 200, {"healthy": True}
    return 200, {"id": "sPs71M8A2T", "event": "message"}


@pytest.fixture
def hearer():
    with Hearer(reply) as server:
        yield server


@pytest.fixture
def ntfy(hearer):
    http = Http("ntfy", hearer.url, headers={"Authorization": "Bearer tk_1"}, gap_s=0)
    yield Ntfy(http, "my_topic")
    http.close()


def test_a_notice_is_published_to_its_topic(ntfy, hearer):
    ntfy.send(make.notice())
    ntfy.send(make.notice(event="given_up", urgent=True, link="http://nas/films/1"))
    quiet, urgent = hearer.told
    assert (quiet["topic"], quiet["title"]) == ("my_topic", "Film 1 (1999) is in the library")
    assert quiet["message"] == "Film.1.1999.1080p.BluRay.x264-GRP"
    assert (quiet["priority"], quiet["tags"], quiet.get("click")) == (3, ["clapper"], None)
    assert (urgent["priority"], urgent["tags"]) == (4, ["warning"])
    assert urgent["click"] == "http://nas/films/1"
    assert quiet["sequence_id"] == urgent["sequence_id"]  # they have one id here
    assert {heard.headers["authorization"] for heard in hearer.heard} == {"Bearer tk_1"}


def test_its_health_is_asked_without_sending_anything(ntfy, hearer):
    assert ntfy.check() == "it is well"
    assert hearer.told == []


def test_a_protected_topic_needs_a_token(ntfy, hearer):
    hearer.reply = lambda heard: (403, {"code": 40301})
    with pytest.raises(NotAuthorised):
        ntfy.send(make.notice())


def test_another_program_at_its_address_is_noticed(ntfy, hearer):
    hearer.reply = lambda heard: (200, {"hello": "world"})
    with pytest.raises(BadAnswer, match="is this address ntfy's"):
        ntfy.send(make.notice())
    with pytest.raises(BadAnswer, match="is this address ntfy's"):
        ntfy.check()


def test_an_address_is_parted_into_server_and_topic():
    assert parted("https://ntfy.sh/my_topic/") == ("https://ntfy.sh", "my_topic")


@pytest.mark.parametrize(
    "address", ["my_topic", "https://ntfy.sh", "https://ntfy.sh/a/b", "http://["]
)
def test_what_is_no_address_of_a_topic_is_told(address):
    with pytest.raises(ConfigError, match=r"notify\.ntfy must be the address of a topic"):
        parted(address)


def test_a_long_text_is_cut_between_characters():
    assert cut("ä" * 10, 20) == "ä" * 10
    assert cut("ä" * 11, 20) == "ä" * 8 + "…"
