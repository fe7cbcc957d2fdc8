import logging

import pytest

from movie_sync.errors import Refused
from movie_sync.http import Http
from movie_sync.services.webhook import Webhook, signature
from tests import make
from tests.hearer import Hearer

PATH = "/hooks/a-very-secret_path-4711?key=s3cret"


@pytest.fixture
def hearer():
    with Hearer() as server:
        yield server


@pytest.fixture
def webhook(hearer):
    http = Http("webhook", hearer.url, private=True, gap_s=0)
    yield Webhook(http, PATH, "shared")
    http.close()


def test_a_notice_is_posted_whole_and_signed(webhook, hearer):
    webhook.send(make.notice(link="http://nas/films/1"))
    [heard] = hearer.heard
    assert heard.path == PATH
    assert heard.json == {
        "id": "notice:arrived:film:letterboxd:1:2026-01-05T12:00:00+00:00",
        "event": "arrived",
        "title": "Film 1 (1999) is in the library",
        "text": "Film.1.1999.1080p.BluRay.x264-GRP",
        "at": "2026-01-05T12:00:00Z",
        "urgent": False,
        "link": "http://nas/films/1",
        "film": {"title": "Film 1", "year": 1999},
    }
    assert heard.headers["x-movie-sync-event"] == "arrived"
    assert heard.headers["content-type"] == "application/json"
    assert heard.headers["x-movie-sync-signature"] == signature("shared", heard.body)


def test_the_same_notice_can_be_known_by_who_hears_it_twice(webhook, hearer):
    for notice in (make.notice(), make.notice(), make.notice(id="another")):
        webhook.send(notice)
    first, again, other = (heard.headers["idempotency-key"] for heard in hearer.heard)
    assert first == again != other


def test_a_redirect_is_not_followed_and_nothing_tells_the_address(webhook, hearer, caplog):
    caplog.set_level(logging.DEBUG)
    hearer.reply = lambda heard: (307, None)
    with pytest.raises(Refused) as caught:
        webhook.send(make.notice())
    assert str(caught.value) == ("webhook: its address sends us to another address; set that one")
    assert len(hearer.heard) == 1
    assert not [part for part in ("hooks", "4711", "s3cret") if part in caplog.text]
