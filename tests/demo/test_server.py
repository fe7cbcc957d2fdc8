import socket
import threading
from http.client import HTTPConnection, IncompleteRead

import pytest

from movie_sync.demo.server import LoopbackServer, Reply, Request


class Echo(LoopbackServer):
    def __init__(self) -> None:
        super().__init__()
        self.asked_to_wait = threading.Event()

    def answer(self, request: Request) -> Reply:
        if request.path == "/wait":
            self.asked_to_wait.set()
            self.stopping.wait(600)
        if request.path == "/half":
            return Reply(body=b"half", headers={"Content-Length": "8"})
        told = (request.method, request.path, request.query, request.raw_query)
        return Reply(203, repr(told).encode(), headers={"X-Agent": request.headers["uSER-aGENT"]})


def ask(site: LoopbackServer, path: str, method: str = "GET"):
    connection = HTTPConnection("127.0.0.1", site.port, timeout=60)
    try:
        connection.request(method, path, headers={"User-Agent": "test"})
        response = connection.getresponse()
        return response.status, response.headers["X-Agent"], response.read()
    finally:
        connection.close()


def test_a_request_comes_apart_and_a_reply_goes_out_whole():
    with Echo() as site:
        status, agent, body = ask(site, "/a%20b/?x=%ff%00&y=")
    assert (status, agent) == (203, "test")
    assert body.decode() == repr(("GET", "/a b/", {"x": "\ufffd\x00", "y": ""}, "x=%ff%00&y="))


def test_head_is_answered_without_a_body():
    with Echo() as site:
        assert ask(site, "/", "HEAD") == (203, "test", b"")


def test_an_answer_can_break_off():
    with Echo() as site, pytest.raises(IncompleteRead):
        ask(site, "/half")


def test_stopping_ends_every_thread_and_answer(capfd):
    before = threading.active_count()
    with Echo() as site:
        waiting = threading.Thread(target=ask, args=(site, "/wait"))
        waiting.start()
        silent = socket.create_connection(("127.0.0.1", site.port))
        silent.close()
        assert site.asked_to_wait.wait(60)
    waiting.join()
    assert threading.active_count() == before
    assert capfd.readouterr() == ("", "")


def test_started_again_it_has_the_same_address():
    site = Echo()
    with site:
        first = site.url
    with site:
        assert site.url == first
        assert ask(site, "/")[0] == 203
    site.stop()
