import pytest

from movie_sync.errors import NotAuthorised, Unavailable
from movie_sync.qbittorrent_connection import Connection
from tests.wire import Server, answer

SHUT = answer(403, b"Forbidden", "text/plain")
IN = answer(200, b"Ok.", "text/plain", Set_Cookie="SID=x")
REFUSED = answer(200, b"Fails.", "text/plain")
APOLOGY = answer(200, b"<html>We are moving house.</html>", "text/html")
WELL = answer(200, b"v4.5.2", "text/plain")


@pytest.fixture
def ask(serve):
    """Ask a server that answers so; again and again over one connection."""

    def start(*answers):
        connection = Connection(serve(*answers).url, "ann", "secret")
        return lambda: connection.ask(lambda client: client.app_version())

    return start


@pytest.fixture
def serve():
    opened = []

    def start(*answers):
        opened.append(Server(*answers).__enter__())
        return opened[-1]

    yield start
    for server in opened:
        server.__exit__()


def test_only_a_refusal_in_its_own_words_is_one(ask):
    call = ask(SHUT, APOLOGY, SHUT, IN, WELL)
    with pytest.raises(Unavailable, match="does not answer a login as qBittorrent does"):
        call()
    assert call() == "v4.5.2"


def test_a_refused_login_is_not_sent_again(ask):
    call = ask(SHUT, REFUSED, SHUT, IN, WELL)
    for _ in range(2):
        with pytest.raises(NotAuthorised, match="refused the login of ann"):
            call()


def test_a_login_that_was_lost_is_made_anew(ask):
    call = ask(SHUT, IN, SHUT, SHUT, IN, WELL)
    with pytest.raises(Unavailable, match="turns our calls away"):
        call()
    assert call() == "v4.5.2"
